#include "print.h"

#include <string.h>

#include "compile.h"
#include "emit.h"
#include "read_project.h"
#include "schema.h"

/* --- what the reference adds ------------------------------------------------------------------------------------ */

static const struct value *stage_of(const struct options *options, const struct value *config) {
	const struct value *option = map_get(options->opt, "stage");

	return option ? option : map_get(map_get(config, "provider"), "stage");
}

/* A map of its own in the place of one that may be shared. */
static struct value *own_map(struct arena *a, struct value *config, const char *key) {
	struct value *map = map_get_text(config, key, strlen(key));

	if (is_map(map)) {
		map = value_shallow_copy(a, map);
		map_set(a, config, key, map);
	}
	return map;
}

static void complete_provider(struct arena *a, struct value *config, const struct options *options) {
	struct value *provider = own_map(a, config, "provider");
	struct value *region = map_truthy(options->opt, "region");

	region = region ? region : map_truthy(provider, "region");
	if (is_missing(map_get(provider, "stage"))) {
		map_set(a, provider, "stage", value_string(a, "dev"));
	}
	map_set(a, provider, "region", region ? region : value_string(a, "us-east-1"));
	if (is_missing(map_get(provider, "versionFunctions"))) {
		map_set(a, provider, "versionFunctions", value_bool(a, true));
	}
}

static void complete_functions(struct arena *a, struct value *config, const struct options *options) {
	struct value *functions = own_map(a, config, "functions");
	const char *service = value_spell(a, map_get(config, "service")), *stage = value_spell(a, stage_of(options, config));

	for (const struct entry *e = map_first(functions); e; e = map_next(functions, e)) {
		struct value *function = is_map(e->value) ? own_map(a, functions, e->key) : NULL;
		if (function && !map_truthy(function, "events")) {
			map_set(a, function, "events", value_list(a));
		}
		if (function && !map_truthy(function, "name")) {
			map_set(a, function, "name", value_printf(a, "%s-%s-%s", service ? service : "", stage ? stage : "dev", e->key));
		}
	}
}

static void complete_package(struct arena *a, struct value *config, const struct options *options) {
	struct value *package = own_map(a, config, "package");
	const char *prefix = value_spell(a, map_get(map_get(config, "provider"), "deploymentPrefix"));
	const char *service = value_spell(a, map_get(config, "service")), *stage = value_spell(a, stage_of(options, config));

	if (is_map(package)) {
		map_set(a, package, "artifactsS3KeyDirname", value_printf(a, "%s/%s/%s/code-artifacts",
			prefix ? prefix : "serverless", service ? service : "", stage ? stage : "dev"));
	}
}

/* A bucket with settings becomes its name, and the settings are beside it. */
static void complete_bucket(struct arena *a, struct value *config) {
	struct value *provider = map_get(config, "provider"), *bucket = map_get(provider, "deploymentBucket");

	if (is_map(bucket)) {
		struct value *name = map_truthy(bucket, "name");
		map_set(a, provider, "deploymentBucketObject", bucket);
		map_set(a, provider, "deploymentBucket", name ? name : value_null(a));
	}
}

struct value *print_config(struct arena *a, const struct options *options, const struct slsws_host *host,
		struct diag *diag) {
	struct value *config = resolve_config(a, read_project(a, options, host, diag), options, host, diag);
	bool without_functions = is_null(map_get(config, "functions"));

	config = service_prepare(a, config, options, diag);
	if (!config) {
		return NULL;
	}
	if (without_functions) {
		map_set(a, config, "functions", value_null(a));
	}
	complete_provider(a, config, options);
	complete_functions(a, config, options);
	schema_check(a, config, diag);
	complete_package(a, config, options);
	complete_bucket(a, config);
	return diag->errors ? NULL : config;
}

/* --- a part of it ------------------------------------------------------------------------------------------------ */

static bool is_surrogate_pair(const char *p) {
	return (unsigned char)*p >= 0xf0;
}

/* A text's length as JavaScript counts it. */
static double text_units(const struct value *v) {
	double count = 0;

	for (uint32_t i = 0; i < v->length; i++) {
		count += ((unsigned char)v->text[i] & 0xc0) != 0x80 ? 1 + is_surrogate_pair(v->text + i) : 0;
	}
	return count;
}

/* A character of a text; NULL for half of one that is two to JavaScript. */
static struct value *text_item(struct arena *a, const struct value *v, uint32_t index) {
	uint32_t code, unit = 0;

	for (uint32_t i = 0; i < v->length && unit <= index;) {
		size_t bytes = utf8_decode(v->text + i, v->length - i, &code);
		bytes = bytes ? bytes : 1;
		if (unit == index && code < 0x10000) {
			return value_text(a, arena_copy(a, v->text + i, bytes), bytes);
		}
		unit += 1 + (code >= 0x10000);
		i += (uint32_t)bytes;
	}
	return NULL;
}

/* What a step leads to: lists and texts have their indexes and a length. */
static struct value *step(struct arena *a, const struct value *v, const char *name, size_t length) {
	uint32_t index;

	if (is_map(v)) {
		return map_get_text(v, name, length);
	}
	if (!is_list(v) && !is_string(v)) {
		return NULL;
	}
	if (length == strlen("length") && memcmp(name, "length", length) == 0) {
		return value_number(a, is_list(v) ? (double)v->length : text_units(v));
	}
	if (!key_is_index(name, length, &index)) {
		return NULL;
	}
	return is_list(v) ? list_get(v, index) : text_item(a, v, index);
}

static const struct value *find(struct arena *a, const struct value *v, const char *path, struct diag *diag) {
	const char *name = path;

	for (;;) {
		size_t length = strcspn(name, ".");
		const struct value *next = step(a, v, name, length);
		if (!next) {
			diag_error(diag, "U056", (struct mark){ 0 }, "there is no '%.*s' in %s", (int)length, name,
				name == path ? "the configuration" : arena_printf(a, "'%.*s'", (int)(name - path - 1), path));
			return NULL;
		}
		v = next;
		if (!name[length]) {
			return v;
		}
		name += length + 1;
	}
}

static const struct value *keys(struct arena *a, const struct value *v, struct diag *diag) {
	struct value *list = value_list(a);
	uint32_t count = is_list(v) ? v->length : is_string(v) ? (uint32_t)text_units(v) : 0;

	if (is_null(v)) {
		diag_error(diag, "U057", v->mark, "null has no keys");
		return NULL;
	}
	for (uint32_t i = 0; i < count; i++) {
		list_add(a, list, value_printf(a, "%u", (unsigned)i));
	}
	for (const struct entry *e = map_first(v); e; e = map_next(v, e)) {
		list_add(a, list, value_text(a, e->key, e->key_length));
	}
	return list;
}

/* --- as text ------------------------------------------------------------------------------------------------------ */

static void join(struct text *out, struct arena *a, const struct value *v, char between);

/* As JavaScript's join() spells an item. */
static void add_item(struct text *out, struct arena *a, const struct value *v) {
	if (is_list(v)) {
		join(out, a, v, ',');
	} else if (is_map(v)) {
		text_puts(out, "[object Object]");
	} else if (is_string(v)) {
		text_add(out, v->text, v->length);
	} else if (!is_null(v)) {
		text_puts(out, value_spell(a, v));
	}
}

static void join(struct text *out, struct arena *a, const struct value *v, char between) {
	for (uint32_t i = 0; i < v->length; i++) {
		if (i) {
			text_putc(out, between);
		}
		add_item(out, a, v->items[i]);
	}
}

static void write_text(struct text *out, struct arena *a, const struct value *v, struct diag *diag) {
	if (is_map(v)) {
		diag_error(diag, "U057", v->mark, "a map cannot be printed as text, expected a list or a value");
	} else if (is_list(v)) {
		join(out, a, v, '\n');
	} else if (is_null(v)) {
		text_puts(out, "null");
	} else {
		add_item(out, a, v);
	}
}

void print_write(struct text *out, struct arena *a, const struct value *config, const struct slsws_print_style *style,
		struct diag *diag) {
	const struct value *v = style->path ? find(a, config, style->path, diag) : config;

	v = v && style->keys ? keys(a, v, diag) : v;
	if (!v) {
		return;
	}
	switch (style->format) {
	case SLSWS_TEXT:
		write_text(out, a, v, diag);
		break;
	case SLSWS_JSON:
		emit_json(out, v, 2);
		break;
	case SLSWS_YAML:
	case SLSWS_MARKDOWN:
		emit_yaml(out, a, v);
		break;
	}
	text_putc(out, '\n');
}
