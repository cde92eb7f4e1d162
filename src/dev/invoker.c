#include "dev/invoker.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "dev/peer.h"

enum {
	MOST_HEAD = 32 * 1024,
	MOST_EVENT = 6 * 1024 * 1024,
	MOST_CALLERS = 256,
	PATIENCE_MS = 15 * 60 * 1000,	/* Lambda's longest timeout */
	ATTEMPTS = 3,
};

static const char json_type[] = "Content-Type: application/json\r\n";

struct invoker {
	struct loop *loop;
	struct server *server;
	const struct lambda *functions;
	struct runtime *runtime;
	struct call *calls;		/* that have no outcome yet */
};

struct call {
	struct call *next, **link;
	struct invoker *invoker;
	struct peer *peer;		/* NULL: nobody waits */
	struct request *request;
	const struct lambda *function;
	unsigned attempts;		/* of an Event, that were made; 0: it is none */
	struct timer *timer;		/* until the next attempt */
};

/* --- answers ---------------------------------------------------------------------------------------------------- */

static void answer(struct peer *peer, struct request *request, int status, const char *headers, const char *body) {
	peer_answer(peer, request, status, headers, body, strlen(body));
	arena_destroy(request->arena);
}

static void refuse(struct peer *peer, struct request *request, int status, const char *type, const char *message) {
	struct arena *a = request->arena;

	answer(peer, request, status, arena_printf(a, "%sx-amzn-ErrorType: %s\r\n", json_type, type),
		arena_printf(a, "{\"Type\":\"User\",\"message\":\"%s\"}", message));
}

/* --- calls ------------------------------------------------------------------------------------------------------ */

static void call_end(struct call *call) {
	*call->link = call->next;
	if (call->next) {
		call->next->link = call->link;
	}
	timer_destroy(call->timer);
	arena_destroy(call->request->arena);
	free(call);
}

static void on_outcome(void *data, const struct outcome *outcome);

static void invoke(struct call *call) {
	const struct request *request = call->request;
	bool empty = request->body_length == 0;

	runtime_invoke(call->invoker->runtime, call->function, empty ? "{}" : request->body, empty ? 2 : request->body_length,
		PATIENCE_MS, on_outcome, call);
}

static void on_timer(void *data) {
	invoke(data);
}

/* Whether it is tried again. */
static bool retry(struct call *call, const struct outcome *outcome) {
	static const uint64_t delays[ATTEMPTS] = { 0, 100, 1000 };

	if (!call->attempts || call->attempts == ATTEMPTS || outcome->kind == OUTCOME_ANSWER ||
			outcome->kind == OUTCOME_STOPPED) {
		return false;
	}
	call->timer = call->timer ? call->timer : timer_create_on(call->invoker->loop, on_timer, call);
	timer_start(call->timer, delays[call->attempts++]);
	return true;
}

static void on_outcome(void *data, const struct outcome *outcome) {
	struct call *call = data;
	static const char version[] = "Content-Type: application/json\r\nX-Amz-Executed-Version: $LATEST\r\n";
	static const char failed[] =
		"Content-Type: application/json\r\nX-Amz-Executed-Version: $LATEST\r\nX-Amz-Function-Error: Unhandled\r\n";

	if (retry(call, outcome)) {
		return;
	}
	if (call->peer) {
		bool fine = outcome->kind == OUTCOME_ANSWER;
		peer_remember(call->peer, NULL);
		if (outcome->kind == OUTCOME_FULL) {
			peer_answer(call->peer, call->request, 429, "x-amzn-ErrorType: TooManyRequestsException\r\n", "{}", 2);
		} else {
			peer_answer(call->peer, call->request, 200, fine ? version : failed, outcome->bytes, outcome->length);
		}
	}
	call_end(call);
}

static struct call *call_create(struct invoker *invoker, const struct lambda *function, struct request *request) {
	struct call *call = calloc(1, sizeof(*call));

	if (!call) {
		BUG("out of memory");
	}
	call->invoker = invoker;
	call->function = function;
	call->request = request;
	call->link = &invoker->calls;
	call->next = invoker->calls;
	if (call->next) {
		call->next->link = &call->next;
	}
	invoker->calls = call;
	return call;
}

/* --- requests --------------------------------------------------------------------------------------------------- */

/* A name, or an ARN, with a version or an alias or without. */
static const struct lambda *find(const struct invoker *invoker, const char *name) {
	for (const struct lambda *f = invoker->functions; f; f = f->next) {
		const char *known = text_starts(name, "arn:") ? f->arn : f->name;
		size_t length = strlen(known);
		if (strncmp(known, name, length) == 0 && (!name[length] || name[length] == ':')) {
			return f;
		}
	}
	return NULL;
}

/* The function that "/2015-03-31/functions/NAME/invocations" names; NULL: the path is another. */
static const char *name_of(struct arena *a, const char *path) {
	static const char before[] = "/2015-03-31/functions/", after[] = "/invocations";

	if (!text_starts(path, before) || !text_ends(path, after) || strlen(path) < sizeof(before) + sizeof(after) - 2) {
		return NULL;
	}
	return percent_decode(a, path + strlen(before), strlen(path) - strlen(before) - strlen(after), false);
}

static void start(struct invoker *invoker, const struct lambda *function, struct peer *peer, struct request *request) {
	const char *given = request_header(request, "X-Amz-Invocation-Type"), *type = given ? given : "RequestResponse";

	if (strcmp(type, "DryRun") == 0) {
		answer(peer, request, 204, NULL, "");
	} else if (strcmp(type, "Event") == 0) {
		struct call *call = call_create(invoker, function, request);
		call->attempts = 1;
		peer_answer(peer, request, 202, NULL, "", 0);
		invoke(call);
	} else {
		struct call *call = call_create(invoker, function, request);
		call->peer = peer;
		peer_remember(peer, call);
		invoke(call);
	}
}

static void on_request(void *data, struct peer *peer, struct request *request) {
	struct invoker *invoker = data;
	const char *name = name_of(request->arena, request->path);
	const struct lambda *function = name ? find(invoker, name) : NULL;

	if (!request_header(request, "Authorization") || request_header(request, "Origin")) {
		refuse(peer, request, 403, "MissingAuthenticationTokenException", "Missing Authentication Token");
	} else if (!name || strcmp(request->method, "POST") != 0) {
		refuse(peer, request, 404, "UnknownOperationException", "only Invoke is served here");
	} else if (request->too_large) {
		refuse(peer, request, 413, "RequestTooLargeException", "the event is larger than 6 MB");
	} else if (!function) {
		refuse(peer, request, 404, "ResourceNotFoundException", "Function not found in this template");
	} else {
		start(invoker, function, peer, request);
	}
}

static void on_gone(void *data, struct peer *peer) {
	struct call *call = peer_memory(peer);

	(void)data;
	if (call) {
		call->peer = NULL;
	}
}

/* --- the whole -------------------------------------------------------------------------------------------------- */

struct invoker *invoker_create(struct loop *loop, const char **why) {
	static const char *const addresses[] = { "127.0.0.1", NULL };
	struct invoker *invoker = calloc(1, sizeof(*invoker));
	const struct server_setup setup = {
		.addresses = addresses, .most_head = MOST_HEAD, .most_body = MOST_EVENT, .most_peers = MOST_CALLERS,
		.request = on_request, .gone = on_gone, .data = invoker,
	};

	if (!invoker) {
		BUG("out of memory");
	}
	invoker->loop = loop;
	invoker->server = server_create(loop, &setup, why);
	if (!invoker->server) {
		free(invoker);
		return NULL;
	}
	return invoker;
}

int invoker_port(const struct invoker *invoker) {
	return server_port(invoker->server);
}

void invoker_serve(struct invoker *invoker, const struct lambda *functions, struct runtime *runtime) {
	invoker->functions = functions;
	invoker->runtime = runtime;
}

void invoker_destroy(struct invoker *invoker) {
	if (!invoker) {
		return;
	}
	while (invoker->calls) {
		call_end(invoker->calls);	/* those that would be tried again */
	}
	server_destroy(invoker->server);
	free(invoker);
}
