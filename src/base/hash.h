/*
 * Digests, through OpenSSL (libcrypto) and xxHash. Results are text in the arena.
 */
#ifndef SLSWS_HASH_H
#define SLSWS_HASH_H

#include <stddef.h>

#include "arena.h"

char *md5_hex(struct arena *a, const void *bytes, size_t length);
char *sha1_hex(struct arena *a, const void *bytes, size_t length);
char *xxh128_hex(struct arena *a, const void *bytes, size_t length);	/* XXH3: quick, no match for who means ill */
char *sha256_base64(struct arena *a, const void *bytes, size_t length);

/* A SHA-256 over pieces. finish gives base64 and may be called once. */
struct sha256;
struct sha256 *sha256_create(struct arena *a);
void sha256_add(struct sha256 *hash, const void *bytes, size_t length);
char *sha256_finish_base64(struct arena *a, struct sha256 *hash);

#endif
