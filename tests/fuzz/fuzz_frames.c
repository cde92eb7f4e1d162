/*
 * Frames as a client may send them: messages are UTF-8 and within the limits, and nothing follows an end. The first byte is the
 * size of the pieces in which the others come.
 */
#include "fuzz.h"

#include <assert.h>
#include <string.h>

#include "dev/frames.h"

enum { MOST_MESSAGE = 300, MOST_FRAME = 200 };

static bool look_at(struct frames *frames, const struct frames_event *event) {
	struct text out = { 0 };
	size_t at;

	assert(utf8_valid(event->bytes, event->length, &at) || event->kind == FRAMES_PING || event->kind == FRAMES_PONG);
	assert(event->length <= (event->kind == FRAMES_TEXT ? MOST_MESSAGE : MOST_CONTROL));
	if (event->kind == FRAMES_TEXT) {
		frames_add(frames, &out, FRAME_TEXT, event->bytes, event->length);
		assert(out.length >= event->length + 2 && memcmp(out.bytes + out.length - event->length, event->bytes, event->length) == 0);
	}
	text_free(&out);
	return event->kind != FRAMES_CLOSE && event->kind != FRAMES_FAILED;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	struct frames *frames = frames_create(MOST_MESSAGE, MOST_FRAME);
	size_t piece = size ? (size_t)data[0] + 1 : 1;
	bool open = true;

	for (size_t at = 1; at < size && open; at += piece) {
		struct frames_event event;
		frames_feed(frames, (const char *)data + at, size - at < piece ? size - at : piece);
		while (open && (event = frames_next(frames)).kind != FRAMES_MORE) {
			open = look_at(frames, &event);
		}
	}
	assert(open || frames_next(frames).kind == FRAMES_MORE);
	frames_destroy(frames);
	return 0;
}
