/*
 * Routes: their keys, who may use them, and the answers to them.
 */
#include "websocket.h"

#include <string.h>

#include "base/text.h"

enum { LONG_KEY = 128 };

static bool is_connect(const struct part *route) {
	return route->key && strcmp(route->key, "$connect") == 0;
}

/* --- keys ------------------------------------------------------------------------------------------------------- */

static void check_key(const struct check *c, const struct part *route) {
	static const char *const reserved[] = { "$connect", "$disconnect", "$default" };
	const char *key = route->key;

	if (!key) {
		return;
	}
	for (size_t i = 0; i < sizeof(reserved) / sizeof(*reserved); i++) {
		if (strcmp(key, reserved[i]) == 0) {
			return;
		}
	}
	if (*key == '$') {
		struct diagnostic *d = check_report(c, "W201", route->resource, route->route_key,
			"route key '%s' begins with '$' but is none of $connect, $disconnect and $default", key);
		const char *closest = text_closest(key, reserved, sizeof(reserved) / sizeof(*reserved));
		if (closest) {
			diag_help(d, "did you mean '%s'?", closest);
		} else {
			diag_help(d, "write '%s'", key + strspn(key, "$"));
		}
	} else if (!*key) {
		check_report(c, "W202", route->resource, route->route_key, "route key is empty");
	} else if (strlen(key) > LONG_KEY) {
		check_report(c, "W202", route->resource, route->route_key, "route key has %zu bytes, more than %d", strlen(key),
			LONG_KEY);
	}
}

/* Of the routes of a key, `routes` of the API knows the first. */
static void check_again(const struct websocket *w, const struct api *api, const struct part *route) {
	const struct part *first = route->key ? part_find_route(w, api, route->key) : NULL;

	if (!first || first == route || first->resource->value == route->resource->value) {
		return;
	}
	if (map_has(first->resource->value, "Condition") || map_has(route->resource->value, "Condition")) {
		return;		/* perhaps never both */
	}
	struct diagnostic *d = check_report(w->check, "W203", route->resource, route->route_key,
		"route key '%s' is that of the route '%s' too", route->key, first->resource->id);
	if (first->resource->mark.source) {
		diag_note(d, first->resource->mark, "the other route");
	}
}

/* --- who may use them ---------------------------------------------------------------------------------------------- */

static const char *authorization(const struct part *route) {
	const struct value *type = check_property(route->resource, "AuthorizationType");

	return is_string(type) ? type->text : type ? NULL : "NONE";
}

/* Where the service has the authorizer is a better place than its route. */
static const struct value *place_of(const struct part *route, const char *property) {
	const struct value *v = check_property(route->resource, property);

	return v ? v : route->route_key;
}

static void check_place(const struct check *c, const struct part *route) {
	const char *type = authorization(route);
	bool authorizer = check_property(route->resource, "AuthorizerId") != NULL;

	if (!route->key || is_connect(route) || (type && strcmp(type, "NONE") == 0 && !authorizer)) {
		return;
	}
	if (type && strcmp(type, "NONE") != 0) {
		struct diagnostic *d = check_report(c, "W204", route->resource, place_of(route, "AuthorizationType"),
			"route '%s' has an authorizer, which only $connect can have", route->key);
		diag_help(d, "move it to $connect: who may connect may send messages too");
	}
}

static void check_authorization(const struct check *c, const struct part *route) {
	const char *type = authorization(route);
	const struct value *id = check_property(route->resource, "AuthorizerId");

	if (type && strcmp(type, "JWT") == 0) {
		check_report(c, "W206", route->resource, place_of(route, "AuthorizationType"),
			"AuthorizationType JWT is for HTTP APIs, a WebSocket API takes NONE, AWS_IAM or CUSTOM");
		return;
	}
	if (type && strcmp(type, "CUSTOM") == 0 && !id) {
		check_report(c, "W205", route->resource, place_of(route, "AuthorizationType"),
			"AuthorizationType is CUSTOM, but there is no AuthorizerId");
	} else if (type && id && (strcmp(type, "NONE") == 0 || strcmp(type, "AWS_IAM") == 0)) {
		check_report(c, "W205", route->resource, id, "AuthorizerId has no effect with AuthorizationType %s", type);
	}
}

static void check_kind(const struct websocket *w, const struct part *part, const char *property, const char *type) {
	const struct value *v = check_property(part->resource, property);
	const struct resource *r = map_has(v, "Ref") ? referred(w->check, v) : NULL;
	const struct part *other = part_of(w, r);

	if (!r) {
		return;
	}
	if (strcmp(r->type, type) != 0) {
		check_report(w->check, "W236", part->resource, v, "%s is the resource '%s' of type %s, expected one of %s", property,
			r->id, r->type, type);
	} else if (other && other->api != part->api) {
		check_report(w->check, "W236", part->resource, v, "%s is the resource '%s', which belongs to another API", property,
			r->id);
	}
}

/* --- answers ---------------------------------------------------------------------------------------------------- */

static void check_selection(const struct check *c, const struct resource *r, const char *property) {
	const struct value *v = check_property(r, property);

	if (is_string(v) && strcmp(v->text, "$default") != 0) {
		diag_help(check_report(c, "W214", r, v, "%s is '%s', expected $default", property, v->text), "write '$default'");
	}
}

/* Marks the routes that have a route response with the number of this turn, which it gives. */
static size_t mark_answered(const struct websocket *w, const struct api *api) {
	size_t turn = ++w->scratch->turn;

	for (const struct part *p = api->parts[PART_ROUTE_RESPONSE]; p; p = p->next) {
		const struct resource *route = referred(w->check, check_property(p->resource, "RouteId"));
		if (route) {
			w->scratch->answered[route->number] = turn;
		}
	}
	return turn;
}

static bool all_responses_known(const struct websocket *w, const struct api *api) {
	for (const struct part *p = api->parts[PART_ROUTE_RESPONSE]; p; p = p->next) {
		if (!referred(w->check, check_property(p->resource, "RouteId"))) {
			return false;
		}
	}
	return true;
}

/* What a proxy integration answers passes by the expression alone; others have responses of their own. */
static bool is_proxy(const struct check *c, const struct resource *route) {
	const struct resource *integration = referred(c, check_property(route, "Target"));
	const struct value *type = check_property(integration, "IntegrationType");

	return is_text(type, "AWS_PROXY") || is_text(type, "HTTP_PROXY");
}

static void check_answers(const struct websocket *w, const struct api *api) {
	const struct check *c = w->check;
	size_t turn = mark_answered(w, api);
	bool known = all_responses_known(w, api);

	for (const struct part *p = api->parts[PART_ROUTE]; p; p = p->next) {
		const struct value *v = check_property(p->resource, "RouteResponseSelectionExpression");
		if (v && known && w->scratch->answered[p->resource->number] != turn) {
			diag_help(check_report(c, "W218", p->resource, v, "route '%s' selects a response, but has no RouteResponse: "
				"the answer of its integration is dropped", p->key ? p->key : p->resource->id),
				"add an AWS::ApiGatewayV2::RouteResponse with the key $default");
		}
	}
	for (const struct part *p = api->parts[PART_ROUTE_RESPONSE]; p; p = p->next) {
		const struct resource *route = referred(c, check_property(p->resource, "RouteId"));
		check_selection(c, p->resource, "RouteResponseKey");
		check_kind(w, p, "RouteId", "AWS::ApiGatewayV2::Route");
		if (part_of(w, route) && strcmp(route->type, "AWS::ApiGatewayV2::Route") == 0 &&
				is_proxy(c, route) && !check_property(route, "RouteResponseSelectionExpression")) {
			diag_help(check_report(c, "W218", p->resource, check_property(p->resource, "RouteId"),
				"route '%s' has a RouteResponse, but no RouteResponseSelectionExpression: it is never used", route->id),
				"add RouteResponseSelectionExpression: $default to the route");
		}
	}
}

/* --- targets ---------------------------------------------------------------------------------------------------- */

static void check_target(const struct websocket *w, const struct part *route) {
	const struct value *target = check_property(route->resource, "Target");
	const char *text = known_text(w->check, target);
	const struct resource *r = referred(w->check, target);
	const struct part *integration = part_of(w, r);
	bool bare = integration && strcmp(r->type, "AWS::ApiGatewayV2::Integration") == 0 &&
		is_text(map_get(target, "Ref"), r->id);	/* the id alone */

	if (!target) {
		check_report(w->check, "W233", route->resource, route->route_key, "route '%s' has no Target: nothing answers it",
			route->key ? route->key : route->resource->id);
		return;
	}
	if (bare || (text && *text != '\1' && !text_starts(text, "integrations/"))) {
		diag_help(check_report(w->check, "W232", route->resource, target,
			"Target does not begin with 'integrations/'"), "write !Sub 'integrations/${%s}'",
			bare ? r->id : "Integration");
	} else if (r && strcmp(r->type, "AWS::ApiGatewayV2::Integration") != 0) {
		check_report(w->check, "W232", route->resource, target, "Target is the resource '%s' of type %s, expected an "
			"AWS::ApiGatewayV2::Integration", r->id, *r->type ? r->type : "none");
	} else if (integration && integration->api != route->api) {
		check_report(w->check, "W232", route->resource, target, "Target is the integration '%s' of another API", r->id);
	}
}

/* Keys count for the stages of a usage plan. */
static void check_key_plan(const struct check *c, const struct part *route) {
	const struct value *required = check_property(route->resource, "ApiKeyRequired");

	if (is_on(required) && !check_first(c, "AWS::ApiGateway::UsagePlan")) {
		check_report(c, "W244", route->resource, required, "route '%s' requires an API key, but there is no usage plan",
			route->key ? route->key : route->resource->id);
	}
}

void check_websocket_routes(const struct websocket *w, const struct api *api) {
	for (const struct part *p = api->parts[PART_ROUTE]; p; p = p->next) {
		check_key(w->check, p);
		check_again(w, api, p);
		check_place(w->check, p);
		check_authorization(w->check, p);
		check_kind(w, p, "AuthorizerId", "AWS::ApiGatewayV2::Authorizer");
		check_selection(w->check, p->resource, "RouteResponseSelectionExpression");
		check_target(w, p);
		check_key_plan(w->check, p);
	}
	check_answers(w, api);
	for (const struct part *p = api->parts[PART_STAGE]; p; p = p->next) {
		check_kind(w, p, "DeploymentId", "AWS::ApiGatewayV2::Deployment");
	}
}
