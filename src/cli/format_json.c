/*
 * One object with all there is to say; the form is described in slsws-validate(1).
 */
#include "json.h"

static void add_related(cJSON *to, const struct finding *f) {
	cJSON *related = cJSON_AddArrayToObject(to, "related");

	for (size_t i = 0; i < f->d.note_count; i++) {
		struct slsws_note note = slsws_result_note(f->result, f->index, i);
		cJSON *item = cJSON_CreateObject();
		cJSON_AddStringToObject(item, "message", note.text);
		if (note.file) {
			cJSON_AddStringToObject(item, "file", note.file);
			json_add_range(item, note.line, note.column, note.end_column);
		}
		cJSON_AddItemToArray(related, item);
	}
}

static cJSON *diagnostic(const struct finding *f) {
	cJSON *item = cJSON_CreateObject();

	cJSON_AddStringToObject(item, "code", f->d.code);
	cJSON_AddStringToObject(item, "severity", severity_name(f->d.severity));
	cJSON_AddStringToObject(item, "message", f->d.message);
	cJSON_AddStringToObject(item, "file", finding_file(f));
	json_add_range(item, f->d.line, f->d.column, f->d.end_column);
	add_related(item, f);
	if (f->d.help) {
		cJSON_AddStringToObject(item, "help", f->d.help);
	}
	cJSON_AddStringToObject(item, "fingerprint", slsws_result_fingerprint(f->result, f->index));
	return item;
}

void format_json(FILE *out, const struct report *report) {
	cJSON *json = cJSON_CreateObject();

	cJSON_AddStringToObject(json, "format_version", "1.0");
	cJSON_AddBoolToObject(json, "valid", report_count(report, SLSWS_ERROR) == 0);
	cJSON_AddNumberToObject(json, "error_count", report_count(report, SLSWS_ERROR));
	cJSON_AddNumberToObject(json, "warning_count", report_count(report, SLSWS_WARNING));
	cJSON *diagnostics = cJSON_AddArrayToObject(json, "diagnostics");
	for (size_t i = 0; i < report->count; i++) {
		cJSON_AddItemToArray(diagnostics, diagnostic(&report->findings[i]));
	}
	json_print(out, json);
}
