/*
 * The file of the command line as a template: a service is compiled, a template of another tool is taken as it is.
 */
#ifndef SLSWS_DEV_SOURCE_H
#define SLSWS_DEV_SOURCE_H

#include "base/diag.h"
#include "base/value.h"
#include "dev/intrinsics.h"
#include "options.h"

struct template_source {
	const struct value *template;	/* NULL after an error */
	const char *code;		/* the service's folder; NULL: no service was compiled */
	struct locality local;		/* all but the domain */
};

struct template_source source_read(struct arena *a, const struct options *options, struct diag *diag);

#endif
