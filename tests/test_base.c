#include "test.h"

#include <stdlib.h>
#include <string.h>

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

static void numbers_near_powers_of_two_are_spelt_short(void **state) {
	static const struct { double number; const char *text; } cases[] = {
		{ 0x1p-1017, "7.120236347223045e-307" }, { 0x1p-1007, "7.291122019556398e-304" }, { 0x1p-957, "8.209073602596753e-289" },
		{ 0x1p-1022, "2.2250738585072014e-308" }, { 0x1p60, "1152921504606847000" }, { 0x1p1023, "8.98846567431158e+307" },
	};
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char text[NUMBER_SIZE];
		number_spell(cases[i].number, text);
		assert_string_equal(text, cases[i].text);
	}
}

/* Whatever the order of changes, none may take time that grows with the map. */
static void maps_change_in_linear_time(void **state) {
	enum { COUNT = 300000 };
	struct arena *a = arena_create();
	struct value *map = value_map(a);
	char key[NUMBER_SIZE];
	(void)state;

	for (int i = COUNT; i > 0; i--) {
		number_spell(i, key);
		map_set(a, map, arena_strdup(a, key), value_null(a));
	}
	map_set(a, map, "last", value_null(a));
	map_set(a, map, "0", value_null(a));
	assert_string_equal(map_first(map)->key, "0");
	assert_string_equal(map_next(map, map_first(map))->key, "1");
	for (int i = 1; i < COUNT; i++) {
		number_spell(i, key);
		assert_true(map_remove(map, key));
	}
	assert_false(map_remove(map, "1"));
	assert_int_equal(map->length, 3);
	const struct entry *e = map_next(map, map_first(map));
	assert_string_equal(e->key, "300000");
	assert_string_equal(map_next(map, e)->key, "last");
	assert_null(map_next(map, map_next(map, e)));
	arena_destroy(a);
}

static void a_removed_key_comes_back_at_the_end(void **state) {
	struct arena *a = arena_create();
	struct value *map = MAP(a, { "a", value_number(a, 1) }, { "b", value_number(a, 2) });
	struct text out = { 0 };
	(void)state;

	for (int i = 0; i < 100; i++) {
		assert_true(map_remove(map, "a"));
		assert_null(map_get(map, "a"));
		map_set(a, map, "a", value_number(a, i));
	}
	struct value *copy = value_shallow_copy(a, map);
	map_set(a, copy, "7", value_number(a, 7));
	emit_json(&out, map, 0);
	emit_json(&out, copy, 0);
	assert_string_equal(out.bytes, "{\"b\":2,\"a\":99}{\"7\":7,\"b\":2,\"a\":99}");
	map_remove(map, "a");
	map_remove(map, "b");
	assert_null(map_first(map));
	assert_true(value_equal(map, value_map(a)));
	text_free(&out);
	arena_destroy(a);
}

static void likeness_of_words(void **state) {
	static const char *const words[] = { "route", "routeResponse", "authorizer", "x", "tags" };
	enum { COUNT = sizeof(words) / sizeof(*words) };
	(void)state;

	assert_string_equal(text_closest("rout", words, COUNT), "route");
	assert_string_equal(text_closest("Route", words, COUNT), "route");
	assert_string_equal(text_closest("ruote", words, COUNT), "route");
	assert_string_equal(text_closest("authoriser", words, COUNT), "authorizer");
	assert_string_equal(text_closest("tag", words, COUNT), "tags");
	assert_null(text_closest("y", words, COUNT));
	assert_null(text_closest("", words, COUNT));
	assert_null(text_closest("something", words, COUNT));
	assert_null(text_closest("route", words, 1));
}

static void utf8_is_checked(void **state) {
	static const struct { const char *bytes; size_t length, bad; } cases[] = {
		{ "a\xc3\xa9", 3, 3 }, { "\xf0\x9f\x98\x80", 4, 4 }, { "a\xc3", 2, 1 }, { "\xc0\x80", 2, 0 },
		{ "\xe0\x80\x80", 3, 0 }, { "\xed\xa0\x80", 3, 0 }, { "\xf4\x90\x80\x80", 4, 0 }, { "ab\xff", 3, 2 },
	};
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t at = cases[i].length;
		bool valid = utf8_valid(cases[i].bytes, cases[i].length, &at);
		assert_int_equal(valid, cases[i].bad == cases[i].length);
		assert_int_equal(at, cases[i].bad);
	}
	for (uint32_t c = 0; c < 0x110000; c += 0x3f) {
		char bytes[4];
		uint32_t back = 0;
		size_t size = utf8_encode(c, bytes);
		if (c < 0xd800 || c > 0xdfff) {
			assert_int_equal(utf8_decode(bytes, size, &back), size);
			assert_int_equal(back, c);
		}
	}
}

/* Keys and values of all lengths about the steps in which they are copied, with and without what is escaped. */
static void strings_of_every_length_are_written(void **state) {
	struct arena *a = arena_create();
	(void)state;

	for (int n = 0; n < 300; n++) {
		struct value *map = value_map(a);
		struct text key = { 0 }, long_value = { 0 }, out = { 0 }, expected = { 0 };
		for (int i = 0; i < n; i++) {
			text_putc(&key, n % 3 == 0 && i % 7 == n % 7 ? '"' : 'k');
			text_puts(&long_value, n % 5 == 0 && i == n / 2 ? "\x01" : "long value");
		}
		text_putc(&expected, '{');
		text_putc(&expected, '"');
		for (int i = 0; i < n; i++) {
			text_puts(&expected, n % 3 == 0 && i % 7 == n % 7 ? "\\\"" : "k");
		}
		text_puts(&expected, "\":\"");
		for (int i = 0; i < n; i++) {
			text_puts(&expected, n % 5 == 0 && i == n / 2 ? "\\u0001" : "long value");
		}
		text_puts(&expected, "\"}");
		map_set(a, map, n ? key.bytes : "", value_string(a, n ? long_value.bytes : ""));
		emit_json(&out, map, 0);
		assert_string_equal(out.bytes, expected.bytes);
		text_free(&key);
		text_free(&long_value);
		text_free(&out);
		text_free(&expected);
	}
	arena_destroy(a);
}

static void deep_values_are_indented(void **state) {
	struct arena *a = arena_create();
	struct value *v = value_string(a, "x");
	struct text out = { 0 };
	(void)state;

	for (int i = 0; i < 200; i++) {
		v = LIST(a, v);
	}
	emit_json(&out, v, 2);
	const char *at = out.bytes;
	for (int i = 0; i < 200; i++) {
		assert_int_equal(*at++, '[');
		assert_int_equal(*at++, '\n');
		assert_int_equal(strspn(at, " "), (i + 1) * 2);
		at += (i + 1) * 2;
	}
	assert_memory_equal(at, "\"x\"\n", 4);
	assert_int_equal(out.length, 200 * 2 * 2 + 2 * (200 * 201) - 400 + 3);
	text_free(&out);
	arena_destroy(a);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strings_of_every_length_are_written),
		cmocka_unit_test(deep_values_are_indented),
		cmocka_unit_test(numbers_are_spelt_as_in_javascript),
		cmocka_unit_test(maps_order_keys_as_javascript),
		cmocka_unit_test(large_maps_find_every_key),
		cmocka_unit_test(numbers_near_powers_of_two_are_spelt_short),
		cmocka_unit_test(maps_change_in_linear_time),
		cmocka_unit_test(a_removed_key_comes_back_at_the_end),
		cmocka_unit_test(likeness_of_words),
		cmocka_unit_test(utf8_is_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
