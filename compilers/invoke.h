/*
 * How resources refer to a function that they invoke, and who runs it: what passes of several kinds need.
 */
#ifndef SLSWS_INVOKE_H
#define SLSWS_INVOKE_H

#include "service.h"
#include "template.h"

/* The ARN of a function, or of the alias that stands for it. */
struct value *invoke_target(struct arena *a, const struct function *function);

/* What API Gateway calls: the invocation path of a target, which is an ARN or an intrinsic. The parts are what all
   such paths have in common: made once, shared. */
struct value *invoke_uri_parts(struct arena *a);
struct value *invoke_uri(struct arena *a, const struct value *parts, struct value *target);

/* The AssumeRolePolicyDocument of a role that Lambda runs functions in. */
struct value *lambda_assume_role(struct arena *a);

#endif
