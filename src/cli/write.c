#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"

static bool write_all(int fd, const char *bytes, size_t length) {
	while (length) {
		ssize_t count = write(fd, bytes, length);
		if (count < 0 && errno != EINTR) {
			return false;
		}
		bytes += count > 0 ? count : 0;
		length -= count > 0 ? (size_t)count : 0;
	}
	return true;
}

enum status write_stdout(const struct cli *cli, const char *bytes, size_t length) {
	if (write_all(STDOUT_FILENO, bytes, length) || errno == EPIPE) {
		return STATUS_DONE;
	}
	return machine_error(cli, "cannot write to standard output: %s", strerror(errno));
}

static bool write_and_close(int fd, const char *bytes, size_t length) {
	bool written = write_all(fd, bytes, length);
	int problem = errno;
	bool closed = close(fd) == 0;

	if (!written) {
		errno = problem;
	}
	return written && closed;
}

/* `place`: the file that a link leads to. The new file has the rights of the one that it replaces. */
static bool replace(const char *place, mode_t mode, const char *bytes, size_t length) {
	size_t size = strlen(place) + 32;
	char *beside = malloc(size);

	if (!beside) {
		return false;
	}
	snprintf(beside, size, "%s.%ld.part", place, (long)getpid());
	int fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode ? mode : 0666);
	bool done = fd >= 0 && (!mode || fchmod(fd, mode) == 0 || errno == EPERM);
	if (fd >= 0) {
		done = write_and_close(fd, bytes, length) && done && rename(beside, place) == 0;
		int problem = errno;
		if (!done) {
			unlink(beside);
		}
		errno = problem;
	}
	free(beside);
	return done;
}

static bool write_there(const char *path, const char *bytes, size_t length) {
	struct stat status;

	if (stat(path, &status) != 0) {
		return replace(path, 0, bytes, length);
	}
	if (S_ISDIR(status.st_mode)) {
		errno = EISDIR;
		return false;
	}
	if (!S_ISREG(status.st_mode)) {
		int fd = open(path, O_WRONLY | O_CLOEXEC);
		return fd >= 0 && (write_and_close(fd, bytes, length) || errno == EPIPE);
	}
	char *place = realpath(path, NULL);
	bool done = place && replace(place, status.st_mode & 0777, bytes, length);
	free(place);
	return done;
}

enum status write_file(const struct cli *cli, const char *path, const char *bytes, size_t length) {
	return write_there(path, bytes, length) ? STATUS_DONE :
		machine_error(cli, "cannot write '%s': %s", path, strerror(errno));
}
