/*
 * A version of each function, and the alias that events invoke.
 *
 * A version cannot be updated, so its logical id holds a hash of all that would make another one: the function's code,
 * that of the service's layers that it uses, and the properties of both, with their keys sorted. Properties that
 * belong to the function as a whole do not count, nor does LoggingConfig, which the reference adds too late.
 */
#include <stdlib.h>
#include <string.h>

#include "artifact/artifact.h"
#include "base/hash.h"
#include "base/text.h"
#include "core.h"
#include "emit.h"

struct used_layer {
	const struct layer *layer;
	const char *id, *path;
	const struct value *properties;
};

struct used_layers {
	struct used_layer *items;
	size_t count;
};

/* --- layers that the service makes ----------------------------------------------------------------------------- */

enum { SHA1_LENGTH = 40 };

/* A layer that is retained has a hash at the end of its id. */
static const struct layer *layer_of(const struct service *service, const char *id) {
	const struct value *key = map_get(service->layer_ids, id);
	size_t length = strlen(id);

	if (!key && length > SHA1_LENGTH) {
		key = map_get_text(service->layer_ids, id, length - SHA1_LENGTH);
	}
	for (const struct layer *layer = key ? service->layers : NULL; layer; layer = layer->next) {
		if (strcmp(layer->key, key->text) == 0) {
			return layer;
		}
	}
	return NULL;
}

static const char *path_of(struct arena *a, const struct layer *layer) {
	return layer->given_artifact ? layer->given_artifact->text : arena_printf(a, "/%s.zip", layer->key);
}

static struct used_layers find_layers(const struct service *service, const struct value *properties,
		struct template *t, struct diag *diag) {
	const struct value *list = map_get(properties, "Layers");
	struct used_layers used = { .items = arena_array(t->arena, struct used_layer, list_length(list)) };

	if (list && !is_list(list)) {
		diag_error(diag, "C323", list->mark, "'layers' is a %s, expected a list", value_kind_name(list));
	}
	for (size_t i = 0; i < list_length(list); i++) {
		const struct value *item = list->items[i], *ref = map_get(item, "Ref");
		const struct value *resource = is_string(ref) ? map_get(t->resources, ref->text) : NULL;
		const struct layer *layer = resource ? layer_of(service, ref->text) : NULL;
		if (layer) {
			used.items[used.count++] = (struct used_layer){ layer, ref->text, path_of(t->arena, layer),
				map_get(resource, "Properties") };
		} else if (resource) {
			diag_error(diag, "C323", ref->mark, "'%s' is no layer", ref->text);
		} else if (is_null(item)) {
			diag_error(diag, "C323", item->mark, "a layer is null, expected an ARN");
		}
	}
	return used;
}

static int by_path(const void *a, const void *b) {
	return strcmp(((const struct used_layer *)a)->path, ((const struct used_layer *)b)->path);
}

static struct value *without_key(struct arena *a, const struct value *properties) {
	struct value *copy = value_shallow_copy(a, properties);
	struct value *content = value_shallow_copy(a, map_get(properties, "Content"));

	map_remove(content, "S3Key");
	map_set(a, copy, "Content", content);
	return copy;
}

static struct value *describe_layers(struct arena *a, const struct used_layers *used) {
	struct value *list = value_list(a);

	for (size_t i = 0; i < used->count; i++) {
		list_add(a, list, MAP(a,
			{ "name", value_string(a, used->items[i].layer->key) },
			{ "ref", value_string(a, used->items[i].id) },
			{ "properties", without_key(a, used->items[i].properties) },
		));
	}
	return list;
}

/* --- the hash -------------------------------------------------------------------------------------------------- */

static bool is_key(const struct entry *e, const char *key, size_t length) {
	return e->key_length == length && memcmp(e->key, key, length) == 0;
}

#define IS_KEY(entry, literal) is_key((entry), (literal), sizeof(literal) - 1)

static bool counts(const struct function *f, const struct entry *e) {
	if (IS_KEY(e, "Code")) {
		return f->image != NULL;
	}
	return !IS_KEY(e, "ReservedConcurrentExecutions") && !IS_KEY(e, "Tags") && !IS_KEY(e, "LoggingConfig");
}

static void add_properties(struct text *hashed, const struct function *f, const struct value *properties,
		struct value *layers, struct arena *a) {
	struct value *counted = value_map(a);

	for (const struct entry *e = map_first(properties); e; e = map_next(properties, e)) {
		if (counts(f, e)) {
			map_set_entry(a, counted, e->key, e->key_length, e->mark, e->value);
		}
	}
	map_set(a, counted, "layerConfigurations", layers);
	emit_json_sorted(hashed, a, counted);
}

/* What the reference names a version after: an image's, and that of a zip which the configuration names. */
static const char *exact_hash(const struct service *service, const struct function *f, const char *code,
		const struct value *properties, struct template *t, struct diag *diag) {
	struct arena *a = t->arena;
	struct used_layers used = find_layers(service, properties, t, diag);
	struct value *layers = describe_layers(a, &used);
	struct text hashed = { 0 };

	if (!f->image) {
		text_puts(&hashed, code);
	}
	if (used.count) {
		qsort(used.items, used.count, sizeof(*used.items), by_path);
	}
	for (size_t i = 0; i < used.count; i++) {
		text_puts(&hashed, artifact_of_layer(service, used.items[i].layer, diag)->digest);
	}
	add_properties(&hashed, f, properties, layers, a);
	const char *hash = sha256_base64(a, hashed.bytes, hashed.length);
	text_free(&hashed);
	return hash;
}

static void add_layers(struct text *hashed, const struct service *service, const struct value *properties,
		struct template *t, struct diag *diag) {
	struct used_layers used = find_layers(service, properties, t, diag);

	for (size_t i = 0; i < used.count; i++) {
		text_puts(hashed, artifact_of_layer(service, used.items[i].layer, diag)->digest);
		emit_json_sorted(hashed, t->arena, without_key(t->arena, used.items[i].properties));
	}
}

/* For a zip that slsws stands in for, the reference's hash could only be had with the same bytes in the zip. So this need
   only be another whenever one of the parts is, whatever the order of keys, and a quicker digest of less text does. */
static const char *quick_hash(struct work *work, const struct function *f, const char *code,
		const struct value *properties) {
	const struct filled *filled = filled_of(properties);
	const struct value *form = form_of(properties);
	struct text *hashed = &work->hashed;
	struct template *t = work->t;

	hashed->length = 0;
	text_puts(hashed, code);
	for (const struct entry *e = map_first(form); e; e = map_next(form, e)) {
		const struct value *v = form_value(filled, e);
		if (v && counts(f, e)) {
			text_add(hashed, e->key, e->key_length + 1);
			emit_json_sorted(hashed, t->arena, v);
		}
	}
	if (form_get(properties, "Layers")) {
		add_layers(hashed, work->service, properties, t, work->diag);
	}
	return xxh128_hex(t->arena, hashed->bytes, hashed->length);
}

static const char *version_hash(struct work *work, const struct function *f, const char *code) {
	const struct value *properties = form_get(map_get(work->t->resources, f->id), "Properties");

	return f->image || f->given_artifact ? exact_hash(work->service, f, code, properties, work->t, work->diag) :
		quick_hash(work, f, code, properties);
}

/* --- the resources --------------------------------------------------------------------------------------------- */

static void add_alias(const struct function *f, const char *version, struct template *t) {
	struct arena *a = t->arena;

	template_put(t, f->alias_id, MAP(a,
		{ "Type", TEXT("AWS::Lambda::Alias") },
		{ "Properties", MAP(a,
			{ "FunctionName", fn_ref(a, f->id) },
			{ "FunctionVersion", fn_get_att(a, version, "Version") },
			{ "Name", value_string(a, f->alias) },
			{ "ProvisionedConcurrencyConfig", !f->provisioned_concurrency ? NULL :
				MAP(a, { "ProvisionedConcurrentExecutions", given(f->provisioned_concurrency) }) },
		) },
		{ "DependsOn", value_string(a, f->id) },
		{ "Condition", given(f->condition) },
	));
}

enum { RETAINED, FUNCTION_ID, CODE, DESCRIPTION, CONDITION };

struct form *version_form(struct arena *a) {
	return form_create(a, MAP(a,
		{ "Type", TEXT("AWS::Lambda::Version") },
		{ "DeletionPolicy", BLANK(RETAINED) },
		{ "Properties", MAP(a,
			{ "FunctionName", MAP(a, { "Ref", BLANK(FUNCTION_ID) }) },
			{ "CodeSha256", BLANK(CODE) },
			{ "Description", BLANK(DESCRIPTION) },
		) },
		{ "Condition", BLANK(CONDITION) },
	));
}

enum { VERSION_ID, VERSION_CONDITION, EXPORT_NAME };

/* There are many of it, so it has its Export already. */
struct form *version_output_form(struct arena *a) {
	return form_create(a, MAP(a,
		{ "Description", TEXT("Current Lambda function version") },
		{ "Value", MAP(a, { "Ref", BLANK(VERSION_ID) }) },
		{ "Condition", BLANK(VERSION_CONDITION) },
		{ "Export", MAP(a, { "Name", BLANK(EXPORT_NAME) }) },
	));
}

void compile_version(struct work *work, const struct function *f) {
	const struct service *service = work->service;
	struct template *t = work->t;
	struct diag *diag = work->diag;
	struct arena *a = t->arena;

	if (!f->versioned) {
		return;
	}
	const char *code = f->image ? f->image->sha256 : artifact_of_function(service, f, diag)->digest;
	const char *id = name_version(a, f->key, version_hash(work, f, code)), *output = name_version_output(a, f->key);
	template_put(t, id, FILL(work->version,
		[RETAINED] = f->retained ? TEXT("Retain") : NULL,
		[FUNCTION_ID] = value_string(a, f->id),
		[CODE] = value_string(a, code),
		[DESCRIPTION] = given(f->description),
		[CONDITION] = given(f->condition),
	));
	template_output(t, output, FILL(work->version_output,
		[VERSION_ID] = value_string(a, id),
		[VERSION_CONDITION] = given(f->condition),
		[EXPORT_NAME] = output_export_name(service, output, a),
	));
	if (f->alias) {
		add_alias(f, id, t);
	}
}
