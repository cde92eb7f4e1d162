#include "compilers.h"

static struct value *integration(struct arena *a, const struct route *r) {
	return fn_join(a, "/", LIST(a,
		TEXT("integrations"), fn_ref(a, name_integration(a, r->function->key))));
}

static struct value *authorizer_id(struct arena *a, const struct route *r) {
	return r->authorizer ? fn_ref(a, name_authorizer(a, r->authorizer->name)) : NULL;
}

void compile_websocket_route(const struct service *service, struct template *t, struct diag *diag) {
	struct arena *a = t->arena;
	(void)diag;

	for (const struct route *r = service->routes; r; r = r->next) {
		template_add(t, r->id, "AWS::ApiGatewayV2::Route", MAP(a,
			{ "ApiId", service->websocket.id },
			{ "RouteKey", value_string(a, r->key) },
			{ "AuthorizationType", r->authorizer ? TEXT("CUSTOM") : TEXT("NONE") },
			{ "Target", integration(a, r) },
			{ "RouteResponseSelectionExpression", (struct value *)r->response_selection },
			{ "AuthorizerId", authorizer_id(a, r) },
		));
	}
}
