#include "validate.h"

#include "check/check.h"
#include "compile.h"
#include "read_project.h"

/* A service has a name and a provider; and what is in a template begins with capitals. */
static bool is_template(const struct value *document) {
	if (map_has(document, "AWSTemplateFormatVersion")) {
		return true;
	}
	return map_has(document, "Resources") && !map_has(document, "service") && !map_has(document, "provider");
}

void validate(struct arena *a, const struct options *options, const struct slsws_host *host, struct diag *diag) {
	const struct source *source;
	struct value *document = read_project_or_template(a, options, host, &source, diag);

	if (is_template(document)) {
		check_all(a, source, NULL, document, diag);
		return;
	}
	const struct service *service = load_config(a, document, options, host, diag);
	const struct value *template = compile(a, service, diag);
	if (service) {
		check_all(a, source, service, template, diag);
	}
}
