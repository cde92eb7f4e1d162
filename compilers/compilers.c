#include "compilers.h"

struct pass {
	const char *name;
	compile_fn *compile;
};

static const struct pass passes[] = {
	{ "deployment bucket", compile_deployment_bucket },
	{ "log group", compile_log_group },
	{ "iam role", compile_iam_role },
	{ "layer", compile_layer },
	{ "functions", compile_functions },
	{ "websocket api", compile_websocket_api },
	{ "websocket integration", compile_websocket_integration },
	{ "websocket route response", compile_websocket_route_response },
	{ "websocket authorizer", compile_websocket_authorizer },
	{ "websocket permission", compile_websocket_permission },
	{ "websocket route", compile_websocket_route },
	{ "websocket stage", compile_websocket_stage },
	{ "account role", compile_account_role },
	{ "hardening", compile_harden },
	{ "websocket deployment", compile_websocket_deployment },
	{ "outputs", compile_outputs },
	{ "resources", compile_resources },
	{ "hardening of the whole", compile_harden_last },
	{ NULL, NULL },
};

void compile_all(const struct service *service, struct template *t, struct diag *diag) {
	for (const struct pass *pass = passes; pass->compile; pass++) {
		pass->compile(service, t, diag);
	}
}
