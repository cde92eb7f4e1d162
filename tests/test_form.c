/* Whatever is asked of a map that was made from a form, the answer is that of the same map made by MAP(). */
#include "test.h"

#include <string.h>

#include "base/diag.h"
#include "base/form.h"
#include "base/text.h"
#include "emit.h"
#include "merge.h"

enum { NAME, FIRST, LAST, MORE };

static struct value *tree(struct arena *a, struct value *name, struct value *first, struct value *last,
		struct value *more) {
	return MAP(a,
		{ "Name", name },
		{ "Fixed", LIST(a, TEXT("a \"quoted\" text"), value_null(a), value_map(a), value_list(a)) },
		{ "7", value_number(a, 0.5) },
		{ "List", LIST(a, first, TEXT("between"), last, MAP(a, { "Again", first }, { "deep", LIST(a, more) })) },
		{ "Only", MAP(a, { "More", more }) },
		{ "More", more },
	);
}

static struct form *form(struct arena *a) {
	return form_create(a, tree(a, BLANK(NAME), BLANK(FIRST), BLANK(LAST), BLANK(MORE)));
}

/* Something to fill in, of which every third is left out. */
static struct value *sample(struct arena *a, unsigned number) {
	switch (number % 9) {
	case 0:
		return TEXT("plain");
	case 1:
		return TEXT("a rather long text with \"quotes\" and \n a line break in it");
	case 3:
		return value_number(a, number);
	case 4:
		return MAP(a, { "Ref", TEXT("Other") });
	case 6:
		return value_list(a);
	case 7:
		return FILL(form(a), [LAST] = TEXT("inner"), [MORE] = value_null(a));
	default:
		return NULL;
	}
}

/* The same twice, from the form and as MAP() makes it. */
struct twins {
	struct value *filled, *plain;
};

static struct twins twins(struct arena *a, struct form *f, unsigned number) {
	struct value *values[] = {
		sample(a, number), sample(a, number / 9), sample(a, number / 81), sample(a, number / 729),
	};

	return (struct twins){
		form_fill(f, values, sizeof(values) / sizeof(*values)),
		tree(a, values[NAME], values[FIRST], values[LAST], values[MORE]),
	};
}

enum { ALL = 9 * 9 * 9 * 9 };

/* How deep, in a list, the value stands. */
static struct value *below(struct arena *a, struct value *v, unsigned depth) {
	for (unsigned i = 0; i < depth; i++) {
		v = LIST(a, v);
	}
	return v;
}

static void assert_same_text(struct arena *a, struct value *filled, struct value *plain) {
	for (int manner = 0; manner < 3; manner++) {
		struct text one = { 0 }, other = { 0 };
		if (manner == 2) {
			emit_json_sorted(&one, a, filled);
			emit_json_sorted(&other, a, plain);
		} else {
			emit_json(&one, filled, manner * 2);
			emit_json(&other, plain, manner * 2);
		}
		assert_int_equal(one.length, other.length);
		assert_memory_equal(one.bytes, other.bytes, one.length);
		text_free(&one);
		text_free(&other);
	}
}

static void forms_are_printed_as_maps(void **state) {
	struct arena *a = arena_create();
	struct form *f = form(a);
	(void)state;

	for (unsigned i = 0; i < ALL; i++) {
		struct twins t = twins(a, f, i);
		assert_same_text(a, below(a, t.filled, i % 40), below(a, t.plain, i % 40));
	}
	arena_destroy(a);
}

/* Printed with the same blanks time and again: from the pieces. */
static void forms_are_printed_again(void **state) {
	struct arena *a = arena_create();
	struct form *f = form(a);
	(void)state;

	for (unsigned i = 0; i < 100; i++) {
		struct twins t = twins(a, f, i % 2);
		assert_same_text(a, t.filled, t.plain);
		assert_non_null(filled_of(t.filled));
	}
	arena_destroy(a);
}

typedef void ask_fn(struct arena *a, struct twins *t);

static void ask_length(struct arena *a, struct twins *t) {
	(void)a;
	assert_int_equal(t->filled->length, t->plain->length);
}

static void ask_keys(struct arena *a, struct twins *t) {
	static const char *const keys[] = { "Name", "Fixed", "7", "List", "Only", "More", "none", "" };
	(void)a;

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		assert_true(value_equal(map_get(t->filled, keys[i]), map_get(t->plain, keys[i])));
		assert_int_equal(map_has(t->filled, keys[i]), map_has(t->plain, keys[i]));
	}
}

static void ask_order(struct arena *a, struct twins *t) {
	const struct entry *one = map_first(t->filled), *other = map_first(t->plain);
	(void)a;

	for (; one && other; one = map_next(t->filled, one), other = map_next(t->plain, other)) {
		assert_string_equal(one->key, other->key);
		assert_true(value_equal(one->value, other->value));
	}
	assert_true(!one && !other);
}

static void ask_equality(struct arena *a, struct twins *t) {
	(void)a;
	assert_true(value_equal(t->filled, t->plain));
	assert_true(value_equal(t->plain, t->filled));
}

static void copy_deep(struct arena *a, struct twins *t) {
	*t = (struct twins){ value_copy(a, t->filled), value_copy(a, t->plain) };
}

static void copy_shallow(struct arena *a, struct twins *t) {
	*t = (struct twins){ value_shallow_copy(a, t->filled), value_shallow_copy(a, t->plain) };
}

static void copy_to_mark(struct arena *a, struct twins *t) {
	struct mark mark = { NULL, 3, 4 };

	*t = (struct twins){ value_at(a, t->filled, mark), value_at(a, t->plain, mark) };
}

static void change(struct arena *a, struct twins *t) {
	for (int i = 0; i < 2; i++) {
		struct value *v = i ? t->filled : t->plain;
		map_set(a, v, "Name", TEXT("changed"));
		map_set(a, v, "New", TEXT("new"));
		map_set(a, v, "3", TEXT("three"));
	}
}

static void take_away(struct arena *a, struct twins *t) {
	static const char *const keys[] = { "Name", "Fixed", "7", "List", "Only", "none", "More" };
	(void)a;

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		assert_int_equal(map_remove(t->filled, keys[i]), map_remove(t->plain, keys[i]));
	}
	assert_int_equal(t->filled->length, 0);
	map_set(a, t->filled, "Last", TEXT("x"));
	map_set(a, t->plain, "Last", TEXT("x"));
}

static void merge(struct arena *a, struct twins *t) {
	const struct value *own = MAP(a,
		{ "List", LIST(a, TEXT("own")) },
		{ "Only", MAP(a, { "More", TEXT("own") }) },
		{ "Own", TEXT("own") },
	);
	struct diag diag;

	diag_init(&diag, a, false);
	*t = (struct twins){ merge_maps(a, t->filled, own, &diag), merge_maps(a, t->plain, own, &diag) };
}

static void merge_over(struct arena *a, struct twins *t) {
	struct value *base = MAP(a, { "More", TEXT("base") }, { "Base", TEXT("base") });
	struct diag diag;

	diag_init(&diag, a, false);
	*t = (struct twins){ merge_maps(a, base, t->filled, &diag), merge_maps(a, base, t->plain, &diag) };
}

static void forms_answer_as_maps(void **state) {
	static ask_fn *const questions[] = {
		ask_length, ask_keys, ask_order, ask_equality, copy_deep, copy_shallow, copy_to_mark, change, take_away, merge,
		merge_over,
	};
	struct arena *a = arena_create();
	struct form *f = form(a);
	(void)state;

	for (size_t q = 0; q < sizeof(questions) / sizeof(*questions); q++) {
		for (unsigned i = 0; i < ALL; i += 7) {
			struct twins t = twins(a, f, i);
			questions[q](a, &t);
			ask_length(a, &t);
			assert_same_text(a, t.filled, t.plain);
			ask_order(a, &t);
		}
	}
	arena_destroy(a);
}

static void what_is_changed_is_nobody_elses(void **state) {
	struct arena *a = arena_create();
	struct form *f = form(a);
	(void)state;

	for (unsigned i = 0; i < 2; i++) {
		struct twins one = twins(a, f, i), other = twins(a, f, i);
		map_set(a, one.filled, "New", TEXT("new"));
		map_set(a, map_get(one.filled, "Only"), "New", TEXT("new"));
		assert_same_text(a, other.filled, other.plain);
		assert_false(value_equal(one.filled, one.plain));
		assert_ptr_equal(form_of(other.filled), f->tree);
		assert_ptr_equal(form_of(one.filled), one.filled);
	}
	arena_destroy(a);
}

static void a_form_may_be_nothing_but_blanks(void **state) {
	struct arena *a = arena_create();
	struct form *f = form_create(a, MAP(a, { "a", BLANK(0) }, { "b", BLANK(63) }));
	struct value *none = FILL(f, NULL), *one = FILL(f, [63] = TEXT("x"));
	(void)state;

	assert_same_text(a, none, value_map(a));
	assert_same_text(a, one, MAP(a, { "b", TEXT("x") }));
	assert_null(map_get(none, "a"));
	assert_null(map_first(none));
	assert_true(value_equal(none, value_map(a)));
	map_set(a, none, "b", TEXT("x"));
	assert_true(value_equal(none, one));
	arena_destroy(a);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms_are_printed_as_maps),
		cmocka_unit_test(forms_are_printed_again),
		cmocka_unit_test(forms_answer_as_maps),
		cmocka_unit_test(what_is_changed_is_nobody_elses),
		cmocka_unit_test(a_form_may_be_nothing_but_blanks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
