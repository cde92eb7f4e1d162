/*
 * A zip file, written from front to back; the container is minizip's. What is in it is compressed already.
 *
 * Nothing of it depends on the machine or the clock: each entry has the same date, modes are 0755 and 0644, and
 * sizes and checksums stand before the bytes, not behind. Zip64 is used where there is need of it.
 */
#ifndef SLSWS_ARTIFACT_ZIP_H
#define SLSWS_ARTIFACT_ZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct zip;

struct zip_entry {
	const char *name;		/* with forward slashes, relative */
	bool executable;
	bool deflated;			/* else the bytes are as they were */
	const void *bytes;
	size_t length;
	uint64_t size;			/* before compression */
	uint32_t crc;
};

enum { LONGEST_ZIP_NAME = 65535 };

/* write() gets the bytes of the file in their order; false: it failed, and is not called any more. */
struct zip *zip_create(bool (*write)(void *context, const void *bytes, size_t length), void *context);
/* Entries stand in the order in which they are added. false: the writing failed. */
bool zip_add(struct zip *zip, const struct zip_entry *entry);
/* Writes the directory and gives back what is held. false: the writing failed, now or before. */
bool zip_finish(struct zip *zip);

#endif
