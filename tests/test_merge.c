#include "test.h"

#include <string.h>

#include "base/text.h"
#include "emit.h"
#include "merge.h"
#include "read_json.h"

struct fixture {
	struct arena *arena;
	struct diag diag;
};

static int set_up(void **state) {
	static struct fixture f;

	f = (struct fixture){ .arena = arena_create() };
	diag_init(&f.diag, f.arena, false);
	*state = &f;
	return 0;
}

static int tear_down(void **state) {
	struct fixture *f = *state;

	arena_destroy(f->arena);
	return 0;
}

static struct value *json(struct fixture *f, const char *text) {
	struct source *source = arena_new(f->arena, struct source);

	*source = (struct source){ .name = "test", .text = text, .length = strlen(text) };
	struct value *v = read_json(f->arena, source, &f->diag);
	assert_non_null(v);
	return v;
}

static void assert_json(const struct value *v, const char *expected) {
	struct text out = { 0 };

	emit_json(&out, v, 0);
	assert_string_equal(out.bytes, expected);
	text_free(&out);
}

static void merging_is_that_of_the_reference(void **state) {
	static const struct { const char *target, *source, *merged; } cases[] = {
		{ "{\"a\":1}", "{\"b\":2}", "{\"a\":1,\"b\":2}" },
		{ "{\"a\":1,\"b\":2}", "{\"b\":3,\"a\":4}", "{\"a\":4,\"b\":3}" },
		{ "{\"a\":{\"b\":1,\"c\":2}}", "{\"a\":{\"c\":3,\"d\":4}}", "{\"a\":{\"b\":1,\"c\":3,\"d\":4}}" },
		{ "{\"a\":{\"b\":1}}", "{\"a\":null}", "{\"a\":null}" },
		{ "{\"a\":null}", "{\"a\":{\"b\":1}}", "{\"a\":{\"b\":1}}" },
		{ "{\"a\":{\"b\":1}}", "{\"a\":[1]}", "{\"a\":[1]}" },
		{ "{\"a\":[1]}", "{\"a\":{\"0\":2}}", "{\"a\":{\"0\":2}}" },
		{ "{\"a\":[1,2,3]}", "{\"a\":[4]}", "{\"a\":[4,2,3]}" },
		{ "{\"a\":[1]}", "{\"a\":[null,2,3,4,5,6]}", "{\"a\":[null,2,3,4,5,6]}" },
		{ "{\"a\":[{\"b\":1},[2,3]]}", "{\"a\":[{\"c\":4},[5]]}", "{\"a\":[{\"b\":1,\"c\":4},[5,3]]}" },
		{ "{\"b\":1}", "{\"9\":2,\"10\":1}", "{\"9\":2,\"10\":1,\"b\":1}" },
		{ "{\"a\":\"text\"}", "{\"a\":\"other\"}", "{\"a\":\"other\"}" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct value *target = json(f, cases[i].target), *source = json(f, cases[i].source);
		assert_json(merge_maps(f->arena, target, source, &f->diag), cases[i].merged);
		assert_json(source, cases[i].source);
		assert_json(target, cases[i].target);
	}
	assert_int_equal(f->diag.errors + f->diag.warnings, 0);
}

static void what_is_shared_is_not_changed(void **state) {
	struct fixture *f = *state;
	struct value *shared = json(f, "{\"list\":[{\"a\":1}]}");
	struct value *target = MAP(f->arena, { "one", shared }, { "two", shared });
	struct value *source = json(f, "{\"one\":{\"list\":[{\"a\":2},3]}}");

	assert_json(merge_maps(f->arena, target, source, &f->diag),
		"{\"one\":{\"list\":[{\"a\":2},3]},\"two\":{\"list\":[{\"a\":1}]}}");
	assert_json(target, "{\"one\":{\"list\":[{\"a\":1}]},\"two\":{\"list\":[{\"a\":1}]}}");
}

static void unsafe_keys_are_left_out(void **state) {
	struct fixture *f = *state;
	struct value *source = json(f, "{\"__proto__\":1,\"a\":{\"prototype\":{},\"b\":[{\"constructor\":2,\"c\":3}]}}");

	assert_json(merge_maps(f->arena, NULL, source, &f->diag), "{\"a\":{\"b\":[{\"c\":3}]}}");
	assert_int_equal(f->diag.warnings, 3);
	assert_string_equal(f->diag.first->code, "C357");
}

static void listed_sections_become_one_map(void **state) {
	struct fixture *f = *state;
	struct value *config = json(f, "{\"resources\":[{\"Resources\":{\"A\":1}},null,false,{\"Resources\":{\"B\":2}}],"
		"\"functions\":[{\"f\":{\"x\":[1]}},{\"f\":{\"x\":[2,3]}}],\"layers\":[{}]}");

	merge_listed_sections(f->arena, config, &f->diag);
	assert_json(config, "{\"resources\":{\"Resources\":{\"A\":1,\"B\":2}},\"functions\":{\"f\":{\"x\":[2,3]}},\"layers\":[{}]}");
	assert_int_equal(f->diag.errors + f->diag.warnings, 0);
}

static void nulls_and_scalars_in_listed_sections_are_reported(void **state) {
	struct fixture *f = *state;
	struct value *config = json(f, "{\"resources\":[{\"Resources\":{\"A\":1}},\"text\",{\"Resources\":null}]}");

	merge_listed_sections(f->arena, config, &f->diag);
	assert_json(config, "{\"resources\":{\"Resources\":null}}");
	assert_int_equal(f->diag.errors, 1);
	assert_int_equal(f->diag.warnings, 1);
}

static void entries_are_those_of_javascript(void **state) {
	static const struct { const char *value, *entries; } cases[] = {
		{ "{\"a\":1}", "{\"a\":1}" },
		{ "[true,null]", "{\"0\":true,\"1\":null}" },
		{ "\"a\xc3\xb6\"", "{\"0\":\"a\",\"1\":\"\xc3\xb6\"}" },
		{ "5", "{}" },
		{ "true", "{}" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_json(value_entries(f->arena, json(f, cases[i].value)), cases[i].entries);
	}
	assert_null(value_entries(f->arena, NULL));
	assert_null(value_entries(f->arena, json(f, "null")));
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(merging_is_that_of_the_reference, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_shared_is_not_changed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(unsafe_keys_are_left_out, set_up, tear_down),
		cmocka_unit_test_setup_teardown(listed_sections_become_one_map, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nulls_and_scalars_in_listed_sections_are_reported, set_up, tear_down),
		cmocka_unit_test_setup_teardown(entries_are_those_of_javascript, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
