#include "test.h"

#include <stdio.h>
#include <string.h>

#include "artifact/zip.h"
#include "base/text.h"

static bool collect(void *context, const void *bytes, size_t length) {
	text_add(context, bytes, length);
	return true;
}

static uint32_t number_at(const struct text *t, size_t at) {
	uint32_t number;

	assert_true(at + sizeof(number) <= t->length);
	memcpy(&number, t->bytes + at, sizeof(number));
	return number;
}

/* Where the last of a signature is. */
static size_t find_last(const struct text *t, const char signature[4]) {
	for (size_t at = t->length - 4; at > 0; at--) {
		if (memcmp(t->bytes + at, signature, 4) == 0) {
			return at;
		}
	}
	return 0;
}

static void sizes_stand_before_the_bytes(void **state) {
	struct text out = { 0 };
	struct zip *zip = zip_create(collect, &out);
	(void)state;

	assert_true(zip_add(zip, &(struct zip_entry){ .name = "a", .bytes = "hello", .length = 5, .size = 5, .crc = 0x3610a686 }));
	assert_int_equal(number_at(&out, 14), 0x3610a686);
	assert_int_equal(number_at(&out, 18), 5);
	assert_int_equal(number_at(&out, 22), 5);
	assert_memory_equal(out.bytes + 30, "ahello", 6);
	assert_int_equal(out.length, 36);
	assert_true(zip_finish(zip));
	assert_int_equal(find_last(&out, "PK\5\6"), out.length - 22);
	text_free(&out);
}

static void more_entries_than_a_short_counts_take_zip64(void **state) {
	struct text out = { 0 };
	struct zip *zip = zip_create(collect, &out);
	char name[16];
	(void)state;

	for (int i = 0; i < 70000; i++) {
		snprintf(name, sizeof(name), "%05d", i);
		assert_true(zip_add(zip, &(struct zip_entry){ .name = name }));
	}
	assert_true(zip_finish(zip));
	size_t end = find_last(&out, "PK\6\6");
	assert_true(end > 0);
	assert_int_equal(number_at(&out, end + 24), 70000);
	assert_int_equal(number_at(&out, end + 32), 70000);
	text_free(&out);
}

static bool refuse(void *context, const void *bytes, size_t length) {
	(void)bytes;
	(void)length;
	++*(int *)context;
	return false;
}

static void nothing_is_written_after_a_failure(void **state) {
	int calls = 0;
	struct zip *zip = zip_create(refuse, &calls);
	(void)state;

	assert_false(zip_add(zip, &(struct zip_entry){ .name = "a" }));
	assert_false(zip_add(zip, &(struct zip_entry){ .name = "b" }));
	assert_false(zip_finish(zip));
	assert_false(zip_finish(NULL));
	assert_int_equal(calls, 1);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_stand_before_the_bytes),
		cmocka_unit_test(more_entries_than_a_short_counts_take_zip64),
		cmocka_unit_test(nothing_is_written_after_a_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
