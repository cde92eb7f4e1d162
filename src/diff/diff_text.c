/*
 * For a terminal: the signs are those of cdk diff.
 */
#include "diff_write.h"

#include <string.h>

enum { WIDTH = 100, LONGEST_LINE = 400 };

struct printer {
	struct text *out;
	const struct diff *diff;
	const struct diff_style *style;
};

static const char *const signs[] = {
	[CHANGE_SAME] = "[=]", [CHANGE_ADDED] = "[+]", [CHANGE_REMOVED] = "[-]", [CHANGE_CHANGED] = "[~]",
	[CHANGE_ORDER] = "[~]",
};
static const char *const colours[] = {
	[CHANGE_SAME] = "36", [CHANGE_ADDED] = "32", [CHANGE_REMOVED] = "31", [CHANGE_CHANGED] = "33", [CHANGE_ORDER] = "33",
};
static const char bold[] = "1", dim[] = "2", red[] = "31", green[] = "32", alarm[] = "1;31";

static void put(struct printer *p, const char *colour, const char *text) {
	if (p->style->colour && *text) {
		text_printf(p->out, "\033[%sm%s\033[0m", colour, text);
	} else {
		text_puts(p->out, text);
	}
}

static void put_id(struct printer *p, const char *id) {
	add_visible(p->out, id, strlen(id));
}

static void put_place(struct printer *p, struct mark before, struct mark after) {
	const char *place = place_text(p->diff->arena, before, after);

	if (*place) {
		text_puts(p->out, "  ");
		put(p, dim, place);
	}
}

static void put_heading(struct printer *p, const char *heading) {
	text_putc(p->out, '\n');
	put(p, bold, heading);
	text_putc(p->out, '\n');
}

/* --- changes --------------------------------------------------------------------------------------------------- */

static const char *short_path(const char *path) {
	return text_starts(path, "Properties.") ? path + strlen("Properties.") : path;
}

static void put_effect(struct printer *p, enum effect effect) {
	if (effect_words(effect)) {
		text_puts(p->out, "  (");
		put(p, alarm, effect_words(effect));
		text_putc(p->out, ')');
	}
}

/* Both values on the line if they are short, else a line each. */
static void put_values(struct printer *p, const struct change *c) {
	const char *before = change_text(p->diff, c->before, LONGEST_LINE), *after = change_text(p->diff, c->after, LONGEST_LINE);

	if (c->kind == CHANGE_ADDED || c->kind == CHANGE_REMOVED) {
		text_puts(p->out, ": ");
		put(p, colours[c->kind], c->after ? after : before);
		put_effect(p, c->effect);
		put_place(p, c->before_at, c->kind == CHANGE_REMOVED ? c->before_at : c->after_at);
	} else if (c->kind == CHANGE_ORDER || strlen(before) + strlen(after) + strlen(c->path) < WIDTH) {
		text_puts(p->out, c->kind == CHANGE_ORDER ? ": in another order: " : ": ");
		put(p, red, before);
		text_puts(p->out, " -> ");
		put(p, green, after);
		put_effect(p, c->effect);
		put_place(p, c->before_at, c->after_at);
	} else {
		text_puts(p->out, ":");
		put_effect(p, c->effect);
		put_place(p, c->before_at, c->after_at);
		text_puts(p->out, "\n        - ");
		put(p, red, before);
		text_puts(p->out, "\n        + ");
		put(p, green, after);
	}
}

static void put_change(struct printer *p, const struct change *c) {
	text_puts(p->out, "    ");
	put(p, colours[c->kind], signs[c->kind]);
	text_printf(p->out, " %s", short_path(c->path));
	put_values(p, c);
	text_putc(p->out, '\n');
}

/* --- items ------------------------------------------------------------------------------------------------------ */

static void put_name(struct printer *p, const struct item *item) {
	if (item->before_id && item->after_id && strcmp(item->before_id, item->after_id) != 0) {
		put_id(p, item->before_id);
		text_puts(p->out, " -> ");
	}
	put_id(p, item->after_id ? item->after_id : item->before_id);
	if (item->type) {
		text_puts(p->out, " (");
		put_id(p, item->type);
		text_putc(p->out, ')');
	}
}

/* What an item is, where that is one value. */
static const struct change *only_value(const struct item *item) {
	bool whole = item->changes && !item->changes->next && !(item->before && item->before->kind == VALUE_MAP);

	return whole ? item->changes : NULL;
}

static void put_item(struct printer *p, const struct item *item) {
	const struct change *value = only_value(item);

	put(p, colours[item->kind], signs[item->kind]);
	text_putc(p->out, ' ');
	put_name(p, item);
	if (value) {
		put_values(p, value);
	} else {
		if (!item->type && !item->changes) {
			text_puts(p->out, ": ");
			put(p, colours[item->kind], change_text(p->diff, item->after ? item->after : item->before, WIDTH));
		}
		put_effect(p, item->kind == CHANGE_CHANGED ? item->effect : EFFECT_NONE);
		put_place(p, item->before_at, item->after_at);
	}
	text_putc(p->out, '\n');
	for (const struct change *c = value ? NULL : item->changes; c; c = c->next) {
		if (diff_shows_change(p->style, c)) {
			put_change(p, c);
		}
	}
	for (const struct remark *r = item->remarks; r; r = r->next) {
		text_puts(p->out, "    = ");
		add_visible(p->out, r->text, strlen(r->text));
		text_putc(p->out, '\n');
	}
}

static void put_items(struct printer *p) {
	const char *section = "";

	for (const struct item *item = p->diff->items; item; item = item->next) {
		if (!diff_shows_item(p->style, item)) {
			continue;
		}
		if (strcmp(section, item->section) != 0) {
			section = item->section;
			put_heading(p, section);
		}
		put_item(p, item);
	}
}

static void put_access(struct printer *p, bool is_public, const char *heading) {
	for (const struct access_change *c = p->diff->access; c; c = c->next) {
		enum change_kind kind = c->added ? CHANGE_ADDED : CHANGE_REMOVED;
		if (c->is_public != is_public) {
			continue;
		}
		if (heading) {
			put_heading(p, heading);
			heading = NULL;
		}
		put(p, colours[kind], signs[kind]);
		text_putc(p->out, ' ');
		put_id(p, c->item->after_id ? c->item->after_id : c->item->before_id);
		text_printf(p->out, ": %s", c->text);
		if (c->warning) {
			text_puts(p->out, "  ");
			put(p, alarm, arena_printf(p->diff->arena, "! %s", c->warning));
		}
		put_place(p, c->at, c->at);
		text_putc(p->out, '\n');
	}
}

void diff_write_text(struct text *out, const struct diff *diff, const struct diff_style *style) {
	struct printer p = { out, diff, style };

	if (!diff_is_empty(diff) || (style->all && diff->churned)) {
		put(&p, red, "--- ");
		put_id(&p, style->before);
		text_putc(out, '\n');
		put(&p, green, "+++ ");
		put_id(&p, style->after);
		text_putc(out, '\n');
		put_access(&p, true, "Public access");
		put_access(&p, false, "IAM");
		put_items(&p);
		text_putc(out, '\n');
	}
	diff_write_summary(out, diff, style);
	text_putc(out, '\n');
}
