/* The statement that lets functions post to connections is written by the role's own pass. */
#include "compilers.h"
#include "merge.h"

static struct value *tags(const struct service *service, struct arena *a) {
	const struct value *own = map_get(service->provider, "tags");

	return is_truthy(own) ? (struct value *)value_entries(a, own) : NULL;
}

void compile_websocket_api(const struct service *service, struct template *t, struct diag *diag) {
	const struct websocket_api *api = &service->websocket;
	struct arena *a = t->arena;
	(void)diag;

	if (!service->routes || api->external_id) {
		return;
	}
	template_add(t, ID_WEBSOCKETS_API, "AWS::ApiGatewayV2::Api", MAP(a,
		{ "Name", api->name },
		{ "RouteSelectionExpression", api->route_selection },
		{ "Description", api->description },
		{ "ProtocolType", TEXT("WEBSOCKET") },
		{ "Tags", tags(service, a) },
	));
}
