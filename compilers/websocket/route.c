#include "compilers.h"

enum { KEY, AUTHORIZATION, INTEGRATION, RESPONSE, AUTHORIZER };

static struct form *route(const struct service *service, struct arena *a) {
	return form_create(a, MAP(a,
		{ "Type", TEXT("AWS::ApiGatewayV2::Route") },
		{ "Properties", MAP(a,
			{ "ApiId", service->websocket.id },
			{ "RouteKey", BLANK(KEY) },
			{ "AuthorizationType", BLANK(AUTHORIZATION) },
			{ "Target", fn_join(a, "/", LIST(a,
				TEXT("integrations"), MAP(a, { "Ref", BLANK(INTEGRATION) }),
			)) },
			{ "RouteResponseSelectionExpression", BLANK(RESPONSE) },
			{ "AuthorizerId", BLANK(AUTHORIZER) },
		) },
	));
}

static struct value *authorizer_id(struct arena *a, const struct route *r) {
	return r->authorizer ? fn_ref(a, name_authorizer(a, r->authorizer->name)) : NULL;
}

void compile_websocket_route(const struct service *service, struct template *t, struct diag *diag) {
	struct arena *a = t->arena;
	struct form *form = route(service, a);
	(void)diag;

	for (const struct route *r = service->routes; r; r = r->next) {
		template_put(t, r->id, FILL(form,
			[KEY] = value_string(a, r->key),
			[AUTHORIZATION] = r->authorizer ? TEXT("CUSTOM") : TEXT("NONE"),
			[INTEGRATION] = value_string(a, name_integration(a, r->function->key)),
			[RESPONSE] = (struct value *)r->response_selection,
			[AUTHORIZER] = authorizer_id(a, r),
		));
	}
}
