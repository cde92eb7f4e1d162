/*
 * Compression of what is in memory, through libdeflate.
 *
 * The level is zlib's 6, which the reference packs with. The same bytes give the same bytes, whatever the machine.
 */
#ifndef SLSWS_ARTIFACT_DEFLATE_H
#define SLSWS_ARTIFACT_DEFLATE_H

#include <stddef.h>
#include <stdint.h>

enum { DEFLATE_LEVEL = 6 };

struct deflater;	/* for one thread at a time */

struct deflater *deflater_create(void);			/* NULL: out of memory */
void deflater_destroy(struct deflater *deflater);	/* NULL is allowed */
/* The length of what it makes of `in`; 0 when that is more than `room`. */
size_t deflater_run(struct deflater *deflater, const void *in, size_t length, void *out, size_t room);
uint32_t deflate_crc32(const void *bytes, size_t length);

#endif
