#include "test.h"

#include <stdlib.h>

#include "base/text.h"
#include "base/value.h"
#include "emit.h"

static void numbers_are_spelt_as_in_javascript(void **state) {
	static const struct { double number; const char *text; } cases[] = {
		{ 0, "0" }, { -0.0, "0" }, { 17, "17" }, { -5, "-5" }, { 0.1, "0.1" }, { 1.5, "1.5" }, { 1e21, "1e+21" },
		{ 1e20, "100000000000000000000" }, { 123456789012345680000.0, "123456789012345680000" },
		{ 1e-6, "0.000001" }, { 1e-7, "1e-7" }, { 1.25e-9, "1.25e-9" }, { 5e-324, "5e-324" },
		{ 1.7976931348623157e308, "1.7976931348623157e+308" }, { 9007199254740993.0, "9007199254740992" },
		{ 0.30000000000000004, "0.30000000000000004" }, { -1e-7, "-1e-7" }, { 1e15, "1000000000000000" },
	};
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char text[NUMBER_SIZE];
		number_spell(cases[i].number, text);
		assert_string_equal(text, cases[i].text);
	}
}

static void maps_order_keys_as_javascript(void **state) {
	struct arena *a = arena_create();
	struct value *map = value_map(a);
	struct text out = { 0 };
	(void)state;

	static const char *const keys[] = { "b", "10", "a", "9", "01", "0", "4294967295", "4294967294" };
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		map_set(a, map, keys[i], value_number(a, (double)i));
	}
	map_set(a, map, "b", value_null(a));
	map_remove(map, "9");
	emit_json(&out, map, 0);
	assert_string_equal(out.bytes,
		"{\"0\":5,\"10\":1,\"4294967294\":7,\"b\":null,\"a\":2,\"01\":4,\"4294967295\":6}");
	text_free(&out);
	arena_destroy(a);
}

static void large_maps_find_every_key(void **state) {
	struct arena *a = arena_create();
	struct value *map = value_map(a);
	(void)state;

	for (int i = 0; i < 5000; i++) {
		map_set(a, map, arena_printf(a, "key%d", i), value_number(a, i));
	}
	for (int i = 0; i < 5000; i += 2) {
		assert_true(map_remove(map, arena_printf(a, "key%d", i)) || i >= 200);
		i += i >= 200 ? 1000 : 0;
	}
	for (int i = 1; i < 5000; i += 2) {
		const struct value *v = map_get(map, arena_printf(a, "key%d", i));
		assert_non_null(v);
		assert_true(v->number == i);
	}
	assert_null(map_get(map, "key0"));
	assert_null(map_get(map, "other"));
	arena_destroy(a);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_spelt_as_in_javascript),
		cmocka_unit_test(maps_order_keys_as_javascript),
		cmocka_unit_test(large_maps_find_every_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
