/*
 * What handlers are given: the events of a WebSocket API, field by field as API Gateway makes them.
 *
 * Sources: API Gateway's guide and recordings of others; where they are silent, what is likely. Everything is made in the
 * arena of the call.
 */
#ifndef SLSWS_DEV_EVENTS_H
#define SLSWS_DEV_EVENTS_H

#include <stdint.h>

#include "base/value.h"
#include "dev/http.h"

enum { ID_SIZE = 17 };	/* 16 characters: base64url of eleven bytes */

void id_make(char out[ID_SIZE]);
bool id_is_valid(const char *id);

/* What all events of a connection tell of it. */
struct caller {
	const char *connection, *stage, *api, *domain, *account, *region;
	const char *address, *user_agent;	/* user_agent NULL: the client sent none */
	uint64_t connected_at;			/* milliseconds since 1970 */
	const struct value *authorizer;		/* what the authorizer gave, or NULL */
};

/* requestContext: `type` is CONNECT, MESSAGE or DISCONNECT; `request` the id of the event. */
struct value *event_context(struct arena *a, const struct caller *caller, const char *type, const char *route,
		const char *request);

struct value *event_connect(struct arena *a, const struct caller *caller, const struct request *handshake, const char *id,
		int latency);
struct value *event_authorizer(struct arena *a, const struct caller *caller, const struct request *handshake, const char *id,
		const struct value *stage_variables);
struct value *event_message(struct arena *a, const struct caller *caller, const char *route, const char *id, const char *body,
		size_t length);
struct value *event_disconnect(struct arena *a, const struct caller *caller, const char *id, int code, const char *reason);

/* The query as a map from key to the last value; NULL when there is none. */
struct value *query_last(struct arena *a, const char *query);

/* "2022-01-25T18:50:04.673Z" */
const char *time_iso(struct arena *a, uint64_t milliseconds);

#endif
