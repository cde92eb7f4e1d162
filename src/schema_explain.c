#include "schema_rules.h"

#include <string.h>

#include "base/text.h"

/*
 * What failed, in words: one diagnostic for each cause, at the key that is not known or at the value that does not fit.
 * A value that fits none of several forms is told what the form lacks that it comes nearest to, as a reader would.
 */

enum { MOST_LISTED = 8, MOST_SHOWN = 60, MOST_CANDIDATES = 256, MOST_FORMS = 64, DEEPEST_FORM = 16 };

struct explain {
	struct arena *arena;
	struct diag *diag;
	enum severity severity;
	int depth;
};

/* --- words --------------------------------------------------------------------------------------------------- */

static const char *shown(struct arena *a, const struct value *v) {
	const char *text = value_spell(a, v);
	size_t end = MOST_SHOWN;

	if (is_list(v) || is_map(v)) {
		return arena_printf(a, "a %s", value_kind_name(v));
	}
	if (!is_string(v)) {
		return text;
	}
	if (v->length <= end) {
		return arena_printf(a, "'%s'", text);
	}
	while (((unsigned char)text[end] & 0xc0) == 0x80) {
		end--;
	}
	return arena_printf(a, "'%.*s...'", (int)end, text);
}

/* "'a'", "'a' or 'b'", "'a', 'b' or 'c'". */
static const char *alternatives(struct arena *a, const char *const *words, size_t count) {
	const char *text = count ? words[0] : "";

	for (size_t i = 1; i < count; i++) {
		text = arena_printf(a, i + 1 < count ? "%s, %s" : "%s or %s", text, words[i]);
	}
	return text;
}

static const char *expectation(struct arena *a, const struct node *node);

static const char *values_expected(struct arena *a, const struct value *values) {
	const char *words[MOST_LISTED];
	size_t count = list_length(values);

	if (count > MOST_LISTED) {
		return arena_printf(a, "one of %zu known values", count);
	}
	for (size_t i = 0; i < count; i++) {
		words[i] = shown(a, values->items[i]);
	}
	return alternatives(a, words, count);
}

static bool is_only_union(const struct node *node) {
	return node->count == 1 && (strcmp(node->rules[0].keyword->name, "anyOf") == 0 ||
		strcmp(node->rules[0].keyword->name, "oneOf") == 0);
}

static void add_word(const char **words, size_t *count, const char *word) {
	for (size_t i = 0; i < *count; i++) {
		if (strcmp(words[i], word) == 0) {
			return;
		}
	}
	if (*count < MOST_FORMS) {
		words[(*count)++] = word;
	}
}

static void add_expectations(struct arena *a, const struct rule *forms, const char **words, size_t *count) {
	for (size_t i = 0; i < forms->node_count; i++) {
		const struct node *node = node_resolve(forms->nodes[i]);
		if (!node->title && is_only_union(node)) {
			add_expectations(a, &node->rules[0], words, count);
		} else {
			add_word(words, count, expectation(a, node));
		}
	}
}

static const char *forms_expected(struct arena *a, const struct rule *forms) {
	const char *words[MOST_FORMS];
	size_t count = 0;

	add_expectations(a, forms, words, &count);
	return alternatives(a, words, count);
}

/* " from 1 to 900", " of at least 2" ... */
static const char *bounds(struct arena *a, const struct rule *least, const struct rule *most, const char *from,
		const char *upwards, const char *downwards) {
	char low[NUMBER_SIZE], high[NUMBER_SIZE];

	if (least) {
		number_spell(least->number, low);
	}
	if (most) {
		number_spell(most->number, high);
	}
	return least && most ? arena_printf(a, from, low, high) : least ? arena_printf(a, upwards, low) :
		most ? arena_printf(a, downwards, high) : "";
}

static const char *type_expected(struct arena *a, const struct node *node) {
	uint32_t types = node->type->types;

	if (types & (KIND_NUMBER | TYPE_INTEGER)) {
		return arena_printf(a, "a %snumber%s", types & KIND_NUMBER ? "" : "whole ",
			bounds(a, node_rule(node, "minimum"), node_rule(node, "maximum"), " from %s to %s", " of at least %s",
				" of at most %s"));
	}
	if (types & KIND_STRING) {
		const struct rule *pattern = node_rule(node, "pattern");
		const struct rule *least = node_rule(node, "minLength");
		return pattern ? arena_printf(a, "a string that matches %s", pattern->source) :
			least && least->number == 1 ? "a string that is not empty" : "a string";
	}
	return types & KIND_BOOL ? "true or false" : types & KIND_LIST ? "a list" : types & KIND_MAP ? "a map" : "null";
}

/* What fits, in words that follow "expected". */
static const char *expectation(struct arena *a, const struct node *node) {
	static const char *const unions[] = { "anyOf", "oneOf" };
	const struct rule *rule;

	if (node->title && !node_noun(node)) {
		return node->title;
	}
	if ((rule = node_rule(node, "const"))) {
		return shown(a, rule->value);
	}
	if ((rule = node_rule(node, "enum"))) {
		return values_expected(a, rule->value);
	}
	for (size_t i = 0; i < 2; i++) {
		if ((rule = node_rule(node, unions[i])) && !node->type) {
			return forms_expected(a, rule);
		}
	}
	return node->type ? type_expected(a, node) : "something else";
}

/* --- suggestions --------------------------------------------------------------------------------------------- */

struct candidates {
	const char *words[MOST_CANDIDATES];
	size_t count;
};

static void add_candidate(struct candidates *all, const char *word) {
	if (all->count < MOST_CANDIDATES) {
		all->words[all->count++] = word;
	}
}

static void add_names(struct candidates *all, const struct node *node) {
	const struct rule *properties = node->properties;

	for (size_t i = 0; properties && i < properties->members->count; i++) {
		add_candidate(all, properties->members->items[i].name);
	}
}

static void suggest(struct diagnostic *d, const char *word, const struct candidates *all) {
	const char *closest = text_closest(word, all->words, all->count);

	if (closest) {
		diag_help(d, "did you mean '%s'?", closest);
	}
}

static const char *names_listed(struct arena *a, const struct candidates *all) {
	const char *words[MOST_LISTED];

	if (all->count == 0 || all->count > MOST_LISTED) {
		return "";
	}
	for (size_t i = 0; i < all->count; i++) {
		words[i] = arena_printf(a, "'%s'", all->words[i]);
	}
	return arena_printf(a, ", expected %s", alternatives(a, words, all->count));
}

/* --- saying it ----------------------------------------------------------------------------------------------- */

/* A later stage that dies of the same says so itself, and better. */
static struct diagnostic *say(struct explain *x, const struct failure *f, const char *code, struct mark mark,
		const char *format, ...) __attribute__((format(printf, 5, 6)));

static struct diagnostic *say(struct explain *x, const struct failure *f, const char *code, struct mark mark,
		const char *format, ...) {
	va_list args;

	va_start(args, format);
	const char *text = arena_vprintf(x->arena, format, args);
	va_end(args);
	struct diagnostic *d = diag_add(x->diag, x->severity, code, mark, "%s", text);
	diag_origin(d, f->value);
	diag_yield(d, f->key_mark);
	return d;
}

/* --- maps ---------------------------------------------------------------------------------------------------- */

static const struct value *instead_of(const struct node *node, const char *key) {
	return node ? map_get(node_explanation(node, "x-instead"), key) : NULL;
}

static bool is_known(const struct node *node, const struct entry *e) {
	const struct rule *properties = node->properties;

	return properties && members_find(properties->members, e->key, e->key_length);
}

/* The key beside this one under which it would be at home: it was meant to be indented. In a map of so many keys that looking
   takes its time there is no telling. */
static const char *home_beside(const struct failure *f) {
	enum { MOST_KEYS = 100 };
	const struct rule *properties = f->holder_node->properties;

	if (f->holder->length > MOST_KEYS) {
		return NULL;
	}
	for (const struct entry *e = map_first(f->holder); properties && e; e = map_next(f->holder, e)) {
		const struct member_node *m = members_find(properties->members, e->key, e->key_length);
		const struct node *node = m ? node_resolve(m->node) : NULL;
		const struct rule *forms = node ? node_rule(node, "anyOf") : NULL;
		if (!node || is_map(e->value)) {
			continue;
		}
		if (is_known(node, f->entry)) {
			return e->key;
		}
		for (size_t i = 0; forms && i < forms->node_count; i++) {
			if (is_known(node_resolve(forms->nodes[i]), f->entry)) {
				return e->key;
			}
		}
	}
	return NULL;
}

static void explain_instead(struct explain *x, const struct failure *f, const struct value *instead) {
	const struct value *key = map_get(instead, "key"), *help = map_get(instead, "help");
	struct diagnostic *d = say(x, f, "C201", f->key_mark, "unknown key '%s' in %s%s%s%s", f->entry->key, f->holder_subject,
		key ? ", expected '" : "", key ? key->text : "", key ? "'" : "");

	if (is_string(help)) {
		diag_help(d, "%s", help->text);
	}
}

static void explain_unknown_key(struct explain *x, const struct failure *f) {
	const struct value *instead = instead_of(f->holder_node, f->entry->key);
	const struct rule *names = node_rule(f->holder_node, "x-names");
	struct candidates all = { .count = 0 };

	if (instead) {
		explain_instead(x, f, instead);
		return;
	}
	if (names) {
		say(x, f, "C208", f->key_mark, "'%s' cannot be a key of %s, expected %s", f->entry->key, f->holder_subject,
			names->text);
		return;
	}
	add_names(&all, f->holder_node);
	struct diagnostic *d = say(x, f, "C201", f->key_mark, "unknown key '%s' in %s%s", f->entry->key, f->holder_subject,
		names_listed(x->arena, &all));
	const char *home = home_beside(f);
	if (home) {
		diag_help(d, "indent '%s' under '%s'", f->entry->key, home);
	} else {
		suggest(d, f->entry->key, &all);
	}
}

/* Whether a key that is not known stands there in place of the missing one; it is reported itself. */
static bool stands_misspelt(const struct failure *f, const char *missing) {
	for (const struct entry *e = map_first(f->value); e; e = map_next(f->value, e)) {
		if (is_null(e->value) || is_known(f->node, e)) {
			continue;
		}
		if (is_text(map_get(instead_of(f->node, e->key), "key"), missing) || text_closest(e->key, &missing, 1)) {
			return true;
		}
	}
	return false;
}

static void explain_required(struct explain *x, const struct failure *f) {
	const struct value *helps = node_explanation(f->node, "x-missing");

	for (size_t i = 0; i < f->rule->text_count; i++) {
		const char *key = f->rule->texts[i];
		const struct entry *e = map_find(f->value, key);
		const struct value *help = map_get(helps, key);
		if ((e && !is_null(e->value)) || stands_misspelt(f, key)) {
			continue;
		}
		struct diagnostic *d = say(x, f, "C202", e ? e->mark : f->key_mark,
			e ? "'%s' in %s is empty" : "key '%s' is missing in %s", key, f->subject);
		if (help) {
			diag_help(d, "%s", help->text);
		}
	}
}

static size_t known_keys(const struct failure *f) {
	size_t count = 0;

	for (const struct entry *e = map_first(f->value); e; e = map_next(f->value, e)) {
		count += !is_null(e->value) && (is_known(f->node, e) || !f->node->properties);
	}
	return count;
}

/* --- bounds -------------------------------------------------------------------------------------------------- */

static void explain_number(struct explain *x, const struct failure *f) {
	say(x, f, "C206", f->mark, "%s is %s, expected %s", f->subject, shown(x->arena, f->value),
		expectation(x->arena, f->node));
}

static void explain_length(struct explain *x, const struct failure *f) {
	const char *range = bounds(x->arena, node_rule(f->node, "minLength"), node_rule(f->node, "maxLength"), "%s to %s",
		"at least %s", "at most %s");

	if (f->value->length == 0) {
		say(x, f, "C206", f->mark, "%s is empty, expected %s", f->subject, expectation(x->arena, f->node));
		return;
	}
	say(x, f, "C206", f->mark, "%s is %s with %u characters, expected %s", f->subject, shown(x->arena, f->value),
		f->value->length, range);
}

static void explain_items(struct explain *x, const struct failure *f) {
	const struct rule *least = node_rule(f->node, "minItems"), *most = node_rule(f->node, "maxItems");
	const char *range = least && most && least->number == most->number ? arena_printf(x->arena, "%g", least->number) :
		bounds(x->arena, least, most, "%s to %s", "at least %s", "at most %s");

	say(x, f, "C206", f->mark, "%s has %u item%s, expected %s", f->subject, f->value->length,
		f->value->length == 1 ? "" : "s", range);
}

static void explain_keys(struct explain *x, const struct failure *f) {
	const struct rule *most = node_rule(f->node, "maxProperties");
	size_t count = known_keys(f);

	const struct entry *first = map_first(f->value);

	if (first && is_null(first->value)) {
		say(x, f, "C206", first->mark, "'%s' in %s is empty", first->key, f->subject);
	} else if (!first) {
		struct candidates all = { .count = 0 };
		add_names(&all, f->node);
		say(x, f, "C206", f->key_mark, "%s is empty%s", f->subject, names_listed(x->arena, &all));
	} else if (count && (!most || (double)count > most->number)) {
		say(x, f, "C206", f->key_mark, "%s has %zu keys, expected %g", f->subject, count, most ? most->number : 1);
	}
}

/* --- one value ----------------------------------------------------------------------------------------------- */

static void explain_type(struct explain *x, const struct failure *f) {
	say(x, f, "C203", f->mark, "%s is %s, expected %s", f->subject, shown(x->arena, f->value),
		expectation(x->arena, f->node));
}

static void explain_enum(struct explain *x, const struct failure *f) {
	struct candidates all = { .count = 0 };
	const struct value *values = f->rule->value;
	struct diagnostic *d = say(x, f, "C204", f->mark, "%s is %s, expected %s", f->subject, shown(x->arena, f->value),
		expectation(x->arena, f->node));

	for (size_t i = 0; i < list_length(values); i++) {
		if (is_string(values->items[i])) {
			add_candidate(&all, values->items[i]->text);
		}
	}
	if (is_string(f->value)) {
		suggest(d, f->value->text, &all);
	}
}

static void explain_const(struct explain *x, const struct failure *f) {
	say(x, f, "C204", f->mark, "%s is %s, expected %s", f->subject, shown(x->arena, f->value),
		expectation(x->arena, f->node));
}

static void explain_pattern(struct explain *x, const struct failure *f) {
	say(x, f, "C205", f->mark, "%s is %s, expected %s", f->subject, shown(x->arena, f->value),
		expectation(x->arena, f->node));
}

/* --- several forms ------------------------------------------------------------------------------------------- */

struct form {
	const struct node *node;
	struct failures failures;
	bool fits_kind;		/* a map for a map, a scalar for a scalar */
	size_t likeness;	/* of keys: two for each that the form knows, one for each that is nearly one */
};

struct forms {
	struct form all[MOST_FORMS];
	size_t count;
};

/* All forms, those of nested unions among them. */
static void collect_forms(struct forms *forms, const struct rule *rule, int depth) {
	for (size_t i = 0; i < rule->node_count; i++) {
		const struct node *node = node_resolve(rule->nodes[i]);
		if (is_only_union(node) && depth < DEEPEST_FORM) {
			collect_forms(forms, &node->rules[0], depth + 1);
		} else if (forms->count < MOST_FORMS) {
			forms->all[forms->count++].node = node;
		}
	}
}

static bool kind_fits(const struct node *node, const struct value *v) {
	bool scalar = !is_list(v) && !is_map(v);

	if (!node->type) {
		return scalar;	/* const and enum */
	}
	return scalar ? !(node->type->types & (KIND_LIST | KIND_MAP)) : value_has_type(v, node->type->types);
}

static size_t likeness(const struct node *form, const struct value *map) {
	struct candidates all = { .count = 0 };
	size_t sum = 0, looked_at = 0;

	add_names(&all, form);
	for (const struct entry *e = map_first(map); e && looked_at < MOST_CANDIDATES; e = map_next(map, e), looked_at++) {
		if (!is_null(e->value)) {
			sum += is_known(form, e) ? 2 : text_closest(e->key, all.words, all.count) ? 1 : 0;
		}
	}
	return sum;
}

/* What this form has against a copy of the value; the value itself is left as it is. */
static void try_form(struct explain *x, const struct failure *f, struct form *form) {
	struct check check = { .arena = x->arena, .failures = &form->failures, .coerce = true };
	struct value *copy = value_copy(x->arena, f->value);
	struct frame holder = { .value = f->holder, .original = f->holder, .node = f->holder_node,
		.subject = f->holder_subject };
	struct frame frame = { .value = copy, .original = copy, .entry = f->entry, .subject = f->subject,
		.parent = f->holder ? &holder : NULL };
	form->failures.end = &form->failures.first;
	form->fits_kind = kind_fits(form->node, f->value);
	if (!form->fits_kind) {
		return;
	}
	node_check(&check, (struct node *)form->node, &frame);
	form->likeness = likeness(form->node, f->value);
}

/* Whether one form is nearer to the value than another. */
static bool is_nearer(const struct form *form, const struct form *other) {
	if (form->fits_kind != other->fits_kind) {
		return form->fits_kind;
	}
	if (form->likeness != other->likeness) {
		return form->likeness > other->likeness;
	}
	return form->failures.count < other->failures.count;
}

/* A list or map of the right kind, or the only scalar that can be meant. */
static bool is_meant(const struct forms *forms, const struct form *form, const struct value *v) {
	size_t fitting = 0;

	for (size_t i = 0; i < forms->count; i++) {
		fitting += forms->all[i].fits_kind;
	}
	return form->fits_kind && form->failures.count > 0 && (fitting == 1 || (is_map(v) && form->likeness > 0));
}

static void explain_all(struct explain *x, const struct failures *failures);

static void explain_no_form(struct explain *x, const struct failure *f, const struct forms *forms) {
	struct candidates names = { .count = 0 }, values = { .count = 0 };
	struct diagnostic *d = say(x, f, "C207", f->mark, "%s is %s, expected %s", f->subject, shown(x->arena, f->value),
		expectation(x->arena, f->node));

	for (size_t i = 0; i < forms->count; i++) {
		const struct rule *value = node_rule(forms->all[i].node, "const");
		add_names(&names, forms->all[i].node);
		if (value && is_string(value->value)) {
			add_candidate(&values, value->value->text);
		}
	}
	if (is_map(f->value) && f->value->length) {
		suggest(d, map_first(f->value)->key, &names);
	} else if (is_string(f->value)) {
		suggest(d, f->value->text, &values);
	}
}

static void explain_union(struct explain *x, const struct failure *f) {
	struct forms *forms = arena_new(x->arena, struct forms);
	const struct form *nearest = NULL;

	collect_forms(forms, f->rule, 0);
	for (size_t i = 0; i < forms->count && x->depth < DEEPEST_FORM; i++) {
		try_form(x, f, &forms->all[i]);
		nearest = !nearest || is_nearer(&forms->all[i], nearest) ? &forms->all[i] : nearest;
	}
	if (!nearest || !is_meant(forms, nearest, f->value)) {
		explain_no_form(x, f, forms);
		return;
	}
	x->depth++;
	explain_all(x, &nearest->failures);
	x->depth--;
}

/* A union of lists of required keys: "one of these has to be there". What is no map has all of them, says the schema, and
   a wrong type, says its `type`. */
static void explain_alternative_keys(struct explain *x, const struct failure *f) {
	const char *keys[MOST_LISTED] = { NULL };
	size_t count = 0, present = 0;

	if (!is_map(f->value)) {
		return;
	}
	for (size_t i = 0; i < f->rule->node_count && count < MOST_LISTED; i++) {
		const struct rule *required = node_rule(node_resolve(f->rule->nodes[i]), "required");
		for (size_t j = 0; required && j < required->text_count && count < MOST_LISTED; j++) {
			present += !is_missing(map_get(f->value, required->texts[j]));
			keys[count++] = arena_printf(x->arena, "'%s'", required->texts[j]);
		}
	}
	if (count == 2) {
		say(x, f, "C202", f->mark, present ? "%s has both %s and %s, expected one" : "%s has neither %s nor %s", f->subject,
			keys[0], keys[1]);
	} else {
		say(x, f, "C202", f->mark, present ? "%s has more than one of %s" : "%s has none of %s", f->subject,
			alternatives(x->arena, keys, count));
	}
}

static bool asks_for_keys(const struct rule *rule) {
	for (size_t i = 0; i < rule->node_count; i++) {
		const struct node *node = node_resolve(rule->nodes[i]);
		if (node->count != 1 || strcmp(node->rules[0].keyword->name, "required") != 0) {
			return false;
		}
	}
	return true;
}

static void explain_forms(struct explain *x, const struct failure *f) {
	if (asks_for_keys(f->rule)) {
		explain_alternative_keys(x, f);
	} else {
		explain_union(x, f);
	}
}

static void explain_other(struct explain *x, const struct failure *f) {
	say(x, f, "C207", f->mark, "%s is %s, expected %s", f->subject, shown(x->arena, f->value),
		expectation(x->arena, f->node));
}

/* --- the table ----------------------------------------------------------------------------------------------- */

static const struct explanation {
	const char *keyword;
	void (*explain)(struct explain *x, const struct failure *f);
} explanations[] = {
	{ "type", explain_type },
	{ "required", explain_required },
	{ "enum", explain_enum },
	{ "const", explain_const },
	{ "pattern", explain_pattern },
	{ "format", explain_pattern },
	{ "anyOf", explain_forms },
	{ "oneOf", explain_forms },
	{ "minimum", explain_number },
	{ "maximum", explain_number },
	{ "exclusiveMinimum", explain_number },
	{ "exclusiveMaximum", explain_number },
	{ "multipleOf", explain_number },
	{ "minLength", explain_length },
	{ "maxLength", explain_length },
	{ "minItems", explain_items },
	{ "maxItems", explain_items },
	{ "minProperties", explain_keys },
	{ "maxProperties", explain_keys },
};

static void explain_one(struct explain *x, const struct failure *f) {
	if (!f->rule) {
		if (f->entry && f->holder_node) {
			explain_unknown_key(x, f);
		} else {
			explain_other(x, f);
		}
		return;
	}
	for (size_t i = 0; i < sizeof(explanations) / sizeof(*explanations); i++) {
		if (strcmp(explanations[i].keyword, f->rule->keyword->name) == 0) {
			explanations[i].explain(x, f);
			return;
		}
	}
	explain_other(x, f);
}

static bool is_of_type(const struct failure *f) {
	return f->rule && f->rule == f->node->type;
}

/* A value of a wrong type, or with another fault of the same schema, has no further one worth telling. */
static bool is_told(const struct failure *first, const struct failure *f) {
	for (const struct failure *other = first; other != f; other = other->next) {
		if (is_of_type(other) || (other->rule && f->rule && other->node == f->node)) {
			return true;
		}
	}
	return false;
}

static void explain_all(struct explain *x, const struct failures *failures) {
	const struct failure *group = failures->first;

	for (const struct failure *f = failures->first; f; f = f->next) {
		group = group->value == f->value ? group : f;
		if (!is_told(group, f)) {
			explain_one(x, f);
		}
	}
}

void failures_explain(struct arena *a, const struct failures *failures, enum severity severity, struct diag *diag) {
	struct explain x = { .arena = a, .diag = diag, .severity = severity };

	explain_all(&x, failures);
	if (failures->count > MOST_FAILURES) {
		diag->left_out += failures->count - MOST_FAILURES;
	}
}
