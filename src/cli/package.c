/*
 * slsws package: the template of a service.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"

/* In the order in which the reference looks for them. */
static const char *const found_names[] = {
	"serverless.yml", "serverless.yaml", "serverless.json", "serverless.js", "serverless.mjs", "serverless.cjs",
	"serverless.ts",
};
enum { FOUND_NAMES = sizeof(found_names) / sizeof(*found_names) };

static enum status find_config(const struct cli *cli, const char **path) {
	struct stat status;

	for (size_t i = 0; i < FOUND_NAMES; i++) {
		if (stat(found_names[i], &status) != 0) {
			continue;
		}
		if (*path) {
			debug_note(cli, "U011", "'%s' is left aside, '%s' comes first", found_names[i], *path);
		} else {
			*path = found_names[i];
		}
	}
	return *path ? STATUS_DONE : usage_error(cli, "U009", "name the file: slsws package FILE",
		"no configuration in this folder, expected serverless.yml, serverless.yaml or serverless.json");
}

static enum status choose_config(const struct cli *cli, const char **path) {
	const char *config = cli_value(cli, "config"), *file = cli->word_count > 1 ? cli->words[1] : NULL;

	if (cli->word_count > 2) {
		return usage_error(cli, "U008", NULL, "unexpected argument '%s' after '%s'", cli->words[2], file);
	}
	if (file && config) {
		return usage_error(cli, "U008", NULL, "the configuration was given twice, as '%s' and with '--config %s'",
			file, config);
	}
	*path = file ? file : config;
	return *path ? STATUS_DONE : find_config(cli, path);
}

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

/* The values of a repeated option as pairs, split in place at the first '='. As in the reference neither half may be
   empty. */
static enum status collect_pairs(const struct cli *cli, const char *name, struct slsws_option *pairs, size_t *count) {
	for (size_t i = 0; i < cli->option_count; i++) {
		if (strcmp(cli->options[i].name, name) != 0) {
			continue;
		}
		char *key = (char *)cli->options[i].value, *equals = strchr(key, '=');
		if (!equals || equals == key || !equals[1]) {
			return usage_error(cli, "U007", NULL, "'--%s' is '%s', expected KEY=VALUE", name, key);
		}
		*equals = '\0';
		pairs[(*count)++] = (struct slsws_option){ .name = key, .value = equals + 1 };
	}
	return STATUS_DONE;
}

static void print_diagnostics(const struct cli *cli, struct slsws_result *result) {
	bool first = true;

	for (size_t i = 0; i < slsws_result_count(result); i++) {
		if (!cli_shows(cli, slsws_result_diagnostic(result, i).severity)) {
			continue;
		}
		if (!first) {
			fputc('\n', stderr);
		}
		fputs(slsws_result_format(result, i, cli->colour), stderr);
		first = false;
	}
}

static enum status compile(const struct cli *cli, const char *path, const struct slsws_options *options) {
	struct slsws_result *result = slsws_compile(path, options, NULL);
	const char *output = cli_value(cli, "output");
	enum status status = STATUS_FINDINGS;
	size_t length;

	print_diagnostics(cli, result);
	const char *template = slsws_result_template(result, &length);
	if (!slsws_result_errors(result) && template) {
		status = output && strcmp(output, "-") != 0 ? write_file(cli, output, template, length) :
			write_stdout(cli, template, length);
	}
	slsws_result_destroy(result);
	return status;
}

static enum status compile_with(const struct cli *cli, const char *path, struct slsws_option *params,
		struct slsws_option *stubs) {
	struct slsws_options options = {
		.options = cli->options, .option_count = cli->option_count, .params = params, .stubs = stubs,
		.stubs_file = cli_value(cli, "stubs"), .strict = cli_flag(cli, "strict"),
		.minify = cli_flag(cli, "minify-template"), .harden = cli_value(cli, "harden"),
	};
	enum status status = collect_pairs(cli, "param", params, &options.param_count);

	status = status ? status : collect_pairs(cli, "stub", stubs, &options.stub_count);
	return status ? status : compile(cli, path, &options);
}

enum status command_package(const struct cli *cli) {
	const char *path = NULL;
	enum status status = check_options(cli);

	status = status ? status : choose_config(cli, &path);
	status = status ? status : check_output(cli, path);
	if (status) {
		return status;
	}
	struct slsws_option *pairs = calloc(cli->option_count * 2 + 1, sizeof(*pairs));
	status = pairs ? compile_with(cli, path, pairs, pairs + cli->option_count) : machine_error(cli, "out of memory");
	free(pairs);
	return status;
}
