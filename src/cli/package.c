/*
 * slsws package: the template of a service, or the whole package in a folder.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "cli.h"

static enum status check_options(const struct cli *cli) {
	for (size_t i = 0; i < cli->option_count; i++) {
		const struct option_row *row = option_row(cli->options[i].name, strlen(cli->options[i].name));
		if (row && row->unused) {
			debug_note(cli, "U012", "'--%s' has no effect: %s", row->name, row->unused);
		}
	}
	return STATUS_DONE;
}

/* Whether the machine is to blame: a file of the package could not be written. */
static bool machine_failed(const struct slsws_result *result) {
	for (size_t i = 0; i < slsws_result_count(result); i++) {
		if (strcmp(slsws_result_diagnostic(result, i).code, "P010") == 0) {
			return true;
		}
	}
	return false;
}

/* With a folder, the template goes where --output says, and else nowhere. */
static enum status write_template(const struct cli *cli, const struct slsws_result *result, bool packed) {
	size_t length;
	const char *template = slsws_result_template(result, &length);

	return packed && !cli_value(cli, "output") ? STATUS_DONE : cli_write_output(cli, template, length);
}

static enum status compile(const struct cli *cli, const char *path, const struct slsws_options *options,
		struct folder *folder) {
	struct progress progress;
	struct slsws_host host = { .data = &progress, .progress = progress_begin(cli, &progress) ? progress_show : NULL };
	struct slsws_result *result = slsws_compile(path, options, &host);
	enum status status = STATUS_DONE;

	progress_finish(&progress);
	cli_print_findings(cli, result);
	if (slsws_result_errors(result) || !slsws_result_template(result, NULL)) {
		status = machine_failed(result) ? STATUS_MACHINE : STATUS_FINDINGS;
	} else if (folder) {
		status = folder_publish(cli, folder);
	}
	status = status ? status : write_template(cli, result, folder);
	slsws_result_destroy(result);
	return status;
}

static long long now(void) {
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static enum status compile_to(const struct cli *cli, const char *path, struct slsws_options *options,
		const char *name) {
	struct folder folder;

	if (options->no_code) {
		return usage_error(cli, "U008", NULL, "'--package' and '--no-code' were given, but a package is of code");
	}
	enum status status = folder_begin(cli, &folder, name, path);
	if (!status) {
		options->artifact_folder = folder.beside;
		options->replaced_folder = folder.place;
		options->time = now();
		status = compile(cli, path, options, &folder);
	}
	folder_finish(&folder);
	return status;
}

/* Under the names of the reference, what the reference does: a package beside the configuration. */
static char *default_folder(const struct cli *cli, const char *path) {
	const char *slash = strrchr(path, '/');
	int length = slash ? (int)(slash - path + 1) : 0;
	char *name = NULL;

	return cli->peer && !cli_flag(cli, "no-code") && asprintf(&name, "%.*s.serverless", length, path) >= 0 ? name : NULL;
}

enum status command_package(const struct cli *cli) {
	struct slsws_options options;
	const char *path = NULL, *folder = cli_value(cli, "package");
	enum status status = check_options(cli);

	status = status ? status : cli_config(cli, &path);
	status = status ? status : cli_check_output(cli, path);
	status = status ? status : cli_options(cli, &options);
	if (status) {
		return status;
	}
	char *usual = folder ? NULL : default_folder(cli, path);
	folder = folder ? folder : usual;
	status = folder ? compile_to(cli, path, &options, folder) : compile(cli, path, &options, NULL);
	free(usual);
	cli_options_finish(&options);
	return status;
}
