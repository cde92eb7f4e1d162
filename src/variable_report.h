/*
 * Errors of variables: where in its scalar a variable stands, and through which others it was reached.
 */
#ifndef SLSWS_VARIABLE_REPORT_H
#define SLSWS_VARIABLE_REPORT_H

#include "resolver.h"

/* A variable that cannot be parsed, in a text of the frame. */
void report_syntax(struct resolver *r, const struct frame *frame, const char *text, size_t length,
		const struct variable_problem *problem);
/* The variables from the innermost back to the site that they came to again. */
void report_circle(struct resolver *r, const struct site *site);

/* For messages: a text, cut if it is long; the text of a frame's variable; "a map", "null" ... */
const char *report_shown(struct arena *a, const char *text, size_t length);
const char *report_variable(struct arena *a, const struct frame *frame);
const char *report_kind(struct arena *a, const struct value *value);

#endif
