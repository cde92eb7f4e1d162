#include "dotenv.h"

#include <string.h>

#include "base/text.h"

enum { MOST_STEPS = 2000, MOST_BYTES = 1 << 22 };	/* of one expansion: rounds, and texts on the way */

/* --- the file ----------------------------------------------------------------------------------------------- */

struct scanner {
	struct arena *arena;
	const char *text;
	size_t length;
};

static bool is_at(const struct scanner *s, size_t at, char c) {
	return at < s->length && s->text[at] == c;
}

static size_t skip_spaces(const struct scanner *s, size_t at) {
	size_t size;

	while ((size = text_space(s->text + at, s->length - at))) {
		at += size;
	}
	return at;
}

static bool is_key(char c) {
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

static size_t skip_key(const struct scanner *s, size_t at) {
	while (at < s->length && is_key(s->text[at])) {
		at++;
	}
	return at;
}

/* Behind a quoted value there may be spaces and a comment, nothing else. */
static bool ends_line(const struct scanner *s, size_t at) {
	size_t size;

	while (!is_at(s, at, '\n') && (size = text_space(s->text + at, s->length - at))) {
		at += size;
	}
	return at >= s->length || s->text[at] == '\n' || s->text[at] == '#';
}

/* The end of a value in quotes, 0 if it is none. A backslash keeps a quote from closing, unless only so the line ends well. */
static size_t quoted_end(const struct scanner *s, size_t at) {
	size_t start = skip_spaces(s, at);
	char quote = start < s->length ? s->text[start] : 0;

	if (quote != '\'' && quote != '"' && quote != '`') {
		return 0;
	}
	for (at = start + 1; at < s->length && s->text[at] != quote; at++) {
		at += s->text[at] == '\\' && is_at(s, at + 1, quote);
	}
	if (at < s->length && ends_line(s, at + 1)) {
		return at + 1;
	}
	for (at = at < s->length ? at : s->length; --at > start;) {
		if (s->text[at] == quote && ends_line(s, at + 1)) {
			return at + 1;
		}
	}
	return 0;
}

static size_t value_end(const struct scanner *s, size_t at) {
	size_t end = quoted_end(s, at);

	if (end) {
		return end;
	}
	while (at < s->length && s->text[at] != '#' && s->text[at] != '\n') {
		at++;
	}
	return at;
}

/* "\n" and "\r" in double quotes. */
static size_t expand_newlines(char *text, size_t length) {
	size_t made = 0;

	for (size_t i = 0; i < length; i++) {
		bool escape = text[i] == '\\' && i + 1 < length && (text[i + 1] == 'n' || text[i + 1] == 'r');
		text[made++] = (char)(!escape ? text[i] : text[i + 1] == 'n' ? '\n' : '\r');
		i += escape;
	}
	text[made] = '\0';
	return made;
}

static struct value *value_of(const struct scanner *s, size_t start, size_t end) {
	const char *text = s->text + start;
	size_t length = end - start;

	text_trim(&text, &length);
	char quote = length ? *text : 0;
	if (length > 1 && strchr("'\"`", quote) && text[length - 1] == quote) {
		text++;
		length -= 2;
	}
	char *copy = arena_copy(s->arena, text, length);
	return value_text(s->arena, copy, quote == '"' ? expand_newlines(copy, length) : length);
}

/* A line that starts with its key at `at`; gives the end of what it took, 0 if it sets nothing. */
static size_t read_line(const struct scanner *s, size_t at, struct value *map) {
	size_t key_end = skip_key(s, at), next = skip_spaces(s, key_end);

	if (key_end == at) {
		return 0;
	}
	if (is_at(s, next, '=')) {
		next++;
	} else if (is_at(s, key_end, ':') && text_space(s->text + key_end + 1, s->length - key_end - 1)) {
		next = key_end + 1 + text_space(s->text + key_end + 1, s->length - key_end - 1);
	} else {
		return 0;
	}
	size_t end = value_end(s, next);
	char *key = arena_copy(s->arena, s->text + at, key_end - at);
	map_set(s->arena, map, key, value_of(s, next, end));
	return end;
}

static size_t read_exported(const struct scanner *s, size_t at, struct value *map) {
	size_t key = at + 6 <= s->length && memcmp(s->text + at, "export", 6) == 0 ? skip_spaces(s, at + 6) : at;
	size_t end = key > at + 6 ? read_line(s, key, map) : 0;

	return end ? end : read_line(s, at, map);
}

struct value *dotenv_parse(struct arena *a, const char *text, size_t length) {
	struct value *map = value_map(a);
	char *normal = arena_alloc(a, length + 1);
	struct scanner s = { a, normal, 0 };

	for (size_t i = 0; i < length; i++) {
		bool pair = text[i] == '\r' && i + 1 < length && text[i + 1] == '\n';
		normal[s.length++] = (char)(text[i] == '\r' ? '\n' : text[i]);
		i += pair;
	}
	for (size_t at = 0; (at = skip_spaces(&s, at)) < s.length;) {
		size_t end = read_exported(&s, at, map);
		const char *newline = memchr(normal + (end ? end : at), '\n', s.length - (end ? end : at));
		at = newline ? (size_t)(newline - normal) : s.length;
	}
	return map;
}

/* --- references --------------------------------------------------------------------------------------------- */

struct expansion {
	struct arena *arena;
	const struct value *parsed, *done;
	const struct slsws_host *host;
	struct value *seen;		/* what the text has been on the way */
};

/* The environment with the file's values as they are written, but only where it has none of its own. */
static const char *current(const struct expansion *x, const char *name) {
	const char *own = x->host->get_env(x->host->data, name);
	const struct value *value = own ? NULL : map_get(x->parsed, name);

	return own ? own : value ? value->text : NULL;
}

struct reference {
	size_t start, end;		/* with the dollar and braces */
	const char *expression;
};

static bool is_name(char c, bool first) {
	return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (!first && c >= '0' && c <= '9');
}

static bool find_reference(struct arena *a, const struct text *t, struct reference *found) {
	for (size_t i = 0; i < t->length; i++) {
		const char *b = t->bytes + i;
		size_t n = 0;
		if (*b != '$' || (i && b[-1] == '\\')) {
			continue;
		}
		bool braces = b[1] == '{';
		while (braces ? b[2 + n] && !strchr("{}", b[2 + n]) : is_name(b[1 + n], n == 0)) {
			n++;
		}
		if (n && (!braces || b[2 + n] == '}')) {
			*found = (struct reference){ i, i + n + (braces ? 3 : 1), arena_copy(a, b + 1 + braces, n) };
			return true;
		}
	}
	return false;
}

/* The operator that stands first; where there is none the reference's code happens to split at "null". */
static const char *find_operator(const char *expression, size_t *at) {
	for (*at = 0; expression[*at]; ++*at) {
		const char *c = expression + *at;
		if (*c == '+' || *c == '-') {
			return *c == '+' ? "+" : "-";
		}
		if (*c == ':' && (c[1] == '+' || c[1] == '-')) {
			return c[1] == '+' ? ":+" : ":-";
		}
	}
	const char *null = strstr(expression, "null");
	*at = null ? (size_t)(null - expression) : *at;
	return null ? "null" : "";
}

static const char *replacement_of(const struct expansion *x, const struct reference *reference, const char **key) {
	size_t at;
	const char *operator = find_operator(reference->expression, &at);
	const char *rest = reference->expression + at + strlen(operator);

	*key = arena_copy(x->arena, reference->expression, at);
	const char *value = current(x, *key);
	bool is_set = value && *value;
	if (text_ends(operator, "+")) {
		return is_set ? rest : "";
	}
	return is_set && !map_has(x->seen, value) ? value : rest;
}

/* As JavaScript's replace() with a text: the first occurrence; "$$", "$&", "$`" and "$'" in the replacement are special. */
static void replace_first(struct text *t, const char *piece, size_t length, const char *replacement) {
	size_t start = (size_t)((char *)memmem(t->bytes, t->length, piece, length) - t->bytes);
	struct text out = { 0 };

	text_add(&out, t->bytes, start);
	for (const char *c = replacement; *c; c++) {
		char special = *c == '$' && c[1] && strchr("$&`'", c[1]) ? c[1] : 0;
		c += special != 0;
		if (special == '&') {
			text_add(&out, piece, length);
		} else if (special == '`') {
			text_add(&out, t->bytes, start);
		} else if (special == '\'') {
			text_add(&out, t->bytes + start + length, t->length - start - length);
		} else {
			text_putc(&out, *c);
		}
	}
	text_add(&out, t->bytes + start + length, t->length - start - length);
	text_free(t);
	*t = out;
}

static bool expand_value(struct expansion *x, struct text *t) {
	struct reference reference;
	const char *key;

	size_t bytes = 0;
	x->seen = value_map(x->arena);
	for (int steps = 0; find_reference(x->arena, t, &reference); steps++) {
		bytes += t->length;
		if (steps >= MOST_STEPS || bytes > MOST_BYTES) {
			return false;
		}
		map_set(x->arena, x->seen, arena_copy(x->arena, t->bytes, t->length), value_null(x->arena));
		const char *piece = arena_copy(x->arena, t->bytes + reference.start, reference.end - reference.start);
		replace_first(t, piece, reference.end - reference.start, replacement_of(x, &reference, &key));
		const struct value *done = map_get(x->done, key);
		if (done && is_text(done, t->bytes)) {
			break;
		}
	}
	return true;
}

static struct value *unescaped(struct arena *a, const struct text *t) {
	char *out = arena_alloc(a, t->length + 1);
	size_t made = 0;

	for (size_t i = 0; i < t->length; i++) {
		i += t->bytes[i] == '\\' && t->bytes[i + 1] == '$';
		out[made++] = t->bytes[i];
	}
	return value_text(a, out, made);
}

struct value *dotenv_expand(struct arena *a, const struct value *parsed, const struct slsws_host *host, const char **name) {
	struct value *done = value_map(a);
	struct expansion x = { .arena = a, .parsed = parsed, .done = done, .host = host };

	for (const struct entry *e = map_first(parsed); e; e = map_next(parsed, e)) {
		const char *own = host->get_env(host->data, e->key);
		bool wins = own && *own && !is_text(e->value, own);
		struct text text = { 0 };
		text_add(&text, wins ? own : e->value->text, wins ? strlen(own) : e->value->length);
		bool ended = wins || expand_value(&x, &text);
		struct value *value = unescaped(a, &text);
		text_free(&text);
		if (!ended) {
			*name = e->key;
			return NULL;
		}
		map_set(a, done, e->key, value);
	}
	return done;
}

/* --- loading ------------------------------------------------------------------------------------------------ */

struct value *dotenv_load(struct arena *a, const char *folder, const char *stage, const struct slsws_host *host,
		struct diag *diag) {
	const char *path = arena_printf(a, "%s.env.%s", folder, stage), *name;
	const struct source *source = NULL;
	enum slsws_read status = host_read(host, a, path, path, &source);
	size_t at;

	if (status == SLSWS_READ_MISSING) {
		path = arena_printf(a, "%s.env", folder);
		status = host_read(host, a, path, path, &source);
	}
	if (status == SLSWS_READ_MISSING) {
		return value_map(a);
	}
	if (status != SLSWS_READ_OK) {
		diag_error(diag, "C115", (struct mark){ 0 }, "the environment file '%s' %s", path, host_read_problem(status));
		return NULL;
	}
	struct mark mark = { .source = source };
	if (!utf8_valid(source->text, source->length, &at) || memchr(source->text, '\0', source->length)) {
		diag_error(diag, "C115", mark, "the environment file '%s' is no text in UTF-8", path);
		return NULL;
	}
	struct value *values = dotenv_expand(a, dotenv_parse(a, source->text, source->length), host, &name);
	if (!values) {
		diag_error(diag, "C115", mark, "the value of '%s' refers to itself without end", name);
	}
	return values;
}
