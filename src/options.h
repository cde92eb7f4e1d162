/*
 * What the command line, or another caller of the library, asks for: the options of one compilation.
 */
#ifndef SLSWS_OPTIONS_H
#define SLSWS_OPTIONS_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/value.h"
#include "slsws.h"

/* An option that means nothing but what the configuration reads of it. */
struct extra_option {
	struct extra_option *next;
	const char *name, *likely;	/* likely: the option that may have been meant, or NULL */
	bool read;
};

struct options {
	struct value *opt;		/* --name value: what ${opt:} reads; a flag alone is true */
	struct extra_option *extras;
	struct value *param;		/* --param KEY=VALUE */
	struct value *stubs;		/* variable address such as "ssm:/a/b" to value */
	const char *stubs_file;
	const char *directory;		/* the service's folder, "" or ending in '/' : prefix of every path in it */
	const char *file;		/* the configuration's base name */
	const char *harden;		/* words between commas, or NULL */
	bool checking;			/* the template is made only to be checked: it may lack what is not compiled yet */
	bool strict, minify;
	bool no_code;			/* nothing is packed, nothing is read that would be */
	const char *artifact_folder;	/* where zips and all else of a package are written; NULL: nowhere */
	const char *replaced_folder;	/* whose place it will take; or NULL */
	long long time;			/* milliseconds since 1970; 0: none */
	const char *select, *ignore;	/* lists of codes, or NULL */
	const char *baseline;		/* path of a file of findings that are known, or NULL */
};

/* The options for one file; `given` NULL: none. */
struct options options_read(struct arena *a, const char *path, const struct slsws_options *given);

/* The value of a text option such as "stage", NULL when it was not given. */
const char *option_text(const struct options *options, const char *name);

/* To be called when the configuration reads ${opt:name}; name NULL: all of them. */
void option_note_read(const struct options *options, const char *name);
/* Reports the extra options that nothing read: an error where one is likely a slip, else a warning. The reference refuses
   every option that it does not know. */
void options_check_read(const struct options *options, struct diag *diag);

#endif
