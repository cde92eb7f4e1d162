/*
 * What differs between two templates, in CloudFormation's terms.
 *
 * The order of keys, of tags, of the actions of a statement and the like does not count; nor does 15 against "15".
 * Resources whose logical ids end in a hash (deployments, versions of functions) are paired by what stands before it, and
 * resources with one type and the same properties under two ids are one that was renamed; references follow. What is left
 * of such pairs, digests of code and folders of artifacts that carry a time is churn: kept, but marked as such.
 *
 * All work is linear in the size of the templates: items are paired by hashes, and then compared. Nothing here knows files
 * or formats; the writers (diff_write.h) read this. Everything is in the arena.
 */
#ifndef SLSWS_DIFF_H
#define SLSWS_DIFF_H

#include <stdbool.h>

#include "../base/arena.h"
#include "../base/mark.h"
#include "../base/value.h"

/* Also the order in which things are shown. SAME: nothing but churn. ORDER: of a list whose order may count. */
enum change_kind { CHANGE_SAME, CHANGE_ADDED, CHANGE_REMOVED, CHANGE_CHANGED, CHANGE_ORDER };

/* What CloudFormation does to a resource for a change; the greatest of its changes counts. */
enum effect { EFFECT_NONE, EFFECT_UPDATE, EFFECT_MAY_REPLACE, EFFECT_REPLACE };

/* One place in an item: from the top of it, such as Properties.Tags[Key=env].Value. */
struct change {
	struct change *next;
	enum change_kind kind;
	enum effect effect;
	bool churn;
	const char *path;
	const struct value *before, *after;	/* NULL: not there */
	struct mark before_at, after_at;	/* the nearest places known; source NULL: made by slsws */
};

struct remark {
	struct remark *next;
	const char *text;
};

/* A resource, an output, a parameter ...: an entry of one of the template's sections. */
struct item {
	struct item *next;
	const char *section;			/* "Resources" ...; texts of their own have it too: "Description" */
	const char *before_id, *after_id;	/* NULL: not there */
	const char *type;			/* of a resource, as it is now; or NULL */
	const struct value *before, *after;
	struct mark before_at, after_at;	/* of the ids */
	enum change_kind kind;			/* SAME, ADDED, REMOVED or CHANGED */
	enum effect effect;
	bool churn;				/* it changes in churn alone; then the kind is SAME, or ids alone differ */
	bool renamed;				/* the ids differ by more than a hash */
	struct change *changes;
	struct remark *remarks;			/* what follows from the changes, for people */
	struct remark **remarks_end;
};

/* Something that somebody may do, or may no longer. */
struct access_change {
	struct access_change *next;
	bool is_public;				/* it concerns everybody, or the network; else IAM */
	bool added;
	const struct item *item;
	const char *text;			/* "Allow s3:GetObject on ${Bucket.Arn}/'*'" */
	const char *warning;			/* why it is worth a second look, or NULL */
	struct mark at;
};

struct diff {
	struct arena *arena;
	struct item *items, **end;		/* in the order of the sections, then of the template before */
	struct access_change *access, **access_end;
	unsigned added, removed, changed;	/* resources */
	unsigned replaced, may_replaced;	/* of those changed */
	unsigned others;			/* items of other sections that differ */
	unsigned churned;			/* items with churn: folded unless all is shown */
};

struct diff *diff_templates(struct arena *a, const struct value *before, const struct value *after);

/* Whether there is more than churn. */
bool diff_is_empty(const struct diff *diff);

#endif
