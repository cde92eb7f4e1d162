/*
 * Where something was written.
 *
 * A source is one text that was read, a file or the like; it lives as long as the compilation, so that
 * a diagnostic can show its line. A mark is a place in a source: line and column count from 1, columns in
 * characters (code points). A mark whose source is NULL belongs to something that slsws made itself.
 */
#ifndef SLSWS_MARK_H
#define SLSWS_MARK_H

#include <stddef.h>
#include <stdint.h>

struct source {
	const char *name;		/* as the user would write it, relative to the service's folder */
	const char *text;		/* NULL when there is no text to show (an environment variable, a flag) */
	size_t length;
	struct lines *lines;		/* where its lines begin: diag.c's, made when a line is first shown */
};

struct mark {
	const struct source *source;
	uint32_t line, column;
};

#endif
