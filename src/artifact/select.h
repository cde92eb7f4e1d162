/*
 * Which files go into an artifact: all below the service's folder but what is never packed, then `package.patterns`
 * in their order, of the service and of the function or layer: a pattern adds what it matches, with '!' it takes away.
 * `include` and `exclude`, which v3 still knows, stand before the patterns.
 *
 * Not here: the reference leaves out development dependencies, which it learns from npm.
 */
#ifndef SLSWS_ARTIFACT_SELECT_H
#define SLSWS_ARTIFACT_SELECT_H

#include "artifact/files.h"
#include "service.h"

struct selection;

/* The files of the whole service. It is made once; selection_destroy() gives back what patterns hold. */
struct selection *selection_create(const struct service *service);
/* The files of a layer's folder. */
struct selection *selection_of_layer(const struct service *service, const struct layer *layer);
void selection_destroy(struct selection *selection);

struct files *selection_files(const struct selection *selection);

/* Calls use() for each selected file in the order of paths; `package` is the function's own setting, or NULL. */
void selection_walk(const struct selection *selection, const struct value *package,
		void (*use)(void *context, struct file *file), void *context);

#endif
