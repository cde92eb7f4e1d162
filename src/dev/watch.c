#include "dev/watch.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"

/* What functions and configurations are written in. Handlers that keep a database or a log beside their code change files as
   well, which is no reason to start them anew. */
static const char *const watched[] = {
	".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".json", ".py", ".yml", ".yaml", ".env", "bootstrap",
};

static bool is_watched(const char *path) {
	for (size_t i = 0; i < sizeof(watched) / sizeof(*watched); i++) {
		if (text_ends(path, watched[i])) {
			return true;
		}
	}
	return strstr(path, "/.env");
}

struct walk {
	uint64_t sum;
	unsigned count;
};

static uint64_t mix(uint64_t hash, uint64_t value) {
	return (hash ^ value) * UINT64_C(0x100000001b3);
}

static void walk(struct walk *w, const char *folder, int depth);

/* Sums do not depend on the order in which a folder is listed. */
static void look_at(struct walk *w, const char *path, int depth) {
	struct stat status;
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	if (w->count++ >= MOST_WATCHED || stat(path, &status) != 0) {
		return;
	}
	if (S_ISDIR(status.st_mode)) {
		walk(w, path, depth + 1);
		return;
	}
	if (!is_watched(path)) {
		return;
	}
	for (const char *at = path; *at; at++) {
		hash = mix(hash, (unsigned char)*at);
	}
	hash = mix(mix(hash, (uint64_t)status.st_mtim.tv_sec), (uint64_t)status.st_mtim.tv_nsec);
	w->sum += mix(mix(hash, (uint64_t)status.st_size), (uint64_t)status.st_ino);
}

static void walk(struct walk *w, const char *folder, int depth) {
	DIR *entries = depth < DEEPEST_WATCHED ? opendir(*folder ? folder : ".") : NULL;
	char path[4096];

	for (struct dirent *e; entries && (e = readdir(entries));) {
		bool hidden = *e->d_name == '.' && strncmp(e->d_name, ".env", 4) != 0;
		if (hidden || strcmp(e->d_name, "node_modules") == 0 || strcmp(e->d_name, "__pycache__") == 0) {
			continue;
		}
		if ((size_t)snprintf(path, sizeof(path), "%s%s%s", folder, *folder ? "/" : "", e->d_name) < sizeof(path)) {
			look_at(w, path, depth);
		}
	}
	if (entries) {
		closedir(entries);
	}
}

uint64_t watch_fingerprint(const char *folder) {
	struct walk w = { 0 };

	walk(&w, folder, 0);
	return w.sum;
}
