/*
 * A value as text: exactly the bytes of JavaScript's JSON.stringify(value, null, indent), without a last newline.
 * Numbers that JSON cannot say (NaN, infinities) become null there.
 */
#ifndef SLSWS_EMIT_H
#define SLSWS_EMIT_H

#include "base/text.h"
#include "base/value.h"

/* indent: spaces a level (2 for a template), 0 for one line without spaces. */
void emit_json(struct text *out, const struct value *value, int indent);

#endif
