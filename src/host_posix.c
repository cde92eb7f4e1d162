#include "host.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool read_all(int fd, char *bytes, size_t size, size_t *length) {
	*length = 0;
	while (*length < size) {
		ssize_t count = read(fd, bytes + *length, size - *length);
		if (count < 0 && errno == EINTR) {
			continue;
		}
		if (count <= 0) {
			return count == 0;
		}
		*length += (size_t)count;
	}
	return true;
}

static bool is_unchanged(int fd, const struct stat *before, size_t length) {
	struct stat after;

	return fstat(fd, &after) == 0 && (size_t)after.st_size == length && length == (size_t)before->st_size &&
		after.st_mtim.tv_sec == before->st_mtim.tv_sec && after.st_mtim.tv_nsec == before->st_mtim.tv_nsec;
}

static enum slsws_read read_open(int fd, size_t limit, char **bytes, size_t *length) {
	struct stat status;

	if (fstat(fd, &status) != 0) {
		return SLSWS_READ_FAILED;
	}
	if (!S_ISREG(status.st_mode)) {
		return SLSWS_READ_NO_FILE;
	}
	if ((unsigned long long)status.st_size > limit) {
		return SLSWS_READ_TOO_LARGE;
	}
	char *read = malloc((size_t)status.st_size + 1);
	if (!read || !read_all(fd, read, (size_t)status.st_size, length) || !is_unchanged(fd, &status, *length)) {
		enum slsws_read problem = !read || *length == (size_t)status.st_size ? SLSWS_READ_FAILED : SLSWS_READ_CHANGED;
		free(read);
		return problem;
	}
	*bytes = read;
	return SLSWS_READ_OK;
}

/* Opened without waiting for a writer, so that a FIFO cannot hold the program up. */
static enum slsws_read real_read_file(void *data, const char *path, size_t limit, char **bytes, size_t *length) {
	(void)data;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		return errno == ENOENT || errno == ENOTDIR ? SLSWS_READ_MISSING : SLSWS_READ_FAILED;
	}
	enum slsws_read result = read_open(fd, limit, bytes, length);
	close(fd);
	return result;
}

static bool is_same(const char *path, const struct stat *other) {
	struct stat status;

	return stat(path, &status) == 0 && status.st_dev == other->st_dev && status.st_ino == other->st_ino;
}

/* Whether a link leads to the folder itself or to one above it on the way that it was reached by. */
static bool leads_up(const char *folder, const struct stat *target) {
	char path[4096];
	size_t n = strlen(folder);

	if (n >= sizeof(path)) {
		return true;
	}
	memcpy(path, folder, n + 1);
	while (!is_same(path, target)) {
		char *slash = strrchr(path, '/');
		if (!slash || !slash[1]) {
			return *path != '/' && is_same(".", target);
		}
		slash[slash == path] = 0;
	}
	return true;
}

static enum slsws_entry kind_of(const char *folder, const char *name, unsigned long long *size) {
	struct stat status;
	char path[4096];
	size_t n = strlen(folder), m = strlen(name);

	if (n + m + 2 > sizeof(path)) {
		return SLSWS_ENTRY_OTHER;
	}
	memcpy(path, folder, n);
	path[n] = '/';
	memcpy(path + n + 1, name, m + 1);
	if (lstat(path, &status) != 0) {
		return SLSWS_ENTRY_OTHER;
	}
	bool link = S_ISLNK(status.st_mode);
	if (link && (stat(path, &status) != 0 || (S_ISDIR(status.st_mode) && leads_up(folder, &status)))) {
		return SLSWS_ENTRY_OTHER;
	}
	if (S_ISREG(status.st_mode)) {
		*size = (unsigned long long)status.st_size;
		return status.st_mode & S_IXUSR ? SLSWS_ENTRY_PROGRAM : SLSWS_ENTRY_FILE;
	}
	return !S_ISDIR(status.st_mode) ? SLSWS_ENTRY_OTHER : link ? SLSWS_ENTRY_LINKED_FOLDER : SLSWS_ENTRY_FOLDER;
}

static int real_list_folder(void *data, const char *path,
		void (*entry)(void *context, const char *name, enum slsws_entry kind, unsigned long long size), void *context) {
	(void)data;
	DIR *folder = opendir(*path ? path : ".");
	if (!folder) {
		return -1;
	}
	for (struct dirent *e; (e = readdir(folder));) {
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0) {
			unsigned long long size = 0;
			enum slsws_entry kind = kind_of(*path ? path : ".", e->d_name, &size);
			entry(context, e->d_name, kind, size);
		}
	}
	closedir(folder);
	return 0;
}

static char *real_real_path(void *data, const char *path) {
	(void)data;
	return realpath(*path ? path : ".", NULL);
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

struct output {
	int fd;
	char path[];
};

static int real_create_file(void *data, const char *path, void **file) {
	size_t length = strlen(path) + 1;
	struct output *output = malloc(sizeof(*output) + length);

	(void)data;
	if (!output) {
		return ENOMEM;
	}
	memcpy(output->path, path, length);
	output->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0666);
	if (output->fd < 0) {
		int problem = errno;
		free(output);
		return problem;
	}
	*file = output;
	return 0;
}

static int real_write_file(void *file, const void *bytes, size_t length) {
	const struct output *output = file;

	for (const char *at = bytes; length > 0;) {
		ssize_t count = write(output->fd, at, length);
		if (count < 0 && errno != EINTR) {
			return errno;
		}
		if (count > 0) {
			at += count;
			length -= (size_t)count;
		}
	}
	return 0;
}

static int real_close_file(void *file, int keep) {
	struct output *output = file;
	int problem = close(output->fd) == 0 ? 0 : errno;

	if (!keep || problem) {
		unlink(output->path);
	}
	free(output);
	return problem;
}

/* --- the host ----------------------------------------------------------------------------------------------------- */

static const char *real_get_env(void *data, const char *name) {
	(void)data;
	return getenv(name);
}

struct slsws_host host_complete(const struct slsws_host *host) {
	struct slsws_host complete = host ? *host : (struct slsws_host){ 0 };

	if (!complete.read_file) {
		complete.read_file = real_read_file;
		complete.parallel = 1;
	}
	complete.list_folder = complete.list_folder ? complete.list_folder : real_list_folder;
	complete.real_path = complete.real_path ? complete.real_path : real_real_path;
	complete.get_env = complete.get_env ? complete.get_env : real_get_env;
	if (!complete.create_file) {
		complete.create_file = real_create_file;
		complete.write_file = real_write_file;
		complete.close_file = real_close_file;
	}
	if (!complete.node_start) {
		complete.node_start = host_node_start;
		complete.node_write = host_node_write;
		complete.node_read = host_node_read;
		complete.node_stop = host_node_stop;
	}
	return complete;
}

enum slsws_read host_read(const struct slsws_host *host, struct arena *a, const char *path, const char *name,
		const struct source **source) {
	char *bytes = NULL;
	size_t length = 0;
	enum slsws_read status = host->read_file(host->data, path, LARGEST_TEXT, &bytes, &length);

	if (status == SLSWS_READ_OK) {
		struct source *read = arena_new(a, struct source);
		*read = (struct source){ arena_strdup(a, name), arena_copy(a, bytes, length), length };
		*source = read;
		free(bytes);
	}
	return status;
}

const char *host_read_problem(enum slsws_read status) {
	switch (status) {
	case SLSWS_READ_OK:
		return "can be read";
	case SLSWS_READ_MISSING:
		return "does not exist";
	case SLSWS_READ_NO_FILE:
		return "is not a regular file";
	case SLSWS_READ_TOO_LARGE:
		return "is larger than 128 MiB";
	case SLSWS_READ_CHANGED:
		return "was written to while it was read";
	case SLSWS_READ_FAILED:
		break;
	}
	return "cannot be read";
}
