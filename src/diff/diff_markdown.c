/*
 * For a comment on a pull request: what must be read first, the rest folded where it is long.
 */
#include "diff_write.h"

#include <string.h>

enum { LONGEST_VALUE = 300, MANY_ITEMS = 20 };

struct printer {
	struct text *out;
	const struct diff *diff;
	const struct diff_style *style;
};

/* A text as code in a table: no bars, no line ends, and no backticks, which would end it. */
static void put_code(struct printer *p, const char *text) {
	struct text plain = { 0 };

	if (!*text) {
		return;
	}
	add_visible(&plain, text, strlen(text));
	text_putc(p->out, '`');
	for (size_t i = 0; i < plain.length; i++) {
		if (plain.bytes[i] == '|') {
			text_puts(p->out, "\\|");
		} else {
			text_putc(p->out, plain.bytes[i] == '`' ? '\'' : plain.bytes[i]);
		}
	}
	text_putc(p->out, '`');
	text_free(&plain);
}

static void put_value(struct printer *p, const struct value *v) {
	if (v) {
		put_code(p, change_text(p->diff, v, LONGEST_VALUE));
	}
}

/* Words of slsws and of templates in running text. */
static void put_words(struct printer *p, const char *text) {
	struct text plain = { 0 };

	add_visible(&plain, text, strlen(text));
	for (size_t i = 0; i < plain.length; i++) {
		if (strchr("\\`*_{}[]<>|#$@~", plain.bytes[i])) {
			text_putc(p->out, '\\');
		}
		text_putc(p->out, plain.bytes[i]);
	}
	text_free(&plain);
}

static const char *const signs[] = {
	[CHANGE_SAME] = "=", [CHANGE_ADDED] = "+", [CHANGE_REMOVED] = "-", [CHANGE_CHANGED] = "~", [CHANGE_ORDER] = "~",
};

static void put_access(struct printer *p, bool is_public, const char *heading) {
	for (const struct access_change *c = p->diff->access; c; c = c->next) {
		if (c->is_public != is_public) {
			continue;
		}
		if (heading) {
			text_printf(p->out, "\n### %s\n\n| | resource | what | |\n|---|---|---|---|\n", heading);
			heading = NULL;
		}
		text_printf(p->out, "| `%s` | ", c->added ? "+" : "-");
		put_code(p, c->item->after_id ? c->item->after_id : c->item->before_id);
		text_puts(p->out, " | ");
		put_code(p, c->text);
		text_puts(p->out, " | ");
		if (c->warning) {
			text_puts(p->out, "**");
			put_words(p, c->warning);
			text_puts(p->out, "**");
		}
		text_puts(p->out, " |\n");
	}
}

static void put_changes(struct printer *p, const struct item *item) {
	bool any = false;

	for (const struct change *c = item->changes; c; c = c->next) {
		if (!diff_shows_change(p->style, c)) {
			continue;
		}
		text_puts(p->out, any ? "" : "\n  | | property | before | after |\n  |---|---|---|---|\n");
		any = true;
		text_printf(p->out, "  | `%s` | ", signs[c->kind]);
		put_code(p, c->path);
		text_puts(p->out, effect_words(c->effect) ? " **(" : "");
		text_puts(p->out, effect_words(c->effect) ? effect_words(c->effect) : "");
		text_puts(p->out, effect_words(c->effect) ? ")** | " : " | ");
		put_value(p, c->before);
		text_puts(p->out, " | ");
		put_value(p, c->after);
		text_puts(p->out, c->kind == CHANGE_ORDER ? " in another order |\n" : " |\n");
	}
	text_puts(p->out, any ? "\n" : "");
}

static void put_item(struct printer *p, const struct item *item) {
	text_printf(p->out, "- `%s` ", signs[item->kind]);
	if (item->before_id && item->after_id && strcmp(item->before_id, item->after_id) != 0) {
		put_code(p, item->before_id);
		text_puts(p->out, " to ");
	}
	put_code(p, item->after_id ? item->after_id : item->before_id);
	if (item->type) {
		text_puts(p->out, " (");
		put_words(p, item->type);
		text_puts(p->out, ")");
	}
	if (!item->type && !item->changes) {
		text_puts(p->out, ": ");
		put_value(p, item->after ? item->after : item->before);
	}
	if (item->kind == CHANGE_CHANGED && effect_words(item->effect)) {
		text_printf(p->out, " **%s**", effect_words(item->effect));
	}
	text_putc(p->out, '\n');
	for (const struct remark *r = item->remarks; r; r = r->next) {
		text_puts(p->out, "  - ");
		put_words(p, r->text);
		text_putc(p->out, '\n');
	}
	put_changes(p, item);
}

static unsigned items_of(struct printer *p, const char *section) {
	unsigned count = 0;

	for (const struct item *item = p->diff->items; item; item = item->next) {
		count += diff_shows_item(p->style, item) && strcmp(item->section, section) == 0;
	}
	return count;
}

static void put_section(struct printer *p, const struct item **next) {
	const char *section = (*next)->section;
	unsigned count = items_of(p, section);
	bool folded = count > MANY_ITEMS;

	if (!count) {
		while (*next && strcmp((*next)->section, section) == 0) {
			*next = (*next)->next;
		}
		return;
	}
	text_printf(p->out, "\n### %s\n\n", section);
	if (folded) {
		text_printf(p->out, "<details><summary>%u differ</summary>\n\n", count);
	}
	for (; *next && strcmp((*next)->section, section) == 0; *next = (*next)->next) {
		if (diff_shows_item(p->style, *next)) {
			put_item(p, *next);
		}
	}
	text_puts(p->out, folded ? "\n</details>\n" : "");
}

void diff_write_markdown(struct text *out, const struct diff *diff, const struct diff_style *style) {
	struct printer p = { out, diff, style };
	struct text summary = { 0 };

	text_puts(out, "## Changes of the template\n\n");
	put_code(&p, style->before);
	text_puts(out, " to ");
	put_code(&p, style->after);
	diff_write_summary(&summary, diff, style);
	text_printf(out, ": %s\n", summary.bytes);
	text_free(&summary);
	put_access(&p, true, "Public access");
	put_access(&p, false, "IAM");
	for (const struct item *next = diff->items; next;) {
		put_section(&p, &next);
	}
}
