/*
 * HTTP/1.1 requests, through http-parser: from bytes to a whole request, and the text of an answer.
 *
 * Names and values of headers are as they were sent, in their order, repeats and all: handlers see them so.
 */
#ifndef SLSWS_DEV_HTTP_H
#define SLSWS_DEV_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/text.h"

struct header {
	struct header *next;
	const char *name, *value;
};

/* A request and all that it points to live in its arena. */
struct request {
	struct arena *arena;
	const char *method;		/* "GET" */
	const char *target;		/* as it was sent */
	const char *path, *query;	/* its parts, not decoded; query NULL: no question mark */
	struct header *headers;
	const char *body;
	size_t body_length;
	bool upgrade;			/* it asks for a WebSocket */
	bool too_large;			/* its body is, and is not there */
	bool keep;			/* the connection can have further requests */
};

/* The first header of that name, whatever its case; NULL when there is none. */
const char *request_header(const struct request *request, const char *name);
/* Whether one of the words of a header is this one, whatever its case: "keep-alive, Upgrade". */
bool request_has_word(const struct request *request, const char *name, const char *word);

struct http;

/* Limits in bytes; of what is larger no request is made. */
struct http *http_create(size_t most_head, size_t most_body);
void http_destroy(struct http *http);

enum http_state {
	HTTP_MORE,		/* all bytes are taken, the request is not whole */
	HTTP_CONTINUE,		/* the same; the client waits for "100 Continue" */
	HTTP_WHOLE,		/* http_take() gives it; what was not taken comes after it */
	HTTP_BAD,		/* no HTTP */
	HTTP_HEAD_TOO_LARGE,
	HTTP_BODY_TOO_LARGE,	/* http_take() gives it without its body */
};

/* *taken: how many of the bytes belong to this request. */
enum http_state http_feed(struct http *http, const char *bytes, size_t length, size_t *taken);
/* The whole request; the caller destroys its arena. The next one begins. */
struct request *http_take(struct http *http);

/*
 * Adds an answer: status line, headers, length, body. `headers` are lines of "Name: value\r\n" or NULL. A status of 1xx
 * and 204 has no body and no length.
 */
void http_answer(struct text *out, int status, const char *headers, const char *body, size_t length, bool keep);
const char *http_status_name(int status);

/* A text without its %XX; NULL when it is malformed or has a NUL. plus: '+' is a space, as in a query. */
const char *percent_decode(struct arena *a, const char *text, size_t length, bool plus);

#endif
