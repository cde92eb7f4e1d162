/*
 * The passes: each adds one kind of resource to the template. A pass is one function in one file and one row of the
 * table in compilers.c, whose order is the template's.
 */
#ifndef SLSWS_COMPILERS_H
#define SLSWS_COMPILERS_H

#include "base/diag.h"
#include "base/names.h"
#include "service.h"
#include "template.h"

typedef void compile_fn(const struct service *service, struct template *t, struct diag *diag);

compile_fn compile_deployment_bucket;
compile_fn compile_resources;

/* Runs all passes. */
void compile_all(const struct service *service, struct template *t, struct diag *diag);

#endif
