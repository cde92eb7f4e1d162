/*
 * For programs: one object, whose format_version changes if what is there changes its meaning.
 */
#include "diff_write.h"

#include <string.h>

#include "../emit.h"

static const char *const actions[] = {
	[CHANGE_SAME] = "same", [CHANGE_ADDED] = "added", [CHANGE_REMOVED] = "removed", [CHANGE_CHANGED] = "changed",
	[CHANGE_ORDER] = "reordered",
};
static const char *const effects[] = {
	[EFFECT_NONE] = "none", [EFFECT_UPDATE] = "update", [EFFECT_MAY_REPLACE] = "may-replace",
	[EFFECT_REPLACE] = "replace",
};

static struct value *string_or_null(struct arena *a, const char *text) {
	return text ? value_string(a, text) : value_null(a);
}

static struct value *place(struct arena *a, struct mark mark) {
	if (!mark.source || !mark.line) {
		return NULL;
	}
	return MAP(a, { "file", value_string(a, mark.source->name) }, { "line", value_number(a, mark.line) },
		{ "column", value_number(a, mark.column) });
}

static struct value *change_value(struct arena *a, const struct change *c) {
	return MAP(a,
		{ "path", value_string(a, c->path) },
		{ "action", value_string(a, actions[c->kind]) },
		{ "effect", value_string(a, effects[c->effect]) },
		{ "hash_only", value_bool(a, c->churn) },
		{ "before", (struct value *)c->before },
		{ "after", (struct value *)c->after },
		{ "before_at", place(a, c->before_at) },
		{ "after_at", place(a, c->after_at) },
	);
}

static struct value *item_value(struct arena *a, const struct item *item, const struct diff_style *style) {
	struct value *changes = value_list(a), *remarks = value_list(a);
	bool whole = item->kind == CHANGE_ADDED || item->kind == CHANGE_REMOVED;

	for (const struct change *c = item->changes; c; c = c->next) {
		list_add(a, changes, diff_shows_change(style, c) ? change_value(a, c) : NULL);
	}
	for (const struct remark *r = item->remarks; r; r = r->next) {
		list_add(a, remarks, value_string(a, r->text));
	}
	return MAP(a,
		{ "section", value_string(a, item->section) },
		{ "id", value_string(a, item->after_id ? item->after_id : item->before_id) },
		{ "before_id", string_or_null(a, item->before_id) },
		{ "after_id", string_or_null(a, item->after_id) },
		{ "type", item->type ? value_string(a, item->type) : NULL },
		{ "action", value_string(a, item->renamed ? "renamed" : actions[item->kind]) },
		{ "effect", value_string(a, effects[item->effect]) },
		{ "before", whole ? (struct value *)item->before : NULL },
		{ "after", whole ? (struct value *)item->after : NULL },
		{ "before_at", place(a, item->before_at) },
		{ "after_at", place(a, item->after_at) },
		{ "remarks", remarks },
		{ "changes", changes },
	);
}

static struct value *access_value(struct arena *a, const struct access_change *c) {
	return MAP(a,
		{ "id", value_string(a, c->item->after_id ? c->item->after_id : c->item->before_id) },
		{ "kind", value_string(a, c->is_public ? "public" : "iam") },
		{ "action", value_string(a, c->added ? "added" : "removed") },
		{ "text", value_string(a, c->text) },
		{ "warning", string_or_null(a, c->warning) },
		{ "at", place(a, c->at) },
	);
}

static struct value *counts_value(struct arena *a, const struct diff *diff) {
	return MAP(a,
		{ "added", value_number(a, diff->added) },
		{ "removed", value_number(a, diff->removed) },
		{ "changed", value_number(a, diff->changed) },
		{ "replaced", value_number(a, diff->replaced) },
		{ "may_be_replaced", value_number(a, diff->may_replaced) },
		{ "others", value_number(a, diff->others) },
		{ "hash_only", value_number(a, diff->churned) },
	);
}

void diff_write_json(struct text *out, const struct diff *diff, const struct diff_style *style) {
	struct arena *a = diff->arena;
	struct value *access = value_list(a), *items = value_list(a);

	for (const struct access_change *c = diff->access; c; c = c->next) {
		list_add(a, access, access_value(a, c));
	}
	for (const struct item *item = diff->items; item; item = item->next) {
		list_add(a, items, diff_shows_item(style, item) ? item_value(a, item, style) : NULL);
	}
	emit_json(out, MAP(a,
		{ "format_version", value_string(a, "1.0") },
		{ "before", value_string(a, style->before) },
		{ "after", value_string(a, style->after) },
		{ "same", value_bool(a, diff_is_empty(diff)) },
		{ "counts", counts_value(a, diff) },
		{ "access", access },
		{ "changes", items },
	), 2);
	text_putc(out, '\n');
}
