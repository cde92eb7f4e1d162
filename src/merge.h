/*
 * Merging as the reference merges plain objects: maps deeply, lists by index, anything else replaced, null included.
 *
 * Nothing that is given is changed: values may be shared, so a map or list that gets something new is copied first and
 * the rest is shared with both. Keys that JavaScript gives a meaning of its own (__proto__, prototype, constructor) are
 * left out at every depth, as the reference does, with a warning.
 */
#ifndef SLSWS_MERGE_H
#define SLSWS_MERGE_H

#include "base/diag.h"
#include "base/value.h"

/* A new map of both; what is no map counts as an empty one. */
struct value *merge_maps(struct arena *a, const struct value *target, const struct value *source, struct diag *diag);

/* Merges `resources` and `functions` of a configuration, which may be lists of maps, into one map each, in place. */
void merge_listed_sections(struct arena *a, struct value *config, struct diag *diag);

/* What JavaScript's Object.entries() finds: a map's own entries, a list's or text's items under their indexes; none in
   other values. NULL for NULL and null. */
const struct value *value_entries(struct arena *a, const struct value *v);

#endif
