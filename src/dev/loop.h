/*
 * The loop: sockets, timers, processes and signals, through libuv. Everything runs in one thread.
 *
 * Whoever creates a thing destroys it, at any time, from within its callbacks too; none comes after that. An `end` or `exit`
 * is the last callback of a thing, which must still be destroyed then. destroy(NULL) does nothing.
 */
#ifndef SLSWS_DEV_LOOP_H
#define SLSWS_DEV_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop;

struct loop *loop_create(void);
void loop_run(struct loop *loop);		/* until loop_stop() */
void loop_stop(struct loop *loop);
void loop_destroy(struct loop *loop);		/* all that was made on it is to be destroyed before */
uint64_t loop_now(const struct loop *loop);	/* milliseconds since some time */
void loop_on_signal(struct loop *loop, int number, void (*fn)(void *data), void *data);

/* --- timers: once each start ------------------------------------------------------------------------------------ */

struct timer;

struct timer *timer_create_on(struct loop *loop, void (*fn)(void *data), void *data);
void timer_start(struct timer *timer, uint64_t milliseconds);	/* anew if it runs */
void timer_stop(struct timer *timer);
void timer_destroy(struct timer *timer);

/* --- TCP -------------------------------------------------------------------------------------------------------- */

struct listener;
struct stream;

/* port 0: any. NULL when it cannot be; then *why says why. Those that connect are handed over with accept(). */
struct listener *listener_create(struct loop *loop, const char *address, int port,
		void (*accept)(void *data, struct stream *stream), void *data, const char **why);
int listener_port(const struct listener *listener);
void listener_destroy(struct listener *listener);

struct stream_events {
	void (*read)(void *data, char *bytes, size_t length);	/* the bytes are there for the call only */
	void (*end)(void *data);				/* the other side has gone, or the connection broke */
};

void stream_start(struct stream *stream, const struct stream_events *events, void *data);
void stream_write(struct stream *stream, const void *bytes, size_t length);	/* the bytes are not kept */
size_t stream_waiting(const struct stream *stream);	/* bytes that are written, but not sent yet */
void stream_finish(struct stream *stream);		/* destroys it when what waits is sent */
void stream_destroy(struct stream *stream);

enum { ADDRESS_SIZE = 64 };
void stream_address(const struct stream *stream, char out[ADDRESS_SIZE]);	/* of the other side, without port */

/* --- processes -------------------------------------------------------------------------------------------------- */

struct process;

struct process_setup {
	const char *const *arguments, *const *environment;	/* NULL at the end; arguments[0] is looked for on the PATH */
	const char *folder;
	void (*output)(void *data, bool error, const char *bytes, size_t length);
	void (*exit)(void *data, int status, int signal);
	void *data;
};

/* NULL when it cannot be started; then *why says why. Its input is empty; it is the head of a group of its own. */
struct process *process_create(struct loop *loop, const struct process_setup *setup, const char **why);
void process_kill(struct process *process, int signal);	/* it and its children */
void process_destroy(struct process *process);		/* kills what still runs */

#endif
