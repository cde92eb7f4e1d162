/*
 * Inside of the schema check: what a schema is compiled to, the table of keywords, and the failures that a check
 * leaves for those who explain them. schema.c makes nodes from JSON, schema_keywords.c checks values against them,
 * schema_explain.c words what failed, schema_check.c rules over a whole configuration.
 */
#ifndef SLSWS_SCHEMA_RULES_H
#define SLSWS_SCHEMA_RULES_H

#include "base/value.h"
#include "pattern.h"
#include "schema.h"

/* --- a compiled schema --------------------------------------------------------------------------------------- */

/* Sets of value kinds; a whole number has its own bit among types. */
enum {
	KIND_NULL = 1 << VALUE_NULL,
	KIND_BOOL = 1 << VALUE_BOOL,
	KIND_NUMBER = 1 << VALUE_NUMBER,
	KIND_STRING = 1 << VALUE_STRING,
	KIND_LIST = 1 << VALUE_LIST,
	KIND_MAP = 1 << VALUE_MAP,
	KIND_ANY = (1 << 6) - 1,
	TYPE_INTEGER = 1 << 6,
};

/* What a keyword's value looks like, which says how schema.c reads it into a rule. */
enum shape {
	SHAPE_ANNOTATION,	/* for people and editors; no rule */
	SHAPE_TITLE,		/* node->title */
	SHAPE_REFERENCE,	/* node->reference */
	SHAPE_TYPES,
	SHAPE_NUMBER,
	SHAPE_COUNT,
	SHAPE_FLAG,
	SHAPE_TEXT,
	SHAPE_TEXTS,
	SHAPE_PATTERN,
	SHAPE_VALUE,
	SHAPE_SCHEMA,
	SHAPE_SCHEMAS,
	SHAPE_SCHEMA_OR_LIST,	/* items: one for all, or one each */
	SHAPE_MEMBERS,		/* name to schema */
	SHAPE_PATTERNS,		/* pattern to schema */
	SHAPE_DEPENDENCIES,	/* name to schema or list of names */
};

struct node;
struct rule;
struct check;
struct frame;

struct member_node {
	const char *name;
	uint32_t length, hash;
	struct node *node;	/* for a list of names in `dependencies`: NULL */
	struct pattern *pattern;	/* of patternProperties */
	const char *const *names;	/* of dependencies */
	size_t name_count;
};

/* Members by name; slots as in a map's index: number of the member + 1, open addressing. */
struct members {
	struct member_node *items;
	size_t count;
	uint32_t *slots, slot_count;
};

struct rule {
	const struct keyword *keyword;
	union {
		uint32_t types;
		double number;
		bool flag;
		const char *text;
		struct { const char *const *texts; size_t text_count; };
		struct { struct pattern *pattern; const char *source; };
		struct value *value;
		struct node *node;
		struct { struct node **nodes; size_t node_count; };
		struct members *members;
	};
};

struct node {
	const char *title;		/* what is expected, as words that fit "expected ..."; or NULL */
	struct node *reference;		/* $ref: stands in place of all else */
	const struct rule *type;	/* `type`, which is checked first and coerces */
	const struct rule *properties, *patterns;	/* those of these names, or NULL */
	struct rule *rules;		/* all, in the order of the table */
	size_t count;
	bool never;			/* the schema `false` */
	bool compiled;
	struct schema *schema;		/* what a lazy compilation needs: */
	const struct schema_text *text;	/* of an embedded schema, parsed or not; or NULL */
	struct value *explanations;	/* by keyword those that were asked for, null if there are none */
	const void *json;
	const char *base;
};

/* The rule of a keyword in a compiled node, or NULL. */
const struct rule *node_rule(const struct node *node, const char *keyword);
/* The value of x-instead or x-missing, or NULL. */
const struct value *node_explanation(const struct node *node, const char *keyword);
/* "function" of a schema of maps whose title is "a function": what its values are called in messages; or NULL. */
const char *node_noun(const struct node *node);
/* The node itself, compiled, behind all references. */
const struct node *node_resolve(struct node *node);
const struct member_node *members_find(const struct members *members, const char *name, size_t length);

/* The embedded schema of a file in schema/, "service.json"; its nodes live in the arena. */
struct schema *schema_open(struct arena *a, const char *file);
struct node *schema_root(struct schema *schema);

/* --- keywords ------------------------------------------------------------------------------------------------ */

struct keyword {
	const char *name;
	enum shape shape;
	unsigned kinds;			/* kinds of values that it looks at */
	bool (*check)(struct check *c, struct frame *f, const struct rule *rule);	/* NULL: says nothing */
};

const struct keyword *keyword_find(const char *name);
size_t keyword_order(const struct keyword *keyword);

/* --- checking ------------------------------------------------------------------------------------------------ */

/* One value under one schema. `value` follows coercions, as the reference's local variable does; `holder` is
   where a coerced value is written to. */
struct frame {
	struct value *value, *original;
	struct value *holder;		/* the map or list that it is in; NULL at the root */
	const struct entry *entry;	/* its key in a map */
	uint32_t index;			/* its place in a list */
	const struct frame *parent;
	const struct node *node;	/* the one at work: a branch, perhaps */
	const struct node *first;	/* the one that the value was given to */
	const char *subject;		/* what to call the value in messages; NULL: by its key or place */
};

/* What did not fit, at a place. */
struct failure {
	struct failure *next;
	const struct rule *rule;	/* NULL: the schema `false`, which says that a key is not known */
	const struct node *node;
	struct value *value;		/* as it is in the configuration */
	const struct entry *entry;	/* its key, or NULL in a list and at the root */
	const struct node *holder_node;	/* of the map or list that it is in, or NULL */
	struct value *holder;
	struct mark mark;		/* of the value, or of the nearest thing that has one */
	struct mark key_mark;		/* of the key that leads to it */
	const char *subject;		/* "'timeout'", "item 2 of 'layers'", "the configuration" */
	const char *holder_subject;
};

struct failures {
	struct failure *first, **end;
	size_t count;
};

struct check {
	struct arena *arena;
	struct failures *failures;	/* NULL: within anyOf and the like, where a failure is none yet */
	bool coerce;			/* as the reference: coerce, and take null in a map for missing */
	unsigned depth;
	uint64_t steps;			/* nodes checked so far: what keeps shared values from taking for ever */
};

enum { MOST_FAILURES = 1000, MOST_DEPTH = 2000 };
#define MOST_STEPS ((uint64_t)200 * 1000 * 1000)

bool node_check(struct check *c, struct node *node, struct frame *f);
/* Makes value what `types` ask for, if the reference would; false when it cannot be. */
bool value_coerce(struct check *c, struct frame *f, uint32_t types);
bool value_has_type(const struct value *v, uint32_t types);

/* --- explaining ---------------------------------------------------------------------------------------------- */

/* Reports failures with a severity. */
void failures_explain(struct arena *a, const struct failures *failures, enum severity severity, struct diag *diag);

#endif
