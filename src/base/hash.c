#include "hash.h"

#include <nettle/base64.h>
#include <nettle/md5.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>

#include "sha256.h"

struct sha256 {
	struct sha256_ctx ctx;
	bool has_help;
};

static char *hex(struct arena *a, const uint8_t *bytes, size_t length) {
	static const char digits[] = "0123456789abcdef";
	char *text = arena_alloc(a, length * 2 + 1);

	for (size_t i = 0; i < length; i++) {
		text[i * 2] = digits[bytes[i] >> 4];
		text[i * 2 + 1] = digits[bytes[i] & 15];
	}
	return text;
}

char *md5_hex(struct arena *a, const void *bytes, size_t length) {
	struct md5_ctx ctx;
	uint8_t digest[MD5_DIGEST_SIZE];

	md5_init(&ctx);
	md5_update(&ctx, length, bytes);
	md5_digest(&ctx, sizeof(digest), digest);
	return hex(a, digest, sizeof(digest));
}

char *sha1_hex(struct arena *a, const void *bytes, size_t length) {
	struct sha1_ctx ctx;
	uint8_t digest[SHA1_DIGEST_SIZE];

	sha1_init(&ctx);
	sha1_update(&ctx, length, bytes);
	sha1_digest(&ctx, sizeof(digest), digest);
	return hex(a, digest, sizeof(digest));
}

struct sha256 *sha256_create(struct arena *a) {
	struct sha256 *hash = arena_new(a, struct sha256);

	sha256_init(&hash->ctx);
	hash->has_help = sha256_blocks_help();
	return hash;
}

void sha256_add(struct sha256 *hash, const void *bytes, size_t length) {
	const uint8_t *at = bytes;
	size_t rest = hash->ctx.index ? SHA256_BLOCK_SIZE - hash->ctx.index : 0;

	if (hash->has_help && length >= rest + SHA256_BLOCK_SIZE) {
		sha256_update(&hash->ctx, rest, at);
		size_t count = (length - rest) / SHA256_BLOCK_SIZE;
		sha256_blocks(hash->ctx.state, at + rest, count);
		hash->ctx.count += count;
		at += rest + count * SHA256_BLOCK_SIZE;
		length -= rest + count * SHA256_BLOCK_SIZE;
	}
	sha256_update(&hash->ctx, length, at);
}

char *sha256_finish_base64(struct arena *a, struct sha256 *hash) {
	uint8_t digest[SHA256_DIGEST_SIZE];
	char *text = arena_alloc(a, BASE64_ENCODE_RAW_LENGTH(sizeof(digest)) + 1);

	sha256_digest(&hash->ctx, sizeof(digest), digest);
	base64_encode_raw(text, sizeof(digest), digest);
	return text;
}

char *sha256_base64(struct arena *a, const void *bytes, size_t length) {
	struct sha256 *hash = sha256_create(a);

	sha256_add(hash, bytes, length);
	return sha256_finish_base64(a, hash);
}
