#include "files.h"

#include <stdlib.h>
#include <string.h>

/* Folders that link to each other make more paths than anybody can wait for. */
enum { MOST_FILES = 500000, MOST_FOLDERS = 50000, DEEPEST = 200 };

struct listing {
	struct arena *arena;
	const struct slsws_host *host;
	struct files *files;
	size_t entries, folders;
	bool (*skip)(void *context, const char *path);
	void *context;
};

/* The folders in one folder: gone into when its own list is complete, so that few are open at a time. */
struct level {
	struct listing *listing;
	const char *path;		/* "" or ending in a slash */
	const char **folders;
	size_t count, capacity;
};

static void add_file(struct listing *l, const char *path, bool executable, unsigned long long size) {
	struct files *files = l->files;

	if (files->count == files->capacity) {
		files->capacity = files->capacity ? files->capacity * 2 : 64;
		struct file *items = arena_array(l->arena, struct file, files->capacity);
		if (files->count) {
			memcpy(items, files->items, sizeof(*items) * files->count);
		}
		files->items = items;
	}
	files->items[files->count++] = (struct file){ .path = path, .executable = executable, .size = size };
}

static void add_folder(struct level *level, const char *path) {
	struct arena *a = level->listing->arena;

	if (level->count == level->capacity) {
		level->capacity = level->capacity ? level->capacity * 2 : 8;
		const char **folders = arena_array(a, const char *, level->capacity);
		if (level->count) {
			memcpy(folders, level->folders, sizeof(*folders) * level->count);
		}
		level->folders = folders;
	}
	level->folders[level->count++] = path;
}

static void add_entry(void *context, const char *name, enum slsws_entry kind, unsigned long long size) {
	struct level *level = context;
	struct listing *l = level->listing;

	if (kind == SLSWS_ENTRY_OTHER || l->files->too_many) {
		return;
	}
	if (++l->entries > MOST_FILES) {
		l->files->too_many = true;
		return;
	}
	const char *path = arena_printf(l->arena, "%s%s", level->path, name);
	if (kind == SLSWS_ENTRY_FOLDER || kind == SLSWS_ENTRY_LINKED_FOLDER) {
		if (!l->skip || !l->skip(l->context, path)) {
			add_folder(level, path);
		}
	} else {
		add_file(l, path, kind == SLSWS_ENTRY_PROGRAM, size);
	}
}

static void list(struct listing *l, const char *path, int depth) {
	struct level level = { .listing = l, .path = path };
	const char *real = arena_printf(l->arena, "%s%s", l->files->folder, path);
	size_t length = strlen(real);

	if (depth > DEEPEST || ++l->folders > MOST_FOLDERS) {
		l->files->too_many = true;
		return;
	}
	if (length > 1 && real[length - 1] == '/') {
		real = arena_copy(l->arena, real, length - 1);
	}
	if (l->host->list_folder(l->host->data, real, add_entry, &level) != 0 && depth && !l->files->unlisted) {
		l->files->unlisted = real;
	}
	for (size_t i = 0; i < level.count && !l->files->too_many; i++) {
		list(l, arena_printf(l->arena, "%s/", level.folders[i]), depth + 1);
	}
}

static int by_path(const void *a, const void *b) {
	return strcmp(((const struct file *)a)->path, ((const struct file *)b)->path);
}

void files_sort(struct files *files) {
	size_t kept = 0;

	if (files->count) {
		qsort(files->items, files->count, sizeof(*files->items), by_path);
	}
	for (size_t i = 0; i < files->count; i++) {
		if (!i || strcmp(files->items[i].path, files->items[i - 1].path) != 0) {
			files->items[kept++] = files->items[i];
		}
	}
	files->count = kept;
}

struct wanted {
	struct listing listing;
	const char *path, *name;
};

static void add_wanted(void *context, const char *name, enum slsws_entry kind, unsigned long long size) {
	struct wanted *w = context;

	if ((kind == SLSWS_ENTRY_FILE || kind == SLSWS_ENTRY_PROGRAM) && strcmp(name, w->name) == 0) {
		add_file(&w->listing, w->path, kind == SLSWS_ENTRY_PROGRAM, size);
	}
}

void files_add(struct arena *a, const struct slsws_host *host, struct files *files, const char *path) {
	const char *slash = strrchr(path, '/');
	struct wanted w = { .listing = { .arena = a, .host = host, .files = files }, .path = path, .name = slash + 1 };

	host->list_folder(host->data, arena_printf(a, "%s%.*s", files->folder, (int)(slash - path), path), add_wanted, &w);
}

void files_add_all(struct arena *a, const struct slsws_host *host, struct files *files, const char *prefix) {
	struct listing listing = { .arena = a, .host = host, .files = files };

	list(&listing, prefix, 0);
}

struct files *files_list(struct arena *a, const struct slsws_host *host, const char *folder, const char *prefix,
		bool (*skip)(void *context, const char *path), void *context) {
	struct files *files = arena_new(a, struct files);
	struct listing listing = { .arena = a, .host = host, .files = files, .skip = skip, .context = context };

	files->folder = folder;
	list(&listing, prefix, 0);
	files_sort(files);
	return files;
}
