/*
 * CloudFormation's functions, worked out on this machine: Ref, Fn::GetAtt, Fn::Sub, conditions and the like.
 *
 * What only a deployment could tell is made up: ids and ARNs follow from the logical id and the name that the template gives,
 * so the same template always has the same ones. The address of a WebSocket API is that of the local gateway.
 *
 * The reader of a template asks for one value at a time; nothing is resolved that nobody asks for. What cannot be told is a
 * warning (G005) and a text that says so; AWS::NoValue is NULL, which maps and lists leave out.
 */
#ifndef SLSWS_DEV_INTRINSICS_H
#define SLSWS_DEV_INTRINSICS_H

#include "base/diag.h"
#include "base/value.h"

/* What stands in for the account, the region and the address that AWS would give. */
struct locality {
	const char *account, *region, *stack;
	const char *domain;			/* host:port of the gateway */
	const struct value *parameters;		/* values given for the template's parameters; a map or NULL */
	const struct value *stubs;		/* values of what only AWS could tell: "import:NAME", "ssm:NAME"; a map or NULL */
};

struct intrinsics;

/* Everything must outlive it. */
struct intrinsics *intrinsics_create(struct arena *a, const struct value *template, const struct locality *local,
		struct diag *diag);

/* A value without functions; NULL for NULL and for AWS::NoValue. */
struct value *intrinsics_resolve(struct intrinsics *in, const struct value *value);
/* The text of a scalar that results; NULL when it is none. */
const char *intrinsics_text(struct intrinsics *in, const struct value *value);
/* Whether a resource's Condition holds; true when it has none. */
bool intrinsics_exists(struct intrinsics *in, const struct value *resource);
/* What Ref gives for a resource: also what others are found by. */
const char *intrinsics_ref(struct intrinsics *in, const char *logical_id);
const char *intrinsics_attribute(struct intrinsics *in, const char *logical_id, const char *attribute);

#endif
