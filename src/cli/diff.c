/*
 * slsws diff: what differs between two templates.
 */
#include <string.h>

#include "cli.h"

static enum status choose_files(const struct cli *cli, const char **before, const char **after) {
	const char *config = cli_value(cli, "config");

	if (cli->word_count < 2) {
		return usage_error(cli, "U008", "slsws diff OLD [NEW]", "nothing to compare with, expected a template or a service");
	}
	if (cli->word_count > 3) {
		return usage_error(cli, "U008", NULL, "unexpected argument '%s' after '%s'", cli->words[3], cli->words[2]);
	}
	*before = cli->words[1];
	*after = cli->word_count > 2 ? cli->words[2] : NULL;
	if (*after && config) {
		return usage_error(cli, "U008", NULL, "what is new was given twice, as '%s' and with '--config %s'", *after,
			config);
	}
	*after = *after ? *after : config;
	return *after ? STATUS_DONE : cli_find_config(cli, after);
}

static enum status diff(const struct cli *cli, const char *before, const char *after, enum slsws_format format,
		const struct slsws_options *options) {
	const char *output = cli_value(cli, "output");
	struct slsws_diff_style style = { .format = format, .all = cli_flag(cli, "all"),
		.colour = (!output || strcmp(output, "-") == 0) && cli->output_colour };
	struct slsws_result *result = slsws_diff(before, after, &style, options, NULL);
	enum status status = STATUS_FINDINGS;
	size_t length;

	cli_print_findings(cli, result);
	const char *text = slsws_result_text(result, &length);
	if (text) {
		status = cli_write_output(cli, text, length);
		status = !status && cli_flag(cli, "exit-code") && slsws_result_differs(result) ? STATUS_FINDINGS : status;
	}
	slsws_result_destroy(result);
	return status;
}

enum status command_diff(const struct cli *cli) {
	static const char *const formats[] = { [SLSWS_TEXT] = "text", [SLSWS_JSON] = "json", [SLSWS_MARKDOWN] = "markdown" };
	const char *before = NULL, *after = NULL;
	struct slsws_options options;
	int format = cli_choice(cli, "format", formats, sizeof(formats) / sizeof(*formats));
	enum status status = format < 0 ? STATUS_USAGE : choose_files(cli, &before, &after);

	status = status ? status : cli_check_output(cli, before);
	status = status ? status : cli_check_output(cli, after);
	status = status ? status : cli_options(cli, &options);
	if (status) {
		return status;
	}
	status = diff(cli, before, after, (enum slsws_format)format, &options);
	cli_options_finish(&options);
	return status;
}
