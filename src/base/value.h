/*
 * The one value type, from the YAML that is read to the template that is printed.
 *
 * A value is what JSON can say. Its mark is the place where it was written or, for a value that came out of a
 * variable, where the variable stands; `origin` then tells where the value itself was defined. Maps keep the order
 * of a JavaScript object: keys that look like array indexes come first in ascending order, the others in the order of
 * their insertion; setting a key again keeps its place. Values live in an arena and may be shared: whoever changes
 * one changes it for all, so stages that merge make copies (value_copy).
 *
 * NULL is a good citizen: as a value it means "not there" (JavaScript's undefined), every function takes it, and
 * a NULL member or item is left out by the builders.
 */
#ifndef SLSWS_VALUE_H
#define SLSWS_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "arena.h"
#include "mark.h"

enum value_kind {
	VALUE_NULL, VALUE_BOOL, VALUE_NUMBER, VALUE_STRING, VALUE_LIST, VALUE_MAP,
	VALUE_BLANK,			/* nowhere but in a form: form.h */
};

/*
 * Entries are added at the end. What is removed stays as a hole (value NULL) until there are many, and what JavaScript
 * orders first is put there when the map is next looked at from its start: so no order of changes takes more than
 * linear time, and the entries are where they were as long as nobody changes the map or starts to go through it.
 * Only value.c looks into a map; it is here for the look-ups of keys that most maps do not have, and for loops.
 */
struct map {
	uint64_t keys;		/* key_bit() of all that were ever in it */
	struct entry *entries;
	uint32_t used, holes;	/* entries with holes, and of these the holes; a value's length counts none */
	uint32_t capacity;
	bool unordered;		/* an index key stands behind one that it should stand before */
	bool last_is_index;
	bool filled;		/* made from a form and not written out yet: it begins a struct filled */
	uint32_t last_index;	/* the greatest index key; no matter without last_is_index */
	uint32_t *slots;	/* open addressing; entry number + 1, 0 is free; NULL for a small map */
	uint32_t slot_count;	/* a power of two */
};

struct value {
	struct mark mark;
	const struct mark *origin;	/* NULL unless the value came through a variable */
	enum value_kind kind;
	uint32_t length;		/* bytes of a string, items of a list, entries of a map */
	union {
		bool boolean;
		double number;
		const char *text;	/* UTF-8, NUL-terminated, may hold NUL bytes before its end */
		struct value **items;
		struct map *map;
	};
};

struct entry {
	const char *key;		/* NUL-terminated */
	uint32_t key_length, hash;	/* the hash counts only in a map that has an index */
	struct mark mark;		/* of the key */
	struct value *value;
};

/* --- making ------------------------------------------------------------------------------------------------- */

struct value *value_null(struct arena *a);
struct value *value_bool(struct arena *a, bool boolean);
struct value *value_number(struct arena *a, double number);
struct value *value_text(struct arena *a, const char *text, size_t length);	/* text is not copied; text[length] is 0 */
static inline struct value *value_string(struct arena *a, const char *text) {
	return value_text(a, text, strlen(text));
}
struct value *value_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct value *value_list(struct arena *a);
struct value *value_map(struct arena *a);
struct value *value_copy(struct arena *a, const struct value *value);		/* deep: maps and lists anew */
/* A deep copy with values in the place of blanks (form.h), left out where that is NULL. */
struct value *value_fill(struct arena *a, const struct value *value, struct value *const *blanks);
struct value *value_shallow_copy(struct arena *a, const struct value *value);	/* a map or list anew, what is in it shared */

/*
 * Literals that look like what they make:
 *	MAP(a, { "Type", value_string(a, "x") }, { "Properties", properties })
 *	LIST(a, first, second)
 * A member or item that is NULL is left out. Keys are not copied, and no two may be the same.
 */
struct member {
	const char *key;
	struct value *value;
};
struct value *value_map_of(struct arena *a, const struct member *members, size_t count);
struct value *value_list_of(struct arena *a, struct value *const *items, size_t count);
#define MAP(a, ...) \
	value_map_of((a), (const struct member[]){ __VA_ARGS__ }, \
		sizeof((const struct member[]){ __VA_ARGS__ }) / sizeof(struct member))
#define LIST(a, ...) \
	value_list_of((a), (struct value *const[]){ __VA_ARGS__ }, \
		sizeof((struct value *const[]){ __VA_ARGS__ }) / sizeof(struct value *))

/* A text that the program has in it: one value wherever it is used, which nobody may change. It is in a block of its own, as
   clang 14 loses what a second one in the same initializer is set to. */
#define TEXT(literal) __extension__ ({ \
		const struct value *text_of_program; \
		{ \
			static const struct value constant = { \
				.kind = VALUE_STRING, .length = sizeof("" literal) - 1, .text = (literal), \
			}; \
			text_of_program = &constant; \
		} \
		(struct value *)text_of_program; \
	})

/* --- maps --------------------------------------------------------------------------------------------------- */

/* One of 64 bits, by the length and the ends of a key: for a literal the compiler knows it. */
static inline uint64_t key_bit(const char *key, size_t length) {
	unsigned ends = length ? (unsigned char)key[0] * 3u + (unsigned char)key[length - 1] : 0;

	return UINT64_C(1) << ((length * 11 + ends) & 63);
}

/* The value under a key; NULL when there is none or when `map` is no map. */
const struct entry *map_find_text(const struct value *map, const char *key, size_t length);

/* Written out wherever it is called, for a literal's bit to be known. */
static inline __attribute__((always_inline)) const struct entry *map_find(const struct value *map, const char *key) {
	size_t length = strlen(key);

	if (!map || map->kind != VALUE_MAP || !map->map || !(map->map->keys & key_bit(key, length))) {
		return NULL;
	}
	return map_find_text(map, key, length);
}

static inline struct value *map_get_text(const struct value *map, const char *key, size_t length) {
	const struct entry *e = map_find_text(map, key, length);

	return e ? e->value : NULL;
}

static inline __attribute__((always_inline)) struct value *map_get(const struct value *map, const char *key) {
	const struct entry *e = map_find(map, key);

	return e ? e->value : NULL;
}

static inline __attribute__((always_inline)) bool map_has(const struct value *map, const char *key) {
	return map_find(map, key) != NULL;
}

/* Sets a key (not copied); a NULL value is left out. A key that is there keeps its place and its mark. */
void map_set(struct arena *a, struct value *map, const char *key, struct value *value);
struct entry *map_set_entry(struct arena *a, struct value *map, const char *key, size_t length, struct mark mark,
		struct value *value);
/* Room in an empty map for so many entries, where it is known that there will be many. */
void map_reserve(struct arena *a, struct value *map, uint32_t count);
bool map_remove(struct value *map, const char *key);
bool map_remove_text(struct value *map, const char *key, size_t length);

/* Entries in order: for (const struct entry *e = map_first(m); e; e = map_next(m, e)). Do not add or remove
   keys meanwhile. NULL and values that are no maps have none. */
void map_bring_in_order(const struct value *map);	/* for map_first() alone; writes it out, too */

/* The first entry from `e` on that is no hole. */
static inline const struct entry *entry_from(const struct map *m, const struct entry *e) {
	const struct entry *end = m->entries + m->used;

	while (e < end && !e->value) {
		e++;
	}
	return e < end ? e : NULL;
}

static inline const struct entry *map_first(const struct value *map) {
	if (!map || map->kind != VALUE_MAP || !map->map) {
		return NULL;
	}
	if (map->map->unordered) {
		map_bring_in_order(map);
	}
	return entry_from(map->map, map->map->entries);
}

static inline const struct entry *map_next(const struct value *map, const struct entry *entry) {
	return entry_from(map->map, entry + 1);
}

/* --- lists -------------------------------------------------------------------------------------------------- */

void list_add(struct arena *a, struct value *list, struct value *item);	/* NULL is left out */
struct value *list_get(const struct value *list, size_t index);			/* NULL beyond the end */
size_t list_length(const struct value *list);					/* 0 for what is no list */

/* --- asking ------------------------------------------------------------------------------------------------- */

bool is_null(const struct value *v);		/* there and null; is_missing() is NULL or null */
bool is_missing(const struct value *v);
bool is_bool(const struct value *v);
bool is_number(const struct value *v);
bool is_string(const struct value *v);
bool is_list(const struct value *v);
bool is_map(const struct value *v);
bool is_truthy(const struct value *v);		/* as JavaScript: not missing, false, 0, NaN or '' */
bool is_text(const struct value *v, const char *text);	/* a string equal to text */
/* The value under a key of a map if it is truthy, else NULL. */
static inline __attribute__((always_inline)) struct value *map_truthy(const struct value *map, const char *key) {
	struct value *v = map_get(map, key);

	return v && is_truthy(v) ? v : NULL;
}
bool value_equal(const struct value *a, const struct value *b);	/* deep; the order of keys does not count */
const char *value_kind_name(const struct value *v);	/* "string", "list", "map" ...: for messages */

/* The first of two that is truthy, else NULL: JavaScript's a || b with a template's taste for leaving out. */
struct value *value_or(const struct value *first, const struct value *second);

/* The text of a string; of other scalars as JavaScript's String() spells them; NULL of lists, maps and NULL. */
const char *value_spell(struct arena *a, const struct value *v);

/* A shallow copy whose mark is another: what a variable yields stands where the variable stands. */
struct value *value_at(struct arena *a, const struct value *v, struct mark mark);

/* Whether a key is one that JavaScript orders first: "0", "1", ... up to 4294967294, without leading zeros. */
bool key_is_index(const char *key, size_t length, uint32_t *index);
/* Whether the reference passes a key over when it merges or sets it, as it means more than an entry to JavaScript. */
bool key_is_unsafe(const char *key);

#endif
