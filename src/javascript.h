/*
 * Configuration written in JavaScript: ${file(x.js):a}. One Node.js serves a compilation; it is started at the first such
 * file, and what it yields is JSON.
 *
 * Each line between the two is a JSON map. To Node.js: {request, file, address, options} asks for a value,
 * {answer, value} and {answer, failed} answer its calls. From it: {reply, value}, {reply, missing},
 * {reply, error, line, column}, {reply, failed} and {call, kind, argument}, where kind is "variable", "property" or "text": the functions of a file may ask
 * for variables while their own value is waited for.
 */
#ifndef SLSWS_JAVASCRIPT_H
#define SLSWS_JAVASCRIPT_H

#include "resolver.h"

/* The value that a file yields, or that is found in it at the call's address. MISSING if there is no such file. `path` is its
   name for messages and for the host, `file` the same from the service's folder. */
enum outcome javascript_value(struct resolver *r, struct call *call, const char *path, const char *file,
		struct value **value);

/* Ends the Node.js, if there is one. */
void javascript_stop(struct resolver *r);

#endif
