/*
 * Events of an HTTP API. Settings: key (of the route, "*" for $default), method and path (as the state has them; no path: all),
 * authorization (AuthorizationType), authorizer (its id: a text, or an intrinsic), scopes; NULL where the route has none.
 */
#include <string.h>
#include <strings.h>

#include "base/names.h"
#include "base/text.h"
#include "events/events.h"

static const char *const methods[] = { "GET", "POST", "PUT", "PATCH", "OPTIONS", "HEAD", "DELETE" };

enum { METHODS = sizeof(methods) / sizeof(*methods), LIMIT = 30, DEFAULT_TIMEOUT = 6 };

struct reading {
	struct service *service;
	struct diag *diag;
	const struct value *settings;	/* provider.httpApi */
};

static struct reading reading_of(struct service *service, struct diag *diag) {
	return (struct reading){ service, diag, map_get(service->provider, "httpApi") };
}

/* --- lists that have everything once -------------------------------------------------------------------------- */

static const char *identity(struct arena *a, const struct value *v) {
	return is_map(v) || is_list(v) ? NULL : arena_printf(a, "%d %s", (int)v->kind, value_spell(a, v));
}

/* A list of what is in a list, or of what is none: texts once; maps and lists are not the same to JavaScript. */
struct value *value_set(struct arena *a, struct value *v) {
	struct value *set = value_list(a), *seen = value_map(a);

	if (!is_list(v)) {
		return LIST(a, v ? v : value_null(a));
	}
	for (size_t i = 0; i < v->length; i++) {
		const char *key = identity(a, v->items[i]);
		if (key && map_has(seen, key)) {
			continue;
		}
		list_add(a, set, v->items[i]);
		if (key) {
			map_set(a, seen, key, value_null(a));
		}
	}
	return set;
}

/* --- routes --------------------------------------------------------------------------------------------------- */

static const char *known_method(const char *text, size_t length) {
	for (size_t i = 0; i < METHODS; i++) {
		if (strlen(methods[i]) == length && strncasecmp(methods[i], text, length) == 0) {
			return methods[i];
		}
	}
	return length == 3 && strncasecmp("ANY", text, length) == 0 ? "ANY" : NULL;
}

static bool has_space(const char *text, size_t length) {
	for (size_t i = 0; i < length; i++) {
		if (text_space(text + i, length - i)) {
			return true;
		}
	}
	return false;
}

static void report_route(const struct reading *r, struct mark mark, const struct value *from, const char *fault) {
	struct diagnostic *d = diag_error(r->diag, "C390", mark, "%s", fault);

	diag_origin(d, from);
	diag_help(d, "write 'httpApi: GET /path', with ANY for all methods, or 'httpApi: \"*\"' for all that has no other route");
}

struct target {
	const char *method, *path;	/* path NULL: whatever has no other route */
};

/* "*", or "GET /path". */
static bool read_text(const struct reading *r, const struct value *v, struct target *target) {
	const char *text = is_string(v) ? v->text : value_spell(r->service->arena, v);
	size_t length = is_string(v) ? v->length : text ? strlen(text) : 0, end = text ? strcspn(text, " ") : 0;

	*target = (struct target){ "ANY", NULL };
	if (length == 1 && *text == '*') {
		return true;
	}
	target->method = text ? known_method(text, end) : NULL;
	if (!target->method || end + 1 >= length || text[end + 1] != '/' || has_space(text + end + 1, length - end - 1) ||
		strlen(text) != length) {
		report_route(r, v->mark, v, arena_printf(r->service->arena, "httpApi event is '%s', expected a method and a path",
			text ? text : "a list"));
		return false;
	}
	target->path = text + end + 1;
	return true;
}

/* As JavaScript's String() has it. */
static const char *spell(struct arena *a, const struct value *v) {
	const char *text = v ? value_spell(a, v) : "undefined";

	return text ? text : is_null(v) ? "null" : is_map(v) ? "[object Object]" : NULL;
}

static bool read_method(const struct reading *r, const struct entry *event, struct target *target) {
	const struct value *method = map_truthy(event->value, "method");
	const char *text = method ? spell(r->service->arena, method) : NULL;

	if (!method) {
		report_route(r, event->mark, NULL, "httpApi event has no 'method'");
		return false;
	}
	target->method = text && strcmp(text, "*") == 0 ? "ANY" : text ? known_method(text, strlen(text)) : NULL;
	if (!target->method) {
		report_route(r, method->mark, method, arena_printf(r->service->arena, "method '%s' is not known",
			text ? text : "a list"));
	}
	return target->method != NULL;
}

static bool read_map(const struct reading *r, const struct entry *event, struct target *target) {
	const struct value *path = map_get(event->value, "path"), *method = map_truthy(event->value, "method");
	const char *text = spell(r->service->arena, path);

	if (!text || (is_string(path) && strlen(text) != path->length)) {
		report_route(r, path->mark, path, "path is no text, or has a NUL character");
		return false;
	}
	*target = (struct target){ "ANY", strcmp(text, "*") == 0 ? NULL : text };
	if (target->path) {
		return read_method(r, event, target);
	}
	if (method && !is_text(method, "*")) {
		report_route(r, method->mark, method, "the path '*' is for all methods, so it has none");
		return false;
	}
	return true;
}

/* --- the authorizer of a route -------------------------------------------------------------------------------- */

struct authorization {
	struct value *type, *id;
	struct value *scopes;
};

static void report_authorizer(const struct reading *r, const struct value *at, const char *help, const char *fault) {
	struct diagnostic *d = diag_error(r->diag, "C392", at->mark, "%s", fault);

	diag_origin(d, at);
	diag_help(d, "%s", help);
}

static void read_iam(const struct reading *r, const struct value *authorizer, struct authorization *read) {
	static const char *const others[] = { "name", "id", "scopes" };

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		const struct value *other = map_truthy(authorizer, others[i]);
		if (other) {
			report_authorizer(r, other, "leave it out", arena_printf(r->service->arena,
				"an authorizer of the type 'aws_iam' has no '%s'", others[i]));
		}
	}
	read->type = TEXT("AWS_IAM");
}

static struct value *authorization_type(const struct value *type) {
	return is_text(type, "request") ? TEXT("CUSTOM") : TEXT("JWT");
}

/* One that stands in provider.httpApi.authorizers. */
static void read_named(const struct reading *r, const struct value *name, struct authorization *read) {
	const struct value *all = map_get(r->settings, "authorizers");
	const struct entry *e = is_string(name) ? map_find_text(all, name->text, name->length) : NULL;
	struct arena *a = r->service->arena;

	if (!e) {
		const char *text = value_spell(a, name);
		report_authorizer(r, name, "add it to 'provider.httpApi.authorizers'", arena_printf(a,
			"authorizer '%s' is not configured", text ? text : value_kind_name(name)));
		return;
	}
	const char *own = spell(a, map_truthy(e->value, "name") ? map_get(e->value, "name") : name);
	read->type = authorization_type(map_get(e->value, "type"));
	read->id = MAP(a, { "Ref", value_string(a, name_http_authorizer(a, own ? own : e->key)) });
}

static struct authorization read_authorizer(const struct reading *r, const struct value *authorizer) {
	bool whole = is_map(authorizer) || is_list(authorizer);
	const struct value *name = whole ? map_truthy(authorizer, "name") : authorizer;
	const struct value *type = map_get(authorizer, "type");
	struct value *id = map_truthy(authorizer, "id"), *scopes = map_truthy(authorizer, "scopes");
	struct authorization read = { NULL, NULL, NULL };

	if (!is_truthy(authorizer)) {
		return read;
	}
	read.scopes = scopes ? value_set(r->service->arena, scopes) : NULL;
	if (is_text(type, "aws_iam")) {
		read_iam(r, authorizer, &read);
	} else if (!id && !name) {
		report_authorizer(r, authorizer, "add 'name', or 'id' where the API is from outside",
			"authorizer has neither 'name' nor 'id'");
	} else if (id && !map_truthy(r->settings, "id")) {
		report_authorizer(r, id, "name one of 'provider.httpApi.authorizers', or set 'provider.httpApi.id'",
			"authorizer has an 'id', but the HTTP API is the service's own");
	} else if (id) {
		read.type = authorization_type(type);
		read.id = id;
	} else {
		read_named(r, name, &read);
	}
	return read;
}

void read_httpApi(struct service *service, const struct function *function, const struct entry *event,
		struct diag *diag) {
	const struct reading r = reading_of(service, diag);
	bool whole = is_map(event->value) || is_list(event->value);
	struct arena *a = service->arena;
	struct target target = { NULL, NULL };

	if (!(whole ? read_map(&r, event, &target) : read_text(&r, event->value, &target))) {
		return;
	}
	struct authorization authorization = read_authorizer(&r, map_get(event->value, "authorizer"));
	event_add(service, EVENT_HTTP_API, function, event->mark, MAP(a,
		{ "key", target.path ? value_printf(a, "%s %s", target.method, target.path) : TEXT("*") },
		{ "method", value_string(a, target.method) },
		{ "path", target.path ? value_string(a, target.path) : NULL },
		{ "authorization", authorization.type },
		{ "authorizer", authorization.id },
		{ "scopes", authorization.id ? authorization.scopes : NULL },
	));
}

/* --- the API -------------------------------------------------------------------------------------------------- */

/* What an API from outside cannot be given. */
static bool is_own(const struct reading *r, const struct value *setting, const char *what) {
	if (!map_truthy(r->settings, "id")) {
		return true;
	}
	struct diagnostic *d = diag_error(r->diag, "C394", setting->mark, "%s cannot be set up for an HTTP API from outside", what);
	diag_origin(d, setting);
	diag_help(d, "leave it out, or leave out 'provider.httpApi.id'");
	return false;
}

/* OPTIONS, and what the routes have. */
static struct value *used_methods(const struct service *service) {
	struct arena *a = service->arena;
	struct value *used = LIST(a, TEXT("OPTIONS"));

	for (const struct event *e = service->events[EVENT_HTTP_API]; e; e = e->next) {
		struct value *method = map_get(e->settings, "method");
		for (size_t i = 0; i < METHODS && is_text(method, "ANY"); i++) {
			list_add(a, used, value_string(a, methods[i]));
		}
		list_add(a, used, is_text(method, "ANY") ? NULL : method);
		used = used->length > METHODS ? value_set(a, used) : used;
	}
	return value_set(a, used);
}

static struct value *set_or(const struct service *service, const struct value *cors, const char *key,
		struct value *instead) {
	struct value *own = map_truthy(cors, key);

	return own ? value_set(service->arena, own) : instead;
}

static struct value *read_cors(const struct reading *r) {
	const struct value *cors = map_truthy(r->settings, "cors");
	struct arena *a = r->service->arena;

	if (!cors || !is_own(r, cors, "CORS")) {
		return NULL;
	}
	return MAP(a,
		{ "AllowCredentials", map_truthy(cors, "allowCredentials") ? value_bool(a, true) : NULL },
		{ "AllowHeaders", set_or(r->service, cors, "allowedHeaders", LIST(a,
			TEXT("Content-Type"), TEXT("X-Amz-Date"), TEXT("Authorization"), TEXT("X-Api-Key"),
			TEXT("X-Amz-Security-Token"), TEXT("X-Amz-User-Agent"), TEXT("X-Amzn-Trace-Id"),
		)) },
		{ "AllowMethods", set_or(r->service, cors, "allowedMethods", used_methods(r->service)) },
		{ "AllowOrigins", set_or(r->service, cors, "allowedOrigins", LIST(a, TEXT("*"))) },
		{ "ExposeHeaders", set_or(r->service, cors, "exposedResponseHeaders", NULL) },
		{ "MaxAge", map_get(cors, "maxAge") },
	);
}

static struct value *read_log_format(const struct reading *r) {
	const struct value *logs = map_truthy(map_get(r->service->provider, "logs"), "httpApi");
	struct value *own = map_truthy(logs, "format");

	if (!logs || !is_own(r, logs, "access logs")) {
		return NULL;
	}
	return own ? own : TEXT("{\"requestId\":\"$context.requestId\",\"ip\":\"$context.identity.sourceIp\","
		"\"requestTime\":\"$context.requestTime\",\"httpMethod\":\"$context.httpMethod\","
		"\"routeKey\":\"$context.routeKey\",\"status\":\"$context.status\",\"protocol\":\"$context.protocol\","
		"\"responseLength\":\"$context.responseLength\"}");
}

static void report_configured(const struct reading *r, const struct entry *e, const char *fault, const char *help) {
	diag_help(diag_error(r->diag, "C393", e->mark, "authorizer '%s' %s", e->key, fault), "%s", help);
}

static void check_request_authorizer(const struct reading *r, const struct entry *e) {
	const struct value *arn = map_truthy(e->value, "functionArn"), *name = map_truthy(e->value, "functionName");
	const char *key = name ? spell(r->service->arena, name) : NULL;

	if (!arn == !name) {
		report_configured(r, e, arn ? "has both 'functionArn' and 'functionName'" :
			"has neither 'functionArn' nor 'functionName'", "write 'functionName' for a function of this service, "
			"'functionArn' for another");
	} else if (key && !service_function(r->service, key)) {
		service_unknown_function(r->service, r->diag, name->mark, key, arena_printf(r->service->arena,
			"authorizer '%s' of the HTTP API", e->key));
	}
	if (map_truthy(e->value, "resultTtlInSeconds") && !map_truthy(e->value, "identitySource")) {
		report_configured(r, e, "has 'resultTtlInSeconds', but no 'identitySource'",
			"add 'identitySource', by which results are kept");
	}
}

static const struct value *read_authorizers(const struct reading *r) {
	const struct value *all = map_truthy(r->settings, "authorizers");

	if (!all || !is_own(r, all, "authorizers")) {
		return NULL;
	}
	for (const struct entry *e = map_first(all); e; e = map_next(all, e)) {
		if (is_null(e->value)) {
			report_configured(r, e, "is empty", "write a map with 'type', or leave it out");
		} else if (is_text(map_get(e->value, "type"), "request")) {
			check_request_authorizer(r, e);
		}
	}
	return all;
}

/* --- what goes together --------------------------------------------------------------------------------------- */

static double seconds(const struct value *v) {
	double number = 0;

	if (is_string(v) && !number_read(v->text, v->length, &number)) {
		return 0;
	}
	return is_number(v) ? v->number : number;
}

static void check_timeout(const struct reading *r, const struct function *f) {
	const struct entry *own = map_find(f->config, "timeout"), *general = map_find(r->service->provider, "timeout");
	const struct entry *e = own && seconds(own->value) != 0 ? own : general;
	double timeout = e ? seconds(e->value) : DEFAULT_TIMEOUT;

	if (timeout >= LIMIT) {
		struct diagnostic *d = diag_warning(r->diag, "C395", e->mark,
			"function '%s' may run for %g seconds, an HTTP API waits for %d at most", f->key, timeout, LIMIT);
		diag_help(d, "set 'timeout' to less than %d", LIMIT);
	}
}

static struct value *first_at(struct arena *a, const struct event *e) {
	return value_at(a, map_get(e->settings, "key"), e->mark);
}

static void report_again(const struct reading *r, const struct event *e, const struct value *first, const char *id) {
	const char *key = map_get(e->settings, "key")->text;
	struct diagnostic *d;

	if (!is_text(first, key)) {
		d = diag_warning(r->diag, "C396", e->mark, "routes '%s' and '%s' have the same logical id '%s', the last one wins",
			first->text, key, id);
	} else if (map_has(e->settings, "path")) {
		d = diag_error(r->diag, "C391", e->mark, "route '%s' is defined again", key);
		diag_help(d, "leave one of the two out");
	} else {
		d = diag_warning(r->diag, "C396", e->mark, "route '*' is defined again, the last definition wins");
	}
	diag_note(d, first->mark, "first defined here");
}

/* Keys have other ids than their routes: no id has a space, and only "*" has none. */
static void check_routes(const struct reading *r) {
	struct arena *a = r->service->arena;
	struct value *seen = value_map(a);

	for (const struct event *e = r->service->events[EVENT_HTTP_API]; e; e = e->next) {
		const char *key = map_get(e->settings, "key")->text, *id = name_http_route(a, key);
		const struct value *same = map_get(seen, key), *first = same ? same : map_get(seen, id);
		if (first) {
			report_again(r, e, first, id);
		} else {
			map_set(a, seen, id, first_at(a, e));
		}
		map_set(a, seen, key, same ? (struct value *)same : first_at(a, e));
	}
}

static void check_events(const struct reading *r) {
	const struct function *last = NULL;

	for (const struct event *e = r->service->events[EVENT_HTTP_API]; e; last = e->function, e = e->next) {
		if (!map_has(e->settings, "path")) {
			r->service->http_api.last_default = e;
		}
		if (e->function != last) {
			check_timeout(r, e->function);
		}
	}
	check_routes(r);
}

/* The reference finds fault with the API's settings even where no event makes use of them. */
void finish_httpApi(struct service *service, struct diag *diag) {
	const struct reading r = reading_of(service, diag);
	struct http_api *api = &service->http_api;
	struct arena *a = service->arena;

	api->external_id = map_truthy(r.settings, "id");
	api->id = api->external_id ? (struct value *)api->external_id : MAP(a, { "Ref", TEXT(ID_HTTP_API) });
	api->cors = read_cors(&r);
	api->log_format = read_log_format(&r);
	api->authorizers = read_authorizers(&r);
	check_events(&r);
}
