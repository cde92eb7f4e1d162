#include "emit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/form.h"

struct emitter {
	struct text *out;
	char *end;			/* of the room in out */
	int indent;
	struct arena *sorting;		/* where maps are sorted; NULL: they are not */
	struct text *pieces;		/* where the pieces of a form are noted; NULL: no form is printed but a value */
};

/*
 * Each function writes at `p` and returns where it stopped: a pointer that is handed on stays in a register. Who begins a
 * member or an item makes sure of room for its line, its strings and SLACK bytes more; all else is so short that SLACK
 * has room for it. Therefore things may be copied by sixteen bytes, of which those beyond their end are written over.
 */
enum { SLACK = 128, LINE = 32 };

static __attribute__((noinline)) char *grow(struct emitter *e, char *p, size_t more) {
	text_wrote(e->out, (size_t)(p - e->out->bytes) - e->out->length);
	p = text_room(e->out, more + SLACK);
	e->end = e->out->bytes + e->out->capacity;
	return p;
}

static inline char *need(struct emitter *e, char *p, size_t more) {
	return (size_t)(e->end - p) <= more + SLACK ? grow(e, p, more) : p;
}

static inline char *put(char *p, const char *text, size_t length) {
	memcpy(p, text, length);
	return p + length;
}

/* --- strings --------------------------------------------------------------------------------------------------- */

/* What JSON.stringify escapes: 1 as \u00XX, else the letter after the backslash. */
static const char escapes[256] = {
	[0] = 1, 1, 1, 1, 1, 1, 1, 1, 'b', 't', 'n', 1, 'f', 'r', 1, 1,
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
	['"'] = '"', ['\\'] = '\\',
};

static char *escape(char *p, unsigned char c) {
	static const char hex[] = "0123456789abcdef";

	*p++ = '\\';
	if (escapes[c] != 1) {
		*p++ = escapes[c];
		return p;
	}
	memcpy(p, "u00", 3);
	p[3] = hex[c >> 4];
	p[4] = hex[c & 15];
	return p + 5;
}

/* `after`: the length of the string that follows in the same member. */
static __attribute__((noinline)) char *put_special(struct emitter *e, char *p, const char *text, size_t length,
		size_t after) {
	p = need(e, p, length * 6 + after);
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];
		if (escapes[c]) {
			p = escape(p, c);
		} else {
			*p++ = (char)c;
		}
	}
	return p;
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
#ifdef __SSE2__
	return __builtin_ia32_pmovmskb128((char __attribute__((vector_size(16))))bytes) != 0;
#else
	pair p = (pair)bytes;
	return (p[0] | p[1]) != 0;
#endif
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
		uint64_t first, last;
		memcpy(&first, from, 8);
		memcpy(&last, from + length - 8, 8);
		memcpy(to, &first, 8);
		memcpy(to + length - 8, &last, 8);
		return !is_any(special((sixteen)(pair){ first, last }));
	}
	if (length >= 4) {
		uint32_t first, last;
		memcpy(&first, from, 4);
		memcpy(&last, from + length - 4, 4);
		memcpy(to, &first, 4);
		memcpy(to + length - 4, &last, 4);
		uint64_t both = first | (uint64_t)last << 32;
		return !is_any(special((sixteen)(pair){ both, both }));
	}
	bool found = false;
	for (size_t i = 0; i < length; i++) {
		found |= escapes[(unsigned char)from[i]] != 0;
		to[i] = from[i];
	}
	return !found;
}

/* With its quotes; there is room for it and what comes after if nothing has to be escaped. */
static inline char *put_string(struct emitter *e, char *p, const char *text, size_t length, size_t after) {
	*p++ = '"';
	p = copy_plain(p, text, length) ? p + length : put_special(e, p, text, length, after);
	*p++ = '"';
	return p;
}

/* A new line with its indentation, of `length` bytes; 0: none. */
static inline char *put_line(struct emitter *e, char *p, size_t length) {
	static const char line[LINE] = "\n                               ";

	if (length > LINE) {
		p = need(e, p, length);
		memset(p, ' ', length);
		*p = '\n';
	} else {
		memcpy(p, line, LINE);
	}
	return p + length;
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

/* --- values ---------------------------------------------------------------------------------------------------- */

static char *emit(struct emitter *e, char *p, const struct value *v, size_t line);

/* A string has its room already; what is longer leaves little of it. */
static inline char *put_value(struct emitter *e, char *p, const struct value *v, size_t line) {
	return v->kind == VALUE_STRING ? put_string(e, p, v->text, v->length, 0) : need(e, emit(e, p, v, line), 0);
}

static inline size_t string_length(const struct value *v) {
	return v->kind == VALUE_STRING ? v->length : 0;
}

/* Each item is followed by a comma; the last one's is taken back. */
static char *emit_list(struct emitter *e, char *p, const struct value *list, size_t line) {
	size_t inner = line + (size_t)e->indent;

	if (!list->length) {
		return put(p, "[]", 2);
	}
	*p++ = '[';
	for (size_t i = 0; i < list->length; i++) {
		const struct value *item = list->items[i];
		p = put_line(e, need(e, p, string_length(item)), inner);
		p = put_value(e, p, item, inner);
		*p++ = ',';
	}
	p = put_line(e, p - 1, line);
	*p++ = ']';
	return p;
}

/* --- forms ----------------------------------------------------------------------------------------------------- */

/* What a form prints up to a blank, or to its end. */
struct piece {
	const char *text;
	uint32_t length;
	uint32_t blank;
	size_t line;		/* emit()'s, for the blank */
};

enum { NO_BLANK = FORM_BLANKS };

/* A form as it is printed in one manner, at one depth, with the same blanks filled in. */
struct rendering {
	struct rendering *next;
	uint64_t given;
	size_t line;
	int indent;
	bool sorted;
	const struct piece *pieces;
};

enum { RENDERINGS = 16 };	/* of a form: what there are more kinds of is written out */

static void note_piece(struct emitter *e, size_t end, uint32_t blank, size_t line) {
	struct piece piece = { .length = (uint32_t)end, .blank = blank, .line = line };

	text_add(e->pieces, (const char *)&piece, sizeof(piece));
}

/* The pieces of what was printed, of which only the ends are noted. */
static const struct piece *cut(struct arena *a, const struct text *text, const struct text *noted) {
	struct piece *pieces = (struct piece *)arena_copy(a, noted->bytes, noted->length);
	const char *all = arena_copy(a, text->bytes, text->length);
	uint32_t from = 0;

	for (size_t i = 0; i < noted->length / sizeof(*pieces); i++) {
		uint32_t end = pieces[i].length;
		pieces[i].text = all + from;
		pieces[i].length = end - from;
		from = end;
	}
	return pieces;
}

static void emit_all(struct emitter *e, const struct value *value, size_t line);

/* Prints the form with its blanks, but for those that are left out. */
static const struct rendering *render(const struct emitter *like, const struct filled *f, size_t line) {
	struct arena *a = f->form->arena;
	struct value *blanks[FORM_BLANKS] = { NULL };
	struct text text = { 0 }, noted = { 0 };
	struct emitter e = { .out = &text, .indent = like->indent, .sorting = like->sorting, .pieces = &noted };
	struct rendering *r = arena_new(a, struct rendering);

	for (uint32_t i = 0; i < f->form->blanks; i++) {
		blanks[i] = f->given >> i & 1 ? BLANK(i) : NULL;
	}
	emit_all(&e, value_fill(a, f->form->tree, blanks), line);
	note_piece(&e, text.length, NO_BLANK, 0);
	*r = (struct rendering){
		.next = f->form->renderings, .given = f->given, .line = line, .indent = e.indent, .sorted = e.sorting,
		.pieces = cut(a, &text, &noted),
	};
	f->form->renderings = r;
	text_free(&text);
	text_free(&noted);
	return r;
}

/* NULL: there are many already. */
static inline const struct rendering *rendering_of(const struct emitter *e, const struct filled *f, size_t line) {
	int count = 0;

	for (const struct rendering *r = f->form->renderings; r; r = r->next, count++) {
		if (r->given == f->given && r->line == line && r->indent == e->indent && r->sorted == !!e->sorting) {
			return r;
		}
	}
	return count < RENDERINGS ? render(e, f, line) : NULL;
}

static char *emit_filled(struct emitter *e, char *p, const struct filled *f, const struct piece *piece) {
	for (; piece->blank != NO_BLANK; piece++) {
		const struct value *v = f->values[piece->blank];
		p = put(need(e, p, piece->length + string_length(v)), piece->text, piece->length);
		p = put_value(e, p, v, piece->line);
	}
	return put(need(e, p, piece->length), piece->text, piece->length);
}

/* --- maps ------------------------------------------------------------------------------------------------------ */

static char *emit_map(struct emitter *e, char *p, const struct value *map, size_t line) {
	const struct filled *filled = filled_of(map);
	const struct rendering *rendering = filled ? rendering_of(e, filled, line) : NULL;

	if (rendering) {
		return emit_filled(e, p, filled, rendering->pieces);
	}
	const struct entry **sorted = e->sorting ? sort_entries(e, map) : NULL;
	size_t inner = line + (size_t)e->indent, colon = e->indent ? 2 : 1;

	if (!map->length) {
		return put(p, "{}", 2);
	}
	*p++ = '{';
	for (const struct entry *m = map_first(map); m; m = map_next(map, m)) {
		const struct entry *member = sorted ? *sorted++ : m;
		size_t after = string_length(member->value);
		p = put_line(e, need(e, p, member->key_length + after), inner);
		p = put_string(e, p, member->key, member->key_length, after);
		memcpy(p, ": ", 2);
		p = put_value(e, p + colon, member->value, inner);
		*p++ = ',';
	}
	p = put_line(e, p - 1, line);
	*p++ = '}';
	return p;
}

static char *emit_number(char *p, double number) {
	return isnan(number) || isinf(number) ? put(p, "null", 4) : p + number_spell(number, p);
}

/* `line`: the length of the line break before the value's end, if it has one. */
static char *emit(struct emitter *e, char *p, const struct value *v, size_t line) {
	switch (v->kind) {
	case VALUE_NULL:
		return put(p, "null", 4);
	case VALUE_BOOL:
		return v->boolean ? put(p, "true", 4) : put(p, "false", 5);
	case VALUE_NUMBER:
		return emit_number(p, v->number);
	case VALUE_STRING:
		return put_string(e, need(e, p, v->length), v->text, v->length, 0);
	case VALUE_LIST:
		return emit_list(e, p, v, line);
	case VALUE_MAP:
		return emit_map(e, p, v, line);
	case VALUE_BLANK:
		note_piece(e, (size_t)(p - e->out->bytes), v->length, line);
		return p;
	}
	return p;
}

static void emit_all(struct emitter *e, const struct value *value, size_t line) {
	char *p = text_room(e->out, SLACK);

	e->end = e->out->bytes + e->out->capacity;
	p = emit(e, p, value, line);
	text_wrote(e->out, (size_t)(p - e->out->bytes) - e->out->length);
}

void emit_json(struct text *out, const struct value *value, int indent) {
	struct emitter e = { .out = out, .indent = indent };

	emit_all(&e, value, indent ? 1 : 0);
}

struct value *json_text(struct arena *a, const struct value *value) {
	struct text text = { 0 };

	emit_json(&text, value, 0);
	struct value *result = value_text(a, arena_copy(a, text.bytes, text.length), text.length);
	text_free(&text);
	return result;
}

void emit_json_sorted(struct text *out, struct arena *a, const struct value *value) {
	struct emitter e = { .out = out, .sorting = a };

	emit_all(&e, value, 0);
}
