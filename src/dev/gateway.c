#include "dev/gateway.h"

#include <stdlib.h>
#include <strings.h>

#include "base/diag.h"
#include "dev/answer.h"
#include "dev/connection.h"
#include "dev/pool.h"
#include "emit.h"

enum {
	MOST_HEAD = 16 * 1024,
	LONGEST_URL = 4096,
	LARGEST_POST = 128 * 1024,
	STOP_MS = 20, STOP_CHECKS = 150,	/* how often, and how many times, it is looked whether all has ended */
};

static const char json_type[] = "Content-Type: application/json\r\n";

/* --- answers ---------------------------------------------------------------------------------------------------- */

static void answer(struct peer *peer, struct request *request, int status, const char *headers, const char *body) {
	peer_answer(peer, request, status, headers, body, strlen(body));
	arena_destroy(request->arena);
}

static void answer_message(struct peer *peer, struct request *request, int status, const char *message) {
	answer(peer, request, status, json_type, arena_printf(request->arena, "{\"message\":\"%s\"}", message));
}

/* SDKs tell errors apart by this header alone. */
static void answer_error(struct peer *peer, struct request *request, int status, const char *type, const char *message) {
	struct arena *a = request->arena;
	const char *headers = arena_printf(a, "Content-Type: application/json\r\nx-amzn-ErrorType: %s\r\n", type);

	answer(peer, request, status, headers, message ? arena_printf(a, "{\"message\":\"%s\"}", message) : "");
}

/* --- who may ask ------------------------------------------------------------------------------------------------ */

static bool is_local(const char *name, size_t length) {
	static const char *const names[] = { "localhost", "[::1]" };
	static const char below[] = ".localhost";

	for (size_t i = 0; i < 2; i++) {
		if (length == strlen(names[i]) && strncasecmp(name, names[i], length) == 0) {
			return true;
		}
	}
	if (length > 4 && strncmp(name, "127.", 4) == 0) {
		return strspn(name, "0123456789.") >= length;
	}
	return length > strlen(below) && strncasecmp(name + length - strlen(below), below, strlen(below)) == 0;
}

/* The name in "name:port". */
static size_t name_length(const char *host) {
	const char *bracket = *host == '[' ? strchr(host, ']') : NULL;

	return bracket ? (size_t)(bracket - host + 1) : strcspn(host, ":/");
}

/* No name server can make an address mean this machine. */
static bool is_address(const char *name, size_t length) {
	return length && (*name == '[' || strspn(name, "0123456789.") >= length);
}

/* A page elsewhere can make the name of its own host mean this machine. */
static bool host_is_ours(const struct gateway *gateway, const struct request *request) {
	const char *host = request_header(request, "Host"), *other = gateway->setup.host;

	if (!host) {
		return false;
	}
	size_t length = name_length(host);
	return is_local(host, length) || (other && (is_address(host, length) ||
		(strlen(other) == length && strncasecmp(host, other, length) == 0)));
}

static bool origin_may_connect(const struct gateway *gateway, const struct request *request) {
	const char *origin = request_header(request, "Origin"), *name = origin ? strstr(origin, "://") : NULL;

	if (!origin || strcmp(origin, "null") == 0 || text_starts(origin, "file://")) {
		return true;
	}
	for (const char *const *o = gateway->setup.origins; o && *o; o++) {
		if (strcmp(*o, "*") == 0 || strcasecmp(*o, origin) == 0) {
			return true;
		}
	}
	return name && is_local(name + 3, name_length(name + 3));
}

/* --- @connections ----------------------------------------------------------------------------------------------- */

/* What a path of it names; id NULL: it is none. */
struct callback {
	const char *stage, *id;
};

/* "/stage/@connections/id", decoded; the stage $default may be left out. */
static struct callback parse_callback(struct arena *a, const char *path) {
	static const char word[] = "@connections/";
	struct callback callback = { "$default", NULL };

	path++;
	if (text_starts(path, word)) {
		callback.id = path + strlen(word);
		return callback;
	}
	size_t length = strcspn(path, "/");
	if (path[length] && text_starts(path + length + 1, word)) {
		callback.stage = arena_copy(a, path, length);
		callback.id = path + length + 1 + strlen(word);
	}
	return callback;
}

static void post_to(struct connection *c, struct peer *peer, struct request *request) {
	size_t at;

	if (request->too_large || request->body_length > LARGEST_POST) {
		answer_error(peer, request, 413, "PayloadTooLargeException", "Message too long");
	} else if (!utf8_valid(request->body, request->body_length, &at)) {
		answer_error(peer, request, 400, "BadRequestException", "The message is not UTF-8");
	} else if (!connection_send(c, request->body, request->body_length)) {
		answer_error(peer, request, 429, "LimitExceededException", "The client does not read what waits for it");
	} else {
		answer(peer, request, 200, NULL, "");
	}
}

static void describe(struct connection *c, struct peer *peer, struct request *request) {
	struct arena *a = request->arena;
	struct text out = { 0 };

	emit_json(&out, MAP(a,
		{ "connectedAt", value_string(a, time_iso(a, c->connected_at)) },
		{ "identity", MAP(a,
			{ "sourceIp", value_string(a, c->address) },
			{ "userAgent", c->user_agent ? value_string(a, c->user_agent) : value_null(a) },
		) },
		{ "lastActiveAt", value_string(a, time_iso(a, c->active_at)) },
	), 0);
	peer_answer(peer, request, 200, json_type, out.bytes, out.length);
	text_free(&out);
	arena_destroy(a);
}

static void on_callback(struct gateway *gateway, struct callback callback, struct peer *peer, struct request *request) {
	const char *method = request->method;
	bool post = strcmp(method, "POST") == 0, get = strcmp(method, "GET") == 0, delete = strcmp(method, "DELETE") == 0;
	struct connection *c = connection_find(gateway, callback.id);

	if (!gateway->setup.unsigned_calls && !request_header(request, "Authorization")) {
		answer_error(peer, request, 403, "ForbiddenException", "Missing Authentication Token");
	} else if (!model_stage(gateway->api, callback.stage) || !(post || get || delete) ||
			!origin_may_connect(gateway, request)) {
		answer_error(peer, request, 403, "ForbiddenException", "Forbidden");
	} else if (!id_is_valid(callback.id)) {
		answer_error(peer, request, 400, "BadRequestException", "Invalid connectionId");
	} else if (!c || c->state != CONNECTION_OPEN || strcmp(c->stage->name, callback.stage) != 0) {
		answer_error(peer, request, 410, "GoneException", NULL);
	} else if (post) {
		post_to(c, peer, request);
	} else if (get) {
		describe(c, peer, request);
	} else {
		connection_close(c, CLOSE_NORMAL, "Connection Closed Normally");
		answer(peer, request, 204, NULL, "");
	}
}

/* --- handshakes ------------------------------------------------------------------------------------------------- */

/* "/stage", with a slash behind it or not; "/" is $default. NULL when there is none. */
static const struct stage *stage_of(const struct gateway *gateway, struct arena *a, const char *path) {
	size_t length = strlen(++path);

	length -= length && path[length - 1] == '/';
	return model_stage(gateway->api, length ? arena_copy(a, path, length) : "$default");
}

/* Sixteen bytes in base64. */
static bool key_is_valid(const char *key) {
	return key && strlen(key) == 24 && strcmp(key + 22, "==") == 0 && strspn(key,
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") == 22;
}

static void on_handshake(struct gateway *gateway, const char *path, struct peer *peer, struct request *request) {
	const char *version = request_header(request, "Sec-WebSocket-Version");
	const struct stage *stage = stage_of(gateway, request->arena, path);

	request->keep = false;
	if (strcmp(request->method, "GET") != 0 || !key_is_valid(request_header(request, "Sec-WebSocket-Key"))) {
		answer_message(peer, request, 400, "Bad Request");
	} else if (!version || strcmp(version, "13") != 0) {
		answer(peer, request, 426, "Sec-WebSocket-Version: 13\r\n", "");
	} else if (!stage || !origin_may_connect(gateway, request)) {
		answer_message(peer, request, 403, "Forbidden");
	} else if (gateway->count >= MOST_CONNECTIONS || gateway->stopping) {
		answer_message(peer, request, 429, "Too Many Requests");
	} else {
		connection_create(gateway, stage, peer, request);
	}
}

/* --- requests --------------------------------------------------------------------------------------------------- */

static void on_request(void *data, struct peer *peer, struct request *request) {
	struct gateway *gateway = data;
	const char *path = percent_decode(request->arena, request->path, strlen(request->path), false);

	if (strlen(request->target) > LONGEST_URL) {
		answer_message(peer, request, 414, "URI Too Long");
		return;
	}
	if (!path || *path != '/') {
		answer_message(peer, request, 400, "Bad Request");
		return;
	}
	if (!host_is_ours(gateway, request)) {
		answer_message(peer, request, 403, "Forbidden");
		return;
	}
	struct callback callback = parse_callback(request->arena, path);
	if (callback.id) {
		on_callback(gateway, callback, peer, request);
	} else if (request->upgrade) {
		on_handshake(gateway, path, peer, request);
	} else {
		answer(peer, request, 426, "Upgrade: websocket\r\nContent-Type: application/json\r\n",
			"{\"message\":\"Upgrade Required\"}");
	}
}

/* The client of a handshake has gone: as there was no connection yet, nobody is told. */
static void on_gone(void *data, struct peer *peer) {
	struct connection *c = peer_memory(peer);

	(void)data;
	if (c) {
		connection_end(c);
	}
}

/* --- the whole -------------------------------------------------------------------------------------------------- */

struct gateway *gateway_create(struct loop *loop, const struct gateway_setup *setup, const char **why) {
	struct gateway *gateway = calloc(1, sizeof(*gateway));
	const struct server_setup server = {
		.addresses = setup->addresses, .port = setup->port, .tls = setup->tls, .most_head = MOST_HEAD,
		.most_body = LARGEST_POST, .most_peers = MOST_CONNECTIONS, .patience = HANDSHAKE_MS, .request = on_request,
		.gone = on_gone, .data = gateway,
	};

	if (!gateway) {
		BUG("out of memory");
	}
	gateway->loop = loop;
	gateway->setup = *setup;
	gateway->server = server_create(loop, &server, why);
	if (!gateway->server) {
		free(gateway);
		return NULL;
	}
	return gateway;
}

int gateway_port(const struct gateway *gateway) {
	return server_port(gateway->server);
}

void gateway_serve(struct gateway *gateway, const struct api *api, const char *domain, struct runtime *runtime) {
	gateway->api = api;
	gateway->domain = domain;
	gateway->runtime = runtime;
}

static void each_connection(struct gateway *gateway, void (*fn)(struct connection *c)) {
	for (size_t i = 0; i < BUCKETS; i++) {
		struct connection *next;
		for (struct connection *c = gateway->buckets[i]; c; c = next) {
			next = c->next;
			fn(c);
		}
	}
}

static void go_away(struct connection *c) {
	connection_close(c, CLOSE_GOING_AWAY, "Going away");
}

static void check_stopped(void *data) {
	struct gateway *gateway = data;

	if (gateway->stop_checks++ < STOP_CHECKS && (gateway->count || runtime_is_busy(gateway->runtime))) {
		timer_start(gateway->stopping, STOP_MS);
	} else {
		gateway->done(gateway->done_data);
	}
}

void gateway_stop(struct gateway *gateway, void (*done)(void *data), void *data) {
	gateway->done = done;
	gateway->done_data = data;
	gateway->stopping = timer_create_on(gateway->loop, check_stopped, gateway);
	server_close(gateway->server);
	each_connection(gateway, go_away);
	timer_start(gateway->stopping, 0);
}

/* Handshakes that are held are their clients' loss, who see the server go. */
static void drop(struct connection *c) {
	if (c->state != CONNECTION_OPEN && c->state != CONNECTION_CLOSING) {
		peer_destroy(c->peer);
	}
	connection_end(c);
}

void gateway_destroy(struct gateway *gateway) {
	if (!gateway) {
		return;
	}
	gateway->runtime = NULL;
	each_connection(gateway, drop);
	timer_destroy(gateway->stopping);
	server_destroy(gateway->server);
	free(gateway);
}
