/*
 * Which folders of node_modules are there for development alone: excludeDevDependencies, which is on by default.
 *
 * The reference asks npm, of each folder that has a package.json, what `npm ls --all` lists with and without development
 * dependencies, and leaves out what is in the first list alone. Here the installed tree is read as npm reads it: a
 * package is found in the nearest node_modules above, links are followed, what is installed but depended on by
 * nobody stays, and workspaces count as npm's. `npm ls` says what is installed, so lock files play no part.
 */
#ifndef SLSWS_ARTIFACT_DEV_DEPENDENCIES_H
#define SLSWS_ARTIFACT_DEV_DEPENDENCIES_H

#include "artifact/files.h"
#include "base/value.h"
#include "host.h"

/* The patterns that leave them out, a list of texts such as "node_modules/.bin/x", or a package's folder with two stars
   after it; relative to the folder of `files`, which are all files of a service. What cannot be read is not there. */
struct value *dev_dependencies(struct arena *a, const struct slsws_host *host, const struct files *files);

#endif
