#include "diff_files.h"

#include "compile.h"
#include "read_json.h"
#include "read_project.h"
#include "read_yaml.h"

/* The template in an answer of CloudFormation: a map, or a text that holds YAML or JSON. */
static struct value *unwrap(struct arena *a, struct value *document, struct diag *diag) {
	struct value *body = map_get(document, "TemplateBody");

	if (!is_string(body)) {
		return is_map(body) ? body : document;
	}
	struct source *source = arena_new(a, struct source);
	*source = (struct source){ .name = "TemplateBody", .text = body->text, .length = body->length };
	return *body->text == '{' ? read_json(a, source, diag) : read_yaml(a, source, diag);
}

static const struct value *read_template(struct arena *a, const struct options *options, const struct slsws_host *host,
		struct diag *diag) {
	const struct source *source;
	struct value *document = unwrap(a, read_project_or_template(a, options, host, &source, diag), diag);

	if (!document_is_template(document)) {
		return compile(a, load_config(a, document, options, host, diag), diag);
	}
	const struct value *resources = map_get(document, "Resources");
	if (resources && !is_map(resources)) {
		diag_error(diag, "C352", resources->mark, "'Resources' is a %s, expected a map", value_kind_name(resources));
		return NULL;
	}
	return document;
}

struct diff *diff_files(struct arena *a, const struct options *before, const struct options *after,
		const struct slsws_host *host, struct diag *diag) {
	const struct value *old = read_template(a, before, host, diag), *new = read_template(a, after, host, diag);

	return old && new && !diag->errors ? diff_templates(a, old, new) : NULL;
}
