/*
 * JSON text to a value tree with marks: what JavaScript's JSON.parse accepts, and nothing else.
 */
#ifndef SLSWS_READ_JSON_H
#define SLSWS_READ_JSON_H

#include "base/diag.h"
#include "base/value.h"

/* The value of a source; NULL after an error. */
struct value *read_json(struct arena *a, const struct source *source, struct diag *diag);

#endif
