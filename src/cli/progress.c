#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"

enum { FIRST = 400, BETWEEN = 100 };	/* milliseconds: what is quick needs no line */

static long long now(void) {
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

bool progress_begin(const struct cli *cli, struct progress *progress) {
	*progress = (struct progress){ .next = now() + FIRST };
	return cli_shows(cli, SLSWS_INFO) && isatty(STDERR_FILENO);
}

void progress_show(void *data, const char *zip, unsigned long long done, unsigned long long total) {
	struct progress *progress = data;
	const char *slash = strrchr(zip, '/');
	long long time = now();

	if (time >= progress->next) {
		fprintf(stderr, "\r\033[Kpacking %s: %llu%%", slash ? slash + 1 : zip, total ? done * 100 / total : 100);
		progress->next = time + BETWEEN;
		progress->shown = true;
	}
}

void progress_finish(struct progress *progress) {
	if (progress->shown) {
		fputs("\r\033[K", stderr);
		progress->shown = false;
	}
}
