#include "dev/peer.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"

enum {
	MOST_ADDRESSES = 2,
	MOST_HELD = 192 * 1024,		/* bytes that a client may send before it is its turn */
	PLAIN_SIZE = 16 * 1024,		/* a record of TLS */
	FIRST_OF_TLS = 0x16,
};

struct server {
	struct loop *loop;
	struct server_setup setup;
	struct listener *listeners[MOST_ADDRESSES];
	struct peer *peers;
	size_t peer_count;
};

struct peer {
	struct peer *next, **link;	/* of the server's; NULL: it was taken */
	struct server *server;
	struct stream *stream;
	struct tls *tls;
	struct http *http;
	struct timer *timer;		/* NULL: no patience */
	struct text held;		/* bytes that nobody has taken yet, from `held_at` on */
	size_t held_at;
	const struct peer_events *events;	/* of one that was taken */
	void *data, *memory;
	unsigned busy;			/* how many of its functions are at work */
	bool begun;			/* the first byte has come */
	bool asking;			/* a request is not answered */
	bool doomed;
};

/* --- the end ---------------------------------------------------------------------------------------------------- */

static void unlink_peer(struct peer *peer) {
	if (peer->link) {
		*peer->link = peer->next;
		if (peer->next) {
			peer->next->link = peer->link;
		}
		peer->link = NULL;
		peer->server->peer_count--;
	}
}

/* Not inlined: gcc would warn of a use after free, as to it `busy` may be 0 after it was counted up. */
static __attribute__((noinline)) void release(struct peer *peer) {
	if (peer->doomed && !peer->busy) {
		text_free(&peer->held);
		free(peer);
	}
}

static void doom(struct peer *peer) {
	peer->doomed = true;
	unlink_peer(peer);
	timer_destroy(peer->timer);
	tls_destroy(peer->tls);
	http_destroy(peer->http);
	release(peer);
}

void peer_destroy(struct peer *peer) {
	if (peer && !peer->doomed) {
		stream_destroy(peer->stream);
		doom(peer);
	}
}

static void flush(struct peer *peer) {
	struct text out = { 0 };

	tls_output(peer->tls, &out);
	if (out.length) {
		stream_write(peer->stream, out.bytes, out.length);
	}
	text_free(&out);
}

void peer_finish(struct peer *peer) {
	if (!peer || peer->doomed) {
		return;
	}
	if (peer->tls) {
		tls_finish(peer->tls);
		flush(peer);
	}
	stream_finish(peer->stream);
	doom(peer);
}

/* --- writing ---------------------------------------------------------------------------------------------------- */

void peer_write(struct peer *peer, const char *bytes, size_t length) {
	if (peer->doomed) {
		return;
	}
	if (!peer->tls) {
		stream_write(peer->stream, bytes, length);
		return;
	}
	tls_write(peer->tls, bytes, length);
	flush(peer);
}

void peer_remember(struct peer *peer, void *memory) {
	peer->memory = memory;
}

void *peer_memory(const struct peer *peer) {
	return peer->memory;
}

size_t peer_waiting(const struct peer *peer) {
	return stream_waiting(peer->stream);
}

void peer_address(const struct peer *peer, char out[ADDRESS_SIZE]) {
	stream_address(peer->stream, out);
}

/* --- requests --------------------------------------------------------------------------------------------------- */

static void refuse(struct peer *peer, int status, const char *body) {
	struct text out = { 0 };

	http_answer(&out, status, "Content-Type: application/json\r\n", body, strlen(body), false);
	peer_write(peer, out.bytes, out.length);
	text_free(&out);
	peer_finish(peer);
}

static void hand_out(struct peer *peer) {
	peer->asking = true;
	if (peer->timer) {
		timer_stop(peer->timer);
	}
	peer->server->setup.request(peer->server->setup.data, peer, http_take(peer->http));
}

static void parse(struct peer *peer) {
	size_t taken;
	enum http_state state = http_feed(peer->http, peer->held.bytes + peer->held_at, peer->held.length - peer->held_at,
		&taken);

	peer->held_at += taken;
	switch (state) {
	case HTTP_MORE:
		peer->held_at = peer->held.length;
		break;
	case HTTP_CONTINUE:
		peer_write(peer, "HTTP/1.1 100 Continue\r\n\r\n", 25);
		break;
	case HTTP_BODY_TOO_LARGE:
		peer->held_at = peer->held.length;
		hand_out(peer);
		break;
	case HTTP_WHOLE:
		hand_out(peer);
		break;
	case HTTP_BAD:
		refuse(peer, 400, "{\"message\":\"Bad Request\"}");
		break;
	case HTTP_HEAD_TOO_LARGE:
		refuse(peer, 431, "{\"message\":\"Request header too long\"}");
		break;
	}
}

/* Hands out what is held as long as somebody takes it. */
static void drain(struct peer *peer) {
	while (!peer->doomed && peer->held_at < peer->held.length && (peer->events || !peer->asking)) {
		if (peer->events) {
			size_t from = peer->held_at;
			peer->held_at = peer->held.length;
			peer->events->read(peer->data, peer->held.bytes + from, peer->held.length - from);
		} else {
			parse(peer);
		}
	}
	if (peer->doomed || peer->held_at < peer->held.length) {
		return;
	}
	peer->held.length = peer->held_at = 0;
	if (peer->events) {		/* it will hardly hold any more: thousands of them may be open */
		text_free(&peer->held);
		peer->held = (struct text){ 0 };
	}
}

static void enter(struct peer *peer) {
	peer->busy++;
}

static void leave(struct peer *peer) {
	peer->busy--;
	release(peer);
}

void peer_answer(struct peer *peer, const struct request *request, int status, const char *headers, const char *body,
		size_t length) {
	struct text out = { 0 };

	if (peer->doomed) {
		return;
	}
	http_answer(&out, status, headers, body, length, request->keep);
	peer_write(peer, out.bytes, out.length);
	text_free(&out);
	peer->asking = false;
	if (!request->keep) {
		peer_finish(peer);
		return;
	}
	if (peer->timer) {
		timer_start(peer->timer, peer->server->setup.patience);
	}
	if (!peer->busy) {
		enter(peer);
		drain(peer);
		leave(peer);
	}
}

void peer_take(struct peer *peer, const struct peer_events *events, void *data) {
	unlink_peer(peer);
	timer_destroy(peer->timer);
	peer->timer = NULL;
	http_destroy(peer->http);
	peer->http = NULL;
	peer->events = events;
	peer->data = data;
	if (!peer->busy) {
		enter(peer);
		drain(peer);
		leave(peer);
	}
}

/* --- reading ---------------------------------------------------------------------------------------------------- */

static void lose(struct peer *peer) {
	bool asking = peer->asking && !peer->events;

	if (peer->doomed) {
		return;
	}
	if (peer->events) {
		peer->events->end(peer->data);
		return;
	}
	if (asking && peer->server->setup.gone) {
		peer->server->setup.gone(peer->server->setup.data, peer);
	}
	peer_destroy(peer);
}

static void receive(struct peer *peer, const char *bytes, size_t length) {
	if (peer->events && peer->held_at == peer->held.length) {
		peer->events->read(peer->data, bytes, length);
		return;
	}
	if (peer->held.length - peer->held_at + length > MOST_HELD && peer->asking) {
		lose(peer);
		return;
	}
	text_add(&peer->held, bytes, length);
	drain(peer);
}

static void receive_tls(struct peer *peer, const char *bytes, size_t length) {
	char plain[PLAIN_SIZE];
	int count;

	tls_feed(peer->tls, bytes, length);
	while (!peer->doomed && (count = tls_read(peer->tls, plain, sizeof(plain))) > 0) {
		receive(peer, plain, (size_t)count);
	}
	if (!peer->doomed) {
		flush(peer);
	}
	if (!peer->doomed && count < 0) {
		lose(peer);
	}
}

static void on_read(void *data, char *bytes, size_t length) {
	struct peer *peer = data;

	enter(peer);
	if (!peer->begun) {
		peer->begun = true;
		peer->tls = peer->server->setup.tls && *bytes == FIRST_OF_TLS ? tls_create(peer->server->setup.tls) : NULL;
	}
	if (peer->tls) {
		receive_tls(peer, bytes, length);
	} else {
		receive(peer, bytes, length);
	}
	leave(peer);
}

static void on_end(void *data) {
	struct peer *peer = data;

	enter(peer);
	lose(peer);
	leave(peer);
}

static void on_patience(void *data) {
	peer_destroy(data);
}

/* --- servers ---------------------------------------------------------------------------------------------------- */

static void on_accept(void *data, struct stream *stream) {
	static const struct stream_events events = { on_read, on_end };
	struct server *server = data;

	if (server->peer_count >= server->setup.most_peers) {
		stream_destroy(stream);
		return;
	}
	struct peer *peer = calloc(1, sizeof(*peer));
	if (!peer) {
		BUG("out of memory");
	}
	peer->server = server;
	peer->stream = stream;
	peer->http = http_create(server->setup.most_head, server->setup.most_body);
	peer->link = &server->peers;
	peer->next = server->peers;
	if (peer->next) {
		peer->next->link = &peer->next;
	}
	server->peers = peer;
	server->peer_count++;
	if (server->setup.patience) {
		peer->timer = timer_create_on(server->loop, on_patience, peer);
		timer_start(peer->timer, server->setup.patience);
	}
	stream_start(stream, &events, peer);
}

struct server *server_create(struct loop *loop, const struct server_setup *setup, const char **why) {
	struct server *server = calloc(1, sizeof(*server));
	const char *ignored;
	int port = setup->port;

	if (!server) {
		BUG("out of memory");
	}
	server->loop = loop;
	server->setup = *setup;
	for (size_t i = 0; i < MOST_ADDRESSES && setup->addresses[i]; i++) {
		server->listeners[i] = listener_create(loop, setup->addresses[i], port, on_accept, server, i ? &ignored : why);
		if (!server->listeners[0]) {
			server_destroy(server);
			return NULL;
		}
		port = listener_port(server->listeners[0]);
	}
	return server;
}

int server_port(const struct server *server) {
	return listener_port(server->listeners[0]);
}

void server_close(struct server *server) {
	for (size_t i = 0; i < MOST_ADDRESSES; i++) {
		listener_destroy(server->listeners[i]);
		server->listeners[i] = NULL;
	}
}

void server_destroy(struct server *server) {
	if (!server) {
		return;
	}
	server_close(server);
	while (server->peers) {
		peer_destroy(server->peers);
	}
	free(server);
}
