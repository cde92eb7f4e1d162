/*
 * What checks look into: made once for all of them.
 */
#ifndef SLSWS_CHECK_CONTEXT_H
#define SLSWS_CHECK_CONTEXT_H

#include "check.h"

const struct check *check_context(struct arena *a, const struct source *source, const struct service *service,
		const struct value *template, struct diag *diag);

#endif
