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

/* The same on one line as a text of the arena, for JSON that stands in a text and for keys to look values up by. */
struct value *json_text(struct arena *a, const struct value *value);

/* As YAML, exactly the bytes of js-yaml's dump(value, { noRefs: true }), with the last newline. The arena is for scratch. */
void emit_yaml(struct text *out, struct arena *a, const struct value *value);

/*
 * On one line, with the keys of every map sorted as JavaScript's localeCompare() sorts them: what the reference hashes.
 * Keys of letters, digits and ASCII punctuation are; the others follow by code point.
 */
void emit_json_sorted(struct text *out, struct arena *a, const struct value *value);

#endif
