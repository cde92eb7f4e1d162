/*
 * Which files go into an artifact.
 *
 * All below the service's folder, then rules in their order, of which the last that matches a file decides: what is never
 * packed (.git, the configuration ...), then `package.patterns` of the service and of the function or layer, where a
 * pattern adds what it matches and with '!' takes it away, and at last the packages that only development needs.
 * `include` and `exclude`, which v3 still knows, stand before the patterns.
 *
 * The reference lists files by the same patterns before it goes through the rules, and its listing passes folders over: one
 * that a later '!' pattern matches is not gone into. So "!x" takes a whole folder x away, though no file in it matches. And
 * a pattern may lead out of the folder, "../x": such files are listed only where a pattern adds them.
 *
 * Links are followed, but not to a folder above; the reference goes round until the system stops it.
 */
#ifndef SLSWS_ARTIFACT_SELECT_H
#define SLSWS_ARTIFACT_SELECT_H

#include "artifact/files.h"
#include "service.h"

struct selection;

/* The files of the whole service. It is made once; selection_destroy() gives back what patterns hold. */
struct selection *selection_create(const struct service *service);
/* The files of a layer's folder. */
struct selection *selection_of_layer(const struct service *service, const struct selection *whole,
		const struct layer *layer);
void selection_destroy(struct selection *selection);

struct files *selection_files(const struct selection *selection);

/* Calls use() for each selected file in the order of paths; `package` is the function's own setting, or NULL. */
void selection_walk(const struct selection *selection, const struct value *package,
		void (*use)(void *context, struct file *file), void *context);

#endif
