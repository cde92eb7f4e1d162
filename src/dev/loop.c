#include "dev/loop.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "base/diag.h"

enum {
	READ_SIZE = 64 * 1024,
	BACKLOG = 4096,
	MOST_SIGNALS = 4,
	LINGER_MS = 1000,	/* how long one that is finished may take to close its side */
	OUTPUT_MS = 100,	/* how long the output of an ended process is waited for, which a child may hold open */
};

struct loop {
	uv_loop_t uv;
	struct signal_watch {
		uv_signal_t uv;
		void (*fn)(void *data);
		void *data;
	} signals[MOST_SIGNALS];
	size_t signal_count;
	char buffer[READ_SIZE];		/* what every read goes through */
};

static void *allocate(size_t size) {
	void *memory = calloc(1, size);

	if (!memory) {
		BUG("out of memory");
	}
	return memory;
}

static void free_handle(uv_handle_t *handle) {
	free(handle->data);
}

/* A handle is the first member of what owns it, which goes with it. */
static void close_and_free(uv_handle_t *handle, void *whole) {
	handle->data = whole;
	uv_close(handle, free_handle);
}

struct loop *loop_create(void) {
	struct loop *loop = allocate(sizeof(*loop));

	if (uv_loop_init(&loop->uv) != 0) {
		BUG("no loop");
	}
	loop->uv.data = loop;
	return loop;
}

void loop_run(struct loop *loop) {
	uv_run(&loop->uv, UV_RUN_DEFAULT);
}

void loop_stop(struct loop *loop) {
	uv_stop(&loop->uv);
}

void loop_destroy(struct loop *loop) {
	for (size_t i = 0; i < loop->signal_count; i++) {
		uv_close((uv_handle_t *)&loop->signals[i].uv, NULL);
	}
	uv_run(&loop->uv, UV_RUN_DEFAULT);
	uv_loop_close(&loop->uv);
	free(loop);
}

uint64_t loop_now(const struct loop *loop) {
	return uv_now(&loop->uv);
}

static void on_signal(uv_signal_t *handle, int number) {
	struct signal_watch *watch = (struct signal_watch *)handle;

	(void)number;
	watch->fn(watch->data);
}

void loop_on_signal(struct loop *loop, int number, void (*fn)(void *data), void *data) {
	if (loop->signal_count == MOST_SIGNALS) {
		BUG("too many signals");
	}
	struct signal_watch *watch = &loop->signals[loop->signal_count++];
	watch->fn = fn;
	watch->data = data;
	uv_signal_init(&loop->uv, &watch->uv);
	uv_signal_start(&watch->uv, on_signal, number);
	uv_unref((uv_handle_t *)&watch->uv);
}

/* --- timers ----------------------------------------------------------------------------------------------------- */

struct timer {
	uv_timer_t uv;
	void (*fn)(void *data);
	void *data;
};

struct timer *timer_create_on(struct loop *loop, void (*fn)(void *data), void *data) {
	struct timer *timer = allocate(sizeof(*timer));

	timer->fn = fn;
	timer->data = data;
	uv_timer_init(&loop->uv, &timer->uv);
	return timer;
}

static void on_timer(uv_timer_t *handle) {
	struct timer *timer = (struct timer *)handle;

	timer->fn(timer->data);
}

void timer_start(struct timer *timer, uint64_t milliseconds) {
	uv_timer_start(&timer->uv, on_timer, milliseconds, 0);
}

void timer_stop(struct timer *timer) {
	uv_timer_stop(&timer->uv);
}

void timer_destroy(struct timer *timer) {
	if (timer) {
		close_and_free((uv_handle_t *)&timer->uv, timer);
	}
}

/* --- streams ---------------------------------------------------------------------------------------------------- */

struct stream {
	union {
		uv_handle_t handle;
		uv_stream_t stream;
		uv_tcp_t tcp;
	} uv;
	const struct stream_events *events;
	void *data;
	bool ended;		/* end() was called or may not be called any more */
	struct timer *linger;	/* of one that is finished */
	uv_shutdown_t shutdown;
};

static struct loop *loop_of(const struct stream *stream) {
	return stream->uv.handle.loop->data;
}

static void give_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer) {
	struct loop *loop = handle->loop->data;

	(void)suggested;
	*buffer = uv_buf_init(loop->buffer, READ_SIZE);
}

static void on_read(uv_stream_t *handle, ssize_t count, const uv_buf_t *buffer) {
	struct stream *stream = (struct stream *)handle;

	if (stream->linger) {
		if (count < 0) {
			stream_destroy(stream);
		}
	} else if (count > 0) {
		stream->events->read(stream->data, buffer->base, (size_t)count);
	} else if (count < 0 && !stream->ended) {
		stream->ended = true;
		uv_read_stop(handle);
		stream->events->end(stream->data);
	}
}

void stream_start(struct stream *stream, const struct stream_events *events, void *data) {
	stream->events = events;
	stream->data = data;
	uv_read_start(&stream->uv.stream, give_buffer, on_read);
}

struct write {
	uv_write_t uv;
	char bytes[];
};

/* A write that fails is noticed by reading. */
static void on_written(uv_write_t *request, int status) {
	(void)status;
	free(request);
}

void stream_write(struct stream *stream, const void *bytes, size_t length) {
	uv_buf_t buffer = uv_buf_init((char *)(uintptr_t)bytes, (unsigned)length);
	int sent = stream->ended || !length ? UV_EPIPE : uv_try_write(&stream->uv.stream, &buffer, 1);
	size_t done = sent > 0 ? (size_t)sent : 0;

	if (stream->ended || done == length || (sent < 0 && sent != UV_EAGAIN)) {
		return;
	}
	struct write *write = allocate(sizeof(*write) + length - done);
	memcpy(write->bytes, (const char *)bytes + done, length - done);
	buffer = uv_buf_init(write->bytes, (unsigned)(length - done));
	if (uv_write(&write->uv, &stream->uv.stream, &buffer, 1, on_written) != 0) {
		free(write);
	}
}

size_t stream_waiting(const struct stream *stream) {
	return uv_stream_get_write_queue_size(&stream->uv.stream);
}

static void give_up(void *data) {
	stream_destroy(data);
}

static void on_shutdown(uv_shutdown_t *request, int status) {
	struct stream *stream = request->data;

	if (status != 0 && status != UV_ECANCELED) {
		stream_destroy(stream);
	}
}

/* Read on for a while: closing with bytes unread would take from the other side what it has not read yet. */
void stream_finish(struct stream *stream) {
	stream->shutdown.data = stream;
	if (stream->ended || uv_shutdown(&stream->shutdown, &stream->uv.stream, on_shutdown) != 0) {
		stream_destroy(stream);
		return;
	}
	stream->ended = true;
	stream->linger = timer_create_on(loop_of(stream), give_up, stream);
	timer_start(stream->linger, LINGER_MS);
}

void stream_destroy(struct stream *stream) {
	if (!stream || uv_is_closing(&stream->uv.handle)) {
		return;
	}
	timer_destroy(stream->linger);
	stream->ended = true;
	close_and_free(&stream->uv.handle, stream);
}

void stream_address(const struct stream *stream, char out[ADDRESS_SIZE]) {
	struct sockaddr_storage address;
	int length = sizeof(address);

	out[0] = '\0';
	if (uv_tcp_getpeername(&stream->uv.tcp, (struct sockaddr *)&address, &length) == 0) {
		uv_ip_name((struct sockaddr *)&address, out, ADDRESS_SIZE);
	}
}

/* --- listeners -------------------------------------------------------------------------------------------------- */

struct listener {
	union {
		uv_handle_t handle;
		uv_stream_t stream;
		uv_tcp_t tcp;
	} uv;
	void (*accept)(void *data, struct stream *stream);
	void *data;
};

static void on_connection(uv_stream_t *handle, int status) {
	struct listener *listener = (struct listener *)handle;

	if (status < 0) {
		return;
	}
	struct stream *stream = allocate(sizeof(*stream));
	uv_tcp_init(handle->loop, &stream->uv.tcp);
	if (uv_accept(handle, &stream->uv.stream) != 0) {
		stream_destroy(stream);
		return;
	}
	uv_tcp_nodelay(&stream->uv.tcp, 1);
	listener->accept(listener->data, stream);
}

static int listen_at(struct listener *listener, const char *address, int port) {
	struct sockaddr_storage place = { 0 };
	int error = strchr(address, ':') ? uv_ip6_addr(address, port, (struct sockaddr_in6 *)&place) :
		uv_ip4_addr(address, port, (struct sockaddr_in *)&place);

	error = error ? error : uv_tcp_bind(&listener->uv.tcp, (struct sockaddr *)&place, UV_TCP_IPV6ONLY *
		(strchr(address, ':') != NULL));
	return error ? error : uv_listen(&listener->uv.stream, BACKLOG, on_connection);
}

struct listener *listener_create(struct loop *loop, const char *address, int port,
		void (*accept)(void *data, struct stream *stream), void *data, const char **why) {
	struct listener *listener = allocate(sizeof(*listener));

	listener->accept = accept;
	listener->data = data;
	uv_tcp_init(&loop->uv, &listener->uv.tcp);
	int error = listen_at(listener, address, port);
	if (error) {
		*why = uv_strerror(error);
		listener_destroy(listener);
		return NULL;
	}
	return listener;
}

int listener_port(const struct listener *listener) {
	struct sockaddr_storage address;
	int length = sizeof(address);

	uv_tcp_getsockname(&listener->uv.tcp, (struct sockaddr *)&address, &length);
	return ntohs(address.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&address)->sin6_port :
		((struct sockaddr_in *)&address)->sin_port);
}

void listener_destroy(struct listener *listener) {
	if (listener) {
		close_and_free(&listener->uv.handle, listener);
	}
}

/* --- processes -------------------------------------------------------------------------------------------------- */

struct process {
	uv_process_t uv;
	struct output {
		uv_pipe_t pipe;
		struct process *process;
		bool open;
	} outputs[2];
	struct process_setup setup;
	struct timer *patience;
	int handles;			/* that are not closed yet */
	bool running, destroyed;
	int status, signal;
};

static void forget_process_handle(uv_handle_t *handle) {
	struct process *process = handle->data;

	if (--process->handles == 0) {
		free(process);
	}
}

/* Told once, when it has ended and said all. */
static void tell_exit(struct process *process) {
	if (process->destroyed || process->running || !process->setup.exit) {
		return;
	}
	void (*fn)(void *data, int status, int signal) = process->setup.exit;
	process->setup.exit = NULL;
	fn(process->setup.data, process->status, process->signal);
}

static void on_patience(void *data) {
	tell_exit(data);
}

static void on_output(uv_stream_t *handle, ssize_t count, const uv_buf_t *buffer) {
	struct output *output = (struct output *)handle;
	struct process *process = output->process;

	if (count > 0 && !process->destroyed) {
		process->setup.output(process->setup.data, output == &process->outputs[1], buffer->base, (size_t)count);
	} else if (count < 0) {
		output->open = false;
		uv_read_stop(handle);
		if (!process->outputs[0].open && !process->outputs[1].open) {
			tell_exit(process);
		}
	}
}

static void close_process(struct process *process) {
	uv_close((uv_handle_t *)&process->uv, forget_process_handle);
	uv_close((uv_handle_t *)&process->outputs[0].pipe, forget_process_handle);
	uv_close((uv_handle_t *)&process->outputs[1].pipe, forget_process_handle);
}

static void on_process_exit(uv_process_t *handle, int64_t status, int signal) {
	struct process *process = (struct process *)handle;

	uv_kill(-handle->pid, SIGKILL);	/* what it left behind */
	process->running = false;
	process->status = (int)status;
	process->signal = signal;
	if (process->destroyed) {
		close_process(process);
		return;
	}
	if (!process->outputs[0].open && !process->outputs[1].open) {
		tell_exit(process);
		return;
	}
	timer_start(process->patience, OUTPUT_MS);
}

static int spawn(struct loop *loop, struct process *process) {
	uv_stdio_container_t stdio[3] = { { .flags = UV_IGNORE } };
	uv_process_options_t options = {
		.file = process->setup.arguments[0], .args = (char **)(uintptr_t)process->setup.arguments,
		.env = (char **)(uintptr_t)process->setup.environment, .cwd = process->setup.folder,
		.flags = UV_PROCESS_DETACHED, .exit_cb = on_process_exit, .stdio_count = 3, .stdio = stdio,
	};

	for (int i = 0; i < 2; i++) {
		stdio[i + 1].flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE;
		stdio[i + 1].data.stream = (uv_stream_t *)&process->outputs[i].pipe;
	}
	return uv_spawn(&loop->uv, &process->uv, &options);
}

struct process *process_create(struct loop *loop, const struct process_setup *setup, const char **why) {
	struct process *process = allocate(sizeof(*process));

	process->setup = *setup;
	process->handles = 3;
	process->patience = timer_create_on(loop, on_patience, process);
	process->uv.data = process;
	for (int i = 0; i < 2; i++) {
		uv_pipe_init(&loop->uv, &process->outputs[i].pipe, 0);
		process->outputs[i].pipe.data = process;
		process->outputs[i].process = process;
	}
	int error = spawn(loop, process);
	process->uv.data = process;
	if (error) {
		*why = uv_strerror(error);
		process_destroy(process);
		return NULL;
	}
	process->running = true;
	for (int i = 0; i < 2; i++) {
		process->outputs[i].open = true;
		uv_read_start((uv_stream_t *)&process->outputs[i].pipe, give_buffer, on_output);
	}
	return process;
}

void process_kill(struct process *process, int signal) {
	if (process && process->running) {
		uv_kill(-process->uv.pid, signal);
	}
}

void process_destroy(struct process *process) {
	if (!process || process->destroyed) {
		return;
	}
	process_kill(process, SIGKILL);
	process->destroyed = true;
	timer_destroy(process->patience);
	if (!process->running) {	/* else when it has ended: nobody else would collect its status */
		close_process(process);
	}
}
