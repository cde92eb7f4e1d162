/* Reads the functions: names, defaults, what is inherited from the provider, and the order in which they compile. */
#include <string.h>

#include "base/form.h"
#include "base/names.h"
#include "base/text.h"
#include "service_parts.h"

/* What functions that say nothing of their own have in common; made once. */
struct defaults {
	const struct value *runtime, *memory, *timeout, *vpc, *tags, *environment, *tracing, *logs, *versions;
	const char *artifact, *name_start;
	struct form *arn;		/* of a function, by its logical id */
};

static const struct value *make_vpc(struct arena *a, const struct value *own, const struct value *provider) {
	const struct value *groups = js_or(map_get(own, "securityGroupIds"), map_get(provider, "securityGroupIds"));
	const struct value *subnets = js_or(map_get(own, "subnetIds"), map_get(provider, "subnetIds"));

	if (!is_truthy(groups) || !is_truthy(subnets)) {
		return NULL;
	}
	return MAP(a,
		{ "Ipv6AllowedForDualStack", (struct value *)js_or(map_get(own, "ipv6AllowedForDualStack"),
			map_get(provider, "ipv6AllowedForDualStack")) },
		{ "SecurityGroupIds", (struct value *)groups },
		{ "SubnetIds", (struct value *)subnets },
	);
}

static struct defaults read_defaults(const struct service *service) {
	struct arena *a = service->arena;
	const struct value *provider = service->provider;
	const struct value *memory = map_truthy(provider, "memorySize"), *timeout = map_truthy(provider, "timeout");
	const struct value *runtime = map_truthy(provider, "runtime"), *versions = map_get(provider, "versionFunctions");

	return (struct defaults){
		.runtime = runtime ? runtime : value_string(a, "nodejs24.x"),
		.memory = memory ? memory : value_number(a, 1024),
		.timeout = timeout ? timeout : value_number(a, 6),
		.vpc = make_vpc(a, NULL, map_get(provider, "vpc")),
		.tags = js_assign(a, NULL, map_truthy(provider, "tags")),
		.environment = js_assign(a, NULL, map_truthy(provider, "environment")),
		.tracing = map_truthy(map_get(provider, "tracing"), "lambda"),
		.logs = map_truthy(map_get(provider, "logs"), "lambda"),
		.versions = is_missing(versions) ? value_bool(a, true) : versions,
		.artifact = arena_printf(a, "%s.zip", service->name),
		.name_start = arena_printf(a, "%s-%s-", service->name, service->stage),
		.arn = form_create(a, MAP(a, { "Fn::GetAtt", LIST(a, BLANK(0), TEXT("Arn")) })),
	};
}

/* --- one function ------------------------------------------------------------------------------------------- */

static inline __attribute__((always_inline)) const struct value *inherit(const struct service *service,
		const struct function *f, const char *key) {
	return value_or(map_get(f->config, key), map_get(service->provider, key));
}

/* A map of the provider with the function's entries over it; the provider's own when the function adds none. */
static const struct value *overlay(struct arena *a, const struct function *f, const char *key,
		const struct value *provider) {
	const struct value *own = map_truthy(f->config, key);

	return own ? js_assign(a, provider, own) : provider;
}

static const struct value *read_vpc(const struct service *service, const struct function *f,
		const struct value *provider) {
	const struct entry *own = map_find(f->config, "vpc");

	if (!own) {
		return provider;
	}
	if (is_null(own->value) || (is_bool(own->value) && !own->value->boolean)) {
		return NULL;
	}
	return make_vpc(service->arena, own->value, map_get(service->provider, "vpc"));
}

bool is_existing_role(const struct value *role) {
	for (const struct entry *e = map_first(role); e; e = map_next(role, e)) {
		if (strstr(e->key, "::")) {
			return true;
		}
	}
	return is_string(role);
}

static const struct value *provider_role(const struct service *service) {
	const struct value *role = map_get(map_get(service->provider, "iam"), "role");

	return is_existing_role(role) ? role : map_get(service->provider, "role");
}

struct runtime_mode {
	const char *configured, *emitted;
};

static const struct runtime_mode runtime_modes[] = {
	{ "auto", "Auto" }, { "onFunctionUpdate", "FunctionUpdate" }, { "manual", "Manual" },
};

static void take_runtime_management(const struct value *v, const struct value **mode, const struct value **arn) {
	if (is_string(v)) {
		*mode = v;
	} else if (is_map(v)) {
		*mode = map_has(v, "mode") ? map_get(v, "mode") : *mode;
		*arn = map_has(v, "arn") ? map_get(v, "arn") : *arn;
	}
}

static const struct value *read_runtime_management(const struct service *service, const struct function *f) {
	const struct value *mode = NULL, *arn = NULL;
	struct value *emitted = NULL;

	take_runtime_management(map_get(service->provider, "runtimeManagement"), &mode, &arn);
	take_runtime_management(map_get(f->config, "runtimeManagement"), &mode, &arn);
	if (!mode || is_text(mode, "auto")) {
		return NULL;
	}
	for (size_t i = 0; i < sizeof(runtime_modes) / sizeof(*runtime_modes); i++) {
		if (is_text(mode, runtime_modes[i].configured)) {
			emitted = value_string(service->arena, runtime_modes[i].emitted);
		}
	}
	return MAP(service->arena,
		{ "UpdateRuntimeOn", emitted },
		{ "RuntimeVersionArn", is_text(mode, "manual") ? (struct value *)arn : NULL },
	);
}

static const char *base_name(const char *path) {
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Whose zip a function's code comes from, as packing and compiling together decide it. */
static void read_artifact(const struct service *service, struct function *f, const struct defaults *defaults) {
	const struct value *package = map_get(f->config, "package");
	const struct value *own = map_truthy(package, "artifact"), *shared = map_truthy(service->package, "artifact");
	bool alone = map_truthy(package, "individually") && !map_truthy(package, "disable");

	f->packed_alone = map_truthy(package, "individually") || map_truthy(service->package, "individually");
	if (is_string(own) || (is_string(shared) && !alone)) {
		f->given_artifact = own ? own : shared;
		f->artifact = base_name(f->given_artifact->text);
		return;
	}
	f->artifact = f->packed_alone ? arena_printf(service->arena, "%s.zip", f->key) : defaults->artifact;
}

static void read_alias(struct arena *a, struct function *f) {
	if (f->durable) {
		f->alias = "durable";
		f->alias_id = name_durable_alias(a, f->key);
	} else if (f->provisioned_concurrency) {
		f->alias = "provisioned";
		f->alias_id = name_provisioned_alias(a, f->key);
	} else if (f->snap_start) {
		f->alias = "snapstart";
		f->alias_id = name_snap_start_alias(a, f->key);
	}
}

static struct value *read_target(struct arena *a, const struct function *f, const struct defaults *defaults) {
	struct value *arn = FILL(defaults->arn, value_string(a, f->id));

	return !f->alias ? arn :
		MAP(a, { "Fn::Join", LIST(a, TEXT(":"), LIST(a, arn, value_string(a, f->alias))) });
}

static void read_version(struct function *f, const struct value *provider) {
	const struct value *own = map_get(f->config, "versionFunction");

	f->retained = f->durable || is_truthy(is_missing(own) ? provider : own);
	f->versioned = f->retained || f->provisioned_concurrency || f->snap_start;
}

static void read_own(struct function *f) {
	f->condition = map_truthy(f->config, "condition");
	f->depends_on = map_truthy(f->config, "dependsOn");
	f->description = map_truthy(f->config, "description");
	f->on_error = map_truthy(f->config, "onError");
	f->destinations = map_truthy(f->config, "destinations");
	f->url = map_truthy(f->config, "url");
	f->file_system = map_truthy(f->config, "fileSystemConfig");
	f->durable = map_truthy(f->config, "durableConfig");
	f->provisioned_concurrency = map_truthy(f->config, "provisionedConcurrency");
	f->snap_start = map_truthy(f->config, "snapStart");
	f->maximum_event_age = map_truthy(f->config, "maximumEventAge");
	f->maximum_retry_attempts = map_get(f->config, "maximumRetryAttempts");
	if (is_null(f->maximum_retry_attempts)) {
		f->maximum_retry_attempts = NULL;
	}
}

static void read_inherited(const struct service *service, struct function *f, const struct defaults *defaults) {
	struct arena *a = service->arena;
	const struct value *role = map_truthy(f->config, "role");

	f->runtime = value_or(map_get(f->config, "runtime"), defaults->runtime);
	f->memory = value_or(map_get(f->config, "memorySize"), defaults->memory);
	f->timeout = value_or(map_get(f->config, "timeout"), defaults->timeout);
	f->tracing = value_or(map_get(f->config, "tracing"), defaults->tracing);
	f->logs = value_or(map_get(f->config, "logs"), defaults->logs);
	f->architecture = inherit(service, f, "architecture");
	f->kms_key = inherit(service, f, "kmsKeyArn");
	f->layers = inherit(service, f, "layers");
	f->log_retention = inherit(service, f, "logRetentionInDays");
	f->log_policy = inherit(service, f, "logDataProtectionPolicy");
	f->tags = overlay(a, f, "tags", defaults->tags);
	f->environment = overlay(a, f, "environment", defaults->environment);
	f->vpc = read_vpc(service, f, defaults->vpc);
	f->role = role ? role : provider_role(service);
	f->role = is_truthy(f->role) ? f->role : NULL;
}

/* --- faults ------------------------------------------------------------------------------------------------- */

static void check_code(const struct function *f, struct diag *diag) {
	bool handler = map_truthy(f->config, "handler"), image = map_truthy(f->config, "image");

	if (!handler && !image) {
		struct diagnostic *d = diag_error(diag, "C310", f->mark, "function '%s' has neither 'handler' nor 'image'",
			f->key);
		diag_help(d, "name its code: 'handler: file.function'");
	} else if (handler && image) {
		struct diagnostic *d = diag_error(diag, "C310", mark_of(f->config, "image"),
			"function '%s' has both 'handler' and 'image', expected one of them", f->key);
		diag_note(d, mark_of(f->config, "handler"), "its handler");
	}
}

static void check_together(const struct function *f, struct diag *diag) {
	if (f->file_system && !f->vpc) {
		struct diagnostic *d = diag_error(diag, "C311", mark_of(f->config, "fileSystemConfig"),
			"function '%s' has a file system but no VPC", f->key);
		diag_help(d, "give 'vpc' with securityGroupIds and subnetIds, on the function or on the provider");
	}
	if (f->provisioned_concurrency && f->snap_start) {
		struct diagnostic *d = diag_error(diag, "C311", mark_of(f->config, "snapStart"),
			"function '%s' has both 'snapStart' and 'provisionedConcurrency'", f->key);
		diag_note(d, mark_of(f->config, "provisionedConcurrency"), "its provisioned concurrency");
		diag_help(d, "remove one of the two: Lambda does not have both");
	}
	if (f->durable) {
		check_durable(f, diag);
	}
}

static void check_artifact(const struct value *package, struct diag *diag) {
	const struct value *artifact = map_truthy(package, "artifact");

	if (artifact && !is_string(artifact)) {
		diag_error(diag, "C312", artifact->mark, "package.artifact is a %s, expected the path of a zip file",
			value_kind_name(artifact));
	}
}

/* --- all ---------------------------------------------------------------------------------------------------- */

static const char *read_name(const struct service *service, const struct function *f, const struct defaults *defaults,
		struct diag *diag) {
	const struct value *name = map_truthy(f->config, "name");

	if (!name) {
		return arena_printf(service->arena, "%s%s", defaults->name_start, f->key);
	}
	if (is_list(name) || is_map(name)) {
		diag_error(diag, "C313", name->mark, "the name of function '%s' is a %s, expected a string", f->key,
			value_kind_name(name));
		return f->key;
	}
	return value_spell(service->arena, name);
}

static void read_function(const struct service *service, struct function *f, const struct defaults *defaults,
		struct diag *diag) {
	struct arena *a = service->arena;

	f->name = read_name(service, f, defaults, diag);
	f->id = name_lambda(a, f->key);
	f->log_group = map_truthy(f->config, "disableLogs") ? NULL : name_log_group(a, f->key);
	read_own(f);
	read_inherited(service, f, defaults);
	read_alias(a, f);
	f->target = read_target(a, f, defaults);
	read_version(f, defaults->versions);
	check_code(f, diag);
	check_together(f, diag);
	if (map_truthy(f->config, "image")) {
		f->image = read_image(service, f, diag);
	} else {
		check_artifact(map_get(f->config, "package"), diag);
		read_artifact(service, f, defaults);
		f->runtime_management = read_runtime_management(service, f);
	}
}

static void schedule(struct service *service) {
	struct step *steps = arena_array(service->arena, struct step, service->function_count * 2);
	size_t n = 0;

	for (const struct function *f = service->functions; f; f = f->next) {
		if (!f->image) {
			steps[n++] = (struct step){ f, STEP_FUNCTION };
			if (!f->versioned) {
				steps[n++] = (struct step){ f, STEP_PUBLICATION };
			}
		}
	}
	for (const struct function *f = service->functions; f; f = f->next) {
		if (f->image) {
			steps[n++] = (struct step){ f, STEP_FUNCTION };
			steps[n++] = (struct step){ f, STEP_PUBLICATION };
		}
	}
	for (const struct function *f = service->functions; f; f = f->next) {
		if (!f->image && f->versioned) {
			steps[n++] = (struct step){ f, STEP_PUBLICATION };
		}
	}
	service->steps = steps;
	service->step_count = n;
}

static void create_slots(struct service *service) {
	uint32_t count = 1;

	while (service->function_keys && count < service->function_keys->length * 2) {
		count *= 2;
	}
	service->function_slots = arena_array(service->arena, struct function *, count);
	service->function_slot_count = count;
}

static void add_to_slots(struct service *service, struct function *f, uint32_t hash) {
	uint32_t mask = service->function_slot_count - 1, slot = hash & mask;

	while (service->function_slots[slot]) {
		slot = (slot + 1) & mask;
	}
	service->function_slots[slot] = f;
}

/* --- functions that cannot both be had ----------------------------------------------------------------------- */

/* The function that has this text already, as its key, placed; else `f` has it from now on. */
static const struct value *had_before(struct arena *a, struct value *seen, const char *text, const struct function *f) {
	const struct value *first = map_get(seen, text);

	if (!first) {
		struct value *key = value_string(a, f->key);
		key->mark = f->mark;
		map_set(a, seen, text, key);
	}
	return first;
}

/* Keys may come to one logical id, as 'a-b' and 'aDashb' do, or 'a' and 'A': one resource is made of both, silently. */
static void check_ids(const struct service *service, struct diag *diag) {
	struct value *seen = value_map(service->arena);

	for (const struct function *f = service->functions; f; f = f->next) {
		const struct value *first = had_before(service->arena, seen, f->id, f);
		if (first) {
			struct diagnostic *d = diag_warning(diag, "C307", f->mark, "functions '%s' and '%s' have the same logical id "
				"'%s', so they become one function", first->text, f->key, f->id);
			diag_note(d, first->mark, "first defined here");
		}
	}
}

/* Names differ by themselves unless one is configured. Of two with a condition perhaps one alone is made. */
static void check_names(const struct service *service, struct diag *diag) {
	struct value *seen = value_map(service->arena);
	bool configured = false;

	for (const struct function *f = service->functions; f; f = f->next) {
		configured = configured || map_has(f->config, "name");
	}
	for (const struct function *f = configured ? service->functions : NULL; f; f = f->next) {
		const struct value *first = f->condition || !f->name ? NULL : had_before(service->arena, seen, f->name, f);
		if (first) {
			const struct value *name = map_get(f->config, "name");
			struct diagnostic *d = diag_warning(diag, "C308", name ? name->mark : f->mark, "functions '%s' and '%s' have the "
				"same name '%s', of which CloudFormation makes one alone", first->text, f->key, f->name);
			diag_note(d, first->mark, "first defined here");
		}
	}
}

void read_functions(struct service *service, struct diag *diag) {
	const struct value *keys = service->function_keys;
	struct defaults defaults = read_defaults(service);
	struct function **end = &service->functions;

	create_slots(service);
	check_artifact(service->package, diag);
	for (const struct entry *e = map_first(keys); e; e = map_next(keys, e)) {
		if (is_null(e->value)) {
			continue;
		}
		struct function *f = arena_new(service->arena, struct function);
		f->key = e->key;
		f->mark = e->mark;
		f->config = e->value;
		read_function(service, f, &defaults, diag);
		add_to_slots(service, f, e->hash);
		*end = f;
		end = &f->next;
		service->function_count++;
	}
	schedule(service);
	check_ids(service, diag);
	check_names(service, diag);
}
