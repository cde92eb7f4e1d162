/*
 * The configuration file of a service, by its extension: YAML or JSON; what runs code is refused with advice.
 */
#ifndef SLSWS_READ_PROJECT_H
#define SLSWS_READ_PROJECT_H

#include "base/diag.h"
#include "base/value.h"
#include "host.h"
#include "options.h"

/* The configuration as it is written, a map; NULL after an error. */
struct value *read_project(struct arena *a, const struct options *options, const struct slsws_host *host,
		struct diag *diag);

/* The same for what may also be a finished template, whose name may be any: then it is what its text looks like. *source
   is the file, NULL if it cannot be read. */
struct value *read_project_or_template(struct arena *a, const struct options *options, const struct slsws_host *host,
		const struct source **source, struct diag *diag);

/* Whether a document is a template: a service has a name and a provider, and what is in a template begins with capitals. */
bool document_is_template(const struct value *document);

/* Any YAML or JSON document beside it, `path` relative to the service's folder; NULL after an error. */
struct value *read_document(struct arena *a, const struct source *source, struct diag *diag);

#endif
