/*
 * A form: a map with blanks, made once, from which many maps are made by filling the blanks in.
 *
 *	enum { KEY, AUTHORIZER };
 *	struct form *form = form_create(a, MAP(a,
 *		{ "Type", TEXT("AWS::ApiGatewayV2::Route") },
 *		{ "Properties", MAP(a, { "RouteKey", BLANK(KEY) }, { "AuthorizerId", BLANK(AUTHORIZER) }) },
 *	));
 *	FILL(form, [KEY] = value_string(a, key), [AUTHORIZER] = NULL)
 *
 * FILL() gives the map that MAP() would have given with these values in place of the blanks, what is NULL left out; to
 * whoever looks into it or changes it, it is a map like any other. But it is written out, entry by entry, only then: most
 * of what passes make is only printed, and emit.c prints a form from pieces of text that it keeps with it.
 */
#ifndef SLSWS_FORM_H
#define SLSWS_FORM_H

#include "value.h"

enum { FORM_BLANKS = 64 };	/* blanks are numbered from 0 to below this */

struct form {
	struct arena *arena;
	const struct value *tree;	/* a map; its blanks are values of kind VALUE_BLANK whose length is their number */
	uint32_t blanks;		/* the greatest number and one */
	uint64_t members;		/* bits of the blanks that are members of the map itself */
	struct rendering *renderings;	/* emit.c's */
};

/* What stands behind a map that is not written out. */
struct filled {
	struct map map;
	struct form *form;
	uint64_t given;			/* bits of the blanks that are filled in */
	struct value *values[];		/* by blank */
};

/* A blank stands at most once among the members of the map itself. The tree may not be changed any more. */
struct form *form_create(struct arena *a, const struct value *tree);
struct value *form_fill(struct form *form, struct value *const *values, size_t count);
/* A map that many others have in them: a form without blanks, filled in. */
struct value *form_fixed(struct arena *a, const struct value *tree);

/* One for each number. A constant within the macro would do for gcc; clang leaves such a one zero where all of the map that
   it stands in is constant. */
extern const struct value form_blanks[FORM_BLANKS];
#define BLANK(number) ((struct value *)&form_blanks[(number)])
#define FILL(form, ...) \
	form_fill((form), (struct value *const[]){ __VA_ARGS__ }, \
		sizeof((struct value *const[]){ __VA_ARGS__ }) / sizeof(struct value *))

/* What a value was made from, NULL unless it is a map that is not written out. */
static inline const struct filled *filled_of(const struct value *v) {
	return v && v->kind == VALUE_MAP && v->map && v->map->filled ? (const struct filled *)v->map : NULL;
}

/* The tree of the form that a value was made from, blanks and all; any other value itself. What the form says of all
   that is made from it can be asked of that once. */
static inline const struct value *form_of(const struct value *v) {
	const struct filled *filled = filled_of(v);

	return filled ? filled->form->tree : v;
}

/* The value of an entry of form_of(map) in the map, which need not be written out for that; NULL where it is left out. The
   entry's own is a blank or has none in it. */
static inline struct value *form_value(const struct filled *filled, const struct entry *e) {
	return filled && e->value->kind == VALUE_BLANK ? filled->values[e->value->length] : e->value;
}

static inline struct value *form_get(const struct value *map, const char *key) {
	const struct entry *e = map_find(form_of(map), key);

	return e ? form_value(filled_of(map), e) : NULL;
}

#endif
