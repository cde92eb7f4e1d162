/*
 * What the subcommands share that work on a service: its configuration file, the options of the library, the findings.
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

enum status cli_find_config(const struct cli *cli, const char **path) {
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
	if (*path) {
		return STATUS_DONE;
	}
	char help[256];
	snprintf(help, sizeof(help), "name the file: slsws %s %s%sFILE", cli->words[0],
		cli->word_count > 1 ? cli->words[1] : "", cli->word_count > 1 ? " " : "");
	return usage_error(cli, "U009", help,
		"no configuration in this folder, expected serverless.yml, serverless.yaml or serverless.json");
}

static bool is_same_file(const char *path, const char *other) {
	struct stat one, two;

	return stat(path, &one) == 0 && stat(other, &two) == 0 && !S_ISCHR(two.st_mode) && one.st_dev == two.st_dev &&
		one.st_ino == two.st_ino;
}

enum status cli_check_output(const struct cli *cli, const char *path) {
	static const char *const options[] = { "output", "write-baseline" };

	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++) {
		const char *output = cli_value(cli, options[i]);
		if (output && is_same_file(path, output)) {
			return usage_error(cli, "U008", NULL, "the output '%s' is the input itself", output);
		}
	}
	return STATUS_DONE;
}

enum status cli_write_output(const struct cli *cli, const char *text, size_t length) {
	const char *output = cli_value(cli, "output");

	return output && strcmp(output, "-") != 0 ? write_file(cli, output, text, length) : write_stdout(cli, text, length);
}

enum status cli_config(const struct cli *cli, const char **path) {
	const char *config = cli_value(cli, "config"), *file = cli->word_count > 1 ? cli->words[1] : NULL;

	if (cli->word_count > 2) {
		return usage_error(cli, "U008", NULL, "unexpected argument '%s' after '%s'", cli->words[2], file);
	}
	if (file && config) {
		return usage_error(cli, "U008", NULL, "the configuration was given twice, as '%s' and with '--config %s'",
			file, config);
	}
	*path = file ? file : config;
	return *path ? STATUS_DONE : cli_find_config(cli, path);
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

enum status cli_options(const struct cli *cli, struct slsws_options *options) {
	struct slsws_option *params = calloc(cli->option_count * 2 + 1, sizeof(*params));
	struct slsws_option *stubs = params + cli->option_count;

	if (!params) {
		return machine_error(cli, "out of memory");
	}
	*options = (struct slsws_options){
		.options = cli->options, .option_count = cli->option_count, .params = params, .stubs = stubs,
		.stubs_file = cli_value(cli, "stubs"), .strict = cli_flag(cli, "strict"),
		.minify = cli_flag(cli, "minify-template"), .harden = cli_value(cli, "harden"),
		.no_code = cli_flag(cli, "no-code"),
	};
	enum status status = collect_pairs(cli, "param", params, &options->param_count);
	status = status ? status : collect_pairs(cli, "stub", stubs, &options->stub_count);
	if (status) {
		cli_options_finish(options);
	}
	return status;
}

void cli_options_finish(struct slsws_options *options) {
	free((void *)options->params);
}

void cli_print_findings(const struct cli *cli, struct slsws_result *result) {
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
