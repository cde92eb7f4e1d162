/*
 * The programs that run in the workers, built in: bootstrap/embed.py makes the table of bootstrap/.
 */
#ifndef SLSWS_DEV_BOOTSTRAP_H
#define SLSWS_DEV_BOOTSTRAP_H

#include <stddef.h>

struct bootstrap {
	const char *file, *text;
};

extern const struct bootstrap bootstraps[];
extern const size_t bootstrap_count;

#endif
