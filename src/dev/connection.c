#include "dev/connection.h"

#include <stdlib.h>

#include "base/diag.h"
#include "base/hash.h"
#include "dev/answer.h"
#include "dev/mock.h"
#include "dev/pool.h"
#include "emit.h"

static const char json_type[] = "Content-Type: application/json\r\n";
static const char internal_error[] = "Internal server error", timed_out[] = "Endpoint request timed out";

/* --- the table -------------------------------------------------------------------------------------------------- */

/* Ids are random: any bits will do. */
static struct connection **bucket_of(const struct gateway *gateway, const char *id) {
	unsigned number = 0;

	for (size_t i = 0; i < 4 && id[i]; i++) {
		number = number * 61 + (unsigned char)id[i];
	}
	return (struct connection **)&gateway->buckets[number & (BUCKETS - 1)];
}

struct connection *connection_find(const struct gateway *gateway, const char *id) {
	struct connection *c = *bucket_of(gateway, id);

	while (c && strcmp(c->id, id) != 0) {
		c = c->next;
	}
	return c;
}

struct caller connection_caller(struct arena *a, const struct connection *c) {
	const struct gateway *gateway = c->gateway;

	return (struct caller){
		.connection = c->id, .stage = c->stage->name, .api = gateway->api->id, .domain = gateway->domain,
		.account = gateway->setup.account, .region = gateway->setup.region, .address = c->address,
		.user_agent = c->user_agent, .connected_at = c->connected_at,
		.authorizer = c->authorizer ? parse_json(a, c->authorizer, strlen(c->authorizer)) : NULL,
	};
}

/* --- asking handlers -------------------------------------------------------------------------------------------- */

/* What is left behind while a handler works. */
struct pending {
	struct gateway *gateway;
	const struct route *route;
	char connection[ID_SIZE], request[ID_SIZE];
};

static struct pending *pending_create(const struct connection *c, const struct route *route, const char *request) {
	struct pending *pending = calloc(1, sizeof(*pending));

	if (!pending) {
		BUG("out of memory");
	}
	pending->gateway = c->gateway;
	pending->route = route;
	memcpy(pending->connection, c->id, ID_SIZE);
	memcpy(pending->request, request, ID_SIZE);
	return pending;
}

static void invoke(struct gateway *gateway, const struct lambda *function, const struct value *event, uint64_t patience,
		outcome_fn *fn, struct pending *pending) {
	struct text text = { 0 };

	emit_json(&text, event, 0);
	runtime_invoke(gateway->runtime, function, text.bytes, text.length, patience, fn, pending);
	text_free(&text);
}

static uint64_t patience_of(const struct gateway *gateway, const struct integration *integration) {
	uint64_t most = gateway->setup.limits.integration;

	return integration->timeout_ms < most ? integration->timeout_ms : most;
}

/* --- the end ---------------------------------------------------------------------------------------------------- */

static void forget(void *data, const struct outcome *outcome) {
	(void)outcome;
	free(data);
}

static void tell_disconnect(struct connection *c) {
	const struct route *route = c->gateway->api->disconnect;
	const struct integration *integration = route ? route->integration : NULL;

	if (!integration || !integration->function || !c->gateway->runtime) {
		return;
	}
	struct arena *a = arena_create();
	struct caller caller = connection_caller(a, c);
	char request[ID_SIZE];
	id_make(request);
	invoke(c->gateway, integration->function, event_disconnect(a, &caller, request, c->code, c->reason ? c->reason : ""),
		patience_of(c->gateway, integration), forget, pending_create(c, route, request));
	arena_destroy(a);
}

void connection_end(struct connection *c) {
	struct connection **link = bucket_of(c->gateway, c->id);

	while (*link != c) {
		link = &(*link)->next;
	}
	*link = c->next;
	c->gateway->count--;
	if (c->state == CONNECTION_OPEN || c->state == CONNECTION_CLOSING) {
		tell_disconnect(c);
		peer_finish(c->peer);
	}
	if (c->request) {
		arena_destroy(c->request->arena);
	}
	frames_destroy(c->frames);
	timer_destroy(c->timer);
	free(c->address);
	free(c->user_agent);
	free(c->authorizer);
	free(c->reason);
	free(c);
}

/* For the event: what was first is what counts. */
static void note_end(struct connection *c, int code, const char *reason, size_t length) {
	if (!c->code) {
		c->code = code;
		c->reason = strndup(reason, length);
	}
}

static void send_frame(struct connection *c, int opcode, const char *bytes, size_t length) {
	struct text out = { 0 };

	frames_add(c->frames, &out, opcode, bytes, length);
	peer_write(c->peer, out.bytes, out.length);
	text_free(&out);
}

static void send_close(struct connection *c, int code) {
	struct text out = { 0 };

	frames_add_close(c->frames, &out, code, "");
	peer_write(c->peer, out.bytes, out.length);
	text_free(&out);
}

static void on_close_time(void *data) {
	connection_end(data);
}

void connection_close(struct connection *c, int code, const char *reason) {
	if (c->state != CONNECTION_OPEN) {
		return;
	}
	note_end(c, code, reason, strlen(reason));
	send_close(c, code);
	c->state = CONNECTION_CLOSING;
	timer_destroy(c->timer);
	c->timer = timer_create_on(c->gateway->loop, on_close_time, c);
	timer_start(c->timer, CLOSE_MS);
}

/* --- messages --------------------------------------------------------------------------------------------------- */

static void touch(struct connection *c) {
	c->active_at = time_now();
	c->active = loop_now(c->gateway->loop);
}

bool connection_send(struct connection *c, const char *text, size_t length) {
	if (c->state != CONNECTION_OPEN || peer_waiting(c->peer) > MOST_BACKLOG) {
		return false;
	}
	touch(c);
	send_frame(c, FRAME_TEXT, text, length);
	return true;
}

/* With spaces where API Gateway has them. */
static void send_error(struct connection *c, const char *message, const char *request) {
	char text[256];
	int length = snprintf(text, sizeof(text), "{\"message\": \"%s\", \"connectionId\":\"%s\", \"requestId\":\"%s\"}", message,
		c->id, request);

	connection_send(c, text, (size_t)length);
}

static void deliver(struct connection *c, const struct route *route, const struct answer *answer) {
	if (route->responds && answer->body_length && utf8_valid(answer->body, answer->body_length, &(size_t){ 0 })) {
		connection_send(c, answer->body, answer->body_length);
	}
}

static const char *error_of(const struct outcome *outcome) {
	return outcome->kind == OUTCOME_LATE ? timed_out : outcome->kind == OUTCOME_FULL ? "Too Many Requests" : internal_error;
}

static void on_message_outcome(void *data, const struct outcome *outcome) {
	struct pending *pending = data;
	struct connection *c = connection_find(pending->gateway, pending->connection);
	struct answer answer;

	if (c && c->state == CONNECTION_OPEN) {
		struct arena *a = arena_create();
		if (outcome->kind != OUTCOME_ANSWER) {
			send_error(c, error_of(outcome), pending->request);
		} else if (!answer_read(a, outcome->bytes, outcome->length, &answer)) {
			send_error(c, internal_error, pending->request);
		} else {
			deliver(c, pending->route, &answer);
		}
		arena_destroy(a);
	}
	free(pending);
}

static void answer_mock(struct arena *a, struct connection *c, const struct route *route, const char *request,
		const char *text, size_t length) {
	struct caller caller = connection_caller(a, c);
	const struct value *context = event_context(a, &caller, "MESSAGE", route->key, request);
	struct answer answer;

	if (mock_answer(a, route->integration, context, text, length, &answer)) {
		deliver(c, route, &answer);
	} else {
		send_error(c, internal_error, request);
	}
}

/* The route of a message; those that are for connections' beginning and end are none of a message's. */
static const struct route *choose_route(struct arena *a, const struct api *api, const char *text, size_t length) {
	const char *key = selection_evaluate(a, api->selection, parse_json(a, text, length));
	const struct route *route = strcmp(key, "$connect") == 0 || strcmp(key, "$disconnect") == 0 ? NULL :
		model_route(api, key);

	return route ? route : api->fallback;
}

static void on_text(struct connection *c, const char *text, size_t length) {
	struct arena *a = arena_create();
	const struct route *route = choose_route(a, c->gateway->api, text, length);
	const struct integration *integration = route ? route->integration : NULL;
	char request[ID_SIZE];

	id_make(request);
	touch(c);
	if (!route) {
		send_error(c, "Forbidden", request);
	} else if (integration && integration->kind == INTEGRATION_MOCK) {
		answer_mock(a, c, route, request, text, length);
	} else if (!integration || !integration->function) {
		send_error(c, internal_error, request);
	} else {
		struct caller caller = connection_caller(a, c);
		invoke(c->gateway, integration->function, event_message(a, &caller, route->key, request, text, length),
			patience_of(c->gateway, integration), on_message_outcome, pending_create(c, route, request));
	}
	arena_destroy(a);
}

/* --- frames ----------------------------------------------------------------------------------------------------- */

static void on_client_close(struct connection *c, const struct frames_event *event) {
	static const char none[] = "Client-side close frame status not set";

	if (c->state == CONNECTION_OPEN) {
		bool coded = event->code != CLOSE_NO_STATUS;
		note_end(c, event->code, coded ? event->bytes : none, coded ? event->length : strlen(none));
		send_close(c, event->code);
	}
	connection_end(c);
}

/* What such a client sends further is not looked at, not even the end that it may say. */
static void on_failure(struct connection *c, int code) {
	if (c->state == CONNECTION_OPEN) {
		note_end(c, code, "", 0);
		send_close(c, code);
	}
	connection_end(c);
}

/* Who asks and asks and does not read is cut off. */
static bool on_ping(struct connection *c, const struct frames_event *event) {
	if (peer_waiting(c->peer) > MOST_BACKLOG) {
		note_end(c, CLOSE_ABNORMAL, "", 0);
		connection_end(c);
		return false;
	}
	touch(c);
	send_frame(c, FRAME_PONG, event->bytes, event->length);
	return true;
}

/* Whether the connection is still there. */
static bool on_frame(struct connection *c, const struct frames_event *event) {
	if (c->state == CONNECTION_CLOSING && event->kind != FRAMES_CLOSE && event->kind != FRAMES_FAILED) {
		return true;
	}
	switch (event->kind) {
	case FRAMES_TEXT:
		on_text(c, event->bytes, event->length);
		return true;
	case FRAMES_PING:
		return on_ping(c, event);
	case FRAMES_CLOSE:
		on_client_close(c, event);
		return false;
	case FRAMES_FAILED:
		on_failure(c, event->code);
		return false;
	case FRAMES_PONG:
	case FRAMES_MORE:
		break;
	}
	return true;
}

static void on_read(void *data, const char *bytes, size_t length) {
	struct connection *c = data;
	struct frames_event event;

	frames_feed(c->frames, bytes, length);
	while ((event = frames_next(c->frames)).kind != FRAMES_MORE) {
		if (!on_frame(c, &event)) {
			return;
		}
	}
}

static void on_end(void *data) {
	struct connection *c = data;

	note_end(c, CLOSE_ABNORMAL, "", 0);
	connection_end(c);
}

/* --- limits of time --------------------------------------------------------------------------------------------- */

static void watch(struct connection *c) {
	const struct limits *limits = &c->gateway->setup.limits;
	uint64_t now = loop_now(c->gateway->loop), idle = c->active + limits->idle, age = c->opened + limits->age;
	uint64_t end = idle < age ? idle : age;

	if (now >= end) {
		connection_close(c, CLOSE_GOING_AWAY, "Going away");
	} else {
		timer_start(c->timer, end - now);
	}
}

static void on_time(void *data) {
	watch(data);
}

/* --- the handshake ---------------------------------------------------------------------------------------------- */

static void refuse(struct connection *c, int status, const char *headers, const char *body, size_t length) {
	peer_remember(c->peer, NULL);
	c->request->keep = false;
	peer_answer(c->peer, c->request, status, headers, body, length);
	connection_end(c);
}

static void refuse_with(struct connection *c, int status, const char *message) {
	char body[128];
	int length = snprintf(body, sizeof(body), "{\"message\":\"%s\"}", message);

	refuse(c, status, json_type, body, (size_t)length);
}

/* The key's digest, as RFC 6455 has it. */
static const char *accept_key(struct arena *a, const char *key) {
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *whole = arena_printf(a, "%s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key);
	const char *hex = sha1_hex(a, whole, strlen(whole));
	char *out = arena_alloc(a, 29);
	unsigned char bytes[21] = { 0 };

	for (int i = 0; i < 20; i++) {
		char pair[3] = { hex[i * 2], hex[i * 2 + 1], '\0' };
		bytes[i] = (unsigned char)strtoul(pair, NULL, 16);
	}
	for (int i = 0; i < 7; i++) {
		unsigned bits = (unsigned)bytes[i * 3] << 16 | (unsigned)bytes[i * 3 + 1] << 8 | bytes[i * 3 + 2];
		for (int j = 0; j < 4; j++) {
			out[i * 4 + j] = digits[(bits >> (18 - 6 * j)) & 63];
		}
	}
	out[27] = '=';
	return out;
}

/* answer NULL: nobody was asked. */
static void open_connection(struct arena *a, struct connection *c, const struct answer *answer) {
	static const struct peer_events events = { on_read, on_end };
	struct text head = { 0 };

	text_printf(&head, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		"Sec-WebSocket-Accept: %s\r\n", accept_key(a, request_header(c->request, "Sec-WebSocket-Key")));
	if (answer) {
		answer_add_headers(a, answer, "Content-Type", &head);
	}
	text_puts(&head, "\r\n");
	arena_destroy(c->request->arena);
	c->request = NULL;
	c->state = CONNECTION_OPEN;
	c->frames = frames_create(c->gateway->setup.limits.message, c->gateway->setup.limits.frame);
	c->timer = timer_create_on(c->gateway->loop, on_time, c);
	c->opened = c->active = loop_now(c->gateway->loop);
	c->active_at = time_now();
	watch(c);
	peer_write(c->peer, head.bytes, head.length);
	text_free(&head);
	peer_take(c->peer, &events, c);
}

/* What the handler of $connect says: 2xx lets in, any other status is what the client gets. */
static void conclude(struct arena *a, struct connection *c, const struct answer *answer) {
	struct text headers = { 0 };

	if (answer->status >= 200 && answer->status < 300) {
		open_connection(a, c, answer);
		return;
	}
	if (answer->status < 200) {
		refuse_with(c, 502, internal_error);
		return;
	}
	answer_add_headers(a, answer, "", &headers);
	refuse(c, answer->status, headers.bytes, answer->body ? answer->body : "", answer->body_length);
	text_free(&headers);
}

static void on_connect_outcome(void *data, const struct outcome *outcome) {
	struct pending *pending = data;
	struct connection *c = connection_find(pending->gateway, pending->connection);
	struct arena *a = arena_create();
	struct answer answer;

	if (!c) {
		/* the client did not wait */
	} else if (outcome->kind == OUTCOME_LATE) {
		refuse_with(c, 504, timed_out);
	} else if (outcome->kind == OUTCOME_FULL) {
		refuse_with(c, 429, "Too Many Requests");
	} else if (outcome->kind != OUTCOME_ANSWER || !answer_read(a, outcome->bytes, outcome->length, &answer)) {
		refuse_with(c, 502, internal_error);
	} else {
		conclude(a, c, &answer);
	}
	arena_destroy(a);
	free(pending);
}

static void connect_mock(struct arena *a, struct connection *c, const struct integration *integration, const char *request) {
	struct caller caller = connection_caller(a, c);
	struct answer answer;

	if (mock_answer(a, integration, event_context(a, &caller, "CONNECT", "$connect", request), NULL, 0, &answer)) {
		conclude(a, c, &answer);
	} else {
		refuse_with(c, 500, internal_error);
	}
}

/* The second step: the integration of $connect, if there is one. */
static void ask_connect(struct connection *c) {
	const struct route *route = c->gateway->api->connect;
	const struct integration *integration = route ? route->integration : NULL;
	struct arena *a = arena_create();
	char request[ID_SIZE];

	id_make(request);
	c->state = CONNECTION_CONNECTING;
	if (!integration) {
		open_connection(a, c, NULL);
	} else if (integration->kind == INTEGRATION_MOCK) {
		connect_mock(a, c, integration, request);
	} else if (!integration->function) {
		refuse_with(c, 500, internal_error);
	} else {
		struct caller caller = connection_caller(a, c);
		invoke(c->gateway, integration->function, event_connect(a, &caller, c->request, request, c->latency),
			patience_of(c->gateway, integration), on_connect_outcome, pending_create(c, route, request));
	}
	arena_destroy(a);
}

static bool says_unauthorized(struct arena *a, const struct outcome *outcome) {
	return outcome->kind == OUTCOME_ERROR &&
		is_text(map_get(parse_json(a, outcome->bytes, outcome->length), "errorMessage"), "Unauthorized");
}

static void keep_context(struct connection *c, const struct value *context) {
	struct text text = { 0 };

	emit_json(&text, context, 0);
	c->authorizer = text.bytes;
	c->latency = (int)(loop_now(c->gateway->loop) - c->asked_at);
}

static void on_authorizer_outcome(void *data, const struct outcome *outcome) {
	struct pending *pending = data;
	struct connection *c = connection_find(pending->gateway, pending->connection);
	struct arena *a = arena_create();
	struct value *context;
	enum verdict verdict = VERDICT_MALFORMED;

	if (c && outcome->kind == OUTCOME_ANSWER) {
		const struct gateway_setup *setup = &c->gateway->setup;
		const char *arn = arena_printf(a, "arn:aws:execute-api:%s:%s:%s/%s/$connect", setup->region, setup->account,
			c->gateway->api->id, c->stage->name);
		verdict = policy_read(a, outcome->bytes, outcome->length, arn, &context);
	}
	if (!c) {
		/* the client did not wait */
	} else if (verdict == VERDICT_ALLOW) {
		keep_context(c, context);
		ask_connect(c);
	} else if (verdict == VERDICT_DENY) {
		refuse_with(c, 403, "User is not authorized to access this resource");
	} else if (says_unauthorized(a, outcome)) {
		refuse_with(c, 401, "Unauthorized");
	} else {
		refuse_with(c, 500, internal_error);
	}
	arena_destroy(a);
	free(pending);
}

static const char *identity(struct arena *a, const struct connection *c, const struct identity_source *source) {
	struct caller caller = connection_caller(a, c);
	const struct value *value = NULL;

	switch (source->kind) {
	case IDENTITY_HEADER:
		return request_header(c->request, source->name);
	case IDENTITY_QUERY:
		value = map_get_text(query_last(a, c->request->query), source->name, strlen(source->name));
		break;
	case IDENTITY_STAGE:
		value = map_get_text(c->stage->variables, source->name, strlen(source->name));
		break;
	case IDENTITY_CONTEXT:
		value = path_find(a, source->name, event_context(a, &caller, "CONNECT", "$connect", ""));
		break;
	}
	return value ? value_spell(a, value) : NULL;
}

static bool has_identity(struct arena *a, const struct connection *c, const struct authorizer *authorizer) {
	for (size_t i = 0; i < authorizer->source_count; i++) {
		const char *text = identity(a, c, &authorizer->sources[i]);
		if (!text || !*text) {
			return false;
		}
	}
	return true;
}

/* The first step: the authorizer, if there is one. */
static void ask_authorizer(struct connection *c, const struct authorizer *authorizer) {
	struct arena *a = arena_create();
	char request[ID_SIZE];

	id_make(request);
	if (!has_identity(a, c, authorizer)) {
		refuse_with(c, 401, "Unauthorized");
	} else if (!authorizer->function) {
		refuse_with(c, 500, internal_error);
	} else {
		struct caller caller = connection_caller(a, c);
		c->asked_at = loop_now(c->gateway->loop);
		invoke(c->gateway, authorizer->function, event_authorizer(a, &caller, c->request, request, c->stage->variables),
			c->gateway->setup.limits.integration, on_authorizer_outcome,
			pending_create(c, c->gateway->api->connect, request));
	}
	arena_destroy(a);
}

void connection_create(struct gateway *gateway, const struct stage *stage, struct peer *peer, struct request *request) {
	struct connection *c = calloc(1, sizeof(*c)), **bucket;
	const char *user_agent = request_header(request, "User-Agent");
	char address[ADDRESS_SIZE];

	if (!c) {
		BUG("out of memory");
	}
	peer_address(peer, address);
	c->gateway = gateway;
	c->stage = stage;
	c->peer = peer;
	c->request = request;
	c->address = strdup(address);
	c->user_agent = user_agent ? strdup(user_agent) : NULL;
	c->connected_at = time_now();
	id_make(c->id);
	bucket = bucket_of(gateway, c->id);
	c->next = *bucket;
	*bucket = c;
	gateway->count++;
	peer_remember(peer, c);
	if (gateway->api->connect && gateway->api->connect->authorizer) {
		ask_authorizer(c, gateway->api->connect->authorizer);
	} else {
		ask_connect(c);
	}
}
