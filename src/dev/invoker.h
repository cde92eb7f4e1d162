/*
 * Lambda's Invoke API (2015-03-31), by which handlers call each other: RequestResponse, Event and DryRun.
 *
 * It has a port of its own on loopback, which workers are told as AWS_ENDPOINT_URL_LAMBDA. Signatures are not checked, but have
 * to be there: a page in a browser cannot send them. An Event that fails is tried twice again, as on Lambda, only sooner.
 */
#ifndef SLSWS_DEV_INVOKER_H
#define SLSWS_DEV_INVOKER_H

#include "dev/model.h"
#include "dev/runtime.h"

struct invoker;

/* NULL when there is no port; then *why says why. */
struct invoker *invoker_create(struct loop *loop, const char **why);
int invoker_port(const struct invoker *invoker);
/* The functions that can be invoked from now on. */
void invoker_serve(struct invoker *invoker, const struct lambda *functions, struct runtime *runtime);
/* To be called after runtime_destroy(). */
void invoker_destroy(struct invoker *invoker);

#endif
