#include "schema_rules.h"

#include <math.h>

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

static struct value *coerced_number(struct check *c, const struct value *v, bool whole) {
	if (v->kind == VALUE_BOOL || v->kind == VALUE_NULL) {
		return value_number(c->arena, v->kind == VALUE_BOOL && v->boolean);
	}
	double number;
	if (v->kind != VALUE_STRING || v->length == 0 || !number_read(v->text, v->length, &number)) {
		return NULL;
	}
	bool takes = !whole || isinf(number) || number == floor(number);
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
