#include "dev/frames.h"

#include <stdlib.h>
#include <string.h>
#include <wslay/wslay.h>

#include "base/diag.h"

struct frames {
	wslay_frame_context_ptr wslay;
	size_t most_message, most_frame;
	const char *bytes;		/* that were fed and not taken yet */
	size_t length;
	struct text message, control;
	struct text *out;		/* where what wslay sends goes */
	bool inside;			/* a message has begun */
	bool ended;
	struct {			/* the frame that is being read */
		bool begun, last;
		int opcode;
		uint64_t left;
	} frame;
};

static ssize_t give(uint8_t *buffer, size_t size, int flags, void *data) {
	struct frames *frames = data;
	size_t count = frames->length < size ? frames->length : size;

	(void)flags;
	if (!count) {
		return -1;
	}
	memcpy(buffer, frames->bytes, count);
	frames->bytes += count;
	frames->length -= count;
	return (ssize_t)count;
}

static ssize_t take(const uint8_t *bytes, size_t length, int flags, void *data) {
	struct frames *frames = data;

	(void)flags;
	text_add(frames->out, (const char *)bytes, length);
	return (ssize_t)length;
}

struct frames *frames_create(size_t most_message, size_t most_frame) {
	static const struct wslay_frame_callbacks callbacks = { take, give, NULL };
	struct frames *frames = calloc(1, sizeof(*frames));

	if (!frames || wslay_frame_context_init(&frames->wslay, &callbacks, frames) != 0) {
		BUG("out of memory");
	}
	frames->most_message = most_message;
	frames->most_frame = most_frame;
	return frames;
}

void frames_destroy(struct frames *frames) {
	if (frames) {
		wslay_frame_context_free(frames->wslay);
		text_free(&frames->message);
		text_free(&frames->control);
		free(frames);
	}
}

void frames_feed(struct frames *frames, const char *bytes, size_t length) {
	frames->bytes = bytes;
	frames->length = length;
}

static struct frames_event fail(struct frames *frames, int code) {
	frames->ended = true;
	return (struct frames_event){ .kind = FRAMES_FAILED, .code = code, .bytes = "" };
}

/* --- the beginning of a frame: 0, or the code that it is refused with ------------------------------------------- */

static int check_control(const struct wslay_frame_iocb *f) {
	bool known = f->opcode == FRAME_CLOSE || f->opcode == FRAME_PING || f->opcode == FRAME_PONG;

	return known && f->fin && f->payload_length <= MOST_CONTROL ? 0 : CLOSE_PROTOCOL;
}

static int check_data(const struct frames *frames, const struct wslay_frame_iocb *f) {
	bool continues = f->opcode == WSLAY_CONTINUATION_FRAME;

	if (f->opcode > WSLAY_BINARY_FRAME || continues != frames->inside) {
		return CLOSE_PROTOCOL;
	}
	if (f->opcode == WSLAY_BINARY_FRAME) {
		return CLOSE_UNSUPPORTED;
	}
	return f->payload_length > frames->most_frame ||
		f->payload_length > frames->most_message - frames->message.length ? CLOSE_TOO_BIG : 0;
}

static int begin_frame(struct frames *frames, const struct wslay_frame_iocb *f) {
	bool control = wslay_is_ctrl_frame(f->opcode);
	int code = f->rsv || !f->mask ? CLOSE_PROTOCOL : control ? check_control(f) : check_data(frames, f);

	frames->frame.begun = true;
	frames->frame.last = f->fin;
	frames->frame.opcode = f->opcode;
	frames->frame.left = f->payload_length;
	frames->control.length = 0;
	frames->inside = frames->inside || !control;
	return code;
}

/* --- the end of a frame ----------------------------------------------------------------------------------------- */

static bool is_close_code(int code) {
	return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1011) || (code >= 3000 && code <= 4999);
}

static struct frames_event read_close(struct frames *frames) {
	const struct text *c = &frames->control;
	struct frames_event event = { .kind = FRAMES_CLOSE, .code = CLOSE_NO_STATUS, .bytes = "" };
	size_t at;

	if (c->length == 1) {
		return fail(frames, CLOSE_PROTOCOL);
	}
	if (c->length) {
		event.code = (unsigned char)c->bytes[0] << 8 | (unsigned char)c->bytes[1];
		event.bytes = c->bytes + 2;
		event.length = c->length - 2;
	}
	if (c->length && !is_close_code(event.code)) {
		return fail(frames, CLOSE_PROTOCOL);
	}
	if (!utf8_valid(event.bytes, event.length, &at)) {
		return fail(frames, CLOSE_BAD_TEXT);
	}
	frames->ended = true;
	return event;
}

static struct frames_event end_frame(struct frames *frames) {
	struct text *t = &frames->control;
	size_t at;

	frames->frame.begun = false;
	if (frames->frame.opcode == FRAME_CLOSE) {
		return read_close(frames);
	}
	if (frames->frame.opcode == FRAME_PING || frames->frame.opcode == FRAME_PONG) {
		return (struct frames_event){ .kind = frames->frame.opcode == FRAME_PING ? FRAMES_PING : FRAMES_PONG,
			.bytes = t->bytes ? t->bytes : "", .length = t->length };
	}
	if (!frames->frame.last) {
		return (struct frames_event){ .kind = FRAMES_MORE };
	}
	t = &frames->message;
	frames->inside = false;
	if (!utf8_valid(t->bytes ? t->bytes : "", t->length, &at)) {
		return fail(frames, CLOSE_BAD_TEXT);
	}
	struct frames_event event = { .kind = FRAMES_TEXT, .bytes = t->bytes ? t->bytes : "", .length = t->length };
	t->length = 0;
	return event;
}

/* A large message is no reason to hold as much memory from then on. */
static void trim(struct frames *frames) {
	if (!frames->inside && !frames->frame.begun && frames->message.capacity > 4096) {
		text_free(&frames->message);
		frames->message = (struct text){ 0 };
	}
}

struct frames_event frames_next(struct frames *frames) {
	struct frames_event event = { .kind = FRAMES_MORE };

	trim(frames);
	while (event.kind == FRAMES_MORE && !frames->ended) {
		struct wslay_frame_iocb f = { 0 };
		ssize_t count = wslay_frame_recv(frames->wslay, &f);
		if (count < 0) {
			return count == WSLAY_ERR_WANT_READ ? event : fail(frames, CLOSE_PROTOCOL);
		}
		int code = frames->frame.begun ? 0 : begin_frame(frames, &f);
		if (code) {
			return fail(frames, code);
		}
		text_add(wslay_is_ctrl_frame(f.opcode) ? &frames->control : &frames->message, (const char *)f.data, f.data_length);
		frames->frame.left -= f.data_length;
		event = frames->frame.left ? event : end_frame(frames);
	}
	return event;
}

/* --- sending ---------------------------------------------------------------------------------------------------- */

void frames_add(struct frames *frames, struct text *out, int opcode, const char *bytes, size_t length) {
	struct wslay_frame_iocb f = {
		.fin = 1, .opcode = (uint8_t)opcode, .payload_length = length, .data = (const uint8_t *)bytes, .data_length = length,
	};

	frames->out = out;
	wslay_frame_send(frames->wslay, &f);
}

void frames_add_close(struct frames *frames, struct text *out, int code, const char *reason) {
	char payload[MOST_CONTROL] = { (char)(code >> 8), (char)code };
	size_t length = strlen(reason);

	length = length < sizeof(payload) - 2 ? length : sizeof(payload) - 2;
	memcpy(payload + 2, reason, length);
	frames_add(frames, out, FRAME_CLOSE, payload, code == CLOSE_NO_STATUS ? 0 : length + 2);
}
