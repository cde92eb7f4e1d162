/*
 * .env files: their text to a map, and ${references} between values expanded, as the reference does it (dotenv 17 and
 * dotenv-expand 13).
 */
#ifndef SLSWS_DOTENV_H
#define SLSWS_DOTENV_H

#include "base/diag.h"
#include "base/value.h"
#include "host.h"

/*
 * Loads .env.<stage> of a folder ("" or ending in '/') or, if there is none, .env. The result holds the environment
 * variables that the file changes: those that are set and not empty win over the file. An empty map if there is neither file,
 * NULL after an error.
 */
struct value *dotenv_load(struct arena *a, const char *folder, const char *stage, const struct slsws_host *host,
		struct diag *diag);

/* KEY=VALUE lines; quotes, comments, `export` and texts over several lines are what dotenv takes them for. */
struct value *dotenv_parse(struct arena *a, const char *text, size_t length);

/* The values with their references replaced: $NAME, ${NAME}, ${NAME:-default}, ${NAME:+other}. NULL: one has no end; then
   *name tells which. */
struct value *dotenv_expand(struct arena *a, const struct value *parsed, const struct slsws_host *host, const char **name);

#endif
