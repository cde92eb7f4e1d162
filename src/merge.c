#include "merge.h"

#include <string.h>

#include "base/text.h"

struct merge {
	struct arena *arena;
	struct diag *diag;
	struct value *made;	/* a set: the bytes of the pointers to what was made here and so may be changed */
};

static void warn_unsafe(const struct merge *m, const struct entry *e) {
	diag_help(diag_warning(m->diag, "C357", e->mark, "key '%s' is left out of the template", e->key),
		"'__proto__', 'prototype' and 'constructor' cannot be keys here; an extension may have them");
}

static struct value *cleaned(const struct merge *m, struct value *v);

static struct value *cleaned_list(const struct merge *m, struct value *list) {
	struct value *copy = NULL;

	for (size_t i = 0; i < list->length; i++) {
		struct value *item = cleaned(m, list->items[i]);
		if (item != list->items[i]) {
			copy = copy ? copy : value_shallow_copy(m->arena, list);
			copy->items[i] = item;
		}
	}
	return copy ? copy : list;
}

/* The entries before `end` in a map of their own. */
static struct value *head_of(struct arena *a, const struct value *map, const struct entry *end) {
	struct value *head = value_map(a);

	head->mark = map->mark;
	head->origin = map->origin;
	for (const struct entry *e = map_first(map); e != end; e = map_next(map, e)) {
		map_set_entry(a, head, e->key, e->key_length, e->mark, e->value);
	}
	return head;
}

static struct value *cleaned_map(const struct merge *m, struct value *map) {
	struct value *copy = NULL;

	for (const struct entry *e = map_first(map); e; e = map_next(map, e)) {
		bool unsafe = key_is_unsafe(e->key);
		struct value *item = unsafe ? NULL : cleaned(m, e->value);
		if (unsafe) {
			warn_unsafe(m, e);
		}
		if (item != e->value && !copy) {
			copy = head_of(m->arena, map, e);
		}
		if (copy) {
			map_set_entry(m->arena, copy, e->key, e->key_length, e->mark, item);
		}
	}
	return copy ? copy : map;
}

/* Without unsafe keys; the value itself when it has none. */
static struct value *cleaned(const struct merge *m, struct value *v) {
	return is_map(v) ? cleaned_map(m, v) : is_list(v) ? cleaned_list(m, v) : v;
}

/*
 * A copy of a map or list to merge into, or the very one if it is such a copy: else a list of many small items would be
 * copied whole for each of them.
 */
static struct value *changeable(const struct merge *m, const struct value *v) {
	if (map_find_text(m->made, (const char *)&v, sizeof(v))) {
		return (struct value *)v;
	}
	struct value *copy = value_shallow_copy(m->arena, v);
	const char *key = arena_copy(m->arena, (const char *)&copy, sizeof(copy));
	map_set_entry(m->arena, m->made, key, sizeof(copy), (struct mark){ 0 }, copy);
	return copy;
}

static struct value *merged(const struct merge *m, struct value *target, struct value *source);

static struct value *merged_lists(const struct merge *m, const struct value *target, const struct value *source) {
	struct value *all = changeable(m, target);
	size_t common = target->length;

	for (size_t i = 0; i < source->length; i++) {
		if (i < common) {
			all->items[i] = merged(m, all->items[i], source->items[i]);
		} else {
			list_add(m->arena, all, cleaned(m, source->items[i]));
		}
	}
	return all;
}

static struct value *merged_maps(const struct merge *m, const struct value *target, const struct value *source) {
	struct value *all = changeable(m, is_map(target) ? target : value_map(m->arena));

	for (const struct entry *e = map_first(source); e; e = map_next(source, e)) {
		if (key_is_unsafe(e->key)) {
			warn_unsafe(m, e);
			continue;
		}
		struct value *own = map_get_text(all, e->key, e->key_length);
		map_set_entry(m->arena, all, e->key, e->key_length, e->mark, merged(m, own, e->value));
	}
	return all;
}

static struct value *merged(const struct merge *m, struct value *target, struct value *source) {
	if (is_map(target) && is_map(source)) {
		return merged_maps(m, target, source);
	}
	if (is_list(target) && is_list(source)) {
		return merged_lists(m, target, source);
	}
	return cleaned(m, source);
}

struct value *merge_maps(struct arena *a, const struct value *target, const struct value *source, struct diag *diag) {
	struct merge m = { a, diag, value_map(a) };

	return merged_maps(&m, target, source);
}

/* --- sections that may be lists ------------------------------------------------------------------------------ */

/* A null in a later item replaces what earlier ones have, which nobody means: an include that is empty, mostly. */
static void warn_null(const struct value *all, const struct value *item, const char *section, struct diag *diag) {
	for (const struct entry *e = map_first(item); e; e = map_next(item, e)) {
		const struct value *lost = is_null(e->value) ? map_get_text(all, e->key, e->key_length) : NULL;
		if (is_map(lost) && lost->length) {
			struct diagnostic *d = diag_warning(diag, "C358", e->mark,
				"'%s' is null here, which drops it from the earlier items of '%s'", e->key, section);
			diag_note(d, lost->mark, "dropped from here");
			diag_help(d, "remove '%s' where it has nothing to say", e->key);
		}
	}
}

static struct value *merge_section(struct arena *a, const struct value *list, const char *section,
		struct diag *diag) {
	struct merge m = { a, diag, value_map(a) };
	struct value *all = value_map(a);

	for (size_t i = 0; i < list->length; i++) {
		const struct value *item = list->items[i];
		if (!is_truthy(item)) {
			continue;
		}
		if (!is_map(item)) {
			diag_origin(diag_error(diag, "C351", item->mark, "item of '%s' is a %s, expected a map", section,
				value_kind_name(item)), item);
			continue;
		}
		warn_null(all, item, section, diag);
		all = merged_maps(&m, all, item);
	}
	all->mark = list->mark;
	return all;
}

void merge_listed_sections(struct arena *a, struct value *config, struct diag *diag) {
	static const char *const sections[] = { "resources", "functions" };

	for (size_t i = 0; i < sizeof(sections) / sizeof(*sections); i++) {
		const struct value *section = map_get(config, sections[i]);
		if (is_list(section)) {
			map_set(a, config, sections[i], merge_section(a, section, sections[i], diag));
		}
	}
}

/* --- entries ------------------------------------------------------------------------------------------------- */

static void add_item(struct arena *a, struct value *map, size_t index, struct value *item) {
	const char *key = arena_printf(a, "%zu", index);

	map_set_entry(a, map, key, strlen(key), item->mark, item);
}

const struct value *value_entries(struct arena *a, const struct value *v) {
	uint32_t code;

	if (is_missing(v) || is_map(v)) {
		return is_map(v) ? v : NULL;
	}
	struct value *map = value_map(a);
	map->mark = v->mark;
	for (size_t i = 0; i < list_length(v); i++) {
		add_item(a, map, i, v->items[i]);
	}
	for (size_t at = 0, size, i = 0; is_string(v) && at < v->length; at += size, i++) {
		size = utf8_decode(v->text + at, v->length - at, &code);
		struct value *character = value_text(a, arena_copy(a, v->text + at, size), size);
		character->mark = v->mark;
		add_item(a, map, i, character);
	}
	return map;
}
