/*
 * Glob patterns as `package.patterns` has them: those of micromatch with `dot`, which the reference uses.
 *
 *	*  ?  [abc]  [^abc]		within a folder; names that begin with a dot are like others
 *	**				any number of folders
 *	{a,b}  {1..3}  (a|b)  @(a|b)  ?(a)  *(a)  +(a)  !(a)
 *	!				before a whole pattern: all that does not match it
 *	\				takes the meaning from what follows
 */
#ifndef SLSWS_ARTIFACT_GLOB_H
#define SLSWS_ARTIFACT_GLOB_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct glob;

/* Never NULL: a pattern that makes no sense matches only the path that is spelt like it. */
struct glob *glob_create(struct arena *a, const char *pattern);
void glob_destroy(struct glob *glob);
bool glob_matches(const struct glob *glob, const char *path);

/* The same as a regular expression, for tests. */
const char *glob_expression(struct arena *a, const char *pattern);

#endif
