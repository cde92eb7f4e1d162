/* The installed library as others use it: by the public header alone, with a host of their own. */
#include "test.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "slsws.h"

static const char service[] =
	"service: library\n"
	"provider:\n"
	"  name: aws\n"
	"plugins: [./local]\n"
	"resources:\n"
	"  Resources:\n"
	"    Table: { Type: 'AWS::DynamoDB::Table' }\n";

static enum slsws_read read_file(void *data, const char *path, size_t limit, char **bytes, size_t *length) {
	(void)limit;
	if (strcmp(path, "memory/serverless.yml") != 0) {
		return SLSWS_READ_MISSING;
	}
	*length = strlen(data);
	*bytes = strdup(data);
	return *bytes ? SLSWS_READ_OK : SLSWS_READ_FAILED;
}

static void a_host_gives_the_configuration(void **state) {
	(void)state;
	struct slsws_host host = { .data = (void *)service, .read_file = read_file };
	struct slsws_options options = { .minify = 1 };
	struct slsws_result *result = slsws_compile("memory/serverless.yml", &options, &host);
	size_t length;

	assert_int_equal(slsws_result_errors(result), 0);
	const char *template = slsws_result_template(result, &length);
	assert_non_null(template);
	assert_int_equal(strlen(template), length);
	assert_int_equal(template[length - 1], '\n');
	assert_non_null(strstr(template, "{\"AWSTemplateFormatVersion\":\"2010-09-09\","));
	slsws_result_destroy(result);
}

/* --- a package that is written nowhere ----------------------------------------------------------------------- */

struct disk {
	char names[512];	/* of all files, each after a space */
	size_t room;
	int files, open, kept;
};

static enum slsws_read read_package(void *data, const char *path, size_t limit, char **bytes, size_t *length) {
	(void)data;
	if (strcmp(path, "memory/f.js") == 0) {
		*length = strlen("code\n");
		*bytes = strdup("code\n");
		return SLSWS_READ_OK;
	}
	return read_file((void *)
		"service: library\n"
		"provider: { name: aws, runtime: nodejs20.x, logs: { websocket: true } }\n"
		"functions: { f: { handler: f.f, events: [websocket: f] } }\n", path, limit, bytes, length);
}

static int list_one(void *data, const char *path,
		void (*entry)(void *context, const char *name, enum slsws_entry kind, unsigned long long size), void *context) {
	(void)data;
	(void)path;
	entry(context, "f.js", SLSWS_ENTRY_FILE, strlen("code\n"));
	return 0;
}

static char *real_path(void *data, const char *path) {
	(void)data;
	return strdup(path[0] == '/' ? path : "/real/memory");
}

static int create_file(void *data, const char *path, void **file) {
	struct disk *disk = data;

	strcat(strcat(disk->names, " "), path);
	disk->files++;
	disk->open++;
	*file = disk;
	return 0;
}

static int write_file(void *file, const void *bytes, size_t length) {
	struct disk *disk = file;

	(void)bytes;
	if (length > disk->room) {
		return ENOSPC;
	}
	disk->room -= length;
	return 0;
}

static int close_file(void *file, int keep) {
	struct disk *disk = file;

	disk->open--;
	disk->kept += keep != 0;
	return 0;
}

static struct slsws_result *package_to(struct disk *disk) {
	struct slsws_host host = { .data = disk, .read_file = read_package, .list_folder = list_one,
		.real_path = real_path, .create_file = create_file, .write_file = write_file, .close_file = close_file };
	struct slsws_options options = { .artifact_folder = "/out", .time = 1700000000123 };

	return slsws_compile("memory/serverless.yml", &options, &host);
}

static void a_package_is_written_through_the_host(void **state) {
	(void)state;
	struct disk disk = { .room = 1000000 };
	struct slsws_result *result = package_to(&disk);

	assert_int_equal(slsws_result_errors(result), 0);
	assert_string_equal(disk.names, " /out/library.zip /out/custom-resources.zip"
		" /out/cloudformation-template-create-stack.json /out/cloudformation-template-update-stack.json"
		" /out/serverless-state.json");
	assert_int_equal(disk.kept, 5);
	assert_int_equal(disk.open, 0);
	assert_non_null(strstr(slsws_result_template(result, NULL),
		"\"serverless/library/dev/1700000000123-2023-11-14T22:13:20.123Z/library.zip\""));
	slsws_result_destroy(result);
}

static void a_disk_that_is_full_leaves_no_template(void **state) {
	(void)state;
	for (size_t room = 0; room < 20000; room += 1000) {
		struct disk disk = { .room = room };
		struct slsws_result *result = package_to(&disk);
		assert_int_equal(slsws_result_errors(result), 1);
		assert_null(slsws_result_template(result, NULL));
		assert_string_equal(slsws_result_diagnostic(result, 0).code, "P010");
		assert_non_null(strstr(slsws_result_diagnostic(result, 0).message, "No space left on device"));
		assert_true(disk.kept < disk.files);
		assert_int_equal(disk.open, 0);
		slsws_result_destroy(result);
	}
}

static void diagnostics_have_code_and_place(void **state) {
	(void)state;
	struct slsws_host host = { .data = (void *)service, .read_file = read_file };
	struct slsws_options options = { .strict = 1 };
	struct slsws_result *result = slsws_compile("memory/serverless.yml", &options, &host);

	assert_int_equal(slsws_result_errors(result), 1);
	assert_null(slsws_result_template(result, NULL));
	assert_int_equal(slsws_result_count(result), 1);
	struct slsws_diagnostic d = slsws_result_diagnostic(result, 0);
	assert_string_equal(d.code, "C404");
	assert_int_equal(d.severity, SLSWS_ERROR);
	assert_string_equal(d.file, "memory/serverless.yml");
	assert_int_equal(d.line, 4);
	assert_int_equal(d.column, 11);
	assert_non_null(strstr(d.message, "'./local'"));
	assert_non_null(strstr(slsws_result_format(result, 0, 0), "4 | plugins: [./local]\n"));
	slsws_result_destroy(result);
}

static void what_is_missing_is_a_diagnostic(void **state) {
	(void)state;
	struct slsws_result *result = slsws_compile("no such folder/serverless.yml", NULL, NULL);

	assert_int_equal(slsws_result_errors(result), 1);
	assert_string_equal(slsws_result_diagnostic(result, 0).code, "C001");
	assert_null(slsws_result_diagnostic(result, 0).file);
	slsws_result_destroy(result);
	slsws_result_destroy(NULL);
	assert_true(strlen(slsws_version()) > 0);
}

static void *compile_often(void *first) {
	struct slsws_host host = { .data = (void *)service, .read_file = read_file };

	for (int i = 0; i < 50; i++) {
		struct slsws_result *result = slsws_compile("memory/serverless.yml", NULL, &host);
		const char *template = slsws_result_template(result, NULL);
		if (!template || strcmp(template, first) != 0) {
			slsws_result_destroy(result);
			return first;
		}
		slsws_result_destroy(result);
	}
	return NULL;
}

static void threads_do_not_disturb_each_other(void **state) {
	(void)state;
	struct slsws_host host = { .data = (void *)service, .read_file = read_file };
	struct slsws_result *first = slsws_compile("memory/serverless.yml", NULL, &host);
	pthread_t threads[4];

	for (int i = 0; i < 4; i++) {
		assert_int_equal(pthread_create(&threads[i], NULL, compile_often,
			(void *)slsws_result_template(first, NULL)), 0);
	}
	for (int i = 0; i < 4; i++) {
		void *problem;
		pthread_join(threads[i], &problem);
		assert_null(problem);
	}
	slsws_result_destroy(first);
}

/* --- what is made of two, and of none -------------------------------------------------------------------------- */

static enum slsws_read read_pair(void *data, const char *path, size_t limit, char **bytes, size_t *length) {
	if (strcmp(path, "old.yml") != 0) {
		return read_file(data, path, limit, bytes, length);
	}
	*bytes = strdup("Resources: { Table: { Type: 'AWS::SNS::Topic' } }\n");
	*length = strlen(*bytes);
	return SLSWS_READ_OK;
}

static void a_template_is_compared_with_a_service(void **state) {
	(void)state;
	struct slsws_host host = { .data = (void *)service, .read_file = read_pair };
	struct slsws_diff_style style = { .format = SLSWS_JSON };
	struct slsws_result *result = slsws_diff("old.yml", "memory/serverless.yml", &style, NULL, &host);
	size_t length;

	assert_int_equal(slsws_result_errors(result), 0);
	assert_true(slsws_result_differs(result));
	const char *text = slsws_result_text(result, &length);
	assert_int_equal(strlen(text), length);
	assert_non_null(strstr(text, "\"effect\": \"replace\""));
	slsws_result_destroy(result);

	result = slsws_diff("old.yml", "old.yml", NULL, NULL, &host);
	assert_false(slsws_result_differs(result));
	assert_string_equal(slsws_result_text(result, NULL), "no differences\n");
	slsws_result_destroy(result);

	result = slsws_diff("old.yml", "gone.yml", NULL, NULL, &host);
	assert_int_equal(slsws_result_errors(result), 1);
	assert_null(slsws_result_text(result, NULL));
	slsws_result_destroy(result);
}

static void a_configuration_is_printed(void **state) {
	(void)state;
	struct slsws_host host = { .data = (void *)service, .read_file = read_file };
	struct slsws_print_style style = { .format = SLSWS_TEXT, .path = "provider.region" };
	struct slsws_result *result = slsws_print("memory/serverless.yml", &style, NULL, &host);

	assert_string_equal(slsws_result_text(result, NULL), "us-east-1\n");
	slsws_result_destroy(result);
	result = slsws_print("memory/serverless.yml", NULL, NULL, &host);
	assert_non_null(strstr(slsws_result_text(result, NULL), "service: library\nprovider:\n  name: aws\n"));
	slsws_result_destroy(result);
	assert_non_null(strstr(slsws_schema(), "\"$schema\": \"http://json-schema.org/draft-07/schema#\""));
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_host_gives_the_configuration),
		cmocka_unit_test(a_package_is_written_through_the_host),
		cmocka_unit_test(a_disk_that_is_full_leaves_no_template),
		cmocka_unit_test(diagnostics_have_code_and_place),
		cmocka_unit_test(what_is_missing_is_a_diagnostic),
		cmocka_unit_test(a_template_is_compared_with_a_service),
		cmocka_unit_test(a_configuration_is_printed),
		cmocka_unit_test(threads_do_not_disturb_each_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
