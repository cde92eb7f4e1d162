/*
 * Single values against the limits of AWS's schemas. Those are stricter than the services now and then, and a table is
 * older than what a service takes today: what is found here is a warning.
 */
#include "resource.h"

#include "base/text.h"

enum { LONGEST_FOR_PATTERNS = 4096, MOST_SHOWN = 60 };

struct limit_check {
	struct walk *w;
	const struct path *path;
	const struct spec_value *spec;
	const struct value *v;
	const char *text;		/* of a scalar */
	struct spec_limit limit;
};

typedef void limit_fn(const struct limit_check *l);

static const char *plural(double count) {
	return count == 1 ? "" : "s";
}

static size_t characters(const char *text, size_t length) {
	size_t count = 0;

	for (size_t i = 0; i < length; i++) {
		count += ((unsigned char)text[i] & 0xc0) != 0x80;
	}
	return count;
}

/* A text as it is shown in a message: a long one is cut. */
static const char *shown(const struct limit_check *l) {
	size_t length = strlen(l->text);

	if (length <= MOST_SHOWN) {
		return l->text;
	}
	for (length = MOST_SHOWN; length && ((unsigned char)l->text[length] & 0xc0) == 0x80;) {
		length--;
	}
	return arena_printf(l->w->check->arena, "%.*s...", (int)length, l->text);
}

#define REPORT(l, code, ...) followed(check_report((l)->w->check, code, (l)->w->in, (l)->v, __VA_ARGS__))

/* What is written in a configuration has been compared with the schema: of one fault one finding. */
static struct diagnostic *followed(struct diagnostic *d) {
	diag_follow(d, "C2");
	return d;
}

static void check_length(const struct limit_check *l) {
	bool least = l->limit.kind == SPEC_MIN_LENGTH;
	size_t count = l->text ? characters(l->text, strlen(l->text)) : 0;

	if (l->text && (least ? count < l->limit.number : count > l->limit.number)) {
		REPORT(l, "R303", "%s is '%s' with %zu character%s, expected at %s %.0f", path_spell(l->w, l->path), shown(l), count,
			plural((double)count), least ? "least" : "most", l->limit.number);
	}
}

static void check_range(const struct limit_check *l) {
	bool least = l->limit.kind == SPEC_MINIMUM;
	double number = is_number(l->v) ? l->v->number : 0;
	char bound[NUMBER_SIZE];

	if (is_string(l->v) && !number_read(l->v->text, l->v->length, &number)) {
		return;
	}
	if (least ? number < l->limit.number : number > l->limit.number) {
		number_spell(l->limit.number, bound);
		REPORT(l, "R304", "%s is %s, expected at %s %s", path_spell(l->w, l->path), shown(l), least ? "least" : "most",
			bound);
	}
}

/* Items that a condition may leave out, or a function may bring, do not count for sure. */
static void check_count(const struct limit_check *l) {
	bool least = l->limit.kind == SPEC_MIN_ITEMS;
	size_t sure = 0, open = 0;

	for (size_t i = 0; i < list_length(l->v); i++) {
		enum presence presence = value_presence(list_get(l->v, i));
		sure += presence == PRESENCE_YES;
		open += presence == PRESENCE_MAYBE || function_of(list_get(l->v, i), "Fn::Transform");
	}
	for (const struct entry *e = map_first(l->v); e; e = map_next(l->v, e)) {
		sure += value_presence(e->value) == PRESENCE_YES;
		open += value_presence(e->value) == PRESENCE_MAYBE || text_starts(e->key, "Fn::");
	}
	if (least ? sure + open < l->limit.number && !open : sure > l->limit.number) {
		REPORT(l, "R305", "%s has %zu %s, expected at %s %.0f", path_spell(l->w, l->path), sure,
			is_list(l->v) ? sure == 1 ? "item" : "items" : sure == 1 ? "key" : "keys", least ? "least" : "most",
			l->limit.number);
	}
}

const struct pattern *check_pattern_of(struct walk *w, const struct spec_limit *limit) {
	struct pattern **pattern = &w->patterns[(size_t)limit->number];

	*pattern = *pattern ? *pattern : pattern_create(w->check->arena, limit->text, "");
	return *pattern;
}

static bool matches(const struct limit_check *l, const char *text, size_t length) {
	const struct pattern *pattern = length <= LONGEST_FOR_PATTERNS ? check_pattern_of(l->w, &l->limit) : NULL;

	return !pattern || pattern_matches(pattern, text, length);
}

/* What a number was written like is not known: 4.0 may well be meant as a text. */
static bool is_number_for_text(const struct limit_check *l) {
	return is_number(l->v) && spec_value_kind(l->spec) == SPEC_STRING;
}

static void check_pattern(const struct limit_check *l) {
	if (l->text && !is_number_for_text(l) && !matches(l, l->text, strlen(l->text))) {
		struct diagnostic *d = REPORT(l, "R302", "%s is '%s', which does not have the form that is asked for",
			path_spell(l->w, l->path), shown(l));
		diag_note(d, (struct mark){ 0 }, "the form is %s", l->limit.text);
	}
}

static void check_key_pattern(const struct limit_check *l) {
	for (const struct entry *e = map_first(l->v); e; e = map_next(l->v, e)) {
		if (!text_starts(e->key, "Fn::") && !matches(l, e->key, e->key_length)) {
			struct diagnostic *d = check_report_key(l->w->check, "R306", l->w->in, e,
				"the key '%s' in %s does not have the form that is asked for", e->key, path_spell(l->w, l->path));
			diag_note(d, (struct mark){ 0 }, "the form is %s", l->limit.text);
		}
	}
}

static bool is_word(const struct limit_check *l) {
	int (*compare)(const char *, const char *) = l->limit.kind == SPEC_ENUM ? strcmp : strcasecmp;

	for (size_t i = 0; i < l->limit.count; i++) {
		if (compare(spec_word(l->limit.words, i), l->text) == 0) {
			return true;
		}
	}
	return false;
}

static void check_enum(const struct limit_check *l) {
	struct arena *a = l->w->check->arena;

	if (!l->text || is_number_for_text(l) || is_word(l)) {
		return;
	}
	const char **words = arena_array(a, const char *, l->limit.count);
	for (size_t i = 0; i < l->limit.count; i++) {
		words[i] = spec_word(l->limit.words, i);
	}
	const char *list = words_spell(a, words, l->limit.count), *closest = text_closest(l->text, words, l->limit.count);
	struct diagnostic *d = list ?
		REPORT(l, "R301", "%s is '%s', expected %s", path_spell(l->w, l->path), shown(l), list) :
		REPORT(l, "R301", "%s is '%s', which was none of the %zu values that AWS knew on %s", path_spell(l->w, l->path),
			shown(l), l->limit.count, spec_date());
	if (closest) {
		diag_help(d, "did you mean '%s'?", closest);
	}
}

/* What tells items apart: a scalar itself, or the scalars under some keys; NULL where it is not known. */
static const char *identity(const struct limit_check *l, const struct value *item) {
	struct arena *a = l->w->check->arena;
	const char *spelt = "";

	if (l->limit.kind == SPEC_UNIQUE) {
		return is_literal(item) ? value_spell(a, item) : NULL;
	}
	for (size_t i = 0; i < l->limit.count; i++) {
		const struct value *part = map_get(item, spec_word(l->limit.words, i));
		const char *text = is_literal(part) ? value_spell(a, part) : NULL;
		if (!text) {
			return NULL;
		}
		spelt = arena_printf(a, "%s%s%s", spelt, i ? ", " : "", text);
	}
	return spelt;
}

static void check_unique(const struct limit_check *l) {
	struct value *seen = value_map(l->w->check->arena);

	for (size_t i = 0; i < list_length(l->v); i++) {
		struct value *item = list_get(l->v, i);
		const char *name = identity(l, item);
		const struct value *before = name ? map_get(seen, name) : NULL;
		if (before) {
			struct diagnostic *d = check_report(l->w->check, "R307", l->w->in, item, "%s has '%s' twice",
				path_spell(l->w, l->path), name);
			diag_note(d, before->mark, "here it is first");
		} else if (name) {
			map_set(l->w->check->arena, seen, name, item);
		}
	}
}

static limit_fn *const limit_checks[] = {
	[SPEC_MIN_LENGTH] = check_length, [SPEC_MAX_LENGTH] = check_length,
	[SPEC_MINIMUM] = check_range, [SPEC_MAXIMUM] = check_range,
	[SPEC_MIN_ITEMS] = check_count, [SPEC_MAX_ITEMS] = check_count,
	[SPEC_PATTERN] = check_pattern, [SPEC_KEYS] = check_key_pattern,
	[SPEC_ENUM] = check_enum, [SPEC_ENUM_ANY_CASE] = check_enum,
	[SPEC_UNIQUE] = check_unique, [SPEC_UNIQUE_KEY] = check_unique,
	[SPEC_TO] = NULL,		/* of references alone */
};

void check_property_limits(struct walk *w, const struct path *path, const struct spec_value *spec, const struct value *v) {
	struct limit_check l = { .w = w, .path = path, .spec = spec, .v = v };

	if (spec_limit_count(spec) == 0) {
		return;
	}
	l.text = value_spell(w->check->arena, v);
	for (size_t i = 0; i < spec_limit_count(spec); i++) {
		l.limit = spec_limit(spec, i);
		if (limit_checks[l.limit.kind]) {
			limit_checks[l.limit.kind](&l);
		}
	}
}
