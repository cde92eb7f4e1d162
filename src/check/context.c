#include "context.h"

#include <ctype.h>

#include "base/text.h"
#include "places.h"
#include "rules.h"

struct index {
	const struct value *numbers;	/* from a resource's id to its number */
	const struct value *firsts;	/* from a type to the number of its first resource */
	const struct places *places;	/* NULL until a finding needs them */
	size_t suggestions;		/* keys that may still be looked at */
};

enum { MOST_SUGGESTIONS = 200000 };

/* --- resources -------------------------------------------------------------------------------------------------- */

static const char *type_of(const struct value *resource) {
	const struct value *type = map_get(resource, "Type");

	return is_string(type) ? type->text : "";
}

static struct resource *read_resources(struct arena *a, const struct value *section, size_t *count,
		struct value *numbers) {
	struct resource *list = arena_array(a, struct resource, is_map(section) ? section->length : 0);

	*count = 0;
	for (const struct entry *e = map_first(section); e; e = map_next(section, e)) {
		if (!is_map(e->value)) {
			continue;
		}
		const struct value *properties = map_get(e->value, "Properties");
		list[*count] = (struct resource){ .id = e->key, .mark = e->mark, .type = type_of(e->value), .value = e->value,
			.properties = is_map(properties) ? properties : NULL, .number = *count };
		map_set(a, numbers, e->key, value_number(a, (double)(*count)++));
	}
	return list;
}

/* From the last on, so that each finds the next of its type already there. */
static void link_types(struct arena *a, struct resource *list, size_t count, struct value *firsts) {
	for (size_t i = count; i-- > 0;) {
		const struct value *next = map_get(firsts, list[i].type);
		list[i].next_of_type = next ? &list[(size_t)next->number] : NULL;
		map_set(a, firsts, list[i].type, value_number(a, (double)i));
	}
}

static const struct resource *numbered(const struct check *c, const struct value *number) {
	return number ? &c->resources[(size_t)number->number] : NULL;
}

const struct resource *check_resource(const struct check *c, const char *id) {
	return numbered(c, map_get(c->index->numbers, id));
}

const struct resource *check_first(const struct check *c, const char *type) {
	return numbered(c, map_get(c->index->firsts, type));
}

bool check_has(const struct check *c, const char *section, const char *key) {
	return map_has(map_get(c->template, section), key);
}

const char *intrinsic_name(const struct value *v) {
	const struct entry *e = is_map(v) && v->length == 1 ? map_first(v) : NULL;

	return e && (strcmp(e->key, "Ref") == 0 || strcmp(e->key, "Condition") == 0 || text_starts(e->key, "Fn::")) ?
		e->key : NULL;
}

const struct value *check_property(const struct resource *r, const char *name) {
	static const struct value unknown = { .kind = VALUE_MAP };
	const struct value *v = r ? map_get(r->properties, name) : NULL;

	if (!v && r && map_has(r->properties, "Fn::Transform")) {
		return &unknown;
	}
	return is_text(map_get(v, "Ref"), "AWS::NoValue") ? NULL : v;
}

/* --- what may be missing ----------------------------------------------------------------------------------------- */

/* The loops of LanguageExtensions make keys that nobody can know before. */
static bool has_loop(const struct value *section) {
	for (const struct entry *e = map_first(section); e; e = map_next(section, e)) {
		if (text_starts(e->key, "Fn::ForEach::") || strcmp(e->key, "Fn::Transform") == 0) {
			return true;
		}
	}
	return false;
}

static void read_macro(struct check *c, const struct value *macro) {
	if (is_text(macro, "AWS::LanguageExtensions")) {
		c->extensions = true;
	} else if (is_string(macro) && text_starts(macro->text, "AWS::Serverless-")) {
		c->serverless = true;
	} else {
		c->transformed = true;
	}
}

/* What slsws said of plugins: C401 are those that leave the template alone. */
static bool has_plugins(const struct diag *diag) {
	for (const struct diagnostic *d = diag->first; d; d = d->next) {
		if (text_starts(d->code, "C40") && strcmp(d->code, "C401") != 0) {
			return true;
		}
	}
	return false;
}

static void read_macros(struct check *c) {
	static const char *const sections[] = { "Resources", "Conditions", "Mappings", "Outputs", "Parameters" };
	const struct value *macros = map_get(c->template, "Transform");

	if (macros && !is_list(macros)) {
		read_macro(c, macros);
	}
	for (size_t i = 0; i < list_length(macros); i++) {
		read_macro(c, list_get(macros, i));
	}
	c->transformed |= map_has(c->template, "Fn::Transform");
	for (size_t i = 0; i < sizeof(sections) / sizeof(*sections); i++) {
		c->transformed |= has_loop(map_get(c->template, sections[i]));
	}
	c->extensions |= c->transformed;
	c->plugins = has_plugins(c->diag) || (c->service && c->service->partial);
}

static bool makes_more(const struct check *c, const struct resource *r) {
	return r && ((c->serverless && text_starts(r->type, "AWS::Serverless::")) || text_ends(r->type, "::MODULE"));
}

bool check_may_come(const struct check *c, const char *name) {
	if (c->transformed || (c->serverless && text_starts(name, "Serverless"))) {
		return true;
	}
	for (size_t length = strnlen(name, 255); length > 0; length--) {
		if (makes_more(c, numbered(c, map_get_text(c->index->numbers, name, length)))) {
			return true;
		}
	}
	return c->serverless && strcmp(name, "CodeDeployServiceRole") == 0;
}

static size_t add_keys(const char **names, const struct value *map) {
	size_t count = 0;

	for (const struct entry *e = map_first(map); e; e = map_next(map, e)) {
		names[count++] = e->key;
	}
	return count;
}

void check_suggest(const struct check *c, struct diagnostic *d, const char *word, const struct value *first,
		const struct value *second) {
	struct index *index = (struct index *)c->index;
	size_t most = (is_map(first) ? first->length : 0) + (is_map(second) ? second->length : 0);

	if (!diag_is_kept(d) || most > index->suggestions) {
		return;
	}
	index->suggestions -= most;
	const char **names = arena_array(c->arena, const char *, most);
	size_t count = add_keys(names, first);
	count += add_keys(names + count, second);
	const char *likely = text_closest(word, names, count);
	if (likely) {
		diag_help(d, "did you mean '%s'?", likely);
	}
}

/* --- references ------------------------------------------------------------------------------------------------- */

struct collector {
	struct arena *arena;
	const struct check *check;
	struct reference *list;
	size_t count, capacity;
	const struct resource *from;
	bool sure;
};

static void add(struct collector *r, enum reference_kind kind, const char *target, const char *attribute,
		const struct value *at) {
	if (r->count == r->capacity) {
		struct reference *before = r->list;
		r->capacity = r->capacity ? r->capacity * 2 : 64;
		r->list = arena_array(r->arena, struct reference, r->capacity);
		if (before) {
			memcpy(r->list, before, r->count * sizeof(*before));
		}
	}
	bool of_resource = kind != REFERENCE_CONDITION && kind != REFERENCE_MAPPING;
	r->list[r->count++] = (struct reference){ .kind = kind, .target = target, .attribute = attribute, .at = at,
		.from = r->from, .to = of_resource ? check_resource(r->check, target) : NULL, .sure = r->sure };
}

/* "Id.Attribute", the attribute NULL without a dot. */
static void add_dotted(struct collector *r, enum reference_kind kind, const char *text, size_t length,
		const struct value *at) {
	const char *dot = memchr(text, '.', length);
	const char *target = arena_copy(r->arena, text, dot ? (size_t)(dot - text) : length);

	add(r, kind, target, dot ? arena_copy(r->arena, dot + 1, length - (size_t)(dot + 1 - text)) : NULL, at);
}

static void add_get_att(struct collector *r, const struct value *v) {
	const struct value *id = list_get(v, 0), *attribute = list_get(v, 1);

	if (is_string(v)) {
		add_dotted(r, REFERENCE_GET_ATT, v->text, v->length, v);
	} else if (is_string(id)) {
		add(r, REFERENCE_GET_ATT, id->text, is_string(attribute) ? attribute->text : NULL, id);
	}
}

/* The others are no variables; intrinsics.c tells. */
static bool is_variable_name(const char *name, size_t length) {
	for (size_t i = 0; i < length; i++) {
		if (!isalnum((unsigned char)name[i]) && !strchr("_.:", name[i])) {
			return false;
		}
	}
	return length > 0;
}

/* The ${...} of a text, but for ${!...} and what the map gives. */
static void add_sub(struct collector *r, const struct value *v) {
	const struct value *text = is_list(v) ? list_get(v, 0) : v, *given = list_get(v, 1);

	if (!is_string(text)) {
		return;
	}
	const char *end = text->text + text->length;
	for (const char *at = text->text; (at = memmem(at, (size_t)(end - at), "${", 2)) != NULL;) {
		const char *name = at + 2, *close = memchr(name, '}', (size_t)(end - name));
		if (!close) {
			return;
		}
		at = close + 1;
		size_t length = (size_t)(close - name);
		text_trim(&name, &length);
		if (is_variable_name(name, length) && !map_find_text(given, name, length)) {
			add_dotted(r, REFERENCE_SUB, name, length, text);
		}
	}
}

static void add_function(struct collector *r, const char *function, const struct value *v) {
	const struct value *first = list_get(v, 0);

	if (strcmp(function, "Ref") == 0 && is_string(v)) {
		add(r, REFERENCE_REF, v->text, NULL, v);
	} else if (strcmp(function, "Fn::GetAtt") == 0) {
		add_get_att(r, v);
	} else if (strcmp(function, "Fn::Sub") == 0) {
		add_sub(r, v);
	} else if (strcmp(function, "Fn::If") == 0 && is_string(first)) {
		add(r, REFERENCE_CONDITION, first->text, NULL, first);
	} else if (strcmp(function, "Fn::FindInMap") == 0 && is_string(first)) {
		add(r, REFERENCE_MAPPING, first->text, NULL, first);
	}
}

static void walk(struct collector *r, const struct value *v) {
	const char *function = intrinsic_name(v);
	bool sure = r->sure;

	if (function) {
		add_function(r, function, map_get(v, function));
		r->sure = sure && strcmp(function, "Fn::If") != 0;
	}
	for (const struct entry *e = map_first(v); e; e = map_next(v, e)) {
		walk(r, e->value);
	}
	for (size_t i = 0; i < list_length(v); i++) {
		walk(r, list_get(v, i));
	}
	r->sure = sure;
}

/* In conditions and rules, a map of Condition alone names a condition; elsewhere it may be a property of that name. */
static void walk_conditions(struct collector *r, const struct value *v) {
	const struct value *condition = is_map(v) && v->length == 1 ? map_get(v, "Condition") : NULL;

	if (is_string(condition)) {
		add(r, REFERENCE_CONDITION, condition->text, NULL, condition);
	}
	for (const struct entry *e = map_first(v); e; e = map_next(v, e)) {
		walk_conditions(r, e->value);
	}
	for (size_t i = 0; i < list_length(v); i++) {
		walk_conditions(r, list_get(v, i));
	}
}

static void add_condition(struct collector *r, const struct value *holder) {
	const struct value *condition = map_get(holder, "Condition");

	if (is_string(condition)) {
		add(r, REFERENCE_CONDITION, condition->text, NULL, condition);
	}
}

static void add_depends_on(struct collector *r, const struct value *v) {
	if (is_string(v)) {
		add(r, REFERENCE_DEPENDS_ON, v->text, NULL, v);
	}
	for (size_t i = 0; i < list_length(v); i++) {
		const struct value *item = list_get(v, i);
		if (is_string(item)) {
			add(r, REFERENCE_DEPENDS_ON, item->text, NULL, item);
		}
	}
}

static void collect_resource(struct collector *r, const struct value *resource) {
	r->sure = true;
	add_depends_on(r, map_get(resource, "DependsOn"));
	walk(r, map_get(resource, "Properties"));
	r->sure = false;
	add_condition(r, resource);
	for (const struct entry *e = map_first(resource); e; e = map_next(resource, e)) {
		if (strcmp(e->key, "Properties") != 0) {
			walk(r, e->value);
		}
	}
}

static void collect(struct collector *r, const struct check *c) {
	const struct value *outputs = map_get(c->template, "Outputs");

	for (size_t i = 0; i < c->resource_count; i++) {
		r->from = &c->resources[i];
		collect_resource(r, r->from->value);
	}
	r->from = NULL;
	for (const struct entry *e = map_first(outputs); e; e = map_next(outputs, e)) {
		add_condition(r, e->value);
	}
	walk(r, outputs);
	walk(r, map_get(c->template, "Conditions"));
	walk_conditions(r, map_get(c->template, "Conditions"));
	walk(r, map_get(c->template, "Rules"));
	walk_conditions(r, map_get(c->template, "Rules"));
}

const struct check *check_context(struct arena *a, const struct source *source, const struct service *service,
		const struct value *template, struct diag *diag) {
	struct check *c = arena_new(a, struct check);
	struct index *index = arena_new(a, struct index);
	struct value *numbers = value_map(a), *firsts = value_map(a);

	*c = (struct check){ .arena = a, .diag = diag, .source = source, .service = service, .template = template,
		.index = index };
	read_macros(c);
	struct resource *list = read_resources(a, map_get(template, "Resources"), &c->resource_count, numbers);
	link_types(a, list, c->resource_count, firsts);
	c->resources = list;
	*index = (struct index){ .numbers = numbers, .firsts = firsts, .suggestions = MOST_SUGGESTIONS };
	struct collector r = { .arena = a, .check = c };
	collect(&r, c);
	c->references = r.list;
	c->reference_count = r.count;
	return c;
}

/* --- findings --------------------------------------------------------------------------------------------------- */

static const struct places *places_of(const struct check *c) {
	struct index *index = (struct index *)c->index;

	index->places = index->places ? index->places : places_create(c->arena, c->service);
	return index->places;
}

static enum severity severity_of(const char *code) {
	struct rule_info rule;

	if (!rules_find(code, &rule)) {
		BUG("no row for the code %s in base/codes.h", code);
	}
	return rule.severity;
}

struct mark check_resource_mark(const struct check *c, const struct resource *r) {
	return r->mark.source ? r->mark : places_find(places_of(c), r->id);
}

/* A place that is not known becomes that of the resource; and if slsws made that, the place of what it was made for. */
static struct diagnostic *report(const struct check *c, const char *code, const struct resource *in, struct mark mark,
		const char *format, va_list args) {
	const char *made = NULL;

	if (!mark.source && in) {
		mark = in->mark;
		made = mark.source ? NULL : in->id;
		mark = mark.source ? mark : places_find(places_of(c), in->id);
	}
	mark = mark.source ? mark : (struct mark){ .source = c->source };
	struct diagnostic *d = diag_add(c->diag, severity_of(code), code, mark, "%s",
		arena_vprintf(c->arena, format, args));
	if (made) {
		diag_note(d, (struct mark){ 0 }, "in the resource '%s' (%s) that is made of this", made, in->type);
	}
	return d;
}

#define REPORTED(mark) \
	va_list args; \
	va_start(args, format); \
	struct diagnostic *d = report(c, code, in, mark, format, args); \
	va_end(args)

struct diagnostic *check_report(const struct check *c, const char *code, const struct resource *in,
		const struct value *at, const char *format, ...) {
	REPORTED(at ? at->mark : (struct mark){ 0 });
	diag_origin(d, at);
	return d;
}

/* A key that slsws made is placed as a resource of that id is: outputs have such ids too. */
static struct mark mark_of_key(const struct check *c, const struct resource *in, const struct entry *key) {
	return !key ? (struct mark){ 0 } : key->mark.source || in ? key->mark : places_find(places_of(c), key->key);
}

struct diagnostic *check_report_key(const struct check *c, const char *code, const struct resource *in,
		const struct entry *key, const char *format, ...) {
	REPORTED(mark_of_key(c, in, key));
	return d;
}

struct diagnostic *check_report_at(const struct check *c, const char *code, const struct resource *in, struct mark mark,
		const char *format, ...) {
	REPORTED(mark);
	return d;
}
