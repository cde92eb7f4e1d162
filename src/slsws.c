#include "slsws.h"

#include <stdlib.h>
#include <string.h>

#include "artifact/folder.h"
#include "base/arena.h"
#include "base/diag.h"
#include "base/text.h"
#include "compile.h"
#include "diff/diff_write.h"
#include "diff_files.h"
#include "emit.h"
#include "host.h"
#include "findings.h"
#include "options.h"
#include "print.h"
#include "schema_bundle.h"
#include "rules.h"
#include "validate.h"

struct slsws_result {
	struct arena *arena;
	struct diag diag;
	struct diagnostic **diagnostics;
	size_t count;
	struct text template;	/* or whatever else was asked for */
	bool differs;
};

static void collect(struct slsws_result *result) {
	size_t i = 0;

	diag_sort(&result->diag);
	for (struct diagnostic *d = result->diag.first; d; d = d->next) {
		result->count++;
	}
	result->diagnostics = arena_array(result->arena, struct diagnostic *, result->count);
	for (struct diagnostic *d = result->diag.first; d; d = d->next) {
		result->diagnostics[i++] = d;
	}
}

static struct slsws_result *create_result(const struct slsws_options *given) {
	struct arena *a = arena_create();
	struct slsws_result *result = arena_new(a, struct slsws_result);

	result->arena = a;
	diag_init(&result->diag, a, given && given->strict);
	return result;
}

/* Bytes that resources take on the average: room that is there at the start need not be moved. */
enum { RESOURCE_SIZE = 640 };

/* Without the whole package there is no template either. */
static void write_template(struct slsws_result *result, const struct service *service, const struct value *template) {
	text_room(&result->template, map_get(template, "Resources")->length * RESOURCE_SIZE);
	emit_json(&result->template, template, service->options->minify ? 0 : 2);
	if (service->options->artifact_folder) {
		folder_write(service, template, compile_core(result->arena, service, &result->diag), &result->template,
			&result->diag);
	}
	if (result->diag.errors) {
		text_free(&result->template);
		result->template = (struct text){ 0 };
	} else {
		text_putc(&result->template, '\n');
	}
}

struct slsws_result *slsws_compile(const char *path, const struct slsws_options *given,
		const struct slsws_host *given_host) {
	struct slsws_result *result = create_result(given);
	struct arena *a = result->arena;
	struct slsws_host host = host_complete(given_host);
	struct options options = options_read(a, path, given);

	const struct service *service = load_service(a, &options, &host, &result->diag);
	const struct value *template = compile(a, service, &result->diag);
	if (template && !result->diag.errors) {
		write_template(result, service, template);
	}
	collect(result);
	return result;
}

struct slsws_result *slsws_validate(const char *path, const struct slsws_options *given,
		const struct slsws_host *given_host) {
	struct slsws_result *result = create_result(given);
	struct slsws_host host = host_complete(given_host);
	struct options options = options_read(result->arena, path, given);

	options.no_code = true;
	options.artifact_folder = NULL;
	result->diag.most = MOST_FINDINGS;
	options.checking = true;
	validate(result->arena, &options, &host, &result->diag);
	collect(result);
	return result;
}

struct slsws_result *slsws_diff(const char *before, const char *after, const struct slsws_diff_style *given_style,
		const struct slsws_options *given, const struct slsws_host *given_host) {
	static diff_write_fn *const writers[] = {
		[SLSWS_TEXT] = diff_write_text, [SLSWS_JSON] = diff_write_json, [SLSWS_MARKDOWN] = diff_write_markdown,
	};
	static const struct slsws_diff_style plain;
	struct slsws_result *result = create_result(given);
	struct arena *a = result->arena;
	struct slsws_host host = host_complete(given_host);
	struct options old = options_read(a, before, given), new = options_read(a, after, given);

	given_style = given_style ? given_style : &plain;
	struct diff_style style = { .before = given_style->before ? given_style->before : before,
		.after = given_style->after ? given_style->after : after, .all = given_style->all,
		.colour = given_style->colour };
	const struct diff *diff = diff_files(a, &old, &new, &host, &result->diag);
	if (diff) {
		writers[given_style->format](&result->template, diff, &style);
		result->differs = !diff_is_empty(diff) || (style.all && diff->churned);
	}
	collect(result);
	return result;
}

struct slsws_result *slsws_print(const char *path, const struct slsws_print_style *style,
		const struct slsws_options *given, const struct slsws_host *given_host) {
	static const struct slsws_print_style whole = { .format = SLSWS_YAML };
	struct slsws_result *result = create_result(given);
	struct arena *a = result->arena;
	struct slsws_host host = host_complete(given_host);
	struct options options = options_read(a, path, given);

	const struct value *config = print_config(a, &options, &host, &result->diag);
	if (config) {
		print_write(&result->template, a, config, style ? style : &whole, &result->diag);
	}
	if (result->diag.errors) {
		text_free(&result->template);
	}
	collect(result);
	return result;
}

void slsws_result_destroy(struct slsws_result *result) {
	if (result) {
		text_free(&result->template);
		arena_destroy(result->arena);
	}
}

const char *slsws_result_template(const struct slsws_result *result, size_t *length) {
	if (length) {
		*length = result->template.length;
	}
	return result->template.bytes;
}

const char *slsws_result_text(const struct slsws_result *result, size_t *length) {
	return slsws_result_template(result, length);
}

int slsws_result_differs(const struct slsws_result *result) {
	return result->differs;
}

size_t slsws_result_count(const struct slsws_result *result) {
	return result->count;
}

unsigned slsws_result_errors(const struct slsws_result *result) {
	return result->diag.errors;
}

static size_t count_notes(const struct diagnostic *d) {
	size_t count = 0;

	for (const struct note *n = d->notes; n; n = n->next) {
		count++;
	}
	return count;
}

struct slsws_diagnostic slsws_result_diagnostic(const struct slsws_result *result, size_t index) {
	const struct diagnostic *d = result->diagnostics[index];

	return (struct slsws_diagnostic){
		.code = d->code,
		.severity = (enum slsws_severity)d->severity,
		.file = d->mark.source ? d->mark.source->name : NULL,
		.line = d->mark.line,
		.column = d->mark.column,
		.message = d->text,
		.end_column = diag_end(result->arena, &d->mark),
		.help = d->help,
		.note_count = count_notes(d),
	};
}

struct slsws_note slsws_result_note(const struct slsws_result *result, size_t index, size_t note) {
	const struct note *n = result->diagnostics[index]->notes;

	while (note--) {
		n = n->next;
	}
	return (struct slsws_note){
		.file = n->mark.source ? n->mark.source->name : NULL,
		.line = n->mark.line,
		.column = n->mark.column,
		.end_column = diag_end(result->arena, &n->mark),
		.text = n->text,
	};
}

const char *slsws_result_fingerprint(struct slsws_result *result, size_t index) {
	if (!result->diagnostics[index]->fingerprint) {
		findings_fingerprint(result->arena, &result->diag);
	}
	return result->diagnostics[index]->fingerprint;
}

const char *slsws_result_format(struct slsws_result *result, size_t index, int colour) {
	return diag_format(result->arena, result->diagnostics[index], colour);
}

size_t slsws_rule_count(void) {
	return rules_count();
}

struct slsws_rule slsws_rule_get(size_t index) {
	struct rule_info rule = rules_get(index);

	return (struct slsws_rule){
		.code = rule.code,
		.severity = (enum slsws_severity)rule.severity,
		.title = rule.title,
		.why = rule.text ? rule.text->why : NULL,
		.fail = rule.text ? rule.text->fail : NULL,
		.pass = rule.text ? rule.text->pass : NULL,
	};
}

const char *slsws_schema(void) {
	return schema_bundle;
}

const char *slsws_version(void) {
	return SLSWS_VERSION;
}
