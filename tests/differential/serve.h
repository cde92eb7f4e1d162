/*
 * The loop of the programs that answer a differential test.
 *
 * In: a line with a length in bytes, then as many bytes, again and again. Out: the same form.
 */
#ifndef SLSWS_SERVE_H
#define SLSWS_SERVE_H

#include "base/arena.h"
#include "base/text.h"

/* Answers a text, which is in the arena and ends with NUL, by what it adds to `out`. */
typedef void answer_fn(struct arena *a, const char *what, const char *text, size_t length, struct text *out);

/* Returns the exit status: 1 when the input ends within a text. `what` is handed on. */
int serve(const char *what, answer_fn *answer);

#endif
