#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "emit.h"
#include "read_json.h"

/* What a text is read as, as JSON again; or its first error as "code line:column". */
static char *read_text(const char *text, size_t length) {
	struct arena *a = arena_create();
	struct source source = { .name = "x.json", .text = arena_copy(a, text, length), .length = length };
	struct text out = { 0 };
	struct diag diag;

	diag_init(&diag, a, false);
	const struct value *value = read_json(a, &source, &diag);
	if (diag.errors) {
		assert_null(value);
		text_printf(&out, "%s %u:%u", diag.first->code, diag.first->mark.line, diag.first->mark.column);
	} else {
		emit_json(&out, value, 0);
	}
	arena_destroy(a);
	return out.bytes;
}

static void check(const char *text, const char *expected) {
	char *got = read_text(text, strlen(text));

	assert_string_equal(got, expected);
	free(got);
}

static void values_are_those_of_javascript(void **state) {
	(void)state;
	check("[1, -0, 1.50, 1e3, 1e999, -1e999, 9007199254740993]", "[1,0,1.5,1000,null,null,9007199254740992]");
	check("{\"b\": 1, \"a\": 2, \"1\": 3, \"b\": 4}", "{\"1\":3,\"b\":4,\"a\":2}");
	check("\"a\\u0000b\\ud83d\\ude00\\u00e9\\/\"", "\"a\\u0000b\xf0\x9f\x98\x80\xc3\xa9/\"");
	check("{\"a\\u0000b\": 1, \"a\": 2, \"__proto__\": 3}", "{\"a\\u0000b\":1,\"a\":2,\"__proto__\":3}");
	check(" \t\r\n[ ] ", "[]");
}

static void errors_have_places(void **state) {
	(void)state;
	check("", "C019 1:1");
	check("[1,\n 2,\n]", "C019 3:1");
	check("{\"\xc3\xa9\": 01}", "C019 1:8");
	check("[1]\r\n]", "C019 2:1");
	check("\"a\nb\"", "C019 1:3");
	check("\"\xc3(\"", "C006 1:2");
	check("\xef\xbb\xbf[]", "C019 1:1");
	check("[\"\\udc00\"]", "C019 1:3");
}

static void marks_are_those_of_the_text(void **state) {
	(void)state;
	struct arena *a = arena_create();
	const char *text = "{\n\t\"\xc3\xa9\": { \"b\": [1,\n  \"c\"] }\n}";
	struct source source = { .name = "x.json", .text = text, .length = strlen(text) };
	struct diag diag;

	diag_init(&diag, a, false);
	const struct entry *outer = map_first(read_json(a, &source, &diag));
	const struct entry *inner = map_first(outer->value);
	const struct value *last = list_get(inner->value, 1);
	assert_int_equal(outer->mark.line, 2);
	assert_int_equal(outer->mark.column, 2);
	assert_int_equal(outer->value->mark.column, 7);
	assert_int_equal(inner->mark.column, 9);
	assert_int_equal(inner->value->mark.column, 14);
	assert_int_equal(last->mark.line, 3);
	assert_int_equal(last->mark.column, 3);
	arena_destroy(a);
}

/* `before` and `after` as often around the text. */
static char *nested(const char *before, const char *text, const char *after, size_t count) {
	struct text out = { 0 };

	for (size_t i = 0; i < count; i++) {
		text_puts(&out, before);
	}
	text_puts(&out, text);
	for (size_t i = 0; i < count; i++) {
		text_puts(&out, after);
	}
	char *read = read_text(out.bytes, out.length);
	text_free(&out);
	return read;
}

static void what_is_too_much_is_refused(void **state) {
	(void)state;
	char *deep = nested("[", "", "]", 512), *too_deep = nested("[", "", "]", 513);
	char *open = nested("[{\"a\":", "", "", 100000), *many = nested("", "[", "0,", 2000001);

	assert_int_equal(strlen(deep), 1024);
	assert_string_equal(too_deep, "C008 1:513");
	assert_string_equal(open, "C008 1:1537");
	assert_string_equal(many, "C014 1:4000001");
	free(deep);
	free(too_deep);
	free(open);
	free(many);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_those_of_javascript),
		cmocka_unit_test(errors_have_places),
		cmocka_unit_test(marks_are_those_of_the_text),
		cmocka_unit_test(what_is_too_much_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
