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
	{ "events", compile_events },
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
