/*
 * WebSocket frames (RFC 6455), through wslay: from bytes to messages, and the bytes of a message.
 *
 * The server's side of one connection: frames of clients must be masked, extensions are not spoken. API Gateway's own rules
 * are kept here too, since they end in close codes: no binary messages (1003), limits of a frame and of a message (1009).
 */
#ifndef SLSWS_DEV_FRAMES_H
#define SLSWS_DEV_FRAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

enum { CLOSE_NORMAL = 1000, CLOSE_GOING_AWAY = 1001, CLOSE_PROTOCOL = 1002, CLOSE_UNSUPPORTED = 1003, CLOSE_NO_STATUS = 1005,
	CLOSE_ABNORMAL = 1006, CLOSE_BAD_TEXT = 1007, CLOSE_TOO_BIG = 1009 };

enum { FRAME_TEXT = 1, FRAME_CLOSE = 8, FRAME_PING = 9, FRAME_PONG = 10, MOST_CONTROL = 125 };

enum frames_kind {
	FRAMES_MORE,		/* all bytes are taken */
	FRAMES_TEXT,		/* a message, in UTF-8 */
	FRAMES_PING,
	FRAMES_PONG,
	FRAMES_CLOSE,		/* `code` is what the client gave, CLOSE_NO_STATUS when it gave none; bytes: its reason */
	FRAMES_FAILED,		/* the connection must be closed with `code` */
};

struct frames_event {
	enum frames_kind kind;
	int code;
	const char *bytes;	/* until the next call; followed by a NUL */
	size_t length;
};

struct frames;

struct frames *frames_create(size_t most_message, size_t most_frame);
void frames_destroy(struct frames *frames);

/* Takes bytes, which need to be there until all events are taken: frames_next() until FRAMES_MORE. Nothing follows
   FRAMES_CLOSE and FRAMES_FAILED. */
void frames_feed(struct frames *frames, const char *bytes, size_t length);
struct frames_event frames_next(struct frames *frames);

/* Adds one frame. */
void frames_add(struct frames *frames, struct text *out, int opcode, const char *bytes, size_t length);
void frames_add_close(struct frames *frames, struct text *out, int code, const char *reason);

#endif
