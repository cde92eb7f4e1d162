/*
 * slsws diff: what differs between two templates.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

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
	if (*after && strcmp(*before, "-") == 0 && strcmp(*after, "-") == 0) {
		return usage_error(cli, "U008", NULL, "standard input cannot be compared with itself");
	}
	return *after ? STATUS_DONE : cli_find_config(cli, after);
}

/* One of the two: a file, or what a pipe gives, which is put into a file of its own as it may be looked at again. */
struct input {
	const char *name;	/* as it was given */
	const char *path;	/* as it is read */
	FILE *copy;
	char place[32];
};

enum { LARGEST_INPUT = 128 * 1024 * 1024 };

static bool copy_all(FILE *from, FILE *to) {
	char buffer[65536];
	size_t length = 0, count;

	/* more than is read is refused later on */
	while (length <= LARGEST_INPUT && (count = fread(buffer, 1, sizeof(buffer), from)) > 0) {
		length += count;
		if (fwrite(buffer, 1, count, to) != count) {
			return false;
		}
	}
	return !ferror(from) && fflush(to) == 0;
}

static enum status open_input(const struct cli *cli, struct input *input, const char *name) {
	struct stat status;
	bool is_stdin = strcmp(name, "-") == 0;

	input->name = is_stdin ? "standard input" : name;
	input->path = name;
	if (!is_stdin && (stat(name, &status) != 0 || !S_ISFIFO(status.st_mode))) {
		return STATUS_DONE;
	}
	FILE *from = is_stdin ? stdin : fopen(name, "rb");
	input->copy = tmpfile();
	bool copied = from && input->copy && copy_all(from, input->copy);
	int problem = errno;
	if (from && !is_stdin) {
		fclose(from);
	}
	if (!copied) {
		return machine_error(cli, "cannot read %s: %s", input->name, strerror(problem));
	}
	snprintf(input->place, sizeof(input->place), "/dev/fd/%d", fileno(input->copy));
	input->path = input->place;
	return STATUS_DONE;
}

static void close_input(struct input *input) {
	if (input->copy) {
		fclose(input->copy);
	}
}

static enum status diff(const struct cli *cli, const struct input *before, const struct input *after,
		enum slsws_format format, const struct slsws_options *options) {
	const char *output = cli_value(cli, "output");
	struct slsws_diff_style style = { .format = format, .all = cli_flag(cli, "all"), .before = before->name,
		.after = after->name,
		.colour = (!output || strcmp(output, "-") == 0) && cli->output_colour };
	struct slsws_result *result = slsws_diff(before->path, after->path, &style, options, NULL);
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
	struct input inputs[2] = { 0 };
	status = open_input(cli, &inputs[0], before);
	status = status ? status : open_input(cli, &inputs[1], after);
	status = status ? status : diff(cli, &inputs[0], &inputs[1], (enum slsws_format)format, &options);
	close_input(&inputs[0]);
	close_input(&inputs[1]);
	cli_options_finish(&options);
	return status;
}
