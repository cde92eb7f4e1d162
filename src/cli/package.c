/*
 * slsws package: the template of a service.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"

static enum status check_options(const struct cli *cli) {
	if (cli_value(cli, "package")) {
		return usage_error(cli, "U010", "write the template alone: slsws package -o FILE",
			"'--package' is not available yet");
	}
	for (size_t i = 0; i < cli->option_count; i++) {
		const struct option_row *row = option_row(cli->options[i].name, strlen(cli->options[i].name));
		if (row && row->unused) {
			debug_note(cli, "U012", "'--%s' has no effect: %s", row->name, row->unused);
		}
	}
	return STATUS_DONE;
}

static enum status compile(const struct cli *cli, const char *path, const struct slsws_options *options) {
	struct slsws_result *result = slsws_compile(path, options, NULL);
	enum status status = STATUS_FINDINGS;
	size_t length;

	cli_print_findings(cli, result);
	const char *template = slsws_result_template(result, &length);
	if (!slsws_result_errors(result) && template) {
		status = cli_write_output(cli, template, length);
	}
	slsws_result_destroy(result);
	return status;
}

enum status command_package(const struct cli *cli) {
	struct slsws_options options;
	const char *path = NULL;
	enum status status = check_options(cli);

	status = status ? status : cli_config(cli, &path);
	status = status ? status : cli_check_output(cli, path);
	status = status ? status : cli_options(cli, &options);
	if (status) {
		return status;
	}
	status = compile(cli, path, &options);
	cli_options_finish(&options);
	return status;
}
