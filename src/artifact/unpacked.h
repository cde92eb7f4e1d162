/*
 * Whether what is in a zip is more than Lambda unpacks, which a deployment would be told at its end.
 */
#ifndef SLSWS_ARTIFACT_UNPACKED_H
#define SLSWS_ARTIFACT_UNPACKED_H

#include "artifact/pack.h"

/* Warns, with the folders that have the most in them: packages of node_modules, else the outermost. */
void unpacked_check(struct arena *a, const char *zip, const struct pack_item *items, size_t count, struct diag *diag);

#endif
