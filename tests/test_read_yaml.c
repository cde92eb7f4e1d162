#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "emit.h"
#include "read_yaml.h"

/* What a text is read as, as JSON; or its first error's code. */
static char *read_text(const char *text, size_t length) {
	struct arena *a = arena_create();
	struct source source = { .name = "x.yml", .text = text, .length = length };
	struct text out = { 0 };
	struct diag diag;

	diag_init(&diag, a, false);
	const struct value *value = read_yaml(a, &source, &diag);
	if (diag.errors) {
		text_puts(&out, diag.first->code);
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

static void test_scalars(void **state) {
	(void)state;
	check("[017, 0o17, 0b101, 0x1F, -0x1f, 1_000, 1e3, 1., .5, +.5, -0, 1e999, .inf, -.INF, .nan]",
		"[17,15,5,31,-31,\"1_000\",1000,1,0.5,\"+.5\",0,\"1e999\",null,null,null]");
	check("[~, null, Null, NULL, nULL, true, TRUE, tRUE, yes, off, 2012-10-17, 12:30:45]",
		"[null,null,null,null,\"nULL\",true,true,\"tRUE\",\"yes\",\"off\",\"2012-10-17\",\"12:30:45\"]");
	check("[!!str 1, !!int '1', !!float 1, ! 1, !!null ~, !!str , !!seq , !!map , !!bool TRUE]",
		"[\"1\",1,1,\"1\",null,\"\",[],{},true]");
	check("!!null ''", "C011");
	check("!!timestamp 2001-12-14t21:59:43.10-05:00", "\"2001-12-15T02:59:43.100Z\"");
}

static void test_short_tags(void **state) {
	(void)state;
	check("[!Ref A, !GetAtt A, !GetAtt A.B.C, !Condition c, !Sub [a, {b: c}]]",
		"[{\"Ref\":\"A\"},{\"Fn::GetAtt\":[\"A\",\"\"]},{\"Fn::GetAtt\":[\"A\",\"B.C\"]},{\"Condition\":\"c\"},"
		"{\"Fn::Sub\":[\"a\",{\"b\":\"c\"}]}]");
	check("!ref A", "C010");
}

static void test_merges(void **state) {
	(void)state;
	check("a: &a {x: 1, y: 2}\nb: {y: 3, <<: *a, x: 4}",
		"{\"a\":{\"x\":1,\"y\":2},\"b\":{\"y\":3,\"x\":4}}");
	check("a: {<<: [{x: 1}, {x: 2, z: ~}], z: 5}", "{\"a\":{\"x\":1,\"z\":5}}");
	check("a: {<<: {x: 1}, x: 2, x: 3}", "C009");
	check("<<: 1", "C015");
}

static void test_keys(void **state) {
	(void)state;
	check("1: a\n0x1: b", "C009");
	check("true: a\nTRUE: b", "C009");
	check("? [1, ~, {a: b}]\n: x\n? {}\n: y\n~: z", "{\"1,,[object Object]\":\"x\",\"[object Object]\":\"y\",\"null\":\"z\"}");
	check("? [[]]\n: x", "C018");
}

static void test_lines(void **state) {
	(void)state;
	check("\xef\xbb\xbf" "a: b\r\nc: |\r\n  d\r\n  e\r\n", "{\"a\":\"b\",\"c\":\"d\\ne\\n\"}");
	check("a: b\rc: d", "{\"a\":\"b\",\"c\":\"d\"}");
	check("a: x\xe2\x80\xa8y\nb: \"\xc2\x85\"\n\xef\xbb\xbf" "c: |\n  \xe2\x80\xa9",
		"{\"a\":\"x\xe2\x80\xa8y\",\"b\":\"\xc2\x85\",\"\xef\xbb\xbf" "c\":\"\xe2\x80\xa9\\n\"}");
	check("a: 1\n\t\n  \t# c\nb: |\n  x\n\t\nc: 2", "{\"a\":1,\"b\":\"x\\n\",\"c\":2}");
	check("&x[a]", "C005");
	check("a: &x.y 1\nb: &x_y 2\nc: [*x.y, *x_y]", "{\"a\":1,\"b\":2,\"c\":[1,2]}");
	check("a: |+\n  x\n\n", "{\"a\":\"x\\n\\n\"}");
	check("a: >-\n  x\n  y\n\n   z\n", "{\"a\":\"x y\\n\\n z\"}");
}

static void test_empty(void **state) {
	(void)state;
	static const struct { const char *text; bool empty; } cases[] = {
		{ "", true }, { "\n", true }, { "  ", true }, { "  \n", true }, { "\xef\xbb\xbf", true }, { "\n\n", false },
		{ "#", false }, { "\r\n", false }, { "---", false }, { "a", false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct source source = { .name = "x.yml", .text = cases[i].text, .length = strlen(cases[i].text) };
		assert_int_equal(yaml_is_empty(&source), cases[i].empty);
	}
	check("", "null");
	check("# c\n", "null");
}

static void check_mark(const struct mark *mark, uint32_t line, uint32_t column) {
	assert_int_equal(mark->line, line);
	assert_int_equal(mark->column, column);
}

static void test_marks(void **state) {
	(void)state;
	struct arena *a = arena_create();
	const char *text = "\xef\xbb\xbf\xc3\xa9: [1, {\xc3\xa9: x}]\r\nref: !Ref  'A'\ngot: !GetAtt\n  A.B\nlist:\n- |\n  x\n";
	struct source source = { .name = "x.yml", .text = text, .length = strlen(text) };
	struct diag diag;

	diag_init(&diag, a, false);
	const struct value *root = read_yaml(a, &source, &diag);
	const struct entry *e = map_first(root), *inner = map_first(list_get(e->value, 1));
	check_mark(&root->mark, 1, 1);
	check_mark(&e->mark, 1, 1);
	check_mark(&e->value->mark, 1, 4);
	check_mark(&inner->mark, 1, 9);
	check_mark(&inner->value->mark, 1, 12);
	e = map_next(root, e);
	check_mark(&e->mark, 2, 1);
	check_mark(&e->value->mark, 2, 6);
	check_mark(&map_first(e->value)->mark, 2, 6);
	check_mark(&map_get(e->value, "Ref")->mark, 2, 12);
	e = map_next(root, e);
	check_mark(&e->value->mark, 3, 6);
	check_mark(&list_get(map_get(e->value, "Fn::GetAtt"), 1)->mark, 4, 3);
	e = map_next(root, e);
	check_mark(&e->value->mark, 6, 1);
	check_mark(&list_get(e->value, 0)->mark, 6, 3);
	arena_destroy(a);
}

/* A text of which a part stands `count` times in a row, and what it is read as. */
static char *repeated(const char *before, const char *part, size_t count, const char *after) {
	struct text text = { 0 };

	text_puts(&text, before);
	for (size_t i = 0; i < count; i++) {
		text_puts(&text, part);
	}
	text_puts(&text, after);
	char *got = read_text(text.bytes, text.length);
	text_free(&text);
	return got;
}

static void test_bounds(void **state) {
	(void)state;
	static const struct { const char *before, *part, *after, *code; size_t count; } cases[] = {
		{ "a: ", "[", "", "C008", 10000 }, { "a: ", "{a: ", "", "C008", 10000 }, { "", "- ", "a", "C008", 10000 },
		{ "", "? ", "a", "C008", 10000 }, { "a: ", "&a [", "", "C008", 10000 }, { "a: ", "!Ref [", "", "C008", 10000 },
		{ "a: &a [1,2,3,4,5,6,7,8,9,10]\nb: [", "*a,", "]", "C014", 100000 },
		{ "a: &a {k: 1, l: 2, m: 3}\nb: [", "{<<: *a},", "]", "C016", 3000 },
		{ "[", "1,", "]", "C014", 2000001 }, { "? [&a \"1234567890123456789012345678901234567890\"", ",*a", "]", "C018", 450000 },
		{ "!!binary ", "AAAA", "", "C011", 20000 }, { "a: 'x", "'", "", "C005", 1000000 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *got = repeated(cases[i].before, cases[i].part, cases[i].count, cases[i].after);
		assert_string_equal(got, cases[i].code);
		free(got);
	}
}

static void test_large_scalars(void **state) {
	(void)state;
	static const struct { const char *before, *part, *after; size_t extra; } cases[] = {
		{ "", "x", "", 2 }, { "\"", "x", "\"", 2 }, { "|\n  ", "x", "", 4 }, { "a: ", "x ", "x", 9 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t count = 4000000;
		char *got = repeated(cases[i].before, cases[i].part, count, cases[i].after);
		assert_int_equal(strlen(got), count * strlen(cases[i].part) + cases[i].extra);
		free(got);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scalars),
		cmocka_unit_test(test_short_tags),
		cmocka_unit_test(test_merges),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_marks),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_large_scalars),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
