#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "emit.h"
#include "read_yaml.h"

/* What a text is read as, as JSON; or its first error's code. */
static char *read_text(const char *text, size_t length) {
	struct arena *a = arena_create();
	struct source source = { "serverless.yml", text, length };
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

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scalars),
		cmocka_unit_test(test_short_tags),
		cmocka_unit_test(test_merges),
		cmocka_unit_test(test_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
