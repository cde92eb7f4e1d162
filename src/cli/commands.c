#include <stdio.h>
#include <string.h>

#include "cli.h"

const struct command commands[] = {
	{ "package", "[FILE]", "compile a service to its CloudFormation template",
		"FILE is the service's configuration; without it, serverless.yml, .yaml or .json of this folder.\n"
		"The template goes to standard output, everything else to standard error. With --package the zips, templates and\n"
		"state are written to a folder instead, which 'serverless deploy --package' takes.", command_package,
		.free_options = true },
	{ "validate", "[FILE...]", "look for faults in services and templates",
		"FILE is a service's configuration, or a CloudFormation template of whatever tool; without it, serverless.yml,\n"
		".yaml or .json of this folder. Nothing is looked up in AWS and nothing is packed. The report goes to\n"
		"standard error as text, else to standard output.", command_validate,
		.free_options = true },
	{ "diff", "OLD [NEW]", "show what differs between two templates",
		"OLD and NEW are CloudFormation templates of whatever tool, or configurations of services, which are compiled\n"
		"first; without NEW, serverless.yml, .yaml or .json of this folder. Nothing is looked up in AWS.", command_diff,
		.free_options = true },
	{ "print", "[FILE]", "show the configuration of a service with its variables resolved",
		"FILE is the service's configuration; without it, serverless.yml, .yaml or .json of this folder.", command_print,
		.free_options = true },
	{ "dev", "[FILE]", "run a WebSocket API on this machine, as API Gateway would",
		"FILE is a service's configuration, or a CloudFormation template of whatever tool; without it, serverless.yml,\n"
		".yaml or .json of this folder. The functions run as programs of yours, with no container around them.\n"
		"Interrupt it to end it.", command_dev,
		.free_options = true },
	{ "explain", "CODE...", "explain what was found, with examples",
		"CODE is what stands in brackets before a message, such as W103.", command_explain },
	{ "rules", "", "list all that can be found", NULL, command_rules },
	{ "schema", "", "write the JSON Schema of configurations, for editors",
		"The schema is draft-07 and has no other files; the manual tells how editors are made to use it.", command_schema },
	{ "completion", "SHELL", "write the completion for a shell",
		"SHELL is bash, zsh or fish; the manual tells where they look for what this writes.", command_completion },
	{ "help", "[COMMAND]", "show the help of slsws or of a command", NULL, command_help },
	{ "version", "", "show the version", NULL, command_version },
};
const size_t command_count = sizeof(commands) / sizeof(*commands);

const struct command *command_find(const char *name) {
	for (size_t i = 0; i < command_count; i++) {
		if (strcmp(commands[i].name, name) == 0) {
			return &commands[i];
		}
	}
	return NULL;
}

static const char *command_name(size_t index) {
	return commands[index].name;
}

enum status command_check_options(const struct cli *cli, const struct command *command) {
	for (size_t i = 0; i < cli->option_count; i++) {
		struct slsws_option *option = &cli->options[i];
		char help[256];
		option->extra |= !option_row_for(option->name, command->name);
		if (!option->extra || command->free_options) {
			continue;
		}
		snprintf(help, sizeof(help), option->likely ? "did you mean '--%s'?" : "its options are listed by 'slsws help %s'",
			option->likely ? option->likely : command->name);
		return usage_error(cli, "U003", help, "'--%s' is no option of 'slsws %s'", option->name, command->name);
	}
	return STATUS_DONE;
}

static bool has_extension(const char *name) {
	const char *dot = strrchr(name, '.');

	return dot && (strcmp(dot, ".yml") == 0 || strcmp(dot, ".yaml") == 0 || strcmp(dot, ".json") == 0);
}

/* What users of the reference may type, and slsws leaves to others. */
static bool is_peer_command(const char *name) {
	static const char *const names[] = {
		"create", "deploy", "doctor", "info", "invoke", "login", "logs", "metrics", "offline", "plugin",
		"remove", "rollback", "test",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strcmp(names[i], name) == 0) {
			return true;
		}
	}
	return false;
}

enum status unknown_command(const struct cli *cli, const char *name) {
	const char *likely = likely_word(name, command_name, command_count);
	char help[256] = "the commands are listed by 'slsws help'";

	if (is_peer_command(name)) {
		snprintf(help, sizeof(help), "slsws makes the template and leaves the rest to other tools: slsws package -o FILE");
	} else if (has_extension(name)) {
		snprintf(help, sizeof(help), "to compile it: slsws package %s", name);
	} else if (likely) {
		snprintf(help, sizeof(help), "did you mean '%s'?", likely);
	}
	return usage_error(cli, "U002", help, "unknown command '%s'", name);
}
