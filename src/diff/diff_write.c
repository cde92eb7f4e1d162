#include "diff_write.h"

#include <string.h>

bool diff_shows_item(const struct diff_style *style, const struct item *item) {
	return item->kind != CHANGE_SAME || (style->all && item->churn);
}

bool diff_shows_change(const struct diff_style *style, const struct change *change) {
	return style->all || !change->churn;
}

const char *effect_words(enum effect effect) {
	switch (effect) {
	case EFFECT_REPLACE:
		return "replaced";
	case EFFECT_MAY_REPLACE:
		return "may be replaced";
	case EFFECT_NONE:
	case EFFECT_UPDATE:
		break;
	}
	return NULL;
}

const char *change_text(const struct diff *diff, const struct value *v, size_t most) {
	struct diff_context context = { .arena = diff->arena, .renamed = value_map(diff->arena) };

	return diff_spell(&context, AFTER, v, false, most);
}

const char *place_text(struct arena *a, struct mark before, struct mark after) {
	struct mark mark = after.source ? after : before;
	struct text out = { 0 };

	if (!mark.source || !mark.line) {
		return "";
	}
	add_visible(&out, mark.source->name, strlen(mark.source->name));
	const char *place = arena_printf(a, "%s:%u:%u", out.bytes ? out.bytes : "", (unsigned)mark.line, (unsigned)mark.column);
	text_free(&out);
	return place;
}

static const char *add_count(struct text *out, const char *between, unsigned count, const char *what) {
	if (!count) {
		return between;
	}
	text_printf(out, "%s%u %s", between, count, what);
	return ", ";
}

void diff_write_summary(struct text *out, const struct diff *diff, const struct diff_style *style) {
	const char *between = "resources: ";

	if (diff_is_empty(diff)) {
		text_puts(out, "no differences");
	}
	between = add_count(out, between, diff->added, "added");
	between = add_count(out, between, diff->removed, "removed");
	between = add_count(out, between, diff->changed, "changed");
	if (diff->replaced || diff->may_replaced) {
		const char *inner = " (";
		inner = add_count(out, inner, diff->replaced, "replaced");
		add_count(out, inner, diff->may_replaced, "perhaps replaced");
		text_putc(out, ')');
	}
	if (diff->others) {
		text_printf(out, "%s%u beside the resources", diff->added || diff->removed || diff->changed ? "; " : "",
			diff->others);
	}
	if (diff->churned) {
		text_printf(out, "%s%u with new hashes or references only%s", diff_is_empty(diff) ? " but " : "; ", diff->churned,
			style->all ? "" : " (--all shows them)");
	}
}
