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

/* An output that is the configuration itself would destroy it. */
static enum status check_output(const struct cli *cli, const char *path) {
	const char *output = cli_value(cli, "output");
	struct stat from, to;

	if (!output || stat(path, &from) != 0 || stat(output, &to) != 0) {
		return STATUS_DONE;
	}
	if (from.st_dev == to.st_dev && from.st_ino == to.st_ino) {
		return usage_error(cli, "U008", NULL, "the output '%s' is the configuration itself", output);
	}
	return STATUS_DONE;
}

static enum status compile(const struct cli *cli, const char *path, const struct slsws_options *options) {
	struct slsws_result *result = slsws_compile(path, options, NULL);
	const char *output = cli_value(cli, "output");
	enum status status = STATUS_FINDINGS;
	size_t length;

	cli_print_findings(cli, result);
	const char *template = slsws_result_template(result, &length);
	if (!slsws_result_errors(result) && template) {
		status = output && strcmp(output, "-") != 0 ? write_file(cli, output, template, length) :
			write_stdout(cli, template, length);
	}
	slsws_result_destroy(result);
	return status;
}

enum status command_package(const struct cli *cli) {
	struct slsws_options options;
	const char *path = NULL;
	enum status status = check_options(cli);

	status = status ? status : cli_config(cli, &path);
	status = status ? status : check_output(cli, path);
	status = status ? status : cli_options(cli, &options);
	if (status) {
		return status;
	}
	status = compile(cli, path, &options);
	cli_options_finish(&options);
	return status;
}
