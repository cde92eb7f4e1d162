/*
 * Makes a zip of files: reads and compresses them on all cores, and writes them in their order.
 *
 * The bytes depend on names, contents and who may execute what, and on nothing else. Not more than PACK_MEMORY is held
 * besides the largest file and what is made of it; with a cache, CACHE_MEMORY more.
 */
#ifndef SLSWS_ARTIFACT_PACK_H
#define SLSWS_ARTIFACT_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "host.h"

enum { PACK_MEMORY = 36 * 1024 * 1024, CACHE_MEMORY = 24 * 1024 * 1024 };

struct pack_item {
	const char *name;	/* in the zip: relative, with forward slashes */
	const char *path;	/* the file that is read, or, when this is NULL ... */
	const char *text;	/* ... its content */
	uint64_t size;		/* as it was listed, or of the text */
	bool executable;
};

struct packed {
	const char *digest;	/* SHA-256 of the zip's bytes, base64; after faults of another text */
	uint64_t size;		/* of the zip */
	uint64_t unpacked;	/* of what is in it */
	bool refused;		/* the machine did not take it: no use in more of them */
};

/* What files have become, as far as there is room, for further zips that have the same files. */
struct pack_cache *pack_cache_create(struct arena *a);
void pack_cache_destroy(struct pack_cache *cache);	/* NULL is allowed */

/* Packs items in the order in which they are; `path` is the file to write, NULL: only the digest is wanted; cache:
   NULL: nothing is kept. Faults are reported, and there is no file then. */
struct packed pack(struct arena *a, const struct slsws_host *host, const struct pack_item *items, size_t count,
		const char *path, struct pack_cache *cache, struct diag *diag);

#endif
