/*
 * Patterns: ECMAScript regular expressions (JSON Schema's `pattern`) through pcre2.
 */
#ifndef SLSWS_PATTERN_H
#define SLSWS_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct pattern;

/* Compiles in the arena's lifetime; NULL when it is no valid pattern. `flags` as JavaScript's: "i", "" ... */
struct pattern *pattern_create(struct arena *a, const char *text, const char *flags);
void pattern_destroy(struct pattern *pattern);	/* NULL is allowed */
bool pattern_matches(const struct pattern *pattern, const char *text, size_t length);

#endif
