#include "schema_rules.h"

#include <math.h>
#include <string.h>

#include "base/text.h"

/*
 * What each keyword asks of a value. The order of the table is the order in which the reference's validator looks at
 * the keywords of one schema; it shows where a value is coerced by one branch of anyOf before another sees it.
 */

/* --- frames and failures ------------------------------------------------------------------------------------- */

static struct value *in_place(const struct frame *f) {
	if (!f->holder) {
		return f->original;
	}
	return f->entry ? f->entry->value : list_get(f->holder, f->index);
}

const char *node_noun(const struct node *node) {
	bool map = node && node->type && node->type->types & KIND_MAP;
	const char *title = map && node->title ? node->title : "";
	const char *word = strchr(title, ' ');

	return word && strcspn(title, " ") <= 2 && !strchr(word + 1, ' ') ? word + 1 : NULL;
}

/* "'timeout'", "function 'hello'", "item 2 of 'layers'", "the configuration". */
static const char *subject(struct arena *a, const struct frame *f) {
	const struct frame *list = f;
	const char *own = node_noun(f->first);

	if (f->entry) {
		return arena_printf(a, own ? "%s '%s'" : "%s'%s'", own ? own : "", f->entry->key);
	}
	while (list && !list->entry) {
		list = list->parent;
	}
	const char *name = list ? arena_printf(a, "'%s'", list->entry->key) : "the configuration";
	return f->parent ? arena_printf(a, "%s %u of %s", own ? own : "item", f->index + 1, name) : name;
}

static struct mark mark_of(const struct frame *f, const struct value *v) {
	for (; f; f = f->parent) {
		if (v && v->mark.source) {
			return v->mark;
		}
		if (f->entry && f->entry->mark.source) {
			return f->entry->mark;
		}
		v = f->parent ? f->parent->value : NULL;
	}
	return (struct mark){ 0 };
}

static struct mark key_mark_of(const struct frame *f) {
	return f->entry && f->entry->mark.source ? f->entry->mark : mark_of(f, in_place(f));
}

/* Notes a failure, if this is a place where it counts; always false. */
static bool fail(struct check *c, const struct frame *f, const struct rule *rule) {
	const struct frame *parent = f->parent;

	if (!c->failures || ++c->failures->count > MOST_FAILURES) {
		return false;
	}
	struct failure *failure = arena_new(c->arena, struct failure);
	*failure = (struct failure){ .rule = rule, .node = f->node, .value = in_place(f), .entry = f->entry };
	failure->mark = mark_of(f, failure->value);
	failure->key_mark = key_mark_of(f);
	failure->subject = f->subject ? f->subject : subject(c->arena, f);
	if (parent) {
		failure->holder_node = parent->node;
		failure->holder = parent->value;
		failure->holder_subject = parent->subject ? parent->subject : subject(c->arena, parent);
	}
	*c->failures->end = failure;
	c->failures->end = &failure->next;
	return false;
}

static bool verdict(struct check *c, const struct frame *f, const struct rule *rule, bool valid) {
	return valid || fail(c, f, rule);
}

/* The reference has taken the nulls out of all maps by now. */
static bool absent(const struct check *c, const struct entry *e) {
	return c->coerce && is_null(e->value);
}

static size_t map_count(const struct check *c, const struct value *map) {
	size_t count = 0;

	for (const struct entry *e = map_first(map); e; e = map_next(map, e)) {
		count += !absent(c, e);
	}
	return count;
}

static bool map_holds(const struct check *c, const struct value *map, const char *key) {
	const struct entry *e = map_find(map, key);

	return e && !absent(c, e);
}

static bool check_member(struct check *c, struct frame *f, struct node *node, const struct entry *e) {
	struct frame member = { .value = e->value, .original = e->value, .holder = f->value, .entry = e, .parent = f };

	return node_check(c, node, &member);
}

static bool check_item(struct check *c, struct frame *f, struct node *node, uint32_t index) {
	struct value *item = f->value->items[index];
	struct frame member = { .value = item, .original = item, .holder = f->value, .index = index, .parent = f };

	return node_check(c, node, &member);
}

/* Checks without noting failures; the frame is shared, so what a branch coerces, the next one sees. */
static bool try_branch(struct check *c, struct node *node, struct frame *f) {
	struct failures *failures = c->failures;
	const struct node *own = f->node;

	c->failures = NULL;
	bool valid = node_check(c, node, f);
	c->failures = failures;
	f->node = own;
	return valid;
}

/* --- numbers and strings ------------------------------------------------------------------------------------- */

static bool check_maximum(struct check *c, struct frame *f, const struct rule *rule) {
	return verdict(c, f, rule, f->value->number <= rule->number);
}

static bool check_minimum(struct check *c, struct frame *f, const struct rule *rule) {
	return verdict(c, f, rule, f->value->number >= rule->number);
}

static bool check_exclusive_maximum(struct check *c, struct frame *f, const struct rule *rule) {
	return verdict(c, f, rule, f->value->number < rule->number);
}

static bool check_exclusive_minimum(struct check *c, struct frame *f, const struct rule *rule) {
	return verdict(c, f, rule, f->value->number > rule->number);
}

static bool check_multiple_of(struct check *c, struct frame *f, const struct rule *rule) {
	double times = f->value->number / rule->number;

	return verdict(c, f, rule, !isinf(times) && times == floor(times));
}

static size_t characters(const struct value *v) {
	size_t count = 0;

	for (uint32_t i = 0; i < v->length; i++) {
		count += (v->text[i] & 0xc0) != 0x80;
	}
	return count;
}

static bool check_max_length(struct check *c, struct frame *f, const struct rule *rule) {
	return verdict(c, f, rule, f->value->length <= rule->number || (double)characters(f->value) <= rule->number);
}

static bool check_min_length(struct check *c, struct frame *f, const struct rule *rule) {
	return verdict(c, f, rule, (double)characters(f->value) >= rule->number);
}

static bool check_pattern(struct check *c, struct frame *f, const struct rule *rule) {
	return verdict(c, f, rule, pattern_matches(rule->pattern, f->value->text, f->value->length));
}

/* A scheme, a colon, then what RFC 3986 lets stand in an address. */
static bool is_uri(const char *text, size_t length) {
	size_t at = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

	if (at == 0 || at >= length || text[at] != ':' || strchr("0123456789+-.", text[0])) {
		return false;
	}
	for (; at < length; at++) {
		unsigned char ch = (unsigned char)text[at];
		if (ch == '%' && (at + 2 >= length || !strspn(text + at + 1, "0123456789abcdefABCDEF"))) {
			return false;
		}
		if (ch <= ' ' || ch > '~' || strchr("\"<>\\^`{|}", ch)) {
			return false;
		}
	}
	return true;
}

/* Formats that are asserted; others are annotations. */
static bool check_format(struct check *c, struct frame *f, const struct rule *rule) {
	return verdict(c, f, rule, strcmp(rule->text, "uri") != 0 || is_uri(f->value->text, f->value->length));
}

/* --- any value ----------------------------------------------------------------------------------------------- */

static bool check_const(struct check *c, struct frame *f, const struct rule *rule) {
	return verdict(c, f, rule, value_equal(f->value, rule->value));
}

static bool check_enum(struct check *c, struct frame *f, const struct rule *rule) {
	for (size_t i = 0; i < list_length(rule->value); i++) {
		if (value_equal(f->value, rule->value->items[i])) {
			return true;
		}
	}
	return fail(c, f, rule);
}

static bool check_not(struct check *c, struct frame *f, const struct rule *rule) {
	return verdict(c, f, rule, !try_branch(c, rule->node, f));
}

static bool check_any_of(struct check *c, struct frame *f, const struct rule *rule) {
	for (size_t i = 0; i < rule->node_count; i++) {
		if (try_branch(c, rule->nodes[i], f)) {
			return true;
		}
	}
	return fail(c, f, rule);
}

static bool check_one_of(struct check *c, struct frame *f, const struct rule *rule) {
	size_t fitting = 0;

	for (size_t i = 0; i < rule->node_count && fitting < 2; i++) {
		fitting += try_branch(c, rule->nodes[i], f);
	}
	return verdict(c, f, rule, fitting == 1);
}

static bool check_all_of(struct check *c, struct frame *f, const struct rule *rule) {
	const struct node *own = f->node;
	bool valid = true;

	for (size_t i = 0; i < rule->node_count; i++) {
		valid &= node_check(c, rule->nodes[i], f);
	}
	f->node = own;
	return valid;
}

static bool check_if(struct check *c, struct frame *f, const struct rule *rule) {
	const struct node *own = f->node;
	const struct rule *branch = node_rule(own, try_branch(c, rule->node, f) ? "then" : "else");
	bool valid = !branch || node_check(c, branch->node, f);

	f->node = own;
	return valid;
}

/* --- lists --------------------------------------------------------------------------------------------------- */

static bool check_max_items(struct check *c, struct frame *f, const struct rule *rule) {
	return verdict(c, f, rule, f->value->length <= rule->number);
}

static bool check_min_items(struct check *c, struct frame *f, const struct rule *rule) {
	return verdict(c, f, rule, f->value->length >= rule->number);
}

static bool check_unique_items(struct check *c, struct frame *f, const struct rule *rule) {
	for (uint32_t i = 0; rule->flag && i < f->value->length; i++) {
		for (uint32_t j = 0; j < i; j++) {
			if (value_equal(f->value->items[i], f->value->items[j])) {
				return fail(c, f, rule);
			}
		}
	}
	return true;
}

static bool check_items(struct check *c, struct frame *f, const struct rule *rule) {
	bool one_for_all = rule->node_count == SIZE_MAX, valid = true;

	for (uint32_t i = 0; i < f->value->length && i < rule->node_count; i++) {
		valid &= check_item(c, f, rule->nodes[one_for_all ? 0 : i], i);
	}
	return valid;
}

static bool check_additional_items(struct check *c, struct frame *f, const struct rule *rule) {
	const struct rule *items = node_rule(f->node, "items");
	bool valid = true;

	for (size_t i = items ? items->node_count : SIZE_MAX; i < f->value->length; i++) {
		valid &= check_item(c, f, rule->node, (uint32_t)i);
	}
	return valid;
}

static bool check_contains(struct check *c, struct frame *f, const struct rule *rule) {
	struct failures *failures = c->failures;
	bool found = false;

	c->failures = NULL;
	for (uint32_t i = 0; i < f->value->length && !found; i++) {
		found = check_item(c, f, rule->node, i);
	}
	c->failures = failures;
	return verdict(c, f, rule, found);
}

/* --- maps ---------------------------------------------------------------------------------------------------- */

static bool check_max_properties(struct check *c, struct frame *f, const struct rule *rule) {
	return verdict(c, f, rule, (double)map_count(c, f->value) <= rule->number);
}

static bool check_min_properties(struct check *c, struct frame *f, const struct rule *rule) {
	return verdict(c, f, rule, (double)map_count(c, f->value) >= rule->number);
}

static bool check_required(struct check *c, struct frame *f, const struct rule *rule) {
	for (size_t i = 0; i < rule->text_count; i++) {
		if (!map_holds(c, f->value, rule->texts[i])) {
			return fail(c, f, rule);
		}
	}
	return true;
}

static bool check_property_names(struct check *c, struct frame *f, const struct rule *rule) {
	struct failures *failures = c->failures;
	bool valid = true;

	c->failures = NULL;
	for (const struct entry *e = map_first(f->value); e; e = map_next(f->value, e)) {
		struct value *name = value_text(c->arena, e->key, e->key_length);
		struct frame frame = { .value = name, .original = name, .parent = f };
		valid &= node_check(c, rule->node, &frame);
	}
	c->failures = failures;
	return verdict(c, f, rule, valid);
}

static bool matches_pattern(const struct rule *patterns, const struct entry *e) {
	for (size_t i = 0; patterns && i < patterns->members->count; i++) {
		if (pattern_matches(patterns->members->items[i].pattern, e->key, e->key_length)) {
			return true;
		}
	}
	return false;
}

static bool check_additional_properties(struct check *c, struct frame *f, const struct rule *rule) {
	const struct rule *properties = f->node->properties;
	const struct rule *patterns = f->node->patterns;
	bool valid = true;

	for (const struct entry *e = map_first(f->value); e; e = map_next(f->value, e)) {
		bool known = absent(c, e) ||
			(properties && members_find(properties->members, e->key, e->key_length)) ||
			matches_pattern(patterns, e);
		valid &= known || check_member(c, f, rule->node, e);
	}
	return valid;
}

static bool check_dependencies(struct check *c, struct frame *f, const struct rule *rule) {
	bool valid = true;

	for (size_t i = 0; i < rule->members->count; i++) {
		const struct member_node *m = &rule->members->items[i];
		if (!map_holds(c, f->value, m->name)) {
			continue;
		}
		for (size_t j = 0; j < m->name_count && valid; j++) {
			valid = map_holds(c, f->value, m->names[j]);
		}
		valid = valid && (!m->node || try_branch(c, m->node, f));
	}
	return verdict(c, f, rule, valid);
}

static bool check_properties(struct check *c, struct frame *f, const struct rule *rule) {
	bool valid = true;

	for (const struct entry *e = map_first(f->value); e; e = map_next(f->value, e)) {
		const struct member_node *m = members_find(rule->members, e->key, e->key_length);
		valid &= !m || absent(c, e) || check_member(c, f, m->node, e);
	}
	return valid;
}

static bool check_pattern_properties(struct check *c, struct frame *f, const struct rule *rule) {
	bool valid = true;

	for (size_t i = 0; i < rule->members->count; i++) {
		const struct member_node *m = &rule->members->items[i];
		for (const struct entry *e = map_first(f->value); e; e = map_next(f->value, e)) {
			bool asked = !absent(c, e) && pattern_matches(m->pattern, e->key, e->key_length);
			valid &= !asked || check_member(c, f, m->node, e);
		}
	}
	return valid;
}

/* --- the table ----------------------------------------------------------------------------------------------- */

static const struct keyword keywords[] = {
	{ "title", SHAPE_TITLE, 0, NULL },
	{ "$ref", SHAPE_REFERENCE, 0, NULL },
	{ "type", SHAPE_TYPES, 0, NULL },	/* node_check() itself */

	{ "maximum", SHAPE_NUMBER, KIND_NUMBER, check_maximum },
	{ "minimum", SHAPE_NUMBER, KIND_NUMBER, check_minimum },
	{ "exclusiveMaximum", SHAPE_NUMBER, KIND_NUMBER, check_exclusive_maximum },
	{ "exclusiveMinimum", SHAPE_NUMBER, KIND_NUMBER, check_exclusive_minimum },
	{ "multipleOf", SHAPE_NUMBER, KIND_NUMBER, check_multiple_of },

	{ "maxLength", SHAPE_COUNT, KIND_STRING, check_max_length },
	{ "minLength", SHAPE_COUNT, KIND_STRING, check_min_length },
	{ "pattern", SHAPE_PATTERN, KIND_STRING, check_pattern },
	{ "format", SHAPE_TEXT, KIND_STRING, check_format },

	{ "const", SHAPE_VALUE, KIND_ANY, check_const },
	{ "enum", SHAPE_VALUE, KIND_ANY, check_enum },
	{ "not", SHAPE_SCHEMA, KIND_ANY, check_not },
	{ "anyOf", SHAPE_SCHEMAS, KIND_ANY, check_any_of },
	{ "oneOf", SHAPE_SCHEMAS, KIND_ANY, check_one_of },
	{ "allOf", SHAPE_SCHEMAS, KIND_ANY, check_all_of },
	{ "if", SHAPE_SCHEMA, KIND_ANY, check_if },
	{ "then", SHAPE_SCHEMA, 0, NULL },
	{ "else", SHAPE_SCHEMA, 0, NULL },

	{ "maxItems", SHAPE_COUNT, KIND_LIST, check_max_items },
	{ "minItems", SHAPE_COUNT, KIND_LIST, check_min_items },
	{ "uniqueItems", SHAPE_FLAG, KIND_LIST, check_unique_items },
	{ "additionalItems", SHAPE_SCHEMA, KIND_LIST, check_additional_items },
	{ "items", SHAPE_SCHEMA_OR_LIST, KIND_LIST, check_items },
	{ "contains", SHAPE_SCHEMA, KIND_LIST, check_contains },

	{ "maxProperties", SHAPE_COUNT, KIND_MAP, check_max_properties },
	{ "minProperties", SHAPE_COUNT, KIND_MAP, check_min_properties },
	{ "required", SHAPE_TEXTS, KIND_MAP, check_required },
	{ "propertyNames", SHAPE_SCHEMA, KIND_MAP, check_property_names },
	{ "additionalProperties", SHAPE_SCHEMA, KIND_MAP, check_additional_properties },
	{ "dependencies", SHAPE_DEPENDENCIES, KIND_MAP, check_dependencies },
	{ "properties", SHAPE_MEMBERS, KIND_MAP, check_properties },
	{ "patternProperties", SHAPE_PATTERNS, KIND_MAP, check_pattern_properties },

	/*
	 * Ours, for the explanations.
	 * x-instead: keys that people write for others, to {key, help}.
	 * x-missing: what helps when a required key is missing.
	 * x-names: what the keys of a map may be, in words.
	 */
	{ "x-instead", SHAPE_VALUE, 0, NULL },
	{ "x-missing", SHAPE_VALUE, 0, NULL },
	{ "x-names", SHAPE_TEXT, 0, NULL },

	{ "$schema", SHAPE_ANNOTATION, 0, NULL },
	{ "$id", SHAPE_ANNOTATION, 0, NULL },
	{ "$comment", SHAPE_ANNOTATION, 0, NULL },
	{ "definitions", SHAPE_ANNOTATION, 0, NULL },
	{ "description", SHAPE_ANNOTATION, 0, NULL },
	{ "default", SHAPE_ANNOTATION, 0, NULL },
	{ "examples", SHAPE_ANNOTATION, 0, NULL },
};

const struct keyword *keyword_find(const char *name) {
	for (size_t i = 0; i < sizeof(keywords) / sizeof(*keywords); i++) {
		if (keywords[i].name[0] == name[0] && strcmp(keywords[i].name, name) == 0) {
			return &keywords[i];
		}
	}
	return NULL;
}

size_t keyword_order(const struct keyword *keyword) {
	return (size_t)(keyword - keywords);
}

/* --- a value under a node ------------------------------------------------------------------------------------ */

/* Infinities and NaN are numbers to YAML, but to no schema. */
static unsigned kind_bit(const struct value *v) {
	return v->kind == VALUE_NUMBER && !isfinite(v->number) ? 0 : 1u << v->kind;
}

bool value_has_type(const struct value *v, uint32_t types) {
	return (kind_bit(v) & types) ||
		((types & TYPE_INTEGER) && (kind_bit(v) & KIND_NUMBER) && v->number == floor(v->number));
}

static bool type_fits(struct check *c, struct frame *f, const struct rule *type) {
	if (value_has_type(f->value, type->types) || (c->coerce && value_coerce(c, f, type->types))) {
		return true;
	}
	return fail(c, f, type);
}

bool node_check(struct check *c, struct node *lazy, struct frame *f) {
	const struct node *node = node_resolve(lazy);
	bool valid = true;

	if (++c->steps > MOST_STEPS || c->depth > MOST_DEPTH) {
		return true;
	}
	c->depth++;
	f->node = node;
	f->first = f->first ? f->first : node;
	if (node->never) {
		valid = fail(c, f, NULL);
	}
	if (node->type) {
		valid = type_fits(c, f, node->type);
	}
	for (size_t i = 0; i < node->count; i++) {
		const struct rule *rule = &node->rules[i];
		if (rule->keyword->kinds & kind_bit(f->value)) {
			valid &= rule->keyword->check(c, f, rule);
		}
	}
	c->depth--;
	return valid;
}
