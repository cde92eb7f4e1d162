#include "emit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct emitter {
	struct text *out;
	char *at, *end;			/* where to write, and the end of the room; out->length lags behind */
	int indent;
	struct arena *sorting;		/* where maps are sorted; NULL: they are not */
};

/* Every piece makes sure of its own room and of this much more, so that small things can be copied by the sixteen. */
enum { SLACK = 64 };

static void grow(struct emitter *e, size_t more) {
	text_wrote(e->out, (size_t)(e->at - e->out->bytes) - e->out->length);
	e->at = text_room(e->out, more + SLACK);
	e->end = e->out->bytes + e->out->capacity;
}

static inline void need(struct emitter *e, size_t more) {
	if ((size_t)(e->end - e->at) <= more + SLACK) {
		grow(e, more);
	}
}

static inline void put(struct emitter *e, const char *text, size_t length) {
	memcpy(e->at, text, length);
	e->at += length;
}

/* --- strings --------------------------------------------------------------------------------------------------- */

/* What JSON.stringify escapes: 1 as \u00XX, else the letter after the backslash. */
static const char escapes[256] = {
	[0] = 1, 1, 1, 1, 1, 1, 1, 1, 'b', 't', 'n', 1, 'f', 'r', 1, 1,
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
	['"'] = '"', ['\\'] = '\\',
};

static char *escape(char *at, unsigned char c) {
	static const char hex[] = "0123456789abcdef";

	*at++ = '\\';
	if (escapes[c] != 1) {
		*at++ = escapes[c];
		return at;
	}
	memcpy(at, "u00", 3);
	at[3] = hex[c >> 4];
	at[4] = hex[c & 15];
	return at + 5;
}

typedef unsigned char sixteen __attribute__((vector_size(16)));
typedef uint64_t pair __attribute__((vector_size(16)));

static inline sixteen load(const char *from) {
	sixteen bytes;

	memcpy(&bytes, from, sizeof(bytes));
	return bytes;
}

/* Not zero where a byte has to be escaped. */
static inline sixteen special(sixteen bytes) {
	return (sixteen)(bytes == '"') | (sixteen)(bytes == '\\') | (sixteen)(bytes < ' ');
}

static inline bool is_any(sixteen bytes) {
	pair p = (pair)bytes;

	return (p[0] | p[1]) != 0;
}

/* Copies text of which nothing has to be escaped; false if there was such a byte. Ends overlap what comes before. */
static inline bool copy_plain(char *to, const char *from, size_t length) {
	if (length >= 16) {
		sixteen last = load(from + length - 16), found = special(last);
		for (size_t i = 0; i + 16 < length; i += 16) {
			sixteen bytes = load(from + i);
			memcpy(to + i, &bytes, sizeof(bytes));
			found |= special(bytes);
		}
		memcpy(to + length - 16, &last, sizeof(last));
		return !is_any(found);
	}
	if (length >= 8) {
		pair ends;
		memcpy(&ends, from, 8);
		memcpy((char *)&ends + 8, from + length - 8, 8);
		memcpy(to, &ends, 8);
		memcpy(to + length - 8, (char *)&ends + 8, 8);
		return !is_any(special((sixteen)ends));
	}
	bool found = false;
	for (size_t i = 0; i < length; i++) {
		found |= escapes[(unsigned char)from[i]] != 0;
		to[i] = from[i];
	}
	return !found;
}

static void emit_special(struct emitter *e, const char *text, size_t length) {
	need(e, length * 6 + 2);
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];
		if (escapes[c]) {
			e->at = escape(e->at, c);
		} else {
			*e->at++ = (char)c;
		}
	}
}

static inline void emit_string(struct emitter *e, const char *text, size_t length) {
	need(e, length + 2);
	*e->at++ = '"';
	if (copy_plain(e->at, text, length)) {
		e->at += length;
	} else {
		emit_special(e, text, length);
	}
	*e->at++ = '"';
}

/* --- the rest -------------------------------------------------------------------------------------------------- */

/* A new line and its indentation; there is room for a short one. */
static inline void emit_newline(struct emitter *e, int level) {
	static const char line[32] = "\n                               ";
	size_t length = 1 + (size_t)level * (size_t)e->indent;

	if (!e->indent) {
		return;
	}
	if (length > sizeof(line)) {
		need(e, length);
		memset(e->at, ' ', length);
		*e->at = '\n';
	} else {
		memcpy(e->at, line, sizeof(line));
	}
	e->at += length;
}

static void emit(struct emitter *e, const struct value *v, int level);

static inline void emit_value(struct emitter *e, const struct value *v, int level) {
	if (v->kind == VALUE_STRING) {
		emit_string(e, v->text, v->length);
	} else {
		emit(e, v, level);
	}
}

static void emit_list(struct emitter *e, const struct value *list, int level) {
	if (!list->length) {
		put(e, "[]", 2);
		return;
	}
	*e->at++ = '[';
	for (size_t i = 0; i < list->length; i++) {
		need(e, 1);
		*e->at = ',';
		e->at += i > 0;
		emit_newline(e, level + 1);
		emit_value(e, list->items[i], level + 1);
	}
	need(e, 1);
	emit_newline(e, level);
	*e->at++ = ']';
}

/* --- keys in the order of localeCompare() --------------------------------------------------------------------- */

/* What is not here counts as nothing, beyond ASCII as itself. */
static const unsigned char weights[128] = {
	[' '] = 1, ['_'] = 2, ['-'] = 3, [','] = 4, [';'] = 5, [':'] = 6, ['!'] = 7, ['?'] = 8, ['.'] = 9, ['\''] = 10,
	['"'] = 11, ['('] = 12, [')'] = 13, ['['] = 14, [']'] = 15, ['{'] = 16, ['}'] = 17, ['@'] = 18, ['*'] = 19,
	['/'] = 20, ['\\'] = 21, ['&'] = 22, ['#'] = 23, ['%'] = 24, ['`'] = 25, ['^'] = 26, ['+'] = 27, ['<'] = 28,
	['='] = 29, ['>'] = 30, ['|'] = 31, ['~'] = 32, ['$'] = 33,
	['0'] = 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
	['A'] = 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69,
	['a'] = 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69,
};

static inline int weight(char c) {
	unsigned char u = (unsigned char)c;

	return u < 128 ? weights[u] : u;
}

/* Letters first by what they are; their case decides between keys that are equal but for it, small before capital. */
static int compare_keys(const struct entry *a, const struct entry *b) {
	uint32_t n = a->key_length < b->key_length ? a->key_length : b->key_length;

	for (uint32_t i = 0; i < n; i++) {
		int difference = weight(a->key[i]) - weight(b->key[i]);
		if (difference) {
			return difference;
		}
	}
	if (a->key_length != b->key_length) {
		return a->key_length < b->key_length ? -1 : 1;
	}
	return -memcmp(a->key, b->key, n);
}

static int compare(const void *x, const void *y) {
	return compare_keys(*(const struct entry *const *)x, *(const struct entry *const *)y);
}

/* Few entries are sorted where they stand, as a call for each comparison costs more than those that it saves. */
static void sort(const struct entry **entries, uint32_t count) {
	if (count > 16) {
		qsort(entries, count, sizeof(*entries), compare);
		return;
	}
	for (uint32_t i = 1; i < count; i++) {
		const struct entry *entry = entries[i];
		uint32_t at = i;
		for (; at > 0 && compare_keys(entries[at - 1], entry) > 0; at--) {
			entries[at] = entries[at - 1];
		}
		entries[at] = entry;
	}
}

/* An object that is built anew has its array indexes first again. */
static const struct entry **sort_entries(const struct emitter *e, const struct value *map) {
	const struct entry **entries = arena_array(e->sorting, const struct entry *, map->length);
	uint32_t count = 0, first = 0, index;

	for (const struct entry *m = map_first(map); m; m = map_next(map, m)) {
		first += key_is_index(m->key, m->key_length, &index);
		entries[count++] = m;
	}
	sort(entries + first, count - first);
	return entries;
}

static inline void emit_member(struct emitter *e, const struct entry *member, bool first, int level) {
	need(e, member->key_length + 2);
	*e->at = ',';
	e->at += !first;
	emit_newline(e, level);
	emit_string(e, member->key, member->key_length);
	memcpy(e->at, ": ", 2);
	e->at += e->indent ? 2 : 1;
	emit_value(e, member->value, level);
}

static void emit_map(struct emitter *e, const struct value *map, int level) {
	if (!map->length) {
		put(e, "{}", 2);
		return;
	}
	const struct entry **sorted = e->sorting ? sort_entries(e, map) : NULL;
	uint32_t i = 0;
	*e->at++ = '{';
	for (const struct entry *m = map_first(map); m; m = map_next(map, m), i++) {
		emit_member(e, sorted ? sorted[i] : m, i == 0, level + 1);
	}
	need(e, 1);
	emit_newline(e, level);
	*e->at++ = '}';
}

static void emit(struct emitter *e, const struct value *v, int level) {
	need(e, 1);
	switch (v->kind) {
	case VALUE_NULL:
		put(e, "null", 4);
		break;
	case VALUE_BOOL:
		put(e, v->boolean ? "true" : "false", v->boolean ? 4 : 5);
		break;
	case VALUE_NUMBER:
		if (isnan(v->number) || isinf(v->number)) {
			put(e, "null", 4);
		} else {
			e->at += number_spell(v->number, e->at);
		}
		break;
	case VALUE_STRING:
		emit_string(e, v->text, v->length);
		break;
	case VALUE_LIST:
		emit_list(e, v, level);
		break;
	case VALUE_MAP:
		emit_map(e, v, level);
		break;
	}
}

static void emit_all(struct emitter *e, const struct value *value) {
	e->at = text_room(e->out, SLACK);
	e->end = e->out->bytes + e->out->capacity;
	emit(e, value, 0);
	text_wrote(e->out, (size_t)(e->at - e->out->bytes) - e->out->length);
}

void emit_json(struct text *out, const struct value *value, int indent) {
	struct emitter e = { .out = out, .indent = indent };

	emit_all(&e, value);
}

void emit_json_sorted(struct text *out, struct arena *a, const struct value *value) {
	struct emitter e = { .out = out, .sorting = a };

	emit_all(&e, value);
}
