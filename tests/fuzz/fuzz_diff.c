/*
 * Two templates in one text, between them a line of its own, "#new": whatever they are, there is a comparison that all
 * writers can write; a template is the same as itself, and what is added in one direction is removed in the other.
 */
#include "fuzz.h"

#include <assert.h>
#include <string.h>

#include "base/diag.h"
#include "base/text.h"
#include "diff/diff.h"
#include "diff/diff_write.h"
#include "read_json.h"
#include "read_yaml.h"

static struct value *read_text(struct arena *a, const char *name, const char *bytes, size_t length) {
	struct source *source = arena_new(a, struct source);
	struct diag diag;

	diag_init(&diag, a, false);
	*source = (struct source){ .name = name, .text = arena_copy(a, bytes, length), .length = length };
	return length && *bytes == '{' ? read_json(a, source, &diag) : read_yaml(a, source, &diag);
}

static void write_all(const struct diff *diff) {
	static diff_write_fn *const writers[] = { diff_write_text, diff_write_json, diff_write_markdown };

	for (size_t i = 0; i < sizeof(writers) / sizeof(*writers) * 2; i++) {
		struct diff_style style = { .before = "old", .after = "new", .all = i % 2, .colour = i % 2 };
		struct text out = { 0 };
		writers[i / 2](&out, diff, &style);
		assert(out.length && out.bytes[out.length - 1] == '\n');
		assert(i / 2 == 1 || !memchr(out.bytes, '\r', out.length));
		text_free(&out);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	static const char between[] = "\n#new\n";
	const char *text = (const char *)data, *at = memmem(text, size, between, strlen(between));
	size_t first = at ? (size_t)(at - text) : size / 2;
	size_t second = at ? first + strlen(between) : first;
	struct arena *a = arena_create();
	const struct value *old = read_text(a, "old", text, first), *new = read_text(a, "new", text + second, size - second);

	if (old && new) {
		const struct diff *diff = diff_templates(a, old, new), *back = diff_templates(a, new, old);
		write_all(diff);
		assert(diff->added == back->removed && diff->removed == back->added);
		assert(diff_is_empty(diff_templates(a, old, value_copy(a, old))));
	}
	arena_destroy(a);
	return 0;
}
