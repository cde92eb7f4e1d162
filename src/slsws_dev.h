/*
 * slsws dev for the command line: the gateway as one call. Not installed.
 */
#ifndef SLSWS_DEV_H
#define SLSWS_DEV_H

#include <stddef.h>

#include "slsws.h"

struct slsws_dev_options {
	const struct slsws_options *options;	/* for the compilation; `stage` and `param` are for templates too */
	int port;				/* 0: any */
	const char *host;			/* an address to listen on besides loopback; NULL: none */
	double idle, age, integration;		/* limits in seconds; 0: AWS's */
	size_t message, frame;			/* limits in bytes; 0: AWS's */
	int unsigned_calls;			/* @connections without an Authorization header */
	const char *const *origins;		/* pages that may connect, NULL at the end; or NULL */
	const char *node, *python;		/* interpreters; NULL: those on the PATH */
	const struct slsws_option *environment;	/* variables for the handlers */
	size_t environment_count;
	const char *create_tables;		/* the DynamoDB in which the template's tables are made; NULL: they are not */
	int colour;
	/* A finding of a severity, formatted, or what a handler printed, or a line of the gateway's own. */
	void (*finding)(void *data, enum slsws_severity severity, const char *text);
	void (*log)(void *data, const char *function, const char *request, const char *line, size_t length);
	void (*say)(void *data, const char *line);
	void *data;
};

enum slsws_dev_status { SLSWS_DEV_DONE = 0, SLSWS_DEV_FINDINGS = 1, SLSWS_DEV_FAILED = 3 };

/* Serves the API of a service or a template until SIGINT or SIGTERM. */
enum slsws_dev_status slsws_dev(const char *path, const struct slsws_dev_options *options);

#endif
