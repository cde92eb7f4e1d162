#include "compilers.h"
#include "invoke.h"

static struct value *alias_of(struct arena *a, const struct function *f) {
	return f->alias_id ? value_string(a, f->alias_id) : NULL;
}

void compile_websocket_integration(const struct service *service, struct template *t, struct diag *diag) {
	struct arena *a = t->arena;
	(void)diag;

	for (const struct route *r = service->routes; r; r = r->next) {
		template_put(t, name_integration(a, r->function->key), MAP(a,
			{ "Type", value_string(a, "AWS::ApiGatewayV2::Integration") },
			{ "DependsOn", alias_of(a, r->function) },
			{ "Properties", MAP(a,
				{ "ApiId", service->websocket.id },
				{ "IntegrationType", value_string(a, "AWS_PROXY") },
				{ "IntegrationUri", invoke_uri(a, invoke_target(a, r->function)) },
			) },
		));
	}
}
