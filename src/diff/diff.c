#include "diff.h"

#include <string.h>

#include "diff_access.h"
#include "diff_compare.h"
#include "diff_effect.h"
#include "diff_match.h"

struct differ {
	struct diff_context context;
	struct diff *diff;
};

/* --- items ----------------------------------------------------------------------------------------------------- */

static const char *type_of(const struct value *resource) {
	const struct value *type = map_get(resource, "Type");

	return is_string(type) ? type->text : NULL;
}

static struct item *add_item(struct differ *d, const char *section, const struct entry *before, const struct entry *after) {
	struct diff *diff = d->diff;
	struct item *item = arena_new(diff->arena, struct item);

	item->section = section;
	item->remarks_end = &item->remarks;
	if (before) {
		item->before_id = before->key;
		item->before = before->value;
		item->before_at = before->mark;
	}
	if (after) {
		item->after_id = after->key;
		item->after = after->value;
		item->after_at = after->mark;
	}
	if (strcmp(section, "Resources") == 0) {
		item->type = type_of(after ? after->value : before->value);
	}
	*diff->end = item;
	diff->end = &item->next;
	return item;
}

static bool all_churn(const struct item *item) {
	for (const struct change *c = item->changes; c; c = c->next) {
		if (!c->churn) {
			return false;
		}
	}
	return true;
}

static void compare_entries(struct differ *d, const char *section, const struct entry *before,
		const struct entry *after, bool renamed) {
	struct item *item = add_item(d, section, before, after);

	if (!before || !after) {
		item->kind = before ? CHANGE_REMOVED : CHANGE_ADDED;
		return;
	}
	compare_item(&d->context, item, after->key);
	item->renamed = renamed;
	item->effect = renamed ? EFFECT_REPLACE : item->effect;
	item->kind = renamed || !all_churn(item) ? CHANGE_CHANGED : CHANGE_SAME;
	item->churn = item->kind == CHANGE_SAME && (item->changes || strcmp(before->key, after->key) != 0);
}

/* --- sections --------------------------------------------------------------------------------------------------- */

static void compare_resources(struct differ *d, const struct value *before, const struct value *after) {
	struct value *renamed, *pairs = match_resources(&d->context, before, after, &renamed);
	struct value *paired = value_map(d->diff->arena);

	for (const struct entry *e = map_first(before); e; e = map_next(before, e)) {
		const struct value *id = map_get_text(pairs, e->key, e->key_length);
		const struct entry *partner = id ? map_find_text(after, id->text, id->length) : NULL;
		compare_entries(d, "Resources", e, partner, id && map_find_text(renamed, id->text, id->length));
		if (partner) {
			map_set(d->diff->arena, paired, partner->key, partner->value);
		}
	}
	for (const struct entry *e = map_first(after); e; e = map_next(after, e)) {
		if (!map_find_text(paired, e->key, e->key_length)) {
			compare_entries(d, "Resources", NULL, e, false);
		}
	}
}

/* A section that is a map of named things. */
static void compare_section(struct differ *d, const char *section, const struct value *before, const struct value *after) {
	for (const struct entry *e = map_first(before); e; e = map_next(before, e)) {
		compare_entries(d, section, e, map_find_text(after, e->key, e->key_length), false);
	}
	for (const struct entry *e = map_first(after); e; e = map_next(after, e)) {
		if (!map_find_text(before, e->key, e->key_length)) {
			compare_entries(d, section, NULL, e, false);
		}
	}
}

static const char *const sections[] = {
	"Parameters", "Mappings", "Conditions", "Rules", "Metadata", "Outputs", "Hooks",
};
enum { SECTIONS = sizeof(sections) / sizeof(*sections) };

static bool is_section(const char *key) {
	for (size_t i = 0; i < SECTIONS; i++) {
		if (strcmp(sections[i], key) == 0) {
			return true;
		}
	}
	return strcmp(key, "Resources") == 0;
}

/* Whether an entry is compared name by name; nothing at all counts as an empty section. */
static bool has_names(const struct value *before, const struct value *after) {
	return (!before || is_map(before)) && (!after || is_map(after));
}

/* What is no section: Description, Transform, AWSTemplateFormatVersion; or a section that is no map. */
static void compare_top(struct differ *d, const struct value *before, const struct value *after) {
	for (const struct entry *e = map_first(before); e; e = map_next(before, e)) {
		const struct entry *partner = map_find_text(after, e->key, e->key_length);
		if (!is_section(e->key) || !has_names(e->value, partner ? partner->value : NULL)) {
			compare_entries(d, "Template", e, partner, false);
		}
	}
	for (const struct entry *e = map_first(after); e; e = map_next(after, e)) {
		if (!map_find_text(before, e->key, e->key_length) && (!is_section(e->key) || !has_names(NULL, e->value))) {
			compare_entries(d, "Template", NULL, e, false);
		}
	}
}

/* --- figures ---------------------------------------------------------------------------------------------------- */

static void count(struct diff *diff, const struct item *item) {
	bool resource = strcmp(item->section, "Resources") == 0;

	diff->churned += item->churn;
	if (!resource) {
		diff->others += item->kind != CHANGE_SAME;
		return;
	}
	diff->added += item->kind == CHANGE_ADDED;
	diff->removed += item->kind == CHANGE_REMOVED;
	diff->changed += item->kind == CHANGE_CHANGED;
	diff->replaced += item->kind == CHANGE_CHANGED && item->effect == EFFECT_REPLACE;
	diff->may_replaced += item->kind == CHANGE_CHANGED && item->effect == EFFECT_MAY_REPLACE;
}

struct diff *diff_templates(struct arena *a, const struct value *before, const struct value *after) {
	struct diff *diff = arena_new(a, struct diff);
	struct differ d = { .context = { .arena = a }, .diff = diff };
	const struct value *resources = map_get(before, "Resources"), *others = map_get(after, "Resources");

	diff->arena = a;
	diff->end = &diff->items;
	diff->access_end = &diff->access;
	compare_resources(&d, is_map(resources) ? resources : NULL, is_map(others) ? others : NULL);
	add_consequences(&d.context, diff, is_map(others) ? others : NULL);
	for (size_t i = 0; i < SECTIONS; i++) {
		const struct value *section = map_get_text(before, sections[i], strlen(sections[i]));
		const struct value *other = map_get_text(after, sections[i], strlen(sections[i]));
		if (has_names(section, other)) {
			compare_section(&d, sections[i], section, other);
		}
	}
	compare_top(&d, before, after);
	add_access_changes(&d.context, diff);
	for (const struct item *item = diff->items; item; item = item->next) {
		count(diff, item);
	}
	return diff;
}

bool diff_is_empty(const struct diff *diff) {
	return !diff->added && !diff->removed && !diff->changed && !diff->others;
}
