/*
 * A WebSocket API at work: handshakes, messages, @connections.
 *
 * It owns its server, its connections and, for a handshake that is held, the client's peer. Handlers run in the runtime.
 */
#ifndef SLSWS_DEV_GATEWAY_H
#define SLSWS_DEV_GATEWAY_H

#include "dev/dev.h"
#include "dev/model.h"
#include "dev/runtime.h"
#include "dev/tls.h"

struct gateway_setup {
	const char *const *addresses;	/* to listen on; NULL at the end */
	const char *host;		/* the name that clients may use besides localhost and addresses of it; or NULL */
	int port;
	struct tls_server *tls;
	struct limits limits;
	bool unsigned_calls;		/* @connections without an Authorization header */
	const char *const *origins;	/* pages that may connect besides local ones, "*" for all; NULL at the end, or NULL */
	const char *account, *region;
};

struct gateway;

/* Takes the port; nobody is answered before gateway_serve(). NULL when it cannot be; then *why says why. */
struct gateway *gateway_create(struct loop *loop, const struct gateway_setup *setup, const char **why);
int gateway_port(const struct gateway *gateway);
void gateway_serve(struct gateway *gateway, const struct api *api, const char *domain, struct runtime *runtime);
/* Nobody new gets in, connections are closed with 1001. done() is called when they are and no handler is at work. */
void gateway_stop(struct gateway *gateway, void (*done)(void *data), void *data);
/* To be called after runtime_destroy(): no handler is asked any more. */
void gateway_destroy(struct gateway *gateway);

#endif
