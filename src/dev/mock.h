/*
 * MOCK integrations: answers without a handler, from the templates of the integration.
 *
 * The request template gives the status, {"statusCode": 200}; the integration response under that status, else $default,
 * gives the body. Of the template language there are $context, $input.body, $input.json and $input.path.
 */
#ifndef SLSWS_DEV_MOCK_H
#define SLSWS_DEV_MOCK_H

#include "dev/answer.h"
#include "dev/model.h"

/* context: the event's requestContext; body: the message, or NULL. false: it is malformed. */
bool mock_answer(struct arena *a, const struct integration *integration, const struct value *context, const char *body,
		size_t length, struct answer *answer);

#endif
