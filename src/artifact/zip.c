#include "zip.h"

#include <stdlib.h>
#include <string.h>

#include <minizip/zip.h>

#include "base/text.h"

enum {
	UNIX_WITH_ZIP64 = 3 << 8 | 45,	/* "version made by" */
	NAMES_ARE_UTF8 = 1 << 11,
	FIRST_DAY = 1 << 5 | 1,		/* 1980-01-01, as early as a zip can tell */
	LARGEST_PIECE = 1 << 30,
};

/* Beyond this an entry takes zip64: the bytes of what is compressed badly may be more than before. */
static const uint64_t LARGEST_PLAIN = 0xff000000u;

/*
 * minizip writes the head of an entry, its bytes, and goes back to put sizes into the head. So that the file can be
 * written from front to back, the head is held until then; the entry's bytes are only counted when they come by, and
 * are written from where they are.
 */
struct zip {
	zipFile file;
	bool (*write)(void *context, const void *bytes, size_t length);
	void *context;
	struct text held;		/* what is not written yet, without the bytes of the entry */
	uint64_t written;		/* the place in the file where that begins */
	uint64_t at;			/* minizip's place in the file */
	uint64_t bytes_from, bytes_to;	/* the entry's bytes in the file */
	uint64_t count;			/* of entries */
	bool failed;
};

static voidpf open_nothing(voidpf opaque, const void *name, int mode) {
	(void)name;
	(void)mode;
	return opaque;
}

static uLong read_nothing(voidpf opaque, voidpf stream, void *bytes, uLong length) {
	(void)opaque;
	(void)stream;
	(void)bytes;
	(void)length;
	return 0;
}

static uLong hold(voidpf opaque, voidpf stream, const void *bytes, uLong length) {
	struct zip *zip = opaque;

	(void)stream;
	if (zip->at < zip->bytes_from || zip->at >= zip->bytes_to) {
		size_t from = (size_t)(zip->at - zip->written), end = from + length;
		if (end > zip->held.length) {
			text_room(&zip->held, end - zip->held.length);
			text_wrote(&zip->held, end - zip->held.length);
		}
		memcpy(zip->held.bytes + from, bytes, length);
	}
	zip->at += length;
	return length;
}

static ZPOS64_T tell(voidpf opaque, voidpf stream) {
	const struct zip *zip = opaque;

	(void)stream;
	return zip->at;
}

static long seek(voidpf opaque, voidpf stream, ZPOS64_T offset, int origin) {
	struct zip *zip = opaque;

	(void)stream;
	if (origin != ZLIB_FILEFUNC_SEEK_SET) {
		return -1;
	}
	zip->at = offset;
	return 0;
}

static int no_error(voidpf opaque, voidpf stream) {
	(void)opaque;
	(void)stream;
	return 0;
}

struct zip *zip_create(bool (*write)(void *context, const void *bytes, size_t length), void *context) {
	struct zip *zip = calloc(1, sizeof(*zip));
	zlib_filefunc64_def functions = {
		open_nothing, read_nothing, hold, tell, seek, no_error, no_error, zip,
	};

	if (zip) {
		zip->write = write;
		zip->context = context;
		zip->file = zipOpen2_64("", APPEND_STATUS_CREATE, NULL, &functions);
		zip->failed = !zip->file;
	}
	return zip;
}

static void flush(struct zip *zip, const void *bytes, size_t length) {
	if (zip->held.length && !zip->failed) {
		zip->failed = !zip->write(zip->context, zip->held.bytes, zip->held.length);
	}
	if (length && !zip->failed) {
		zip->failed = !zip->write(zip->context, bytes, length);
	}
	zip->written += zip->held.length + length;
	zip->held.length = 0;
}

static bool add_head(struct zip *zip, const struct zip_entry *entry, bool large) {
	zip_fileinfo info = {
		.dosDate = (uLong)FIRST_DAY << 16,
		.external_fa = (entry->executable ? 0100755ul : 0100644ul) << 16,
	};
	uLong flags = utf8_valid(entry->name, strlen(entry->name), NULL) ? NAMES_ARE_UTF8 : 0;

	zip->bytes_to = 0;
	return zipOpenNewFileInZip4_64(zip->file, entry->name, &info, NULL, 0, NULL, 0, NULL,
		entry->deflated ? Z_DEFLATED : 0, 0, 1, -MAX_WBITS, DEF_MEM_LEVEL, Z_DEFAULT_STRATEGY, NULL, 0,
		UNIX_WITH_ZIP64, flags, large) == ZIP_OK;
}

static bool add_bytes(struct zip *zip, const struct zip_entry *entry) {
	const char *bytes = entry->bytes;

	zip->bytes_from = zip->at;
	zip->bytes_to = zip->at + entry->length;
	for (size_t at = 0; at < entry->length;) {
		size_t piece = entry->length - at < LARGEST_PIECE ? entry->length - at : LARGEST_PIECE;
		if (zipWriteInFileInZip(zip->file, bytes + at, (unsigned)piece) != ZIP_OK) {
			return false;
		}
		at += piece;
	}
	return true;
}

bool zip_add(struct zip *zip, const struct zip_entry *entry) {
	bool large = entry->size >= LARGEST_PLAIN || entry->length >= LARGEST_PLAIN;

	if (!zip || zip->failed) {
		return false;
	}
	if (!add_head(zip, entry, large) || !add_bytes(zip, entry)) {
		zip->failed = true;
		return false;
	}
	/* The last of the bytes come by only now, then what belongs into the head. */
	zip->failed = zipCloseFileInZipRaw64(zip->file, entry->size, entry->crc) != ZIP_OK;
	flush(zip, entry->bytes, entry->length);
	zip->count++;
	return !zip->failed;
}

/* --- the end ------------------------------------------------------------------------------------------------------ */

enum { END_LENGTH = 22, MOST_PLAIN_ENTRIES = 0xfffe };

static void put(struct text *out, uint64_t number, int bytes) {
	for (int i = 0; i < bytes; i++) {
		text_putc(out, (char)(number >> i * 8 & 0xff));
	}
}

/* The record of zip64 at the end, and where it is. */
static void put_zip64_end(struct text *out, uint64_t count, uint64_t length, uint64_t offset) {
	text_add(out, "PK\6\6", 4);
	put(out, 44, 8);		/* bytes that follow */
	put(out, UNIX_WITH_ZIP64, 2);
	put(out, 45, 2);		/* version needed */
	put(out, 0, 8);			/* numbers of disks */
	put(out, count, 8);
	put(out, count, 8);
	put(out, length, 8);
	put(out, offset, 8);
	text_add(out, "PK\6\7", 4);
	put(out, 0, 4);
	put(out, offset + length, 8);
	put(out, 1, 4);
}

/* minizip 1.1 leaves that out where there are many entries, but not many bytes. */
static void mend_end(struct zip *zip) {
	uint64_t offset = zip->written, length = zip->held.length - END_LENGTH;
	char end[END_LENGTH];

	if (zip->failed || zip->count <= MOST_PLAIN_ENTRIES || offset >= UINT32_MAX || zip->held.length < END_LENGTH ||
			memcmp(zip->held.bytes + length, "PK\5\6", 4) != 0 ||
			(length >= 20 && memcmp(zip->held.bytes + length - 20, "PK\6\7", 4) == 0)) {
		return;
	}
	memcpy(end, zip->held.bytes + length, END_LENGTH);
	memset(end + 8, 0xff, 4);	/* counts that look into the record instead */
	zip->held.length = (size_t)length;
	put_zip64_end(&zip->held, zip->count, length, offset);
	text_add(&zip->held, end, END_LENGTH);
}

bool zip_finish(struct zip *zip) {
	if (!zip) {
		return false;
	}
	zip->bytes_to = 0;
	if (zip->file && zipClose(zip->file, NULL) != ZIP_OK) {
		zip->failed = true;
	}
	mend_end(zip);
	flush(zip, NULL, 0);
	bool done = !zip->failed;
	text_free(&zip->held);
	free(zip);
	return done;
}
