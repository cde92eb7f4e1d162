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
	int minify;		/* the template on one line, as JSON.stringify without indent */
};

enum slsws_read {
	SLSWS_READ_OK,
	SLSWS_READ_MISSING,	/* nothing of that name */
	SLSWS_READ_NO_FILE,	/* a folder, a FIFO, a device ... */
	SLSWS_READ_TOO_LARGE,
	SLSWS_READ_FAILED,	/* not allowed, input error ... */
};

enum slsws_entry { SLSWS_ENTRY_FILE, SLSWS_ENTRY_FOLDER, SLSWS_ENTRY_OTHER };

/* What the library asks of the world; a NULL host, or a NULL member, is the real one. */
struct slsws_host {
	void *data;
	/* Reads a whole regular file into *bytes (malloc'ed, the library frees it). */
	enum slsws_read (*read_file)(void *data, const char *path, char **bytes, size_t *length);
	/* Calls entry() for each entry of a folder but "." and "..", in any order. 0: done; else: cannot be listed. */
	int (*list_folder)(void *data, const char *path,
		void (*entry)(void *context, const char *name, enum slsws_entry kind), void *context);
	/* An environment variable, or NULL. */
	const char *(*get_env)(void *data, const char *name);
	/* Runs a JavaScript program with Node.js: `program` is its text, `argument` (JSON) its process.argv[2]. For each
	   line that it writes to stdout, line() is called; what line() returns (malloc'ed, or NULL for nothing) goes to its
	   stdin with a newline. Returns the exit status; -1 when there is no node to run. *errors (malloc'ed) gets stderr. */
	int (*run_node)(void *data, const char *program, const char *argument,
		char *(*line)(void *context, const char *text), void *context, char **errors);
};

enum slsws_severity { SLSWS_DEBUG, SLSWS_INFO, SLSWS_WARNING, SLSWS_ERROR };

struct slsws_diagnostic {
	const char *code;		/* stable, such as "C101" */
	enum slsws_severity severity;
	const char *file;		/* NULL when it is about no place in a file */
	unsigned line, column;		/* from 1, columns in characters */
	const char *message;		/* one line */
};

struct slsws_result;

/* Compiles the configuration file at `path`; never returns NULL. The template is there when there were no errors. */
SLSWS_API struct slsws_result *slsws_compile(const char *path, const struct slsws_options *options,
	const struct slsws_host *host);
SLSWS_API void slsws_result_destroy(struct slsws_result *result);	/* NULL is allowed */

/* The template as JSON with its last newline, or NULL; *length may be NULL. */
SLSWS_API const char *slsws_result_template(const struct slsws_result *result, size_t *length);

SLSWS_API size_t slsws_result_count(const struct slsws_result *result);		/* of diagnostics, sorted by place */
SLSWS_API unsigned slsws_result_errors(const struct slsws_result *result);
SLSWS_API struct slsws_diagnostic slsws_result_diagnostic(const struct slsws_result *result, size_t index);
/* The whole text for a terminal: message, place, source line, caret, notes, help. Valid until the result is destroyed. */
SLSWS_API const char *slsws_result_format(struct slsws_result *result, size_t index, int colour);

SLSWS_API const char *slsws_version(void);

#ifdef __cplusplus
}
#endif

#endif
