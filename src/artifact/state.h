/*
 * serverless-state.json: the service as the reference remembers it between packaging and deploying.
 *
 * It is the configuration with what packaging adds to it, and both templates. Whoever deploys reads from it the provider
 * (with the templates, the bucket, the tags of the stack), the functions with their names, events and artifacts, the
 * layers, and the folder of the artifacts; and compares a digest of the whole with that of the last deployment.
 *
 * The reference writes a value that it meets again as {"$ref": PATH}, by identity: where a map or a list of the
 * configuration went into the template as it is, the configuration refers to the template. Values of the template that
 * come from the configuration are shared here too, so the same is done by their address; state_config() makes a
 * configuration for that. What the template shares within itself, the reference does not.
 */
#ifndef SLSWS_ARTIFACT_STATE_H
#define SLSWS_ARTIFACT_STATE_H

#include "service.h"

/* A configuration in which no value stands twice, and nulls where the reference has them: what is to be compiled. */
struct value *state_config(struct arena *a, const struct value *config);

/* `core`: the template that makes the bucket, or NULL; `root`: the service's folder, absolute, without a slash at its end. */
struct value *state_create(const struct service *service, const struct value *template, const struct value *core,
		const char *root);

#endif
