/*
 * Makes a zip of files: reads and compresses them on all cores, and writes them in their order.
 *
 * The bytes depend on names, contents and who may execute what, and on nothing else. Not more than PACK_MEMORY is held
 * besides the largest file and what is made of it.
 */
#ifndef SLSWS_ARTIFACT_PACK_H
#define SLSWS_ARTIFACT_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "host.h"

enum { PACK_MEMORY = 56 * 1024 * 1024 };

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
};

/* Packs items in the order in which they are; `path` is the file to write, NULL: only the digest is wanted. Faults are
   reported, and there is no file then. */
struct packed pack(struct arena *a, const struct slsws_host *host, const struct pack_item *items, size_t count,
		const char *path, struct diag *diag);

#endif
