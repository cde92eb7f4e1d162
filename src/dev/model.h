/*
 * What a CloudFormation template says of a WebSocket API: stages, routes, integrations, authorizers, functions.
 *
 * The template may be slsws's own or one that CDK or SAM made. It is read once; from then on the model is const. All
 * functions of CloudFormation are resolved, and everything refers to everything else by pointer. A part of the API that
 * cannot run here (an integration with another service, a runtime that is not known) stays in the model, so that a request
 * that meets it gets an error as from API Gateway; it is a warning.
 */
#ifndef SLSWS_DEV_MODEL_H
#define SLSWS_DEV_MODEL_H

#include "base/diag.h"
#include "base/value.h"
#include "dev/intrinsics.h"
#include "dev/selection.h"

enum language { LANGUAGE_NONE, LANGUAGE_NODE, LANGUAGE_PYTHON, LANGUAGE_PROVIDED };

struct variable {
	const char *name, *value;
};

struct lambda {
	struct lambda *next;
	const char *id, *name, *arn;
	const char *runtime;		/* "nodejs22.x" */
	enum language language;
	const char *handler;
	const char *folder;		/* where its code is; NULL: the code is `inline_code` */
	const char *inline_code;
	unsigned timeout_ms, memory;
	struct variable *environment;
	size_t environment_count;
};

enum integration_kind { INTEGRATION_PROXY, INTEGRATION_MOCK, INTEGRATION_OTHER };

struct integration {
	struct integration *next;
	const char *id, *type;			/* type as the template spells it */
	enum integration_kind kind;
	const struct lambda *function;		/* of a PROXY; NULL: it is not in the template */
	unsigned timeout_ms;
	const struct value *request_templates;	/* of a MOCK: a map or NULL */
	const char *template_selection;		/* the key of the template that is taken */
	struct integration_response *responses;
};

struct integration_response {
	struct integration_response *next;
	const char *key;			/* "$default", "/200/" */
	const struct value *templates;		/* a map or NULL */
	const char *template_selection;
};

/* What is asked for before the handshake: all of them must be there. */
struct identity_source {
	enum { IDENTITY_HEADER, IDENTITY_QUERY, IDENTITY_STAGE, IDENTITY_CONTEXT } kind;
	const char *name;
};

struct authorizer {
	struct authorizer *next;
	const char *id, *name;
	const struct lambda *function;		/* NULL: it is not in the template */
	struct identity_source *sources;
	size_t source_count;
};

struct route {
	struct route *next;
	const char *id, *key;
	const struct integration *integration;	/* NULL: it has none */
	const struct authorizer *authorizer;	/* NULL: it has none */
	bool selects_response;			/* it has the expression for it */
	bool responds;				/* what the integration answers is sent to the client */
};

struct stage {
	struct stage *next;
	const char *name;
	const struct value *variables;		/* a map */
};

struct api {
	struct api *next;
	const char *logical_id, *id, *name;
	const struct selection *selection;
	struct stage *stages;
	struct route *routes;
	struct authorizer *authorizers;
	struct integration *integrations;
	const struct route *connect, *disconnect, *fallback;	/* NULL: it has none */
};

struct model {
	struct api *apis;			/* there is one at least */
	struct lambda *functions;
};

/*
 * Reads a template. `folder` is where it stands, "" or ending in '/': paths of code are relative to it. `code` is the
 * folder of functions whose code is in a bucket, as slsws's own template has it, or NULL. NULL after an error.
 */
struct model *model_read(struct arena *a, const struct value *template, const struct locality *local, const char *folder,
		const char *code, struct diag *diag);

const struct route *model_route(const struct api *api, const char *key);	/* NULL when there is none */
const struct stage *model_stage(const struct api *api, const char *name);

#endif
