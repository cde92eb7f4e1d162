/*
 * slsws print: the resolved configuration.
 */
#include <string.h>

#include "cli.h"

static enum status print(const struct cli *cli, const char *path, const struct slsws_print_style *style,
		const struct slsws_options *options) {
	struct slsws_result *result = slsws_print(path, style, options, NULL);
	enum status status = STATUS_FINDINGS;
	size_t length;

	cli_print_findings(cli, result);
	const char *text = slsws_result_text(result, &length);
	if (text) {
		status = cli_write_output(cli, text, length);
	}
	slsws_result_destroy(result);
	return status;
}

enum status command_print(const struct cli *cli) {
	static const char *const names[] = { "yaml", "json", "text" }, *const transforms[] = { "keys" };
	static const enum slsws_format formats[] = { SLSWS_YAML, SLSWS_JSON, SLSWS_TEXT };
	struct slsws_options options;
	const char *path = NULL;
	int format = cli_choice(cli, "format", names, sizeof(names) / sizeof(*names));
	enum status status = format < 0 || cli_choice(cli, "transform", transforms, 1) < 0 ? STATUS_USAGE :
		cli_config(cli, &path);

	status = status ? status : cli_check_output(cli, path);
	status = status ? status : cli_options(cli, &options);
	if (status) {
		return status;
	}
	struct slsws_print_style style = { .format = formats[format], .path = cli_value(cli, "path"),
		.keys = cli_value(cli, "transform") != NULL };
	status = print(cli, path, &style, &options);
	cli_options_finish(&options);
	return status;
}
