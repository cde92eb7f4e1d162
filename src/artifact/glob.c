#include "glob.h"

#include <string.h>

#include "base/text.h"
#include "pattern.h"

/* Most patterns are one of the first three; only the others are worth a regular expression. */
enum form {
	EXACT,		/* no magic: a path */
	BELOW,		/* path and all below it: "path" of "path" + slash + two stars */
	NAME,		/* a name with stars, in the top folder */
	EXPRESSION,
};

struct glob {
	enum form form;
	bool negated;
	const char *text;
	size_t length;
	struct pattern *pattern;
};

/* --- to a regular expression ----------------------------------------------------------------------------------- */

enum { DEEPEST = 16, MOST_NEGATIONS = 32 };

#define NO_DOTS "(?!\\.{1,2}(?:\\/|$))"
#define FOLDERS "(?:(?!(?:\\/|^)\\.{1,2}(?:\\/|$)).)*?"

struct translation {
	struct arena *arena;
	struct text out;
	const char *start;
	int depth, negations;
};

static void translate(struct translation *t, const char *p, const char *end);

static void literal(struct translation *t, char c) {
	if (strchr("\\^$.|?*+()[]{}/", c)) {
		text_putc(&t->out, '\\');
	}
	text_putc(&t->out, c);
}

/* The bracket that closes the one at p, of two kinds that nest; NULL when there is none. */
static const char *closing(const char *p, const char *end, char open, char close) {
	int depth = 0;

	for (; p < end; p++) {
		if (*p == '\\' && p + 1 < end) {
			p++;
		} else if (*p == open) {
			depth++;
		} else if (*p == close && --depth == 0) {
			return p;
		}
	}
	return NULL;
}

static const char *separator(const char *p, const char *end, char c) {
	int depth = 0;

	for (; p < end; p++) {
		if (*p == '\\' && p + 1 < end) {
			p++;
		} else if (strchr("({", *p)) {
			depth++;
		} else if (strchr(")}", *p)) {
			depth--;
		} else if (*p == c && depth == 0) {
			return p;
		}
	}
	return NULL;
}

static void alternatives(struct translation *t, const char *p, const char *end, char c) {
	text_puts(&t->out, "(?:");
	for (const char *next; ; p = next + 1) {
		next = separator(p, end, c);
		translate(t, p, next ? next : end);
		if (!next) {
			break;
		}
		text_putc(&t->out, '|');
	}
	text_putc(&t->out, ')');
}

/* "{1..3}": one character of that range, as the reference has it. */
static bool range(struct translation *t, const char *p, const char *end) {
	const char *dots = NULL;

	for (const char *c = p; c + 1 < end && !dots; c++) {
		dots = c[0] == '.' && c[1] == '.' ? c : NULL;
	}
	if (!dots || dots == p || dots + 2 == end) {
		return false;
	}
	text_printf(&t->out, "[%.*s-%.*s]", (int)(dots - p), p, (int)(end - dots - 2), dots + 2);
	return true;
}

static const char *braces(struct translation *t, const char *p, const char *end) {
	const char *close = closing(p, end, '{', '}');

	if (!close || t->depth >= DEEPEST) {
		literal(t, '{');
		return p + 1;
	}
	t->depth++;
	if (separator(p + 1, close, ',')) {
		alternatives(t, p + 1, close, ',');
	} else if (!range(t, p + 1, close)) {
		text_puts(&t->out, "\\{");
		translate(t, p + 1, close);
		text_puts(&t->out, "\\}");
	}
	t->depth--;
	return close + 1;
}

/* A class; one without special characters stands for itself as well, since real names have brackets too. */
static const char *class(struct translation *t, const char *p, const char *end) {
	const char *close = p + 2 < end ? memchr(p + 2, ']', (size_t)(end - p - 2)) : NULL;

	if (!close || memchr(p, '/', (size_t)(close - p))) {
		literal(t, '[');
		return p + 1;
	}
	bool negated = p[1] == '^', plain = true;
	for (const char *c = p + 1; c < close; c++) {
		plain = plain && !strchr("-*+?.^${}(|)[]\\!", *c);
	}
	text_puts(&t->out, plain ? "(?:\\[" : "");
	if (plain) {
		text_printf(&t->out, "%.*s\\]|", (int)(close - p - 1), p + 1);
	}
	text_puts(&t->out, negated ? "[^/" : "[");
	for (const char *c = p + 1 + negated; c < close; c++) {
		if (*c == '[') {
			text_putc(&t->out, '\\');
		}
		text_putc(&t->out, *c);
	}
	text_puts(&t->out, plain ? "])" : "]");
	return close + 1;
}

/*
 * What is not: any name that does not begin so. Only at the end of the pattern, or with a star before an extension,
 * is the whole name looked at.
 */
static void negation(struct translation *t, const char *p, const char *close, const char *end) {
	const char *rest = close + 1;
	bool star = memchr(p, '*', (size_t)(close - p)), slash = memchr(p, '/', (size_t)(close - p));
	bool extension = end - rest > 1 && *rest == '.' && strcspn(rest + 1, "\\/.") >= (size_t)(end - rest - 1);

	text_puts(&t->out, "(?:(?!");
	alternatives(t, p, close, '|');
	if (slash || rest == end) {
		text_putc(&t->out, '$');
	} else if (star && extension) {
		translate(t, rest, end);
	}
	text_printf(&t->out, ")%s)", slash ? FOLDERS : "[^/]*?");
}

static const char *extended(struct translation *t, const char *p, const char *end) {
	const char *close = closing(p + (*p != '('), end, '(', ')');

	if (!close || t->depth >= DEEPEST || (*p == '!' && t->negations++ >= MOST_NEGATIONS)) {
		literal(t, *p);
		return p + 1;
	}
	t->depth++;
	if (*p == '!') {
		negation(t, p + 2, close, end);
	} else {
		alternatives(t, p + (*p == '(' ? 1 : 2), close, '|');
		if (strchr("?*+", *p)) {
			text_putc(&t->out, *p);
		}
	}
	t->depth--;
	return close + 1;
}

static const char *stars(struct translation *t, const char *p, const char *end) {
	const char *after = p;
	bool first = p == t->start || p[-1] == '/';

	while (after < end && *after == '*') {
		after++;
	}
	bool folders = after - p == 2 && first && (after == end || *after == '/');
	if (folders && after == end) {
		text_puts(&t->out, FOLDERS);
	} else if (folders) {
		text_puts(&t->out, "(?:" FOLDERS "\\/|)");
		return after + 1;
	} else {
		text_puts(&t->out, first ? NO_DOTS "(?=.)[^/]*?" : "[^/]*?");
	}
	return after;
}

/* All below "x*" is not "x" itself, as it is for a folder that is named. */
static bool is_after_star(const struct translation *t, const char *p) {
	return p > t->start && p[-1] == '*' && (p - 1 == t->start || p[-2] != '\\');
}

static void translate(struct translation *t, const char *p, const char *end) {
	while (p < end) {
		if (*p == '\\' && p + 1 < end) {
			literal(t, p[1]);
			p += 2;
		} else if (*p == '(' || (p + 1 < end && p[1] == '(' && strchr("@?*+!", *p))) {
			p = extended(t, p, end);
		} else if (*p == '*') {
			p = stars(t, p, end);
		} else if (*p == '{') {
			p = braces(t, p, end);
		} else if (*p == '[') {
			p = class(t, p, end);
		} else if (*p == '/' && end - p == 3 && p[1] == '*' && p[2] == '*') {
			text_puts(&t->out, is_after_star(t, p) ? "\\/" FOLDERS : "(?:\\/" FOLDERS "|$)");
			p = end;
		} else if (*p == '?') {
			text_puts(&t->out, "[^/]");
			p++;
		} else {
			literal(t, *p++);
		}
	}
}

const char *glob_expression(struct arena *a, const char *pattern) {
	struct translation t = { .arena = a, .start = pattern };

	text_puts(&t.out, "^(?:");
	translate(&t, pattern, pattern + strlen(pattern));
	text_puts(&t.out, ")$");
	const char *expression = arena_copy(a, t.out.bytes, t.out.length);
	text_free(&t.out);
	return expression;
}

/* --- matching ---------------------------------------------------------------------------------------------------- */

static enum form form_of(const char *pattern, size_t *length) {
	size_t magic = strcspn(pattern, "*?[]{}()!+@\\\"");

	*length = strlen(pattern);
	if (magic == *length) {
		return EXACT;
	}
	if (magic > 1 && pattern[magic - 1] == '/' && strcmp(pattern + magic, "**") == 0) {
		*length = magic - 1;
		return BELOW;
	}
	return strcspn(pattern, "?[]{}()!+@\\\"/") == *length && !strstr(pattern, "**") ? NAME : EXPRESSION;
}

struct glob *glob_create(struct arena *a, const char *pattern) {
	struct glob *glob = arena_new(a, struct glob);

	for (; *pattern == '!' && pattern[1] != '('; pattern++) {
		glob->negated = !glob->negated;
	}
	while (text_starts(pattern, "./")) {
		pattern += 2;
	}
	glob->text = pattern;
	glob->form = form_of(pattern, &glob->length);
	if (glob->form == EXPRESSION) {
		glob->pattern = pattern_create(a, glob_expression(a, pattern), "");
	}
	return glob;
}

void glob_destroy(struct glob *glob) {
	if (glob) {
		pattern_destroy(glob->pattern);
	}
}

/* Stars within one name: each takes as little as it can, and more when what follows it does not match. */
static bool name_matches(const char *pattern, const char *name) {
	const char *star = NULL, *from = NULL;

	while (*name) {
		if (*name == '/') {
			return false;
		}
		if (*pattern == '*') {
			star = ++pattern;
			from = name;
		} else if (*pattern == *name) {
			pattern++;
			name++;
		} else if (star) {
			pattern = star;
			name = ++from;
		} else {
			return false;
		}
	}
	return pattern[strspn(pattern, "*")] == 0;
}

static bool matches(const struct glob *glob, const char *path) {
	if (strcmp(path, glob->text) == 0) {
		return true;
	}
	switch (glob->form) {
	case EXACT:
		return false;
	case BELOW:
		return strncmp(path, glob->text, glob->length) == 0 &&
			(path[glob->length] == '/' || path[glob->length] == 0);
	case NAME:
		return name_matches(glob->text, path);
	case EXPRESSION:
		return glob->pattern && pattern_matches(glob->pattern, path, strlen(path));
	}
	return false;
}

bool glob_matches(const struct glob *glob, const char *path) {
	return matches(glob, path) != glob->negated;
}
