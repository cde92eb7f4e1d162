#include "diff_compare.h"

#include <string.h>

#include "diff_effect.h"

/* The way to a value: a key, or an index, with a label where an item has a name. */
struct step {
	struct step *up;
	const char *path;		/* when it was asked for: see path_of() */
	const char *key;		/* NULL: an index */
	size_t index;
	const char *label;
	struct mark before, after;	/* the nearest places known */
};

struct comparison {
	const struct diff_context *context;
	struct item *item;
	struct change **end;
};

static void compare(struct comparison *c, struct step *at, const struct value *before, const struct value *after);

/* --- the way --------------------------------------------------------------------------------------------------- */

enum { LONGEST_PATH = 300 };

static bool is_plain_key(const char *key) {
	return *key && !key[strcspn(key, ".[]\"'= \t\n")];
}

static void add_step(struct text *out, const struct step *step) {
	size_t length = step->key ? strlen(step->key) : 0;

	length = length < LONGEST_PATH ? length : LONGEST_PATH;
	if (!step->key && step->label) {
		text_printf(out, "[%s]", step->label);
	} else if (!step->key) {
		text_printf(out, "[%zu]", step->index);
	} else if (is_plain_key(step->key)) {
		text_puts(out, out->length ? "." : "");
		add_visible(out, step->key, length);
	} else {
		text_puts(out, "[\"");
		add_visible(out, step->key, length);
		text_puts(out, "\"]");
	}
}

/* What is further down than this goes by the name of where it is. */
static const char *path_of(struct arena *a, struct step *at) {
	struct text out = { 0 };

	if (!at->up) {
		return "";
	}
	if (!at->path) {
		const char *above = path_of(a, at->up);
		if (strlen(above) >= LONGEST_PATH) {
			return at->path = above;
		}
		text_puts(&out, above);
		add_step(&out, at);
		at->path = arena_copy(a, out.bytes, out.length);
		text_free(&out);
	}
	return at->path;
}

/* The way as the specification tells it: keys, NULL for items of lists, nothing for functions and what they choose from.
   Returns how many, of which the first few are set. */
static size_t names_on(struct step *at, const char *names[MOST_NAMES]) {
	if (!at->up) {
		return 0;
	}
	size_t count = names_on(at->up, names);
	bool function = at->key && text_starts(at->key, "Fn::");
	bool argument = !at->key && at->up->key && text_starts(at->up->key, "Fn::");
	if (function || argument || count == MOST_NAMES) {
		return count;
	}
	names[count] = at->key;
	return count + 1;
}

static enum effect effect_at(const struct comparison *c, struct step *at, const struct value *before,
		const struct value *after) {
	const char *names[1 + MOST_NAMES];	/* "Properties", and what is below */
	size_t count = names_on(at, names);

	if (strcmp(c->item->section, "Resources") != 0 || !count) {
		return EFFECT_NONE;
	}
	if (strcmp(names[0], "Properties") == 0) {
		enum effect effect = effect_of(c->item->type, names + 1, count - 1, before);
		enum effect other = effect_of(c->item->type, names + 1, count - 1, after);
		return effect > other ? effect : other;
	}
	return strcmp(names[0], "Type") == 0 ? EFFECT_REPLACE : EFFECT_NONE;
}

static struct mark nearest(const struct value *v, struct mark mark) {
	return v && v->mark.source ? v->mark : mark;
}

static struct step step_to(struct step *up, const struct value *before, const struct value *after) {
	return (struct step){ .up = up, .before = nearest(before, up->before), .after = nearest(after, up->after) };
}

/* --- changes --------------------------------------------------------------------------------------------------- */

/* An output is called after what it holds. */
static const char *meaning(const struct comparison *c, const struct step *at) {
	bool of_output = at->key && strcmp(at->key, "Value") == 0 && strcmp(c->item->section, "Outputs") == 0;

	return of_output && c->item->after_id ? c->item->after_id : at->key;
}

static void add_change(struct comparison *c, struct step *at, enum change_kind kind, const struct value *before,
		const struct value *after) {
	struct arena *a = c->context->arena;
	struct change *change = arena_new(a, struct change);
	bool churn = kind == CHANGE_CHANGED && diff_same(c->context, meaning(c, at), before, after);

	*change = (struct change){ .kind = kind, .effect = churn ? EFFECT_NONE : effect_at(c, at, before, after), .churn = churn,
		.path = path_of(a, at), .before = before, .after = after, .before_at = nearest(before, at->before),
		.after_at = nearest(after, at->after) };
	if (change->effect > c->item->effect) {
		c->item->effect = change->effect;
	}
	*c->end = change;
	c->end = &change->next;
}

static void compare_maps(struct comparison *c, struct step *at, const struct value *before,
		const struct value *after) {
	for (const struct entry *e = map_first(before); e; e = map_next(before, e)) {
		const struct value *there = map_get_text(after, e->key, e->key_length);
		struct step step = step_to(at, e->value, there);
		step.key = e->key;
		compare(c, &step, e->value, there);
	}
	for (const struct entry *e = map_first(after); e; e = map_next(after, e)) {
		if (!map_find_text(before, e->key, e->key_length)) {
			struct step step = step_to(at, NULL, e->value);
			step.key = e->key;
			compare(c, &step, NULL, e->value);
		}
	}
}

/* --- lists ----------------------------------------------------------------------------------------------------- */

static void compare_items(struct comparison *c, struct step *at, size_t index, const char *label,
		const struct value *before, const struct value *after) {
	struct step step = step_to(at, before, after);

	step.index = index;
	step.label = label;
	compare(c, &step, before, after);
}

/* An item as a whole: it means the same. */
static void add_churn(struct comparison *c, struct step *at, size_t index, const struct value *before,
		const struct value *after) {
	struct step step = step_to(at, before, after);

	step.index = index;
	add_change(c, &step, CHANGE_CHANGED, before, after);
}

static void compare_sets(struct comparison *c, struct step *at, const struct value *before,
		const struct value *after) {
	struct bag *bag = bag_create(c->context, at->key, after);
	size_t count = set_count(before), other_count = set_count(after);
	bool *taken = arena_array(c->context->arena, bool, other_count);

	for (size_t i = 0; i < count; i++) {
		size_t other = bag_take(bag, set_item(before, i));
		if (other == SIZE_MAX) {
			compare_items(c, at, i, NULL, set_item(before, i), NULL);
		} else {
			taken[other] = true;
		}
	}
	for (size_t i = 0; i < other_count; i++) {
		if (!taken[i]) {
			compare_items(c, at, i, NULL, NULL, set_item(after, i));
		}
	}
}

/* Keys that name the items of lists; the order of such lists does not count. */
static const char *const identities[] = {
	"Key", "Sid", "PolicyName", "AttributeName", "IndexName", "ParameterKey", "Name", "Id", "ContainerName", "DeviceName",
};

/* The items by what they are called; NULL unless all have different names under the key. */
static struct value *named_items(const struct diff_context *context, const struct value *list, const char *key) {
	struct value *items = value_map(context->arena);

	for (uint32_t i = 0; i < list->length; i++) {
		const struct value *name = map_get(list->items[i], key);
		if (!is_string(name) || map_find_text(items, name->text, name->length) || strlen(name->text) != name->length) {
			return NULL;
		}
		map_set(context->arena, items, name->text, list->items[i]);
	}
	return items;
}

static const char *label_of(struct arena *a, const char *key, const char *name) {
	enum { LONGEST = 100 };
	struct text out = { 0 };

	add_visible(&out, name, strnlen(name, LONGEST));
	const char *label = arena_printf(a, "%s=%s", key, out.bytes ? out.bytes : "");
	text_free(&out);
	return label;
}

static bool compare_named(struct comparison *c, struct step *at, const struct value *before,
		const struct value *after) {
	struct arena *a = c->context->arena;
	struct value *items = NULL, *others = NULL;
	const char *key = NULL;

	for (size_t i = 0; i < sizeof(identities) / sizeof(*identities) && !others; i++) {
		key = identities[i];
		items = named_items(c->context, before, key);
		others = items ? named_items(c->context, after, key) : NULL;
	}
	if (!others) {
		return false;
	}
	for (const struct entry *e = map_first(items); e; e = map_next(items, e)) {
		compare_items(c, at, 0, label_of(a, key, e->key), e->value, map_get_text(others, e->key, e->key_length));
	}
	for (const struct entry *e = map_first(others); e; e = map_next(others, e)) {
		if (!map_find_text(items, e->key, e->key_length)) {
			compare_items(c, at, 0, label_of(a, key, e->key), NULL, e->value);
		}
	}
	return true;
}

/* Items that are the same are partners, wherever they stand; the others are in their order. */
static void compare_lists(struct comparison *c, struct step *at, const struct value *before,
		const struct value *after) {
	struct arena *a = c->context->arena;
	struct bag *bag = bag_create(c->context, NULL, after);
	size_t *partners = arena_array(a, size_t, before->length), last = 0, next = 0, alike = 0;
	bool *taken = arena_array(a, bool, after->length), moved = false;

	for (uint32_t i = 0; i < before->length; i++) {
		partners[i] = bag_take(bag, before->items[i]);
		if (partners[i] != SIZE_MAX) {
			taken[partners[i]] = true;
			moved = moved || partners[i] < last;
			last = partners[i];
			alike++;
		}
	}
	if (moved && alike == before->length && alike == after->length) {
		add_change(c, at, CHANGE_ORDER, before, after);
		return;
	}
	for (uint32_t i = 0; i < before->length; i++) {
		bool alone = partners[i] == SIZE_MAX;
		while (alone && next < after->length && taken[next]) {
			next++;
		}
		const struct value *partner = alone ? list_get(after, next) : after->items[partners[i]];
		if (alone) {
			compare_items(c, at, partner ? next : i, NULL, before->items[i], partner);
			next += partner != NULL;
		} else if (!value_equal(before->items[i], partner)) {
			add_churn(c, at, partners[i], before->items[i], partner);
		}
	}
	for (; next < after->length; next++) {
		if (!taken[next]) {
			compare_items(c, at, next, NULL, NULL, after->items[next]);
		}
	}
}

/* --- statements ------------------------------------------------------------------------------------------------ */

struct pairing {
	const struct diff_context *context;
	const struct value *before, *after;
	size_t *partners;		/* of those before; SIZE_MAX: none */
	bool *taken;			/* those after */
};

typedef const char *statement_key_fn(const struct diff_context *context, enum side side, const struct value *statement);

static const char *key_of_sid(const struct diff_context *context, enum side side, const struct value *statement) {
	const struct value *sid = map_get(statement, "Sid");

	(void)context;
	(void)side;
	return is_string(sid) && sid->length ? sid->text : NULL;
}

static const char *key_without(const struct diff_context *context, enum side side, const struct value *statement,
		const char *key, const char *not_key) {
	uint64_t hash = 0;

	for (const struct entry *e = map_first(statement); e; e = map_next(statement, e)) {
		if (strcmp(e->key, key) != 0 && strcmp(e->key, not_key) != 0 && strcmp(e->key, "Sid") != 0) {
			hash += diff_hash(context, side, e->key, e->value) * (1 + 2 * e->key_length);
		}
	}
	return arena_printf(context->arena, "%016llx", (unsigned long long)hash);
}

static const char *key_of_resources(const struct diff_context *context, enum side side, const struct value *statement) {
	return key_without(context, side, statement, "Action", "NotAction");
}

static const char *key_of_actions(const struct diff_context *context, enum side side, const struct value *statement) {
	return key_without(context, side, statement, "Resource", "NotResource");
}

/* One statement alone on each side became the other. */
static void pair_the_last(struct pairing *p) {
	size_t left = SIZE_MAX, right = SIZE_MAX, lefts = 0, rights = 0;

	for (size_t i = 0; i < set_count(p->before); i++) {
		left = p->partners[i] == SIZE_MAX ? i : left;
		lefts += p->partners[i] == SIZE_MAX;
	}
	for (size_t i = 0; i < set_count(p->after); i++) {
		right = p->taken[i] ? right : i;
		rights += !p->taken[i];
	}
	if (lefts == 1 && rights == 1) {
		p->partners[left] = right;
		p->taken[right] = true;
	}
}

static void pair_by_key(struct pairing *p, statement_key_fn *key_of) {
	struct arena *a = p->context->arena;
	struct value *free_ones = value_map(a), *used = value_map(a);

	for (size_t i = 0; i < set_count(p->after); i++) {
		const char *key = p->taken[i] ? NULL : key_of(p->context, AFTER, set_item(p->after, i));
		if (!key) {
			continue;
		}
		if (!map_get(free_ones, key)) {
			map_set(a, free_ones, key, value_list(a));
		}
		list_add(a, map_get(free_ones, key), value_number(a, (double)i));
	}
	for (size_t i = 0; i < set_count(p->before); i++) {
		const char *key = p->partners[i] == SIZE_MAX ? key_of(p->context, BEFORE, set_item(p->before, i)) : NULL;
		struct value *list = key ? map_get(free_ones, key) : NULL, *count = key ? map_get(used, key) : NULL;
		struct value *index = list_get(list, count ? (size_t)count->number : 0);
		if (index) {
			p->partners[i] = (size_t)index->number;
			p->taken[p->partners[i]] = true;
			map_set(a, used, key, value_number(a, count ? count->number + 1 : 1));
		}
	}
}

void pair_statements(const struct diff_context *context, const struct value *before, const struct value *after,
		visit_statements *visit, void *data) {
	static statement_key_fn *const keys[] = { key_of_sid, key_of_resources, key_of_actions };
	size_t count = set_count(before), other_count = set_count(after);
	struct pairing p = { context, before, after, arena_array(context->arena, size_t, count),
		arena_array(context->arena, bool, other_count) };
	struct bag *bag = bag_create(context, NULL, after);
	bool *same = arena_array(context->arena, bool, count);

	for (size_t i = 0; i < count; i++) {
		p.partners[i] = bag_take(bag, set_item(before, i));
		same[i] = p.partners[i] != SIZE_MAX;
		if (same[i]) {
			p.taken[p.partners[i]] = true;
		}
	}
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		pair_by_key(&p, keys[i]);
	}
	pair_the_last(&p);
	for (size_t i = 0; i < count; i++) {
		size_t other = p.partners[i];
		if (!same[i]) {
			visit(data, i, set_item(before, i), other, other == SIZE_MAX ? NULL : set_item(after, other));
		}
	}
	for (size_t i = 0; i < other_count; i++) {
		if (!p.taken[i]) {
			visit(data, SIZE_MAX, NULL, i, set_item(after, i));
		}
	}
}

struct at_statements {
	struct comparison *comparison;
	struct step *at;
};

static void compare_statement(void *data, size_t before_index, const struct value *before, size_t after_index,
		const struct value *after) {
	struct at_statements *s = data;
	const char *sid = key_of_sid(s->comparison->context, AFTER, after ? after : before);
	const char *label = sid ? label_of(s->comparison->context->arena, "Sid", sid) : NULL;

	compare_items(s->comparison, s->at, after ? after_index : before_index, label, before, after);
}

/* --- all together ---------------------------------------------------------------------------------------------- */

/* A function that is shown as a whole: what it gives is one text or one value. */
static bool is_whole(const struct value *v) {
	static const char *const functions[] = { "Ref", "Fn::GetAtt", "Fn::Sub", "Fn::Join" };
	const struct value *argument;
	const char *function = intrinsic(v, &argument);

	for (size_t i = 0; function && i < sizeof(functions) / sizeof(*functions); i++) {
		if (strcmp(function, functions[i]) == 0) {
			return true;
		}
	}
	return false;
}

static bool is_set_of_texts(const char *key) {
	return is_set_key(key) && strcmp(key, "Tags") != 0 && strcmp(key, "Statement") != 0 && strcmp(key, "Policies") != 0;
}

static void compare(struct comparison *c, struct step *at, const struct value *before, const struct value *after) {
	if (!before || !after) {
		add_change(c, at, before ? CHANGE_REMOVED : CHANGE_ADDED, before, after);
	} else if (is_set_of_texts(at->key) && (is_list(before) || is_list(after))) {
		compare_sets(c, at, before, after);
	} else if (at->key && strcmp(at->key, "Statement") == 0) {
		struct at_statements data = { c, at };
		pair_statements(c->context, before, after, compare_statement, &data);
	} else if (is_whole(before) || is_whole(after)) {
		if (!value_equal(before, after)) {
			add_change(c, at, CHANGE_CHANGED, before, after);
		}
	} else if (is_map(before) && is_map(after)) {
		compare_maps(c, at, before, after);
	} else if (is_list(before) && is_list(after)) {
		if (!compare_named(c, at, before, after)) {
			compare_lists(c, at, before, after);
		}
	} else if (!value_equal(before, after)) {
		add_change(c, at, CHANGE_CHANGED, before, after);
	}
}

void compare_item(const struct diff_context *context, struct item *item, const char *key) {
	struct comparison c = { .context = context, .item = item, .end = &item->changes };
	struct step top = { .before = nearest(item->before, item->before_at), .after = nearest(item->after, item->after_at) };
	struct step value = { .up = &top, .key = key, .before = top.before, .after = top.after };
	bool nested = is_map(item->before) && is_map(item->after);

	compare(&c, nested ? &top : &value, item->before, item->after);
}
