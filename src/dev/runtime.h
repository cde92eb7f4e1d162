/*
 * Functions at work: invocations, and the workers that they run in.
 *
 * As in Lambda a worker has one invocation at a time and is used again; while all are busy others are started, up to a limit;
 * what finds none waits in the function's queue. An invocation has exactly one outcome, which comes later, never from within
 * runtime_invoke().
 */
#ifndef SLSWS_DEV_RUNTIME_H
#define SLSWS_DEV_RUNTIME_H

#include "dev/loop.h"
#include "dev/model.h"

enum outcome_kind {
	OUTCOME_ANSWER,		/* bytes: what the handler returned, JSON */
	OUTCOME_ERROR,		/* it failed, or its worker did; bytes: {"errorMessage", "errorType" ...} */
	OUTCOME_LATE,		/* the caller's patience has ended; the function may go on */
	OUTCOME_FULL,		/* too many wait already */
	OUTCOME_STOPPED,	/* the runtime was ended */
};

struct outcome {
	enum outcome_kind kind;
	const char *bytes;	/* for the call only, followed by a NUL */
	size_t length;
};

typedef void outcome_fn(void *data, const struct outcome *outcome);

struct runtime_setup {
	const char *node, *python;	/* programs; NULL: "node", "python3" */
	const char *region;
	const char *folder;		/* a folder of this run, for files of the runtime's own; absolute */
	struct variable *environment;	/* what all workers get besides */
	size_t environment_count;
	/* A line that a function printed, or that is said of it; request NULL: outside of an invocation. */
	void (*log)(void *data, const struct lambda *function, const char *request, const char *line, size_t length);
	void *data;
};

struct runtime;

struct runtime *runtime_create(struct loop *loop, const struct runtime_setup *setup);
void runtime_destroy(struct runtime *runtime);
/* Starts a worker before it is needed. */
void runtime_warm(struct runtime *runtime, const struct lambda *function);
/* patience: milliseconds until OUTCOME_LATE. */
void runtime_invoke(struct runtime *runtime, const struct lambda *function, const char *event, size_t length,
		uint64_t patience, outcome_fn *fn, void *data);
bool runtime_is_busy(const struct runtime *runtime);

#endif
