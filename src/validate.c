#include "validate.h"

#include "check/check.h"
#include "check/once.h"
#include "compile.h"
#include "findings.h"
#include "read_project.h"

static void note_stops(struct diag *diag) {
	for (struct diagnostic *d = diag->first; d; d = d->next) {
		d->stops = d->severity == SEVERITY_ERROR;
	}
}

/* Whether there was a template to check. */
static bool check(struct arena *a, const struct options *options, const struct slsws_host *host,
		const struct source **source, struct diag *diag) {
	struct value *document = read_project_or_template(a, options, host, source, diag);
	bool finished = document_is_template(document);
	const struct service *service = finished ? NULL : load_config(a, document, options, host, diag);
	const struct value *template = finished ? document : compile(a, service, diag);

	note_stops(diag);
	if (template || service) {
		check_all(a, *source, service, template, diag);
	}
	return template != NULL;
}

void validate(struct arena *a, const struct options *options, const struct slsws_host *host, struct diag *diag) {
	const struct source *source;
	bool complete = check(a, options, host, &source, diag);

	diag_sort(diag);
	findings_once(diag);
	findings_filter(a, diag, source, options, host, complete);
}
