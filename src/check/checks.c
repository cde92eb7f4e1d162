#include "check.h"

#include "context.h"

struct check_row {
	const char *name;
	check_fn *run;
};

check_fn check_artifacts, check_template, check_limits, check_interface, check_intrinsics, check_circles;
check_fn check_references, check_resources, check_functions, check_names, check_websocket, check_service_deployment,
	check_security, check_runtimes, check_policy_documents, check_tables, check_handlers;

static const struct check_row checks[] = {
	{ "artifacts", check_artifacts },
	{ "template", check_template },
	{ "limits", check_limits },
	{ "interface", check_interface },
	{ "intrinsic functions", check_intrinsics },
	{ "references", check_references },
	{ "circles", check_circles },
	{ "resources", check_resources },
	{ "functions", check_functions },
	{ "names", check_names },
	{ "websocket", check_websocket },
	{ "deployment of a service", check_service_deployment },
	{ "security", check_security },
	{ "runtimes", check_runtimes },
	{ "policies", check_policy_documents },
	{ "tables", check_tables },
	{ "handlers", check_handlers },
	{ NULL, NULL },
};

void check_all(struct arena *a, const struct source *source, const struct service *service,
		const struct value *template, struct diag *diag) {
	const struct check *c = check_context(a, source, service, template, diag);

	for (const struct check_row *row = checks; row->run; row++) {
		row->run(c);
	}
}
