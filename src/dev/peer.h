/*
 * Servers and those who connect to them: HTTP/1.1 requests, over TLS where a client begins with it, on one port.
 *
 * A request is handed out whole, and the next one of the same client waits until it is answered, at once or later. Instead of
 * being answered a peer can be taken for another protocol: then its bytes go to the taker, who owns it from then on.
 */
#ifndef SLSWS_DEV_PEER_H
#define SLSWS_DEV_PEER_H

#include "dev/http.h"
#include "dev/loop.h"
#include "dev/tls.h"

struct server;
struct peer;

struct server_setup {
	const char *const *addresses;	/* NULL at the end; the first has to work, the others may fail */
	int port;			/* 0: any */
	struct tls_server *tls;		/* NULL: plain alone */
	size_t most_head, most_body;	/* bytes */
	size_t most_peers;
	uint64_t patience;		/* milliseconds that a client may take for a request; 0: any time */
	/* The request is the callee's, who destroys its arena. */
	void (*request)(void *data, struct peer *peer, struct request *request);
	/* A peer has gone whose request was not answered. */
	void (*gone)(void *data, struct peer *peer);
	void *data;
};

/* NULL when it cannot be; then *why says why. */
struct server *server_create(struct loop *loop, const struct server_setup *setup, const char **why);
int server_port(const struct server *server);
void server_close(struct server *server);	/* nobody new gets in */
void server_destroy(struct server *server);	/* with its peers, but those that were taken */

/* Answers the request; `headers` as for http_answer(). */
void peer_answer(struct peer *peer, const struct request *request, int status, const char *headers, const char *body,
		size_t length);

struct peer_events {
	void (*read)(void *data, const char *bytes, size_t length);
	void (*end)(void *data);
};

/* Takes a peer whose request is not answered. What it has sent since is read before this returns. */
void peer_take(struct peer *peer, const struct peer_events *events, void *data);
void peer_write(struct peer *peer, const char *bytes, size_t length);
size_t peer_waiting(const struct peer *peer);	/* bytes that are not sent yet */
void peer_finish(struct peer *peer);		/* destroys it when they are */
void peer_destroy(struct peer *peer);
void peer_remember(struct peer *peer, void *memory);	/* what peer_memory() gives then, NULL before */
void *peer_memory(const struct peer *peer);
void peer_address(const struct peer *peer, char out[ADDRESS_SIZE]);

#endif
