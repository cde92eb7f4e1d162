/*
 * slsws completion: what shells need to know of the commands and their options, of the same tables as the help.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* --- words ----------------------------------------------------------------------------------------------------- */

/* A text within single quotes, of which each character of `special` gets a backslash; quotes as the shell wants them. */
static void add_quoted(FILE *out, const char *text, const char *special, const char *quote) {
	for (; *text; text++) {
		if (*text == '\'') {
			fputs(quote, out);
		} else {
			fputs(strchr(special, *text) ? "\\" : "", out);
			fputc(*text, out);
		}
	}
}

static void add_commands(FILE *out, const char *between) {
	for (size_t i = 0; i < command_count; i++) {
		fprintf(out, "%s%s", i ? between : "", commands[i].name);
	}
}

/* A new option of the table for a command, or for the command line without one; no more than one row has its name. */
static bool is_offered(const struct option_row *row, const struct command *command) {
	if (!row->help) {
		return false;
	}
	return command ? option_is_for(row, command->name) : !row->commands;
}

static bool takes_file(const struct option_row *row) {
	return row->argument && (strcmp(row->argument, "FILE") == 0 || strcmp(row->argument, "FOLDER") == 0);
}

/* What the arguments of a command can be: words to choose from, or files. */
enum words { NO_WORDS, FILES, COMMANDS, CODES, SHELLS };

static enum words words_of(const struct command *command) {
	static const struct {
		const char *argument;
		enum words words;
	} rows[] = { { "FILE", FILES }, { "OLD", FILES }, { "COMMAND", COMMANDS }, { "CODE", CODES }, { "SHELL", SHELLS } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (strstr(command->arguments, rows[i].argument)) {
			return rows[i].words;
		}
	}
	return NO_WORDS;
}

static void add_words(FILE *out, enum words words) {
	if (words == COMMANDS) {
		add_commands(out, " ");
	} else if (words == SHELLS) {
		fputs("bash zsh fish", out);
	}
	for (size_t i = 0; words == CODES && i < slsws_rule_count(); i++) {
		fprintf(out, "%s%s", i ? " " : "", slsws_rule_get(i).code);
	}
}

/* --- bash ------------------------------------------------------------------------------------------------------- */

static void add_bash_options(FILE *out, const struct command *command) {
	const char *between = "";

	for (size_t i = 0; i < option_row_count; i++) {
		const struct option_row *row = &option_rows[i];
		if (is_offered(row, command)) {
			fprintf(out, "%s--%s%s", between, row->name, row->attached ? "=" : "");
			between = " ";
		}
	}
}

/* The patterns "command:--name" of an option's row. */
static void add_bash_patterns(FILE *out, const struct option_row *row) {
	const char *between = "";

	for (size_t i = 0; i < command_count && row->commands; i++) {
		if (option_is_for(row, commands[i].name)) {
			fprintf(out, "%s%s:--%s", between, commands[i].name, row->name);
			between = " | ";
			if (row->letter) {
				fprintf(out, " | %s:-%c", commands[i].name, row->letter);
			}
		}
	}
	if (!row->commands) {
		fprintf(out, "*:--%s", row->name);
	}
}

static void write_bash(FILE *out) {
	fputs("# completion of slsws for bash, written by 'slsws completion bash'\n_slsws() {\n"
		"\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command= i\n"
		"\tCOMPREPLY=()\n"
		"\t# --name=value comes as three words\n"
		"\tif [[ $word == '=' ]]; then\n\t\tword=\n"
		"\telif [[ $before == '=' && $COMP_CWORD -gt 1 ]]; then\n\t\tbefore=${COMP_WORDS[COMP_CWORD - 2]}\n\tfi\n"
		"\tfor ((i = 1; i < COMP_CWORD; i++)); do\n\t\tcase ${COMP_WORDS[i]} in\n\t\t", out);
	add_commands(out, " | ");
	fputs(")\n\t\t\tcommand=${COMP_WORDS[i]}\n\t\t\tbreak\n\t\t\t;;\n\t\tesac\n\tdone\n\tcase $command:$before in\n", out);
	for (size_t i = 0; i < option_row_count; i++) {
		const struct option_row *row = &option_rows[i];
		if (!row->argument || !row->help) {
			continue;
		}
		fputc('\t', out);
		add_bash_patterns(out, row);
		fputs(")\n", out);
		if (row->choices) {
			fprintf(out, "\t\tCOMPREPLY=($(compgen -W '%s' -- \"$word\"))\n", row->choices);
		}
		fputs("\t\treturn\n\t\t;;\n", out);
	}
	fputs("\tesac\n\tcase $command:$word in\n", out);
	for (size_t i = 0; i <= command_count; i++) {
		const struct command *command = i < command_count ? &commands[i] : NULL;
		fprintf(out, "\t%s:-*)\n\t\tCOMPREPLY=($(compgen -W '", command ? command->name : "");
		add_bash_options(out, command);
		fputs("' -- \"$word\"))\n\t\t;;\n", out);
	}
	fputs("\t:*)\n\t\tCOMPREPLY=($(compgen -W '", out);
	add_commands(out, " ");
	fputs("' -- \"$word\"))\n\t\t;;\n", out);
	for (size_t i = 0; i < command_count; i++) {
		if (words_of(&commands[i]) > FILES) {
			fprintf(out, "\t%s:*)\n\t\tCOMPREPLY=($(compgen -W '", commands[i].name);
			add_words(out, words_of(&commands[i]));
			fputs("' -- \"$word\"))\n\t\t;;\n", out);
		}
	}
	fputs("\tesac\n}\n# where nothing is offered, files are\ncomplete -o default -F _slsws slsws\n", out);
}

/* --- zsh -------------------------------------------------------------------------------------------------------- */

static const char zsh_special[] = "[]:\\", zsh_quote[] = "'\\''";

static void add_zsh_argument(FILE *out, const struct option_row *row) {
	if (!row->argument) {
		return;
	}
	fprintf(out, "%s:%s:", row->alone ? ":" : "", row->argument);
	if (row->choices) {
		fprintf(out, "(%s)", row->choices);
	} else {
		fputs(takes_file(row) ? strcmp(row->argument, "FILE") == 0 ? "_files" : "_files -/" : " ", out);
	}
}

static void add_zsh_option(FILE *out, const struct option_row *row) {
	const char *equals = !row->argument ? "" : row->attached ? "=-" : "=";

	fputs(" \\\n\t\t\t", out);
	if (row->letter) {
		fprintf(out, "'(-%c --%s)'-%c'%s[", row->letter, row->name, row->letter, row->argument ? "+" : "");
		add_quoted(out, row->help, zsh_special, zsh_quote);
		fputc(']', out);
		add_zsh_argument(out, row);
		fprintf(out, "' \\\n\t\t\t'(-%c --%s)'", row->letter, row->name);
	}
	fprintf(out, "'%s--%s%s[", row->repeats ? "*" : "", row->name, equals);
	add_quoted(out, row->help, zsh_special, zsh_quote);
	fputc(']', out);
	add_zsh_argument(out, row);
	fputc('\'', out);
}

static void add_zsh_arguments(FILE *out, const struct command *command) {
	enum words words = words_of(command);

	fprintf(out, "\t\t%s)\n\t\t\t_arguments -S", command->name);
	for (size_t i = 0; i < option_row_count; i++) {
		if (is_offered(&option_rows[i], command)) {
			add_zsh_option(out, &option_rows[i]);
		}
	}
	if (words == FILES) {
		fputs(" \\\n\t\t\t'*:file:_files'", out);
	} else if (words != NO_WORDS) {
		fputs(" \\\n\t\t\t'*:word:(", out);
		add_words(out, words);
		fputs(")'", out);
	}
	fputs("\n\t\t\t;;\n", out);
}

static void write_zsh(FILE *out) {
	fputs("#compdef slsws\n# completion of slsws for zsh, written by 'slsws completion zsh'\n_slsws() {\n"
		"\tlocal context state state_descr line\n\ttypeset -A opt_args\n\tlocal -a commands\n\tcommands=(\n", out);
	for (size_t i = 0; i < command_count; i++) {
		fprintf(out, "\t\t'%s:", commands[i].name);
		add_quoted(out, commands[i].summary, ":\\", zsh_quote);
		fputs("'\n", out);
	}
	fputs("\t)\n\t_arguments -C '1: :->command' '*:: :->arguments'\n\tcase $state in\n\tcommand)\n"
		"\t\t_describe -t commands command commands\n\t\t;;\n\targuments)\n\t\tcase $words[1] in\n", out);
	for (size_t i = 0; i < command_count; i++) {
		add_zsh_arguments(out, &commands[i]);
	}
	/* when it is autoloaded, its file is the function */
	fputs("\t\tesac\n\t\t;;\n\tesac\n}\nif [ \"$funcstack[1]\" = _slsws ]; then\n\t_slsws \"$@\"\nelse\n"
		"\tcompdef _slsws slsws\nfi\n", out);
}

/* --- fish ------------------------------------------------------------------------------------------------------- */

static const char fish_quote[] = "\\'";

static void add_fish_option(FILE *out, const struct option_row *row) {
	fputs("complete -c slsws", out);
	if (row->commands) {
		fprintf(out, " -n '__fish_seen_subcommand_from %s'", row->commands);
	}
	fprintf(out, " -l %s", row->name);
	if (row->letter) {
		fprintf(out, " -s %c", row->letter);
	}
	if (row->argument && !row->alone) {
		fputs(takes_file(row) ? " -r -F" : " -x", out);
	}
	if (row->choices) {
		fprintf(out, " -a '%s'", row->choices);
	}
	fputs(" -d '", out);
	add_quoted(out, row->help, "\\", fish_quote);
	fputs("'\n", out);
}

static void write_fish(FILE *out) {
	fputs("# completion of slsws for fish, written by 'slsws completion fish'\ncomplete -c slsws -f\n", out);
	for (size_t i = 0; i < command_count; i++) {
		enum words words = words_of(&commands[i]);
		fprintf(out, "complete -c slsws -n __fish_use_subcommand -a %s -d '", commands[i].name);
		add_quoted(out, commands[i].summary, "\\", fish_quote);
		fputs("'\n", out);
		if (words == NO_WORDS) {
			continue;
		}
		fprintf(out, "complete -c slsws -n '__fish_seen_subcommand_from %s'%s", commands[i].name,
			words == FILES ? " -F" : " -a '");
		add_words(out, words);
		fputs(words == FILES ? "\n" : "'\n", out);
	}
	for (size_t i = 0; i < option_row_count; i++) {
		if (option_rows[i].help) {
			add_fish_option(out, &option_rows[i]);
		}
	}
}

/* --- the command ------------------------------------------------------------------------------------------------ */

typedef void write_fn(FILE *out);

static write_fn *shell_writer(const char *name) {
	static const struct {
		const char *name;
		write_fn *write;
	} shells[] = { { "bash", write_bash }, { "zsh", write_zsh }, { "fish", write_fish } };

	for (size_t i = 0; i < sizeof(shells) / sizeof(*shells); i++) {
		if (strcmp(shells[i].name, name) == 0) {
			return shells[i].write;
		}
	}
	return NULL;
}

enum status command_completion(const struct cli *cli) {
	const char *shell = cli->word_count > 1 ? cli->words[1] : NULL;
	write_fn *write = shell ? shell_writer(shell) : NULL;
	char *text = NULL;
	size_t length = 0;

	if (!shell || cli->word_count > 2) {
		return usage_error(cli, "U008", NULL, "expected one shell: bash, zsh or fish");
	}
	if (!write) {
		return usage_error(cli, "U008", NULL, "the shell '%s' is not known, expected bash, zsh or fish", shell);
	}
	FILE *out = open_memstream(&text, &length);
	if (!out) {
		return machine_error(cli, "out of memory");
	}
	write(out);
	enum status status = fclose(out) == 0 ? write_stdout(cli, text, length) : machine_error(cli, "out of memory");
	free(text);
	return status;
}
