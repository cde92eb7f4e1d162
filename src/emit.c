#include "emit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct emitter {
	struct text *out;
	int indent;
	struct arena *sorting;		/* where maps are sorted; NULL: they are not */
};

/* What JSON.stringify escapes: 1 as \u00XX, else the letter after the backslash. */
static const char escapes[256] = {
	[0] = 1, 1, 1, 1, 1, 1, 1, 1, 'b', 't', 'n', 1, 'f', 'r', 1, 1,
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
	['"'] = '"', ['\\'] = '\\',
};

static void emit_string(struct text *out, const char *text, size_t length) {
	char *start = text_room(out, length * 6 + 2), *p = start;

	*p++ = '"';
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];
		char escape = escapes[c];
		if (!escape) {
			*p++ = (char)c;
		} else if (escape == 1) {
			static const char hex[] = "0123456789abcdef";
			*p++ = '\\';
			*p++ = 'u';
			*p++ = '0';
			*p++ = '0';
			*p++ = hex[c >> 4];
			*p++ = hex[c & 15];
		} else {
			*p++ = '\\';
			*p++ = escape;
		}
	}
	*p++ = '"';
	text_wrote(out, (size_t)(p - start));
}

static void emit_newline(const struct emitter *e, int level) {
	if (!e->indent) {
		return;
	}
	size_t spaces = (size_t)level * (size_t)e->indent;
	char *at = text_room(e->out, spaces + 1);
	at[0] = '\n';
	memset(at + 1, ' ', spaces);
	text_wrote(e->out, spaces + 1);
}

static void emit(const struct emitter *e, const struct value *v, int level);

static void emit_list(const struct emitter *e, const struct value *list, int level) {
	if (!list->length) {
		text_add(e->out, "[]", 2);
		return;
	}
	text_putc(e->out, '[');
	for (size_t i = 0; i < list->length; i++) {
		if (i) {
			text_putc(e->out, ',');
		}
		emit_newline(e, level + 1);
		emit(e, list->items[i], level + 1);
	}
	emit_newline(e, level);
	text_putc(e->out, ']');
}

/* --- keys in the order of localeCompare() --------------------------------------------------------------------- */

static int weight(unsigned char c) {
	static const char order[] = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789abcdefghijklmnopqrstuvwxyz";
	const char *at = c && c < 128 ? strchr(order, c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) : NULL;

	return at ? (int)(at - order) + 1 : c < 128 ? 0 : c;
}

/* Letters first by what they are; their case decides between keys that are equal but for it, small before capital. */
static int compare_keys(const void *x, const void *y) {
	const struct entry *a = *(const struct entry *const *)x, *b = *(const struct entry *const *)y;
	uint32_t n = a->key_length < b->key_length ? a->key_length : b->key_length;

	for (uint32_t i = 0; i < n; i++) {
		int difference = weight((unsigned char)a->key[i]) - weight((unsigned char)b->key[i]);
		if (difference) {
			return difference;
		}
	}
	if (a->key_length != b->key_length) {
		return a->key_length < b->key_length ? -1 : 1;
	}
	return -memcmp(a->key, b->key, n);
}

/* An object that is built anew has its array indexes first again. */
static const struct entry **sort_entries(const struct emitter *e, const struct value *map) {
	const struct entry **entries = arena_array(e->sorting, const struct entry *, map->length);
	uint32_t count = 0, first = 0, index;

	for (const struct entry *m = map_first(map); m; m = map_next(map, m)) {
		first += key_is_index(m->key, m->key_length, &index);
		entries[count++] = m;
	}
	qsort(entries + first, count - first, sizeof(*entries), compare_keys);
	return entries;
}

static void emit_map(const struct emitter *e, const struct value *map, int level) {
	if (!map->length) {
		text_add(e->out, "{}", 2);
		return;
	}
	const struct entry **sorted = e->sorting ? sort_entries(e, map) : NULL;
	uint32_t i = 0;
	text_putc(e->out, '{');
	for (const struct entry *m = map_first(map); m; m = map_next(map, m), i++) {
		const struct entry *member = sorted ? sorted[i] : m;
		if (i) {
			text_putc(e->out, ',');
		}
		emit_newline(e, level + 1);
		emit_string(e->out, member->key, member->key_length);
		text_add(e->out, ": ", e->indent ? 2 : 1);
		emit(e, member->value, level + 1);
	}
	emit_newline(e, level);
	text_putc(e->out, '}');
}

static void emit(const struct emitter *e, const struct value *v, int level) {
	switch (v->kind) {
	case VALUE_NULL:
		text_add(e->out, "null", 4);
		break;
	case VALUE_BOOL:
		text_puts(e->out, v->boolean ? "true" : "false");
		break;
	case VALUE_NUMBER:
		if (isnan(v->number) || isinf(v->number)) {
			text_add(e->out, "null", 4);
		} else {
			text_wrote(e->out, number_spell(v->number, text_room(e->out, NUMBER_SIZE)));
		}
		break;
	case VALUE_STRING:
		emit_string(e->out, v->text, v->length);
		break;
	case VALUE_LIST:
		emit_list(e, v, level);
		break;
	case VALUE_MAP:
		emit_map(e, v, level);
		break;
	}
}

void emit_json(struct text *out, const struct value *value, int indent) {
	struct emitter e = { .out = out, .indent = indent };

	emit(&e, value, 0);
}

void emit_json_sorted(struct text *out, struct arena *a, const struct value *value) {
	struct emitter e = { .out = out, .sorting = a };

	emit(&e, value, 0);
}
