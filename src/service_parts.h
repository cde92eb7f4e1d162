/*
 * What the files that read the service share; for them alone.
 */
#ifndef SLSWS_SERVICE_PARTS_H
#define SLSWS_SERVICE_PARTS_H

#include "service.h"

/* JavaScript's first || second, whatever second is. */
const struct value *js_or(const struct value *first, const struct value *second);
/* Object.assign({}, below, above). */
const struct value *js_assign(struct arena *a, const struct value *below, const struct value *above);
/* A role that somebody else makes: a name or an ARN, or an intrinsic function (any key with a "::"). */
bool is_existing_role(const struct value *role);
/* The place of a key in a map, else that of the map. */
struct mark mark_of(const struct value *map, const char *key);

void read_functions(struct service *service, struct diag *diag);
void read_layers(struct service *service, struct diag *diag);
/* The image of a function; NULL after an error. */
const struct image *read_image(const struct service *service, const struct function *function, struct diag *diag);
/* The rules of durable functions. */
void check_durable(const struct function *function, struct diag *diag);
void check_framework_version(const struct value *config, struct diag *diag);
/* Warnings about settings that the next major version of the reference will not know. */
void report_deprecations(const struct value *config, const struct slsws_host *host, struct diag *diag);

#endif
