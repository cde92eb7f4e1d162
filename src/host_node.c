/*
 * Node.js as a child process: a socket on its descriptor 3, its standard output on our standard error.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "host.h"

extern char **environ;

enum { MOST_MILLISECONDS = 8000, LAST_MILLISECONDS = 500, TALK = 3, TOO_LATE = 124 };

struct node {
	pid_t pid;
	int socket;
	long long deadline;
	bool ended, late;
	struct text received;
	size_t taken;		/* bytes of it that were handed out */
};

static long long now(void) {
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static int spawn(struct node *node, int theirs, const char *program, const char *folder) {
	char *argv[] = { (char *)"node", (char *)"-e", (char *)program, NULL };
	posix_spawn_file_actions_t actions;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, theirs, TALK);
	posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (*folder) {
		posix_spawn_file_actions_addchdir_np(&actions, folder);
	}
	int problem = posix_spawnp(&node->pid, "node", &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return problem;
}

void *host_node_start(void *data, const char *program, const char *folder) {
	struct node *node = calloc(1, sizeof(*node));
	int pair[2];

	(void)data;
	if (!node || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
		free(node);
		return NULL;
	}
	int problem = spawn(node, pair[1], program, folder);
	close(pair[1]);
	if (problem) {
		close(pair[0]);
		free(node);
		return NULL;
	}
	node->socket = pair[0];
	node->deadline = now() + MOST_MILLISECONDS;
	return node;
}

/* Waits until the socket can be read or written; false when time is over. */
static bool wait_for(struct node *node, short event) {
	for (;;) {
		long long left = node->deadline - now();
		struct pollfd fd = { node->socket, event, 0 };
		int ready = left > 0 ? poll(&fd, 1, (int)left) : 0;
		if (ready > 0) {
			return true;
		}
		if (ready == 0) {
			node->late = true;
			return false;
		}
		if (errno != EINTR) {
			return false;
		}
	}
}

static bool send_all(struct node *node, const char *bytes, size_t length) {
	while (length) {
		if (!wait_for(node, POLLOUT)) {
			return false;
		}
		ssize_t count = send(node->socket, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (count < 0 && errno != EINTR && errno != EAGAIN) {
			return false;
		}
		bytes += count > 0 ? count : 0;
		length -= count > 0 ? (size_t)count : 0;
	}
	return true;
}

int host_node_write(void *session, const char *line, size_t length) {
	return send_all(session, line, length) && send_all(session, "\n", 1) ? 0 : -1;
}

static bool receive(struct node *node) {
	enum { ROOM = 64 * 1024 };

	if (node->received.length > LARGEST_TEXT || !wait_for(node, POLLIN)) {
		return false;
	}
	ssize_t count = recv(node->socket, text_room(&node->received, ROOM), ROOM, 0);
	if (count < 0 && errno == EINTR) {
		return true;
	}
	node->ended = count <= 0;
	text_wrote(&node->received, count > 0 ? (size_t)count : 0);
	return count > 0;
}

char *host_node_read(void *session) {
	struct node *node = session;
	size_t searched = node->taken;

	for (;;) {
		char *bytes = node->received.bytes;
		char *newline = bytes ? memchr(bytes + searched, '\n', node->received.length - searched) : NULL;
		if (newline) {
			char *line = strndup(bytes + node->taken, (size_t)(newline - bytes) - node->taken);
			node->taken = (size_t)(newline - bytes) + 1;
			return line;
		}
		if (node->taken) {
			memmove(bytes, bytes + node->taken, node->received.length - node->taken);
			node->received.length -= node->taken;
			node->taken = 0;
		}
		searched = node->received.length;
		if (!receive(node)) {
			return NULL;
		}
	}
}

/* One that ended by itself has a status soon; any other is not waited for. */
static int collect(struct node *node) {
	int status = 0;
	long long until = now() + LAST_MILLISECONDS;

	while (node->ended && now() < until) {
		if (waitpid(node->pid, &status, WNOHANG) == node->pid) {
			return status;
		}
		nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
	}
	kill(node->pid, SIGKILL);
	while (waitpid(node->pid, &status, 0) < 0 && errno == EINTR) {
	}
	return status;
}

int host_node_stop(void *session) {
	struct node *node = session;
	int status = collect(node);
	bool late = node->late;

	close(node->socket);
	text_free(&node->received);
	free(node);
	return late ? TOO_LATE : WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
