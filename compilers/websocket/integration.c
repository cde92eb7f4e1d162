#include "compilers.h"
#include "invoke.h"

static struct value *alias_of(struct arena *a, const struct function *f) {
	return f->alias_id ? value_string(a, f->alias_id) : NULL;
}

void compile_websocket_integration(const struct service *service, struct template *t, struct diag *diag) {
	struct arena *a = t->arena;
	struct value *parts = service->routes ? invoke_uri_parts(a) : NULL;
	const struct function *last = NULL;
	(void)diag;

	for (const struct route *r = service->routes; r; last = r->function, r = r->next) {
		if (r->function == last) {
			continue;
		}
		template_put(t, name_integration(a, r->function->key), MAP(a,
			{ "Type", TEXT("AWS::ApiGatewayV2::Integration") },
			{ "DependsOn", alias_of(a, r->function) },
			{ "Properties", MAP(a,
				{ "ApiId", service->websocket.id },
				{ "IntegrationType", TEXT("AWS_PROXY") },
				{ "IntegrationUri", invoke_uri(a, parts, invoke_target(a, r->function)) },
			) },
		));
	}
}
