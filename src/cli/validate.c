/*
 * slsws validate: what is wrong with services and templates.
 */
#include "cli.h"

static enum status validate(const struct cli *cli, const char *path, const struct slsws_options *options) {
	struct slsws_result *result = slsws_validate(path, options, NULL);
	enum status status = slsws_result_errors(result) ? STATUS_FINDINGS : STATUS_DONE;

	cli_print_findings(cli, result);
	slsws_result_destroy(result);
	return status;
}

enum status command_validate(const struct cli *cli) {
	struct slsws_options options;
	const char *path = NULL;
	enum status status = cli_config(cli, &path);

	status = status ? status : cli_options(cli, &options);
	if (status) {
		return status;
	}
	status = validate(cli, path, &options);
	cli_options_finish(&options);
	return status;
}
