/*
 * SARIF 2.1.0, for code scanning: https://docs.oasis-open.org/sarif/sarif/v2.1.0/
 */
#include <stdlib.h>
#include <string.h>

#include "json.h"

static const char *level(enum slsws_severity severity) {
	static const char *const levels[] = { "none", "note", "warning", "error" };

	return levels[severity];
}

static void add_text(cJSON *to, const char *name, const char *text) {
	cJSON_AddStringToObject(cJSON_AddObjectToObject(to, name), "text", text);
}

/* --- places ----------------------------------------------------------------------------------------------------- */

/* A path as a relative reference, or as a URI when it begins with a slash. */
static void add_uri(cJSON *location, const char *path) {
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
	bool absolute = *path == '/';
	char *uri = malloc(strlen(path) * 3 + sizeof("file://")), *end = uri;

	if (!uri) {
		return;
	}
	path += strncmp(path, "./", 2) == 0 ? 2 : 0;
	end = stpcpy(end, absolute ? "file://" : "");
	for (; *path; path++) {
		if (strchr(plain, *path)) {
			*end++ = *path;
		} else {
			end += sprintf(end, "%%%02X", (unsigned char)*path);
		}
	}
	*end = '\0';
	cJSON_AddStringToObject(location, "uri", uri);
	if (!absolute) {
		cJSON_AddStringToObject(location, "uriBaseId", "%SRCROOT%");
	}
	free(uri);
}

static cJSON *place(const char *file, unsigned line, unsigned column, unsigned end_column) {
	cJSON *location = cJSON_CreateObject(), *physical = cJSON_AddObjectToObject(location, "physicalLocation");

	add_uri(cJSON_AddObjectToObject(physical, "artifactLocation"), file);
	if (line) {
		cJSON *region = cJSON_AddObjectToObject(physical, "region");
		cJSON_AddNumberToObject(region, "startLine", line);
		cJSON_AddNumberToObject(region, "startColumn", column);
		cJSON_AddNumberToObject(region, "endColumn", end_column > column ? end_column : column);
	}
	return location;
}

/* --- rules ------------------------------------------------------------------------------------------------------ */

/* Only the rules of which something was found; `numbers` has for each of all rules its number, or -1. */
static cJSON *rules(const struct report *report, int *numbers) {
	cJSON *list = cJSON_CreateArray();
	int count = 0;

	for (size_t i = 0; i < slsws_rule_count(); i++) {
		struct slsws_rule rule = slsws_rule_get(i);
		bool found = false;
		for (size_t j = 0; j < report->count && !found; j++) {
			found = strcmp(report->findings[j].d.code, rule.code) == 0;
		}
		numbers[i] = found ? count++ : -1;
		if (!found) {
			continue;
		}
		cJSON *item = cJSON_CreateObject();
		cJSON_AddStringToObject(item, "id", rule.code);
		add_text(item, "shortDescription", rule.title);
		if (rule.why) {
			add_text(item, "fullDescription", rule.why);
			add_text(item, "help", rule.why);
		}
		cJSON_AddStringToObject(cJSON_AddObjectToObject(item, "defaultConfiguration"), "level", level(rule.severity));
		cJSON_AddItemToArray(list, item);
	}
	return list;
}

static int rule_number(const int *numbers, const char *code) {
	for (size_t i = 0; i < slsws_rule_count(); i++) {
		if (numbers[i] >= 0 && strcmp(slsws_rule_get(i).code, code) == 0) {
			return numbers[i];
		}
	}
	return -1;
}

/* --- results ---------------------------------------------------------------------------------------------------- */

static void add_related(cJSON *to, const struct finding *f) {
	cJSON *related = NULL;

	for (size_t i = 0; i < f->d.note_count; i++) {
		struct slsws_note note = slsws_result_note(f->result, f->index, i);
		if (!note.file) {
			continue;
		}
		related = related ? related : cJSON_AddArrayToObject(to, "relatedLocations");
		cJSON *location = place(note.file, note.line, note.column, note.end_column);
		add_text(location, "message", note.text);
		cJSON_AddItemToArray(related, location);
	}
}

static void add_message(cJSON *to, const struct finding *f) {
	char *text = NULL;

	if (f->d.help && asprintf(&text, "%s; %s", f->d.message, f->d.help) < 0) {
		text = NULL;
	}
	add_text(to, "message", text ? text : f->d.message);
	free(text);
}

static cJSON *result(const struct finding *f, const int *numbers) {
	cJSON *item = cJSON_CreateObject();

	cJSON_AddStringToObject(item, "ruleId", f->d.code);
	cJSON_AddNumberToObject(item, "ruleIndex", rule_number(numbers, f->d.code));
	cJSON_AddStringToObject(item, "level", level(f->d.severity));
	add_message(item, f);
	cJSON_AddItemToArray(cJSON_AddArrayToObject(item, "locations"),
		place(finding_file(f), f->d.line, f->d.column, f->d.end_column));
	add_related(item, f);
	cJSON_AddStringToObject(cJSON_AddObjectToObject(item, "partialFingerprints"), "slsws/v1",
		slsws_result_fingerprint(f->result, f->index));
	return item;
}

static cJSON *run(const struct report *report, int *numbers) {
	cJSON *item = cJSON_CreateObject();
	cJSON *driver = cJSON_AddObjectToObject(cJSON_AddObjectToObject(item, "tool"), "driver");

	cJSON_AddStringToObject(driver, "name", "slsws");
	cJSON_AddStringToObject(driver, "version", slsws_version());
	cJSON_AddItemToObject(driver, "rules", rules(report, numbers));
	cJSON_AddStringToObject(item, "columnKind", "unicodeCodePoints");
	cJSON *results = cJSON_AddArrayToObject(item, "results");
	for (size_t i = 0; i < report->count; i++) {
		cJSON_AddItemToArray(results, result(&report->findings[i], numbers));
	}
	return item;
}

void format_sarif(FILE *out, const struct report *report) {
	int *numbers = calloc(slsws_rule_count() + 1, sizeof(*numbers));
	cJSON *json = cJSON_CreateObject();

	cJSON_AddStringToObject(json, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
	cJSON_AddStringToObject(json, "version", "2.1.0");
	cJSON *runs = cJSON_AddArrayToObject(json, "runs");
	if (numbers) {
		cJSON_AddItemToArray(runs, run(report, numbers));
	}
	json_print(out, json);
	free(numbers);
}
