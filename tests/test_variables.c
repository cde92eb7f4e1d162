#include "test.h"

#include <string.h>

#include "base/text.h"
#include "emit.h"
#include "host.h"
#include "read_project.h"
#include "variable_text.h"
#include "variables.h"

static const struct { const char *text, *parts; } texts[] = {
	/* no variables */
	{ "", NULL },
	{ "plain", NULL },
	{ "${}", NULL },
	{ "$self:a", NULL },
	{ "${self}", NULL },
	{ "${ self:a}", NULL },
	{ "${a_b:x}", NULL },
	{ "${self::x}", NULL },
	{ "${self: :x}", NULL },
	{ "${AWS::Region}", NULL },
	{ "${5}", NULL },
	{ "${'text'}", NULL },
	{ "${self", NULL },
	{ "\\$", NULL },
	/* sources */
	{ "${self:}", "[${self}]" },
	{ "${self:a.b}", "[${self:\"a.b\"}]" },
	{ "${a.b-c:d}", "[${a.b-c:\"d\"}]" },
	{ "${self:  a b }", "[${self:\"a b\"}]" },
	{ "x${opt:a}y", "[x][${opt:\"a\"}][y]" },
	{ "${file(a.yml)}", "[${file(\"a.yml\")}]" },
	{ "${file()}", "[${file()}]" },
	{ "${file( )}", "[${file()}]" },
	{ "${file(a.yml):b}", "[${file(\"a.yml\"):\"b\"}]" },
	{ "${s(a, 'b c',, \"d\\n\", 7, 007, true, null, 0, ''):x}",
		"[${s(\"a\", \"b c\", null, \"d\\n\", 7, 7, true, null, null, \"\"):\"x\"}]" },
	{ "${self:\"a,}\"}", "[${self:\"a,}\"}]" },
	{ "${self:'a\\'}", "[${self:\"a\\\\\"}]" },
	/* fallbacks */
	{ "${opt:a, self:b, 'c'}", "[${opt:\"a\" | self:\"b\" | \"c\"}]" },
	{ "${opt:a, 5}", "[${opt:\"a\" | 5}]" },
	{ "${opt:a, 0x1F }", "[${opt:\"a\" | 31}]" },
	{ "${opt:a, -1.5e3}", "[${opt:\"a\" | -1500}]" },
	{ "${opt:a, 007}", "[${opt:\"a\" | 7}]" },
	{ "${opt:a,null}", "[${opt:\"a\" | null}]" },
	{ "${opt:a, \"x\\u00e9\\ud83d\\ude00\"}", "[${opt:\"a\" | \"x\xc3\xa9\xf0\x9f\x98\x80\"}]" },
	/* variables inside */
	{ "${self:a.${opt:b}.c}", "[${self:[a.][${opt:\"b\"}][.c]}]" },
	{ "${file(${opt:b, 'c'}.yml):${self:d}}", "[${file([${opt:\"b\" | \"c\"}][.yml]):[${self:\"d\"}]}]" },
	{ "${self:a$}}", "[${self:\"a$}\"}]" },
	{ "${ x ${self:a} }", "[${ x ][${self:\"a\"}][ }]" },
	{ "${${self:a}}", "[${][${self:\"a\"}][}]" },
	{ "${A ${B} ${self:a}", "[${A ${B} ][${self:\"a\"}]" },
	/* escapes */
	{ "\\${self:a}", "[\\ -> $][{self:a}]" },
	{ "\\\\${self:a}", "[\\ -> \\][${self:\"a\"}]" },
	{ "\\\\\\${self:a}", "[\\ -> \\$][{self:a}]" },
	{ "\\\\\\\\${self:a}", "[\\ -> \\\\][${self:\"a\"}]" },
	{ "\\a${self:a}", "[\\a][${self:\"a\"}]" },
	{ "$${self:a}", "[${self:\"a\"}]" },
	{ "\\$${self:a}", "[\\$][${self:\"a\"}]" },
	{ "$\\${self:a}", "[$\\][${self:\"a\"}]" },
};

static void texts_are_parsed_into_parts(void **state) {
	(void)state;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct arena *a = arena_create();
		struct variable_problem problem;
		size_t budget = 100;
		const struct variable_text *text = variable_parse(a, texts[i].text, strlen(texts[i].text), &budget, &problem);
		const char *parts = text ? variable_serialize(a, text) : NULL;
		assert_int_equal(problem.fault, VARIABLE_FINE);
		assert_true(variable_possible(texts[i].text, strlen(texts[i].text)) || !text);
		if (!parts || !texts[i].parts) {
			assert_true(!parts && !texts[i].parts);
		} else {
			assert_string_equal(parts, texts[i].parts);
		}
		arena_destroy(a);
	}
}

static const struct { const char *text; enum variable_fault fault; size_t variable, at; } faulty[] = {
	{ "a ${self:b", VARIABLE_UNCLOSED, 2, 2 },
	{ "${self:b$}", VARIABLE_UNCLOSED, 0, 0 },
	{ "${self:a.${b}}", VARIABLE_BAD_TYPE, 0, 11 },
	{ "${self:${B:c}}", VARIABLE_BAD_TYPE, 0, 9 },
	{ "${opt:a, b}", VARIABLE_BAD_LITERAL, 0, 9 },
	{ "${opt:a, }", VARIABLE_BAD_SOURCE, 0, 9 },
	{ "${opt:a, ${opt:b}}", VARIABLE_BAD_SOURCE, 0, 9 },
	{ "${opt:a, 5, 6}", VARIABLE_BAD_SOURCE, 0, 9 },
	{ "${opt:a, Self:b}", VARIABLE_BAD_SOURCE, 0, 9 },
	{ "${opt:a, 'b', 'c'}", VARIABLE_BAD_SOURCE, 0, 9 },
	{ "${opt:a, \"\\x\"}", VARIABLE_BAD_STRING, 0, 9 },
	{ "${file(a}", VARIABLE_BAD_PARAM, 0, 7 },
	{ "${file('a' b)}", VARIABLE_BAD_PARAM, 0, 7 },
	{ "${file(a) b}", VARIABLE_BAD_ADDRESS, 0, 10 },
	{ "${file(a)::b}", VARIABLE_BAD_ADDRESS, 0, 10 },
	{ "${self:'a' b}", VARIABLE_BAD_ADDRESS, 0, 7 },
};

static void faults_are_told(void **state) {
	(void)state;

	for (size_t i = 0; i < sizeof(faulty) / sizeof(*faulty); i++) {
		struct arena *a = arena_create();
		struct variable_problem problem;
		size_t budget = 100;
		assert_null(variable_parse(a, faulty[i].text, strlen(faulty[i].text), &budget, &problem));
		assert_int_equal(problem.fault, faulty[i].fault);
		assert_int_equal(problem.variable, faulty[i].variable);
		assert_int_equal(problem.at, faulty[i].at);
		arena_destroy(a);
	}
}

static void budgets_and_depth_are_bounded(void **state) {
	struct arena *a = arena_create();
	struct variable_problem problem;
	char *text = arena_alloc(a, 4000001);
	size_t budget = 2;
	(void)state;

	assert_null(variable_parse(a, "${self:a}${self:b}${self:c}", 27, &budget, &problem));
	assert_int_equal(problem.fault, VARIABLE_TOO_MANY);
	budget = 1000;
	for (size_t i = 0; i < 4000000; i += 4) {
		memcpy(text + i, "${a:", 4);
	}
	assert_null(variable_parse(a, text, 4000000, &budget, &problem));
	assert_int_equal(problem.fault, VARIABLE_TOO_DEEP);
	for (size_t i = 0; i < 4000000; i += 2) {
		memcpy(text + i, "${", 2);
	}
	assert_null(variable_parse(a, text, 4000000, &budget, &problem));
	assert_int_equal(problem.fault, VARIABLE_FINE);
	arena_destroy(a);
}

/* --- in memory ---------------------------------------------------------------------------------------------- */

struct world {
	const char *serverless, *file;
};

static enum slsws_read read_file(void *data, const char *path, size_t limit, char **bytes, size_t *length) {
	const struct world *world = data;
	const char *text = strcmp(path, "svc/serverless.yml") == 0 ? world->serverless :
		strcmp(path, "svc/a.yml") == 0 ? world->file : NULL;

	(void)limit;
	if (!text) {
		return SLSWS_READ_MISSING;
	}
	*bytes = strdup(text);
	*length = strlen(text);
	return SLSWS_READ_OK;
}

static void *no_node(void *data, const char *program, const char *folder) {
	(void)data;
	(void)program;
	(void)folder;
	return NULL;
}

/* The resolved configuration as JSON, or the codes and places of the errors. */
static const char *resolved(struct arena *a, struct world *world) {
	struct slsws_host given = { .data = world, .read_file = read_file, .node_start = no_node };
	struct slsws_host host = host_complete(&given);
	struct options options = { .opt = value_map(a), .param = value_map(a), .stubs = value_map(a), .directory = "svc/",
		.file = "serverless.yml" };
	struct text out = { 0 };
	struct diag diag;

	diag_init(&diag, a, false);
	const struct value *config = variables_resolve(a, read_project(a, &options, &host, &diag), &options, &host, &diag);
	diag_sort(&diag);
	for (const struct diagnostic *d = diag.first; d; d = d->next) {
		text_printf(&out, "%s %s:%u:%u\n", d->code, d->mark.source ? d->mark.source->name : "", d->mark.line,
			d->mark.column);
	}
	if (config) {
		emit_json(&out, map_get(config, "custom"), 0);
	}
	const char *text = arena_copy(a, out.bytes, out.length);
	text_free(&out);
	return text;
}

static void files_are_looked_for_beside_the_configuration(void **state) {
	struct arena *a = arena_create();
	struct world world = { "custom: { a: '${file(./x/../a.yml):b}' }", "b: [1, '${self:custom.a.0}']" };
	(void)state;

	assert_string_equal(resolved(a, &world), "{\"a\":[1,1]}");
	world.file = "b: ${env:SURELY_NOT_SET}";
	assert_string_equal(resolved(a, &world), "C101 svc/serverless.yml:1:14\n");
	world.file = "b:\n- ${env:SURELY_NOT_SET}";
	assert_string_equal(resolved(a, &world), "C101 svc/a.yml:2:3\n");
	arena_destroy(a);
}

static void javascript_needs_node(void **state) {
	struct arena *a = arena_create();
	struct world world = { "custom:\n  a: ${file(a.js)}\n  b: ${file(b.js), 'fallback'}\n", NULL };
	(void)state;

	assert_string_equal(resolved(a, &world), "C111 svc/serverless.yml:2:6\n");
	arena_destroy(a);
}

static void columns_count_characters(void **state) {
	struct arena *a = arena_create();
	struct world world = { "custom:\n  a: \"ü\\u00fc ${env:SURELY_NOT_SET}\"\n"
		"  b: >-\n    folded\n    text\n    ö ${env:SURELY_NOT_SET}\n", NULL };
	(void)state;

	assert_string_equal(resolved(a, &world), "C101 svc/serverless.yml:2:15\nC101 svc/serverless.yml:6:7\n");
	arena_destroy(a);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_parsed_into_parts),
		cmocka_unit_test(faults_are_told),
		cmocka_unit_test(budgets_and_depth_are_bounded),
		cmocka_unit_test(files_are_looked_for_beside_the_configuration),
		cmocka_unit_test(javascript_needs_node),
		cmocka_unit_test(columns_count_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
