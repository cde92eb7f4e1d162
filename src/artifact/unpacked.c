#include "artifact/unpacked.h"

#include <stdlib.h>
#include <string.h>

#include "base/table.h"

/* Of a function with its layers; 250 MB as Lambda counts them. */
static const uint64_t MOST_UNPACKED = 250ull * 1024 * 1024;

enum { MOST_SHOWN = 5 };

struct folder {
	const char *path;
	uint64_t size;
};

/* The length of what a file counts for: "src" of "src/a/b.js", "node_modules/@scope/x" of all below that. */
static size_t group_length(const char *path) {
	static const char modules[] = "node_modules/";
	const char *installed = strstr(path, modules), *name = installed ? installed + sizeof(modules) - 1 : path;
	const char *slash = strchr(name, '/');

	if (slash && installed && *name == '@') {
		const char *second = strchr(slash + 1, '/');
		slash = second ? second : slash;
	}
	return slash ? (size_t)(slash - path) : strlen(path);
}

static void add(struct arena *a, struct table *folders, const struct pack_item *item) {
	size_t length = group_length(item->name);
	struct folder *folder = table_get_text(folders, item->name, length);

	if (!folder) {
		folder = arena_new(a, struct folder);
		folder->path = arena_copy(a, item->name, length);
		table_set(a, folders, folder->path, folder);
	}
	folder->size += item->size;
}

static int by_size(const void *first, const void *second) {
	const struct folder *a = *(struct folder *const *)first, *b = *(struct folder *const *)second;

	return a->size > b->size ? -1 : a->size < b->size ? 1 : strcmp(a->path, b->path);
}

static double megabytes(uint64_t bytes) {
	return (double)bytes / (1024 * 1024);
}

void unpacked_check(struct arena *a, const char *zip, const struct pack_item *items, size_t count, struct diag *diag) {
	struct table folders = { 0 };
	uint64_t size = 0;

	for (size_t i = 0; i < count; i++) {
		size += items[i].size;
	}
	if (size <= MOST_UNPACKED) {
		return;
	}
	struct diagnostic *d = diag_warning(diag, "P011", (struct mark){ 0 },
		"'%s' is %.1f MB when it is unpacked, but Lambda takes 250 MB", zip, megabytes(size));
	for (size_t i = 0; i < count; i++) {
		add(a, &folders, &items[i]);
	}
	qsort(folders.items, folders.count, sizeof(*folders.items), by_size);
	for (size_t i = 0; i < folders.count && i < MOST_SHOWN; i++) {
		const struct folder *folder = folders.items[i];
		diag_note(d, (struct mark){ 0 }, "%.1f MB in '%s'", megabytes(folder->size), folder->path);
	}
	diag_help(d, "leave out what is not needed with 'package.patterns', or pack functions individually");
}
