/*
 * Inside of the comparison: when two values are the same, the hash that goes with it, and the short spelling of values.
 */
#ifndef SLSWS_DIFF_VALUE_H
#define SLSWS_DIFF_VALUE_H

#include "../base/text.h"
#include "diff.h"

enum side { BEFORE, AFTER };

struct diff_context {
	struct arena *arena;
	struct value *renamed;		/* id before to id after, of all pairs whose ids differ */
	struct value *loose[2];		/* ids without a partner: to find renamed ones, any is as good as another; or NULL */
	struct hashes *hashes[2];	/* of maps and lists, so that what is deep is not hashed again and again; or NULL */
};

/* To be called first, and when `renamed` or `loose` have changed. */
void diff_forget_hashes(struct diff_context *context);

/* "Ref", "Fn::Sub" ... of a map that is such a function, else NULL; *argument is what it is applied to. */
const char *intrinsic(const struct value *v, const struct value **argument);

/* Texts that name the resources of the template before, as they are named after. */
const char *renamed_id(const struct diff_context *context, const char *id, size_t length);
/* Whether a text of Fn::GetAtt or ${...} ("Id.Attribute") names a resource: the length of the id. */
size_t id_length(const char *text, size_t length);

/* Whether a key's list is a set, of which one member may stand alone ("Action": "x"). */
bool is_set_key(const char *key);

/* Whether two values mean the same; `key` is that under which they stand, or NULL. NULL values are not there. */
bool diff_same(const struct diff_context *context, const char *key, const struct value *before, const struct value *after);
/* Values that are the same have the same hash. */
uint64_t diff_hash(const struct diff_context *context, enum side side, const char *key, const struct value *v);

/* Whether two texts under a key differ by a digest or a time alone. */
bool differ_by_hash(struct arena *a, const char *key, const struct value *before, const struct value *after);

/* The items of a set: those of a list, or the one value. */
size_t set_count(const struct value *v);
const struct value *set_item(const struct value *v, size_t index);

/* Items to be found by what they mean, each to be taken once. */
struct bag;
struct bag *bag_create(const struct diff_context *context, const char *key, const struct value *list);
/* The first item that is the same as one of the list before; SIZE_MAX when there is none left. It is taken out. */
size_t bag_take(struct bag *bag, const struct value *before);

/* A value in one line, as people write it: "text", ${Table.Arn}, [1, 2]; texts without quotes if `bare`. On the side BEFORE
   ids are spelt as they are now. What a terminal would act on is escaped; beyond `most` bytes it is cut (0: not). */
const char *diff_spell(const struct diff_context *context, enum side side, const struct value *v, bool bare, size_t most);
/* A text as it can be shown. */
void add_visible(struct text *out, const char *text, size_t length);

#endif
