/*
 * Reads texts from stdin and prints what our readers make of each: the other end of yaml.mjs, json.mjs and dump.mjs.
 *
 * Each answer is the value as JSON on one line, or "error" and the diagnostics. The argument is the name that the texts go by: its
 * extension chooses the reader; "dump.json" asks for YAML instead of JSON.
 */
#include <string.h>

#include "base/diag.h"
#include "base/text.h"
#include "emit.h"
#include "read_project.h"
#include "serve.h"

static void answer(struct arena *a, const char *name, const char *text, size_t length, struct text *out) {
	struct source source = { name, text, length };
	struct diag diag;

	diag_init(&diag, a, false);
	struct value *value = read_document(a, &source, &diag);
	if (value && !diag.errors && strcmp(name, "dump.json") == 0) {
		emit_yaml(out, a, value);
		return;
	}
	if (value && !diag.errors) {
		emit_json(out, value, 0);
		return;
	}
	text_puts(out, "error\n");
	for (const struct diagnostic *d = diag.first; d; d = d->next) {
		text_puts(out, diag_format(a, d, false));
	}
}

int main(int argc, char **argv) {
	return argc == 2 ? serve(argv[1], answer) : 2;
}
