/*
 * The comparison of two files, each a finished template or a service, which is compiled first.
 */
#ifndef SLSWS_DIFF_FILES_H
#define SLSWS_DIFF_FILES_H

#include "base/diag.h"
#include "diff/diff.h"
#include "host.h"
#include "options.h"

/* NULL after an error in either. What `aws cloudformation get-template` prints is taken for the template in it. */
struct diff *diff_files(struct arena *a, const struct options *before, const struct options *after,
	const struct slsws_host *host, struct diag *diag);

#endif
