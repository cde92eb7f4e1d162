#include "service_parts.h"

#include <string.h>

#include "artifact/artifact.h"
#include "base/text.h"
#include "events/events.h"
#include "merge.h"

#define STAGE_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-"

/* --- values as JavaScript sees them -------------------------------------------------------------------------- */

const struct value *js_or(const struct value *first, const struct value *second) {
	return is_truthy(first) ? first : second;
}

const struct value *js_assign(struct arena *a, const struct value *below, const struct value *above) {
	if (!below && !above) {
		return NULL;
	}
	if (!below || !above) {
		return value_entries(a, below ? below : above);
	}
	const struct value *sources[] = { value_entries(a, below), value_entries(a, above) };
	struct value *result = value_map(a);
	for (size_t i = 0; i < 2; i++) {
		for (const struct entry *e = map_first(sources[i]); e; e = map_next(sources[i], e)) {
			map_set_entry(a, result, e->key, e->key_length, e->mark, e->value);
		}
	}
	return result;
}

struct mark mark_of(const struct value *map, const char *key) {
	const struct entry *e = map_find(map, key);

	return e ? e->mark : map ? map->mark : (struct mark){ 0 };
}

/* --- before the schema --------------------------------------------------------------------------------------- */

static bool prepare_name(const struct value *config, struct diag *diag) {
	const struct value *name = map_get(config, "service");

	if (!is_truthy(name)) {
		struct diagnostic *d = diag_error(diag, "C300", name ? name->mark : config->mark, "the service has no name");
		diag_help(d, "name it at the top of the file: 'service: my-service'");
		return false;
	}
	if (is_map(name) || is_list(name)) {
		struct diagnostic *d = diag_error(diag, "C300", name->mark, "'service' is a %s, expected the service's name",
			value_kind_name(name));
		const struct value *inner = map_get(name, "name");
		if (is_string(inner)) {
			diag_help(d, "write 'service: %s'", inner->text);
		}
		return false;
	}
	return true;
}

static bool prepare_provider(struct arena *a, struct value *config, struct diag *diag) {
	struct value *provider = map_get(config, "provider");

	if (!is_truthy(provider)) {
		struct diagnostic *d = diag_error(diag, "C301", provider ? provider->mark : config->mark,
			"the service has no provider");
		diag_help(d, "add 'provider: aws'");
		return false;
	}
	if (!is_map(provider)) {
		struct value *named = MAP(a, { "name", provider });
		named->mark = provider->mark;
		map_set(a, config, "provider", named);
		provider = named;
	}
	const struct value *name = map_get(provider, "name");
	if (!is_text(name, "aws")) {
		if (name) {
			diag_error(diag, "C301", name->mark, "unknown provider '%s', expected 'aws'",
				value_spell(a, name) ? value_spell(a, name) : value_kind_name(name));
		} else {
			diag_error(diag, "C301", provider->mark, "the provider has no name, expected 'name: aws'");
		}
		return false;
	}
	return true;
}

/* Before the schema makes a text of whatever there is: the reference looks at it first. */
static bool prepare_stage(struct arena *a, const struct value *config, const struct options *options,
		struct diag *diag) {
	const struct value *option = map_get(options->opt, "stage");
	const struct value *own = map_get(map_get(config, "provider"), "stage"), *stage = option ? option : own;

	if (is_missing(stage) || (is_string(stage) && stage->length)) {
		return true;
	}
	const char *fault = option ? "has no value" : is_string(stage) ? "is empty" :
		arena_printf(a, "is a %s", value_kind_name(stage));
	struct diagnostic *d = diag_error(diag, "C303", stage->mark, "%s %s, expected a name of letters, digits and hyphens",
		option ? "'--stage'" : "the stage", fault);
	if (!option && value_spell(a, stage) && !is_string(stage)) {
		diag_help(d, "put it in quotes: stage: '%s'", value_spell(a, stage));
	}
	return false;
}

static bool prepare_functions(struct arena *a, struct value *config, struct diag *diag) {
	struct value *functions = map_get(config, "functions");
	bool good = true;

	if (functions && !is_truthy(functions)) {
		map_set(a, config, "functions", value_map(a));
		return true;
	}
	if (functions && !is_map(functions)) {
		diag_error(diag, "C302", functions->mark, "'functions' is a %s, expected a map", value_kind_name(functions));
		return false;
	}
	for (const struct entry *e = map_first(functions); e; e = map_next(functions, e)) {
		if (!is_map(e->value) && !is_null(e->value)) {
			diag_error(diag, "C302", e->value->mark, "function '%s' is a %s, expected a map", e->key,
				value_kind_name(e->value));
			good = false;
		}
	}
	return good;
}

struct value *service_prepare(struct arena *a, struct value *config, const struct options *options,
		struct diag *diag) {
	if (!config) {
		return NULL;
	}
	bool good = prepare_name(config, diag);
	check_framework_version(config, diag);
	good = prepare_provider(a, config, diag) && good;
	good = prepare_stage(a, config, options, diag) && good;
	return prepare_functions(a, config, diag) && good ? config : NULL;
}

/* --- the service itself -------------------------------------------------------------------------------------- */

static const char *read_stage(const struct service *service, struct diag *diag) {
	const struct value *option = map_get(service->options->opt, "stage");
	const struct value *own = map_get(service->provider, "stage"), *stage = option ? option : own;

	/* What the schema says of provider.stage. */
	if (is_string(option) && strspn(option->text, STAGE_CHARACTERS) != option->length) {
		diag_warning(diag, "C303", (struct mark){ 0 },
			"the stage '%s' of '--stage' has characters that are no letters, digits or hyphens", option->text);
	}
	return is_string(stage) ? stage->text : "dev";
}

static const char *read_region(const struct service *service, struct diag *diag) {
	const struct value *option = map_truthy(service->options->opt, "region");
	const struct value *region = option ? option : map_truthy(service->provider, "region");

	if (!region) {
		return "us-east-1";
	}
	if (!is_string(region)) {
		diag_error(diag, "C304", region->mark, "the region is a %s, expected a string such as 'us-east-1'",
			value_kind_name(region));
		return "us-east-1";
	}
	return region->text;
}

static void read_bucket(struct service *service) {
	const struct value *bucket = map_truthy(service->provider, "deploymentBucket");

	if (is_map(bucket) || is_list(bucket)) {
		service->bucket_settings = bucket;
		bucket = map_truthy(bucket, "name");
	}
	service->deployment_bucket = bucket;
}

static bool every_function_has(const struct service *service, const char *key) {
	for (const struct function *f = service->functions; f; f = f->next) {
		if (!map_has(f->config, key)) {
			return false;
		}
	}
	return true;
}

static bool a_function_has(const struct service *service, const char *key) {
	for (const struct function *f = service->functions; f; f = f->next) {
		if (map_has(f->config, key)) {
			return true;
		}
	}
	return false;
}

static const struct value *first_of(const struct value *first, const struct value *second, const struct value *third) {
	return is_truthy(first) ? first : is_truthy(second) ? second : is_truthy(third) ? third : NULL;
}

/* `role: null` is a role too: its key alone tells that the service brings its own. */
static void read_role(struct service *service) {
	const struct value *settings = map_truthy(map_get(service->provider, "iam"), "role");

	if (!service->functions || is_existing_role(settings) || map_has(service->provider, "role") ||
			every_function_has(service, "role")) {
		return;
	}
	struct role *role = arena_new(service->arena, struct role);
	role->settings = settings;
	role->statements = first_of(map_get(settings, "statements"), map_get(service->provider, "iamRoleStatements"), NULL);
	role->managed_policies = first_of(map_get(settings, "managedPolicies"),
		map_get(service->provider, "iamManagedPolicies"), NULL);
	role->permissions_boundary = first_of(map_get(settings, "permissionsBoundary"),
		map_get(settings, "permissionBoundary"), map_get(service->provider, "rolePermissionsBoundary"));
	role->vpc = map_truthy(service->provider, "vpc") || a_function_has(service, "vpc");
	service->role = role;
}

/* The prefix is whatever is there and not null, spelt as text. */
static const char *deployment_prefix(const struct service *service) {
	const struct value *prefix = map_get(service->provider, "deploymentPrefix");
	const char *text = is_missing(prefix) ? "serverless" : value_spell(service->arena, prefix);

	return text ? text : "[object Object]";
}

const struct service *service_read(struct arena *a, const struct value *config, const struct options *options,
		const struct slsws_host *host, struct diag *diag) {
	struct service *service = arena_new(a, struct service);
	unsigned errors = diag->errors;

	service->arena = a;
	service->options = options;
	service->host = host;
	service->config = config;
	service->provider = map_get(config, "provider");
	service->package = map_get(config, "package");
	service->function_keys = map_get(config, "functions");
	service->resources = is_truthy(map_get(config, "resources")) ? map_get(config, "resources") : NULL;
	service->name = value_spell(a, map_get(config, "service"));
	service->stage = read_stage(service, diag);
	service->region = read_region(service, diag);
	service->artifacts = artifacts_create(a);
	read_bucket(service);
	read_functions(service, diag);
	read_layers(service, diag);
	read_role(service);
	events_read(service, diag);
	report_deprecations(config, host, diag);
	if (diag->errors > errors) {
		return NULL;
	}
	service->artifact_directory = arena_printf(a, "%s/%s/%s/%s", deployment_prefix(service), service->name,
		service->stage, artifact_folder(service, diag));
	artifacts_finish(service);
	return diag->errors > errors ? NULL : service;
}

const struct function *service_function(const struct service *service, const char *key) {
	const struct entry *e = map_find(service->function_keys, key);

	if (!e) {
		return NULL;
	}
	uint32_t mask = service->function_slot_count - 1;
	for (uint32_t slot = e->hash & mask; service->function_slots[slot]; slot = (slot + 1) & mask) {
		if (service->function_slots[slot]->key == e->key) {
			return service->function_slots[slot];
		}
	}
	return NULL;
}

void service_unknown_function(const struct service *service, struct diag *diag, struct mark mark, const char *key,
		const char *what) {
	const char **keys = arena_array(service->arena, const char *, service->function_count + 1);
	size_t count = 0;

	for (const struct function *f = service->functions; f; f = f->next) {
		keys[count++] = f->key;
	}
	struct diagnostic *d = diag_error(diag, "C305", mark, "%s is the unknown function '%s'", what, key);
	const char *nearest = text_closest(key, keys, count);
	if (nearest) {
		diag_help(d, "did you mean '%s'?", nearest);
	}
}
