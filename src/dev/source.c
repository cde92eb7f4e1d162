#include "dev/source.h"

#include <stdlib.h>

#include "compile.h"
#include "host.h"
#include "read_project.h"

static const char *text_or(const char *text, const char *otherwise) {
	return text ? text : otherwise;
}

/* A template of another tool has neither region nor account, nor a name. */
struct template_source source_read(struct arena *a, const struct options *options, struct diag *diag) {
	struct slsws_host host = host_complete(NULL);
	const struct source *file;
	struct value *document = read_project_or_template(a, options, &host, &file, diag);
	const struct value *account = map_get(options->stubs, "aws:accountId");
	struct template_source source = { .local = {
		.account = is_string(account) ? account->text : "123456789012", .stack = "local",
		.region = text_or(option_text(options, "region"), text_or(getenv("AWS_REGION"), "us-east-1")),
		.parameters = options->param, .stubs = options->stubs,
	} };

	if (document_is_template(document)) {
		source.template = document;
		return source;
	}
	const struct service *service = load_config(a, document, options, &host, diag);
	source.template = compile(a, service, diag);
	if (source.template) {
		source.code = *options->directory ? options->directory : ".";
		source.local.region = service->region;
		source.local.stack = arena_printf(a, "%s-%s", service->name, service->stage);
	}
	return source;
}
