/*
 * A finished template: whatever is in it, the checks end, and all that they find can be shown.
 */
#include "fuzz.h"

#include <assert.h>
#include <string.h>

#include "base/diag.h"
#include "check/check.h"
#include "read_json.h"
#include "read_yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	struct arena *a = arena_create();
	struct source *source = arena_new(a, struct source);
	struct diag diag;

	diag_init(&diag, a, false);
	*source = (struct source){ .name = "template", .text = arena_copy(a, (const char *)data, size), .length = size };
	const struct value *template = size && *data == '{' ? read_json(a, source, &diag) : read_yaml(a, source, &diag);
	if (is_map(template)) {
		check_all(a, source, NULL, template, &diag);
	}
	diag_sort(&diag);
	for (const struct diagnostic *d = diag.first; d; d = d->next) {
		assert(strlen(diag_format(a, d, false)) > 0);
	}
	arena_destroy(a);
	return 0;
}
