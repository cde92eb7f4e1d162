#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/text.h"

/* What a diagnostic about line and column of a text looks like, from its place on. */
static const char *frame(struct arena *a, const char *name, const char *text, unsigned line, unsigned column) {
	struct source *source = arena_new(a, struct source);
	struct diag diag;

	*source = (struct source){ .name = name, .text = text, .length = strlen(text) };
	diag_init(&diag, a, false);
	struct mark mark = { source, line, column };
	return strchr(diag_format(a, diag_error(&diag, "C001", mark, "bad"), false), '\n') + 1;
}

#define EXPECT(text, line, column, ...) \
	assert_string_equal(frame(a, "serverless.yml", (text), (line), (column)), __VA_ARGS__)

static void the_caret_is_under_the_word(void **state) {
	struct arena *a = *state;

	EXPECT("a:\n  - websocket: $connect # first\n", 2, 5,
		" --> serverless.yml:2:5\n"
		"  |\n"
		"2 |   - websocket: $connect # first\n"
		"  |     ^^^^^^^^^\n");
	EXPECT("a:\n  - websocket: $connect # first\n", 2, 16,
		" --> serverless.yml:2:16\n"
		"  |\n"
		"2 |   - websocket: $connect # first\n"
		"  |                ^^^^^^^^\n");
	EXPECT("x: \"a b\\\" c\" d", 1, 4,
		" --> serverless.yml:1:4\n"
		"  |\n"
		"1 | x: \"a b\\\" c\" d\n"
		"  |    ^^^^^^^^^\n");
	EXPECT("x: a ${opt:b, ${self:c}} d", 1, 6,
		" --> serverless.yml:1:6\n"
		"  |\n"
		"1 | x: a ${opt:b, ${self:c}} d\n"
		"  |      ^^^^^^^^^^^^^^^^^^^\n");
	EXPECT("x: [one, two]", 1, 4,
		" --> serverless.yml:1:4\n"
		"  |\n"
		"1 | x: [one, two]\n"
		"  |    ^\n");
	EXPECT("x: [one, two]", 1, 5,
		" --> serverless.yml:1:5\n"
		"  |\n"
		"1 | x: [one, two]\n"
		"  |     ^^^\n");
}

static void places_beyond_the_text_are_shown_as_empty(void **state) {
	struct arena *a = *state;

	EXPECT("a: b\n", 9, 4, " --> serverless.yml:9:4\n  |\n9 | \n  | ^\n");
	EXPECT("a: b\n", 1, 99, " --> serverless.yml:1:99\n  |\n1 | a: b\n  |     ^\n");
	EXPECT("", 1, 1, " --> serverless.yml:1:1\n  |\n1 | \n  | ^\n");
}

static void tabs_and_wide_characters_keep_the_caret_in_place(void **state) {
	struct arena *a = *state;

	EXPECT("\tkey: x", 1, 2, " --> serverless.yml:1:2\n  |\n1 | \tkey: x\n  | \t^^^\n");
	/* two columns each, then a combining mark that takes none */
	EXPECT("\xe6\x97\xa5\xe6\x9c\xac: e\xcc\x81t\xc3\xa9", 1, 1,
		" --> serverless.yml:1:1\n  |\n1 | \xe6\x97\xa5\xe6\x9c\xac: e\xcc\x81t\xc3\xa9\n  | ^^^^\n");
	EXPECT("\xe6\x97\xa5\xe6\x9c\xac: e\xcc\x81t\xc3\xa9", 1, 5,
		" --> serverless.yml:1:5\n  |\n1 | \xe6\x97\xa5\xe6\x9c\xac: e\xcc\x81t\xc3\xa9\n  |       ^^^\n");
}

static void lines_end_as_in_yaml(void **state) {
	struct arena *a = *state;

	EXPECT("a: 1\r\nb: 2\r\n", 2, 1, " --> serverless.yml:2:1\n  |\n2 | b: 2\n  | ^\n");
	EXPECT("a: 1\rb: 2\r", 2, 1, " --> serverless.yml:2:1\n  |\n2 | b: 2\n  | ^\n");
	EXPECT("a: 1\xe2\x80\xa8\nb: 2\xc2\x85\r\nc: 3", 3, 1, " --> serverless.yml:3:1\n  |\n3 | c: 3\n  | ^\n");
	EXPECT("\xef\xbb\xbf" "a: 1\n", 1, 1, " --> serverless.yml:1:1\n  |\n1 | a: 1\n  | ^\n");
	assert_string_equal(frame(a, "x.json", "[\"\xe2\x80\xa8\",\n1]", 2, 1), " --> x.json:2:1\n  |\n2 | 1]\n  | ^\n");
}

static void what_a_terminal_would_act_on_is_not_shown(void **state) {
	struct arena *a = *state;
	struct diag diag;

	EXPECT("a: \033[2Jx\xe2\x80\xaey\xff", 1, 1,
		" --> serverless.yml:1:1\n  |\n1 | a: \xef\xbf\xbd[2Jx\xef\xbf\xbdy\xef\xbf\xbd\n  | ^\n");
	diag_init(&diag, a, false);
	struct diagnostic *d = diag_error(&diag, "C001", (struct mark){ 0 }, "bad '%s'", "a\nb\033[2J\xe2\x80\xae\xff");
	assert_string_equal(d->text, "bad 'a\\nb\\x1b[2J\\u202e\xef\xbf\xbd'");
}

static void long_lines_are_shown_around_the_place(void **state) {
	struct arena *a = *state;
	char line[1001];

	memset(line, 'x', 1000);
	line[1000] = '\0';
	memcpy(line + 500, ", here: ", 8);
	const char *shown = frame(a, "s.yml", line, 1, 503);
	const char *source = strstr(shown, "1 | ") + 4, *caret = strchr(source, '\n') + 5;
	assert_true(strchr(source, '\n') - source < 200);
	assert_memory_equal(source, "...xxx", 6);
	assert_memory_equal(strchr(source, '\n') - 6, "xxx...", 6);
	size_t at = strcspn(caret, "^");
	assert_memory_equal(source + at, "here: ", 6);
	assert_string_equal(caret + at, "^^^^\n");
}

static void a_line_deep_in_a_large_text_is_found(void **state) {
	struct arena *a = *state;
	struct text text = { 0 };

	for (int i = 1; i <= 5000; i++) {
		text_printf(&text, "line%d: 1\n", i);
	}
	static const unsigned numbers[] = { 1, 1023, 1024, 1025, 2048, 2049, 4999, 5000 };
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		const char *shown = frame(a, "s.yml", text.bytes, numbers[i], 1);
		assert_non_null(strstr(shown, arena_printf(a, "%u | line%u: 1\n", numbers[i], numbers[i])));
	}
	text_free(&text);
}

static void notes_and_help_follow(void **state) {
	struct arena *a = *state;
	struct source source = { .name = "serverless.yml", .text = "a: 1\nb: 2\na: 3\n", .length = 15 };
	struct source variable = { .name = "the environment variable X" };
	struct diag diag;

	diag_init(&diag, a, false);
	struct diagnostic *d = diag_warning(&diag, "C009", (struct mark){ &source, 3, 1 }, "duplicate key 'a'");
	diag_note(d, (struct mark){ &source, 1, 1 }, "it is first set here");
	diag_note(d, (struct mark){ &variable, 0, 0 }, "the value comes from here");
	diag_note(d, (struct mark){ 0 }, "the last one would win");
	diag_help(d, "remove one");
	assert_string_equal(diag_format(a, d, false),
		"warning[C009]: duplicate key 'a'\n"
		" --> serverless.yml:3:1\n"
		"  |\n"
		"3 | a: 3\n"
		"  | ^\n"
		"  = note: it is first set here\n"
		" --> serverless.yml:1:1\n"
		"  |\n"
		"1 | a: 1\n"
		"  | ^\n"
		"  = note: the value comes from here\n"
		" --> the environment variable X\n"
		"  = note: the last one would win\n"
		"  = help: remove one\n");
}

static void colours_are_there_only_on_demand(void **state) {
	struct arena *a = *state;
	struct source source = { .name = "s.yml", .text = "a: 1\n", .length = 5 };
	struct diag diag;

	diag_init(&diag, a, true);
	struct diagnostic *d = diag_warning(&diag, "C001", (struct mark){ &source, 1, 1 }, "bad");
	assert_string_equal(diag_format(a, d, true),
		"\033[1;31merror[C001]\033[0m\033[1m: bad\033[0m\n"
		" \033[1;34m-->\033[0m s.yml:1:1\n"
		"  \033[1;34m|\033[0m\n"
		"\033[1;34m1 |\033[0m a: 1\n"
		"  \033[1;34m|\033[0m \033[1;31m^\033[0m\n");
	assert_null(strchr(diag_format(a, d, false), '\033'));
}

static void they_are_sorted_and_told_once(void **state) {
	struct arena *a = *state;
	struct source b = { .name = "b.yml", .text = "" }, c = { .name = "c.yml", .text = "" };
	struct diag diag;

	diag_init(&diag, a, false);
	diag_error(&diag, "C002", (struct mark){ &c, 1, 1 }, "five");
	diag_error(&diag, "C002", (struct mark){ &b, 2, 1 }, "four");
	diag_warning(&diag, "C003", (struct mark){ &b, 1, 7 }, "three");
	diag_warning(&diag, "C003", (struct mark){ &b, 1, 7 }, "three");
	diag_error(&diag, "C002", (struct mark){ &b, 1, 7 }, "two");
	diag_error(&diag, "C001", (struct mark){ 0 }, "one");
	diag_sort(&diag);
	struct text order = { 0 };
	for (struct diagnostic *d = diag.first; d; d = d->next) {
		text_printf(&order, "%s ", d->text);
	}
	assert_string_equal(order.bytes, "one two three four five ");
	assert_int_equal(diag.errors, 4);
	assert_int_equal(diag.warnings, 1);
	text_free(&order);
}

static void one_fault_is_told_once(void **state) {
	struct arena *a = *state;
	struct source b = { .name = "b.yml", .text = "" };
	struct diag diag;

	diag_init(&diag, a, false);
	diag_follow(diag_warning(&diag, "R304", (struct mark){ &b, 1, 7 }, "dropped"), "C2");
	diag_warning(&diag, "D101", (struct mark){ &b, 1, 7 }, "two");
	diag_warning(&diag, "C206", (struct mark){ &b, 1, 7 }, "one");
	diag_follow(diag_error(&diag, "R203", (struct mark){ &b, 2, 7 }, "three"), "C2");
	diag_follow(diag_warning(&diag, "R304", (struct mark){ 0 }, "no place"), "C2");
	diag_warning(&diag, "C206", (struct mark){ 0 }, "none either");
	diag_sort(&diag);
	struct text order = { 0 };
	for (struct diagnostic *d = diag.first; d; d = d->next) {
		text_printf(&order, "%s ", d->text);
	}
	assert_string_equal(order.bytes, "none either no place one two three ");
	assert_int_equal(diag.errors, 1);
	assert_int_equal(diag.warnings, 4);
	text_free(&order);
}

static void too_many_are_counted_but_not_kept(void **state) {
	struct arena *a = *state;
	struct diag diag;
	unsigned count = 0;

	diag_init(&diag, a, false);
	for (unsigned i = 0; i < MOST_DIAGNOSTICS + 7; i++) {
		struct diagnostic *d = diag_warning(&diag, "C001", (struct mark){ 0 }, "number %u", i);
		diag_note(d, (struct mark){ 0 }, "a note");
		diag_help(d, "help");
	}
	diag_sort(&diag);
	const struct diagnostic *last = diag.first;
	for (const struct diagnostic *d = diag.first; d; d = d->next, count++) {
		last = d;
	}
	assert_int_equal(count, MOST_DIAGNOSTICS + 1);
	assert_int_equal(diag.warnings, MOST_DIAGNOSTICS + 7);
	assert_string_equal(last->code, "U051");
	assert_string_equal(last->text, "7 more findings are not shown");
}

static void long_texts_are_cut_in_the_middle(void **state) {
	struct arena *a = *state;
	struct diag diag;
	struct text text = { 0 };

	for (int i = 0; i < 3000; i++) {
		text_puts(&text, "\xc3\xa9");
	}
	diag_init(&diag, a, false);
	struct diagnostic *d = diag_error(&diag, "C001", (struct mark){ 0 }, "'%s' is bad", text.bytes);
	assert_true(strlen(d->text) < 2000);
	assert_non_null(strstr(d->text, "\xc3\xa9...\xc3\xa9"));
	assert_string_equal(d->text + strlen(d->text) - 10, "\xc3\xa9' is bad");
	text_free(&text);
}

static int set_up(void **state) {
	*state = arena_create();
	return 0;
}

static int tear_down(void **state) {
	arena_destroy(*state);
	return 0;
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_caret_is_under_the_word),
		cmocka_unit_test(places_beyond_the_text_are_shown_as_empty),
		cmocka_unit_test(tabs_and_wide_characters_keep_the_caret_in_place),
		cmocka_unit_test(lines_end_as_in_yaml),
		cmocka_unit_test(what_a_terminal_would_act_on_is_not_shown),
		cmocka_unit_test(long_lines_are_shown_around_the_place),
		cmocka_unit_test(a_line_deep_in_a_large_text_is_found),
		cmocka_unit_test(notes_and_help_follow),
		cmocka_unit_test(colours_are_there_only_on_demand),
		cmocka_unit_test(they_are_sorted_and_told_once),
		cmocka_unit_test(one_fault_is_told_once),
		cmocka_unit_test(too_many_are_counted_but_not_kept),
		cmocka_unit_test(long_texts_are_cut_in_the_middle),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
