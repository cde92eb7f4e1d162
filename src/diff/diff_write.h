/*
 * A comparison as text for a terminal, as JSON and as Markdown for a pull request.
 */
#ifndef SLSWS_DIFF_WRITE_H
#define SLSWS_DIFF_WRITE_H

#include "diff_value.h"

struct diff_style {
	const char *before, *after;	/* what the two are called */
	bool all;			/* churn too */
	bool colour;
};

typedef void diff_write_fn(struct text *out, const struct diff *diff, const struct diff_style *style);
diff_write_fn diff_write_text, diff_write_json, diff_write_markdown;

/* Whether an item, or one of its changes, is shown. */
bool diff_shows_item(const struct diff_style *style, const struct item *item);
bool diff_shows_change(const struct diff_style *style, const struct change *change);

/* "Resources: 1 added, 2 changed (1 replaced); 3 others differ", and what was folded. */
void diff_write_summary(struct text *out, const struct diff *diff, const struct diff_style *style);
/* "replaced", "may be replaced" or NULL. */
const char *effect_words(enum effect effect);
/* The value of a change in one line, at most so many bytes. */
const char *change_text(const struct diff *diff, const struct value *v, size_t most);
/* " file:line:column" of the place of a change, the later one if there are two; "" if there is none. */
const char *place_text(struct arena *a, struct mark before, struct mark after);

#endif
