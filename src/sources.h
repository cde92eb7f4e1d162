/*
 * The table of sources: what ${type(params):address} can read from.
 */
#ifndef SLSWS_SOURCES_H
#define SLSWS_SOURCES_H

#include "resolver.h"

typedef enum outcome source_function(struct resolver *r, struct call *call, struct value **value);

/* All but ADDRESS_TEXT take what can be spelt as a text, such as a number. */
enum source_address { ADDRESS_OPTIONAL, ADDRESS_TEXT, ADDRESS_NEEDED };

struct source_row {
	const char *name;
	source_function *resolve;
	enum phase phase;		/* from when on it is there */
	enum source_address address;
	const char *expected;		/* how it is written: for messages */
	char separator;			/* what the address must have, or 0 */
};

source_function source_self, source_opt, source_env, source_file, source_sls, source_param, source_bool, source_aws,
	source_stub;

/* Before anything is resolved: reads the stubs. False after an error. */
bool sources_prepare(struct resolver *r);

/* All options as ${opt:} gives them: those that the reference knows are there, null where they were not given. */
struct value *sources_options(struct resolver *r);

/* The row of a name, or NULL. */
const struct source_row *source_find(const char *name);
/* The name most like another, or NULL; and all names, as a text. */
const char *source_closest(const char *name);
const char *source_names(struct arena *a);

#endif
