/*
 * The pipeline: from a configuration file to the template.
 */
#ifndef SLSWS_COMPILE_H
#define SLSWS_COMPILE_H

#include "base/diag.h"
#include "base/value.h"
#include "host.h"
#include "options.h"
#include "service.h"

/* Each gives NULL after errors, which are in diag, and passes a NULL input on. */
const struct service *load_service(struct arena *a, const struct options *options, const struct slsws_host *host,
		struct diag *diag);
/* The same of a configuration that was read already. */
const struct service *load_config(struct arena *a, struct value *config, const struct options *options,
		const struct slsws_host *host, struct diag *diag);
/* Its first half: variables resolved and listed sections merged, in place. */
struct value *resolve_config(struct arena *a, struct value *config, const struct options *options,
		const struct slsws_host *host, struct diag *diag);
const struct value *compile(struct arena *a, const struct service *service, struct diag *diag);

/* The template of a first deployment, which makes the bucket alone; NULL where the user has one. */
const struct value *compile_core(struct arena *a, const struct service *service, struct diag *diag);

#endif
