/*
 * GitLab's Code Quality report: https://docs.gitlab.com/ci/testing/code_quality/
 */
#include "json.h"

static cJSON *issue(const struct finding *f) {
	static const char *const severities[] = { "info", "info", "minor", "major" };
	cJSON *item = cJSON_CreateObject();

	cJSON_AddStringToObject(item, "description", f->d.message);
	cJSON_AddStringToObject(item, "check_name", f->d.code);
	cJSON_AddStringToObject(item, "fingerprint", slsws_result_fingerprint(f->result, f->index));
	cJSON_AddStringToObject(item, "severity", severities[f->d.severity]);
	cJSON *location = cJSON_AddObjectToObject(item, "location");
	const char *path = finding_file(f);
	cJSON_AddStringToObject(location, "path", path[0] == '.' && path[1] == '/' ? path + 2 : path);
	cJSON_AddNumberToObject(cJSON_AddObjectToObject(location, "lines"), "begin", finding_line(f));
	return item;
}

void format_gitlab(FILE *out, const struct report *report) {
	cJSON *json = cJSON_CreateArray();

	for (size_t i = 0; i < report->count; i++) {
		cJSON_AddItemToArray(json, issue(&report->findings[i]));
	}
	json_print(out, json);
}
