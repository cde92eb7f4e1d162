/*
 * The rules are those of js-yaml 4.3's dumper with its default settings: an indent of two, lines of 80, no references.
 * Its lengths are those of UTF-16, of which characters beyond U+FFFF take two.
 */
#include "emit.h"

#include <string.h>

#include "read_yaml.h"

enum { INDENT = 2, WIDTH = 80, LEAST_WIDTH = 40, LONGEST_KEY = 1024 };

struct writer {
	struct text *out;
	struct arena *arena;
};

static void put_line(struct writer *w, int level) {
	text_putc(w->out, '\n');
	for (int i = 0; i < level * INDENT; i++) {
		text_putc(w->out, ' ');
	}
}

static size_t units(const char *text, size_t length) {
	size_t count = 0;

	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];
		count += (c & 0xc0) != 0x80 ? 1 + (c >= 0xf0) : 0;
	}
	return count;
}

/* --- characters ------------------------------------------------------------------------------------------------ */

static bool is_printable(uint32_t c) {
	return (c >= 0x20 && c <= 0x7e) || (c >= 0xa1 && c <= 0xd7ff && c != 0x2028 && c != 0x2029) ||
		(c >= 0xe000 && c <= 0xfffd && c != 0xfeff) || (c >= 0x10000 && c <= 0x10ffff);
}

static bool is_blank(uint32_t c) {
	return c == ' ' || c == '\t';
}

/* `before`: 0 at the start. */
static bool is_plain(uint32_t c, uint32_t before) {
	bool visible = is_printable(c) && !is_blank(c);

	return (is_printable(c) && c != '#' && !(before == ':' && !visible)) ||
		(before && is_printable(before) && !is_blank(before) && c == '#') || (before == ':' && visible);
}

static bool is_plain_first(uint32_t c) {
	return is_printable(c) && !is_blank(c) && !(c < 0x80 && strchr("-?:,[]{}#&*!|=>'\"%@`", (int)c));
}

/* --- styles ---------------------------------------------------------------------------------------------------- */

enum style { PLAIN, SINGLE, LITERAL, FOLDED, DOUBLE };

static bool is_one_of(const char *text, const char *const *words, size_t count) {
	for (size_t i = 0; i < count; i++) {
		if (strcmp(text, words[i]) == 0) {
			return true;
		}
	}
	return false;
}

static bool is_digit(char c) {
	return (c >= '0' && c <= '9') || c == '_';
}

/* [-+]?[0-9_]+(:[0-9_]+)+(\.[0-9_]*)? : a number of base 60 to YAML 1.1. */
static bool is_base60(const char *p) {
	unsigned groups = 0;

	p += *p == '-' || *p == '+';
	for (;; groups++) {
		if (!is_digit(*p)) {
			return false;
		}
		while (is_digit(*p)) {
			p++;
		}
		if (*p != ':') {
			break;
		}
		p++;
	}
	if (groups && *p == '.') {
		for (p++; is_digit(*p); p++) {
		}
	}
	return groups && !*p;
}

/* What older readers take for a boolean or a number. */
static bool is_deprecated(const struct value *v) {
	static const char *const booleans[] = {
		"y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "n", "N", "no", "No", "NO", "off", "Off", "OFF",
	};

	return strlen(v->text) == v->length && (is_one_of(v->text, booleans, sizeof(booleans) / sizeof(*booleans)) ||
		is_base60(v->text));
}

static size_t digits(const char **p, size_t least, size_t most) {
	size_t n = 0;

	while (n < most && **p >= '0' && **p <= '9') {
		(*p)++;
		n++;
	}
	return n >= least ? n : SIZE_MAX;
}

static bool skip(const char **p, char c) {
	bool there = **p == c;

	*p += there;
	return there;
}

static void skip_blanks(const char **p) {
	*p += strspn(*p, " \t");
}

/* (?:[ \t]*(Z|([-+])[0-9][0-9]?(?::[0-9][0-9])?))? to the end. */
static bool is_zone(const char *p) {
	if (!*p) {
		return true;
	}
	skip_blanks(&p);
	if (skip(&p, 'Z')) {
		return !*p;
	}
	if ((!skip(&p, '-') && !skip(&p, '+')) || digits(&p, 1, 2) == SIZE_MAX) {
		return false;
	}
	return !*p || (skip(&p, ':') && digits(&p, 2, 2) != SIZE_MAX && !*p);
}

static bool is_timestamp(const char *text) {
	const char *p = text;

	if (digits(&p, 4, 4) == SIZE_MAX || !skip(&p, '-')) {
		return false;
	}
	size_t month = digits(&p, 1, 2);
	if (month == SIZE_MAX || !skip(&p, '-')) {
		return false;
	}
	size_t day = digits(&p, 1, 2);
	if (day == SIZE_MAX || !*p) {
		return day == 2 && month == 2;
	}
	if (*p == 'T' || *p == 't') {
		p++;
	} else if (is_blank((unsigned char)*p)) {
		skip_blanks(&p);
	} else {
		return false;
	}
	if (digits(&p, 1, 2) == SIZE_MAX || !skip(&p, ':') || digits(&p, 2, 2) == SIZE_MAX || !skip(&p, ':') ||
			digits(&p, 2, 2) == SIZE_MAX) {
		return false;
	}
	if (skip(&p, '.')) {
		digits(&p, 0, SIZE_MAX);
	}
	return is_zone(p);
}

/* Whether a plain scalar would be read as something else. */
static bool is_ambiguous(struct writer *w, const struct value *v) {
	return strcmp(v->text, "<<") == 0 || is_timestamp(v->text) || !is_string(yaml_scalar(w->arena, v->text, v->length));
}

static bool is_foldable(const char *line, size_t length, size_t width) {
	return *line != ' ' && length > width && units(line, length) > width;
}

static enum style choose_style(struct writer *w, const struct value *v, bool one_line, size_t width) {
	const char *end = v->text + v->length, *line = v->text;
	uint32_t c = 0, before = 0;
	bool breaks = false, foldable = false, plain = true;

	for (const char *p = v->text; p < end; before = c) {
		size_t bytes = utf8_decode(p, (size_t)(end - p), &c);
		plain = plain && (p > v->text || is_plain_first(c)) && is_plain(c, before);
		if (c == '\n' && !one_line) {
			breaks = true;
			foldable = foldable || is_foldable(line, (size_t)(p - line), width);
			line = p + 1;
		} else if (!is_printable(c)) {
			return DOUBLE;
		}
		p += bytes ? bytes : 1;
	}
	foldable = foldable || (!one_line && is_foldable(line, (size_t)(end - line), width));
	if (breaks || foldable) {
		return foldable ? FOLDED : LITERAL;
	}
	return plain && !is_blank(c) && c != ':' && !is_ambiguous(w, v) ? PLAIN : SINGLE;
}

/* --- scalars --------------------------------------------------------------------------------------------------- */

static void put_single(struct writer *w, const struct value *v) {
	text_putc(w->out, '\'');
	for (uint32_t i = 0; i < v->length; i++) {
		text_puts(w->out, v->text[i] == '\'' ? "'" : "");
		text_putc(w->out, v->text[i]);
	}
	text_putc(w->out, '\'');
}

static char escape_letter(uint32_t c) {
	switch (c) {
	case 0: return '0';
	case 0x07: return 'a';
	case 0x08: return 'b';
	case 0x09: return 't';
	case 0x0a: return 'n';
	case 0x0b: return 'v';
	case 0x0c: return 'f';
	case 0x0d: return 'r';
	case 0x1b: return 'e';
	case 0x22: return '"';
	case 0x5c: return '\\';
	case 0x85: return 'N';
	case 0xa0: return '_';
	case 0x2028: return 'L';
	case 0x2029: return 'P';
	}
	return '\0';
}

static void put_double(struct writer *w, const struct value *v) {
	const char *end = v->text + v->length;
	uint32_t c;

	text_putc(w->out, '"');
	for (const char *p = v->text; p < end;) {
		size_t bytes = utf8_decode(p, (size_t)(end - p), &c);
		if (escape_letter(c)) {
			text_printf(w->out, "\\%c", escape_letter(c));
		} else if (is_printable(c)) {
			text_add(w->out, p, bytes);
		} else {
			text_printf(w->out, c <= 0xff ? "\\x%02X" : c <= 0xffff ? "\\u%04X" : "\\U%08X", (unsigned)c);
		}
		p += bytes ? bytes : 1;
	}
	text_putc(w->out, '"');
}

static void put_header(struct writer *w, const struct value *v) {
	const char *text = v->text;
	bool clip = text[v->length - 1] == '\n';
	bool keep = clip && (v->length == 1 || text[v->length - 2] == '\n');

	text_puts(w->out, text[strspn(text, "\n")] == ' ' ? "2" : "");
	text_puts(w->out, keep ? "+" : clip ? "" : "-");
	text_putc(w->out, '\n');
}

/* Lines with an indent before those that hold something, without the last newline. */
static void put_indented(struct writer *w, const char *text, size_t length, int indent) {
	bool start = true;

	length -= length && text[length - 1] == '\n';
	for (size_t i = 0; i < length; i++) {
		for (int j = 0; start && text[i] != '\n' && j < indent; j++) {
			text_putc(w->out, ' ');
		}
		text_putc(w->out, text[i]);
		start = text[i] == '\n';
	}
}

/* Breaks a line where the longest part ends that is within the width, else after the shortest that is beyond it. */
static void fold_line(struct text *out, const char *line, size_t length, size_t width) {
	size_t start = 0, current = 0, start_units = 0, current_units = 0, at_units = 0;

	if (!length || *line == ' ') {
		text_add(out, line, length);
		return;
	}
	for (size_t at = 0; at + 1 < length; at++) {
		if (line[at] == ' ' && line[at + 1] != ' ') {
			if (at_units - start_units > width) {
				size_t end = current > start ? current : at;
				start_units = (current > start ? current_units : at_units) + 1;
				text_add(out, line + start, end - start);
				text_putc(out, '\n');
				start = end + 1;
			}
			current = at;
			current_units = at_units;
		}
		at_units += units(line + at, 1);
	}
	at_units += length ? units(line + length - 1, 1) : 0;
	if (at_units - start_units > width && current > start) {
		text_add(out, line + start, current - start);
		text_putc(out, '\n');
		start = current + 1;
	}
	text_add(out, line + start, length - start);
}

/* Newlines between lines that are not indented further are doubled, as one of them is a space to the reader. */
static void fold_text(struct text *out, const char *text, size_t length, size_t width) {
	const char *end = text + length, *p = memchr(text, '\n', length);
	bool before_indented = *text == '\n' || *text == ' ';

	p = p ? p : end;
	fold_line(out, text, (size_t)(p - text), width);
	while (p < end) {
		size_t breaks = 0;
		while (p + breaks < end && p[breaks] == '\n') {
			breaks++;
		}
		const char *line = p + breaks, *line_end = memchr(line, '\n', length - (size_t)(line - text));
		line_end = line_end ? line_end : end;
		bool indented = line < line_end && *line == ' ';
		text_add(out, p, breaks);
		text_puts(out, !before_indented && !indented && line < line_end ? "\n" : "");
		fold_line(out, line, (size_t)(line_end - line), width);
		before_indented = indented;
		p = line_end;
	}
}

static void put_folded(struct writer *w, const struct value *v, size_t width, int indent) {
	struct text folded = { 0 };

	fold_text(&folded, v->text, v->length, width);
	put_indented(w, folded.bytes, folded.length, indent);
	text_free(&folded);
}

static void put_string(struct writer *w, const struct value *v, int level, bool is_key) {
	int indent = INDENT * (level > 1 ? level : 1);
	size_t width = indent < WIDTH - LEAST_WIDTH ? (size_t)(WIDTH - indent) : LEAST_WIDTH;

	if (!v->length || is_deprecated(v)) {
		put_single(w, v);
		return;
	}
	switch (choose_style(w, v, is_key, width)) {
	case PLAIN:
		text_add(w->out, v->text, v->length);
		break;
	case SINGLE:
		put_single(w, v);
		break;
	case LITERAL:
		text_putc(w->out, '|');
		put_header(w, v);
		put_indented(w, v->text, v->length, indent);
		break;
	case FOLDED:
		text_putc(w->out, '>');
		put_header(w, v);
		put_folded(w, v, width, indent);
		break;
	case DOUBLE:
		put_double(w, v);
		break;
	}
}

/* A number, of which the whole ones are spelt as JavaScript does; 5e-7 is 5.e-7. */
static void put_number(struct writer *w, double number) {
	char spelt[NUMBER_SIZE];

	if (number - number != 0) {
		text_puts(w->out, "null");
		return;
	}
	number_spell(number, spelt);
	char *e = strchr(spelt, 'e');
	bool hacked = e && e[1] == '-' && !strchr(spelt, '.');
	text_add(w->out, spelt, hacked ? (size_t)(e - spelt) : strlen(spelt));
	text_puts(w->out, hacked ? "." : "");
	text_puts(w->out, hacked ? e : "");
}

/* --- collections ------------------------------------------------------------------------------------------------ */

static void put_node(struct writer *w, const struct value *v, int level, bool compact);

static bool is_block(const struct value *v) {
	return (is_map(v) || is_list(v)) && v->length;
}

static void put_list(struct writer *w, const struct value *v, int level, bool compact) {
	for (uint32_t i = 0; i < v->length; i++) {
		if (!compact || i) {
			put_line(w, level);
		}
		text_puts(w->out, "- ");
		put_node(w, v->items[i], level + 1, true);
	}
}

static void put_map(struct writer *w, const struct value *v, int level, bool compact) {
	bool first = true;

	for (const struct entry *e = map_first(v); e; e = map_next(v, e)) {
		const struct value *key = value_text(w->arena, e->key, e->key_length);
		if (!compact || !first) {
			put_line(w, level);
		}
		first = false;
		struct text spelt = { 0 };
		put_string(&(struct writer){ &spelt, w->arena }, key, level + 1, true);
		bool is_long = units(spelt.bytes, spelt.length) > LONGEST_KEY;
		text_puts(w->out, is_long ? "? " : "");
		text_add(w->out, spelt.bytes, spelt.length);
		text_free(&spelt);
		if (is_long) {
			put_line(w, level);
		}
		text_puts(w->out, is_block(e->value) && !is_long ? ":" : ": ");
		put_node(w, e->value, level + 1, is_long);
	}
}

/* `compact`: the first entry goes on in the line. */
static void put_node(struct writer *w, const struct value *v, int level, bool compact) {
	switch (v->kind) {
	case VALUE_NULL:
	case VALUE_BLANK:
		text_puts(w->out, "null");
		break;
	case VALUE_BOOL:
		text_puts(w->out, v->boolean ? "true" : "false");
		break;
	case VALUE_NUMBER:
		put_number(w, v->number);
		break;
	case VALUE_STRING:
		put_string(w, v, level, false);
		break;
	case VALUE_LIST:
		if (is_block(v)) {
			put_list(w, v, level, compact);
		} else {
			text_puts(w->out, "[]");
		}
		break;
	case VALUE_MAP:
		if (is_block(v)) {
			put_map(w, v, level, compact);
		} else {
			text_puts(w->out, "{}");
		}
		break;
	}
}

void emit_yaml(struct text *out, struct arena *a, const struct value *value) {
	struct writer w = { out, a };

	put_node(&w, value, 0, true);
	text_putc(out, '\n');
}
