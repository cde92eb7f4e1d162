/*
 * Texts of events as the reference takes them: it calls the methods of a text on some settings, so that what is none ends
 * it, and it writes others into JSON that it then parses.
 */
#include <string.h>

#include "base/text.h"
#include "events/events.h"
#include "read_json.h"

/* The value of a written text, which it frees; it stands where `from` stands. */
static struct value *take_text(struct arena *a, struct text *text, const struct value *from) {
	char *copy = arena_alloc(a, text->length + 1);

	memcpy(copy, text->bytes ? text->bytes : "", text->length);
	copy[text->length] = '\0';
	struct value *v = value_text(a, copy, text->length);
	v->mark = from->mark;
	v->origin = from->origin;
	text_free(text);
	return v;
}

struct value *event_text(const struct event_reading *r, const char *key, bool needed) {
	struct value *v = map_get(r->event->value, key);

	if (is_string(v) && (needed || v->length)) {
		return v;
	}
	if (!needed && !is_truthy(v)) {
		return NULL;
	}
	if (is_missing(v)) {
		diag_help(diag_error(r->diag, "C370", r->event->mark, "event '%s' has no '%s'", r->event->key, key),
			"add '%s', which is a text", key);
		return NULL;
	}
	struct diagnostic *d = diag_error(r->diag, "C371", v->mark, "'%s' of the event '%s' is a %s, expected a text", key,
		r->event->key, value_kind_name(v));
	diag_origin(d, v);
	diag_help(d, "write the text itself: a function of CloudFormation is not possible here");
	return NULL;
}

struct value *event_without_lines(struct arena *a, struct value *v) {
	struct text text = { 0 };

	if (!v || !memchr(v->text, '\n', v->length)) {
		return v;
	}
	for (uint32_t i = 0; i < v->length; i++) {
		if (v->text[i] == '\r' && i + 1 < v->length && v->text[i + 1] == '\n') {
			continue;
		}
		if (v->text[i] != '\n') {
			text_putc(&text, v->text[i]);
		}
	}
	return take_text(a, &text, v);
}

struct value *event_without_escapes(struct arena *a, struct value *v) {
	struct text text = { 0 };

	if (!v || !memchr(v->text, '\\', v->length)) {
		return v;
	}
	for (uint32_t i = 0; i < v->length; i++) {
		if (v->text[i] == '\\' && i + 1 < v->length && (v->text[i + 1] == 'n' || v->text[i + 1] == 'r')) {
			i++;
		} else {
			text_putc(&text, v->text[i]);
		}
	}
	return take_text(a, &text, v);
}

struct value *event_escape_quotes(struct arena *a, struct value *v) {
	struct text text = { 0 };

	for (uint32_t i = 0; i < v->length; i++) {
		if (v->text[i] == '"') {
			text_putc(&text, '\\');
		}
		text_putc(&text, v->text[i]);
	}
	return take_text(a, &text, v);
}

struct value *event_json(const struct event_reading *r, const struct value *json, const char *what, const char *help) {
	struct arena *a = r->service->arena;
	struct source *source = arena_new(a, struct source);
	struct diag faults;

	*source = (struct source){ .name = "", .text = json->text, .length = json->length };
	diag_init(&faults, a, false);
	struct value *v = read_json(a, source, &faults);
	if (v && !faults.errors) {
		v->mark = json->mark;
		return v;
	}
	struct diagnostic *d = diag_error(r->diag, "C362", json->mark, "%s of the event '%s' is not possible in JSON", what,
		r->event->key);
	diag_origin(d, json);
	diag_help(d, "%s", help);
	return NULL;
}

struct value *event_quoted(const struct event_reading *r, const struct value *v, const char *what) {
	struct text json = { 0 };

	text_putc(&json, '"');
	if (is_string(v)) {
		text_add(&json, v->text, v->length);
	} else {
		const char *text = value_spell(r->service->arena, v);
		text_puts(&json, text ? text : "[object Object]");
	}
	text_putc(&json, '"');
	return event_json(r, take_text(r->service->arena, &json, v), what,
		"it is put between the quotes of JSON as it is: write \\\" for a quote there, \\n for a line's end, \\\\ for a backslash");
}
