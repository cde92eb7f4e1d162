#include "compilers.h"

void compile_websocket_route_response(const struct service *service, struct template *t, struct diag *diag) {
	struct arena *a = t->arena;
	(void)diag;

	for (const struct route *r = service->routes; r; r = r->next) {
		if (!r->response_selection) {
			continue;
		}
		template_add(t, name_route_response(a, r->key), "AWS::ApiGatewayV2::RouteResponse", MAP(a,
			{ "ApiId", service->websocket.id },
			{ "RouteId", fn_ref(a, r->id) },
			{ "RouteResponseKey", TEXT("$default") },
		));
	}
}
