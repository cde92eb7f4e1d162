#include "dev/runtime.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/diag.h"
#include "dev/answer.h"
#include "dev/pool.h"
#include "emit.h"

enum {
	MOST_WORKERS = 10,	/* of a function */
	MOST_QUEUED = 10000,	/* of a function */
	MOST_ERROR = 2000,	/* bytes of an error that has no form */
	MOST_WAITING = 64 * 1024 * 1024,	/* bytes of all events that are not answered yet */
	GROWTH_MS = 15,		/* a busy worker is mostly free again before another one would have started */
};

uint64_t time_now(void) {
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* --- logs ------------------------------------------------------------------------------------------------------- */

void pool_log(const struct pool *pool, const struct invocation *invocation, const char *line, size_t length) {
	const struct runtime_setup *setup = &pool->runtime->setup;

	setup->log(setup->data, pool->function, invocation ? invocation->id : NULL, line, length);
}

void pool_say(const struct pool *pool, const struct invocation *invocation, const char *format, ...) {
	struct text line = { 0 };
	va_list args;

	va_start(args, format);
	text_vprintf(&line, format, args);
	va_end(args);
	pool_log(pool, invocation, line.bytes, line.length);
	text_free(&line);
}

static void log_line(const struct pool *pool, const struct invocation *invocation, const struct value *line) {
	if (is_string(line)) {
		pool_say(pool, invocation, "%.*s", (int)strcspn(line->text, "\n"), line->text);
	}
}

/* Python's frames are of several lines, Node.js's first line says what is said already. */
static void log_frames(const struct pool *pool, const struct invocation *invocation, const struct value *python,
		const struct value *node) {
	for (size_t i = 0; i < list_length(python); i++) {
		const struct value *frame = list_get(python, i);
		for (const char *at = is_string(frame) ? frame->text : ""; *at; at += strcspn(at, "\n"), at += *at == '\n') {
			pool_log(pool, invocation, at, strcspn(at, "\n"));
		}
	}
	for (size_t i = 1; i < list_length(node); i++) {
		log_line(pool, invocation, list_get(node, i));
	}
}

void pool_log_error(const struct pool *pool, const struct invocation *invocation, const char *bytes, size_t length) {
	struct arena *a = arena_create();
	const struct value *error = parse_json(a, bytes, length);
	const struct value *type = map_get(error, "errorType"), *message = map_get(error, "errorMessage");

	if (is_string(type) && is_string(message)) {
		pool_say(pool, invocation, "%s: %s", type->text, message->text);
		log_frames(pool, invocation, map_get(error, "stackTrace"), map_get(error, "trace"));
	} else {
		pool_log(pool, invocation, bytes, length < MOST_ERROR ? length : MOST_ERROR);
	}
	arena_destroy(a);
}

/* --- invocations ------------------------------------------------------------------------------------------------ */

static void make_request_id(char out[REQUEST_ID_SIZE]) {
	unsigned char b[16];

	if (getrandom(b, sizeof(b), 0) != sizeof(b)) {
		BUG("no random numbers");
	}
	b[6] = (b[6] & 0x0f) | 0x40;
	b[8] = (b[8] & 0x3f) | 0x80;
	snprintf(out, REQUEST_ID_SIZE, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2],
		b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}

static void tell(struct invocation *invocation, enum outcome_kind kind, const char *bytes, size_t length) {
	outcome_fn *fn = invocation->fn;

	invocation->fn = NULL;
	if (fn) {
		fn(invocation->data, &(struct outcome){ .kind = kind, .bytes = bytes, .length = length });
	}
}

void invocation_end(struct invocation *invocation, enum outcome_kind kind, const char *bytes, size_t length) {
	if (!invocation) {
		return;
	}
	invocation->pool->runtime->invocation_count--;
	invocation->pool->runtime->waiting -= invocation->length;
	timer_destroy(invocation->patience);
	tell(invocation, kind, bytes, length);
	free(invocation->event);
	free(invocation);
}

void invocation_fail(struct invocation *invocation, const char *type, const char *format, ...) {
	struct arena *a = arena_create();
	struct text out = { 0 };
	va_list args;

	va_start(args, format);
	const char *message = arena_vprintf(a, format, args);
	va_end(args);
	emit_json(&out, MAP(a, { "errorType", value_string(a, type) }, { "errorMessage", value_string(a, message) }), 0);
	invocation_end(invocation, OUTCOME_ERROR, out.bytes, out.length);
	text_free(&out);
	arena_destroy(a);
}

static void on_patience(void *data) {
	struct invocation *invocation = data, **link;
	struct pool *pool = invocation->pool;

	if (invocation->worker) {
		tell(invocation, OUTCOME_LATE, "", 0);
		return;
	}
	for (link = &pool->queue; *link != invocation; link = &(*link)->next) {
	}
	*link = invocation->next;
	pool->queue_end = invocation->next ? pool->queue_end : link;
	pool->queue_length--;
	invocation_end(invocation, invocation->too_many ? OUTCOME_FULL : OUTCOME_LATE, "", 0);
}

/* --- pools ------------------------------------------------------------------------------------------------------ */

struct invocation *pool_take(struct pool *pool) {
	struct invocation *first = pool->queue;

	if (first) {
		pool->queue = first->next;
		pool->queue_end = pool->queue ? pool->queue_end : &pool->queue;
		pool->queue_length--;
	}
	return first;
}

static void fail_queue(struct pool *pool) {
	struct invocation *invocation = pool_take(pool);

	invocation_fail(invocation, "Runtime.InvalidEntrypoint", "the function '%s' cannot be started", pool->function->name);
}

void pool_tend(struct pool *pool) {
	while (worker_feed(pool)) {
	}
	if (!pool->queue || pool_has_starting(pool) || pool->worker_count == MOST_WORKERS) {
		return;
	}
	timer_start(pool->growth, pool->worker_count ? GROWTH_MS : 0);
}

static void grow(void *data) {
	struct pool *pool = data;

	while (worker_feed(pool)) {
	}
	for (size_t i = 0; i < pool->queue_length && pool->worker_count < MOST_WORKERS && i < 4; i++) {
		if (!worker_start(pool)) {
			fail_queue(pool);
		}
	}
	if (pool->queue) {
		pool_tend(pool);
	}
}

/* Code that stands in the template gets a folder of its own. */
static const char *write_inline(struct runtime *runtime, const struct lambda *f) {
	const char *folder = mkdtemp(arena_printf(runtime->arena, "%s/code-XXXXXX", runtime->setup.folder));
	const char *file = arena_printf(runtime->arena, "%s/index.%s", folder ? folder : "", f->language == LANGUAGE_PYTHON ?
		"py" : "js");
	FILE *out = folder ? fopen(file, "w") : NULL;

	if (!out) {
		return NULL;
	}
	fputs(f->inline_code, out);
	return fclose(out) == 0 ? folder : NULL;
}

static const char *code_folder(struct runtime *runtime, const struct lambda *f) {
	if (f->inline_code) {
		return write_inline(runtime, f);
	}
	char *path = realpath(*f->folder ? f->folder : ".", NULL);
	const char *folder = path ? arena_strdup(runtime->arena, path) : NULL;
	free(path);
	return folder;
}

static struct pool *pool_of(struct runtime *runtime, const struct lambda *function) {
	for (struct pool *pool = runtime->pools; pool; pool = pool->next) {
		if (pool->function == function) {
			return pool;
		}
	}
	struct pool *pool = arena_new(runtime->arena, struct pool);
	pool->runtime = runtime;
	pool->function = function;
	pool->folder = code_folder(runtime, function);
	pool->queue_end = &pool->queue;
	pool->growth = timer_create_on(runtime->loop, grow, pool);
	pool->next = runtime->pools;
	runtime->pools = pool;
	return pool;
}

/* --- the whole -------------------------------------------------------------------------------------------------- */

struct runtime *runtime_create(struct loop *loop, const struct runtime_setup *setup) {
	struct arena *a = arena_create();
	struct runtime *runtime = arena_new(a, struct runtime);

	runtime->arena = a;
	runtime->loop = loop;
	runtime->setup = *setup;
	return runtime;
}

void runtime_destroy(struct runtime *runtime) {
	if (!runtime) {
		return;
	}
	for (struct pool *pool = runtime->pools; pool; pool = pool->next) {
		while (pool->workers) {
			worker_destroy(pool->workers);
		}
		while (pool->queue) {
			invocation_end(pool_take(pool), OUTCOME_STOPPED, "", 0);
		}
		timer_destroy(pool->growth);
	}
	arena_destroy(runtime->arena);
}

void runtime_warm(struct runtime *runtime, const struct lambda *function) {
	struct pool *pool = pool_of(runtime, function);

	if (function->language && !pool->workers) {
		worker_start(pool);
	}
}

void runtime_invoke(struct runtime *runtime, const struct lambda *function, const char *event, size_t length,
		uint64_t patience, outcome_fn *fn, void *data) {
	struct pool *pool = pool_of(runtime, function);
	struct invocation *invocation = calloc(1, sizeof(*invocation));

	if (!invocation || !(invocation->event = malloc(length + 1))) {
		BUG("out of memory");
	}
	memcpy(invocation->event, event, length);
	make_request_id(invocation->id);
	invocation->pool = pool;
	invocation->length = length;
	invocation->fn = fn;
	invocation->data = data;
	invocation->patience = timer_create_on(runtime->loop, on_patience, invocation);
	invocation->too_many = pool->queue_length >= MOST_QUEUED || runtime->waiting + length > MOST_WAITING;
	timer_start(invocation->patience, invocation->too_many ? 0 : patience);
	*pool->queue_end = invocation;
	pool->queue_end = &invocation->next;
	pool->queue_length++;
	runtime->invocation_count++;
	runtime->waiting += length;
	pool_tend(pool);
}

bool runtime_is_busy(const struct runtime *runtime) {
	return runtime->invocation_count;
}
