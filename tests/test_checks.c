/*
 * Checks of templates that are too large for an example, and of what must not take long.
 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "slsws.h"

/* The file that there is: a text that grows. */
struct file {
	char *text;
	size_t length;
	FILE *stream;
};

static void begin(struct file *f) {
	f->stream = open_memstream(&f->text, &f->length);
	fputs("AWSTemplateFormatVersion: '2010-09-09'\nResources:\n", f->stream);
}

static enum slsws_read read_file(void *data, const char *path, size_t limit, char **bytes,
		size_t *length) {
	const struct file *f = data;
	(void)path;
	(void)limit;

	*bytes = malloc(f->length + 1);
	memcpy(*bytes, f->text, f->length + 1);
	*length = f->length;
	return SLSWS_READ_OK;
}

/* How many findings of a code there are in what was written, which is given back. */
static unsigned count(struct file *f, const char *code) {
	unsigned found = 0;

	fclose(f->stream);
	struct slsws_host host = { .data = f, .read_file = read_file };
	struct slsws_options options = { .select = code };
	struct slsws_result *result = slsws_validate("template.yml", &options, &host);
	for (size_t i = 0; i < slsws_result_count(result); i++) {
		found += strcmp(slsws_result_diagnostic(result, i).code, code) == 0;
	}
	slsws_result_destroy(result);
	free(f->text);
	return found;
}

static void add_queues(FILE *out, int number) {
	for (int i = 0; i < number; i++) {
		fprintf(out, "  Queue%d:\n    Type: AWS::SQS::Queue\n", i);
	}
}

static void check_count(int number, unsigned errors, unsigned warnings) {
	struct file f;

	begin(&f);
	add_queues(f.stream, number);
	assert_int_equal(count(&f, "T030"), errors);
	begin(&f);
	add_queues(f.stream, number);
	assert_int_equal(count(&f, "T031"), warnings);
}

static void test_resources(void **state) {
	(void)state;
	check_count(400, 0, 0);
	check_count(401, 0, 1);
	check_count(500, 0, 1);
	check_count(501, 1, 0);
}

static void check_size(size_t size, unsigned errors, unsigned warnings) {
	for (int i = 0; i < 2; i++) {
		struct file f;
		begin(&f);
		add_queues(f.stream, 1);
		fputs("Metadata:\n", f.stream);
		for (int line = 0; ftell(f.stream) + 60 < (long)size; line++) {
			fprintf(f.stream, "  Line%06d: a text that makes the template larger\n", line);
		}
		while (ftell(f.stream) < (long)size) {
			fputc('#', f.stream);
		}
		assert_int_equal(count(&f, i ? "T033" : "T032"), i ? warnings : errors);
	}
}

static void test_size(void **state) {
	(void)state;
	check_size(838860, 0, 0);
	check_size(838861, 0, 1);
	check_size(1048576, 0, 1);
	check_size(1048577, 1, 0);
}

/* One circle of as many, one finding. */
static void test_circle(void **state) {
	enum { LENGTH = 10000 };
	struct file f;
	(void)state;

	begin(&f);
	for (int i = 0; i < LENGTH; i++) {
		fprintf(f.stream, "  Queue%d:\n    Type: AWS::SQS::Queue\n    DependsOn: Queue%d\n", i, (i + 1) % LENGTH);
	}
	assert_int_equal(count(&f, "T005"), 1);
}

/* A circle in which each of many is in, and each names all before it: as many references as fit. */
static void test_dense_circle(void **state) {
	enum { LENGTH = 400 };
	struct file f;
	(void)state;

	begin(&f);
	for (int i = 0; i < LENGTH; i++) {
		fprintf(f.stream, "  Queue%d:\n    Type: AWS::SQS::Queue\n    DependsOn: [Queue%d", i, LENGTH - 1);
		for (int j = 0; j < i; j++) {
			fprintf(f.stream, ", Queue%d", j);
		}
		fputs("]\n", f.stream);
	}
	assert_int_equal(count(&f, "T005"), 1);
}

/* Wrong names in great number cost no more than they are worth: looking for a likely one ends. */
static void test_many_wrong(void **state) {
	enum { NUMBER = 9000 };
	struct file f;
	(void)state;

	begin(&f);
	for (int i = 0; i < NUMBER; i++) {
		fprintf(f.stream, "  Queue%d:\n    Type: AWS::SQS::Queue\n    DependsOn: Kueue%d\n", i, i);
	}
	assert_int_equal(count(&f, "T002"), NUMBER);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_resources),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_circle),
		cmocka_unit_test(test_dense_circle),
		cmocka_unit_test(test_many_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
