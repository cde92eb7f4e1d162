/*
 * The files below a folder.
 */
#ifndef SLSWS_ARTIFACT_FILES_H
#define SLSWS_ARTIFACT_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "host.h"

struct file {
	const char *path;		/* relative to the folder */
	bool executable;
	unsigned long long size;	/* when it was listed */
};

struct files {
	const char *folder;		/* "" or ending in a slash: what paths are to be put behind */
	struct file *items;		/* sorted by the bytes of their paths */
	size_t count, capacity;
	bool too_many;			/* more than anybody packs: the rest is not there */
	const char *unlisted;		/* the first folder below that cannot be listed, or NULL */
};

/*
 * Lists all files below `folder`, whose paths get `prefix` in front. Folders that cannot be listed count as empty, as in the reference. A
 * folder is left out when skip() is not NULL and says so of its path.
 */
struct files *files_list(struct arena *a, const struct slsws_host *host, const char *folder, const char *prefix,
		bool (*skip)(void *context, const char *path), void *context);

/* Adds one file, or all below a folder, which is given with its slash: paths from files->folder on. To be followed by
   files_sort(), which drops what is there twice. */
void files_add(struct arena *a, const struct slsws_host *host, struct files *files, const char *path);
void files_add_all(struct arena *a, const struct slsws_host *host, struct files *files, const char *prefix);
void files_sort(struct files *files);

#endif
