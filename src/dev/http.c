#include "dev/http.h"

#include <http_parser.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/diag.h"

struct http {
	http_parser parser;
	size_t most_head, most_body, head;
	struct request *request;	/* that is being read; NULL before its first byte */
	struct header **end;
	struct text url, name, value, body;
	bool in_value;
	enum http_state state;
};

/* --- what the parser calls -------------------------------------------------------------------------------------- */

static int begin(http_parser *parser) {
	struct http *http = parser->data;
	struct arena *a = arena_create();

	http->request = arena_new(a, struct request);
	http->request->arena = a;
	http->end = &http->request->headers;
	http->state = HTTP_MORE;
	http->head = 0;
	http->in_value = false;
	http->url.length = http->name.length = http->value.length = http->body.length = 0;
	return 0;
}

static int add(struct http *http, struct text *text, const char *bytes, size_t length) {
	http->head += length + 4;
	if (http->head > http->most_head) {
		http->state = HTTP_HEAD_TOO_LARGE;
		return 1;
	}
	text_add(text, bytes, length);
	return 0;
}

static const char *taken_text(struct arena *a, struct text *text) {
	const char *copy = arena_copy(a, text->bytes ? text->bytes : "", text->length);

	text->length = 0;
	return copy;
}

static void end_header(struct http *http) {
	struct arena *a = http->request->arena;

	if (!http->name.length) {
		return;
	}
	*http->end = arena_new(a, struct header);
	(*http->end)->name = taken_text(a, &http->name);
	(*http->end)->value = taken_text(a, &http->value);
	http->end = &(*http->end)->next;
}

static int on_url(http_parser *parser, const char *bytes, size_t length) {
	struct http *http = parser->data;

	return add(http, &http->url, bytes, length);
}

static int on_name(http_parser *parser, const char *bytes, size_t length) {
	struct http *http = parser->data;

	if (http->in_value) {
		end_header(http);
		http->in_value = false;
	}
	return add(http, &http->name, bytes, length);
}

static int on_value(http_parser *parser, const char *bytes, size_t length) {
	struct http *http = parser->data;

	http->in_value = true;
	return add(http, &http->value, bytes, length);
}

static void split_target(struct request *request) {
	const char *question = strchr(request->target, '?'), *path = request->target;
	const char *scheme = strstr(path, "://");

	if (*path != '/' && scheme && (!question || scheme < question)) {	/* the form that proxies get */
		path = strchr(scheme + 3, '/');
		path = path ? path : "/";
	}
	question = strchr(path, '?');
	request->path = arena_copy(request->arena, path, question ? (size_t)(question - path) : strlen(path));
	request->query = question ? question + 1 : NULL;
}

static int on_head(http_parser *parser) {
	struct http *http = parser->data;
	struct request *request = http->request;

	end_header(http);
	request->method = arena_strdup(request->arena, http_method_str(parser->method));
	request->target = taken_text(request->arena, &http->url);
	split_target(request);
	request->upgrade = request_has_word(request, "Connection", "upgrade") &&
		request_has_word(request, "Upgrade", "websocket");
	request->keep = http_should_keep_alive(parser);
	if (parser->flags & F_CONTENTLENGTH && parser->content_length > http->most_body) {
		http->state = HTTP_BODY_TOO_LARGE;
		return -1;
	}
	if (request_has_word(request, "Expect", "100-continue")) {
		http->state = HTTP_CONTINUE;
	}
	return 0;
}

static int on_body(http_parser *parser, const char *bytes, size_t length) {
	struct http *http = parser->data;

	if (http->body.length + length > http->most_body) {
		http->state = HTTP_BODY_TOO_LARGE;
		return 1;
	}
	http->state = HTTP_MORE;
	text_add(&http->body, bytes, length);
	return 0;
}

static int on_whole(http_parser *parser) {
	struct http *http = parser->data;

	http->state = HTTP_WHOLE;
	http_parser_pause(parser, 1);
	return 0;
}

static const http_parser_settings settings = {
	.on_message_begin = begin, .on_url = on_url, .on_header_field = on_name, .on_header_value = on_value,
	.on_headers_complete = on_head, .on_body = on_body, .on_message_complete = on_whole,
};

/* --- requests --------------------------------------------------------------------------------------------------- */

struct http *http_create(size_t most_head, size_t most_body) {
	struct http *http = calloc(1, sizeof(*http));

	if (!http) {
		BUG("out of memory");
	}
	http_parser_init(&http->parser, HTTP_REQUEST);
	http->parser.data = http;
	http->most_head = most_head;
	http->most_body = most_body;
	return http;
}

void http_destroy(struct http *http) {
	if (!http) {
		return;
	}
	if (http->request) {
		arena_destroy(http->request->arena);
	}
	text_free(&http->url);
	text_free(&http->name);
	text_free(&http->value);
	text_free(&http->body);
	free(http);
}

enum http_state http_feed(struct http *http, const char *bytes, size_t length, size_t *taken) {
	enum http_state state;

	*taken = http_parser_execute(&http->parser, &settings, bytes, length);
	enum http_errno error = HTTP_PARSER_ERRNO(&http->parser);
	state = http->state;
	if (state == HTTP_CONTINUE) {
		http->state = HTTP_MORE;	/* said once */
	}
	if (error == HPE_OK || error == HPE_PAUSED) {
		/* paused before the last byte counted */
		return state;
	}
	if (error == HPE_HEADER_OVERFLOW) {
		return HTTP_HEAD_TOO_LARGE;
	}
	return state == HTTP_HEAD_TOO_LARGE || state == HTTP_BODY_TOO_LARGE ? state : HTTP_BAD;
}

struct request *http_take(struct http *http) {
	struct request *request = http->request;

	request->too_large = http->state == HTTP_BODY_TOO_LARGE;
	http->body.length = request->too_large ? 0 : http->body.length;
	request->keep = request->keep && !request->too_large;
	request->body_length = http->body.length;
	request->body = taken_text(request->arena, &http->body);
	http->request = NULL;
	http->state = HTTP_MORE;
	http_parser_init(&http->parser, HTTP_REQUEST);
	return request;
}

const char *request_header(const struct request *request, const char *name) {
	for (const struct header *h = request->headers; h; h = h->next) {
		if (strcasecmp(h->name, name) == 0) {
			return h->value;
		}
	}
	return NULL;
}

static bool has_word(const char *list, const char *word) {
	size_t length = strlen(word);

	while (*list) {
		list += strspn(list, ", \t");
		size_t here = strcspn(list, ", \t");
		if (here == length && strncasecmp(list, word, length) == 0) {
			return true;
		}
		list += here;
	}
	return false;
}

bool request_has_word(const struct request *request, const char *name, const char *word) {
	for (const struct header *h = request->headers; h; h = h->next) {
		if (strcasecmp(h->name, name) == 0 && has_word(h->value, word)) {
			return true;
		}
	}
	return false;
}

/* --- answers ---------------------------------------------------------------------------------------------------- */

const char *http_status_name(int status) {
	switch (status) {
#define NAME(number, name, string) case number: return #string;
	HTTP_STATUS_MAP(NAME)
#undef NAME
	default:
		return "Status";
	}
}

void http_answer(struct text *out, int status, const char *headers, const char *body, size_t length, bool keep) {
	text_printf(out, "HTTP/1.1 %d %s\r\n%s", status, http_status_name(status), headers ? headers : "");
	if (status < 200) {
		text_puts(out, "\r\n");
		return;
	}
	if (status != 204 && status != 304) {
		text_printf(out, "Content-Length: %zu\r\n", length);
	}
	text_puts(out, keep ? "\r\n" : "Connection: close\r\n\r\n");
	if (status != 204 && status != 304 && length) {
		text_add(out, body, length);
	}
}

static int hex_digit(char c) {
	return c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
}

const char *percent_decode(struct arena *a, const char *text, size_t length, bool plus) {
	char *out = arena_alloc(a, length + 1), *at = out;

	for (size_t i = 0; i < length; i++) {
		if (text[i] != '%') {
			*at++ = plus && text[i] == '+' ? ' ' : text[i];
			continue;
		}
		int high = i + 2 < length ? hex_digit(text[i + 1]) : -1;
		int low = i + 2 < length ? hex_digit(text[i + 2]) : -1;
		if (high < 0 || low < 0 || (high == 0 && low == 0)) {
			return NULL;
		}
		*at++ = (char)(high * 16 + low);
		i += 2;
	}
	return memchr(out, '\0', (size_t)(at - out)) ? NULL : out;
}
