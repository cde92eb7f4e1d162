#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

enum { COLUMN = 32 };	/* where the explanations stand */

static void add_row(FILE *out, const char *name, const char *help) {
	if (strlen(name) + 2 > COLUMN) {
		fprintf(out, "%s\n%*s%s\n", name, COLUMN, "", help);
	} else {
		fprintf(out, "%-*s%s\n", COLUMN, name, help);
	}
}

/* Those of a command; without one those that all have. */
static void add_options(FILE *out, const struct command *command) {
	fputs(command ? "\nOptions:\n" : "\nOptions of all commands:\n", out);
	for (size_t i = 0; i < option_row_count; i++) {
		const struct option_row *row = &option_rows[i];
		char name[64], letter[] = { '-', row->letter, ',', ' ', '\0' };
		snprintf(name, sizeof(name), "  %s--%s%s%s", row->letter ? letter : "    ", row->name,
			row->argument ? " " : "", row->argument ? row->argument : "");
		if (row->help && (command ? option_is_for(row, command->name) : !row->commands)) {
			add_row(out, name, row->help);
		}
	}
	if (command && command->free_options) {
		add_row(out, "      --NAME VALUE", "any other: value of ${opt:NAME}");
	}
}

static void add_commands(FILE *out) {
	fputs("\nCommands:\n", out);
	for (size_t i = 0; i < command_count; i++) {
		char name[64];
		snprintf(name, sizeof(name), "  %s %s", commands[i].name, commands[i].arguments);
		add_row(out, name, commands[i].summary);
	}
}

static void add_help(FILE *out, const struct command *command) {
	if (!command) {
		fputs("slsws compiles the serverless.yml of a WebSocket service to its CloudFormation template.\n\n"
			"Usage: slsws COMMAND [ARGUMENTS]\n", out);
		add_commands(out);
		add_options(out, NULL);
		fputs("\nThose of a command: slsws help COMMAND\n", out);
		fputs("\nExit status: 0 done, 1 the service has errors, 2 wrong use, 3 the machine failed.\n"
			"The manual: man slsws\n", out);
		return;
	}
	fprintf(out, "slsws %s: %s\n\nUsage: slsws %s%s%s\n", command->name, command->summary, command->name,
		*command->arguments ? " " : "", command->arguments);
	if (command->description) {
		fprintf(out, "\n%s\n", command->description);
	}
	add_options(out, command);
}

static enum status show(const struct cli *cli, const struct command *command) {
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	if (!out) {
		return machine_error(cli, "out of memory");
	}
	add_help(out, command);
	enum status status = fclose(out) == 0 ? write_stdout(cli, text, length) : machine_error(cli, "out of memory");
	free(text);
	return status;
}

/* "help", "help package", "--help" and "package --help": the first command named that is not help itself. */
enum status command_help(const struct cli *cli) {
	for (size_t i = 0; i < cli->word_count; i++) {
		const struct command *command = command_find(cli->words[i]);
		if (i == 0 && command && command->run == command_help) {
			continue;
		}
		return command ? show(cli, command) : unknown_command(cli, cli->words[i]);
	}
	return show(cli, NULL);
}
