#include <string.h>

#include "base/names.h"
#include "base/text.h"
#include "events/events.h"

/* --- authorizers --------------------------------------------------------------------------------------------- */

/* What a name stands in: a text without NUL bytes, which would cut logical ids short. */
static const char *plain_text(const struct value *v) {
	return is_string(v) && strlen(v->text) == v->length ? v->text : NULL;
}

static void suggest_function(const struct service *service, struct diagnostic *d, const char *name) {
	size_t count = 0;

	for (const struct function *f = service->functions; f; f = f->next) {
		count++;
	}
	const char **keys = arena_array(service->arena, const char *, count);
	count = 0;
	for (const struct function *f = service->functions; f; f = f->next) {
		keys[count++] = f->key;
	}
	const char *closest = text_closest(name, keys, count);
	if (closest) {
		diag_help(d, "did you mean '%s'?", closest);
	} else {
		diag_help(d, "name a function of this service, or write the ARN of a Lambda function");
	}
}

/* The authorizer that is a function of this service; `where` is the value that names it. */
static bool authorize_by_function(const struct service *service, const struct value *where,
		struct authorizer *authorizer, struct diag *diag) {
	enum { SUGGESTIONS = 20 };	/* looking for a likeness costs as much as there are functions */

	authorizer->name = plain_text(where);
	if (!authorizer->name) {
		diag_origin(diag_error(diag, "W104", where->mark, "name of the authorizer is a %s, expected a function's name",
			is_string(where) ? "text with a NUL character" : value_kind_name(where)), where);
		return false;
	}
	authorizer->function = service_function(service, authorizer->name);
	if (authorizer->function) {
		return true;
	}
	struct diagnostic *d = diag_error(diag, "W103", where->mark, "authorizer '%s' is no function of this service",
		authorizer->name);
	diag_origin(d, where);
	if (diag->errors <= SUGGESTIONS) {
		suggest_function(service, d, authorizer->name);
	}
	return false;
}

/* An ARN gives its last part as the name: a qualifier, perhaps. */
static bool authorize_by_arn(const struct service *service, struct value *arn, struct authorizer *authorizer,
		struct diag *diag) {
	const char *text = plain_text(arn);
	const char *colon = text ? strrchr(text, ':') : NULL;

	authorizer->arn = arn;
	if (!colon) {
		return authorize_by_function(service, arn, authorizer, diag);
	}
	authorizer->name = colon + 1;
	return true;
}

static bool authorize_by_intrinsic(const struct value *config, struct value *arn, struct authorizer *authorizer,
		struct diag *diag) {
	const struct value *name = map_get(config, "name");

	authorizer->arn = arn;
	authorizer->name = plain_text(name);
	if (!is_truthy(name) || !authorizer->name) {
		struct diagnostic *d = diag_error(diag, "W104", is_truthy(name) ? name->mark : arn->mark,
			"authorizer whose 'arn' is no text needs a 'name'");
		diag_origin(d, arn);
		diag_help(d, "add 'name', which becomes the name of the authorizer in API Gateway");
		return false;
	}
	return true;
}

static bool read_authorizer_map(const struct service *service, const struct value *config,
		struct authorizer *authorizer, struct diag *diag) {
	struct value *arn = map_get(config, "arn");
	const struct value *name = map_get(config, "name");

	authorizer->identity_source = map_truthy(config, "identitySource");
	if (is_map(arn) || is_list(arn)) {
		return authorize_by_intrinsic(config, arn, authorizer, diag);
	}
	if (is_truthy(arn)) {
		return authorize_by_arn(service, arn, authorizer, diag);
	}
	if (is_truthy(name)) {
		return authorize_by_function(service, name, authorizer, diag);
	}
	diag_error(diag, "W104", config->mark, "authorizer has neither 'name' nor 'arn'");
	return false;
}

/* NULL: none, or one that was reported. */
static const struct authorizer *read_authorizer(const struct service *service, struct value *config,
		struct diag *diag) {
	struct authorizer *authorizer = NULL;
	bool good = false;

	if (is_string(config) || is_map(config) || is_list(config)) {
		authorizer = arena_new(service->arena, struct authorizer);
		authorizer->mark = config->mark;
		authorizer->identity_source = NULL;
		good = is_string(config) && memchr(config->text, ':', config->length) ?
			authorize_by_arn(service, config, authorizer, diag) : is_string(config) ?
			authorize_by_function(service, config, authorizer, diag) :
			read_authorizer_map(service, config, authorizer, diag);
	}
	return good ? authorizer : NULL;
}

/* --- events -------------------------------------------------------------------------------------------------- */

static struct route *add_route(struct service *service, const struct function *function, struct mark mark,
		const char *key) {
	struct route *route = arena_new(service->arena, struct route);

	route->mark = mark;
	route->function = function;
	route->key = key;
	route->id = name_route(service->arena, key);
	*service->routes_end = route;
	service->routes_end = &route->next;
	return route;
}

/* A key that is "route" but for a slip. */
static const struct entry *misspelt_route(const struct value *event) {
	static const char *const route[] = { "route" };

	for (const struct entry *e = map_first(event); e; e = map_next(event, e)) {
		if (text_closest(e->key, route, 1)) {
			return e;
		}
	}
	return NULL;
}

/* The reference dies of a route that is missing or no text. */
static void report_route(const struct entry *event, const struct value *route, struct diag *diag) {
	const struct entry *old = map_find(event->value, "routeKey"), *slip = misspelt_route(event->value);

	if (is_list(event->value)) {
		diag_error(diag, "W101", event->mark, "websocket event is a list, expected a route or a map with 'route'");
	} else if (is_string(route)) {
		diag_error(diag, "W101", route->mark, "route has a NUL character");
	} else if (route && !is_null(route)) {
		diag_origin(diag_error(diag, "W101", route->mark, "route is a %s, expected a string", value_kind_name(route)),
			route);
	} else if (old) {
		diag_help(diag_error(diag, "W102", old->mark, "websocket event has 'routeKey', expected 'route'"),
			"'routeKey' belongs to an old plugin; write 'route'");
	} else if (slip && !route) {
		diag_help(diag_error(diag, "W101", slip->mark, "websocket event has '%s', expected 'route'", slip->key),
			"did you mean 'route'?");
	} else {
		diag_help(diag_error(diag, "W101", event->mark, "websocket event has no 'route'"),
			"add 'route: $connect', or any other route key");
	}
}

void read_websocket(struct service *service, const struct function *function, const struct entry *event,
		struct diag *diag) {
	struct value *config = event->value;
	bool whole = is_map(config) || is_list(config);
	const struct value *key = whole ? map_get(config, "route") : config;
	const char *text = plain_text(key);

	if (!whole && !is_string(config)) {
		return;		/* a number or boolean that the schema did not make a text: the reference takes no note of it */
	}
	if (!text) {
		report_route(event, key, diag);
		return;
	}
	struct route *route = add_route(service, function, key->mark, text);
	route->response_selection = map_truthy(config, "routeResponseSelectionExpression");
	route->authorizer = read_authorizer(service, map_get(config, "authorizer"), diag);
}

/* --- the API ------------------------------------------------------------------------------------------------- */

static struct value *or_text(struct arena *a, const struct value *v, const char *text) {
	return is_truthy(v) ? (struct value *)v : value_string(a, text);
}

/* A switch that is on unless it is written: null counts as not written. */
static bool is_on(const struct value *logs, const char *key) {
	const struct value *v = map_get(logs, key);

	return is_missing(v) || is_truthy(v);
}

static const struct value *read_log_level(struct arena *a, const struct value *logs, struct diag *diag) {
	const struct value *level = map_get(logs, "level");

	if (!is_on(logs, "executionLogging")) {
		return value_string(a, "OFF");
	}
	if (!is_truthy(level)) {
		return value_string(a, "INFO");
	}
	if (!is_text(level, "INFO") && !is_text(level, "ERROR")) {
		const char *text = value_spell(a, level);
		struct diagnostic *d = diag_error(diag, "W105", level->mark, "log level %s, expected 'INFO' or 'ERROR'",
			text ? arena_printf(a, "'%s' is not known", text) : arena_printf(a, "is a %s", value_kind_name(level)));
		diag_origin(d, level);
		diag_help(d, "to log no execution at all, write 'executionLogging: false'");
	}
	return level;
}

static const struct websocket_logs *read_logs(struct arena *a, const struct value *provider, struct diag *diag) {
	const struct value *logs = map_get(map_get(provider, "logs"), "websocket");
	const struct value *trace = map_get(logs, "fullExecutionData");

	if (!is_truthy(logs)) {
		return NULL;
	}
	struct websocket_logs *read = arena_new(a, struct websocket_logs);
	read->access = is_on(logs, "accessLogging");
	read->data_trace = is_missing(trace) ? value_bool(a, true) : trace;
	read->level = read_log_level(a, logs, diag);
	read->retention = map_truthy(provider, "logRetentionInDays");
	read->format = or_text(a, map_get(logs, "format"), WEBSOCKET_LOG_FORMAT);
	return read;
}

static void read_api(struct service *service, struct diag *diag) {
	struct arena *a = service->arena;
	const struct value *provider = service->provider;
	struct websocket_api *api = &service->websocket;
	struct value *external = map_truthy(map_get(provider, "apiGateway"), "websocketApiId");
	struct value *name = map_get(provider, "websocketsApiName");

	api->external_id = external;
	api->id = external ? external : MAP(a, { "Ref", value_string(a, ID_WEBSOCKETS_API) });
	api->name = is_string(name) && name->length ? name :
		value_printf(a, "%s-%s-websockets", service->stage, service->name);
	api->description = or_text(a, map_get(provider, "websocketsDescription"), "Serverless Websockets");
	api->route_selection = or_text(a, map_get(provider, "websocketsApiRouteSelectionExpression"),
		"$request.body.action");
	if (!external) {
		api->logs = read_logs(a, provider, diag);
	}
}

/* --- what loses something without a word --------------------------------------------------------------------- */

/* Routes of one logical id: the last resource takes the place of the first. `first` holds the first route's key. */
static void warn_same_route(const struct route *route, const struct value *first, struct diag *diag) {
	struct diagnostic *d;

	if (is_text(first, route->key)) {
		d = diag_warning(diag, "W106", route->mark, "route '%s' is defined again, the last definition wins", route->key);
	} else {
		d = diag_warning(diag, "W106", route->mark, "routes '%s' and '%s' have the same logical id '%s', the last one wins",
			first->text, route->key, route->id);
	}
	diag_note(d, first->mark, "first defined here");
}

static void check_routes(const struct service *service, struct diag *diag) {
	struct arena *a = service->arena;
	struct value *seen = value_map(a);

	for (const struct route *r = service->routes; r; r = r->next) {
		struct value *first = map_get(seen, r->id);
		if (first) {
			warn_same_route(r, first, diag);
			continue;
		}
		first = value_string(a, r->key);
		first->mark = r->mark;
		map_set(a, seen, r->id, first);
	}
}

static struct value *definition(struct arena *a, const struct authorizer *authorizer) {
	struct value *d = MAP(a,
		{ "name", value_string(a, authorizer->name) },
		{ "arn", authorizer->arn },
		{ "identitySource", (struct value *)authorizer->identity_source },
	);

	d->mark = authorizer->mark;
	return d;
}

static void warn_same_authorizer(struct arena *a, const struct authorizer *mine, const struct value *first,
		struct diag *diag) {
	const char *name = value_spell(a, map_get(first, "name"));
	struct diagnostic *d;

	if (strcmp(name, mine->name) == 0) {
		d = diag_warning(diag, "W107", mine->mark, "authorizer '%s' is defined again and otherwise, the last definition wins "
			"for all routes", name);
	} else {
		d = diag_warning(diag, "W107", mine->mark, "authorizers '%s' and '%s' have the same logical id '%s', the last one "
			"wins for all routes", name, mine->name, name_authorizer(a, name));
	}
	diag_note(d, first->mark, "first defined here");
}

static void check_authorizers(const struct service *service, struct diag *diag) {
	struct arena *a = service->arena;
	struct value *seen = value_map(a);

	for (const struct route *r = service->routes; r; r = r->next) {
		if (!r->authorizer) {
			continue;
		}
		const char *id = name_authorizer(a, r->authorizer->name);
		struct value *mine = definition(a, r->authorizer), *first = map_get(seen, id);
		if (!first) {
			map_set(a, seen, id, mine);
		} else if (!value_equal(first, mine)) {
			warn_same_authorizer(a, r->authorizer, first, diag);
			map_set(a, seen, id, mine);
		}
	}
}

/*
 * A permission's logical id is made of a name alone, be it a function's key or the last part of an authorizer's ARN: when
 * both are the same, the permission of the one takes the place of the other's.
 */
static void check_permissions(const struct service *service, struct diag *diag) {
	struct arena *a = service->arena;
	struct value *arns = value_map(a);

	for (const struct route *r = service->routes; r; r = r->next) {
		if (r->authorizer && is_string(r->authorizer->arn) && !r->authorizer->function) {
			struct value *name = value_string(a, r->authorizer->name);
			name->mark = r->authorizer->mark;
			map_set(a, arns, name_websockets_permission(a, r->authorizer->name), name);
		}
	}
	for (const struct route *r = arns->length ? service->routes : NULL; r; r = r->next) {
		const char *id = name_websockets_permission(a, r->function->key);
		const struct value *name = map_get(arns, id);
		if (name) {
			struct diagnostic *d = diag_warning(diag, "W108", name->mark,
				"permission of authorizer '%s' and that of function '%s' have the same logical id '%s', one is lost",
				name->text, r->function->key, id);
			diag_note(d, r->function->mark, "the function is here");
			map_remove(arns, id);
		}
	}
}

void finish_websocket(struct service *service, struct diag *diag) {
	if (!service->routes) {
		return;
	}
	read_api(service, diag);
	check_routes(service, diag);
	check_authorizers(service, diag);
	check_permissions(service, diag);
}
