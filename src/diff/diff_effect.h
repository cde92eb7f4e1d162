/*
 * What CloudFormation does to a resource when a property of it changes, and what follows for others.
 */
#ifndef SLSWS_DIFF_EFFECT_H
#define SLSWS_DIFF_EFFECT_H

#include "diff_value.h"

enum { MOST_NAMES = 32 };	/* on the way to a property; the specification knows none as deep */

/* When a value below Properties of a type is added, removed or becomes another: keys on the way to it, NULL for items. */
enum effect effect_of(const char *type, const char *names[MOST_NAMES], size_t count, const struct value *v);

/* Follows replaced and renamed resources to those that name them, and writes down what people should know. */
void add_consequences(const struct diff_context *context, struct diff *diff, const struct value *after);

#endif
