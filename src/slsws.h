/*
 * libslsws: compiles the serverless.yml of a WebSocket service to its CloudFormation template.
 *
 *	struct slsws_result *result = slsws_compile("serverless.yml", &options, NULL);
 *	puts(slsws_result_template(result));
 *	slsws_result_destroy(result);
 *
 * The library prints nothing and does no input of its own but through the host. A result owns all that is got
 * from it. Text is UTF-8 and NUL-terminated. Functions may be called from several threads at once on different results.
 */
#ifndef SLSWS_H
#define SLSWS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SLSWS_API __attribute__((visibility("default")))

/* A --name value of the command line, a parameter, or a stub. */
struct slsws_option {
	const char *name, *value;	/* value NULL: a flag that stands alone */
	int off;			/* the flag is --no-name: false */
	int extra;			/* it is there for ${opt:name} only: a diagnostic if the configuration does not read it */
	const char *likely;		/* the option that was meant if this is a slip, or NULL */
};

struct slsws_options {
	/* What ${opt:name} reads; `stage` and `region` are looked up here too. */
	const struct slsws_option *options;
	size_t option_count;
	/* --param KEY=VALUE: what ${param:KEY} reads first. */
	const struct slsws_option *params;
	size_t param_count;
	/* --stub 'ssm:/a/b=value': the values of variables that only AWS could tell (ssm, cf, s3, aws). */
	const struct slsws_option *stubs;
	size_t stub_count;
	/* A file of stubs, YAML or JSON: a map from variable address to value; or NULL. */
	const char *stubs_file;
	int strict;		/* warnings are errors */
	/* What to make safer than the reference does, words between commas: "all", or as slsws(1) lists them; or NULL. */
	const char *harden;
	const char *select, *ignore;	/* of slsws_validate(): codes and beginnings of codes ("W104, S"): these alone, all but these */
	const char *baseline;	/* of slsws_validate(): a file of findings that are known, and not reported; or NULL */
	int minify;		/* the template on one line, as JSON.stringify without indent */
	/* A folder that exists, where all is written that `serverless deploy --package` takes: zips, templates, state. It is
	   complete when there were no errors. NULL: zips are made, for their digests, only where a version or a layer needs one,
	   and nothing is written. */
	const char *artifact_folder;
	/* The folder whose place that one will take, or NULL: neither is ever packed. */
	const char *replaced_folder;
	/* Milliseconds since 1970 that the artifacts' folder in S3 is named after; 0, or where SOURCE_DATE_EPOCH tells another
	   time: its content. The reference takes a deployment for the newest by this time. */
	long long time;
	int no_code;		/* no file of the code is looked at: all digests are of one text, see slsws(1) */
};

enum slsws_read {
	SLSWS_READ_OK,
	SLSWS_READ_MISSING,	/* nothing of that name */
	SLSWS_READ_NO_FILE,	/* a folder, a FIFO, a device ... */
	SLSWS_READ_TOO_LARGE,
	SLSWS_READ_FAILED,	/* not allowed, input error ... */
	SLSWS_READ_CHANGED,	/* it was written to meanwhile */
};

enum slsws_entry {
	SLSWS_ENTRY_FILE,
	SLSWS_ENTRY_PROGRAM,	/* a file that its owner may execute */
	SLSWS_ENTRY_FOLDER,	/* never one that is above itself, which links can make */
	SLSWS_ENTRY_OTHER,
	SLSWS_ENTRY_LINKED_FOLDER,	/* a folder that a link leads to */
};

/* What the library asks of the world; a NULL host, or a NULL member, is the real one. */
struct slsws_host {
	void *data;
	/* Reads a whole regular file of at most `limit` bytes into *bytes (malloc'ed, the library frees it). */
	enum slsws_read (*read_file)(void *data, const char *path, size_t limit, char **bytes, size_t *length);
	int parallel;	/* read_file may be called by several threads at once */
	/* Calls entry() for each entry of a folder but "." and "..", in any order; size is that of a file. 0: done; else: cannot
	   be listed. */
	int (*list_folder)(void *data, const char *path,
		void (*entry)(void *context, const char *name, enum slsws_entry kind, unsigned long long size), void *context);
	/* The path of a file or folder without links, from the root on (malloc'ed), or NULL. */
	char *(*real_path)(void *data, const char *path);
	/* Writes a file that is new or takes the place of another: *file is what the other two take. 0, or what errno would be. */
	int (*create_file)(void *data, const char *path, void **file);
	int (*write_file)(void *file, const void *bytes, size_t length);
	int (*close_file)(void *file, int keep);	/* keep 0: the file is of no use, away with it */
	/* Told now and then while a zip is made: bytes of what has been packed, and of all that will be. NULL: nobody is told. */
	void (*progress)(void *data, const char *zip, unsigned long long done, unsigned long long total);
	/* An environment variable, or NULL. */
	const char *(*get_env)(void *data, const char *name);
	/* Starts Node.js with a program's text, in a folder ("": the current one). The program talks through descriptor 3, a
	   socket, in lines; what it prints otherwise is no concern of the library. NULL: there is no node. */
	void *(*node_start)(void *data, const char *program, const char *folder);
	/* Sends it a line, which comes without the newline. 0: done. */
	int (*node_write)(void *session, const char *line, size_t length);
	/* The next line from it without the newline (malloc'ed); NULL when it has ended or taken too long. */
	char *(*node_read)(void *session);
	/* Ends it and the session: its exit status, 128 + the signal, or 124 when it had taken too long. */
	int (*node_stop)(void *session);
};

enum slsws_severity { SLSWS_DEBUG, SLSWS_INFO, SLSWS_WARNING, SLSWS_ERROR };

struct slsws_diagnostic {
	const char *code;		/* stable, such as "C101" */
	enum slsws_severity severity;
	const char *file;		/* NULL when it is about no place in a file */
	unsigned line, column;		/* from 1, columns in characters; line 0: the file as a whole */
	const char *message;		/* one line */
	unsigned end_column;		/* behind what is at fault, on the same line */
	const char *help;		/* how to mend it, or NULL */
	size_t note_count;
};

/* What else there is to say of a diagnostic, or another place that it is about. */
struct slsws_note {
	const char *file;		/* NULL: no place */
	unsigned line, column, end_column;
	const char *text;
};

struct slsws_result;

/* Compiles the configuration file at `path`; never returns NULL. The template is there when there were no errors. */
SLSWS_API struct slsws_result *slsws_compile(const char *path, const struct slsws_options *options,
	const struct slsws_host *host);
/* Checks the file at `path`: a service, as slsws_compile() does it and further, or a finished template of whatever tool. The
   result has no template, only what was found. The code is not looked at (no_code), so it need not be built yet. */
SLSWS_API struct slsws_result *slsws_validate(const char *path, const struct slsws_options *options,
	const struct slsws_host *host);

/* How a comparison (text, JSON, Markdown) or a configuration (text, JSON, YAML) is written. */
enum slsws_format { SLSWS_TEXT, SLSWS_JSON, SLSWS_MARKDOWN, SLSWS_YAML };

struct slsws_diff_style {
	enum slsws_format format;
	int all;		/* what differs in hashes alone as well */
	int colour;		/* of text: escapes for a terminal */
	const char *before, *after;	/* what the two are called; NULL: by their paths */
};

/* Compares two files, each a template or a configuration, which is compiled first. The text is there when there were no
   errors. A NULL style is text without colour. */
SLSWS_API struct slsws_result *slsws_diff(const char *before, const char *after, const struct slsws_diff_style *style,
	const struct slsws_options *options, const struct slsws_host *host);
SLSWS_API int slsws_result_differs(const struct slsws_result *result);

struct slsws_print_style {
	enum slsws_format format;
	const char *path;	/* of a part, such as "provider.region", or NULL */
	int keys;		/* its keys in place of itself */
};

/* The configuration with its variables resolved, as the reference's `print` shows it. A NULL style is YAML of all. */
SLSWS_API struct slsws_result *slsws_print(const char *path, const struct slsws_print_style *style,
	const struct slsws_options *options, const struct slsws_host *host);

SLSWS_API void slsws_result_destroy(struct slsws_result *result);	/* NULL is allowed */

/* The template as JSON with its last newline, or NULL; *length may be NULL. */
SLSWS_API const char *slsws_result_template(const struct slsws_result *result, size_t *length);

/* What slsws_diff() or slsws_print() wrote, or NULL after errors; *length may be NULL. */
SLSWS_API const char *slsws_result_text(const struct slsws_result *result, size_t *length);

SLSWS_API size_t slsws_result_count(const struct slsws_result *result);		/* of diagnostics, sorted by place */
SLSWS_API unsigned slsws_result_errors(const struct slsws_result *result);
SLSWS_API struct slsws_diagnostic slsws_result_diagnostic(const struct slsws_result *result, size_t index);
SLSWS_API struct slsws_note slsws_result_note(const struct slsws_result *result, size_t index, size_t note);
/* What tells a diagnostic of slsws_validate() from others, whatever changes elsewhere in its file. */
SLSWS_API const char *slsws_result_fingerprint(struct slsws_result *result, size_t index);
/* The whole text for a terminal: message, place, source line, caret, notes, help. Valid until the result is destroyed. */
SLSWS_API const char *slsws_result_format(struct slsws_result *result, size_t index, int colour);

/* What can be found: a code with its severity and a title; and where there are any an explanation and examples, which are
   serverless.yml files or templates. The texts are the library's, and end with a newline. */
struct slsws_rule {
	const char *code;
	enum slsws_severity severity;
	const char *title;
	const char *why, *fail, *pass;	/* NULL: none */
};

SLSWS_API size_t slsws_rule_count(void);
SLSWS_API struct slsws_rule slsws_rule_get(size_t index);	/* the families stand together */

/* The JSON Schema (draft-07) of configurations as they are written, for editors: the text that `slsws schema` prints. */
SLSWS_API const char *slsws_schema(void);

SLSWS_API const char *slsws_version(void);

#ifdef __cplusplus
}
#endif

#endif
