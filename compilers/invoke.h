/*
 * How resources refer to a function that they invoke, and who runs it: what passes of several kinds need.
 */
#ifndef SLSWS_INVOKE_H
#define SLSWS_INVOKE_H

#include "service.h"
#include "template.h"

/* What API Gateway calls: the invocation path of a target, which is an ARN or an intrinsic. */
struct value *invoke_uri(struct arena *a, struct value *target);

/* The AssumeRolePolicyDocument of a role that services take: a list of their principals. */
struct value *lambda_assume_role(struct arena *a, struct value *principals);

/* The logical id of the role that a function has; NULL: it is none of the template. */
const char *role_of_function(const struct function *function);

/* What a mapping waits for by which Lambda polls an event source for a function. */
struct value *awaited_by_mapping(struct arena *a, const struct function *function);

/* What Lambda needs to reach what is in a VPC. */
struct value *network_statement(struct arena *a);

/* {Effect: Allow, Action, Resource} */
struct value *allow_statement(struct arena *a, struct value *action, struct value *resource);

/* An AWS::Lambda::Permission for a function's target: who may invoke it, and a key that tells for what, left out with NULL. */
struct value *invoke_permission(struct arena *a, const struct function *function, struct value *principal, const char *key,
		struct value *from);

/* {Type, DependsOn, Properties}, which waits for the alias of a function that has one. */
struct value *resource_of_function(struct arena *a, const struct function *function, struct value *type,
		struct value *properties);

#endif
