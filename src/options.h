/*
 * What the command line, or another caller of the library, asks for: the options of one compilation.
 */
#ifndef SLSWS_OPTIONS_H
#define SLSWS_OPTIONS_H

#include "base/arena.h"
#include "base/value.h"
#include "slsws.h"

struct options {
	struct value *opt;		/* --name value: what ${opt:} reads; a flag alone is true */
	struct value *param;		/* --param KEY=VALUE */
	struct value *stubs;		/* variable address such as "ssm:/a/b" to value */
	const char *stubs_file;
	const char *directory;		/* the service's folder, "" or ending in '/' : prefix of every path in it */
	const char *file;		/* the configuration's base name */
	bool strict, minify;
};

/* The value of a text option such as "stage", NULL when it was not given. */
const char *option_text(const struct options *options, const char *name);

#endif
