/*
 * HTTP as a client may send it: whatever the bytes and however they come in pieces, there are whole requests within the limits,
 * or a refusal. The first byte is the size of the pieces.
 */
#include "fuzz.h"

#include <assert.h>
#include <string.h>

#include "dev/http.h"

enum { MOST_HEAD = 2048, MOST_BODY = 512 };

static void look_at(struct request *request) {
	struct text out = { 0 };

	assert(request->body_length <= MOST_BODY && request->path && request->method);
	for (const struct header *h = request->headers; h; h = h->next) {
		assert(request_header(request, h->name));
	}
	percent_decode(request->arena, request->path, strlen(request->path), false);
	request_has_word(request, "Connection", "upgrade");
	http_answer(&out, 200, NULL, request->body, request->body_length, request->keep);
	text_free(&out);
	arena_destroy(request->arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	struct http *http = http_create(MOST_HEAD, MOST_BODY);
	size_t piece = size ? (size_t)data[0] + 1 : 1, at = size ? 1 : 0, taken;
	enum http_state state = HTTP_MORE;

	while (at < size && (state == HTTP_MORE || state == HTTP_CONTINUE || state == HTTP_WHOLE)) {
		size_t length = size - at < piece ? size - at : piece;
		state = http_feed(http, (const char *)data + at, length, &taken);
		assert(taken <= length && (taken || state != HTTP_MORE));
		at += taken;
		if (state == HTTP_WHOLE || state == HTTP_BODY_TOO_LARGE) {
			look_at(http_take(http));
		}
	}
	http_destroy(http);
	return 0;
}
