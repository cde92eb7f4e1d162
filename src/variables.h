/*
 * ${...}: parsed once into parts, resolved against the table of sources (sources.h) as the reference resolves them.
 */
#ifndef SLSWS_VARIABLES_H
#define SLSWS_VARIABLES_H

#include "base/diag.h"
#include "base/value.h"
#include "host.h"
#include "options.h"

/* Replaces all variables of a configuration in place and returns it; NULL when any could not be resolved (each was
   reported) or when config is NULL. */
struct value *variables_resolve(struct arena *a, struct value *config, const struct options *options,
		const struct slsws_host *host, struct diag *diag);

#endif
