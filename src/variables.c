#include "variables.h"

#include <string.h>

#include "dotenv.h"
#include "javascript.h"
#include "resolver.h"
#include "sources.h"

/* Properties that have to be known before all sources work, in this order. */
static const struct early {
	const char *property;
	enum phase phase;
	bool before_dotenv;
} early[] = {
	{ "disabledDeprecations", PHASE_NONE, true },
	{ "deprecationNotificationMode", PHASE_NONE, true },
	{ "provider.stage", PHASE_CORE, true },
	{ "useDotenv", PHASE_CORE, true },
	{ "provider.name", PHASE_CORE, false },
	{ "plugins", PHASE_CORE, false },
	{ "package.path", PHASE_CORE, false },
	{ "frameworkVersion", PHASE_CORE, false },
	{ "service", PHASE_CORE, false },
	{ "provider.credentials", PHASE_INSTANCE, false },
	{ "provider.deploymentBucket.serverSideEncryption", PHASE_INSTANCE, false },
	{ "provider.profile", PHASE_INSTANCE, false },
	{ "provider.region", PHASE_INSTANCE, false },
};

static void resolve_early(struct resolver *r, bool before_dotenv) {
	for (size_t i = 0; i < sizeof(early) / sizeof(*early); i++) {
		struct call call = { 0 };
		struct value *value;
		if (early[i].before_dotenv == before_dotenv) {
			r->phase = early[i].phase;
			r->phase_property = early[i].property;
			resolver_property(r, &call, early[i].property, strlen(early[i].property), &value);
		}
	}
}

/* As the source `param` reads only the params of the stage and the default ones. */
static bool is_deferred(const struct site *site, const char *stage) {
	return site->zone == ZONE_IN_STAGE && strcmp(site->stage, stage) != 0;
}

static const char *effective_stage(struct resolver *r) {
	const struct value *stage = map_get(r->options->opt, "stage");

	stage = stage ? stage : map_get(map_get(r->config, "provider"), "stage");
	return is_string(stage) || is_number(stage) ? value_spell(r->arena, stage) : "dev";
}

/* What the stage and useDotenv have missed in the environment must not come from the file that they chose. */
static void check_missed(struct resolver *r) {
	for (const struct entry *e = map_first(r->missed); e; e = map_next(r->missed, e)) {
		const struct value *value = map_get_text(r->environment, e->key, e->key_length);
		if (is_truthy(value)) {
			struct diagnostic *d = diag_error(r->diag, "C116", e->value->mark,
				"the environment variable '%s' tells which .env file is read, and that file sets it", e->key);
			diag_help(d, "set it in the environment itself, or name it otherwise");
		}
	}
}

static void load_dotenv(struct resolver *r) {
	if (is_truthy(map_get(r->config, "useDotenv")) && !r->errors) {
		r->environment = dotenv_load(r->arena, r->options->directory, effective_stage(r), r->host, r->diag);
		check_missed(r);
	}
	r->dotenv_done = true;
}

static void resolve_all(struct resolver *r) {
	const char *stage = effective_stage(r);

	r->phase = PHASE_ALL;
	for (size_t i = 0; i < r->site_count && resolver_goes_on(r); i++) {
		if (!is_deferred(r->sites[i], stage)) {
			resolver_site(r, r->sites[i]);
		}
	}
}

struct value *variables_resolve(struct arena *a, struct value *config, const struct options *options,
		const struct slsws_host *host, struct diag *diag) {
	struct resolver r = { .arena = a, .config = config, .options = options, .host = host, .diag = diag };
	unsigned errors = diag->errors;

	if (!config) {
		return NULL;
	}
	resolver_init(&r);
	if (!sources_prepare(&r)) {
		return NULL;
	}
	resolver_find(&r);
	resolve_early(&r, true);
	load_dotenv(&r);
	resolve_early(&r, false);
	resolve_all(&r);
	javascript_stop(&r);
	return diag->errors == errors ? config : NULL;
}
