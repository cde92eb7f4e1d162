#include "dev/selection.h"

#include <stdlib.h>

#include "base/text.h"

enum { MOST_PARTS = 64, MOST_STEPS = 32, MOST_FOUND = 10000, LONGEST_KEY = 64 * 1024 };

enum step_kind { STEP_NAME, STEP_INDEX, STEP_ALL, STEP_ANYWHERE };

struct path_step {
	enum step_kind kind;
	const char *name;
	long index;
};

struct path {
	struct path_step steps[MOST_STEPS];
	size_t count;
	bool many;			/* it can find several values: the result is a list */
};

struct part {
	const char *literal;		/* NULL: a variable */
	struct path *path;		/* NULL: a variable that no message has, as $request.header.x */
};

struct selection {
	struct part parts[MOST_PARTS];
	size_t count;
};

/* --- JSONPath --------------------------------------------------------------------------------------------------- */

static bool ends_name(char c) {
	return !c || strchr(".[]", c);
}

/* ['name'], ["name"], [3], [*] */
static const char *parse_bracket(struct arena *a, const char *at, struct path_step *step) {
	const char *end;
	char *rest;

	if (*at == '*') {
		step->kind = STEP_ALL;
		return at[1] == ']' ? at + 2 : NULL;
	}
	if (*at == '\'' || *at == '"') {
		end = strchr(at + 1, *at);
		if (!end || end[1] != ']') {
			return NULL;
		}
		*step = (struct path_step){ .kind = STEP_NAME, .name = arena_copy(a, at + 1, (size_t)(end - at - 1)) };
		return end + 2;
	}
	*step = (struct path_step){ .kind = STEP_INDEX, .index = strtol(at, &rest, 10) };
	return rest != at && *rest == ']' ? rest + 1 : NULL;
}

static const char *parse_name(struct arena *a, const char *at, struct path_step *step) {
	const char *end = at;

	if (*at == '*' && ends_name(at[1])) {
		step->kind = STEP_ALL;
		return at + 1;
	}
	while (!ends_name(*end)) {
		end++;
	}
	*step = (struct path_step){ .kind = STEP_NAME, .name = arena_copy(a, at, (size_t)(end - at)) };
	return end > at ? end : NULL;
}

/* One step further; NULL when the path is malformed. */
static const char *parse_step(struct arena *a, const char *at, struct path *path) {
	struct path_step *step = &path->steps[path->count];

	if (at[0] == '.' && at[1] == '.') {
		*step = (struct path_step){ .kind = STEP_ANYWHERE };
		path->count++;
		path->many = true;
		return at[2] == '[' ? at + 2 : at + 1;
	}
	at = *at == '[' ? parse_bracket(a, at + 1, step) : parse_name(a, at + (*at == '.'), step);
	path->many = path->many || step->kind == STEP_ALL;
	path->count++;
	return at;
}

static struct path *parse_path(struct arena *a, const char *at) {
	struct path *path = arena_new(a, struct path);

	while (at && *at) {
		if (path->count + 2 > MOST_STEPS) {
			return NULL;
		}
		at = parse_step(a, at, path);
	}
	return at ? path : NULL;
}

struct search {
	struct arena *arena;
	const struct path *path;
	struct value *found;		/* a list */
	unsigned budget;
};

static void search(struct search *s, const struct value *value, size_t step);

static void search_children(struct search *s, const struct value *value, size_t step) {
	for (size_t i = 0; i < list_length(value); i++) {
		search(s, list_get(value, i), step);
	}
	for (const struct entry *e = map_first(value); e; e = map_next(value, e)) {
		search(s, e->value, step);
	}
}

static void search(struct search *s, const struct value *value, size_t step) {
	const struct path_step *at = &s->path->steps[step];

	if (!value || !s->budget) {
		return;
	}
	s->budget--;
	if (step == s->path->count) {
		list_add(s->arena, s->found, (struct value *)value);
		return;
	}
	switch (at->kind) {
	case STEP_NAME:
		search(s, map_get_text(value, at->name, strlen(at->name)), step + 1);
		break;
	case STEP_INDEX:
		search(s, list_get(value, at->index < 0 ? list_length(value) + (size_t)at->index : (size_t)at->index), step + 1);
		break;
	case STEP_ALL:
		search_children(s, value, step + 1);
		break;
	case STEP_ANYWHERE:
		search(s, value, step + 1);
		search_children(s, value, step);
		break;
	}
}

static const struct value *find(struct arena *a, const struct path *path, const struct value *body) {
	struct search s = { .arena = a, .path = path, .found = value_list(a), .budget = MOST_FOUND };

	search(&s, body, 0);
	return path->many ? (list_length(s.found) ? s.found : NULL) : list_get(s.found, 0);
}

const struct value *path_find(struct arena *a, const char *path, const struct value *body) {
	const struct path *parsed = parse_path(a, path + (*path == '$'));

	return parsed ? find(a, parsed, body) : NULL;
}

/* --- expressions ------------------------------------------------------------------------------------------------ */

/* Where a variable without braces ends. */
static bool in_variable(char c) {
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("_-.[]'\"*", c));
}

static bool add_variable(struct arena *a, struct selection *s, const char *name, const char **why) {
	static const char body[] = "request.body", header[] = "request.header.";
	struct part *part = &s->parts[s->count++];

	if (text_starts(name, header) || text_starts(name, "context.") || text_starts(name, "stageVariables.")) {
		return true;
	}
	if (!text_starts(name, body) || !ends_name(name[strlen(body)])) {
		*why = arena_printf(a, "'$%s' is no variable, expected $request.body with a path", name);
		return false;
	}
	part->path = parse_path(a, name + strlen(body));
	*why = part->path ? *why : arena_printf(a, "the path of '$%s' is malformed", name);
	return part->path;
}

static void add_literal(struct arena *a, struct selection *s, struct text *literal) {
	if (literal->length) {
		s->parts[s->count++].literal = arena_copy(a, literal->bytes, literal->length);
		literal->length = 0;
	}
}

/* A variable at `at`, which is behind the dollar; gives the place behind it. */
static const char *parse_variable(struct arena *a, struct selection *s, const char *at, const char **why) {
	const char *end = at;

	if (*at == '{') {
		end = strchr(at, '}');
		if (!end) {
			*why = "a brace is not closed";
			return NULL;
		}
		return add_variable(a, s, arena_copy(a, at + 1, (size_t)(end - at - 1)), why) ? end + 1 : NULL;
	}
	while (in_variable(*end)) {
		end++;
	}
	return add_variable(a, s, arena_copy(a, at, (size_t)(end - at)), why) ? end : NULL;
}

const struct selection *selection_parse(struct arena *a, const char *at, const char **why) {
	struct selection *s = arena_new(a, struct selection);
	struct text literal = { 0 };

	while (at && *at) {
		if (s->count + 3 > MOST_PARTS) {
			*why = "it has too many variables";
			at = NULL;
		} else if (at[0] == '\\' && at[1]) {
			text_putc(&literal, at[1]);
			at += 2;
		} else if (*at == '$') {
			add_literal(a, s, &literal);
			at = parse_variable(a, s, at + 1, why);
		} else {
			text_putc(&literal, *at++);
		}
	}
	add_literal(a, s, &literal);
	text_free(&literal);
	return at ? s : NULL;
}

/* As Java prints them, which API Gateway is written in: "[item1, item2]" is documented, the map is by likeness. */
static void spell(struct arena *a, struct text *out, const struct value *value) {
	const char *text = value_spell(a, value);

	if (out->length > LONGEST_KEY) {
		return;
	}
	if (text) {
		text_puts(out, text);
		return;
	}
	text_putc(out, is_list(value) ? '[' : '{');
	for (size_t i = 0; i < list_length(value); i++) {
		text_puts(out, i ? ", " : "");
		spell(a, out, list_get(value, i));
	}
	const char *separator = "";
	for (const struct entry *e = map_first(value); e; e = map_next(value, e)) {
		text_printf(out, "%s%s=", separator, e->key);
		spell(a, out, e->value);
		separator = ", ";
	}
	text_putc(out, is_list(value) ? ']' : '}');
}

const char *selection_evaluate(struct arena *a, const struct selection *selection, const struct value *body) {
	struct text out = { 0 };

	for (size_t i = 0; i < selection->count; i++) {
		const struct part *part = &selection->parts[i];
		const struct value *found = part->path ? find(a, part->path, body) : NULL;
		if (part->literal) {
			text_puts(&out, part->literal);
		} else if (found) {
			spell(a, &out, found);
		}
	}
	const char *key = arena_copy(a, out.bytes ? out.bytes : "", out.length);
	text_free(&out);
	return key;
}
