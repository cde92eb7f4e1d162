/*
 * The other pipeline: a file is a service or a finished template, and is checked.
 */
#ifndef SLSWS_VALIDATE_H
#define SLSWS_VALIDATE_H

#include "base/diag.h"
#include "host.h"
#include "options.h"

/* Reports all that is found in the file of `options`. What it is shows in what is in it, not in its name. */
void validate(struct arena *a, const struct options *options, const struct slsws_host *host, struct diag *diag);

#endif
