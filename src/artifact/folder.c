#include "artifact/folder.h"

#include <stdlib.h>
#include <string.h>

#include "artifact/custom_code.h"
#include "artifact/pack.h"
#include "artifact/state.h"
#include "emit.h"

static void write_file(const struct service *service, const char *name, const struct text *content, struct diag *diag) {
	const struct slsws_host *host = service->host;
	const char *path = arena_printf(service->arena, "%s/%s", service->options->artifact_folder, name);
	void *file = NULL;

	if (diag->errors) {
		return;		/* a disk that is full is one fault, not five */
	}
	int problem = host->create_file(host->data, path, &file);
	if (!problem) {
		problem = host->write_file(file, content->bytes, content->length);
		int closing = host->close_file(file, problem == 0);
		problem = problem ? problem : closing;
	}
	if (problem) {
		diag_error(diag, "P010", (struct mark){ 0 }, "the file '%s' cannot be written: %s", path, strerror(problem));
	}
}

static void write_value(const struct service *service, const char *name, const struct value *value, struct diag *diag) {
	struct text text = { 0 };

	emit_json(&text, value, 2);
	write_file(service, name, &text, diag);
	text_free(&text);
}

/* --- custom resources ----------------------------------------------------------------------------------------- */

static const char custom_zip[] = "custom-resources.zip";

static bool needs_custom_code(const struct service *service, const struct value *template) {
	const char *key = arena_printf(service->arena, "%s/%s", service->artifact_directory, custom_zip);
	const struct value *resources = map_get(template, "Resources");

	for (const struct entry *e = map_first(resources); e; e = map_next(resources, e)) {
		if (is_text(map_get(map_get(map_get(e->value, "Properties"), "Code"), "S3Key"), key)) {
			return true;
		}
	}
	return false;
}

static void pack_custom_code(const struct service *service, struct diag *diag) {
	struct pack_item *items = arena_array(service->arena, struct pack_item, custom_file_count);

	for (size_t i = 0; i < custom_file_count; i++) {
		items[i] = (struct pack_item){ .name = custom_files[i].name, .text = custom_files[i].text,
			.size = custom_files[i].length };
	}
	pack(service->arena, service->host, items, custom_file_count,
		arena_printf(service->arena, "%s/%s", service->options->artifact_folder, custom_zip), NULL, diag);
}

/* --- the folder ----------------------------------------------------------------------------------------------- */

/* The service's folder without links: it is in the state, for who deploys on the same machine. */
static const char *root_of(const struct service *service) {
	char *path = service->host->real_path(service->host->data, service->options->directory);
	const char *root = arena_strdup(service->arena, path ? path : service->options->directory);

	free(path);
	return root;
}

void folder_write(const struct service *service, const struct value *update, const struct value *create,
		const struct text *text, struct diag *diag) {
	if (needs_custom_code(service, update)) {
		pack_custom_code(service, diag);
	}
	if (create) {
		write_value(service, "cloudformation-template-create-stack.json", create, diag);
	}
	write_file(service, "cloudformation-template-update-stack.json", text, diag);
	write_value(service, "serverless-state.json", state_create(service, update, create, root_of(service)), diag);
}
