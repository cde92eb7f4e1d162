#include "emit.h"

#include <math.h>
#include <string.h>

struct emitter {
	struct text *out;
	int indent;
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

static void emit_map(const struct emitter *e, const struct value *map, int level) {
	if (!map->length) {
		text_add(e->out, "{}", 2);
		return;
	}
	text_putc(e->out, '{');
	for (const struct entry *m = map_first(map), *next; m; m = next) {
		emit_newline(e, level + 1);
		emit_string(e->out, m->key, m->key_length);
		text_add(e->out, ": ", e->indent ? 2 : 1);
		emit(e, m->value, level + 1);
		next = map_next(map, m);
		if (next) {
			text_putc(e->out, ',');
		}
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
