/*
 * The WebSocket APIs of a template, put together once for all checks that are about them.
 *
 * An API is what an ApiId says: a resource of the template, or whatever else refers to one that is outside of it. Its
 * protocol is that of the resource; an API from outside is one of WebSocket if it is the service's, or if it has a route
 * that only such an API can have.
 */
#ifndef SLSWS_CHECK_WEBSOCKET_H
#define SLSWS_CHECK_WEBSOCKET_H

#include "check.h"

enum part_kind {
	PART_ROUTE, PART_INTEGRATION, PART_AUTHORIZER, PART_STAGE, PART_DEPLOYMENT, PART_ROUTE_RESPONSE, PART_MAPPING,
	PART_OTHER, PART_KINDS,
};

/* A resource with an ApiId. */
struct part {
	const struct part *next;	/* of the same kind and API, in the template's order */
	const struct resource *resource;
	const struct api *api;
	const struct value *route_key;	/* a route's; NULL: none */
	const char *key;		/* the same where it is a text, else NULL */
};

enum protocol { PROTOCOL_UNKNOWN, PROTOCOL_WEBSOCKET, PROTOCOL_HTTP };

struct api {
	const struct api *next;
	const struct resource *resource;	/* NULL: it is outside of the template */
	const struct value *id;			/* what one of its parts has as ApiId; NULL: it has no parts */
	enum protocol protocol;
	const struct part *parts[PART_KINDS];
	size_t counts[PART_KINDS];
	bool all_keys_known;			/* no route's key is an intrinsic function */
	struct value *routes;			/* from a route key to the number of the part's resource */
};

/* Room for checks, by the number of a resource; made once, as there may be as many APIs as resources. */
struct scratch {
	bool *seen_function;		/* its timeout was looked at */
	size_t *answered;		/* the API's turn in which a route was found to have a response */
	size_t *awaited;		/* the deployment's turn in which a resource was found to be awaited */
	size_t *waiting;
	size_t turn;
	size_t steps;			/* that deployments may still be followed */
};

struct websocket {
	const struct check *check;
	const struct api *apis;			/* all of them, in the template's order */
	const struct part *const *part_of;	/* by the number of a resource; NULL: none */
	const size_t *references_of;		/* by the number of a resource, its first reference; and one more, the end */
	const bool *permitted;			/* by the number of a function: API Gateway may invoke it */
	bool any_permitted;			/* it is not known which */
	struct scratch *scratch;
};

typedef void websocket_fn(const struct websocket *w, const struct api *api);

/* Each is called for each WebSocket API. */
websocket_fn check_websocket_api, check_websocket_routes, check_websocket_authorizers, check_websocket_stages,
	check_websocket_deployments, check_websocket_integrations, check_websocket_words, check_websocket_domain,
	check_websocket_security;

/* Across all APIs. */
void check_websocket_mixed_domains(const struct websocket *w);

/* The first part of a kind that refers to a resource; the route of a key. NULL: none. */
const struct part *part_find_route(const struct websocket *w, const struct api *api, const char *key);
/* The part that a resource is, NULL: none. */
const struct part *part_of(const struct websocket *w, const struct resource *r);

/* --- values that may be intrinsic functions -------------------------------------------------------------------- */

/* What stands in a value as text, with \1 for each part that only CloudFormation knows; NULL: it is no text at all. */
const char *known_text(const struct check *c, const struct value *v);
/* The first resource that a value refers to, NULL: none. */
const struct resource *referred(const struct check *c, const struct value *v);
/* The function that is invoked where a value names it, its version or an alias of it; NULL: one outside of the template. */
const struct resource *referred_function(const struct check *c, const struct value *v);
/* A number, or a text that is one. */
bool known_number(const struct value *v, double *number);
/* true, or the text 'true'. */
bool is_on(const struct value *v);

#endif
