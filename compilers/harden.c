/*
 * Hardening: one row and one function each. A function changes the service before the passes run, so that all of them go by
 * it, or the template: before the deployment's digest is taken and the user's own resources are merged, or after all
 * is done.
 */
#include "harden.h"

#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "compilers.h"
#include "emit.h"

/* `argument` is what stands after the option's own '=', or NULL. */
typedef void harden_service_fn(struct service *service, const struct value *argument, struct diag *diag);
typedef void harden_template_fn(const struct service *service, struct template *t, const struct value *argument,
		struct diag *diag);

struct hardening {
	const char *name;
	const char *argument;			/* the form of its argument, NULL: it takes none */
	harden_service_fn *service;		/* one of these three */
	harden_template_fn *early, *late;
};

/* --- the service --------------------------------------------------------------------------------------------- */

enum { RETENTION = 30 };	/* days */

/* Logs that the service does not ask for are as sparse as they can be: who connected, and what failed. */
static struct websocket_logs *logs_of(struct service *service) {
	struct websocket_logs *logs = arena_new(service->arena, struct websocket_logs);

	if (service->websocket.logs) {
		*logs = *service->websocket.logs;
	} else {
		logs->data_trace = value_bool(service->arena, false);
		logs->level = TEXT("ERROR");
		logs->format = TEXT(WEBSOCKET_LOG_FORMAT);
	}
	return logs;
}

static void log_access(struct service *service, const struct value *argument, struct diag *diag) {
	(void)argument, (void)diag;

	if (service->routes && !service->websocket.external_id) {
		struct websocket_logs *logs = logs_of(service);
		logs->access = true;
		logs->retention = logs->retention ? logs->retention : value_number(service->arena, RETENTION);
		service->websocket.logs = logs;
	}
}

/* Only what nobody asked for: data that is written out as wanted stays. */
static void trace_no_data(struct service *service, const struct value *argument, struct diag *diag) {
	const struct value *own = map_get(map_get(map_get(service->provider, "logs"), "websocket"), "fullExecutionData");
	(void)argument, (void)diag;

	if (service->websocket.logs && is_missing(own)) {
		struct websocket_logs *logs = logs_of(service);
		logs->data_trace = value_bool(service->arena, false);
		service->websocket.logs = logs;
	}
}

static void close_bucket(struct service *service, const struct value *argument, struct diag *diag) {
	struct arena *a = service->arena;
	const struct value *own = service->bucket_settings;
	struct value *settings = is_map(own) ? value_shallow_copy(a, own) : value_map(a);
	(void)argument, (void)diag;

	map_set(a, settings, "blockPublicAccess", value_bool(a, true));
	map_set(a, settings, "versioning", value_bool(a, true));
	service->bucket_settings = settings;
}

/* --- the template, before it is deployed ------------------------------------------------------------------------ */

static struct value *properties_of(const struct template *t, const char *id) {
	return map_get(map_get(t->resources, id), "Properties");
}

static struct value *source_arn(const struct service *service, struct arena *a, const char *path) {
	return fn_join(a, "", LIST(a,
		TEXT("arn:"), fn_ref(a, "AWS::Partition"), TEXT(":execute-api:"), fn_ref(a, "AWS::Region"), TEXT(":"),
		fn_ref(a, "AWS::AccountId"), TEXT(":"), service->websocket.id, value_string(a, path),
	));
}

static void set_source(struct template *t, const char *name, struct value *arn) {
	struct value *permission = properties_of(t, name_websockets_permission(t->arena, name));

	if (permission) {
		map_set(t->arena, permission, "SourceArn", arn);
	}
}

/* A function that is a route's and an authorizer too has one permission for both: the wider source, which is set last. */
static void name_source(const struct service *service, struct template *t, const struct value *argument,
		struct diag *diag) {
	struct value *authorizers = service->routes ? source_arn(service, t->arena, "/authorizers/*") : NULL;
	struct value *routes = service->routes ? source_arn(service, t->arena, "/*") : NULL;
	(void)argument, (void)diag;

	for (const struct route *r = service->routes; r; r = r->next) {
		if (r->authorizer) {
			set_source(t, r->authorizer->name, authorizers);
		}
	}
	for (const struct route *r = service->routes; r; r = r->next) {
		set_source(t, r->function->key, routes);
	}
}

/* The statement that the service's own API brought: one of the user's, which has a place, stays as it is. */
static struct value *own_connections(const struct value *statements) {
	for (size_t i = 0; i < list_length(statements); i++) {
		const struct value *action = list_get(map_get(statements->items[i], "Action"), 0);
		if (!statements->items[i]->mark.source && is_string(action) &&
				strcmp(action->text, "execute-api:ManageConnections") == 0) {
			return statements->items[i];
		}
	}
	return NULL;
}

static void narrow_connections(const struct service *service, struct template *t, const struct value *argument,
		struct diag *diag) {
	const struct value *policies = map_get(properties_of(t, ID_ROLE), "Policies");
	struct value *statements = map_get(map_get(list_get(policies, 0), "PolicyDocument"), "Statement");
	struct arena *a = t->arena;
	(void)argument, (void)diag;

	struct value *own = service->routes && !service->websocket.external_id ? own_connections(statements) : NULL;

	if (!own) {
		return;
	}
	map_set(a, own, "Resource", LIST(a, fn_sub(a,
		"arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${%s}/%s/*/@connections/*",
		ID_WEBSOCKETS_API, service->stage)));
}

/* A tenth of what all APIs of an account share in a region, unless "RATE/BURST" is given. */
static bool read_throttle(const struct value *argument, double *rate, double *burst) {
	const char *slash = is_string(argument) ? strchr(argument->text, '/') : NULL;

	*rate = 1000;
	*burst = 500;
	if (!argument) {
		return true;
	}
	return slash && slash > argument->text && slash[1] &&
		number_read(argument->text, (size_t)(slash - argument->text), rate) &&
		number_read(slash + 1, strlen(slash + 1), burst) && *rate > 0 && *burst > 0 && *rate < 1e9 && *burst < 1e9 &&
		*burst == (double)(long)*burst;
}

static void throttle(const struct service *service, struct template *t, const struct value *argument,
		struct diag *diag) {
	struct value *stage = properties_of(t, ID_WEBSOCKETS_STAGE), *settings;
	struct arena *a = t->arena;
	double rate, burst;
	(void)service;

	if (!read_throttle(argument, &rate, &burst)) {
		diag_error(diag, "U052", argument->mark, "'throttle' is '%s', expected RATE/BURST such as 100/50",
			argument->text);
		return;
	}
	if (!stage) {
		return;
	}
	settings = map_get(stage, "DefaultRouteSettings");
	settings = settings ? value_shallow_copy(a, settings) : value_map(a);
	map_set(a, settings, "ThrottlingBurstLimit", value_number(a, burst));
	map_set(a, settings, "ThrottlingRateLimit", value_number(a, rate));
	map_set(a, stage, "DefaultRouteSettings", settings);
}

/* --- the template that is done ------------------------------------------------------------------------------------ */

static bool has_type(const struct entry *resource, const char *type) {
	return is_text(map_get(resource->value, "Type"), type);
}

static bool lets_anybody_in(const struct value *route) {
	const struct value *type = map_get(route, "AuthorizationType"), *key = map_get(route, "ApiKeyRequired");

	return (is_missing(type) || is_text(type, "NONE")) && !(is_truthy(key) && !is_text(key, "false"));
}

/* By what the template says: the user's own resources may guard a route in ways that events cannot. */
static void require_authorizer(const struct service *service, struct template *t, const struct value *argument,
		struct diag *diag) {
	const struct route *connect = service->routes;
	struct diagnostic *d;
	(void)argument;

	while (connect && strcmp(connect->key, "$connect") != 0) {
		connect = connect->next;
	}
	if (!service->routes || (service->websocket.external_id && !connect)) {
		return;		/* an API from outside may have its '$connect' elsewhere */
	}
	if (!connect) {
		d = diag_error(diag, "S101", service->routes->mark, "no route '$connect', so anybody may connect");
	} else if (lets_anybody_in(properties_of(t, connect->id))) {
		d = diag_error(diag, "S101", connect->mark, "route '$connect' has no authorizer, so anybody may connect");
	} else {
		return;
	}
	diag_help(d, "give '$connect' an 'authorizer', or leave 'connect-auth' out of what is hardened");
}

/* What a deployment takes a picture of. */
static bool is_deployed(const struct entry *resource) {
	static const char *const types[] = { "Api", "Authorizer", "Integration", "IntegrationResponse", "Model", "Route",
		"RouteResponse" };
	static const char prefix[] = "AWS::ApiGatewayV2::";
	const struct value *type = map_get(resource->value, "Type");

	for (size_t i = 0; is_string(type) && text_starts(type->text, prefix) && i < sizeof(types) / sizeof(*types); i++) {
		if (strcmp(type->text + sizeof(prefix) - 1, types[i]) == 0) {
			return true;
		}
	}
	return false;
}

static const char *final_digest(const struct template *t) {
	struct sha256 *hash = sha256_create(t->arena);
	struct value *part = value_map(t->arena);
	struct text text = { 0 };

	for (const struct entry *r = map_first(t->resources); r; r = map_next(t->resources, r)) {
		if (is_deployed(r)) {
			map_set_entry(t->arena, part, r->key, r->key_length, r->mark, r->value);
		}
	}
	emit_json(&text, part, 0);
	sha256_add(hash, text.bytes, text.length);
	text_free(&text);
	return sha256_finish_base64(t->arena, hash);
}

/* The deployment, to be made once the routes are there that the user wrote out. */
static struct value *deployment_of_all(const struct template *t, const struct entry *deployment) {
	static const char *const awaited_types[] = { "AWS::ApiGatewayV2::Route", "AWS::ApiGatewayV2::RouteResponse" };
	const struct value *awaited = map_get(deployment->value, "DependsOn");
	struct value *copy = value_shallow_copy(t->arena, deployment->value), *seen = value_map(t->arena), *all;

	all = is_list(awaited) ? value_shallow_copy(t->arena, awaited) : value_list(t->arena);
	for (size_t i = 0; i < all->length; i++) {
		if (is_string(all->items[i])) {
			map_set(t->arena, seen, all->items[i]->text, all->items[i]);
		}
	}
	for (const struct entry *r = map_first(t->resources); r; r = map_next(t->resources, r)) {
		if ((has_type(r, awaited_types[0]) || has_type(r, awaited_types[1])) &&
				!map_find_text(seen, r->key, r->key_length)) {
			list_add(t->arena, all, value_text(t->arena, r->key, r->key_length));
		}
	}
	map_set(t->arena, copy, "DependsOn", all);
	return copy;
}

static const struct entry *find_deployment(const struct template *t) {
	for (const struct entry *r = map_first(t->resources); r; r = map_next(t->resources, r)) {
		if (has_type(r, "AWS::ApiGatewayV2::Deployment") && text_starts(r->key, "WebsocketsDeployment")) {
			return r;
		}
	}
	return NULL;
}

/* The resources with another id for the deployment, in the old order. */
static void rename_deployment(struct template *t, const struct entry *deployment, const char *id) {
	struct value *resources = value_map(t->arena);

	map_reserve(t->arena, resources, t->resources->length);
	for (const struct entry *r = map_first(t->resources); r; r = map_next(t->resources, r)) {
		if (r == deployment) {
			map_set_entry(t->arena, resources, id, strlen(id), r->mark, deployment_of_all(t, r));
		} else {
			map_set_entry(t->arena, resources, r->key, r->key_length, r->mark, r->value);
		}
	}
	map_set(t->arena, t->root, "Resources", resources);
	t->resources = resources;
}

/* The reference's digest leaves out what `resources` and `extensions` change, and all of an API from outside. */
static void digest_all(const struct service *service, struct template *t, const struct value *argument,
		struct diag *diag) {
	const struct entry *deployment = find_deployment(t);
	struct arena *a = t->arena;
	(void)argument, (void)diag;

	if (!service->routes || !deployment) {
		return;
	}
	const char *old = deployment->key, *id = name_deployment(a, final_digest(t));
	rename_deployment(t, deployment, id);
	struct value *stage = map_get(t->resources, ID_WEBSOCKETS_STAGE), *properties = map_get(stage, "Properties");
	if (is_text(map_get(map_get(properties, "DeploymentId"), "Ref"), old)) {
		properties = value_shallow_copy(a, properties);
		map_set(a, properties, "DeploymentId", fn_ref(a, id));
		stage = value_shallow_copy(a, stage);
		map_set(a, stage, "Properties", properties);
		map_set(a, t->resources, ID_WEBSOCKETS_STAGE, stage);
	}
}

/* --- the table ---------------------------------------------------------------------------------------------------- */

/* In alphabetical order, but for what needs what another has done: no-data-trace is for the logs of access-log too. */
static const struct hardening hardenings[] = {
	{ .name = "access-log", .service = log_access },
	{ .name = "bucket", .service = close_bucket },
	{ .name = "connect-auth", .late = require_authorizer },
	{ .name = "deployment-hash", .late = digest_all },
	{ .name = "manage-connections", .early = narrow_connections },
	{ .name = "no-data-trace", .service = trace_no_data },
	{ .name = "source-arn", .early = name_source },
	{ .name = "throttle", .argument = "RATE/BURST", .early = throttle },
};

enum { HARDENINGS = sizeof(hardenings) / sizeof(*hardenings) };

static const struct hardening *find(const char *name) {
	for (size_t i = 0; i < HARDENINGS; i++) {
		if (strcmp(hardenings[i].name, name) == 0) {
			return &hardenings[i];
		}
	}
	return NULL;
}

static void report_unknown(const char *word, struct mark mark, struct diag *diag) {
	const char *names[HARDENINGS];
	struct diagnostic *d = diag_error(diag, "U052", mark, "unknown hardening '%s'", word);

	for (size_t i = 0; i < HARDENINGS; i++) {
		names[i] = hardenings[i].name;
	}
	const char *closest = text_closest(word, names, HARDENINGS);
	if (closest) {
		diag_help(d, "did you mean '%s'?", closest);
	} else {
		diag_help(d, "expected 'all' or some of access-log, bucket, connect-auth, deployment-hash, manage-connections, "
			"no-data-trace, source-arn, throttle");
	}
}

static void choose(struct arena *a, struct value *chosen, const char *word, struct mark mark, struct diag *diag) {
	const char *equals = strchr(word, '=');
	const char *name = equals ? arena_copy(a, word, (size_t)(equals - word)) : word;
	const struct hardening *row = find(name);

	if (strcmp(word, "all") == 0) {
		for (size_t i = 0; i < HARDENINGS; i++) {
			if (!map_has(chosen, hardenings[i].name)) {
				map_set(a, chosen, hardenings[i].name, value_bool(a, true));
			}
		}
		return;
	}
	if (!row) {
		report_unknown(name, mark, diag);
	} else if (equals && !row->argument) {
		diag_error(diag, "U052", mark, "hardening '%s' takes no value", name);
	} else {
		struct value *argument = equals ? value_string(a, equals + 1) : value_bool(a, true);
		argument->mark = mark;
		map_set(a, chosen, row->name, argument);
	}
}

/* Words between commas. */
static void choose_words(struct arena *a, struct value *chosen, const char *words, struct mark mark,
		struct diag *diag) {
	while (*words) {
		size_t length = strcspn(words, ","), all = length;
		const char *word = words;
		text_trim(&word, &length);
		if (length) {
			choose(a, chosen, arena_copy(a, word, length), mark, diag);
		}
		words += all + (words[all] == ',');
	}
}

/* true, a text of words between commas, or a list of words. */
static void choose_configured(struct arena *a, struct value *chosen, const struct value *setting, struct diag *diag) {
	if (is_bool(setting) && setting->boolean) {
		choose(a, chosen, "all", setting->mark, diag);
	} else if (is_string(setting)) {
		choose_words(a, chosen, setting->text, setting->mark, diag);
	} else if (is_list(setting)) {
		for (size_t i = 0; i < setting->length; i++) {
			const struct value *item = setting->items[i];
			if (is_string(item)) {
				choose_words(a, chosen, item->text, item->mark, diag);
			} else {
				diag_error(diag, "U052", item->mark, "hardening is a %s, expected a word", value_kind_name(item));
			}
		}
	} else if (is_truthy(setting)) {
		diag_error(diag, "U052", setting->mark, "'harden' is a %s, expected true or a list of words",
			value_kind_name(setting));
	}
}

static const struct value *argument_of(const struct value *chosen) {
	return is_string(chosen) ? chosen : NULL;
}

const struct service *harden_service(const struct service *service, struct diag *diag) {
	unsigned errors = diag->errors;

	if (!service) {
		return NULL;
	}
	struct arena *a = service->arena;
	struct value *chosen = value_map(a);
	choose_configured(a, chosen, map_get(map_get(map_get(service->config, "custom"), "slsws"), "harden"), diag);
	if (service->options->harden) {
		choose_words(a, chosen, service->options->harden, (struct mark){ 0 }, diag);
	}
	if (diag->errors > errors || !chosen->length) {
		return diag->errors > errors ? NULL : service;
	}
	struct service *hardened = arena_new(a, struct service);
	*hardened = *service;
	hardened->hardening = chosen;
	for (size_t i = 0; i < HARDENINGS; i++) {
		const struct value *own = map_get(chosen, hardenings[i].name);
		if (own && hardenings[i].service) {
			hardenings[i].service(hardened, argument_of(own), diag);
		}
	}
	return hardened;
}

void compile_harden(const struct service *service, struct template *t, struct diag *diag) {
	for (size_t i = 0; service->hardening && i < HARDENINGS; i++) {
		const struct value *own = map_get(service->hardening, hardenings[i].name);
		if (own && hardenings[i].early) {
			hardenings[i].early(service, t, argument_of(own), diag);
		}
	}
}

void compile_harden_last(const struct service *service, struct template *t, struct diag *diag) {
	for (size_t i = 0; service->hardening && i < HARDENINGS; i++) {
		const struct value *own = map_get(service->hardening, hardenings[i].name);
		if (own && hardenings[i].late) {
			hardenings[i].late(service, t, argument_of(own), diag);
		}
	}
}
