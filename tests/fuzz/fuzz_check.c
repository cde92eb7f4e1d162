/*
 * A finished template: whatever is in it, the checks end, and all that they find can be shown, compared and taken back.
 */
#include "fuzz.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "slsws.h"

struct text {
	const uint8_t *data;
	size_t size;
};

static enum slsws_read read_file(void *data, const char *path, size_t limit, char **bytes, size_t *length) {
	const struct text *text = data;

	(void)path;
	(void)limit;
	*bytes = malloc(text->size + 1);
	assert(*bytes);
	memcpy(*bytes, text->data, text->size);
	*length = text->size;
	return SLSWS_READ_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	struct text text = { data, size };
	struct slsws_host host = { .data = &text, .read_file = read_file };
	struct slsws_options options = { .ignore = size & 1 ? "T0, W" : NULL };
	struct slsws_result *result = slsws_validate("template", &options, &host);

	assert(!slsws_result_template(result, NULL));
	for (size_t i = 0; i < slsws_result_count(result); i++) {
		assert(*slsws_result_fingerprint(result, i));
		assert(strlen(slsws_result_format(result, i, i & 1)) > 0);
	}
	slsws_result_destroy(result);
	return 0;
}
