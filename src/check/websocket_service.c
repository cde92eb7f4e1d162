/*
 * What the configuration of a service says that its template cannot tell any more: which changes would not be deployed, as
 * the deployment's id does not follow them.
 */
#include <string.h>

#include "base/names.h"
#include "base/text.h"
#include "check/check.h"

static bool is_deployed_type(const char *type) {
	static const char *const types[] = { "Authorizer", "Integration", "IntegrationResponse", "Model", "Route",
		"RouteResponse" };
	static const char prefix[] = "AWS::ApiGatewayV2::";

	for (size_t i = 0; text_starts(type, prefix) && i < sizeof(types) / sizeof(*types); i++) {
		if (strcmp(type + sizeof(prefix) - 1, types[i]) == 0) {
			return true;
		}
	}
	return false;
}

/* Of the API, only what chooses routes and keys is part of a deployment. */
static bool is_deployed(const struct check *c, const struct resource *r, const struct value *change) {
	const struct value *properties = map_get(change, "Properties");

	if (strcmp(r->id, ID_WEBSOCKETS_API) == 0) {
		return map_has(properties, "RouteSelectionExpression") || map_has(properties, "ApiKeySelectionExpression");
	}
	return is_deployed_type(r->type) && value_equal(check_property(r, "ApiId"), c->service->websocket.id);
}

static void check_changes(const struct check *c, const struct value *changes) {
	for (const struct entry *e = map_first(changes); e; e = map_next(changes, e)) {
		const struct resource *r = check_resource(c, e->key);
		if (r && is_deployed(c, r, e->value)) {
			diag_help(check_report_key(c, "W229", NULL, e,
				"a change of '%s' is not deployed: the deployment's id depends on events alone", e->key),
				"slsws package --harden=deployment-hash makes it depend on the whole API, and wait for its routes");
		}
	}
}

check_fn check_service_deployment;

void check_service_deployment(const struct check *c) {
	const struct service *s = c->service;

	if (!s || !c->template || !s->routes || map_has(s->hardening, "deployment-hash")) {
		return;
	}
	if (s->websocket.external_id) {
		diag_help(check_report(c, "W230", NULL, s->websocket.external_id,
			"routes that are added later are not deployed: the deployment of an API from outside has always the same id"),
			"slsws package --harden=deployment-hash makes its id depend on the routes");
		return;
	}
	check_changes(c, map_get(s->resources, "extensions"));
	check_changes(c, map_get(s->resources, "Resources"));
}
