#define PCRE2_CODE_UNIT_WIDTH 8

#include "pattern.h"

#include <pcre2.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Steps and stack that one match may take; the patterns of a schema need a few thousand for sensible text. */
enum { MATCH_STEPS = 1000000, MATCH_DEPTH = 100000, COMPILE_LENGTH = 100000 };

/* The common forms: single characters in a row, then perhaps one repeated class that ends the text. */
enum { MOST_ATOMS = 16 };

struct set {
	uint32_t bits[4];	/* ASCII */
};

struct scan {
	struct set atoms[MOST_ATOMS];
	size_t count;
	bool repeats, to_end;	/* the last atom is repeated `least` to `most` times, up to the end */
	size_t least, most;
};

struct pattern {
	bool scans;
	struct scan scan;
	pcre2_code *code;
	pcre2_match_data *match;
	pcre2_match_context *limits;
};

/* --- the common forms ---------------------------------------------------------------------------------------- */

static void set_add(struct set *set, unsigned char c) {
	set->bits[c / 32] |= 1u << c % 32;
}

static bool set_has(const struct set *set, unsigned char c) {
	return c < 128 && (set->bits[c / 32] >> c % 32 & 1);
}

static void set_add_range(struct set *set, unsigned char first, unsigned char last) {
	for (unsigned c = first; c <= last; c++) {
		set_add(set, (unsigned char)c);
	}
}

/* \d, \w or an escaped punctuation mark (which is then *single); false for any other escape. */
static bool read_escape(const char **p, struct set *set, int *single) {
	char c = *(*p)++;

	*single = -1;
	if (c == 'd' || c == 'w') {
		set_add_range(set, '0', '9');
	}
	if (c == 'w') {
		set_add_range(set, 'a', 'z');
		set_add_range(set, 'A', 'Z');
		set_add(set, '_');
	}
	if (c == 'd' || c == 'w') {
		return true;
	}
	if (!c || !strchr("/.-_+*?()[]{}|^$\\", c)) {
		return false;
	}
	*single = c;
	set_add(set, (unsigned char)c);
	return true;
}

/* A class without negation, after its '['; false when it is not simple. */
static bool read_class(const char **p, struct set *set) {
	if (**p == '^') {
		return false;
	}
	while (**p && **p != ']') {
		int first = (unsigned char)*(*p)++;
		if (first == '\\') {
			if (!read_escape(p, set, &first)) {
				return false;
			}
		}
		if (first > 127) {
			return false;
		}
		if (first >= 0 && (*p)[0] == '-' && (*p)[1] && (*p)[1] != ']') {
			if ((*p)[1] == '\\' || (unsigned char)(*p)[1] > 127 || (*p)[1] < first) {
				return false;
			}
			set_add_range(set, (unsigned char)first, (unsigned char)(*p)[1]);
			*p += 2;
		} else if (first >= 0) {
			set_add(set, (unsigned char)first);
		}
	}
	return *(*p)++ == ']';
}

static bool read_atom(const char **p, struct set *set) {
	unsigned char c = (unsigned char)*(*p)++;
	int single;

	if (c == '[') {
		return read_class(p, set);
	}
	if (c == '\\') {
		return read_escape(p, set, &single);
	}
	if (c > 127 || strchr(".*+?()]{}|^$", c)) {
		return false;
	}
	set_add(set, c);
	return true;
}

static size_t read_count(const char **p) {
	size_t n = 0;

	while (**p >= '0' && **p <= '9' && n < 1000000) {
		n = n * 10 + (size_t)(*(*p)++ - '0');
	}
	return n;
}

/* + * {n} {m,n} of the last atom; they have to end the pattern. */
static bool read_repeat(const char **p, struct scan *scan) {
	scan->repeats = true;
	scan->most = SIZE_MAX;
	if (**p == '+' || **p == '*') {
		scan->least = *(*p)++ == '+';
	} else {
		++*p;
		scan->least = scan->most = read_count(p);
		if (**p == ',') {
			++*p;
			scan->most = **p == '}' ? SIZE_MAX : read_count(p);
		}
		if (*(*p)++ != '}') {
			return false;
		}
	}
	return (*p)[0] == '$' && (*p)[1] == 0;
}

static bool scan_compile(struct scan *scan, const char *p) {
	if (*p++ != '^') {
		return false;
	}
	while (*p && *p != '$') {
		if (scan->repeats || scan->count == MOST_ATOMS || !read_atom(&p, &scan->atoms[scan->count++])) {
			return false;
		}
		if (*p && strchr("+*{", *p) && !read_repeat(&p, scan)) {
			return false;
		}
	}
	scan->to_end = *p == '$';
	return scan->count > 0 && (!*p || !p[1]);
}

static bool scan_matches(const struct scan *scan, const char *text, size_t length) {
	size_t singles = scan->count - scan->repeats, rest = length - singles;
	const struct set *last = &scan->atoms[scan->count - 1];

	if (length < singles || (scan->repeats && (rest < scan->least || rest > scan->most))) {
		return false;
	}
	for (size_t i = 0; i < singles; i++) {
		if (!set_has(&scan->atoms[i], (unsigned char)text[i])) {
			return false;
		}
	}
	for (size_t i = singles; scan->repeats && i < length; i++) {
		if (!set_has(last, (unsigned char)text[i])) {
			return false;
		}
	}
	return scan->repeats || !scan->to_end || rest == 0;
}

/* --- pcre2 --------------------------------------------------------------------------------------------------- */

/* JavaScript's \s and \S outside of classes, as classes that pcre2 reads alike. */
static const char white_space[] = "\\t\\n\\u{0b}\\f\\r \\u{a0}\\u{1680}\\u{2000}-\\u{200a}\\u{2028}\\u{2029}\\u{202f}"
	"\\u{205f}\\u{3000}\\u{feff}";

static char *translate(struct arena *a, const char *text) {
	char *out = arena_alloc(a, strlen(text) * (sizeof(white_space) + 4) / 2 + 1), *p = out;
	bool in_class = false;

	for (; *text; text++) {
		in_class = *text == '[' ? true : *text == ']' ? false : in_class;
		if (*text == '\\' && (text[1] == 's' || (text[1] == 'S' && !in_class))) {
			p += sprintf(p, in_class ? "%.0s%s" : "[%s%s]", text[1] == 'S' ? "^" : "", white_space);
			text++;
			continue;
		}
		*p++ = *text;
		if (*text == '\\' && text[1]) {
			*p++ = *++text;
		}
	}
	*p = 0;
	return out;
}

static bool expression_compile(struct pattern *pattern, struct arena *a, const char *text, bool any_case) {
	uint32_t options = PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_ALLOW_EMPTY_CLASS | PCRE2_MATCH_UNSET_BACKREF |
		PCRE2_ALT_BSUX | (any_case ? PCRE2_CASELESS : 0);
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	int error;
	PCRE2_SIZE at;

	if (!context) {
		return false;
	}
	pcre2_set_newline(context, PCRE2_NEWLINE_ANYCRLF);
	pcre2_set_compile_extra_options(context, PCRE2_EXTRA_ALT_BSUX);
	pattern->code = pcre2_compile((PCRE2_SPTR)translate(a, text), PCRE2_ZERO_TERMINATED, options, &error, &at, context);
	pcre2_compile_context_free(context);
	if (!pattern->code) {
		return false;
	}
	pattern->match = pcre2_match_data_create(1, NULL);
	pattern->limits = pcre2_match_context_create(NULL);
	if (!pattern->match || !pattern->limits) {
		pattern_destroy(pattern);
		return false;
	}
	pcre2_set_match_limit(pattern->limits, MATCH_STEPS);
	pcre2_set_depth_limit(pattern->limits, MATCH_DEPTH);
	return true;
}

struct pattern *pattern_create(struct arena *a, const char *text, const char *flags) {
	struct pattern *pattern = arena_new(a, struct pattern);
	bool any_case = strchr(flags, 'i') != NULL;

	pattern->scans = !any_case && scan_compile(&pattern->scan, text);
	if (pattern->scans) {
		return pattern;
	}
	if (strlen(text) > COMPILE_LENGTH) {
		return NULL;
	}
	return expression_compile(pattern, a, text, any_case) ? pattern : NULL;
}

void pattern_destroy(struct pattern *pattern) {
	if (!pattern) {
		return;
	}
	pcre2_match_context_free(pattern->limits);
	pcre2_match_data_free(pattern->match);
	pcre2_code_free(pattern->code);
	*pattern = (struct pattern){ .scans = pattern->scans, .scan = pattern->scan };
}

bool pattern_matches(const struct pattern *pattern, const char *text, size_t length) {
	if (pattern->scans) {
		return scan_matches(&pattern->scan, text, length);
	}
	return pcre2_match(pattern->code, (PCRE2_SPTR)text, length, 0, 0, pattern->match, pattern->limits) >= 0;
}
