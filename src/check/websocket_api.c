/*
 * The API itself: what it must have, how it chooses routes, how many parts it may have, and its domain.
 */
#include "websocket.h"

#include <string.h>

#include "base/text.h"
#include "emit.h"

/* --- what it must have -------------------------------------------------------------------------------------------- */

static bool is_imported(const struct resource *r) {
	return check_property(r, "Body") || check_property(r, "BodyS3Location");
}

static void check_required(const struct check *c, const struct resource *r) {
	if (!check_property(r, "ProtocolType") && !is_imported(r)) {
		diag_help(check_report_at(c, "W210", r, r->mark, "API '%s' has no ProtocolType", r->id),
			"add ProtocolType: WEBSOCKET");
	}
	if (!check_property(r, "RouteSelectionExpression") && !is_imported(r)) {
		diag_help(check_report_at(c, "W211", r, r->mark, "WebSocket API '%s' has no RouteSelectionExpression", r->id),
			"add RouteSelectionExpression: $request.body.action");
	}
}

/* --- expressions -------------------------------------------------------------------------------------------------- */

/* What is wrong with an expression that is to choose a route by a message, NULL: nothing. */
static const char *selection_fault(const char *text) {
	bool variable = false;

	for (const char *at = text; *at; at++) {
		if (at[0] == '\\' && at[1] == '$') {
			at++;
			continue;
		}
		if (at[0] != '$') {
			continue;
		}
		const char *name = at + 1;
		bool braces = *name == '{';
		name += braces;
		if (!text_starts(name, "request.body.") && !text_starts(name, "request.body[")) {
			return text_starts(name, "context.") || text_starts(name, "stageVariables.") ? NULL :
				"has a variable that is not of the form $request.body.NAME";
		}
		if (braces && !strchr(name, '}')) {
			return "has '${' without '}'";
		}
		if (!name[strlen("request.body.")] || name[strlen("request.body.")] == '}') {
			return "names no element of the body";
		}
		variable = true;
	}
	return variable ? NULL : "has no variable, so it is the same for all messages";
}

static void check_expressions(const struct check *c, const struct resource *r) {
	const struct value *route = check_property(r, "RouteSelectionExpression");
	const struct value *key = check_property(r, "ApiKeySelectionExpression");
	const char *fault = is_string(route) ? selection_fault(route->text) : NULL;

	if (fault) {
		diag_help(check_report(c, "W212", r, route, "route selection expression '%s' %s", route->text, fault),
			"write for instance $request.body.action");
	}
	if (is_string(key) && strcmp(key->text, "$request.header.x-api-key") != 0 &&
			strcmp(key->text, "$context.authorizer.usageIdentifierKey") != 0) {
		diag_help(check_report(c, "W213", r, key, "API key selection expression is '%s'", key->text),
			"expected $request.header.x-api-key or $context.authorizer.usageIdentifierKey");
	}
}

/* A key that the authorizer is to give, of which there is none. */
static void check_key_source(const struct websocket *w, const struct api *api) {
	const struct value *key = check_property(api->resource, "ApiKeySelectionExpression");
	const struct part *connect = part_find_route(w, api, "$connect");

	if (is_text(key, "$context.authorizer.usageIdentifierKey") && connect &&
			!check_property(connect->resource, "AuthorizerId")) {
		check_report(w->check, "W213", api->resource, key,
			"API keys are to come from an authorizer, but $connect has none");
	}
}

/* --- quotas ------------------------------------------------------------------------------------------------------- */

struct quota {
	enum part_kind kind;
	size_t most;
	const char *name;
};

static const struct quota quotas[] = {
	{ PART_ROUTE, 300, "routes" },
	{ PART_INTEGRATION, 300, "integrations" },
	{ PART_AUTHORIZER, 10, "authorizers" },
	{ PART_STAGE, 10, "stages" },
};

/* Told where the first one stands that is too many. */
static void check_quotas(const struct check *c, const struct api *api) {
	for (size_t i = 0; i < sizeof(quotas) / sizeof(*quotas); i++) {
		const struct part *p = api->parts[quotas[i].kind];
		if (api->counts[quotas[i].kind] <= quotas[i].most) {
			continue;
		}
		for (size_t number = 0; number < quotas[i].most; number++) {
			p = p->next;
		}
		check_report_at(c, "W217", p->resource, p->resource->mark, "API has %zu %s, the quota is %zu",
			api->counts[quotas[i].kind], quotas[i].name, quotas[i].most);
	}
}

/* --- routes that nearly every API has ------------------------------------------------------------------------------ */

static void check_usual_routes(const struct websocket *w, const struct api *api) {
	const struct check *c = w->check;
	const struct resource *r = api->resource;

	if (!api->parts[PART_ROUTE] || !api->all_keys_known) {
		return;
	}
	if (!part_find_route(w, api, "$default")) {
		check_report_at(c, "W219", r, r->mark, "no route $default: a message that no route is for is answered with "
			"'Forbidden'");
	}
	if (!part_find_route(w, api, "$disconnect")) {
		check_report_at(c, "W220", r, r->mark, "no route $disconnect: nothing is told when a client goes");
	}
}

void check_websocket_api(const struct websocket *w, const struct api *api) {
	check_quotas(w->check, api);
	if (api->resource) {
		check_required(w->check, api->resource);
		check_expressions(w->check, api->resource);
		check_key_source(w, api);
		check_usual_routes(w, api);
	}
}

/* --- domains ------------------------------------------------------------------------------------------------------ */

void check_websocket_domain(const struct websocket *w, const struct api *api) {
	const struct value *disabled = check_property(api->resource, "DisableExecuteApiEndpoint");

	if (is_on(disabled) && !api->parts[PART_MAPPING]) {
		diag_help(check_report(w->check, "W231", api->resource, disabled,
			"the endpoint of API '%s' is disabled, but no domain is mapped to it", api->resource->id),
			"add an AWS::ApiGatewayV2::ApiMapping, or leave the endpoint open");
	}
	for (const struct part *p = api->parts[PART_MAPPING]; p; p = p->next) {
		const struct value *key = check_property(p->resource, "ApiMappingKey");
		if (is_string(key) && strchr(key->text, '/')) {
			check_report(w->check, "W239", p->resource, key, "mapping key '%s' of a WebSocket API has a '/'", key->text);
		}
	}
}

static const char *domain_of(const struct check *c, const struct resource *mapping) {
	return json_text(c->arena, check_property(mapping, "DomainName"))->text;
}

/* A domain is for WebSocket APIs or for others, never for both. */
void check_websocket_mixed_domains(const struct websocket *w) {
	const struct check *c = w->check;
	struct value *others = value_map(c->arena);
	const struct resource *r = check_first(c, "AWS::ApiGatewayV2::ApiMapping");

	for (; r; r = r->next_of_type) {
		const struct part *p = part_of(w, r);
		if (p && p->api->protocol == PROTOCOL_HTTP && check_property(r, "DomainName")) {
			map_set(c->arena, others, domain_of(c, r), value_string(c->arena, r->id));
		}
	}
	for (r = check_first(c, "AWS::ApiGateway::BasePathMapping"); r; r = r->next_of_type) {
		if (check_property(r, "DomainName")) {
			map_set(c->arena, others, domain_of(c, r), value_string(c->arena, r->id));
		}
	}
	r = others->length ? check_first(c, "AWS::ApiGatewayV2::ApiMapping") : NULL;
	for (; r; r = r->next_of_type) {
		const struct value *domain = check_property(r, "DomainName");
		const struct part *p = part_of(w, r);
		const struct value *other = p && p->api->protocol == PROTOCOL_WEBSOCKET && domain ?
			map_get(others, json_text(c->arena, domain)->text) : NULL;
		if (other) {
			check_report(c, "W240", r, domain, "a WebSocket API is mapped to the domain of '%s', which is of another kind of API",
				other->text);
		}
	}
}
