#include "dev/events.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/random.h>
#include <time.h>

#include "base/diag.h"
#include "base/text.h"
#include "dev/pool.h"

/* --- ids and times ---------------------------------------------------------------------------------------------- */

void id_make(char out[ID_SIZE]) {
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	unsigned char b[12] = { 0 };

	if (getrandom(b, 11, 0) != 11) {
		BUG("no random numbers");
	}
	for (int i = 0; i < 4; i++) {
		unsigned bits = (unsigned)b[i * 3] << 16 | (unsigned)b[i * 3 + 1] << 8 | b[i * 3 + 2];
		out[i * 4] = digits[bits >> 18];
		out[i * 4 + 1] = digits[(bits >> 12) & 63];
		out[i * 4 + 2] = digits[(bits >> 6) & 63];
		out[i * 4 + 3] = digits[bits & 63];
	}
	out[ID_SIZE - 2] = '=';
	out[ID_SIZE - 1] = '\0';
}

bool id_is_valid(const char *id) {
	size_t length = strlen(id);

	for (size_t i = 0; i + 1 < length; i++) {
		char c = id[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_')) {
			return false;
		}
	}
	return length == ID_SIZE - 1 && id[length - 1] == '=';
}

const char *time_iso(struct arena *a, uint64_t milliseconds) {
	time_t seconds = (time_t)(milliseconds / 1000);
	struct tm tm;
	char text[32];

	gmtime_r(&seconds, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	return arena_printf(a, "%s.%03uZ", text, (unsigned)(milliseconds % 1000));
}

/* As in the Common Log Format, whatever the locale. */
static const char *time_log(struct arena *a, uint64_t milliseconds) {
	static const char *const months[] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
	};
	time_t seconds = (time_t)(milliseconds / 1000);
	struct tm tm;

	gmtime_r(&seconds, &tm);
	return arena_printf(a, "%02d/%s/%d:%02d:%02d:%02d +0000", tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900,
		tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* --- headers and queries: the last value of each name, and all values ------------------------------------------- */

struct pairs {
	struct arena *arena;
	struct value *last, *all;
};

static struct pairs pairs_make(struct arena *a) {
	return (struct pairs){ a, value_map(a), value_map(a) };
}

static void pairs_add(struct pairs *p, const char *name, const char *value) {
	struct value *text = value_string(p->arena, value), *list = map_get_text(p->all, name, strlen(name));

	if (!list) {
		list = value_list(p->arena);
		map_set(p->arena, p->all, name, list);
	}
	list_add(p->arena, list, text);
	map_set(p->arena, p->last, name, text);
}

static const char *decoded(struct arena *a, const char *text, size_t length) {
	const char *plain = percent_decode(a, text, length, true);

	return plain ? plain : arena_copy(a, text, length);
}

static struct pairs read_query(struct arena *a, const char *query) {
	struct pairs pairs = pairs_make(a);

	while (query && *query) {
		size_t length = strcspn(query, "&"), key = strcspn(query, "=&");
		if (length) {
			bool has_value = key < length;
			pairs_add(&pairs, decoded(a, query, key), has_value ? decoded(a, query + key + 1, length - key - 1) : "");
		}
		query += length + (query[length] == '&');
	}
	return pairs;
}

struct value *query_last(struct arena *a, const char *query) {
	struct pairs pairs = read_query(a, query);

	return pairs.last->length ? pairs.last : NULL;
}

struct place {
	const struct header *header;
	size_t at;
};

static int by_name(const void *a, const void *b) {
	const struct place *first = a, *second = b;
	int order = strcasecmp(first->header->name, second->header->name);

	return order ? order : first->at < second->at ? -1 : 1;
}

static bool is_one_of(const char *name, const char *const *names) {
	for (; *names; names++) {
		if (strcasecmp(name, *names) == 0) {
			return true;
		}
	}
	return false;
}

static void push_header(struct arena *a, struct header ***end, const char *name, const char *value) {
	**end = arena_new(a, struct header);
	(**end)->name = name;
	(**end)->value = value;
	*end = &(**end)->next;
}

static const char *trace_id(struct arena *a) {
	unsigned char b[12];

	if (getrandom(b, sizeof(b), 0) != sizeof(b)) {
		BUG("no random numbers");
	}
	return arena_printf(a, "Root=1-%08llx-%02x%02x%02x%02x%02x%02x%02x%02x%02x%02x%02x%02x",
		(unsigned long long)(time_now() / 1000), b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11]);
}

static struct pairs collect(struct arena *a, const struct place *places, size_t count) {
	struct pairs pairs = pairs_make(a);
	const char *name = "";

	for (size_t i = 0; i < count; i++) {
		name = strcasecmp(name, places[i].header->name) == 0 ? name : places[i].header->name;
		pairs_add(&pairs, name, places[i].header->value);
	}
	return pairs;
}

/* The client's headers as it spelt them, those of one name together under its first spelling, and API Gateway's own. */
static struct pairs read_headers(struct arena *a, const struct caller *caller, const struct request *handshake, bool all) {
	static const char *const dropped[] = {
		"Connection", "Upgrade", "Content-Length", "X-Forwarded-For", "X-Forwarded-Port", "X-Forwarded-Proto",
		"X-Amzn-Trace-Id", NULL,
	};
	struct header *list = NULL, **end = &list;
	size_t count = 0;

	for (const struct header *h = handshake->headers; h; h = h->next) {
		if (!is_one_of(h->name, dropped)) {
			push_header(a, &end, h->name, h->value);
		}
	}
	push_header(a, &end, "X-Amzn-Trace-Id", trace_id(a));
	push_header(a, &end, "X-Forwarded-For", caller->address);
	push_header(a, &end, "X-Forwarded-Port", "443");
	push_header(a, &end, "X-Forwarded-Proto", "https");
	if (all) {
		push_header(a, &end, "Connection", "upgrade");
		push_header(a, &end, "content-length", "0");
		push_header(a, &end, "Upgrade", "websocket");
	}
	for (const struct header *h = list; h; h = h->next) {
		count++;
	}
	struct place *sorted = arena_array(a, struct place, count);
	count = 0;
	for (const struct header *h = list; h; h = h->next, count++) {
		sorted[count] = (struct place){ h, count };
	}
	qsort(sorted, count, sizeof(*sorted), by_name);
	return collect(a, sorted, count);
}

/* --- events ----------------------------------------------------------------------------------------------------- */

struct disconnection {
	int code;
	const char *reason;
};

static struct value *text_or_null(struct arena *a, const char *text) {
	return text ? value_string(a, text) : NULL;
}

/* The keys stand in the order in which API Gateway was seen to send them. */
static struct value *context_of(struct arena *a, const struct caller *caller, const char *type, const char *route,
		const char *request, const struct value *authorizer, const char *message, const struct disconnection *end) {
	uint64_t now = time_now();

	return MAP(a,
		{ "routeKey", value_string(a, route) },
		{ "disconnectStatusCode", end ? value_number(a, end->code) : NULL },
		{ "messageId", text_or_null(a, message) },
		{ "authorizer", (struct value *)authorizer },
		{ "eventType", value_string(a, type) },
		{ "extendedRequestId", value_string(a, request) },
		{ "requestTime", value_string(a, time_log(a, now)) },
		{ "messageDirection", TEXT("IN") },
		{ "disconnectReason", end ? value_string(a, end->reason) : NULL },
		{ "stage", value_string(a, caller->stage) },
		{ "connectedAt", value_number(a, (double)caller->connected_at) },
		{ "requestTimeEpoch", value_number(a, (double)now) },
		{ "identity", MAP(a,
			{ "userAgent", text_or_null(a, caller->user_agent) },
			{ "sourceIp", value_string(a, caller->address) },
		) },
		{ "requestId", value_string(a, request) },
		{ "domainName", value_string(a, caller->domain) },
		{ "connectionId", value_string(a, caller->connection) },
		{ "apiId", value_string(a, caller->api) },
	);
}

struct value *event_context(struct arena *a, const struct caller *caller, const char *type, const char *route,
		const char *request) {
	return context_of(a, caller, type, route, request, caller->authorizer, NULL, NULL);
}

/* Only this event tells how long the authorizer took. */
static const struct value *with_latency(struct arena *a, const struct value *authorizer, int latency) {
	if (!authorizer) {
		return NULL;
	}
	struct value *map = value_shallow_copy(a, authorizer);
	map_set(a, map, "integrationLatency", value_number(a, latency));
	return map;
}

struct value *event_connect(struct arena *a, const struct caller *caller, const struct request *handshake, const char *id,
		int latency) {
	struct pairs headers = read_headers(a, caller, handshake, false), query = read_query(a, handshake->query);
	bool has_query = query.last->length;

	return MAP(a,
		{ "headers", headers.last },
		{ "multiValueHeaders", headers.all },
		{ "queryStringParameters", has_query ? query.last : NULL },
		{ "multiValueQueryStringParameters", has_query ? query.all : NULL },
		{ "requestContext", context_of(a, caller, "CONNECT", "$connect", id, with_latency(a, caller->authorizer, latency),
			NULL, NULL) },
		{ "isBase64Encoded", value_bool(a, false) },
	);
}

struct value *event_authorizer(struct arena *a, const struct caller *caller, const struct request *handshake, const char *id,
		const struct value *stage_variables) {
	struct pairs headers = read_headers(a, caller, handshake, true), query = read_query(a, handshake->query);

	return MAP(a,
		{ "type", TEXT("REQUEST") },
		{ "methodArn", value_printf(a, "arn:aws:execute-api:%s:%s:%s/%s/$connect", caller->region, caller->account,
			caller->api, caller->stage) },
		{ "headers", headers.last },
		{ "multiValueHeaders", headers.all },
		{ "queryStringParameters", query.last },
		{ "multiValueQueryStringParameters", query.all },
		{ "stageVariables", stage_variables ? (struct value *)stage_variables : value_map(a) },
		{ "requestContext", context_of(a, caller, "CONNECT", "$connect", id, NULL, NULL, NULL) },
	);
}

struct value *event_message(struct arena *a, const struct caller *caller, const char *route, const char *id, const char *body,
		size_t length) {
	char *message = arena_alloc(a, ID_SIZE);

	id_make(message);
	return MAP(a,
		{ "requestContext", context_of(a, caller, "MESSAGE", route, id, caller->authorizer, message, NULL) },
		{ "body", value_text(a, body, length) },
		{ "isBase64Encoded", value_bool(a, false) },
	);
}

struct value *event_disconnect(struct arena *a, const struct caller *caller, const char *id, int code, const char *reason) {
	struct pairs headers = pairs_make(a);

	pairs_add(&headers, "Host", caller->domain);
	pairs_add(&headers, "x-api-key", "");
	pairs_add(&headers, "X-Forwarded-For", "");
	pairs_add(&headers, "x-restapi", "");
	return MAP(a,
		{ "headers", headers.last },
		{ "multiValueHeaders", headers.all },
		{ "requestContext", context_of(a, caller, "DISCONNECT", "$disconnect", id, caller->authorizer, NULL,
			&(struct disconnection){ code, reason }) },
		{ "isBase64Encoded", value_bool(a, false) },
	);
}
