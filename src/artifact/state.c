#include "artifact/state.h"

#include <stdint.h>
#include <string.h>

#include "base/names.h"
#include "base/text.h"
#include "emit.h"

/* --- what is there once --------------------------------------------------------------------------------------- */

/* The maps and lists of the configuration, each with the path under which it was met first. */
struct seen {
	const struct value *value;
	const char *path;
};

struct walk {
	struct arena *arena;
	struct seen *seen;		/* open addressing by address */
	size_t size;			/* a power of two */
};

static bool is_branch(const struct value *v) {
	return is_map(v) || is_list(v);
}

static struct seen *slot_of(const struct walk *w, const struct value *v) {
	uint64_t hash = (uint64_t)(uintptr_t)v * UINT64_C(0x9e3779b97f4a7c15);
	size_t i = (size_t)(hash >> 32) & (w->size - 1);

	while (w->seen[i].value && w->seen[i].value != v) {
		i = (i + 1) & (w->size - 1);
	}
	return &w->seen[i];
}

static size_t count_branches(const struct value *v) {
	size_t count = is_branch(v);

	for (const struct entry *e = map_first(v); e; e = map_next(v, e)) {
		count += count_branches(e->value);
	}
	for (size_t i = 0; i < list_length(v); i++) {
		count += count_branches(v->items[i]);
	}
	return count;
}

static void add_branches(struct walk *w, const struct value *v);

static void add_below(struct walk *w, const struct value *v) {
	for (const struct entry *e = map_first(v); e; e = map_next(v, e)) {
		add_branches(w, e->value);
	}
	for (size_t i = 0; i < list_length(v); i++) {
		add_branches(w, v->items[i]);
	}
}

static void add_branches(struct walk *w, const struct value *v) {
	if (is_branch(v)) {
		slot_of(w, v)->value = v;
		add_below(w, v);
	}
}

static bool is_among(const char *const *keys, const char *key) {
	while (*keys && strcmp(*keys, key) != 0) {
		keys++;
	}
	return *keys;
}

/* A map of which some values go into the template as copies: what is in these may be shared all the same. */
static void add_but(struct walk *w, const struct value *map, const char *const *copied, const char *const *skipped) {
	slot_of(w, map)->value = map;
	for (const struct entry *e = map_first(map); e; e = map_next(map, e)) {
		if (is_among(skipped, e->key)) {
			continue;
		}
		if (is_among(copied, e->key)) {
			add_below(w, e->value);
		} else {
			add_branches(w, e->value);
		}
	}
}

static void add_all(struct walk *w, const struct value *initial, const struct value *functions) {
	static const char *const of_provider[] = { "environment", "tags", "layers", NULL };
	static const char *const of_function[] = { "environment", "tags", NULL };
	static const char *const special[] = { "provider", "functions", NULL }, *const none[] = { NULL };
	static const char *const templates[] = { "compiledCloudFormationTemplate", "coreCloudFormationTemplate", NULL };

	add_but(w, initial, none, special);
	add_but(w, map_get(initial, "provider"), of_provider, templates);
	slot_of(w, functions)->value = functions;
	for (const struct entry *e = map_first(functions); e; e = map_next(functions, e)) {
		add_but(w, e->value, of_function, none);
	}
}

/* Where a value stands: the way up to the root. */
struct place {
	const struct place *above;
	const struct entry *entry;	/* of a map; NULL: an item of a list */
	size_t index;
};

static void add_path(struct text *out, struct arena *a, const struct place *place) {
	if (!place) {
		text_putc(out, '$');
		return;
	}
	add_path(out, a, place->above);
	text_putc(out, '[');
	if (place->entry) {
		emit_json(out, value_text(a, place->entry->key, place->entry->key_length), 0);
	} else {
		text_printf(out, "%zu", place->index);
	}
	text_putc(out, ']');
}

static const char *path_of(struct arena *a, const struct place *place) {
	struct text path = { 0 };

	add_path(&path, a, place);
	const char *copy = arena_copy(a, path.bytes, path.length);
	text_free(&path);
	return copy;
}

static struct value *once(struct walk *w, struct value *v, const struct place *place);

static struct value *map_once(struct walk *w, struct value *map, const struct place *above) {
	struct value *copy = NULL;

	for (const struct entry *e = map_first(map); e; e = map_next(map, e)) {
		bool unsafe = strcmp(e->key, "__proto__") == 0;		/* sets JavaScript's prototype, and is not written */
		struct value *item = unsafe ? NULL : once(w, e->value, &(struct place){ above, e, 0 });
		if (item != e->value) {
			copy = copy ? copy : value_shallow_copy(w->arena, map);
			if (unsafe) {
				map_remove(copy, e->key);
			} else {
				map_set_entry(w->arena, copy, e->key, e->key_length, e->mark, item);
			}
		}
	}
	return copy ? copy : map;
}

static struct value *list_once(struct walk *w, struct value *list, const struct place *above) {
	struct value *copy = NULL;

	for (size_t i = 0; i < list->length; i++) {
		struct value *item = once(w, list->items[i], &(struct place){ above, NULL, i });
		if (item != list->items[i]) {
			copy = copy ? copy : value_shallow_copy(w->arena, list);
			copy->items[i] = item;
		}
	}
	return copy ? copy : list;
}

/* The value itself, or a copy of it in which what was met before is a reference. */
static struct value *once(struct walk *w, struct value *v, const struct place *place) {
	if (!is_branch(v)) {
		return v;
	}
	struct seen *seen = slot_of(w, v);
	if (seen->path) {
		return MAP(w->arena, { "$ref", value_string(w->arena, seen->path) });
	}
	if (seen->value) {
		seen->path = path_of(w->arena, place);
	}
	return is_map(v) ? map_once(w, v, place) : list_once(w, v, place);
}

/* What the permission of a function and its integration into an HTTP API have in common. */
static void add_http_targets(struct walk *w, const struct service *service, const struct value *template) {
	const struct value *resources = map_get(template, "Resources");

	for (const struct event *e = service->events[EVENT_HTTP_API]; e; e = e->next) {
		const struct value *permission = map_get(resources, name_http_permission(w->arena, e->function->key));
		const struct value *target = map_get(map_get(permission, "Properties"), "FunctionName");
		if (is_branch(target)) {
			slot_of(w, target)->value = target;
		}
	}
}

static struct value *write_once(const struct service *service, struct arena *a, struct value *state,
		const struct value *template, const struct value *initial, const struct value *functions) {
	struct walk w = { .arena = a, .size = 16 };
	size_t count = count_branches(initial) + count_branches(functions) + service->function_count;

	while (w.size < count * 2) {
		w.size *= 2;
	}
	w.seen = arena_array(a, struct seen, w.size);
	add_all(&w, initial, functions);
	add_http_targets(&w, service, template);
	return once(&w, state, NULL);
}

/* --- nulls ---------------------------------------------------------------------------------------------------- */

/* The reference takes nulls away while it checks the configuration, and puts them back at the end of their maps. */
static void put_nulls_last(struct arena *a, struct value *map) {
	struct value *nulls = NULL;

	for (const struct entry *e = map_first(map); e; e = map_next(map, e)) {
		if (is_null(e->value)) {
			nulls = nulls ? nulls : value_map(a);
			map_set_entry(a, nulls, e->key, e->key_length, e->mark, e->value);
		}
	}
	for (const struct entry *e = map_first(nulls); e; e = map_next(nulls, e)) {
		map_remove_text(map, e->key, e->key_length);
		map_set_entry(a, map, e->key, e->key_length, e->mark, e->value);
	}
}

static void put_all_nulls_last(struct arena *a, struct value *v) {
	put_nulls_last(a, v);
	for (const struct entry *e = map_first(v); e; e = map_next(v, e)) {
		put_all_nulls_last(a, e->value);
	}
	for (size_t i = 0; i < list_length(v); i++) {
		put_all_nulls_last(a, v->items[i]);
	}
}

struct value *state_config(struct arena *a, const struct value *config) {
	struct value *copy = value_copy(a, config);

	put_all_nulls_last(a, copy);
	return copy;
}

/* --- what packaging adds -------------------------------------------------------------------------------------- */

struct packaging {
	struct arena *arena;
	const struct service *service;
	const struct value *template;
	const char *root;
};

static struct value *packed(const struct packaging *p, const char *zip) {
	return value_printf(p->arena, "%s/.serverless/%s", p->root, zip);
}

static struct value *copy_or_empty(struct arena *a, const struct value *map) {
	return is_truthy(map) && is_map(map) ? value_shallow_copy(a, map) : value_map(a);
}

static bool takes_vpc(const struct value *function) {
	const struct value *vpc = map_get(function, "vpc");

	return !vpc || (!is_null(vpc) && !(is_bool(vpc) && !vpc->boolean));
}

static bool is_disabled(const struct function *f) {
	return map_truthy(map_get(f->config, "package"), "disable");
}

/* Whether the zip of the whole service is its code. */
static bool needs_service_zip(const struct function *f) {
	return f->artifact && !f->given_artifact && !f->packed_alone && !is_disabled(f);
}

static void add_bucket(struct arena *a, struct value *provider) {
	struct value *bucket = map_truthy(provider, "deploymentBucket");

	if (is_branch(bucket)) {
		struct value *name = map_truthy(bucket, "name");
		map_set(a, provider, "deploymentBucketObject", bucket);
		map_set(a, provider, "deploymentBucket", name ? name : value_null(a));
	}
}

static struct value *provider_state(const struct packaging *p, const struct value *core) {
	struct arena *a = p->arena;
	struct value *provider = value_shallow_copy(a, p->service->provider);

	if (is_missing(map_get(provider, "stage"))) {
		map_set(a, provider, "stage", value_string(a, "dev"));
	}
	map_set(a, provider, "region", value_string(a, p->service->region));
	if (is_missing(map_get(provider, "versionFunctions"))) {
		map_set(a, provider, "versionFunctions", value_bool(a, true));
	}
	put_nulls_last(a, provider);
	add_bucket(a, provider);
	map_set(a, provider, "compiledCloudFormationTemplate", (struct value *)p->template);
	map_set(a, provider, "coreCloudFormationTemplate", (struct value *)core);
	for (const struct function *f = p->service->functions; f; f = f->next) {
		if (takes_vpc(f->config) && !map_truthy(provider, "vpc")) {
			map_set(a, provider, "vpc", value_map(a));
		}
	}
	return provider;
}

static struct value *function_package(const struct packaging *p, const struct function *f) {
	struct arena *a = p->arena;
	struct value *package = copy_or_empty(a, map_get(f->config, "package"));

	if (f->image || !f->packed_alone || is_disabled(f) || map_truthy(package, "artifact")) {
		return package;
	}
	map_set(a, package, "artifact", !f->given_artifact ? packed(p, f->artifact) :
		*f->given_artifact->text == '/' ? value_string(a, f->given_artifact->text) :
		value_printf(a, "%s/%s", p->root, f->given_artifact->text));
	return package;
}

static void add_version(const struct packaging *p, const struct function *f, struct value *function) {
	const struct value *output = map_get(map_get(p->template, "Outputs"), name_version_output(p->arena, f->key));

	if (f->versioned) {
		map_set(p->arena, function, "versionLogicalId", map_get(map_get(output, "Value"), "Ref"));
	}
}

/* Images wait for their digest, and have their alias before their package. */
static void add_package_and_alias(const struct packaging *p, const struct function *f, struct value *function) {
	struct arena *a = p->arena;
	struct value *alias = !f->alias ? NULL : MAP(a,
		{ "name", value_string(a, f->alias) },
		{ "logicalId", value_string(a, f->alias_id) },
	);

	if (f->image) {
		map_set(a, function, "targetAlias", alias);
	}
	map_set(a, function, "package", function_package(p, f));
	map_set(a, function, "targetAlias", alias);
}

/* The reference writes into an event of an HTTP API what its route is; the events of the service are in the same order. */
static void add_http_routes(const struct packaging *p, const struct function *f, struct value *function,
		const struct event **next) {
	struct value *own = map_get(function, "events"), *events = value_list(p->arena);

	if (!*next || (*next)->function != f) {
		return;
	}
	for (size_t i = 0; i < list_length(own); i++) {
		struct value *event = own->items[i];
		if (map_truthy(event, "httpApi") && *next) {
			event = value_shallow_copy(p->arena, event);
			map_set(p->arena, event, "resolvedMethod", map_get((*next)->settings, "method"));
			map_set(p->arena, event, "resolvedPath", map_get((*next)->settings, "path"));
			*next = (*next)->next;
		}
		list_add(p->arena, events, event);
	}
	map_set(p->arena, function, "events", events);
}

static struct value *function_state(const struct packaging *p, const struct function *f, const struct event **next) {
	struct arena *a = p->arena;
	struct value *function = value_shallow_copy(a, f->config);

	if (!map_truthy(function, "events")) {
		map_set(a, function, "events", value_list(a));
	}
	add_http_routes(p, f, function, next);
	if (!map_truthy(function, "name")) {
		map_set(a, function, "name", value_string(a, f->name));
	}
	put_nulls_last(a, function);
	add_package_and_alias(p, f, function);
	map_set(a, function, "memory", (struct value *)f->memory);
	if (!map_truthy(function, "timeout")) {
		map_set(a, function, "timeout", (struct value *)f->timeout);
	}
	if (!f->image) {
		map_set(a, function, "runtime", (struct value *)f->runtime);
	}
	if (takes_vpc(function) && !map_truthy(function, "vpc")) {
		map_set(a, function, "vpc", value_map(a));
	}
	add_version(p, f, function);
	return function;
}

static struct value *functions_state(const struct packaging *p) {
	struct value *functions = value_map(p->arena);
	const struct event *next = p->service->events[EVENT_HTTP_API];

	map_reserve(p->arena, functions, (uint32_t)p->service->function_count);
	for (const struct function *f = p->service->functions; f; f = f->next) {
		map_set(p->arena, functions, f->key, function_state(p, f, &next));
	}
	return functions;
}

static struct value *layers_state(const struct packaging *p) {
	struct arena *a = p->arena;
	struct value *layers = value_map(a);

	for (const struct layer *layer = p->service->layers; layer; layer = layer->next) {
		struct value *copy = value_shallow_copy(a, layer->config);
		if (!layer->given_artifact) {
			map_set(a, copy, "package", MAP(a, { "artifact", packed(p, layer->artifact) }));
		}
		map_set(a, layers, layer->key, copy);
	}
	return layers;
}

/* The reference merges a copy of the resources into the template, and keeps them without their extensions. */
static struct value *resources_state(const struct packaging *p) {
	struct arena *a = p->arena;
	struct value *resources = value_copy(a, map_get(p->service->config, "resources"));

	if (!is_map(resources)) {
		return resources;
	}
	if (!map_truthy(resources, "Resources")) {
		map_set(a, resources, "Resources", value_map(a));
	}
	if (!map_truthy(resources, "Outputs")) {
		map_set(a, resources, "Outputs", value_map(a));
	}
	if (map_truthy(resources, "extensions")) {
		map_remove(resources, "extensions");
	}
	return resources;
}

/* The zip of the whole service, or NULL when no function uses it. */
static struct value *service_zip(const struct packaging *p) {
	for (const struct function *f = p->service->functions; f; f = f->next) {
		if (needs_service_zip(f)) {
			return packed(p, f->artifact);
		}
	}
	return NULL;
}

/* `package` of the configuration; the reference has one of its own, which it does not write, where there is none. */
static struct value *package_state(const struct packaging *p, struct value *zip) {
	const struct service *service = p->service;
	struct arena *a = p->arena;
	const char *slash = strrchr(service->artifact_directory, '/');

	if (!is_truthy(service->package) || !is_map(service->package)) {
		return (struct value *)service->package;
	}
	struct value *package = value_shallow_copy(a, service->package);
	map_set(a, package, "artifactsS3KeyDirname", value_printf(a, "%.*s/code-artifacts",
		(int)(slash - service->artifact_directory), service->artifact_directory));
	map_set(a, package, "deploymentBucket", (struct value *)service->deployment_bucket);
	map_set(a, package, "artifact", zip);
	map_set(a, package, "artifactDirectoryName", value_string(a, service->artifact_directory));
	return package;
}

static void replace(struct arena *a, struct value *map, const char *key, struct value *value) {
	if (map_truthy(map, key)) {
		map_set(a, map, key, value);
	}
}

/* --- the whole ------------------------------------------------------------------------------------------------ */

static struct value *artifact_state(const struct packaging *p, const struct value *zip) {
	const struct value *given = map_truthy(p->service->package, "artifact"), *path = zip ? zip : given;
	const char *slash = is_string(path) ? strrchr(path->text, '/') : NULL;

	return value_string(p->arena, slash ? slash + 1 : is_string(path) ? path->text : "");
}

/* In the order in which the reference's Service gets its properties. */
static struct value *service_state(const struct packaging *p, struct value *initial, struct value *functions,
		struct value *layers, struct value *zip) {
	struct arena *a = p->arena;
	struct value *name = map_get(initial, "service"), *mode = map_truthy(initial, "configValidationMode");

	return MAP(a,
		{ "service", name },
		{ "serviceObject", MAP(a, { "name", name }) },
		{ "provider", map_get(initial, "provider") },
		{ "custom", map_get(initial, "custom") },
		{ "plugins", map_get(initial, "plugins") },
		{ "pluginsData", value_map(a) },
		{ "functions", functions },
		{ "resources", map_get(initial, "resources") },
		{ "configValidationMode", mode ? mode : value_string(a, "error") },
		{ "disabledDeprecations", map_get(initial, "disabledDeprecations") },
		{ "serviceFilename", value_string(a, p->service->options->file) },
		{ "initialServerlessConfig", initial },
		{ "deprecationNotificationMode", map_get(initial, "deprecationNotificationMode") },
		{ "app", map_get(initial, "app") },
		{ "org", map_get(initial, "org") },
		{ "layers", layers },
		{ "outputs", map_get(initial, "outputs") },
		{ "artifact", zip },
	);
}

struct value *state_create(const struct service *service, const struct value *template, const struct value *core,
		const char *root) {
	struct packaging p = { service->arena, service, template, root };
	struct arena *a = service->arena;
	struct value *initial = value_shallow_copy(a, service->config), *zip = service_zip(&p);
	struct value *functions = functions_state(&p), *layers = layers_state(&p);

	replace(a, initial, "provider", provider_state(&p, core));
	replace(a, initial, "functions", functions);
	replace(a, initial, "layers", layers);
	replace(a, initial, "resources", resources_state(&p));
	replace(a, initial, "package", package_state(&p, zip));
	struct value *state = MAP(a,
		{ "service", service_state(&p, initial, functions, layers, zip) },
		{ "package", MAP(a,
			{ "individually", map_get(service->package, "individually") },
			{ "artifactDirectoryName", value_string(a, service->artifact_directory) },
			{ "artifact", artifact_state(&p, zip) },
		) },
	);
	return write_once(service, a, state, p.template, initial, functions);
}
