/*
 * JSON alone: whatever the text, there is a value or an error; and what is printed of a value is read as the same value.
 */
#include "fuzz.h"

#include <assert.h>
#include <string.h>

#include "base/diag.h"
#include "base/text.h"
#include "emit.h"
#include "read_json.h"

static struct value *read_text(struct arena *a, const char *bytes, size_t length, struct diag *diag) {
	struct source *source = arena_new(a, struct source);

	*source = (struct source){ .name = "x.json", .text = arena_copy(a, bytes, length), .length = length };
	return read_json(a, source, diag);
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
	text_free(&out);
	arena_destroy(a);
	return 0;
}
