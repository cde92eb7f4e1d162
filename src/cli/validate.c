/*
 * slsws validate: what is wrong with services and templates.
 */
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "json.h"

struct validation {
	const struct cli *cli;
	const struct format *format;
	const char **paths;
	struct slsws_result **results;
	size_t count;
	struct finding *findings;
	struct report report;
};

/* --- options ---------------------------------------------------------------------------------------------------- */

static bool is_code(const char *word, size_t length) {
	for (size_t i = 0; i < slsws_rule_count(); i++) {
		if (strncmp(slsws_rule_get(i).code, word, length) == 0) {
			return true;
		}
	}
	return false;
}

static enum status check_codes(const struct cli *cli, const char *name) {
	const char *list = cli_value(cli, name);

	while (list && *list) {
		size_t length = strcspn(list, ", ");
		if (length && !is_code(list, length)) {
			return usage_error(cli, "U007", "the codes are listed by 'slsws rules'",
				"'--%s' has '%.*s', expected codes such as W104, or S for all of a family", name, (int)length, list);
		}
		list += length + (list[length] != '\0');
	}
	return STATUS_DONE;
}

/* The least severity that fails; more than an error: none. */
static enum status choose_fail_on(const struct cli *cli, enum slsws_severity *least) {
	static const char *const choices[] = { "error", "warning", "info", "none" };
	static const enum slsws_severity severities[] = { SLSWS_ERROR, SLSWS_WARNING, SLSWS_INFO, SLSWS_ERROR + 1 };
	int choice = cli_choice(cli, "fail-on", choices, sizeof(choices) / sizeof(*choices));

	if (choice < 0) {
		return STATUS_USAGE;
	}
	choice = choice == 0 && !cli_value(cli, "fail-on") && cli_flag(cli, "strict") ? 1 : choice;
	*least = severities[choice];
	return STATUS_DONE;
}

static enum status choose_files(struct validation *v) {
	const char *config = cli_value(v->cli, "config");

	v->paths = calloc(v->cli->word_count + 1, sizeof(*v->paths));
	v->results = calloc(v->cli->word_count + 1, sizeof(*v->results));
	if (!v->paths || !v->results) {
		return machine_error(v->cli, "out of memory");
	}
	if (config) {
		v->paths[v->count++] = config;
	}
	for (size_t i = 1; i < v->cli->word_count; i++) {
		v->paths[v->count++] = v->cli->words[i];
	}
	return v->count ? STATUS_DONE : cli_find_config(v->cli, &v->paths[v->count++]);
}

/* --- reports ---------------------------------------------------------------------------------------------------- */

/* Remarks are for who asks for them. */
static bool is_shown(const struct validation *v, enum slsws_severity severity) {
	bool asked = v->report.fail_on <= SLSWS_INFO || cli_value(v->cli, "select") || cli_shows(v->cli, SLSWS_DEBUG);

	return cli_shows(v->cli, severity) && (severity != SLSWS_INFO || asked);
}

static enum status collect(struct validation *v) {
	size_t count = 0;

	for (size_t i = 0; i < v->count; i++) {
		count += slsws_result_count(v->results[i]);
	}
	v->findings = calloc(count + 1, sizeof(*v->findings));
	if (!v->findings) {
		return machine_error(v->cli, "out of memory");
	}
	v->report.findings = v->findings;
	for (size_t i = 0; i < v->count; i++) {
		for (size_t j = 0; j < slsws_result_count(v->results[i]); j++) {
			struct finding f = { v->results[i], j, v->paths[i], slsws_result_diagnostic(v->results[i], j) };
			if (is_shown(v, f.d.severity)) {
				v->findings[v->report.count++] = f;
			}
		}
	}
	return STATUS_DONE;
}

/* Standard output unless there is a file for it; what people read goes to standard error. */
static enum status write_report(const struct validation *v, format_fn *write, const char *output) {
	bool to_file = output && strcmp(output, "-") != 0;
	char *text = NULL;
	size_t length = 0;
	FILE *out = write == format_text && !output ? stderr : open_memstream(&text, &length);

	if (!out) {
		return machine_error(v->cli, "out of memory");
	}
	write(out, &v->report);
	if (out == stderr) {
		return STATUS_DONE;
	}
	enum status status = fclose(out) != 0 ? machine_error(v->cli, "out of memory") :
		to_file ? write_file(v->cli, output, text, length) : write_stdout(v->cli, text, length);
	free(text);
	return status;
}

/* In a workflow of GitHub the lines get their annotations without being asked. */
static bool wants_annotations(const struct cli *cli) {
	const char *actions = getenv("GITHUB_ACTIONS");

	return actions && strcmp(actions, "true") == 0 && !cli_value(cli, "format") && !cli_value(cli, "output");
}

static void add_known(cJSON *list, struct slsws_result *result, size_t index) {
	struct slsws_diagnostic d = slsws_result_diagnostic(result, index);
	cJSON *item = cJSON_CreateObject();

	cJSON_AddStringToObject(item, "fingerprint", slsws_result_fingerprint(result, index));
	cJSON_AddStringToObject(item, "code", d.code);
	cJSON_AddStringToObject(item, "file", d.file ? d.file : "");
	cJSON_AddStringToObject(item, "message", d.message);
	cJSON_AddItemToArray(list, item);
}

/* All that is found now, shown or not, is known from now on. */
static enum status write_baseline(const struct validation *v, const char *path) {
	cJSON *json = cJSON_CreateObject();
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	cJSON_AddNumberToObject(json, "version", 1);
	cJSON *list = cJSON_AddArrayToObject(json, "findings");
	for (size_t i = 0; i < v->count; i++) {
		for (size_t j = 0; j < slsws_result_count(v->results[i]); j++) {
			add_known(list, v->results[i], j);
		}
	}
	if (!out) {
		cJSON_Delete(json);
		return machine_error(v->cli, "out of memory");
	}
	json_print(out, json);
	enum status status = fclose(out) == 0 ? write_file(v->cli, path, text, length) :
		machine_error(v->cli, "out of memory");
	free(text);
	return status;
}

/* --- the command ------------------------------------------------------------------------------------------------ */

static bool fails(const struct validation *v) {
	for (size_t i = 0; i < v->count; i++) {
		for (size_t j = 0; j < slsws_result_count(v->results[i]); j++) {
			if (slsws_result_diagnostic(v->results[i], j).severity >= v->report.fail_on) {
				return true;
			}
		}
	}
	return false;
}

static enum status run(struct validation *v, const struct slsws_options *options) {
	const char *baseline = cli_value(v->cli, "write-baseline");

	for (size_t i = 0; i < v->count; i++) {
		v->results[i] = slsws_validate(v->paths[i], options, NULL);
	}
	if (baseline) {
		return write_baseline(v, baseline);
	}
	v->report.paths = v->paths;
	v->report.path_count = v->count;
	enum status status = collect(v);
	status = status ? status : write_report(v, v->format->write, cli_value(v->cli, "output"));
	if (!status && wants_annotations(v->cli)) {
		status = write_report(v, format_github, NULL);
	}
	return status ? status : fails(v) ? STATUS_FINDINGS : STATUS_DONE;
}

static void finish(struct validation *v) {
	for (size_t i = 0; i < v->count && v->results; i++) {
		slsws_result_destroy(v->results[i]);
	}
	free(v->results);
	free(v->paths);
	free(v->findings);
}

static enum status validate(struct validation *v) {
	struct slsws_options options;
	enum status status = choose_files(v);

	for (size_t i = 0; i < v->count && !status; i++) {
		status = cli_check_output(v->cli, v->paths[i]);
	}
	status = status ? status : cli_options(v->cli, &options);
	if (status) {
		return status;
	}
	options.strict = 0;	/* it says what fails, not what is an error */
	options.select = cli_value(v->cli, "select");
	options.ignore = cli_value(v->cli, "ignore");
	options.baseline = cli_value(v->cli, "baseline");
	status = run(v, &options);
	cli_options_finish(&options);
	return status;
}

enum status command_validate(const struct cli *cli) {
	struct validation v = { .cli = cli, .format = format_chosen(cli), .report = { .cli = cli } };
	enum status status = v.format ? choose_fail_on(cli, &v.report.fail_on) : STATUS_USAGE;

	status = status ? status : check_codes(cli, "select");
	status = status ? status : check_codes(cli, "ignore");
	status = status ? status : validate(&v);
	finish(&v);
	return status;
}
