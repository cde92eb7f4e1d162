#include "deflate.h"

#include <libdeflate.h>

struct deflater *deflater_create(void) {
	return (struct deflater *)libdeflate_alloc_compressor(DEFLATE_LEVEL);
}

void deflater_destroy(struct deflater *deflater) {
	libdeflate_free_compressor((struct libdeflate_compressor *)deflater);
}

size_t deflater_run(struct deflater *deflater, const void *in, size_t length, void *out, size_t room) {
	return libdeflate_deflate_compress((struct libdeflate_compressor *)deflater, in, length, out, room);
}

uint32_t deflate_crc32(const void *bytes, size_t length) {
	return libdeflate_crc32(0, bytes, length);
}
