/*
 * slsws dev in the program slsws-dev: the options for the gateway, and what it says.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "slsws_dev.h"

enum { MOST_ORIGINS = 32, MOST_VARIABLES = 24, DEFAULT_PORT = 3001 };

static void on_finding(void *data, enum slsws_severity severity, const char *text) {
	if (cli_shows(data, severity)) {
		fputs(text, stderr);
	}
}

/* One write a line: those of several workers must not mix. */
static void on_log(void *data, const char *function, const char *request, const char *line, size_t length) {
	const struct cli *cli = data;
	const char *dim = cli->colour ? "\033[2m" : "", *reset = cli->colour ? "\033[0m" : "";

	fprintf(stderr, "%s[%s%s%.8s]%s %.*s\n", dim, function, request ? " " : "", request ? request : "", reset, (int)length,
		line);
}

static void on_say(void *data, const char *line) {
	(void)data;
	fprintf(stderr, "%s\n", line);
}

/* A number of the command line within bounds; 0 when it was not given. */
static enum status read_number(const struct cli *cli, const char *name, double least, double most, double *number) {
	const char *text = cli_value(cli, name);
	char *end;

	if (!text) {
		return STATUS_DONE;
	}
	*number = strtod(text, &end);
	if (end == text || *end || !(*number >= least && *number <= most)) {
		return usage_error(cli, "U007", NULL, "'--%s' is '%s', expected a number from %g to %g", name, text, least, most);
	}
	return STATUS_DONE;
}

static enum status read_numbers(const struct cli *cli, struct slsws_dev_options *options) {
	double port = DEFAULT_PORT, message = 0, frame = 0;
	const struct {
		const char *name;
		double least, most, *number;
	} rows[] = {
		{ "port", 0, 65535, &port },
		{ "idle-timeout", 0.01, 1e6, &options->idle },
		{ "max-connection-age", 0.01, 1e6, &options->age },
		{ "integration-timeout", 0.01, 1e6, &options->integration },
		{ "message-limit", 1, 131072, &message },
		{ "frame-limit", 1, 131072, &frame },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		enum status status = read_number(cli, rows[i].name, rows[i].least, rows[i].most, rows[i].number);
		if (status) {
			return status;
		}
	}
	options->port = (int)port;
	options->message = (size_t)message;
	options->frame = (size_t)frame;
	return STATUS_DONE;
}

/* Where services are found: the variables that SDKs look at. */
static size_t add_endpoints(const struct cli *cli, struct slsws_option *variables) {
	static const struct {
		const char *option, *variable;
	} rows[] = {
		{ "dynamodb", "AWS_ENDPOINT_URL_DYNAMODB" }, { "s3", "AWS_ENDPOINT_URL_S3" }, { "sqs", "AWS_ENDPOINT_URL_SQS" },
		{ "sns", "AWS_ENDPOINT_URL_SNS" },
	};
	size_t count = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *url = cli_value(cli, rows[i].option);
		if (url) {
			variables[count++] = (struct slsws_option){ .name = rows[i].variable, .value = url };
		}
	}
	return count;
}

static enum status read_variables(const struct cli *cli, struct slsws_option *variables, size_t *count) {
	*count = add_endpoints(cli, variables);
	for (size_t i = 0; i < cli->option_count; i++) {
		if (strcmp(cli->options[i].name, "env") != 0) {
			continue;
		}
		char *text = (char *)cli->options[i].value, *equals = strchr(text, '=');
		if (!equals || equals == text || *count == MOST_VARIABLES) {
			return usage_error(cli, "U007", NULL, "'--env' is '%s', expected KEY=VALUE%s", text,
				*count == MOST_VARIABLES ? ", fewer times" : "");
		}
		*equals = '\0';
		variables[(*count)++] = (struct slsws_option){ .name = text, .value = equals + 1 };
	}
	return STATUS_DONE;
}

static void read_origins(const struct cli *cli, const char **origins) {
	size_t count = 0;

	for (size_t i = 0; i < cli->option_count && count < MOST_ORIGINS; i++) {
		if (strcmp(cli->options[i].name, "allow-origin") == 0) {
			origins[count++] = cli->options[i].value;
		}
	}
}

static enum status serve(const struct cli *cli, const char *path, const struct slsws_options *compile) {
	const char *origins[MOST_ORIGINS + 1] = { NULL };
	struct slsws_option variables[MOST_VARIABLES];
	struct slsws_dev_options options = {
		.options = compile, .host = cli_value(cli, "host"), .node = cli_value(cli, "node"),
		.python = cli_value(cli, "python"), .unsigned_calls = cli_flag(cli, "allow-unsigned"), .origins = origins,
		.environment = variables, .colour = cli->colour, .finding = on_finding, .log = on_log, .say = on_say,
		.data = (void *)cli,
	};
	enum status status = read_numbers(cli, &options);

	if (cli_flag(cli, "create-tables")) {
		options.create_tables = cli_value(cli, "dynamodb");
		status = options.create_tables ? status : usage_error(cli, "U008", NULL, "'--create-tables' needs '--dynamodb URL'");
	}
	status = status ? status : read_variables(cli, variables, &options.environment_count);
	if (status) {
		return status;
	}
	read_origins(cli, origins);
	return (enum status)slsws_dev(path, &options);
}

enum status command_dev(const struct cli *cli) {
	struct slsws_options options;
	const char *path = NULL;
	enum status status = cli_config(cli, &path);

	status = status ? status : cli_options(cli, &options);
	if (status) {
		return status;
	}
	status = serve(cli, path, &options);
	cli_options_finish(&options);
	return status;
}
