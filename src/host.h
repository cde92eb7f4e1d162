/*
 * The world outside, as the stages see it: files, environment, Node.js. host_posix.c is the real one.
 */
#ifndef SLSWS_HOST_H
#define SLSWS_HOST_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/mark.h"
#include "slsws.h"

/* The largest text that is read as configuration, in bytes. */
enum { LARGEST_TEXT = 128 * 1024 * 1024 };
/* The largest file that is packed: Lambda takes a quarter of it. */
enum { LARGEST_PACKED = 1024 * 1024 * 1024 };

/* A host with every member filled in: those of `host` that are not NULL, the real world's for the rest. */
struct slsws_host host_complete(const struct slsws_host *host);

/* Reads a file into the arena as a source that is called `name` in messages. */
enum slsws_read host_read(const struct slsws_host *host, struct arena *a, const char *path, const char *name,
		const struct source **source);
/* "does not exist", "is not a regular file" ... */
const char *host_read_problem(enum slsws_read status);

/* The real Node.js, from PATH (host_node.c). */
void *host_node_start(void *data, const char *program, const char *folder);
int host_node_write(void *session, const char *line, size_t length);
char *host_node_read(void *session);
int host_node_stop(void *session);

#endif
