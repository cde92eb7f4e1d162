/*
 * Reads configurations as JSON from stdin and prints what the schema check makes of each: the other end of schema.mjs.
 *
 * In: a line with a length in bytes, then as many bytes, again and again. Out: the same form; each answer is "valid" or
 * "invalid", the configuration with its coercions as JSON on one line, and the diagnostics.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/text.h"
#include "emit.h"
#include "read_json.h"
#include "schema.h"

static void answer(const char *bytes, size_t length) {
	struct arena *a = arena_create();
	struct source source = { "serverless.json", arena_copy(a, bytes, length), length };
	struct text out = { 0 };
	struct diag diag;

	diag_init(&diag, a, false);
	struct value *config = read_json(a, &source, &diag);
	if (config) {
		schema_check(a, config, &diag);
	}
	text_puts(&out, diag.first ? "invalid\n" : "valid\n");
	emit_json(&out, config, 0);
	text_puts(&out, "\n");
	for (const struct diagnostic *d = diag.first; d; d = d->next) {
		text_puts(&out, diag_format(a, d, false));
	}
	printf("%zu\n", out.length);
	fwrite(out.bytes, 1, out.length, stdout);
	fflush(stdout);
	text_free(&out);
	arena_destroy(a);
}

int main(void) {
	unsigned long length;

	while (scanf("%lu", &length) == 1 && getchar() == '\n') {
		char *bytes = malloc(length + 1);
		if (!bytes || fread(bytes, 1, length, stdin) != length) {
			return 1;
		}
		answer(bytes, length);
		free(bytes);
	}
	return 0;
}
