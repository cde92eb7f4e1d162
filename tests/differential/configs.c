/*
 * Reads configurations as JSON from stdin and prints what the schema check makes of each: the other end of schema.mjs.
 *
 * Each answer is "valid" or "invalid", the configuration with its coercions as JSON on one line, and the diagnostics.
 */
#include "base/diag.h"
#include "base/text.h"
#include "emit.h"
#include "read_json.h"
#include "schema.h"
#include "serve.h"

static void answer(struct arena *a, const char *name, const char *text, size_t length, struct text *out) {
	struct source source = { name, text, length };
	struct diag diag;

	diag_init(&diag, a, false);
	struct value *config = read_json(a, &source, &diag);
	if (config) {
		schema_check(a, config, &diag);
	}
	text_puts(out, diag.first ? "invalid\n" : "valid\n");
	emit_json(out, config, 0);
	text_puts(out, "\n");
	for (const struct diagnostic *d = diag.first; d; d = d->next) {
		text_puts(out, diag_format(a, d, false));
	}
}

int main(void) {
	return serve("serverless.json", answer);
}
