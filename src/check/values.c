/*
 * Values of a template as far as they are known before it is deployed.
 */
#include "websocket.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"

enum { UNKNOWN = '\1' };

static void add_known(struct text *out, const struct value *v);

static void add_joined(struct text *out, const struct value *join) {
	const struct value *delimiter = list_get(join, 0), *items = list_get(join, 1);

	if (!is_string(delimiter) || !is_list(items)) {
		text_putc(out, UNKNOWN);
		return;
	}
	for (size_t i = 0; i < items->length; i++) {
		if (i) {
			text_add(out, delimiter->text, delimiter->length);
		}
		add_known(out, items->items[i]);
	}
}

static void add_substituted(struct text *out, const struct value *sub) {
	const struct value *text = is_list(sub) ? list_get(sub, 0) : sub;
	const char *at = is_string(text) ? text->text : "\1", *open;

	while ((open = strstr(at, "${")) != NULL) {
		const char *close = strchr(open, '}');
		text_add(out, at, (size_t)(open - at));
		if (!close) {
			return;
		}
		if (open[2] == '!') {
			text_puts(out, "${");
			text_add(out, open + 3, (size_t)(close - open - 2));
		} else {
			text_putc(out, UNKNOWN);
		}
		at = close + 1;
	}
	text_puts(out, at);
}

static void add_known(struct text *out, const struct value *v) {
	char number[NUMBER_SIZE];

	if (is_string(v)) {
		text_add(out, v->text, v->length);
	} else if (is_number(v)) {
		text_add(out, number, number_spell(v->number, number));
	} else if (map_has(v, "Fn::Join")) {
		add_joined(out, map_get(v, "Fn::Join"));
	} else if (map_has(v, "Fn::Sub")) {
		add_substituted(out, map_get(v, "Fn::Sub"));
	} else {
		text_putc(out, UNKNOWN);
	}
}

const char *known_text(const struct check *c, const struct value *v) {
	struct text out = { 0 };
	const char *text;

	if (is_string(v)) {
		return v->text;
	}
	if (!is_number(v) && !intrinsic_name(v)) {
		return NULL;
	}
	add_known(&out, v);
	text = out.length ? arena_copy(c->arena, out.bytes, out.length) : "";
	text_free(&out);
	return text;
}

/* "Id", "Id.Attribute" or, of what stands between braces, either with spaces around. */
static const struct resource *named(const struct check *c, const char *text, size_t length) {
	text_trim(&text, &length);
	const char *dot = memchr(text, '.', length);
	return check_resource(c, arena_copy(c->arena, text, dot ? (size_t)(dot - text) : length));
}

static const struct resource *substituted(const struct check *c, const struct value *sub) {
	const struct value *text = is_list(sub) ? list_get(sub, 0) : sub;
	const char *at = is_string(text) ? text->text : "";
	const struct resource *found = NULL;

	while (!found && (at = strstr(at, "${")) != NULL) {
		const char *close = strchr(at, '}');
		if (!close) {
			break;
		}
		found = named(c, at + 2, (size_t)(close - at - 2));
		at = close;
	}
	return found ? found : referred(c, is_list(sub) ? list_get(sub, 1) : NULL);
}

const struct resource *referred(const struct check *c, const struct value *v) {
	const struct value *ref = map_get(v, "Ref"), *attribute = map_get(v, "Fn::GetAtt"), *sub = map_get(v, "Fn::Sub");
	const struct resource *found = NULL;

	if (is_string(ref)) {
		return check_resource(c, ref->text);
	}
	if (attribute) {
		const struct value *id = is_list(attribute) ? list_get(attribute, 0) : attribute;
		return is_string(id) ? named(c, id->text, id->length) : NULL;
	}
	if (sub) {
		return substituted(c, sub);
	}
	for (const struct entry *e = map_first(v); e && !found; e = map_next(v, e)) {
		found = referred(c, e->value);
	}
	for (size_t i = 0; i < list_length(v) && !found; i++) {
		found = referred(c, v->items[i]);
	}
	return found;
}

/* Of an invocation path, the function is the last thing that is referred to: what stands before is about the place. */
const struct resource *referred_function(const struct check *c, const struct value *v) {
	const struct resource *r = referred(c, v);

	for (int steps = 0; r && steps < 3; steps++) {
		if (strcmp(r->type, "AWS::Lambda::Function") == 0) {
			return r;
		}
		if (strcmp(r->type, "AWS::Lambda::Alias") != 0 && strcmp(r->type, "AWS::Lambda::Version") != 0) {
			return NULL;
		}
		r = referred(c, check_property(r, "FunctionName"));
	}
	return NULL;
}

bool known_number(const struct value *v, double *number) {
	if (is_number(v)) {
		*number = v->number;
		return true;
	}
	return is_string(v) && v->length && number_read(v->text, v->length, number);
}

bool is_on(const struct value *v) {
	return (is_bool(v) && v->boolean) || (is_string(v) && strcasecmp(v->text, "true") == 0);
}
