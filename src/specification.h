/*
 * What AWS says of the resource types of CloudFormation: their properties, attributes and limits, and what a change of a
 * property does to its resource.
 *
 * It is a table of constants, made at build time from specification/cloudformation.txt, which tools/specification.py
 * writes. It has no pointers, so that nothing is done for it when a program starts and only what is looked at is read; all
 * functions are pure. NULL is a good citizen: nothing is known of a NULL type, object or value. Names end with NUL.
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
const struct spec_type *spec_type_at(size_t index);		/* in the order of names; NULL behind the last */
const char *spec_type_name(const struct spec_type *type);
/* The type whose name is most like this one, or NULL. */
const char *spec_type_closest(const char *name);
const struct spec_object *spec_type_properties(const struct spec_type *type);
/* Whether it takes any property besides and has any attribute: a custom resource. */
bool spec_type_is_open(const struct spec_type *type);
/* Whether Fn::GetAtt knows it: "Arn", "Endpoint.Address". */
bool spec_type_has_attribute(const struct spec_type *type, const char *attribute);
const char *spec_type_closest_attribute(struct arena *a, const struct spec_type *type, const char *attribute);
/* The one property or attribute that Ref yields; NULL: several make it, or it is not known. */
const char *spec_type_ref(const struct spec_type *type);
/* Whether it keeps data that would be lost with it: tables, buckets, queues ... */
bool spec_type_is_stateful(const struct spec_type *type);
/* Whether it gives rights or opens a network: policies, permissions, rules of security groups. */
bool spec_type_is_sensitive(const struct spec_type *type);

/* --- properties and values ---------------------------------------------------------------------------------- */

enum spec_flag {
	SPEC_REQUIRED = 1,
	SPEC_REPLACES = 2, SPEC_MAY_REPLACE = 4,
	SPEC_READ_ONLY = 8,		/* AWS sets it: it can be got, not set */
	SPEC_DEPRECATED = 16,
	SPEC_SENSITIVE = 32,		/* a policy, or rules of a network */
};

size_t spec_object_length(const struct spec_object *object);
const struct spec_property *spec_object_property(const struct spec_object *object, size_t index);	/* sorted by name */
const struct spec_property *spec_property_find(const struct spec_object *object, const char *name);
const char *spec_property_closest(struct arena *a, const struct spec_object *object, const char *name);
const char *spec_property_name(const struct spec_property *property);
unsigned spec_property_flags(const struct spec_property *property);
const struct spec_value *spec_property_value(const struct spec_property *property);

enum spec_kind {
	SPEC_JSON,			/* anything */
	SPEC_STRING, SPEC_INTEGER, SPEC_NUMBER, SPEC_BOOLEAN,
	SPEC_TIME,			/* a text */
	SPEC_LIST, SPEC_MAP,		/* of spec_value_items() */
	SPEC_OBJECT,			/* spec_value_object() */
	SPEC_CHOICE,			/* one of spec_value_choice() */
};

enum spec_kind spec_value_kind(const struct spec_value *value);	/* SPEC_JSON of NULL */
const struct spec_value *spec_value_items(const struct spec_value *value);
const struct spec_object *spec_value_object(const struct spec_value *value);
const struct spec_value *spec_value_choice(const struct spec_value *value, size_t index);	/* NULL behind the last */

enum spec_limit_kind {
	SPEC_MIN_LENGTH, SPEC_MAX_LENGTH,	/* of a text, in characters */
	SPEC_MINIMUM, SPEC_MAXIMUM,
	SPEC_MIN_ITEMS, SPEC_MAX_ITEMS,		/* of a list or a map */
	SPEC_PATTERN,				/* ECMAScript's, found anywhere in the text */
	SPEC_KEYS,				/* a pattern of a map's keys */
	SPEC_ENUM, SPEC_ENUM_ANY_CASE,		/* one of the words */
	SPEC_UNIQUE,				/* no item twice */
	SPEC_UNIQUE_KEY,			/* no two items with the same values under these keys */
	SPEC_TO,				/* names what a resource is or has: words are "AWS::IAM::Role.Arn" */
};

struct spec_limit {
	enum spec_limit_kind kind;
	double number;			/* of a pattern: which one it is, from 0 */
	const char *text;
	const uint32_t *words;		/* sorted; for spec_word() */
	size_t count;
};

size_t spec_limit_count(const struct spec_value *value);
struct spec_limit spec_limit(const struct spec_value *value, size_t index);
bool spec_limit_find(const struct spec_value *value, enum spec_limit_kind kind, struct spec_limit *limit);
size_t spec_pattern_count(void);
const char *spec_word(const uint32_t *words, size_t index);

enum spec_rule_kind {
	SPEC_ONE_OF,			/* of the sets of keys exactly one is there */
	SPEC_SOME_OF,			/* at least one of them */
	SPEC_NEEDS, SPEC_EXCLUDES,	/* the first set's key wants all, or none, of the second's */
	SPEC_LEAST,			/* so many keys */
};

/* A set of keys in a rule: spec_rule_key() is NULL behind the last one. */
struct spec_rule {
	enum spec_rule_kind kind;
	uint32_t number;
	const uint32_t *words;
};

size_t spec_rule_count(const struct spec_object *object);
struct spec_rule spec_rule(const struct spec_object *object, size_t index);
/* Goes through the sets: starts at rule.words, each call moves on to behind the key; NULL ends a set, and a set without keys
   the rule. */
const char *spec_rule_key(const uint32_t **words);

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
