/*
 * The service: what the passes work from. Made once from the resolved configuration, const from then on.
 *
 * All that depends on the shape of the configuration, on deprecated spellings and on defaults ends here and
 * in events/. Fields that go into the template untouched are values; NULL means that the template gets no such
 * property. Lists are linked in the order of the configuration.
 */
#ifndef SLSWS_SERVICE_H
#define SLSWS_SERVICE_H

#include <stdbool.h>

#include "base/diag.h"
#include "base/value.h"
#include "host.h"
#include "options.h"

struct function {
	struct function *next;
	const char *key;		/* its name in the configuration: what logical ids are made of */
	struct mark mark;
	const struct value *config;
	const char *name;		/* FunctionName: service-stage-key unless the configuration names it */
	const char *alias, *alias_id;	/* the alias that events invoke, and its logical id; NULL: the function itself */
};

/*
 * Who may connect: a function of the service, or any Lambda by its ARN. Both are set when the "ARN" is no ARN but
 * a function's key, which the reference takes half for the one and half for the other.
 */
struct authorizer {
	struct mark mark;
	const char *name;		/* AWS::ApiGatewayV2::Authorizer's Name, and what its logical id is made of */
	const struct function *function; /* whose permission API Gateway gets; NULL: that of the ARN */
	struct value *arn;		/* string or intrinsic; NULL: the function's */
	const struct value *identity_source; /* as written; NULL: the reference's default */
};

/* A websocket event: one route of the API. */
struct route {
	struct route *next;
	struct mark mark;
	const struct function *function;
	const char *key;			/* "$connect", "message" ... */
	const char *id;				/* its logical id */
	const struct value *response_selection;	/* routeResponseSelectionExpression, or NULL */
	const struct authorizer *authorizer;	/* NULL: AuthorizationType NONE */
};

struct websocket_logs {
	bool access;
	const struct value *data_trace;
	const struct value *level;		/* "INFO", "ERROR" or "OFF" */
	const struct value *format;
};

/* What provider says about the API; filled in only when the service has routes. */
struct websocket_api {
	const struct value *external_id;	/* provider.apiGateway.websocketApiId; NULL: the service has its own API */
	struct value *id;			/* what refers to the API: external_id, or a Ref to the service's own */
	struct value *name, *description, *route_selection;
	const struct websocket_logs *logs;	/* NULL: none */
};

struct service {
	struct arena *arena;
	const struct value *config, *provider;
	const char *name, *stage, *region;
	const char *artifact_directory;		/* the S3 key's folder of all artifacts */
	const struct value *deployment_bucket;	/* the user's bucket (string or intrinsic); NULL: ServerlessDeploymentBucket */
	struct function *functions;
	struct websocket_api websocket;
	struct route *routes, **routes_end;	/* routes_end: where the next one goes while events are read */
	const struct value *resources;		/* the user's own, lists merged; NULL: none */
};

/* Reads a checked configuration; NULL when there were errors. */
const struct service *service_read(struct arena *a, const struct value *config, const struct options *options,
		const struct slsws_host *host, struct diag *diag);

/* The function of a key, or NULL. */
const struct function *service_function(const struct service *service, const char *key);

#endif
