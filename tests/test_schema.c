#include "test.h"

#include <math.h>
#include <string.h>

#include "base/diag.h"
#include "base/text.h"
#include "emit.h"
#include "pattern.h"
#include "read_json.h"
#include "schema.h"
#include "schema_rules.h"

static struct value *parse(struct arena *a, const char *json) {
	struct source *source = arena_new(a, struct source);
	struct diag diag;

	*source = (struct source){ "serverless.json", json, strlen(json) };
	diag_init(&diag, a, false);
	struct value *value = read_json(a, source, &diag);
	assert_non_null(value);
	return value;
}

/* The configuration after the check, as JSON; *diag has the findings. */
static char *checked(struct arena *a, const char *json, struct diag *diag) {
	struct value *config = parse(a, json);
	struct text out = { 0 };

	diag_init(diag, a, false);
	schema_check(a, config, diag);
	emit_json(&out, config, 0);
	char *text = arena_copy(a, out.bytes, out.length);
	text_free(&out);
	return text;
}

#define START "{\"service\":\"chat\",\"provider\":{\"name\":\"aws\"}"

static void our_own_schemas_are_sound(void **state) {
	struct arena *a = arena_create();
	(void)state;

	const char *problem = schema_problem(a);
	if (problem) {
		fail_msg("%s", problem);
	}
	arena_destroy(a);
}

static void every_embedded_schema_compiles(void **state) {
	static const char *const files[] = { "service.json", "provider.json", "function.json", "iam.json", "resources.json",
		"layers.json", "logs.json", "event.json", "events/websocket.json", "provider/alb.json",
		"provider/api-gateway.json", "provider/cloud-front.json", "provider/http-api.json" };
	struct arena *a = arena_create();
	(void)state;

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		struct schema *schema = schema_open(a, files[i]);
		const struct node *node = node_resolve(schema_root(schema));
		assert_true(node->count > 0);
		schema_destroy(schema);
	}
	arena_destroy(a);
}

static void patterns_mean_what_javascript_means(void **state) {
	static const struct { const char *pattern, *flags, *text; bool matches; } cases[] = {
		{ "^[a-zA-Z0-9-_]+$", "", "a-B_9", true }, { "^[a-zA-Z0-9-_]+$", "", "a.b", false },
		{ "^[a-zA-Z0-9-_]+$", "", "", false }, { "^[a-z]+$", "", "abc\n", false },
		{ "^arn:", "", "arn:x", true }, { "^arn:", "", "xarn:", false }, { "^arn:", "", "arn", false },
		{ "^\\d{12}$", "", "123456789012", true }, { "^\\d{12}$", "", "12345678901", false },
		{ "^[a-z]{1,3}$", "", "abcd", false }, { "^[a-z]{2,}$", "", "abcd", true }, { "^a[0-9]*$", "", "a", true },
		{ "^abc$", "", "abcd", false }, { "^\\/a\\.b$", "", "/a.b", true }, { "^[\\w.-]+$", "", "a_b.c-d", true },
		{ "^[^a]+$", "", "bcd", true }, { "^(a|b)$", "", "b", true }, { "b", "", "abc", true },
		{ "^a$", "i", "A", true }, { "^\\S+\\/\\S+$", "", "image/png", true },
		{ "^\\S+$", "", "a\xc2\xa0" "b", false }, { "^\\d$", "", "\xd9\xa3", false }, { "^.$", "", "\xc3\xa4", true },
		{ "^\\u00e4$", "", "\xc3\xa4", true }, { "^(?!aws:)[\\w ]+$", "", "aws", true },
		{ "^(?!aws:)[\\w: ]+$", "", "aws:x", false }, { "[]", "", "a", false },
	};
	struct arena *a = arena_create();
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct pattern *pattern = pattern_create(a, cases[i].pattern, cases[i].flags);
		assert_non_null(pattern);
		if (pattern_matches(pattern, cases[i].text, strlen(cases[i].text)) != cases[i].matches) {
			fail_msg("/%s/%s on '%s'", cases[i].pattern, cases[i].flags, cases[i].text);
		}
		pattern_destroy(pattern);
	}
	assert_null(pattern_create(a, "(", ""));
	pattern_destroy(NULL);
	arena_destroy(a);
}

static void a_pattern_gives_up(void **state) {
	enum { LENGTH = 100000 };
	struct arena *a = arena_create();
	struct pattern *pattern = pattern_create(a, "^(([a-z])+.)+[A-Z]([a-z])+$", "");
	char *text = arena_alloc(a, LENGTH + 1);
	(void)state;

	memset(text, 'a', LENGTH);
	assert_non_null(pattern);
	assert_false(pattern_matches(pattern, text, LENGTH));
	pattern_destroy(pattern);
	arena_destroy(a);
}

static void values_are_coerced_in_place(void **state) {
	static const struct { const char *function, *expected; } cases[] = {
		{ "{\"timeout\":\"15\"}", "{\"timeout\":15}" },
		{ "{\"timeout\":\" 0x10 \"}", "{\"timeout\":16}" },
		{ "{\"timeout\":true}", "{\"timeout\":1}" },
		{ "{\"timeout\":[\"20\"]}", "{\"timeout\":20}" },
		{ "{\"timeout\":\"1.5\"}", "{\"timeout\":\"1.5\"}" },
		{ "{\"timeout\":\"\"}", "{\"timeout\":\"\"}" },
		{ "{\"timeout\":\"0o17\"}", "{\"timeout\":15}" },
		{ "{\"description\":1e21}", "{\"description\":\"1e+21\"}" },
		{ "{\"description\":[[1]]}", "{\"description\":[[1]]}" },
		{ "{\"layers\":\"arn:x\"}", "{\"layers\":[\"arn:x\"]}" },
		{ "{\"disableLogs\":\"true\"}", "{\"disableLogs\":true}" },
		{ "{\"disableLogs\":1}", "{\"disableLogs\":true}" },
		{ "{\"disableLogs\":2}", "{\"disableLogs\":2}" },
		{ "{\"vpc\":0}", "{\"vpc\":null}" },
		{ "{\"vpc\":false}", "{\"vpc\":false}" },
		{ "{\"dependsOn\":[null,1]}", "{\"dependsOn\":[\"\",\"1\"]}" },
		{ "{\"environment\":{\"A\":[1]}}", "{\"environment\":{\"A\":\"1\"}}" },
		{ "{\"environment\":{\"A\":[{\"Ref\":\"X\"}]}}", "{\"environment\":{\"A\":[{\"Ref\":\"X\"}]}}" },
		{ "{\"tags\":{\"a\":null,\"2\":null,\"1\":1,\"b\":2}}",
			"{\"tags\":{\"1\":\"1\",\"2\":null,\"b\":\"2\",\"a\":null}}" },
		{ "{\"events\":[{\"websocket\":false}]}", "{\"events\":[{\"websocket\":\"false\"}]}" },
		{ "{\"events\":[{\"websocket\":{\"route\":5}}]}", "{\"events\":[{\"websocket\":{\"route\":\"5\"}}]}" },
	};
	struct arena *a = arena_create();
	struct diag diag;
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *text = checked(a, arena_printf(a, START ",\"functions\":{\"f\":%s}}", cases[i].function), &diag);
		assert_string_equal(text, arena_printf(a, START ",\"functions\":{\"f\":%s}}", cases[i].expected));
	}
	arena_destroy(a);
}

static void modes_rule_the_severity(void **state) {
	static const struct { const char *mode; unsigned errors, warnings; } cases[] = {
		{ "error", 1, 0 }, { "warn", 0, 1 }, { "off", 0, 0 }, { "other", 0, 2 },
	};
	struct arena *a = arena_create();
	struct diag diag;
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		checked(a, arena_printf(a, START ",\"unknown\":1,\"configValidationMode\":\"%s\"}", cases[i].mode), &diag);
		assert_int_equal(diag.errors, cases[i].errors);
		assert_int_equal(diag.warnings, cases[i].warnings);
	}
	checked(a, START ",\"unknown\":1}", &diag);
	assert_int_equal(diag.warnings, 1);
	arena_destroy(a);
}

static void keys_of_a_listed_plugin_are_known(void **state) {
	static const char function[] = "\"functions\":{\"f\":{\"iamRoleStatements\":[],\"warmup\":true}}}";
	struct arena *a = arena_create();
	struct diag diag;
	(void)state;

	checked(a, arena_printf(a, START ",%s", function), &diag);
	assert_int_equal(diag.warnings, 2);
	checked(a, arena_printf(a, START ",\"plugins\":[\"serverless-iam-roles-per-function\"],%s", function), &diag);
	assert_int_equal(diag.warnings, 1);
	checked(a, arena_printf(a, START ",\"plugins\":{\"modules\":[\"serverless-plugin-warmup\"]},%s", function), &diag);
	assert_int_equal(diag.warnings, 1);
	arena_destroy(a);
}

static void an_error_at_the_place_makes_a_finding_needless(void **state) {
	struct arena *a = arena_create();
	struct diag diag;
	(void)state;

	checked(a, START ",\"functions\":{\"f\":{\"timeout\":\"x\",\"memorySize\":\"y\"}}}", &diag);
	assert_int_equal(diag.warnings, 2);
	diag_error(&diag, "C311", diag.first->mark, "dies of it");
	diag_sort(&diag);
	assert_int_equal(diag.warnings, 1);
	assert_int_equal(diag.errors, 1);
	arena_destroy(a);
}

static void many_findings_are_bounded(void **state) {
	enum { KEYS = 20000 };
	struct arena *a = arena_create();
	struct value *config = parse(a, START "}");
	struct diag diag;
	(void)state;

	for (int i = 0; i < KEYS; i++) {
		map_set(a, config, arena_printf(a, "unknown%d", i), value_null(a));
		map_set(a, config, arena_printf(a, "key%d", i), value_bool(a, true));
	}
	diag_init(&diag, a, false);
	schema_check(a, config, &diag);
	assert_int_equal(diag.kept + diag.left_out, KEYS);
	arena_destroy(a);
}

static void shared_values_do_not_take_for_ever(void **state) {
	struct arena *a = arena_create();
	struct value *config = parse(a, START "}"), *shared = value_list(a);
	struct diag diag;
	(void)state;

	for (int depth = 0; depth < 12; depth++) {
		struct value *outer = value_list(a);
		for (int i = 0; i < 4; i++) {
			list_add(a, outer, shared);
		}
		shared = outer;
	}
	map_set(a, config, "custom", MAP(a, { "laughs", shared }));
	map_set(a, config, "plugins", shared);
	diag_init(&diag, a, false);
	schema_check(a, config, &diag);
	assert_true(diag.warnings > 0);
	arena_destroy(a);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(our_own_schemas_are_sound),
		cmocka_unit_test(every_embedded_schema_compiles),
		cmocka_unit_test(patterns_mean_what_javascript_means),
		cmocka_unit_test(a_pattern_gives_up),
		cmocka_unit_test(values_are_coerced_in_place),
		cmocka_unit_test(modes_rule_the_severity),
		cmocka_unit_test(keys_of_a_listed_plugin_are_known),
		cmocka_unit_test(an_error_at_the_place_makes_a_finding_needless),
		cmocka_unit_test(many_findings_are_bounded),
		cmocka_unit_test(shared_values_do_not_take_for_ever),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
