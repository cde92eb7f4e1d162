/*
 * YAML alone: whatever the text, there is a value or an error; and what a value is as JSON, the JSON reader reads as the
 * same value.
 */
#include "fuzz.h"

#include <assert.h>
#include <string.h>

#include "base/diag.h"
#include "base/text.h"
#include "emit.h"
#include "read_json.h"
#include "read_yaml.h"

/* JSON of any depth and size comes out of YAML, but JSON that comes in has bounds. */
static void check_json(struct arena *a, const struct value *value, struct diag *diag) {
	struct text out = { 0 };

	emit_json(&out, value, 0);
	struct source json = { .name = "x.json", .text = arena_copy(a, out.bytes, out.length), .length = out.length };
	const struct value *again = read_json(a, &json, diag);
	assert(again && value_equal(value, again));
	text_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	struct arena *a = arena_create();
	struct source source = { .name = "x.yml", .text = arena_copy(a, (const char *)data, size), .length = size };
	struct diag diag;

	diag_init(&diag, a, false);
	const struct value *value = read_yaml(a, &source, &diag);
	assert((value != NULL) == (diag.errors == 0));
	for (const struct diagnostic *d = diag.first; d; d = d->next) {
		assert(strlen(diag_format(a, d, false)) > 0);
	}
	if (value) {
		check_json(a, value, &diag);
		assert(!yaml_is_empty(&source) || is_null(value));
	}
	arena_destroy(a);
	return 0;
}
