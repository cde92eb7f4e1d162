#include "schema.h"

#include <string.h>

#include "schema_rules.h"

/*
 * The whole configuration: what the reference does to it between variables and validation, the check itself, and what
 * becomes of its findings.
 */

/* --- before the check ---------------------------------------------------------------------------------------- */

/*
 * The reference takes nulls out of all maps before its check and puts them back after it, by their paths: they end up
 * behind the other entries (but keys that are indexes keep their place: it is their order). A path with a key
 * that JavaScript gives a meaning of its own is not followed, so its nulls are gone for good.
 */
static void put_nulls_last(struct arena *a, struct value *map, bool unsafe) {
	struct value *sorted = value_map(a);

	for (const struct entry *e = map_first(map); e; e = map_next(map, e)) {
		if (!is_null(e->value)) {
			map_set_entry(a, sorted, e->key, e->key_length, e->mark, e->value);
		}
	}
	for (const struct entry *e = map_first(map); e; e = map_next(map, e)) {
		if (is_null(e->value) && !unsafe && !key_is_unsafe(e->key)) {
			map_set_entry(a, sorted, e->key, e->key_length, e->mark, e->value);
		}
	}
	map->map = sorted->map;
	map->length = sorted->length;
}

static void sort_nulls(struct arena *a, struct value *v, bool unsafe, int depth, uint64_t *steps) {
	bool moves = false, null_seen = false;

	if (depth > MOST_DEPTH || ++*steps > MOST_STEPS) {
		return;
	}
	for (size_t i = 0; i < list_length(v); i++) {
		if (is_map(v->items[i]) || is_list(v->items[i])) {
			sort_nulls(a, v->items[i], unsafe, depth + 1, steps);
		}
	}
	for (const struct entry *e = map_first(v); e; e = map_next(v, e)) {
		bool null = is_null(e->value);
		moves = moves || (null_seen && !null) || (null && (unsafe || key_is_unsafe(e->key)));
		null_seen = null_seen || null;
		if (is_map(e->value) || is_list(e->value)) {
			sort_nulls(a, e->value, unsafe || key_is_unsafe(e->key), depth + 1, steps);
		}
	}
	if (moves) {
		put_nulls_last(a, v, unsafe);
	}
}

/* Takes the empty `events` and `name` of a function away: the reference sets both itself. */
static void make_bare(struct value *function) {
	static const char *const keys[] = { "events", "name" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		if (!is_truthy(map_get(function, keys[i]))) {
			map_remove(function, keys[i]);
		}
	}
}

/* Functions that are null are none. */
static void drop_empty_functions(struct arena *a, struct value *config) {
	struct value *functions = map_get(config, "functions");
	bool found = false;

	for (const struct entry *e = map_first(functions); e; e = map_next(functions, e)) {
		found = found || is_null(e->value);
		make_bare(e->value);
	}
	if (!found) {
		return;
	}
	struct value *kept = value_map(a);
	for (const struct entry *e = map_first(functions); e; e = map_next(functions, e)) {
		if (!is_null(e->value)) {
			map_set_entry(a, kept, e->key, e->key_length, e->mark, e->value);
		}
	}
	functions->map = kept->map;
	functions->length = kept->length;
}

/* --- keys of plugins ----------------------------------------------------------------------------------------- */

/* Keys that a plugin defines, where it is listed. */
static const struct plugin_key {
	const char *plugin, *holder, *key;
} plugin_keys[] = {
	{ "serverless-appsync-plugin", "the configuration", "appSync" },
	{ "serverless-iam-roles-per-function", "function", "iamPermissionsBoundary" },
	{ "serverless-iam-roles-per-function", "function", "iamRoleStatements" },
	{ "serverless-iam-roles-per-function", "function", "iamRoleStatementsInherit" },
	{ "serverless-iam-roles-per-function", "function", "iamRoleStatementsName" },
	{ "serverless-plugin-aws-alerts", "function", "alarms" },
	{ "serverless-plugin-canary-deployments", "function", "deploymentSettings" },
	{ "serverless-plugin-lambda-dead-letter", "function", "deadLetter" },
	{ "serverless-plugin-log-subscription", "function", "logSubscription" },
	{ "serverless-plugin-select", "function", "stages" },
	{ "serverless-plugin-warmup", "function", "warmup" },
	{ "serverless-provisioned-concurrency-autoscaling", "function", "concurrencyAutoscaling" },
	{ "serverless-python-requirements", "function", "module" },
	{ "serverless-step-functions", "the configuration", "stepFunctions" },
};

static bool lists_plugin(const struct value *config, const char *name) {
	const struct value *plugins = map_get(config, "plugins");
	const struct value *names = is_map(plugins) ? map_get(plugins, "modules") : plugins;

	for (size_t i = 0; i < list_length(names); i++) {
		if (is_text(names->items[i], name)) {
			return true;
		}
	}
	return false;
}

static bool is_of_plugin(const struct value *config, const struct failure *f) {
	for (size_t i = 0; !f->rule && f->entry && i < sizeof(plugin_keys) / sizeof(*plugin_keys); i++) {
		const struct plugin_key *row = &plugin_keys[i];
		if (strcmp(row->key, f->entry->key) == 0 &&
				strncmp(f->holder_subject, row->holder, strlen(row->holder)) == 0 &&
				lists_plugin(config, row->plugin)) {
			return true;
		}
	}
	return false;
}

static void drop_keys_of_plugins(const struct value *config, struct failures *failures) {
	for (struct failure **f = &failures->first; *f;) {
		if (is_of_plugin(config, *f)) {
			*f = (*f)->next;
		} else {
			f = &(*f)->next;
		}
	}
}

/* --- the check ----------------------------------------------------------------------------------------------- */

void schema_check(struct arena *a, struct value *config, struct diag *diag) {
	struct failures failures = { .end = &failures.first };
	struct check check = { .arena = a, .failures = &failures, .coerce = true };
	struct frame frame = { .value = config, .original = config };
	uint64_t steps = 0;

	drop_empty_functions(a, config);
	sort_nulls(a, config, false, 0, &steps);
	const struct value *mode = map_get(config, "configValidationMode");
	struct schema *schema = schema_open(a, "service.json");
	node_check(&check, schema_root(schema), &frame);
	drop_keys_of_plugins(config, &failures);
	if (!is_text(mode, "off")) {
		failures_explain(a, &failures, is_text(mode, "error") ? SEVERITY_ERROR : SEVERITY_WARNING, diag);
	}
	schema_destroy(schema);
}
