/*
 * The plugins of a service. They are JavaScript and are not run; what is said about one depends on what it would have
 * done to the template: nothing (a debug remark), something (a warning that says what the template lacks), or nobody knows.
 */
#ifndef SLSWS_PLUGINS_H
#define SLSWS_PLUGINS_H

#include "base/diag.h"
#include "base/value.h"

/* Looks at `plugins` of a resolved configuration: a list of names, or a map {modules, localPath}. */
void plugins_check(struct arena *a, const struct value *config, struct diag *diag);

#endif
