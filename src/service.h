/*
 * The service: what the passes work from. Made once from the resolved configuration, const from then on.
 *
 * All that depends on the shape of the configuration, on deprecated spellings and on defaults ends here and
 * in events/. Fields that go into the template untouched are values; NULL means that the template gets no such
 * property. Lists are linked in the order of the configuration.
 *
 * The rules are those of the reference (osls 4.3.1: its Service and AwsProvider classes), which tests values as
 * JavaScript does: most settings count when they are truthy, some when their key is merely there.
 */
#ifndef SLSWS_SERVICE_H
#define SLSWS_SERVICE_H

#include <stdbool.h>

#include "base/diag.h"
#include "base/value.h"
#include "events/types.h"
#include "host.h"
#include "options.h"

/* A container image by digest. */
struct image {
	const char *uri;
	const char *sha256;		/* hexadecimal, what CodeSha256 becomes */
	const struct value *command, *entry_point, *working_directory;
};

struct function {
	struct function *next;
	const char *key;		/* its name in the configuration: what logical ids are made of */
	struct mark mark;
	const struct value *config;
	const char *name;		/* FunctionName: service-stage-key unless the configuration names it */
	const char *alias, *alias_id;	/* the alias that events invoke, and its logical id; NULL: the function itself */

	const char *id;			/* the logical id of its AWS::Lambda::Function */
	struct value *target;		/* what others invoke: the ARN of it or of its alias, an intrinsic */
	const char *log_group;		/* the logical id of its log group; NULL: disableLogs */
	const struct image *image;	/* NULL: a zip */
	const char *artifact;		/* base name of the zip in the S3 key; NULL: an image */
	const struct value *given_artifact; /* the path of a zip that is there already; NULL: it is packed ... */
	bool packed_alone;		/* ... for this function, not for the whole service */
	bool versioned;			/* an AWS::Lambda::Version is made of it ... */
	bool retained;			/* ... and outlives the next deployment */

	/* The function's own setting, else the provider's, else the default. */
	const struct value *runtime, *memory, *timeout, *architecture, *kms_key, *tracing, *layers, *logs;
	const struct value *log_retention, *log_policy;
	const struct value *vpc;	/* VpcConfig, whole */
	const struct value *tags, *environment;	/* maps: the provider's entries, then the function's over them */
	const struct value *role;	/* its execution role as configured; NULL: ID_ROLE */

	/* The function's own setting. */
	const struct value *condition, *depends_on, *description, *on_error, *destinations, *url, *file_system, *durable;
	const struct value *provisioned_concurrency, *snap_start;
	const struct value *maximum_event_age, *maximum_retry_attempts;
	const struct value *runtime_management;	/* RuntimeManagementConfig, whole */
};

struct layer {
	struct layer *next;
	const char *key;
	struct mark mark;
	const struct value *config;
	const char *id;			/* its logical id without the hash that `retain` adds */
	const char *artifact;		/* base name of the zip */
	const struct value *given_artifact; /* the path of a zip that is there already, or NULL */
};

/*
 * The reference compiles its functions at the same time, and whoever waits is overtaken: those that are images wait
 * for their digest before anything else, those with a version for the hash of their zip after the function itself.
 * What comes of that is the template's order: of resources, and of the role's statements.
 */
enum step_kind {
	STEP_FUNCTION,			/* the function itself */
	STEP_PUBLICATION,		/* its version and alias, URL, asynchronous invocation */
};

struct step {
	const struct function *function;
	enum step_kind kind;
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

/* An event of a type that needs no structure of its own. */
struct event {
	struct event *next;
	struct mark mark;			/* of the type's key */
	const struct function *function;
	unsigned number;			/* from 1, among those of its type that the function has */
	const struct value *settings;		/* a map, always of the long form: events/TYPE.c tells which keys */
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

#define WEBSOCKET_LOG_FORMAT "$context.identity.sourceIp $context.identity.caller $context.identity.user " \
	"[$context.requestTime] \"$context.eventType $context.routeKey $context.connectionId\" $context.requestId"

struct websocket_logs {
	bool access;
	const struct value *data_trace;
	const struct value *level;		/* "INFO", "ERROR" or "OFF" */
	const struct value *format;
	const struct value *retention;		/* of their log group in days; NULL: for ever */
};

/* What provider says about the API; filled in only when the service has routes. */
struct websocket_api {
	const struct value *external_id;	/* provider.apiGateway.websocketApiId; NULL: the service has its own API */
	struct value *id;			/* what refers to the API: external_id, or a Ref to the service's own */
	struct value *name, *description, *route_selection;
	const struct websocket_logs *logs;	/* NULL: none */
};

/* What provider says about the HTTP API. */
struct http_api {
	const struct value *external_id;	/* provider.httpApi.id; NULL: the service has its own API */
	struct value *id;			/* what refers to the API */
	const struct value *cors;		/* CorsConfiguration, whole; NULL: none */
	const struct value *log_format;		/* of the access log; NULL: none */
	const struct value *authorizers;	/* provider.httpApi.authorizers: a map, or NULL */
	const struct event *last_default;	/* the last event that is for all paths, which wins; NULL: none */
};

/* The role that the service makes for its functions. */
struct role {
	const struct value *settings;	/* provider.iam.role, or NULL */
	const struct value *statements, *managed_policies, *permissions_boundary;
	bool vpc;			/* it may manage network interfaces */
};

struct service {
	struct arena *arena;
	const struct options *options;
	const struct slsws_host *host;
	const struct value *config, *provider, *package;
	const char *name, *stage, *region;
	const char *artifact_directory;		/* the S3 key's folder of all artifacts */
	const struct value *deployment_bucket;	/* the user's bucket (string or intrinsic); NULL: ServerlessDeploymentBucket */
	const struct value *bucket_settings;	/* provider.deploymentBucket when it is a map */
	struct function *functions;
	const struct value *function_keys;	/* the configuration's map of functions */
	struct function **function_slots;	/* open addressing by the hash of a key in function_keys; NULL is free */
	uint32_t function_slot_count;		/* a power of two */
	size_t function_count;
	const struct step *steps;
	size_t step_count;
	struct layer *layers;
	const struct value *layer_ids;		/* map from a layer's id to its key */
	const struct role *role;		/* NULL: no function uses a role of the service's own */
	struct artifacts *artifacts;		/* digests that were worked out so far: artifact/artifact.h */
	struct websocket_api websocket;
	struct http_api http_api;
	bool partial;				/* it has events that are not compiled yet: the template lacks what they make */
	struct event *events[EVENT_COUNT], *last_events[EVENT_COUNT];	/* by type: the first and the last */
	struct route *routes, **routes_end;	/* routes_end: where the next one goes while events are read */
	const struct value *resources;		/* the user's own, lists merged; NULL: none */
	const struct value *hardening;		/* what is hardened: compilers/harden.c; NULL: nothing */
};

/*
 * Brings a resolved configuration, its lists of functions merged, into the form that its schema describes: `provider: aws`
 * becomes a map. Reports what is no service at all and gives NULL then.
 */
struct value *service_prepare(struct arena *a, struct value *config, const struct options *options,
		struct diag *diag);

/* Reads a checked configuration; NULL when there were errors. */
const struct service *service_read(struct arena *a, const struct value *config, const struct options *options,
		const struct slsws_host *host, struct diag *diag);

/* The function of a key, or NULL. */
const struct function *service_function(const struct service *service, const char *key);

/* Reports that a function which `what` names does not exist, with the nearest that does. */
void service_unknown_function(const struct service *service, struct diag *diag, struct mark mark, const char *key,
		const char *what);

#endif
