/*
 * What runtime.c and worker.c know of each other.
 */
#ifndef SLSWS_DEV_POOL_H
#define SLSWS_DEV_POOL_H

#include "base/text.h"
#include "dev/peer.h"
#include "dev/runtime.h"

enum { REQUEST_ID_SIZE = 37 };

struct invocation {
	struct invocation *next;	/* in the queue */
	struct pool *pool;
	struct worker *worker;		/* that it was given to */
	char id[REQUEST_ID_SIZE];
	char *event;
	size_t length;
	outcome_fn *fn;			/* NULL: the outcome was told */
	void *data;
	struct timer *patience;
	bool too_many;			/* the queue was full: it ends at once */
};

struct pool {
	struct pool *next;
	struct runtime *runtime;
	const struct lambda *function;
	const char *folder;		/* of its code, absolute; NULL: there is none */
	struct worker *workers;
	size_t worker_count;
	struct invocation *queue, **queue_end;
	size_t queue_length;
	struct timer *growth;		/* while all are busy: when the next worker is started */
};

struct runtime {
	struct arena *arena;
	struct loop *loop;
	struct runtime_setup setup;
	struct pool *pools;
	size_t invocation_count, waiting;	/* waiting: bytes of their events */
};

/* --- worker.c --------------------------------------------------------------------------------------------------- */

/* Adds a worker to the pool; false when it cannot be started, which was said then. */
bool worker_start(struct pool *pool);
/* Gives the pool's next invocation to a worker that waits for one, if there are both. */
bool worker_feed(struct pool *pool);
bool pool_has_starting(const struct pool *pool);
void worker_destroy(struct worker *worker);

/* --- runtime.c -------------------------------------------------------------------------------------------------- */

struct invocation *pool_take(struct pool *pool);	/* the first of the queue, which it leaves; or NULL */
/* Tells the outcome and ends the invocation. NULL is allowed. */
void invocation_end(struct invocation *invocation, enum outcome_kind kind, const char *bytes, size_t length);
/* The same for a failure, in the manner of Lambda. */
void invocation_fail(struct invocation *invocation, const char *type, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* To be called when something has changed: starts workers where some are needed. */
void pool_tend(struct pool *pool);
void pool_log(const struct pool *pool, const struct invocation *invocation, const char *line, size_t length);
/* An error as the Runtime API tells it, in lines. */
void pool_log_error(const struct pool *pool, const struct invocation *invocation, const char *bytes, size_t length);
void pool_say(const struct pool *pool, const struct invocation *invocation, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
uint64_t time_now(void);	/* milliseconds since 1970 */

#endif
