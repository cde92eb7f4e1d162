#include "compilers.h"
#include "invoke.h"

/* By its name, even if an ARN says which function is meant: so does the reference. */
static struct value *alias_of(struct arena *a, const struct service *service, const struct authorizer *authorizer) {
	const struct function *f = service_function(service, authorizer->name);

	return f && f->alias_id ? value_string(a, f->alias_id) : NULL;
}

static struct value *identity_source(struct arena *a, const struct authorizer *authorizer) {
	return authorizer->identity_source ? (struct value *)authorizer->identity_source :
		LIST(a, TEXT("route.request.header.Auth"));
}

void compile_websocket_authorizer(const struct service *service, struct template *t, struct diag *diag) {
	struct arena *a = t->arena;
	(void)diag;

	for (const struct route *r = service->routes; r; r = r->next) {
		const struct authorizer *authorizer = r->authorizer;
		if (!authorizer) {
			continue;
		}
		struct value *target = authorizer->arn ? authorizer->arn : authorizer->function->target;
		template_put(t, name_authorizer(a, authorizer->name), MAP(a,
			{ "Type", TEXT("AWS::ApiGatewayV2::Authorizer") },
			{ "DependsOn", alias_of(a, service, authorizer) },
			{ "Properties", MAP(a,
				{ "ApiId", service->websocket.id },
				{ "Name", value_string(a, authorizer->name) },
				{ "AuthorizerType", TEXT("REQUEST") },
				{ "AuthorizerUri", invoke_uri(a, target) },
				{ "IdentitySource", identity_source(a, authorizer) },
			) },
		));
	}
}
