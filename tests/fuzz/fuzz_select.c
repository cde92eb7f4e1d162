/*
 * Which files are packed, of any patterns and any tree: each line of the input is "+PATTERN", or a path with the
 * content of that file after '='. A folder whose name begins with 'L' is a link to the folder "lib".
 */
#include "fuzz.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "artifact/select.h"
#include "base/text.h"
#include "host.h"

enum { MOST_LINES = 200 };

struct tree {
	struct arena *arena;
	const char *paths[MOST_LINES], *contents[MOST_LINES];
	size_t count;
	struct value *patterns;
};

static void add_line(struct tree *t, char *line) {
	char *equals = strchr(line, '=');

	if (*line == '+') {
		list_add(t->arena, t->patterns, value_string(t->arena, line + 1));
	} else if (*line && *line != '/' && t->count < MOST_LINES) {
		t->contents[t->count] = equals ? equals + 1 : "";
		*(equals ? equals : line + strlen(line)) = 0;
		t->paths[t->count++] = line;
	}
}

/* The path from the service's folder on. */
static const char *inner(const char *path) {
	path += strncmp(path, "/svc", 4) == 0 ? 4 : 0;
	while (*path == '/' || strncmp(path, "./", 2) == 0) {
		path++;
	}
	return strcmp(path, ".") == 0 ? "" : path;
}

static enum slsws_read read_file(void *data, const char *path, size_t limit, char **bytes, size_t *length) {
	const struct tree *t = data;

	for (size_t i = 0; i < t->count; i++) {
		if (strcmp(t->paths[i], inner(path)) == 0 && strlen(t->contents[i]) <= limit) {
			*length = strlen(t->contents[i]);
			*bytes = strdup(t->contents[i]);
			return SLSWS_READ_OK;
		}
	}
	return SLSWS_READ_MISSING;
}

static bool is_entry(const char *path, const char *folder, size_t length) {
	return strncmp(path, folder, length) == 0 && (!length || path[length] == '/') && path[length + (length > 0)];
}

static int list_folder(void *data, const char *path,
		void (*entry)(void *context, const char *name, enum slsws_entry kind, unsigned long long size), void *context) {
	const struct tree *t = data;
	const char *folder = inner(path);
	size_t length = strlen(folder);
	char last[64] = "";

	for (size_t i = 0; i < t->count; i++) {
		if (!is_entry(t->paths[i], folder, length)) {
			continue;
		}
		const char *name = t->paths[i] + length + (length > 0);
		size_t n = strcspn(name, "/");
		if (n && n < sizeof(last) && (strlen(last) != n || strncmp(last, name, n) != 0)) {
			memcpy(last, name, n);
			last[n] = 0;
			entry(context, last, !name[n] ? SLSWS_ENTRY_FILE : *name == 'L' ? SLSWS_ENTRY_LINKED_FOLDER :
				SLSWS_ENTRY_FOLDER, strlen(t->contents[i]));
		}
	}
	return 0;
}

static char *real_path(void *data, const char *path) {
	const char *own = inner(path), *slash = strrchr(own, '/');
	const struct tree *t = data;

	if ((slash ? slash[1] : *own) == 'L') {
		return strdup("/svc/lib");
	}
	size_t length = strlen(own);
	while (length && strchr("./", own[length - 1])) {
		length--;
	}
	return strdup(arena_printf(t->arena, "/svc%s%.*s", length ? "/" : "", (int)length, own));
}

static void check_file(void *context, struct file *file) {
	const char **last = context;

	assert(*file->path && (!*last || strcmp(*last, file->path) < 0));
	*last = file->path;
}

static void check(struct tree *t) {
	struct slsws_host given = { .data = t, .read_file = read_file, .list_folder = list_folder, .real_path = real_path };
	struct slsws_host host = host_complete(&given);
	struct options options = { .directory = "", .file = "serverless.yml" };
	struct value *package = MAP(t->arena, { "patterns", t->patterns });
	struct service service = { .arena = t->arena, .options = &options, .host = &host, .config = value_map(t->arena),
		.package = package };
	struct selection *selection = selection_create(&service);
	const char *last = NULL;

	selection_walk(selection, NULL, check_file, &last);
	last = NULL;
	selection_walk(selection, package, check_file, &last);
	selection_destroy(selection);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	struct tree t = { .arena = arena_create() };
	char *text = arena_copy(t.arena, (const char *)data, size);

	t.patterns = value_list(t.arena);
	for (char *line = text, *end; *line; line = end) {
		end = line + strcspn(line, "\n");
		end += *end ? (*end = 0, 1) : 0;
		add_line(&t, line);
	}
	check(&t);
	arena_destroy(t.arena);
	return 0;
}
