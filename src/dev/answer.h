/*
 * What handlers may answer: results of proxy integrations, and the policies of authorizers.
 */
#ifndef SLSWS_DEV_ANSWER_H
#define SLSWS_DEV_ANSWER_H

#include "base/text.h"
#include "base/value.h"

/* A result of a proxy integration: {statusCode, headers, multiValueHeaders, body, isBase64Encoded} and nothing else. */
struct answer {
	int status;
	const struct value *headers, *multi_headers;	/* maps or NULL */
	const char *body;				/* decoded; NULL: none */
	size_t body_length;
};

/* JSON that came from elsewhere; NULL when it is none. */
struct value *parse_json(struct arena *a, const char *bytes, size_t length);

/* false: it is malformed, which for API Gateway is an error of the integration. */
bool answer_read(struct arena *a, const char *bytes, size_t length, struct answer *answer);
/* The value of a header, whatever its case; NULL when there is none. */
const char *answer_header(struct arena *a, const struct answer *answer, const char *name);
/* Adds its headers as lines, but those that belong to the connection, and `except`. */
void answer_add_headers(struct arena *a, const struct answer *answer, const char *except, struct text *out);

enum verdict { VERDICT_ALLOW, VERDICT_DENY, VERDICT_MALFORMED };

/* What an authorizer's answer says of an ARN. *context: what later events tell as `authorizer`, if it allows. */
enum verdict policy_read(struct arena *a, const char *bytes, size_t length, const char *arn, struct value **context);

#endif
