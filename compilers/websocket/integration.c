#include "compilers.h"
#include "invoke.h"

enum { ALIAS_ID, TARGET };

static struct form *integration(const struct service *service, struct arena *a) {
	return form_create(a, MAP(a,
		{ "Type", TEXT("AWS::ApiGatewayV2::Integration") },
		{ "DependsOn", BLANK(ALIAS_ID) },
		{ "Properties", MAP(a,
			{ "ApiId", service->websocket.id },
			{ "IntegrationType", TEXT("AWS_PROXY") },
			{ "IntegrationUri", invoke_uri(a, BLANK(TARGET)) },
		) },
	));
}

void compile_websocket_integration(const struct service *service, struct template *t, struct diag *diag) {
	struct arena *a = t->arena;
	struct form *form = integration(service, a);
	const struct function *last = NULL;
	(void)diag;

	for (const struct route *r = service->routes; r; last = r->function, r = r->next) {
		const struct function *f = r->function;
		if (f != last) {
			template_put(t, name_integration(a, f->key), FILL(form,
				[ALIAS_ID] = f->alias_id ? value_string(a, f->alias_id) : NULL,
				[TARGET] = f->target,
			));
		}
	}
}
