/*
 * The folder of a package, which takes its place at once: by an exchange where there was one, as rename() puts no
 * folder in the place of one that is not empty.
 *
 * What is replaced goes as a whole, so it has to be a package: empty, or a state file with templates and zips. Only
 * what is called .serverless may have anything in it, as it is the Serverless Framework's to delete.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"

static const char state_file[] = "serverless-state.json";
static const char mark[] = ".slsws-";		/* what begins so is never packed */

/* --- paths ---------------------------------------------------------------------------------------------------- */

static char *join(const char *first, const char *middle, const char *last) {
	size_t size = strlen(first) + strlen(middle) + strlen(last) + 1;
	char *path = malloc(size);

	if (path) {
		snprintf(path, size, "%s%s%s", first, middle, last);
	}
	return path;
}

static const char *base_name(const char *path) {
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void make_folders(char *path) {
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0777);
		*slash = '/';
	}
	mkdir(path, 0777);
}

/* The folder that `path` is in, without links, and made if it is missing. NULL: errno tells. */
static char *parent_of(const char *path) {
	const char *name = base_name(path);
	char *parent = name == path ? strdup(".") : strndup(path, (size_t)(name - path)), *real = NULL;

	if (parent) {
		make_folders(parent);
		real = realpath(parent, NULL);
	}
	free(parent);
	return real;
}

/* Where the folder is or will be, without links. */
static char *place_of(const char *name, bool *exists) {
	char *place = realpath(name, NULL), *plain = strdup(name);
	size_t length = strlen(name);

	*exists = place != NULL;
	while (plain && length > 1 && plain[length - 1] == '/') {
		plain[--length] = '\0';
	}
	if (!place && plain && errno == ENOENT) {
		char *parent = parent_of(plain);
		place = parent ? join(strcmp(parent, "/") == 0 ? "" : parent, "/", base_name(plain)) : NULL;
		free(parent);
	}
	free(plain);
	return place;
}

/* Whether `path` is `folder` or below it. */
static bool is_within(const char *path, const char *folder) {
	size_t length = strlen(folder);

	return strncmp(path, folder, length) == 0 && (!path[length] || path[length] == '/' || strcmp(folder, "/") == 0);
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place) {
	(void)status;
	(void)kind;
	(void)place;
	remove(path);
	return 0;
}

static void remove_tree(const char *path) {
	nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* --- what may be replaced ------------------------------------------------------------------------------------- */

static bool has_end(const char *name, const char *end) {
	size_t n = strlen(name), m = strlen(end);

	return n > m && strcmp(name + n - m, end) == 0;
}

static bool is_of_package(const char *place, const char *name) {
	char *path = join(place, "/", name);
	struct stat status;
	bool folder = !path || lstat(path, &status) != 0 || S_ISDIR(status.st_mode);

	free(path);
	return !folder && (strcmp(name, state_file) == 0 || has_end(name, ".zip") ||
		(strncmp(name, "cloudformation-template-", 24) == 0 && has_end(name, ".json")));
}

static enum status refuse(const struct cli *cli, const struct folder *f, const char *entry) {
	return usage_error(cli, "U014", "name a folder that is new, empty or a package: it is replaced as a whole",
		"the folder '%s' has '%s', which is no part of a package", f->name, entry);
}

static enum status check_entries(const struct cli *cli, const struct folder *f) {
	DIR *dir = opendir(f->place);
	bool state = false;
	char *zip = NULL;
	enum status status = dir ? STATUS_DONE :
		machine_error(cli, "cannot read the folder '%s': %s", f->name, strerror(errno));

	for (struct dirent *e; !status && dir && (e = readdir(dir));) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) {
			continue;
		}
		state = state || strcmp(e->d_name, state_file) == 0;
		zip = zip ? zip : strdup(e->d_name);
		if (!is_of_package(f->place, e->d_name)) {
			status = refuse(cli, f, e->d_name);
		}
	}
	if (!status && zip && !state) {
		status = refuse(cli, f, zip);	/* somebody's zips, not those of a package */
	}
	free(zip);
	if (dir) {
		closedir(dir);
	}
	return status;
}

/* A folder that is replaced must not be that of the service, nor have it inside. */
static enum status check_service(const struct cli *cli, const struct folder *f, const char *config) {
	char *service = realpath(config, NULL);
	enum status status = STATUS_DONE;

	if (service) {
		*strrchr(service, '/') = '\0';
		if (is_within(*service ? service : "/", f->place)) {
			status = usage_error(cli, "U014", "name a folder inside of it: --package .serverless",
				"the folder '%s' has the service itself in it", f->name);
		}
	}
	free(service);
	return status;
}

static enum status check_place(const struct cli *cli, const struct folder *f, const char *config) {
	struct stat status;

	if (f->replaces && (stat(f->place, &status) != 0 || !S_ISDIR(status.st_mode))) {
		return usage_error(cli, "U014", NULL, "'%s' is no folder", f->name);
	}
	enum status found = check_service(cli, f, config);
	return found || !f->replaces || strcmp(base_name(f->place), ".serverless") == 0 ? found : check_entries(cli, f);
}

/* --- beside --------------------------------------------------------------------------------------------------- */

/* Removes what a process that is no more has left: ".slsws-PID-NAME". */
static void remove_left_behind(const char *parent, const char *name) {
	DIR *dir = opendir(parent);

	for (struct dirent *e; dir && (e = readdir(dir));) {
		char *end = NULL;
		long pid = strncmp(e->d_name, mark, sizeof(mark) - 1) == 0 ? strtol(e->d_name + sizeof(mark) - 1, &end, 10) : 0;
		if (pid > 0 && *end == '-' && strcmp(end + 1, name) == 0 && kill((pid_t)pid, 0) != 0 && errno == ESRCH) {
			char *path = join(parent, "/", e->d_name);
			if (path) {
				remove_tree(path);
			}
			free(path);
		}
	}
	if (dir) {
		closedir(dir);
	}
}

static enum status make_beside(const struct cli *cli, struct folder *f) {
	const char *name = base_name(f->place);
	char *parent = strndup(f->place, (size_t)(name - f->place) > 1 ? (size_t)(name - f->place) - 1 : 1);
	char number[64];
	struct stat old;

	snprintf(number, sizeof(number), "/%s%ld-", mark, (long)getpid());
	if (parent) {
		remove_left_behind(parent, name);
		f->beside = join(strcmp(parent, "/") == 0 ? "" : parent, number, name);
	}
	free(parent);
	if (!f->beside) {
		return machine_error(cli, "out of memory");
	}
	if (mkdir(f->beside, 0777) != 0) {
		enum status status = machine_error(cli, "cannot make a folder beside '%s': %s", f->name, strerror(errno));
		free(f->beside);
		f->beside = NULL;
		return status;
	}
	if (f->replaces && stat(f->place, &old) == 0) {
		chmod(f->beside, old.st_mode & 07777);
	}
	return STATUS_DONE;
}

enum status folder_begin(const struct cli *cli, struct folder *folder, const char *name, const char *config) {
	*folder = (struct folder){ .name = name };
	folder->place = place_of(name, &folder->replaces);
	if (!folder->place) {
		return machine_error(cli, "cannot make the folder '%s': %s", name, strerror(errno));
	}
	enum status status = check_place(cli, folder, config);
	return status ? status : make_beside(cli, folder);
}

/* --- its place ------------------------------------------------------------------------------------------------ */

/* Where the file system cannot exchange: for a moment there is neither, and the old one comes back if the new one
   fails. */
static bool move_aside(const struct folder *f) {
	char *aside = join(f->beside, "", ".old");
	bool done = aside && rename(f->place, aside) == 0;

	if (done && rename(f->beside, f->place) != 0) {
		int problem = errno;
		rename(aside, f->place);
		errno = problem;
		done = false;
	}
	if (done) {
		remove_tree(aside);
	}
	free(aside);
	return done;
}

static bool take_place(const struct folder *f) {
	if (!f->replaces) {
		return rename(f->beside, f->place) == 0;
	}
#ifdef RENAME_EXCHANGE
	if (renameat2(AT_FDCWD, f->beside, AT_FDCWD, f->place, RENAME_EXCHANGE) == 0) {
		remove_tree(f->beside);
		return true;
	}
	if (errno != EINVAL && errno != ENOSYS) {
		return false;
	}
#endif
	return move_aside(f);
}

enum status folder_publish(const struct cli *cli, struct folder *folder) {
	if (!take_place(folder)) {
		if (errno == EBUSY || errno == EXDEV) {
			return usage_error(cli, "U014", "name a folder inside of it, which is made if it is missing",
				"the folder '%s' is where something is mounted, and cannot be replaced", folder->name);
		}
		return machine_error(cli, "cannot put the package in the place of '%s': %s", folder->name, strerror(errno));
	}
	free(folder->beside);
	folder->beside = NULL;
	return STATUS_DONE;
}

void folder_finish(struct folder *folder) {
	if (folder->beside) {
		remove_tree(folder->beside);
	}
	free(folder->beside);
	free(folder->place);
	*folder = (struct folder){ 0 };
}
