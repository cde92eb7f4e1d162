/*
 * JSON alone: whatever the text, there is a value or an error; and what is printed of a value, as JSON or as YAML, is read
 * as the same value.
 */
#include "fuzz.h"

#include <assert.h>
#include <string.h>

#include "base/diag.h"
#include "base/text.h"
#include "emit.h"
#include "read_json.h"
#include "read_yaml.h"

static struct value *read_text(struct arena *a, const char *bytes, size_t length, struct diag *diag) {
	struct source *source = arena_new(a, struct source);

	*source = (struct source){ .name = "x.json", .text = arena_copy(a, bytes, length), .length = length };
	return read_json(a, source, diag);
}

/* Only that of YAML which is nested too deep, or has a character that it cannot have, is not read again. */
static void check_yaml(struct arena *a, const struct value *value, const struct text *text) {
	struct source source = { .name = "x.yml", .text = text->bytes, .length = text->length };
	struct diag diag;

	diag_init(&diag, a, false);
	const struct value *again = read_yaml(a, &source, &diag);
	assert(again ? value_equal(value, again) : diag.errors > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	struct arena *a = arena_create();
	struct text out = { 0 };
	struct diag diag;

	diag_init(&diag, a, false);
	const struct value *value = read_text(a, (const char *)data, size, &diag);
	assert((value != NULL) == (diag.errors == 0));
	for (const struct diagnostic *d = diag.first; d; d = d->next) {
		assert(strlen(diag_format(a, d, false)) > 0);
	}
	if (value) {
		emit_json(&out, value, 2);
		const struct value *again = read_text(a, out.bytes, out.length, &diag);
		assert(again && value_equal(value, again));
	}
	if (value) {
		out.length = 0;
		emit_yaml(&out, a, value);
		check_yaml(a, value, &out);
	}
	text_free(&out);
	arena_destroy(a);
	return 0;
}
