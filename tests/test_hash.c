#include "test.h"

#include "base/hash.h"

static void fill(uint8_t *bytes, size_t length) {
	for (size_t i = 0; i < length; i++) {
		bytes[i] = (uint8_t)(i * 13 + (i >> 5));
	}
}

static void pieces_give_the_digest_of_the_whole(void **state) {
	struct arena *a = arena_create();
	uint8_t bytes[600];
	(void)state;

	fill(bytes, sizeof(bytes));
	for (size_t length = 0; length <= sizeof(bytes); length += 7) {
		for (size_t first = 0; first <= length; first += 11) {
			struct sha256 *hash = sha256_create(a);
			sha256_add(hash, bytes, first);
			sha256_add(hash, bytes + first, length - first);
			assert_string_equal(sha256_finish_base64(a, hash), sha256_base64(a, bytes, length));
		}
	}
	assert_string_equal(sha256_base64(a, "abc", 3), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
	assert_string_equal(sha1_hex(a, "abc", 3), "a9993e364706816aba3e25717850c26c9cd0d89d");
	assert_string_equal(md5_hex(a, "abc", 3), "900150983cd24fb0d6963f7d28e17f72");
	assert_string_equal(xxh128_hex(a, "abc", 3), "06b05ab6733a618578af5f94892f3950");
	arena_destroy(a);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_give_the_digest_of_the_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
