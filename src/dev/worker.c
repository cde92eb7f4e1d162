/*
 * A worker: a process, and the Lambda Runtime API (2018-06-01) on a port of its own, as the API has no word for who asks.
 * Rules and texts: AWS's guide on custom runtimes and the Runtime Interface Emulator.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "dev/pool.h"

enum {
	INIT_MS = 10000,		/* until the first invocation is asked for */
	MOST_ANSWER = 6291556,		/* bytes: Lambda's limit */
	MOST_LINE = 64 * 1024,
};

enum worker_state {
	WORKER_STARTING,		/* it has not asked for an invocation yet */
	WORKER_WAITING,			/* it asks for one: `asking` */
	WORKER_BUSY,			/* it has one: `invocation` */
	WORKER_RETURNING,		/* it has answered and not asked again */
	WORKER_ENDING,			/* it was killed or must not go on */
};

struct worker {
	struct worker *next, **link;	/* of the pool's */
	struct pool *pool;
	enum worker_state state;
	struct server *server;
	struct process *process;
	struct timer *timer;		/* of the start, then of each invocation */
	struct peer *asking;
	struct request *request;	/* what `asking` asked */
	struct invocation *invocation;
	char *init_error;		/* what it said of its failure to start */
	struct text lines[2];		/* of its output and its errors, incomplete */
};

extern char **environ;

/* --- the end ---------------------------------------------------------------------------------------------------- */

static void forget_request(struct worker *worker) {
	if (worker->request) {
		arena_destroy(worker->request->arena);
	}
	worker->request = NULL;
	worker->asking = NULL;
}

void worker_destroy(struct worker *worker) {
	struct pool *pool = worker->pool;

	*worker->link = worker->next;
	if (worker->next) {
		worker->next->link = worker->link;
	}
	pool->worker_count--;
	forget_request(worker);
	server_destroy(worker->server);
	process_destroy(worker->process);
	timer_destroy(worker->timer);
	invocation_end(worker->invocation, OUTCOME_STOPPED, "", 0);
	text_free(&worker->lines[0]);
	text_free(&worker->lines[1]);
	free(worker->init_error);
	free(worker);
}

static void on_exit_of_worker(void *data, int status, int signal_number) {
	struct worker *worker = data;
	struct pool *pool = worker->pool;
	struct invocation *invocation = worker->invocation;
	bool started = worker->state != WORKER_STARTING;
	char *init_error = worker->init_error;

	for (int i = 0; i < 2; i++) {
		if (worker->lines[i].length) {
			pool_log(pool, invocation, worker->lines[i].bytes, worker->lines[i].length);
		}
	}
	worker->invocation = NULL;
	worker->init_error = NULL;
	if (!invocation && (!started || init_error)) {
		invocation = pool_take(pool);
		pool_say(pool, invocation, "the worker did not start: %s %d", signal_number ? "signal" : "exit status",
			signal_number ? signal_number : status);
	}
	worker_destroy(worker);
	if (invocation && init_error) {
		invocation_end(invocation, OUTCOME_ERROR, init_error, strlen(init_error));
	} else if (invocation) {
		pool_say(pool, invocation, "the worker ended during the invocation: %s %d", signal_number ? "signal" :
			"exit status", signal_number ? signal_number : status);
		invocation_fail(invocation, "Runtime.ExitError", "RequestId: %s Error: Runtime exited with error: %s %d",
			invocation->id, signal_number ? "signal" : "exit status", signal_number ? signal_number : status);
	}
	free(init_error);
	pool_tend(pool);
}

/* The time is over: of the start, or of the invocation. */
static void on_time(void *data) {
	struct worker *worker = data;
	struct pool *pool = worker->pool;
	struct invocation *invocation = worker->invocation;

	process_kill(worker->process, SIGKILL);
	if (worker->state == WORKER_STARTING) {
		pool_say(pool, NULL, "the worker did not start within %d seconds", INIT_MS / 1000);
		return;
	}
	worker->state = WORKER_ENDING;
	worker->invocation = NULL;
	if (invocation) {
		double seconds = pool->function->timeout_ms / 1000.0;
		pool_say(pool, invocation, "Task timed out after %.2f seconds", seconds);
		invocation_fail(invocation, "Sandbox.Timedout", "RequestId: %s Error: Task timed out after %.2f seconds",
			invocation->id, seconds);
	}
}

/* --- the Runtime API -------------------------------------------------------------------------------------------- */

static const char json_type[] = "Content-Type: application/json\r\n";

static void answer(struct peer *peer, struct request *request, int status, const char *body) {
	peer_answer(peer, request, status, json_type, body, strlen(body));
	arena_destroy(request->arena);
}

static void accept_answer(struct peer *peer, struct request *request) {
	answer(peer, request, 202, "{\"status\":\"OK\"}");
}

static void hand_out(struct worker *worker, struct invocation *invocation) {
	const struct lambda *f = worker->pool->function;
	struct text headers = { 0 };

	text_printf(&headers, "Content-Type: application/json\r\nLambda-Runtime-Aws-Request-Id: %s\r\n"
		"Lambda-Runtime-Deadline-Ms: %llu\r\nLambda-Runtime-Invoked-Function-Arn: %s\r\n"
		"Lambda-Runtime-Trace-Id: Root=1-%.8s-%.8s%.4s%.12s;Sampled=0\r\n", invocation->id,
		(unsigned long long)(time_now() + f->timeout_ms), f->arn, invocation->id, invocation->id, invocation->id + 9,
		invocation->id + 24);
	invocation->worker = worker;
	worker->invocation = invocation;
	worker->state = WORKER_BUSY;
	timer_start(worker->timer, f->timeout_ms);
	struct peer *peer = worker->asking;
	struct request *request = worker->request;
	worker->asking = NULL;
	worker->request = NULL;
	peer_answer(peer, request, 200, headers.bytes, invocation->event, invocation->length);
	arena_destroy(request->arena);
	text_free(&headers);
}

bool worker_feed(struct pool *pool) {
	if (!pool->queue) {
		return false;
	}
	for (struct worker *worker = pool->workers; worker; worker = worker->next) {
		if (worker->state == WORKER_WAITING) {
			hand_out(worker, pool_take(pool));
			return true;
		}
	}
	return false;
}

static void on_next(struct worker *worker, struct peer *peer, struct request *request) {
	if (worker->state == WORKER_WAITING || worker->state == WORKER_BUSY || worker->state == WORKER_ENDING) {
		answer(peer, request, 403, "{\"errorMessage\":\"State transition is not allowed\","
			"\"errorType\":\"InvalidStateTransition\"}");
		return;
	}
	timer_stop(worker->timer);
	worker->state = WORKER_WAITING;
	worker->asking = peer;
	worker->request = request;
	pool_tend(worker->pool);
}

/* An answer or an error for the invocation of that id, which has to be the one that the worker has. */
static void on_outcome(struct worker *worker, struct peer *peer, struct request *request, const char *id, size_t length,
		enum outcome_kind kind) {
	struct invocation *invocation = worker->invocation;

	if (!invocation || strlen(invocation->id) != length || strncmp(invocation->id, id, length) != 0) {
		answer(peer, request, 400, "{\"errorMessage\":\"Invalid request ID\",\"errorType\":\"InvalidRequestID\"}");
		return;
	}
	timer_stop(worker->timer);
	worker->state = WORKER_RETURNING;
	worker->invocation = NULL;
	if (request->too_large) {
		invocation_fail(invocation, "Function.ResponseSizeTooLarge", "Response payload size exceeded maximum allowed payload "
			"size (%d bytes).", MOST_ANSWER);
		answer(peer, request, 413, "{\"errorMessage\":\"Exceeded maximum allowed payload size (6291556 bytes).\","
			"\"errorType\":\"RequestEntityTooLarge\"}");
		return;
	}
	peer_answer(peer, request, 202, json_type, "{\"status\":\"OK\"}", strlen("{\"status\":\"OK\"}"));
	if (kind == OUTCOME_ERROR) {
		pool_log_error(worker->pool, invocation, request->body, request->body_length);
	}
	invocation_end(invocation, kind, request->body, request->body_length);
	arena_destroy(request->arena);
}

static void on_init_error(struct worker *worker, struct peer *peer, struct request *request) {
	free(worker->init_error);
	worker->init_error = strdup(request->body);
	pool_log_error(worker->pool, NULL, request->body, request->body_length);
	accept_answer(peer, request);
}

static void on_request(void *data, struct peer *peer, struct request *request) {
	static const char prefix[] = "/2018-06-01/runtime/", of_invocation[] = "invocation/";
	struct worker *worker = data;
	const char *path = request->path;
	bool post = strcmp(request->method, "POST") == 0;

	path = text_starts(path, prefix) ? path + strlen(prefix) : path;
	const char *id = text_starts(path, of_invocation) ? path + strlen(of_invocation) : NULL;
	size_t length = id ? strcspn(id, "/") : 0;
	if (strcmp(path, "invocation/next") == 0 && !post) {
		on_next(worker, peer, request);
	} else if (post && strcmp(path, "init/error") == 0) {
		on_init_error(worker, peer, request);
	} else if (post && id && strcmp(id + length, "/response") == 0) {
		on_outcome(worker, peer, request, id, length, OUTCOME_ANSWER);
	} else if (post && id && strcmp(id + length, "/error") == 0) {
		on_outcome(worker, peer, request, id, length, OUTCOME_ERROR);
	} else {
		answer(peer, request, strcmp(path, "ping") == 0 ? 200 : 404, strcmp(path, "ping") == 0 ? "pong" :
			"{\"errorMessage\":\"404 Not Found\",\"errorType\":\"NotFound\"}");
	}
}

/* The one that waits for an invocation has hung up: its process ends, or asks again. */
static void on_gone(void *data, struct peer *peer) {
	struct worker *worker = data;

	if (worker->asking == peer) {
		forget_request(worker);
		worker->state = WORKER_RETURNING;
	}
}

/* --- the process ------------------------------------------------------------------------------------------------ */

static void on_output(void *data, bool error, const char *bytes, size_t length) {
	struct worker *worker = data;
	struct text *line = &worker->lines[error];

	while (length) {
		const char *end = memchr(bytes, '\n', length);
		size_t count = end ? (size_t)(end - bytes) : length;
		text_add(line, bytes, count);
		if (end || line->length > MOST_LINE) {
			pool_log(worker->pool, worker->invocation, line->bytes ? line->bytes : "", line->length);
			line->length = 0;
		}
		count += end != NULL;
		bytes += count;
		length -= count;
	}
}

static void add_variable(struct arena *a, struct value *map, const char *name, const char *value) {
	map_set(a, map, name, value_string(a, value));
}

static void add_own(struct arena *a, struct value *map) {
	for (char **e = environ; *e; e++) {
		const char *equals = strchr(*e, '=');
		if (equals) {
			add_variable(a, map, arena_copy(a, *e, (size_t)(equals - *e)), equals + 1);
		}
	}
}

static void add_all(struct arena *a, struct value *map, const struct variable *variables, size_t count) {
	for (size_t i = 0; i < count; i++) {
		add_variable(a, map, variables[i].name, variables[i].value);
	}
}

/* Lambda's own. Requests to AWS have to be signed with something; the user's credentials only where the environment has
   them or names a profile, as handlers that run by mistake against real tables do harm. */
static void add_lambda(struct arena *a, struct value *map, const struct worker *worker) {
	const struct lambda *f = worker->pool->function;
	const struct runtime_setup *setup = &worker->pool->runtime->setup;
	const struct variable rows[] = {
		{ "_HANDLER", f->handler },
		{ "LAMBDA_TASK_ROOT", worker->pool->folder },
		{ "LAMBDA_RUNTIME_DIR", setup->folder },
		{ "AWS_LAMBDA_RUNTIME_API", arena_printf(a, "127.0.0.1:%d", server_port(worker->server)) },
		{ "AWS_LAMBDA_FUNCTION_NAME", f->name },
		{ "AWS_LAMBDA_FUNCTION_VERSION", "$LATEST" },
		{ "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", arena_printf(a, "%u", f->memory) },
		{ "AWS_LAMBDA_LOG_GROUP_NAME", arena_printf(a, "/aws/lambda/%s", f->name) },
		{ "AWS_LAMBDA_LOG_STREAM_NAME", "local" },
		{ "AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand" },
		{ "AWS_EXECUTION_ENV", arena_printf(a, "AWS_Lambda_%s", f->runtime) },
		{ "AWS_REGION", setup->region },
		{ "AWS_DEFAULT_REGION", setup->region },
		{ "TZ", ":UTC" },
		{ "PYTHONUNBUFFERED", "1" },
		{ "IS_LOCAL", "true" },
	};

	if (!map_has(map, "AWS_ACCESS_KEY_ID") && !map_has(map, "AWS_PROFILE")) {
		add_variable(a, map, "AWS_ACCESS_KEY_ID", "local");
		add_variable(a, map, "AWS_SECRET_ACCESS_KEY", "local");
	}
	add_all(a, map, rows, sizeof(rows) / sizeof(*rows));
}

static const char **environment_of(struct arena *a, const struct worker *worker) {
	const struct runtime_setup *setup = &worker->pool->runtime->setup;
	const struct lambda *f = worker->pool->function;
	struct value *map = value_map(a);
	size_t count = 0;

	add_own(a, map);
	add_lambda(a, map, worker);
	add_all(a, map, setup->environment, setup->environment_count);
	add_all(a, map, f->environment, f->environment_count);
	const char **list = arena_array(a, const char *, map->length + 1);
	for (const struct entry *e = map_first(map); e; e = map_next(map, e)) {
		list[count++] = arena_printf(a, "%s=%s", e->key, e->value->text);
	}
	return list;
}

static const char **arguments_of(struct arena *a, const struct pool *pool) {
	const struct runtime_setup *setup = &pool->runtime->setup;
	const char **list = arena_array(a, const char *, 3);

	switch (pool->function->language) {
	case LANGUAGE_NODE:
		list[0] = setup->node ? setup->node : "node";
		list[1] = arena_printf(a, "%s/bootstrap.js", setup->folder);
		break;
	case LANGUAGE_PYTHON:
		list[0] = setup->python ? setup->python : "python3";
		list[1] = arena_printf(a, "%s/bootstrap.py", setup->folder);
		break;
	case LANGUAGE_PROVIDED:
		list[0] = arena_printf(a, "%s/bootstrap", pool->folder);
		break;
	case LANGUAGE_NONE:
		break;
	}
	return list;
}

static bool start_process(struct worker *worker) {
	struct pool *pool = worker->pool;
	struct arena *a = arena_create();
	const char *why = NULL;
	struct process_setup setup = {
		.arguments = arguments_of(a, pool), .environment = environment_of(a, worker), .folder = pool->folder,
		.output = on_output, .exit = on_exit_of_worker, .data = worker,
	};

	worker->process = process_create(pool->runtime->loop, &setup, &why);
	if (!worker->process) {
		pool_say(pool, NULL, "'%s' cannot be started: %s", setup.arguments[0], why);
	}
	arena_destroy(a);
	return worker->process;
}

static struct worker *create(struct pool *pool) {
	struct worker *worker = calloc(1, sizeof(*worker));

	if (!worker) {
		BUG("out of memory");
	}
	worker->pool = pool;
	worker->link = &pool->workers;
	worker->next = pool->workers;
	if (worker->next) {
		worker->next->link = &worker->next;
	}
	pool->workers = worker;
	pool->worker_count++;
	worker->timer = timer_create_on(pool->runtime->loop, on_time, worker);
	return worker;
}

static bool start(struct worker *worker) {
	static const char *const addresses[] = { "127.0.0.1", NULL };
	const struct server_setup setup = {
		.addresses = addresses, .most_head = 16 * 1024, .most_body = MOST_ANSWER, .most_peers = 64,
		.request = on_request, .gone = on_gone, .data = worker,
	};
	const char *why = NULL;

	worker->server = server_create(worker->pool->runtime->loop, &setup, &why);
	if (!worker->server) {
		pool_say(worker->pool, NULL, "there is no port for its worker: %s", why);
		return false;
	}
	timer_start(worker->timer, INIT_MS);
	return start_process(worker);
}

bool worker_start(struct pool *pool) {
	if (!pool->function->language || !pool->folder) {
		pool_say(pool, NULL, "%s", pool->folder ? "its runtime cannot run here" : "the folder of its code is not there");
		return false;
	}
	struct worker *worker = create(pool);
	if (!start(worker)) {
		worker_destroy(worker);
		return false;
	}
	return true;
}

bool pool_has_starting(const struct pool *pool) {
	for (const struct worker *worker = pool->workers; worker; worker = worker->next) {
		if (worker->state == WORKER_STARTING) {
			return true;
		}
	}
	return false;
}
