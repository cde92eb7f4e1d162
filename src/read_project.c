#include "read_project.h"

#include <string.h>

#include "base/text.h"
#include "read_json.h"
#include "read_yaml.h"

static bool has_extension(const char *name, const char *const *extensions) {
	for (; *extensions; extensions++) {
		if (text_ends(name, *extensions)) {
			return true;
		}
	}
	return false;
}

static const char *const code_extensions[] = { ".ts", ".mts", ".cts", ".js", ".mjs", ".cjs", NULL };
static const char *const yaml_extensions[] = { ".yml", ".yaml", NULL };

struct value *read_document(struct arena *a, const struct source *source, struct diag *diag) {
	return text_ends(source->name, ".json") ? read_json(a, source, diag) : read_yaml(a, source, diag);
}

/* Folders and the like first: "no such file" helps more than advice about an extension. */
static const struct source *open_project(struct arena *a, const struct options *options,
		const struct slsws_host *host, struct diag *diag) {
	const char *path = arena_printf(a, "%s%s", options->directory, options->file);
	const struct source *source = NULL;
	enum slsws_read status = host_read(host, a, path, path, &source);

	if (status != SLSWS_READ_OK) {
		diag_error(diag, "C001", (struct mark){ 0 }, "the configuration file '%s' %s", path,
			host_read_problem(status));
	}
	return source;
}

/* A map, or NULL and an error. */
static struct value *map_of(struct value *config, struct mark whole, struct diag *diag) {
	if (config && !is_map(config)) {
		diag_error(diag, "C004", config->mark.source ? config->mark : whole, "the configuration is %s%s, expected a map",
			is_null(config) ? "empty" : "a ", is_null(config) ? "" : value_kind_name(config));
		return NULL;
	}
	return config;
}

static bool is_program(const struct options *options, struct mark whole, struct diag *diag) {
	if (!has_extension(options->file, code_extensions)) {
		return false;
	}
	struct diagnostic *d = diag_error(diag, "C002", whole,
		"a configuration written as a program cannot be read, expected .yml, .yaml or .json");
	diag_help(d, "write what it yields to a file: 'serverless print --format yaml > serverless.yml', or "
		"run it with 'tsx' and JSON.stringify what it exports");
	return true;
}

struct value *read_project(struct arena *a, const struct options *options, const struct slsws_host *host,
		struct diag *diag) {
	const struct source *source = open_project(a, options, host, diag);
	struct mark whole = { .source = source };

	if (!source || is_program(options, whole, diag)) {
		return NULL;
	}
	if (!has_extension(options->file, yaml_extensions) && !text_ends(options->file, ".json")) {
		diag_error(diag, "C003", whole, "the extension of '%s' is not known, expected .yml, .yaml or .json",
			options->file);
		return NULL;
	}
	return map_of(read_document(a, source, diag), whole, diag);
}

static bool looks_like_json(const struct source *source) {
	const char *at = source->text, *end = source->text + source->length;

	while (at < end && strchr(" \t\r\n", *at)) {
		at++;
	}
	return at < end && *at == '{';
}

struct value *read_project_or_template(struct arena *a, const struct options *options, const struct slsws_host *host,
		const struct source **source, struct diag *diag) {
	*source = open_project(a, options, host, diag);
	struct mark whole = { .source = *source };

	if (!*source || is_program(options, whole, diag)) {
		return NULL;
	}
	bool named = has_extension(options->file, yaml_extensions) || text_ends(options->file, ".json");
	struct value *document = named ? read_document(a, *source, diag) :
		looks_like_json(*source) ? read_json(a, *source, diag) : read_yaml(a, *source, diag);
	return map_of(document, whole, diag);
}

bool document_is_template(const struct value *document) {
	if (map_has(document, "AWSTemplateFormatVersion")) {
		return true;
	}
	return map_has(document, "Resources") && !map_has(document, "service") && !map_has(document, "provider");
}
