/*
 * What YAML's scalars and tags mean: the types of js-yaml's default schema without implicit timestamps, and
 * CloudFormation's short tags. Knows values only, not how YAML is written.
 *
 * Sources of the rules: js-yaml 4's types, the reference's CloudFormation schema, and the JSON round trip that the
 * reference does after reading (a date becomes its ISO text, bytes a map of indexes, what is no number null).
 */
#ifndef SLSWS_YAML_TYPES_H
#define SLSWS_YAML_TYPES_H

#include "base/value.h"

/* What kind of node a tag stands at; an empty node is none of the others. */
enum yaml_kind { YAML_KIND_EMPTY, YAML_KIND_SCALAR, YAML_KIND_LIST, YAML_KIND_MAP };

/* What JSON has no words for. The values live as something else in the tree, but keys are spelt by what they were. */
enum yaml_odd { YAML_ODD_NUMBER, YAML_ODD_DATE, YAML_ODD_BYTES };

struct odd_value {
	struct odd_value *next;
	struct value *value;
	enum yaml_odd kind;
};

struct yaml_types {
	struct arena *arena;
	struct odd_value *odd;		/* newest first */
	size_t spelt;			/* bytes of keys made from lists and the like: a budget */
};

/* What a plain scalar without a tag means; text is copied. */
struct value *yaml_plain(struct yaml_types *types, const char *text, size_t length);
/* Whether a plain scalar is the merge key. */
bool yaml_is_merge(const char *text, size_t length);

/*
 * What a node with a tag means. `node` is a string for a scalar (as written, before any resolution), a list, a map, or
 * a null for an empty node; it is used up. `mark` is the place of the tag. NULL when the tag does not fit; *reason is then
 * what it expects ("an integer"), or NULL when the tag is unknown.
 */
struct value *yaml_tagged(struct yaml_types *types, const char *tag, struct mark mark, enum yaml_kind kind,
		struct value *node, const char **reason);
/* Whether a tag makes a merge key of the scalar it stands at. */
bool yaml_tag_is_merge(const char *tag);
/* A tag as one would write it: !!str for tag:yaml.org,2002:str. */
const char *yaml_tag_name(struct arena *a, const char *tag);
/* The known tag that is most like this one, as one would write it, or NULL. */
const char *yaml_tag_closest(const char *tag);

/* The text of a key, as JavaScript's String() spells it; NULL and a reason when it cannot be one. */
const char *yaml_key(struct yaml_types *types, const struct value *key, size_t *length, const char **reason);

/* What is odd, as the JSON round trip leaves it: to be called when the document is read. */
void yaml_settle(struct yaml_types *types);

#endif
