/*
 * The command line taken apart, by the rules of the reference's parser (osls, lib/cli/parse-args.js) but for the place of
 * options: they may stand before the command too.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

static const char option_list[] = "the options are listed by 'slsws help package'";

struct parser {
	struct cli *cli;
	char **next, **end;
};

/* The characters of an option's name at `text`: at least two after "--", any number of small letters after "-". */
static size_t name_length(const char *text) {
	size_t n = 0;

	if (text[0] != '-') {
		return 0;
	}
	if (text[1] != '-') {
		while (islower((unsigned char)text[1 + n])) {
			n++;
		}
		return text[1 + n] == '=' || !text[1 + n] ? n : 0;
	}
	if (!isalpha((unsigned char)text[2])) {
		return 0;
	}
	while (isalnum((unsigned char)text[2 + n]) || (text[2 + n] && strchr(":_-", text[2 + n]))) {
		n++;
	}
	return n > 1 && (text[2 + n] == '=' || !text[2 + n]) ? n : 0;
}

static bool value_follows(const struct parser *p) {
	return p->next < p->end && strcmp(*p->next, "--") != 0 && !name_length(*p->next);
}

static bool given(const struct cli *cli, const char *name) {
	for (size_t i = 0; i < cli->option_count; i++) {
		if (strcmp(cli->options[i].name, name) == 0) {
			return true;
		}
	}
	return false;
}

static void add(struct cli *cli, struct slsws_option option) {
	cli->options[cli->option_count++] = option;
}

static bool add_known(struct parser *p, const struct option_row *row, const char *value) {
	struct cli *cli = p->cli;

	if (!row->argument) {
		if (value) {
			return !usage_error(cli, "U005", NULL, "unexpected value for '--%s'", row->name);
		}
		add(cli, (struct slsws_option){ .name = row->name });
		return true;
	}
	if (!value && !row->attached && value_follows(p)) {
		value = *p->next++;
	}
	value = value ? value : row->alone;
	if (!value || !*value) {
		return !usage_error(cli, "U004", NULL, "missing value for '--%s', expected %s", row->name, row->argument);
	}
	if (given(cli, row->name) && !row->repeats) {
		return !usage_error(cli, "U006", NULL, "'--%s' was given twice", row->name);
	}
	add(cli, (struct slsws_option){ .name = row->name, .value = value });
	return true;
}

static void add_extra(struct parser *p, const char *name, const char *value, int off) {
	add(p->cli, (struct slsws_option){ .name = name, .value = value, .off = off, .extra = 1,
		.likely = option_likely(name) });
}

/* An option of the table, --no-name of one that can be negated, or any other for ${opt:name}. */
static bool add_named(struct parser *p, const char *name, size_t length, const char *value) {
	const struct option_row *row = option_row(name, length);
	if (row) {
		return add_known(p, row, value);
	}
	bool negated = length > 3 && strncmp(name, "no-", 3) == 0;
	row = negated ? option_row(name + 3, length - 3) : NULL;
	if (row && (!row->argument || row->negated)) {
		if (value) {
			return !usage_error(p->cli, "U005", NULL, "unexpected value for '--no-%s'", row->name);
		}
		add(p->cli, (struct slsws_option){ .name = row->name, .value = row->negated, .off = !row->argument });
		return true;
	}
	if (row) {
		return !usage_error(p->cli, "U005", NULL, "'--no-%s' is no option, as '--%s' takes a value", row->name, row->name);
	}
	if (!value && value_follows(p)) {
		value = *p->next++;
	} else if (!value && negated) {
		add_extra(p, name + 3, NULL, 1);
		return true;
	}
	/* The reference takes --name= for an option that was not given. */
	if (!value || *value) {
		add_extra(p, name, value, 0);
	}
	return true;
}

static bool add_letters(struct parser *p, const char *letters, size_t length, const char *value) {
	for (size_t i = 0; i < length; i++) {
		const struct option_row *row = option_row_letter(letters[i]);
		if (!row) {
			return !usage_error(p->cli, "U003", option_list, "unknown option '-%c'", letters[i]);
		}
		if (length > 1 && (row->argument || value)) {
			return !usage_error(p->cli, "U005", NULL, "the value of '-%c' must stand apart from it, as '-%c VALUE'",
				letters[i], letters[i]);
		}
		if (!add_known(p, row, value)) {
			return false;
		}
	}
	return true;
}

static bool add_option(struct parser *p, char *text, size_t length) {
	bool letters = text[1] != '-';
	char *name = text + (letters ? 1 : 2);
	const char *value = name[length] == '=' ? name + length + 1 : NULL;

	name[length] = '\0';
	return letters ? add_letters(p, name, length, value) : add_named(p, name, length, value);
}

/* Bundled letters make more options than there are arguments: room for as many as there are characters. */
static size_t room(int argc, char **argv) {
	size_t most = 1;

	for (int i = 1; i < argc; i++) {
		most += argv[i][0] == '-' && argv[i][1] != '-' ? strlen(argv[i]) : 1;
	}
	return most;
}

static bool wants_colour(const char *when, int fd) {
	const char *no = getenv("NO_COLOR"), *force = getenv("FORCE_COLOR"), *cli_force = getenv("CLICOLOR_FORCE");
	const char *term = getenv("TERM");

	if (when && strcmp(when, "auto") != 0) {
		return strcmp(when, "always") == 0;
	}
	if (no && *no) {
		return false;
	}
	force = force && *force ? force : cli_force;
	if (force && *force) {
		return strcmp(force, "0") != 0;
	}
	return (!term || strcmp(term, "dumb") != 0) && isatty(fd);
}

int cli_choice(const struct cli *cli, const char *name, const char *const *choices, size_t count) {
	const char *value = cli_value(cli, name);
	char list[256] = "";

	for (size_t i = 0; i < count; i++) {
		if (!value || strcmp(value, choices[i]) == 0) {
			return (int)i;
		}
		size_t length = strlen(list);
		snprintf(list + length, sizeof(list) - length, "%s%s", !i ? "" : i + 1 < count ? ", " : " or ", choices[i]);
	}
	usage_error(cli, "U007", NULL, "'--%s' is '%s', expected %s", name, value, list);
	return -1;
}

static bool choose_colour(struct cli *cli) {
	static const char *const choices[] = { "auto", "always", "never" };
	const char *when = cli_value(cli, "color");

	cli->colour = wants_colour(when, STDERR_FILENO);
	cli->output_colour = wants_colour(when, STDOUT_FILENO);
	return cli_choice(cli, "color", choices, 3) >= 0;
}

/* The names under which the reference is called. */
static bool is_peer(const char *program) {
	static const char *const peers[] = { "serverless", "sls", "osls" };
	const char *slash = strrchr(program, '/'), *name = slash ? slash + 1 : program;

	for (size_t i = 0; i < sizeof(peers) / sizeof(*peers); i++) {
		if (strcmp(name, peers[i]) == 0) {
			return true;
		}
	}
	return false;
}

enum status cli_parse(struct cli *cli, int argc, char **argv) {
	struct parser p = { .cli = cli, .next = argv + (argc > 0), .end = argv + argc };
	size_t most = room(argc, argv);

	*cli = (struct cli){ .colour = wants_colour(NULL, STDERR_FILENO), .peer = argc > 0 && is_peer(argv[0]) };
	cli->options = calloc(most, sizeof(*cli->options));
	cli->words = calloc(most, sizeof(*cli->words));
	if (!cli->options || !cli->words) {
		return machine_error(cli, "out of memory");
	}
	while (p.next < p.end) {
		char *text = *p.next++;
		size_t length = name_length(text);
		if (length) {
			if (!add_option(&p, text, length)) {
				return STATUS_USAGE;
			}
		} else if (strcmp(text, "--") == 0) {
			while (p.next < p.end) {
				cli->words[cli->word_count++] = *p.next++;
			}
		} else if (text[0] == '-' && text[1]) {
			return usage_error(cli, "U003", option_list, "unknown option '%s'", text);
		} else {
			cli->words[cli->word_count++] = text;
		}
	}
	return choose_colour(cli) ? STATUS_DONE : STATUS_USAGE;
}

void cli_finish(struct cli *cli) {
	free(cli->options);
	free(cli->words);
}

const char *cli_value(const struct cli *cli, const char *name) {
	const char *value = NULL;

	for (size_t i = 0; i < cli->option_count; i++) {
		value = strcmp(cli->options[i].name, name) == 0 ? cli->options[i].value : value;
	}
	return value;
}

bool cli_flag(const struct cli *cli, const char *name) {
	bool on = false;

	for (size_t i = 0; i < cli->option_count; i++) {
		on = strcmp(cli->options[i].name, name) == 0 ? !cli->options[i].off : on;
	}
	return on;
}
