/*
 * Digests of artifacts: what stands for the bytes of a zip that is not made.
 *
 * A zip that the configuration names (package.artifact) has the SHA-256 of its own bytes, which is what AWS and the
 * reference see. For all others it is a SHA-256 over the files that would be packed, sorted by path: path, whether it may be
 * executed, content. It depends on nothing else: not on the order of listing, times or the locale.
 */
#ifndef SLSWS_ARTIFACT_DIGEST_H
#define SLSWS_ARTIFACT_DIGEST_H

#include "base/text.h"
#include "service.h"

struct artifacts;

struct artifacts *artifacts_create(struct arena *a);
/* Gives back what is held outside the arena: to be called after artifact_folder(), which works out all digests that a
   version or a layer needs. */
void artifacts_finish(const struct service *service);

/* The digest of a function's zip in base64; each artifact is read once. Never NULL: faults are reported. */
const char *artifact_digest(const struct service *service, const struct function *function, struct diag *diag);
/* Likewise of a layer's zip; and a SHA-1, in hexadecimal, of a text and that zip's bytes or digest after it. */
const char *layer_digest(const struct service *service, const struct layer *layer, struct diag *diag);
const char *layer_hash(const struct service *service, const struct layer *layer, const struct text *before,
		struct diag *diag);

/*
 * The folder of all artifacts below the deployment prefix, service and stage.
 *
 * With SOURCE_DATE_EPOCH (seconds) it is what the reference makes of that time: "<milliseconds>-<ISO date>". Without,
 * it is "content-" and a hash of the content: of the artifacts' digests where a version or a layer needs them, else of the
 * configuration. The reference's clean-up of old deployments takes folders that begin with milliseconds and
 * a date for deployments and orders them by name; a folder named by a hash is none to it, so it is never counted, never
 * deleted, and cannot put the order of others out.
 *
 * Artifacts that no version needs are not read, only looked for.
 */
const char *artifact_folder(const struct service *service, struct diag *diag);

#endif
