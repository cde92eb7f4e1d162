/*
 * Comparisons that must find nothing: each template of the fixtures with itself, and with itself upside down. And what
 * every change has to hold to, whatever the templates.
 */
#include "test.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/text.h"
#include "diff/diff.h"
#include "diff/diff_write.h"
#include "read_json.h"
#include "read_yaml.h"

static struct value *read_text(struct arena *a, const char *name, const char *bytes, size_t length) {
	struct source *source = arena_new(a, struct source);
	struct diag diag;

	diag_init(&diag, a, false);
	*source = (struct source){ .name = name, .text = arena_copy(a, bytes, length), .length = length };
	return text_ends(name, ".json") ? read_json(a, source, &diag) : read_yaml(a, source, &diag);
}

static struct value *read_file(struct arena *a, const char *path) {
	FILE *file = fopen(path, "rb");
	struct text text = { 0 };
	char buffer[4096];
	size_t count;

	if (!file) {
		return NULL;
	}
	while ((count = fread(buffer, 1, sizeof(buffer), file)) > 0) {
		text_add(&text, buffer, count);
	}
	fclose(file);
	struct value *v = read_text(a, path, text.bytes, text.length);
	text_free(&text);
	return v;
}

/* The same with the keys of all maps in the opposite order. */
static struct value *upside_down(struct arena *a, const struct value *v) {
	if (is_list(v)) {
		struct value *list = value_list(a);
		for (size_t i = 0; i < list_length(v); i++) {
			list_add(a, list, upside_down(a, list_get(v, i)));
		}
		return list;
	}
	if (!is_map(v)) {
		return (struct value *)v;
	}
	const struct entry **entries = arena_array(a, const struct entry *, v->length);
	struct value *map = value_map(a);
	size_t count = 0;
	for (const struct entry *e = map_first(v); e; e = map_next(v, e)) {
		entries[count++] = e;
	}
	while (count--) {
		map_set(a, map, entries[count]->key, upside_down(a, entries[count]->value));
	}
	return map;
}

static void templates_are_the_same(void **state) {
	const char *fixtures = getenv("FIXTURES");
	struct dirent **names;
	int n = fixtures ? scandir(fixtures, &names, NULL, alphasort) : 0, compared = 0;

	(void)state;
	for (int i = 0; i < n; i++) {
		struct arena *a = arena_create();
		const struct value *v = read_file(a, arena_printf(a, "%s/%s/template.json", fixtures, names[i]->d_name));
		if (v) {
			const struct value *copy = value_copy(a, v), *turned = upside_down(a, v);
			assert_true(diff_is_empty(diff_templates(a, v, copy)));
			assert_null(diff_templates(a, v, copy)->access);
			struct diff *diff = diff_templates(a, v, turned);
			assert_true(diff_is_empty(diff));
			assert_int_equal(diff->churned, 0);
			compared++;
		}
		arena_destroy(a);
		free(names[i]);
	}
	if (n > 0) {
		free(names);
		assert_true(compared > 100);
	}
}

/* Each pair of neighbours is compared in both directions: what one adds the other removes. */
static void directions_mirror(void **state) {
	const char *fixtures = getenv("FIXTURES");
	struct dirent **names;
	int n = fixtures ? scandir(fixtures, &names, NULL, alphasort) : 0;
	struct arena *a = arena_create();
	const struct value *last = NULL;

	(void)state;
	for (int i = 0; i < n; i++) {
		const struct value *v = i % 5 ? NULL :
			read_file(a, arena_printf(a, "%s/%s/template.json", fixtures, names[i]->d_name));
		if (v && last) {
			const struct diff *there = diff_templates(a, last, v), *back = diff_templates(a, v, last);
			assert_int_equal(there->added, back->removed);
			assert_int_equal(there->removed, back->added);
			assert_int_equal(there->others, back->others);
			assert_int_equal(there->churned, back->churned);
		}
		last = v ? v : last;
		free(names[i]);
	}
	if (n > 0) {
		free(names);
	}
	arena_destroy(a);
}

static unsigned changes_of(const char *before, const char *after) {
	struct arena *a = arena_create();
	const struct value *old = read_text(a, "old.yml", before, strlen(before));
	const struct value *new = read_text(a, "new.yml", after, strlen(after));
	const struct diff *diff = diff_templates(a, old, new);
	unsigned count = 0;

	for (const struct item *item = diff->items; item; item = item->next) {
		for (const struct change *c = item->changes; c; c = c->next) {
			count += !c->churn;
		}
	}
	arena_destroy(a);
	return count;
}

static void what_means_the_same(void **state) {
	static const char *const same[][2] = {
		{ "{A: 15}", "{A: '15'}" }, { "{A: true}", "{A: 'true'}" },
		{ "{A: {Fn::GetAtt: [R, Arn]}}", "{A: {Fn::GetAtt: R.Arn}}" },
		{ "{Action: a:b}", "{Action: ['a:b']}" }, { "{Action: [a, b]}", "{Action: [b, a]}" },
		{ "{Tags: [{Key: a, Value: 1}, {Key: b, Value: 2}]}", "{Tags: [{Value: '2', Key: b}, {Key: a, Value: 1}]}" },
		{ "{S: {Statement: [{Effect: Allow, Action: a}, {Effect: Deny, Action: b}]}}",
			"{S: {Statement: [{Effect: Deny, Action: [b]}, {Action: a, Effect: Allow}]}}" },
		{ "{S: {Statement: {Effect: Allow, Action: a}}}", "{S: {Statement: [{Effect: Allow, Action: a}]}}" },
		{ "{A: []}", "{A: []}" }, { "{A: 1.0}", "{A: 1}" },
	};
	static const char *const other[][2] = {
		{ "{A: 15}", "{A: '015'}" }, { "{A: null}", "{A: 'null'}" }, { "{A: null}", "{}" }, { "{A: []}", "{A: {}}" },
		{ "{A: [1, 2]}", "{A: [2, 1]}" }, { "{Action: [a, a]}", "{Action: [a]}" }, { "{A: a}", "{A: A}" },
		{ "{A: {Ref: R}}", "{A: {'Fn::GetAtt': R.Arn}}" }, { "{A: [a]}", "{A: a}" }, { "{A: {Ref: R}}", "{A: R}" },
	};
	char before[400], after[400];

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(*same) + sizeof(other) / sizeof(*other); i++) {
		bool is_other = i >= sizeof(same) / sizeof(*same);
		const char *const *pair = is_other ? other[i - sizeof(same) / sizeof(*same)] : same[i];
		snprintf(before, sizeof(before), "Resources: {R: {Type: A, Properties: %s}}", pair[0]);
		snprintf(after, sizeof(after), "Resources: {R: {Type: A, Properties: %s}}", pair[1]);
		if ((changes_of(before, after) > 0) != is_other || (changes_of(after, before) > 0) != is_other) {
			fail_msg("%s and %s", pair[0], pair[1]);
		}
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(templates_are_the_same),
		cmocka_unit_test(directions_mirror),
		cmocka_unit_test(what_means_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
