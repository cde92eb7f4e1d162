/* The functions of single digests are what OpenSSL 3 calls low-level: they need no look-up of
   providers, and bring in no more of the library than themselves. */
#define OPENSSL_API_COMPAT 0x10100000L

#include "hash.h"

#include <stdint.h>

#include <openssl/evp.h>
#include <openssl/md5.h>
#include <openssl/sha.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

struct sha256 {
	SHA256_CTX ctx;
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
	MD5_CTX ctx;
	uint8_t digest[MD5_DIGEST_LENGTH];

	MD5_Init(&ctx);
	MD5_Update(&ctx, bytes, length);
	MD5_Final(digest, &ctx);
	return hex(a, digest, sizeof(digest));
}

char *sha1_hex(struct arena *a, const void *bytes, size_t length) {
	SHA_CTX ctx;
	uint8_t digest[SHA_DIGEST_LENGTH];

	SHA1_Init(&ctx);
	SHA1_Update(&ctx, bytes, length);
	SHA1_Final(digest, &ctx);
	return hex(a, digest, sizeof(digest));
}

char *xxh128_hex(struct arena *a, const void *bytes, size_t length) {
	XXH128_canonical_t digest;

	XXH128_canonicalFromHash(&digest, XXH3_128bits(bytes, length));
	return hex(a, digest.digest, sizeof(digest.digest));
}

struct sha256 *sha256_create(struct arena *a) {
	struct sha256 *hash = arena_new(a, struct sha256);

	SHA256_Init(&hash->ctx);
	return hash;
}

void sha256_add(struct sha256 *hash, const void *bytes, size_t length) {
	SHA256_Update(&hash->ctx, bytes, length);
}

char *sha256_finish_base64(struct arena *a, struct sha256 *hash) {
	uint8_t digest[SHA256_DIGEST_LENGTH];
	char *text = arena_alloc(a, (sizeof(digest) + 2) / 3 * 4 + 1);

	SHA256_Final(digest, &hash->ctx);
	EVP_EncodeBlock((unsigned char *)text, digest, sizeof(digest));
	return text;
}

char *sha256_base64(struct arena *a, const void *bytes, size_t length) {
	struct sha256 *hash = sha256_create(a);

	sha256_add(hash, bytes, length);
	return sha256_finish_base64(a, hash);
}
