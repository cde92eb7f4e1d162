/*
 * Whether code and configurations in a folder have changed, told by their names, sizes and times.
 *
 * What tools and editors write on the side is passed over: names that begin with a dot, node_modules, __pycache__. What is too
 * much to look at is not looked at: beyond MOST_WATCHED files changes are not seen.
 */
#ifndef SLSWS_DEV_WATCH_H
#define SLSWS_DEV_WATCH_H

#include <stdint.h>

enum { MOST_WATCHED = 5000, DEEPEST_WATCHED = 16 };

/* A number that is another when a file below the folder has changed, come or gone; "" is the current folder. */
uint64_t watch_fingerprint(const char *folder);

#endif
