/*
 * Reads texts from stdin and prints what our readers make of each: the other end of yaml.mjs and json.mjs.
 *
 * In: a line with a length in bytes, then as many bytes, again and again. Out: the same form; each answer is the
 * value as JSON on one line, or "error" and the diagnostics. The argument is the name that the texts go by: its
 * extension chooses the reader.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/text.h"
#include "emit.h"
#include "read_project.h"

static void answer(const char *name, const char *bytes, size_t length) {
	struct arena *a = arena_create();
	struct source source = { name, arena_copy(a, bytes, length), length };
	struct text out = { 0 };
	struct diag diag;

	diag_init(&diag, a, false);
	struct value *value = read_document(a, &source, &diag);
	if (value && !diag.errors) {
		emit_json(&out, value, 0);
	} else {
		text_puts(&out, "error\n");
		for (const struct diagnostic *d = diag.first; d; d = d->next) {
			text_puts(&out, diag_format(a, d, false));
		}
	}
	printf("%zu\n", out.length);
	fwrite(out.bytes, 1, out.length, stdout);
	text_free(&out);
	arena_destroy(a);
}

int main(int argc, char **argv) {
	unsigned long length;

	while (argc == 2 && scanf("%lu", &length) == 1 && getchar() == '\n') {
		char *bytes = malloc(length + 1);
		if (!bytes || fread(bytes, 1, length, stdin) != length) {
			return 1;
		}
		answer(argv[1], bytes, length);
		free(bytes);
	}
	return 0;
}
