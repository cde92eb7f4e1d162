/* Websocket events: their passes in the order of the template, and what the API adds to the role. */
#include "compilers.h"
#include "invoke.h"

static compile_fn *const passes[] = {
	compile_websocket_api,
	compile_websocket_integration,
	compile_websocket_route_response,
	compile_websocket_authorizer,
	compile_websocket_permission,
	compile_websocket_route,
	compile_websocket_stage,
	compile_account_role,
	compile_harden,		/* the digest of the deployment is of what is hardened */
	compile_websocket_deployment,
};

void compile_websocket(const struct service *service, struct template *t, struct diag *diag) {
	for (size_t i = 0; i < sizeof(passes) / sizeof(*passes); i++) {
		passes[i](service, t, diag);
	}
}

/* An API from outside is not the service's to manage. */
void grant_websocket(struct grants *grants) {
	struct arena *a = grants->arena;

	if (grants->service->routes && !grants->service->websocket.external_id) {
		list_add(a, grants->statements, allow_statement(a, LIST(a, TEXT("execute-api:ManageConnections")),
			LIST(a, fn_sub(a, "arn:${AWS::Partition}:execute-api:*:*:*/@connections/*"))));
	}
}
