/*
 * What AWS says of the resource types of CloudFormation: their properties, attributes and limits, and what a change of a
 * property does to its resource.
 *
 * It is a table of constants, made at build time from specification/cloudformation.txt, which tools/specification.py
 * writes. It has no pointers, so that nothing is done for it when a program starts and only what is looked at is
 * read; all functions are pure. NULL is a good citizen: nothing is known of a NULL type, object or value. Names end with NUL.
 */
#ifndef SLSWS_SPECIFICATION_H
#define SLSWS_SPECIFICATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct spec_type;	/* a resource type */
struct spec_object;	/* a map whose keys are known */
struct spec_property;	/* one of these keys */
struct spec_value;	/* what a value has to be */

/* The day of the newest of the sources: a type or a property that is younger is not there. */
const char *spec_date(void);

/* --- types -------------------------------------------------------------------------------------------------- */

const struct spec_type *spec_type_find(const char *name);	/* "AWS::SQS::Queue"; NULL: not known */
const char *spec_type_name(const struct spec_type *type);
/* The type whose name is most like this one, or NULL. */
const char *spec_type_closest(struct arena *a, const char *name);
const struct spec_object *spec_type_properties(const struct spec_type *type);
/* Whether Fn::GetAtt knows it: "Arn", "Endpoint.Address"; true where any is (nested stacks). */
bool spec_type_has_attribute(const struct spec_type *type, const char *attribute);
const char *spec_type_closest_attribute(struct arena *a, const struct spec_type *type, const char *attribute);
/* The one property or attribute that Ref yields; NULL: several make it, or it is not known. */
const char *spec_type_ref(const struct spec_type *type);
/* Whether it keeps data that would be lost with it: tables, buckets, queues ... */
bool spec_type_is_stateful(const struct spec_type *type);
/* Whether it gives rights or opens a network: policies, permissions, rules of security groups. */
bool spec_type_is_sensitive(const struct spec_type *type);

/* --- changes ------------------------------------------------------------------------------------------------ */

enum spec_change {
	SPEC_CHANGE_UNKNOWN,		/* the type or the property is not in the table */
	SPEC_CHANGE_IN_PLACE,
	SPEC_CHANGE_MAY_REPLACE,	/* depends on the values */
	SPEC_CHANGE_REPLACES,		/* the resource is made anew and the old one removed */
};

/*
 * What CloudFormation does when what is at a path below Properties is added, removed or changed. A path is the keys from
 * the outside, for items of lists NULL: { "GlobalSecondaryIndexes", NULL, "IndexName" }. Give the whole path of each leaf
 * that differs: what is inside of an added map may count for more than the map. Changes of the type itself always replace.
 */
enum spec_change spec_change(const struct spec_type *type, const char *const *path, size_t depth);
/* Whether a policy, a list of them or rules of a network are on this path. */
bool spec_path_is_sensitive(const struct spec_type *type, const char *const *path, size_t depth);

#endif
