#include "value.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "form.h"
#include "text.h"

enum { SMALL_MAP = 12 };	/* a map with more entries than this gets an index */

/* --- making ------------------------------------------------------------------------------------------------- */

static struct value *make(struct arena *a, enum value_kind kind) {
	struct value *v = arena_new(a, struct value);

	v->kind = kind;
	return v;
}

struct value *value_null(struct arena *a) {
	return make(a, VALUE_NULL);
}

struct value *value_bool(struct arena *a, bool boolean) {
	struct value *v = make(a, VALUE_BOOL);

	v->boolean = boolean;
	return v;
}

struct value *value_number(struct arena *a, double number) {
	struct value *v = make(a, VALUE_NUMBER);

	v->number = number;
	return v;
}

struct value *value_text(struct arena *a, const char *text, size_t length) {
	struct value *v = make(a, VALUE_STRING);

	v->text = text;
	v->length = (uint32_t)length;
	return v;
}

struct value *value_printf(struct arena *a, const char *format, ...) {
	va_list args;

	va_start(args, format);
	char *text = arena_vprintf(a, format, args);
	va_end(args);
	return value_string(a, text);
}

struct value *value_list(struct arena *a) {
	return make(a, VALUE_LIST);
}

struct value *value_map(struct arena *a) {
	return make(a, VALUE_MAP);
}

static struct value *copy_with(struct arena *a, const struct value *value, struct value *const *blanks) {
	if (value->kind == VALUE_BLANK && blanks) {
		return blanks[value->length];
	}
	struct value *copy = arena_new(a, struct value);
	*copy = *value;
	if (value->kind == VALUE_LIST) {
		copy->length = 0;
		copy->items = NULL;
		for (size_t i = 0; i < value->length; i++) {
			list_add(a, copy, copy_with(a, value->items[i], blanks));
		}
	} else if (value->kind == VALUE_MAP) {
		copy->length = 0;
		copy->map = NULL;
		for (const struct entry *e = map_first(value); e; e = map_next(value, e)) {
			map_set_entry(a, copy, e->key, e->key_length, e->mark, copy_with(a, e->value, blanks));
		}
	}
	return copy;
}

struct value *value_copy(struct arena *a, const struct value *value) {
	return value ? copy_with(a, value, NULL) : NULL;
}

struct value *value_fill(struct arena *a, const struct value *value, struct value *const *blanks) {
	return copy_with(a, value, blanks);
}

struct value *value_list_of(struct arena *a, struct value *const *items, size_t count) {
	struct value *list = value_list(a);

	for (size_t i = 0; i < count; i++) {
		list_add(a, list, items[i]);
	}
	return list;
}

/* --- maps --------------------------------------------------------------------------------------------------- */

static uint64_t load(const char *bytes, size_t count) {
	uint64_t word = 0;

	memcpy(&word, bytes, count);
	return word;
}

/*
 * Eight bytes at a time, the last eight overlapping others. High bits are brought down before a multiplication, which
 * carries upwards only: the last characters of a key, where most differ, would not count otherwise. It begins with where
 * the map is, which nobody can know beforehand, so that no keys can be made to collide.
 */
static uint32_t hash_key(const struct map *m, const char *key, size_t length) {
	const uint64_t factor = UINT64_C(0x9e3779b97f4a7c15);
	uint64_t hash = (length ^ (uint64_t)(uintptr_t)m) * factor;
	size_t i = 0;

	for (; i + 8 < length; i += 8) {
		hash = (hash ^ load(key + i, 8)) * factor;
		hash ^= hash >> 32;
	}
	if (length >= 8) {
		hash ^= load(key + length - 8, 8);
	} else if (length >= 4) {
		hash ^= load(key, 4) | load(key + length - 4, 4) << 32;
	} else if (length) {
		hash ^= (uint64_t)(unsigned char)key[0] | (uint64_t)(unsigned char)key[length / 2] << 8 |
			(uint64_t)(unsigned char)key[length - 1] << 16;
	}
	hash = (hash ^ hash >> 32) * factor;
	return (uint32_t)(hash >> 32);
}

/* memcmp() for equality; keys are short, so a call would cost more than the comparison. */
static inline bool same_bytes(const char *a, const char *b, size_t length) {
	if (length >= 8) {
		for (size_t i = 0; i + 8 < length; i += 8) {
			if (load(a + i, 8) != load(b + i, 8)) {
				return false;
			}
		}
		return load(a + length - 8, 8) == load(b + length - 8, 8);
	}
	if (length >= 4) {
		return load(a, 4) == load(b, 4) && load(a + length - 4, 4) == load(b + length - 4, 4);
	}
	return !length || (a[0] == b[0] && a[length / 2] == b[length / 2] && a[length - 1] == b[length - 1]);
}

static inline bool entry_is(const struct entry *e, const char *key, size_t length) {
	return e->key_length == length && e->value && same_bytes(e->key, key, length);
}

static struct entry *find_indexed(const struct map *m, const char *key, size_t length, uint32_t hash) {
	for (uint32_t slot = hash;; slot++) {
		uint32_t at = m->slots[slot & (m->slot_count - 1)];
		if (!at) {
			return NULL;
		}
		if (m->entries[at - 1].hash == hash && entry_is(&m->entries[at - 1], key, length)) {
			return &m->entries[at - 1];
		}
	}
}

static inline struct entry *find_small(const struct map *m, const char *key, size_t length) {
	if (!(m->keys & key_bit(key, length))) {
		return NULL;
	}
	for (struct entry *e = m->entries, *end = e + m->used; e < end; e++) {
		if (entry_is(e, key, length)) {
			return e;
		}
	}
	return NULL;
}

/* Puts entries in the place of a form that is filled in: there is a struct map even if there are none. */
static __attribute__((noinline, cold)) struct map *write_out(const struct value *map) {
	const struct filled *f = filled_of(map);
	struct value *whole = value_fill(f->form->arena, f->form->tree, f->values);

	map_reserve(f->form->arena, whole, 1);
	((struct value *)map)->map = whole->map;
	return whole->map;
}

static struct entry *find(const struct value *map, const char *key, size_t length) {
	const struct map *m = map->map;

	if (!m) {
		return NULL;
	}
	if (m->filled) {
		m = write_out(map);
	}
	return m->slots ? find_indexed(m, key, length, hash_key(m, key, length)) : find_small(m, key, length);
}

const struct entry *map_find_text(const struct value *map, const char *key, size_t length) {
	if (!map || map->kind != VALUE_MAP) {
		return NULL;
	}
	return find(map, key, length);
}

/* The entry has its hash. */
static void index_entry(struct map *m, uint32_t at) {
	uint32_t slot = m->entries[at].hash;

	while (m->slots[slot & (m->slot_count - 1)]) {
		slot++;
	}
	m->slots[slot & (m->slot_count - 1)] = at + 1;
}

static void index_all(struct map *m) {
	if (!m->slots) {
		return;
	}
	memset(m->slots, 0, sizeof(*m->slots) * m->slot_count);
	for (uint32_t i = 0; i < m->used; i++) {
		index_entry(m, i);
	}
}

static void close_holes(struct map *m) {
	uint32_t used = 0;

	for (uint32_t i = 0; i < m->used; i++) {
		if (m->entries[i].value) {
			m->entries[used++] = m->entries[i];
		}
	}
	m->used = used;
	m->holes = 0;
	index_all(m);
}

static void add_index(struct arena *a, struct map *m) {
	bool has_hashes = m->slots;

	for (m->slot_count = 2; m->slot_count < m->capacity * 2; m->slot_count *= 2) {
	}
	m->slots = arena_array(a, uint32_t, m->slot_count);
	for (uint32_t i = 0; i < m->used; i++) {
		struct entry *e = &m->entries[i];
		e->hash = has_hashes ? e->hash : hash_key(m, e->key, e->key_length);
		index_entry(m, i);
	}
}

static void set_capacity(struct arena *a, struct map *m, uint32_t capacity) {
	struct entry *entries = arena_array(a, struct entry, capacity);

	memcpy(entries, m->entries, sizeof(*entries) * m->used);
	m->entries = entries;
	m->capacity = capacity;
	if (capacity > SMALL_MAP) {
		add_index(a, m);
	}
}

static void make_room(struct arena *a, struct map *m) {
	if (m->holes > m->used / 2) {
		close_holes(m);
	} else {
		set_capacity(a, m, m->capacity * 2);
	}
}

/* Makes the map of a value that has none yet, with room for so many entries. */
static inline struct map *create_map(struct arena *a, struct value *map, uint32_t capacity) {
	struct map *m = arena_alloc(a, sizeof(*m) + sizeof(struct entry) * capacity);

	m->entries = (struct entry *)(m + 1);
	m->capacity = capacity;
	map->map = m;
	if (capacity > SMALL_MAP) {
		add_index(a, m);
	}
	return m;
}

static void copy_map(struct arena *a, struct value *copy, const struct value *map) {
	copy->length = 0;
	copy->map = NULL;
	if (!map->length) {
		return;
	}
	struct map *m = create_map(a, copy, map->length);
	for (const struct entry *e = map_first(map); e; e = map_next(map, e)) {
		struct entry *member = &m->entries[m->used++];
		*member = *e;
		member->hash = m->slots ? hash_key(m, e->key, e->key_length) : 0;
	}
	index_all(m);
	copy->length = map->length;
	m->keys = map->map->keys;
	m->last_is_index = map->map->last_is_index;
	m->last_index = map->map->last_index;
}

static void copy_list(struct arena *a, struct value *copy, const struct value *list) {
	copy->length = 0;
	copy->items = NULL;
	for (uint32_t i = 0; i < list->length; i++) {
		list_add(a, copy, list->items[i]);
	}
}

struct value *value_shallow_copy(struct arena *a, const struct value *value) {
	struct value *copy = arena_new(a, struct value);

	*copy = *value;
	if (value->kind == VALUE_MAP) {
		copy_map(a, copy, value);
	} else if (value->kind == VALUE_LIST) {
		copy_list(a, copy, value);
	}
	return copy;
}

bool key_is_index(const char *key, size_t length, uint32_t *index) {
	uint64_t n = 0;

	if (!length || length > 10 || (key[0] == '0' && length > 1)) {
		return false;
	}
	for (size_t i = 0; i < length; i++) {
		if (key[i] < '0' || key[i] > '9') {
			return false;
		}
		n = n * 10 + (uint64_t)(key[i] - '0');
	}
	*index = (uint32_t)n;
	return n < UINT32_MAX;
}

bool key_is_unsafe(const char *key) {
	return strcmp(key, "__proto__") == 0 || strcmp(key, "prototype") == 0 || strcmp(key, "constructor") == 0;
}

/* Whether the entries are in order no more with this index key at their end. */
static void note_index(struct map *m, uint32_t index) {
	bool follows = m->used == 0 || (m->last_is_index && index > m->last_index);

	m->unordered |= !follows;
	m->last_is_index = follows;
	m->last_index = index;
}

/* A merge sort, as equal keys (all that are no index) have to keep their order. */
static void merge_ordered(struct entry *entries, struct entry *scratch, uint32_t count) {
	if (count < 2) {
		return;
	}
	uint32_t half = count / 2, i = 0, j = half, n = 0;
	merge_ordered(entries, scratch, half);
	merge_ordered(entries + half, scratch, count - half);
	memcpy(scratch, entries, sizeof(*entries) * count);
	while (i < half && j < count) {
		uint32_t left = UINT32_MAX, right = UINT32_MAX;
		key_is_index(scratch[i].key, scratch[i].key_length, &left);
		key_is_index(scratch[j].key, scratch[j].key_length, &right);
		entries[n++] = right < left ? scratch[j++] : scratch[i++];
	}
	memcpy(entries + n, scratch + i, sizeof(*entries) * (half - i));
	memcpy(entries + n + half - i, scratch + j, sizeof(*entries) * (count - j));
}

__attribute__((noinline, cold)) void map_bring_in_order(const struct value *map) {
	struct map *m = map->map;
	struct text scratch = { 0 };

	if (m->filled) {
		write_out(map);
		return;
	}
	close_holes(m);
	merge_ordered(m->entries, (struct entry *)text_room(&scratch, sizeof(struct entry) * m->used), m->used);
	text_free(&scratch);
	m->unordered = false;
	m->last_is_index = false;
	index_all(m);
}

/* Adds an entry at the end of a map that has room for it and no such key. The hash counts if there is an index. */
static inline struct entry *append(struct map *m, const char *key, size_t length, uint32_t hash, struct mark mark,
		struct value *value) {
	uint32_t index;

	if (length && key[0] >= '0' && key[0] <= '9' && key_is_index(key, length, &index)) {
		note_index(m, index);
	} else {
		m->last_is_index = false;
	}
	m->keys |= key_bit(key, length);
	struct entry *e = &m->entries[m->used++];
	*e = (struct entry){ .key = key, .key_length = (uint32_t)length, .hash = hash, .mark = mark,
		.value = value };
	if (m->slots) {
		index_entry(m, m->used - 1);
	}
	return e;
}

struct value *value_map_of(struct arena *a, const struct member *members, size_t count) {
	struct value *map = value_map(a);
	uint32_t length = 0;

	for (size_t i = 0; i < count; i++) {
		length += members[i].value != NULL;
	}
	if (!length) {
		return map;
	}
	struct map *m = create_map(a, map, length);
	map->length = length;
	for (size_t i = 0; i < count; i++) {
		if (members[i].value) {
			const char *key = members[i].key;
			size_t key_length = strlen(key);
			append(m, key, key_length, m->slots ? hash_key(m, key, key_length) : 0, (struct mark){ 0 },
				members[i].value);
		}
	}
	return map;
}

struct entry *map_set_entry(struct arena *a, struct value *map, const char *key, size_t length, struct mark mark,
		struct value *value) {
	assert(map->kind == VALUE_MAP);
	if (!value) {
		return NULL;
	}
	struct map *m = !map->map ? create_map(a, map, 4) : map->map->filled ? write_out(map) : map->map;
	uint32_t hash = m->slots ? hash_key(m, key, length) : 0;
	struct entry *e = m->slots ? find_indexed(m, key, length, hash) : find_small(m, key, length);
	if (e) {
		e->value = value;
		return e;
	}
	if (m->used == m->capacity) {
		make_room(a, m);
		hash = m->slots ? hash_key(m, key, length) : 0;
	}
	map->length++;
	return append(m, key, length, hash, mark, value);
}

void map_reserve(struct arena *a, struct value *map, uint32_t count) {
	if (count && !map->map) {
		create_map(a, map, count);
	}
}

void map_set(struct arena *a, struct value *map, const char *key, struct value *value) {
	map_set_entry(a, map, key, strlen(key), (struct mark){ 0 }, value);
}

bool map_remove_text(struct value *map, const char *key, size_t length) {
	struct entry *e = map && map->kind == VALUE_MAP ? find(map, key, length) : NULL;

	if (!e) {
		return false;
	}
	e->value = NULL;
	map->map->holes++;
	map->length--;
	return true;
}

bool map_remove(struct value *map, const char *key) {
	return map_remove_text(map, key, strlen(key));
}

/* --- lists -------------------------------------------------------------------------------------------------- */

/* The capacity is not stored: a list is full when its length is a power of two (from 4 on) or 0. */
void list_add(struct arena *a, struct value *list, struct value *item) {
	assert(list->kind == VALUE_LIST);
	if (!item) {
		return;
	}
	uint32_t n = list->length;
	if (n == 0 || (n >= 4 && (n & (n - 1)) == 0)) {
		struct value **items = arena_array(a, struct value *, n ? n * 2 : 4);
		if (n) {
			memcpy(items, list->items, sizeof(*items) * n);
		}
		list->items = items;
	}
	list->items[list->length++] = item;
}

struct value *list_get(const struct value *list, size_t index) {
	return index < list_length(list) ? list->items[index] : NULL;
}

size_t list_length(const struct value *list) {
	return list && list->kind == VALUE_LIST ? list->length : 0;
}

/* --- asking ------------------------------------------------------------------------------------------------- */

bool is_null(const struct value *v) {
	return v && v->kind == VALUE_NULL;
}

bool is_missing(const struct value *v) {
	return !v || v->kind == VALUE_NULL;
}

bool is_bool(const struct value *v) {
	return v && v->kind == VALUE_BOOL;
}

bool is_number(const struct value *v) {
	return v && v->kind == VALUE_NUMBER;
}

bool is_string(const struct value *v) {
	return v && v->kind == VALUE_STRING;
}

bool is_list(const struct value *v) {
	return v && v->kind == VALUE_LIST;
}

bool is_map(const struct value *v) {
	return v && v->kind == VALUE_MAP;
}

bool is_truthy(const struct value *v) {
	if (is_missing(v)) {
		return false;
	}
	switch (v->kind) {
	case VALUE_BOOL:
		return v->boolean;
	case VALUE_NUMBER:
		return v->number != 0 && !isnan(v->number);
	case VALUE_STRING:
		return v->length > 0;
	default:
		return true;
	}
}

bool is_text(const struct value *v, const char *text) {
	return is_string(v) && v->length == strlen(text) && memcmp(v->text, text, v->length) == 0;
}

static bool maps_equal(const struct value *a, const struct value *b) {
	for (const struct entry *e = map_first(a); e; e = map_next(a, e)) {
		const struct entry *other = map_find_text(b, e->key, e->key_length);
		if (!other || !value_equal(e->value, other->value)) {
			return false;
		}
	}
	return true;
}

bool value_equal(const struct value *a, const struct value *b) {
	if (a == b) {
		return true;
	}
	if (!a || !b || a->kind != b->kind) {
		return false;
	}
	switch (a->kind) {
	case VALUE_NULL:
		return true;
	case VALUE_BOOL:
		return a->boolean == b->boolean;
	case VALUE_NUMBER:
		return a->number == b->number;
	case VALUE_STRING:
		return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
	case VALUE_LIST:
		for (uint32_t i = 0; i < a->length && i < b->length; i++) {
			if (!value_equal(a->items[i], b->items[i])) {
				return false;
			}
		}
		return a->length == b->length;
	case VALUE_MAP:
		return a->length == b->length && maps_equal(a, b);
	case VALUE_BLANK:
		return a->length == b->length;
	}
	return false;
}

const char *value_kind_name(const struct value *v) {
	static const char *const names[] = { "null", "boolean", "number", "string", "list", "map", "blank" };

	return v ? names[v->kind] : "nothing";
}

struct value *value_or(const struct value *first, const struct value *second) {
	const struct value *v = is_truthy(first) ? first : is_truthy(second) ? second : NULL;

	return (struct value *)v;
}

const char *value_spell(struct arena *a, const struct value *v) {
	if (!v) {
		return NULL;
	}
	switch (v->kind) {
	case VALUE_NULL:
		return "null";
	case VALUE_BOOL:
		return v->boolean ? "true" : "false";
	case VALUE_NUMBER: {
		char digits[NUMBER_SIZE];
		return arena_copy(a, digits, number_spell(v->number, digits));
	}
	case VALUE_STRING:
		return v->text;
	default:
		return NULL;
	}
}

struct value *value_at(struct arena *a, const struct value *v, struct mark mark) {
	struct value *copy = arena_new(a, struct value);

	*copy = *v;
	copy->mark = mark;
	if (!copy->origin && v->mark.source) {
		struct mark *origin = arena_new(a, struct mark);
		*origin = v->mark;
		copy->origin = origin;
	}
	return copy;
}
