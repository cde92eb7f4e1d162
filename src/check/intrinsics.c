/*
 * The forms of CloudFormation's intrinsic functions, and where each may stand.
 *
 * A function's form is a letter for each of its arguments; a form that begins with '=' is that of an argument which is
 * no list. AWS::LanguageExtensions lets functions stand for what must be a text otherwise.
 */
#include "check.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"

enum places {
	IN_VALUES = 1,		/* Resources and Outputs */
	IN_CONDITIONS = 2,
	IN_RULES = 4,
	EXTENSION = 8,		/* with AWS::LanguageExtensions alone */
};

/*
 * t: a text; s: a scalar, or a function that yields one; l: a list, or a function; n: a whole number, or
 * a function; m: a map; o: a map, or a list of them; b: a condition, as a function; c: a condition, by its name; x: anything; f: looked at elsewhere.
 */
struct intrinsic {
	const char *name;
	unsigned where;
	size_t least, most;	/* arguments */
	const char *form;	/* the last letter is that of all further arguments */
	const char *expected;
};

static const struct intrinsic functions[] = {
	{ "Ref", IN_VALUES | IN_CONDITIONS | IN_RULES, 1, 1, "=t", "the name of a resource or parameter" },
	{ "Fn::GetAtt", IN_VALUES, 2, 2, "f", "'Resource.Attribute' or [Resource, Attribute]" },
	{ "Fn::Sub", IN_VALUES | IN_CONDITIONS, 1, 2, "f", "a text, or [text, map of variables]" },
	{ "Fn::Join", IN_VALUES | IN_CONDITIONS, 2, 2, "tl", "[delimiter, list]" },
	{ "Fn::If", IN_VALUES, 3, 3, "cx", "[condition, value if true, value if false]" },
	{ "Fn::Select", IN_VALUES | IN_CONDITIONS, 2, 2, "nl", "[index, list]" },
	{ "Fn::Split", IN_VALUES | IN_CONDITIONS, 2, 2, "ts", "[delimiter, text]" },
	{ "Fn::FindInMap", IN_VALUES | IN_CONDITIONS | IN_RULES, 3, 4, "sssm", "[mapping, key, second key]" },
	{ "Fn::ImportValue", IN_VALUES, 1, 1, "=s", "the name of an export" },
	{ "Fn::Base64", IN_VALUES, 1, 1, "=s", "a text" },
	{ "Fn::GetAZs", IN_VALUES, 1, 1, "=s", "a region" },
	{ "Fn::Cidr", IN_VALUES, 2, 3, "snn", "[block, count, bits]" },
	{ "Fn::GetStackOutput", IN_VALUES, 1, 1, "=m", "a map with StackName and OutputName" },
	{ "Fn::Transform", IN_VALUES | IN_CONDITIONS | IN_RULES, 1, 1, "=o", "a map with Name and Parameters" },
	{ "Fn::Equals", IN_CONDITIONS | IN_RULES, 2, 2, "ss", "two values" },
	{ "Fn::And", IN_CONDITIONS | IN_RULES, 2, 10, "b", "a list of two to ten conditions" },
	{ "Fn::Or", IN_CONDITIONS | IN_RULES, 2, 10, "b", "a list of two to ten conditions" },
	{ "Fn::Not", IN_CONDITIONS | IN_RULES, 1, 1, "b", "a list of one condition" },
	{ "Fn::Contains", IN_RULES, 2, 2, "xx", "[list, value]" },
	{ "Fn::EachMemberEquals", IN_RULES, 2, 2, "xx", "[list, value]" },
	{ "Fn::EachMemberIn", IN_RULES, 2, 2, "xx", "[list, list]" },
	{ "Fn::RefAll", IN_RULES, 1, 1, "=x", "the type of a parameter" },
	{ "Fn::ValueOf", IN_RULES, 2, 2, "xx", "[parameter, attribute]" },
	{ "Fn::ValueOfAll", IN_RULES, 2, 2, "xx", "[type of parameter, attribute]" },
	{ "Fn::Length", IN_VALUES | IN_CONDITIONS | EXTENSION, 1, 1, "=f", "a list" },
	{ "Fn::ToJsonString", IN_VALUES | IN_CONDITIONS | EXTENSION, 1, 1, "=x", "a map or list" },
};
enum { FUNCTIONS = sizeof(functions) / sizeof(*functions) };

struct walk {
	const struct check *check;
	const struct resource *in;
	unsigned where;
	const char *section;
};

static const struct intrinsic *find_function(const char *name) {
	for (size_t i = 0; i < FUNCTIONS; i++) {
		if (strcmp(functions[i].name, name) == 0) {
			return &functions[i];
		}
	}
	return NULL;
}

static struct mark place(const struct entry *e) {
	return e->value->mark.source ? e->value->mark : e->mark;
}

/* --- arguments -------------------------------------------------------------------------------------------------- */

static bool is_function(const struct value *v) {
	return intrinsic_name(v) != NULL;
}

static bool is_scalar(const struct value *v) {
	return is_string(v) || is_number(v) || is_bool(v);
}

static bool is_whole(const struct value *v) {
	const char *digits = is_string(v) ? v->text : NULL;

	if (is_number(v)) {
		return v->number >= 0 && v->number == (double)(long long)v->number;
	}
	return digits && *digits && strspn(digits, "0123456789") == v->length;
}

static bool is_condition(const struct value *v) {
	const char *name = intrinsic_name(v);
	const struct intrinsic *f = name ? find_function(name) : NULL;

	return name && (strcmp(name, "Condition") == 0 || strcmp(name, "Fn::Transform") == 0 ||
		(f && (f->where & IN_RULES) && !(f->where & IN_VALUES)));
}

/* Whether an argument is of a kind; nulls have a finding of their own. */
static bool fits(const struct check *c, char kind, const struct value *v) {
	if (is_missing(v)) {
		return true;
	}
	switch (kind) {
	case 't':
		return is_string(v) || (c->extensions && is_function(v));
	case 'c':
		return is_string(v);
	case 's':
		return is_scalar(v) || is_function(v);
	case 'l':
		return is_list(v) || is_function(v);
	case 'n':
		return is_whole(v) || is_function(v);
	case 'm':
		return is_map(v);
	case 'o':
		return is_map(v) || is_list(v);
	case 'b':
		return is_condition(v);
	default:
		return true;
	}
}

static const char *kind_words(char kind) {
	switch (kind) {
	case 't':
	case 'c':
		return "a text";
	case 's':
		return "a text, or a function that yields one";
	case 'l':
		return "a list, or a function that yields one";
	case 'n':
		return "a whole number, or a function that yields one";
	case 'm':
		return "a map";
	default:
		return "a condition";
	}
}

static const char *words_of(const struct check *c, const struct value *v) {
	const char *name = intrinsic_name(v);

	return name ? arena_printf(c->arena, "a '%s'", name) : is_string(v) ? arena_printf(c->arena, "'%s'", v->text) :
		arena_printf(c->arena, "a %s", value_kind_name(v));
}

/* A transform may yield anything. */
static bool report_form(const struct walk *w, const struct intrinsic *f, struct mark mark, const struct value *v) {
	if (map_has(v, "Fn::Transform")) {
		return false;
	}
	check_report_at(w->check, "T010", w->in, mark, "'%s' is %s, expected %s", f->name, words_of(w->check, v), f->expected);
	return false;
}

static bool check_arguments(const struct walk *w, const struct intrinsic *f, const struct entry *e) {
	const struct value *list = e->value;
	size_t count = list_length(list);
	const char *form = f->form;

	if (!is_list(list)) {
		return report_form(w, f, place(e), list);
	}
	if (count < f->least || count > f->most) {
		check_report_at(w->check, "T010", w->in, place(e), "'%s' has %zu argument%s, expected %s", f->name, count,
			count == 1 ? "" : "s", f->expected);
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		const struct value *v = list_get(list, i);
		if (!fits(w->check, *form, v)) {
			check_report(w->check, "T010", w->in, v->mark.source ? v : list, "argument %zu of '%s' is %s, expected %s",
				i + 1, f->name, words_of(w->check, v), kind_words(*form));
			return false;
		}
		form += form[1] != '\0';
	}
	return true;
}

/* --- functions with rules of their own --------------------------------------------------------------------------- */

static bool has_dot_inside(const struct value *text) {
	const char *dot = strchr(text->text, '.');

	return dot && dot > text->text && dot[1];
}

static void check_get_att(const struct walk *w, const struct intrinsic *f, const struct entry *e) {
	const struct value *v = e->value, *id = list_get(v, 0), *attribute = list_get(v, 1);

	if (is_string(v)) {
		if (!has_dot_inside(v)) {
			report_form(w, f, place(e), v);
		}
	} else if (!is_list(v) || list_length(v) != 2 || !fits(w->check, 't', id)) {
		report_form(w, f, place(e), v);
	} else if (!is_string(attribute) && !is_function(attribute)) {
		report_form(w, f, attribute->mark.source ? attribute->mark : place(e), attribute);
	}
}

/* Letters, digits, underscores, dots and colons. */
static bool is_variable_name(const char *name, size_t length) {
	for (size_t i = 0; i < length; i++) {
		if (!isalnum((unsigned char)name[i]) && !strchr("_.:", name[i])) {
			return false;
		}
	}
	return true;
}

/* Marks what of the map is used; the number of variables. */
static size_t read_variables(const struct walk *w, const struct value *text, const struct value *given,
		struct value *used) {
	const char *end = text->text + text->length;
	size_t count = 0;

	for (const char *at = text->text; (at = memmem(at, (size_t)(end - at), "${", 2)) != NULL;) {
		const char *name = at + 2, *close = memchr(name, '}', (size_t)(end - name));
		if (!close) {
			break;
		}
		at = close + 1;
		size_t length = (size_t)(close - name);
		text_trim(&name, &length);
		count++;
		if (length && *name == '!') {
			continue;
		}
		const struct entry *e = map_find_text(given, name, length);
		if (e) {
			map_set(w->check->arena, used, e->key, e->value);
		} else if (!is_variable_name(name, length)) {
			check_report(w->check, "T015", w->in, text,
				"'${%.*s}' cannot be a variable, expected letters, digits, '_', '.' and ':'", (int)length, name);
		}
	}
	return count;
}

static void check_sub(const struct walk *w, const struct intrinsic *f, const struct entry *e) {
	const struct value *v = e->value, *text = is_list(v) ? list_get(v, 0) : v, *given = list_get(v, 1);

	if (!is_string(text) || (is_list(v) && (list_length(v) != 2 || !is_map(given)))) {
		report_form(w, f, place(e), is_list(v) && !is_string(text) ? text : v);
		return;
	}
	struct value *used = value_map(w->check->arena);
	size_t count = read_variables(w, text, given, used);
	for (const struct entry *g = map_first(given); g; g = map_next(given, g)) {
		if (!map_has(used, g->key) && !text_starts(g->key, "Fn::")) {
			check_report_key(w->check, "T013", w->in, g, "variable '%s' of 'Fn::Sub' is not in its text", g->key);
		}
	}
	if (!count && !is_list(v) && text->mark.source) {
		check_report(w->check, "T014", w->in, text, "'Fn::Sub' has nothing to substitute");
	}
}

/* An index that is known in a list that is. */
static void check_select(const struct walk *w, const struct value *arguments) {
	const struct value *index = list_get(arguments, 0), *list = list_get(arguments, 1);
	double number;

	if (!is_whole(index) || !is_list(list)) {
		return;
	}
	if (is_number(index)) {
		number = index->number;
	} else if (!number_read(index->text, index->length, &number)) {
		return;
	}
	if (number >= (double)list_length(list)) {
		check_report(w->check, "T010", w->in, index, "index %.0f of 'Fn::Select' is beyond the list of %zu", number,
			list_length(list));
	}
}

/* Texts and functions that yield them: maps and lists cannot be joined. */
static void check_join(const struct walk *w, const struct value *arguments) {
	const struct value *list = list_get(arguments, 1);

	for (size_t i = 0; i < list_length(list); i++) {
		const struct value *item = list_get(list, i);
		if (!fits(w->check, 's', item)) {
			check_report(w->check, "T010", w->in, item->mark.source ? item : list,
				"'Fn::Join' joins a %s, expected texts, and functions that yield them", value_kind_name(item));
		}
	}
}

/* The keys of a mapping, where all are texts. */
static void check_find_in_map(const struct walk *w, const struct value *arguments) {
	const struct check *c = w->check;
	const struct value *name = list_get(arguments, 0), *key = list_get(arguments, 1), *second = list_get(arguments, 2);
	const struct value *mapping = is_string(name) ? map_get(map_get(c->template, "Mappings"), name->text) : NULL;

	if (!mapping || c->transformed || list_length(arguments) > 3 || !is_string(key)) {
		return;
	}
	if (map_has(mapping, "Fn::Transform")) {
		return;
	}
	const struct value *inner = map_get_text(mapping, key->text, key->length);
	const struct value *missing = !inner ? key : is_string(second) && !map_has(inner, second->text) ? second : NULL;
	if (missing && !map_has(inner, "Fn::Transform")) {
		struct diagnostic *d = check_report(c, "T004", w->in, missing, "mapping '%s' has no key '%s'%s%s%s", name->text,
			missing->text, inner ? " in '" : "", inner ? key->text : "", inner ? "'" : "");
		check_suggest(c, d, missing->text, inner ? inner : mapping, NULL);
	}
}

struct special {
	const char *name;
	void (*check)(const struct walk *w, const struct value *arguments);
};

static const struct special specials[] = {
	{ "Fn::Select", check_select },
	{ "Fn::Join", check_join },
	{ "Fn::FindInMap", check_find_in_map },
};

static void check_form(const struct walk *w, const struct intrinsic *f, const struct entry *e) {
	if (is_null(e->value)) {
		return;
	}
	if (strcmp(f->name, "Fn::GetAtt") == 0) {
		check_get_att(w, f, e);
	} else if (strcmp(f->name, "Fn::Sub") == 0) {
		check_sub(w, f, e);
	} else if (*f->form == '=') {
		if (!fits(w->check, f->form[1], e->value)) {
			report_form(w, f, place(e), e->value);
		}
	} else if (check_arguments(w, f, e)) {
		for (size_t i = 0; i < sizeof(specials) / sizeof(*specials); i++) {
			if (strcmp(specials[i].name, f->name) == 0) {
				specials[i].check(w, e->value);
			}
		}
	}
}

/* --- places ----------------------------------------------------------------------------------------------------- */

static void report_unknown(const struct walk *w, const struct entry *e) {
	const char *names[FUNCTIONS];

	for (size_t i = 0; i < FUNCTIONS; i++) {
		names[i] = functions[i].name;
	}
	struct diagnostic *d = check_report_key(w->check, "T011", w->in, e, "unknown function '%s'", e->key);
	const char *likely = text_closest(e->key, names, FUNCTIONS);
	if (likely) {
		diag_help(d, "did you mean '%s'?", likely);
	}
}

static bool check_place(const struct walk *w, const struct intrinsic *f, const struct entry *e) {
	if ((f->where & EXTENSION) && !w->check->extensions && !w->check->serverless) {
		struct diagnostic *d = check_report_key(w->check, "T012", w->in, e,
			"'%s' works with 'Transform: AWS::LanguageExtensions' alone", f->name);
		diag_help(d, "add it to the template");
		return false;
	}
	if (f->where & w->where) {
		return true;
	}
	const char *where = !(f->where & ~(unsigned)EXTENSION & ~(unsigned)IN_VALUES) ? "in 'Resources' and 'Outputs'" :
		f->where & IN_CONDITIONS ? "in 'Conditions' and 'Rules'" : "in 'Rules'";
	check_report_key(w->check, "T012", w->in, e, "'%s' cannot stand in '%s', only %s", f->name, w->section, where);
	return false;
}

static void check_function(const struct walk *w, const struct value *holder, const struct entry *e) {
	const struct intrinsic *f = find_function(e->key);

	if (text_starts(e->key, "Fn::ForEach::") || strcmp(e->key, "Fn::ForEach") == 0) {
		return;
	}
	if (!f) {
		if (!w->check->transformed) {
			report_unknown(w, e);
		}
		return;
	}
	if (holder->length > 1 && strcmp(e->key, "Fn::Transform") != 0) {
		check_report_key(w->check, "T010", w->in, e, "'%s' stands among other keys, expected a map of its own", f->name);
		return;
	}
	if (check_place(w, f, e)) {
		check_form(w, f, e);
	}
}

static bool names_function(const struct value *holder, const struct entry *e) {
	return text_starts(e->key, "Fn::") || (holder->length == 1 && strcmp(e->key, "Ref") == 0);
}

static void walk(const struct walk *w, const struct value *v) {
	for (const struct entry *e = map_first(v); e; e = map_next(v, e)) {
		if (names_function(v, e)) {
			check_function(w, v, e);
		}
		walk(w, e->value);
	}
	for (size_t i = 0; i < list_length(v); i++) {
		walk(w, list_get(v, i));
	}
}

/* --- conditions ------------------------------------------------------------------------------------------------- */

/* Conditions are worked out before there are resources. */
static void check_references_of(const struct walk *w, const struct value *v) {
	const struct value *ref = is_map(v) && v->length == 1 ? map_get(v, "Ref") : NULL;

	if (is_string(ref) && check_has(w->check, "Resources", ref->text)) {
		check_report(w->check, "T016", w->in, ref, "'%s' refers to the resource '%s', expected a parameter", w->section,
			ref->text);
	}
	for (const struct entry *e = map_first(v); e; e = map_next(v, e)) {
		check_references_of(w, e->value);
	}
	for (size_t i = 0; i < list_length(v); i++) {
		check_references_of(w, list_get(v, i));
	}
}

static void check_conditions(const struct check *c) {
	const struct value *conditions = map_get(c->template, "Conditions");

	for (const struct entry *e = map_first(conditions); e; e = map_next(conditions, e)) {
		const char *name = intrinsic_name(e->value);
		bool unknown = name && text_starts(name, "Fn::") && !find_function(name);
		if (!text_starts(e->key, "Fn::") && !is_condition(e->value) && !is_null(e->value) && !unknown) {
			check_report_at(c, "T010", NULL, place(e), "condition '%s' is %s, expected 'Fn::Equals', 'Fn::And', 'Fn::Or', "
				"'Fn::Not' or 'Condition'", e->key, words_of(c, e->value));
		}
	}
}

check_fn check_intrinsics;

void check_intrinsics(const struct check *c) {
	struct walk w = { .check = c, .where = IN_VALUES, .section = "Resources" };

	for (size_t i = 0; i < c->resource_count; i++) {
		w.in = &c->resources[i];
		walk(&w, c->resources[i].value);
	}
	w = (struct walk){ .check = c, .where = IN_VALUES, .section = "Outputs" };
	walk(&w, map_get(c->template, "Outputs"));
	w = (struct walk){ .check = c, .where = IN_CONDITIONS, .section = "Conditions" };
	walk(&w, map_get(c->template, "Conditions"));
	check_references_of(&w, map_get(c->template, "Conditions"));
	check_conditions(c);
	w = (struct walk){ .check = c, .where = IN_RULES, .section = "Rules" };
	walk(&w, map_get(c->template, "Rules"));
	check_references_of(&w, map_get(c->template, "Rules"));
}
