#include "schema_rules.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/*
 * The reference lets its validator (ajv, with coerceTypes: 'array') mend values of a wrong type in place. What it mends
 * reaches the template, so its rules are kept to the letter:
 *
 * - A list of one is opened. If its item fits, the item takes the list's place; if it does not, the list stays where it
 *   is, but every later keyword and branch at this place looks at the item.
 * - A failing branch of anyOf or oneOf leaves what it has mended.
 */

/* Writes a new value where the old one is held. */
static bool put(struct check *c, struct frame *f, struct value *v) {
	f->value = v;
	if (f->holder && f->entry) {
		map_set_entry(c->arena, f->holder, f->entry->key, f->entry->key_length, f->entry->mark, v);
	} else if (f->holder) {
		f->holder->items[f->index] = v;
	}
	return true;
}

static struct value *marked(struct value *v, const struct value *from) {
	v->mark = from->mark;
	v->origin = from->origin;
	return v;
}

/* --- to a number --------------------------------------------------------------------------------------------- */

static size_t white_space(const char *text, size_t length) {
	uint32_t code;
	size_t n = utf8_decode(text, length, &code);
	bool is = n && (code == ' ' || (code >= 9 && code <= 13) || code == 0xa0 || code == 0x1680 ||
		(code >= 0x2000 && code <= 0x200a) || code == 0x2028 || code == 0x2029 || code == 0x202f || code == 0x205f ||
		code == 0x3000 || code == 0xfeff);

	return is ? n : 0;
}

static const char *trimmed(struct arena *a, const struct value *v) {
	const char *start = v->text, *end = start + v->length;

	for (size_t n; start < end && (n = white_space(start, (size_t)(end - start)));) {
		start += n;
	}
	for (const char *p = end; p > start;) {
		p--;
		if (((unsigned char)*p & 0xc0) == 0x80) {
			continue;
		}
		if (white_space(p, (size_t)(end - p)) != (size_t)(end - p)) {
			break;
		}
		end = p;
	}
	return arena_copy(a, start, (size_t)(end - start));
}

static double from_digits(const char *digits, int base) {
	double number = 0;

	if (!*digits) {
		return NAN;
	}
	for (; *digits; digits++) {
		char c = *digits;
		int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 :
			c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;
		if (digit >= base) {
			return NAN;
		}
		number = number * base + digit;
	}
	return number;
}

static bool is_decimal(const char *p) {
	p += *p == '+' || *p == '-';
	size_t whole = strspn(p, "0123456789");
	p += whole;
	size_t part = 0;
	if (*p == '.') {
		part = strspn(++p, "0123456789");
		p += part;
	}
	if (whole + part > 0 && (*p == 'e' || *p == 'E')) {
		p++;
		p += *p == '+' || *p == '-';
		size_t exponent = strspn(p, "0123456789");
		p += exponent;
		return exponent && !*p;
	}
	return whole + part > 0 && !*p;
}

/* JavaScript's Number(text). */
static double to_number(struct arena *a, const struct value *v) {
	const char *text = trimmed(a, v);
	static const struct { const char *text; double number; } infinities[] = {
		{ "Infinity", INFINITY }, { "+Infinity", INFINITY }, { "-Infinity", -INFINITY },
	};

	if (memchr(v->text, 0, v->length)) {
		return NAN;
	}
	if (!*text) {
		return 0;
	}
	for (size_t i = 0; i < 3; i++) {
		if (strcmp(text, infinities[i].text) == 0) {
			return infinities[i].number;
		}
	}
	if (text[0] == '0' && text[1] && strchr("xXoObB", text[1])) {
		return from_digits(text + 2, strchr("xX", text[1]) ? 16 : strchr("oO", text[1]) ? 8 : 2);
	}
	return is_decimal(text) ? strtod(text, NULL) : NAN;
}

static struct value *coerced_number(struct check *c, const struct value *v, bool whole) {
	if (v->kind == VALUE_BOOL || v->kind == VALUE_NULL) {
		return value_number(c->arena, v->kind == VALUE_BOOL && v->boolean);
	}
	if (v->kind != VALUE_STRING || v->length == 0) {
		return NULL;
	}
	double number = to_number(c->arena, v);
	bool takes = !isnan(number) && (!whole || isinf(number) || number == floor(number));
	return takes ? value_number(c->arena, number) : NULL;
}

/* --- to the other types -------------------------------------------------------------------------------------- */

static struct value *coerced_string(struct check *c, const struct value *v) {
	if (v->kind == VALUE_NULL) {
		return value_string(c->arena, "");
	}
	return v->kind == VALUE_NUMBER || v->kind == VALUE_BOOL ? value_string(c->arena, value_spell(c->arena, v)) : NULL;
}

static struct value *coerced_bool(struct check *c, const struct value *v) {
	bool zero = v->kind == VALUE_NUMBER && v->number == 0, one = v->kind == VALUE_NUMBER && v->number == 1;

	if (is_text(v, "false") || zero || v->kind == VALUE_NULL) {
		return value_bool(c->arena, false);
	}
	return is_text(v, "true") || one ? value_bool(c->arena, true) : NULL;
}

static struct value *coerced_null(struct check *c, const struct value *v) {
	bool zero = v->kind == VALUE_NUMBER && v->number == 0;

	return is_text(v, "") || zero || (v->kind == VALUE_BOOL && !v->boolean) ? value_null(c->arena) : NULL;
}

static struct value *coerced_list(struct check *c, struct value *v) {
	return v->kind == VALUE_LIST || v->kind == VALUE_MAP ? NULL : LIST(c->arena, v);
}

static struct value *coerced(struct check *c, struct value *v, uint32_t types) {
	struct value *to = NULL;

	to = !to && types & KIND_STRING ? coerced_string(c, v) : to;
	to = !to && types & (KIND_NUMBER | TYPE_INTEGER) ? coerced_number(c, v, !(types & KIND_NUMBER)) : to;
	to = !to && types & KIND_BOOL ? coerced_bool(c, v) : to;
	to = !to && types & KIND_NULL ? coerced_null(c, v) : to;
	to = !to && types & KIND_LIST ? coerced_list(c, v) : to;
	return to;
}

bool value_coerce(struct check *c, struct frame *f, uint32_t types) {
	if (!(types & ~(uint32_t)KIND_MAP)) {
		return false;
	}
	if (f->value->kind == VALUE_LIST && f->value->length == 1) {
		f->value = f->value->items[0];
		if (value_has_type(f->value, types)) {
			return put(c, f, f->value);
		}
	}
	struct value *to = coerced(c, f->value, types);
	return to && put(c, f, marked(to, f->value));
}
