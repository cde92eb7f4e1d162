/*
 * The command line: the options table, the subcommand table and what they share. Only the public header below this.
 *
 * A new option is one row in options.c, a new subcommand one file and one row in commands.c. stdout gets what was asked
 * for (a template, a help text) and nothing else; everything that is said goes to stderr.
 */
#ifndef SLSWS_CLI_H
#define SLSWS_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include "slsws.h"

enum status { STATUS_DONE = 0, STATUS_FINDINGS = 1, STATUS_USAGE = 2, STATUS_MACHINE = 3 };

/* What makes an option special is a column; those that are NULL or false are not special. */
struct option_row {
	const char *name;		/* --name */
	char letter;			/* -l, 0: none */
	const char *argument;		/* what its value is called in the help, NULL: a flag */
	const char *help;		/* NULL: accepted, but neither in the help nor in the manual */
	bool repeats;			/* may be given several times */
	const char *choices;		/* the words that its value can be, a space between; NULL: any */
	const char *alone;		/* the value that it has when none follows */
	bool attached;			/* its value follows after '=' only */
	const char *negated;		/* the value that --no-name stands for */
	const char *unused;		/* it has no effect: why */
	const char *commands;		/* those that it is for, a space between; NULL: all. An option that means something else to
					   other commands has a row for each, with the same argument */
};

extern const struct option_row option_rows[];
extern const size_t option_row_count;

/* A row by its whole name or letter, NULL when there is none. */
const struct option_row *option_row(const char *name, size_t length);
const struct option_row *option_row_letter(char letter);
/* The row of an option for a command; NULL: the command does not take it. */
const struct option_row *option_row_for(const char *name, const char *command);
bool option_is_for(const struct option_row *row, const char *command);
/* The name of the option that a mistyped name most likely means, or NULL. */
const char *option_likely(const char *name);

struct cli {
	bool colour, output_colour;	/* in what is said, and in what was asked for */
	bool peer;			/* called by a name of the reference: it packs, and ends with 0 or 1 */
	struct slsws_option *options;	/* in the order given: those of the table and the others */
	const char **words;		/* what is no option, the command first */
	size_t option_count, word_count;
};

/* Takes the command line apart, and writes into argv; not STATUS_DONE after an error. cli_finish() in any case. */
enum status cli_parse(struct cli *cli, int argc, char **argv);
void cli_finish(struct cli *cli);

/* The value that an option was given last, or NULL; whether a flag was given and not taken back by --no-name. */
const char *cli_value(const struct cli *cli, const char *name);
bool cli_flag(const struct cli *cli, const char *name);
/* The number of an option's value among its choices, the first when it was not given; -1 after an error, which is said. */
int cli_choice(const struct cli *cli, const char *name, const char *const *choices, size_t count);
/* Whether diagnostics of a severity are shown: --quiet, --verbose and --debug decide. */
bool cli_shows(const struct cli *cli, enum slsws_severity severity);

typedef enum status command_fn(const struct cli *cli);

struct command {
	const char *name, *arguments, *summary, *description;
	command_fn *run;
	bool free_options;		/* takes any --name value, for ${opt:name} */
};

command_fn command_package, command_validate, command_diff, command_print, command_dev, command_completion,
	command_schema, command_explain, command_rules, command_help, command_version;

extern const struct command commands[];
extern const size_t command_count;
const struct command *command_find(const char *name);	/* NULL when there is none */
/* Whether all options that were given are the command's; what is another's is any --name value where those are taken. */
enum status command_check_options(const struct cli *cli, const struct command *command);
enum status unknown_command(const struct cli *cli, const char *name);

/* --- what the commands share that work on a service --------------------------------------------------------------- */

/* The configuration in this folder; *path is NULL before. */
enum status cli_find_config(const struct cli *cli, const char **path);
/* The one configuration that the command line names, else that of this folder. */
enum status cli_config(const struct cli *cli, const char **path);
/* Refuses an --output, or a new baseline, that is what is read, which it would destroy. */
enum status cli_check_output(const struct cli *cli, const char *path);
/* To the file of --output, or to standard output. */
enum status cli_write_output(const struct cli *cli, const char *text, size_t length);
/* The options of the library. To be called once, as it takes arguments apart; cli_options_finish() if that is done. */
enum status cli_options(const struct cli *cli, struct slsws_options *options);
void cli_options_finish(struct slsws_options *options);
/* All findings that are to be shown, on standard error. */
void cli_print_findings(const struct cli *cli, struct slsws_result *result);

/* Prints "error[code]: ..." and, if help is not NULL, how to mend it; returns STATUS_USAGE. */
enum status usage_error(const struct cli *cli, const char *code, const char *help, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* The same for what the machine refuses; returns STATUS_MACHINE. */
enum status machine_error(const struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A remark that --verbose shows. */
void debug_note(const struct cli *cli, const char *code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The word most like `word`: at most 2 edits away, 1 for words of up to 5 letters. NULL when none is. */
const char *likely_word(const char *word, const char *(*candidate)(size_t index), size_t count);

/* Writes all to stdout. A reader that went away is no failure. */
enum status write_stdout(const struct cli *cli, const char *bytes, size_t length);
/* Writes a file whole or not at all: beside its place first, renamed when it is complete. Devices and the like
   are written to directly. */
enum status write_file(const struct cli *cli, const char *path, const char *bytes, size_t length);


/* --- the folder of a package -------------------------------------------------------------------------------------- */

/* It is made beside its place, and takes that when it is complete: there is the old folder or the new one. */
struct folder {
	const char *name;	/* as the user calls it */
	char *place;		/* without links */
	char *beside;		/* where it is made */
	bool replaces;
};

/* Sees whether the folder may be made or replaced, for a service's configuration file; folder_finish() in any case. */
enum status folder_begin(const struct cli *cli, struct folder *folder, const char *name, const char *config);
enum status folder_publish(const struct cli *cli, struct folder *folder);
void folder_finish(struct folder *folder);	/* what was not published is gone */

/* Shows how far packing is, on a terminal; `data` is a struct progress, of which `next` is set first: see progress_begin(). */
struct progress {
	bool shown;		/* there is a line that must go */
	long long next;		/* when the next one is shown, in milliseconds */
};

bool progress_begin(const struct cli *cli, struct progress *progress);	/* false: nobody would see it */
void progress_show(void *data, const char *zip, unsigned long long done, unsigned long long total);
void progress_finish(struct progress *progress);

#endif
