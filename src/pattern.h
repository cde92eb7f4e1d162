/*
 * Patterns: ECMAScript regular expressions (JSON Schema's `pattern`) through pcre2.
 *
 * They mean what JavaScript means by them with the flag `u`: `$` is the very end, \d \w \b know ASCII only, \s knows
 * Unicode's white space, \uXXXX and \u{X} are code points, [] matches nothing. The common forms ^literal,
 * ^[class]+$ and ^[class]{m,n}$ are scanned without pcre2.
 */
#ifndef SLSWS_PATTERN_H
#define SLSWS_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct pattern;

/*
 * Makes a pattern in the arena; NULL when it is no valid one. `flags` as JavaScript's: "i", "" ...
 * What pcre2 holds is released by pattern_destroy(), which NULL does not harm.
 */
struct pattern *pattern_create(struct arena *a, const char *text, const char *flags);
void pattern_destroy(struct pattern *pattern);
/* Text that would take pcre2 beyond its budget of steps, or that is not UTF-8, does not match. */
bool pattern_matches(const struct pattern *pattern, const char *text, size_t length);

#endif
