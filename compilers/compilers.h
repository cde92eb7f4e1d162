/*
 * The passes: each adds one kind of resource to the template. A pass is one function in one file and one row of the
 * table in compilers.c, whose order is the template's. That of an event type is a row of events/types.h instead.
 */
#ifndef SLSWS_COMPILERS_H
#define SLSWS_COMPILERS_H

#include "base/diag.h"
#include "base/names.h"
#include "service.h"
#include "template.h"

typedef void compile_fn(const struct service *service, struct template *t, struct diag *diag);

compile_fn compile_deployment_bucket;
compile_fn compile_log_group;
compile_fn compile_iam_role;
compile_fn compile_layer;
compile_fn compile_functions;
compile_fn compile_outputs;
compile_fn compile_events;
compile_fn compile_websocket_api;
compile_fn compile_websocket_integration;
compile_fn compile_websocket_route_response;
compile_fn compile_websocket_authorizer;
compile_fn compile_websocket_permission;
compile_fn compile_websocket_route;
compile_fn compile_websocket_stage;
compile_fn compile_account_role;
compile_fn compile_websocket_deployment;
compile_fn compile_resources;
compile_fn compile_harden;
compile_fn compile_harden_last;

/* What the events of a type add to the role that the service makes for its functions. */
struct grants {
	const struct service *service;
	struct arena *arena;
	struct value *statements, *principals;	/* lists: what functions may do, and who may take the role */
};

typedef void grant_fn(struct grants *grants);

/* Runs the grants of all event types. */
void grant_events(struct grants *grants);

#define EVENT_PASS(id, key, finish, grant) compile_fn compile_##key; grant_fn grant_##key;
#define EVENT_WITHOUT_PASS(id, key)
EVENT_TYPES(EVENT_PASS, EVENT_WITHOUT_PASS)
#undef EVENT_PASS
#undef EVENT_WITHOUT_PASS

/* Where artifacts are: the user's bucket, or a Ref to that of the template. */
struct value *artifact_bucket(const struct service *service, struct arena *a);

/* The name under which an output of the service is exported. */
struct value *output_export_name(const struct service *service, const char *id, struct arena *a);

/* Runs all passes. */
void compile_all(const struct service *service, struct template *t, struct diag *diag);

#endif
