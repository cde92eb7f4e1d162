/*
 * What gateway.c and connection.c know of each other: the connections of an API.
 *
 *	AUTHORIZING	the handshake is held, the authorizer has been asked
 *	CONNECTING	the handshake is held, the handler of $connect has been asked
 *	OPEN		messages go both ways
 *	CLOSING		we have sent a close frame and wait for the client's; for all others it is gone already
 *
 * connection_end() leaves any state, and is where a connection is freed. Answers of handlers come with the connection's id,
 * and find nothing if it has ended.
 */
#ifndef SLSWS_DEV_CONNECTION_H
#define SLSWS_DEV_CONNECTION_H

#include "dev/events.h"
#include "dev/frames.h"
#include "dev/gateway.h"
#include "dev/peer.h"

enum { BUCKETS = 8192 };	/* a power of two */

enum connection_state { CONNECTION_AUTHORIZING, CONNECTION_CONNECTING, CONNECTION_OPEN, CONNECTION_CLOSING };

struct connection {
	struct connection *next;	/* in its bucket */
	struct gateway *gateway;
	enum connection_state state;
	char id[ID_SIZE];
	const struct stage *stage;
	struct peer *peer;
	struct request *request;	/* the handshake, until it is answered */
	struct frames *frames;		/* from then on */
	struct timer *timer;
	char *address, *user_agent;	/* user_agent NULL: the client sent none */
	char *authorizer;		/* JSON: what the authorizer gave; NULL: there was none */
	int latency;			/* of the authorizer, milliseconds */
	uint64_t asked_at;		/* loop's time */
	uint64_t connected_at, active_at;	/* milliseconds since 1970 */
	uint64_t opened, active;	/* the same two by the loop's time, for limits */
	int code;			/* how it ends: for the event */
	char *reason;
};

struct gateway {
	struct loop *loop;
	struct gateway_setup setup;
	struct server *server;
	const struct api *api;
	const char *domain;
	struct runtime *runtime;
	struct connection *buckets[BUCKETS];
	size_t count;
	struct timer *stopping;
	void (*done)(void *data);
	void *done_data;
	unsigned stop_checks;
};

/* --- connection.c ----------------------------------------------------------------------------------------------- */

/* Begins the handshake. The request is the connection's from then on. */
void connection_create(struct gateway *gateway, const struct stage *stage, struct peer *peer, struct request *request);
struct connection *connection_find(const struct gateway *gateway, const char *id);	/* NULL: there is none */
/* Closes an open one; `reason` is for the event. */
void connection_close(struct connection *connection, int code, const char *reason);
/* Sends a text; false: too much waits already. */
bool connection_send(struct connection *connection, const char *text, size_t length);
/* The client has gone, or has to. */
void connection_end(struct connection *connection);
struct caller connection_caller(struct arena *a, const struct connection *connection);

#endif
