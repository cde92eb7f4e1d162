/*
 * Artifacts: the zips that a deployment uploads, of functions and layers, and their digests.
 *
 * A zip that the configuration names (package.artifact) is taken as it is. All others are made here, of the files that
 * select.h chooses: each once, when somebody asks for it, whose bytes are written into options.artifact_folder or, without
 * one, nowhere. Faults are reported when a zip is made.
 */
#ifndef SLSWS_ARTIFACT_ARTIFACT_H
#define SLSWS_ARTIFACT_ARTIFACT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "service.h"

struct artifacts;

struct artifact {
	const char *name;	/* base name of the zip, as in its S3 key: "chat.zip" */
	const char *path;	/* where it is: a given one as configured; NULL: nowhere, or on S3 alone */
	bool given;
	const char *digest;	/* SHA-256 of its bytes in base64; NO_CODE_DIGEST with options.no_code */
	uint64_t size;		/* its bytes; 0: it was not read */
	uint64_t unpacked;	/* bytes of what is in it; 0: not known */
};

/* 32 zero bytes in base64. */
#define NO_CODE_DIGEST "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

struct artifacts *artifacts_create(struct arena *a);
/* Gives back what is held outside the arena: to be called after artifact_folder(), which makes all zips that will be needed. */
void artifacts_finish(const struct service *service);

/* The zip of a function that is no image; several functions may have the same one. Never NULL. */
const struct artifact *artifact_of_function(const struct service *service, const struct function *function,
		struct diag *diag);
const struct artifact *artifact_of_layer(const struct service *service, const struct layer *layer, struct diag *diag);
/* A zip of a text that is in the program: `file` is its name in the zip. */
const struct artifact *artifact_of_text(const struct service *service, const char *name, const char *file,
		const struct text *content, struct diag *diag);

/* A SHA-1, in hexadecimal, of a text and the bytes of a layer's zip after it; of one that is made, its digest after it. */
const char *layer_hash(const struct service *service, const struct layer *layer, const struct text *before,
		struct diag *diag);

/*
 * The folder of all artifacts below the deployment prefix, service and stage.
 *
 * With SOURCE_DATE_EPOCH (seconds), else options.time, it is what the reference makes of that time:
 * "<milliseconds>-<ISO date>". Without, it is "content-" and a hash of the content: of the artifacts' digests where a version
 * or a layer needs them, else of the configuration. The reference's clean-up of old deployments takes folders that begin with
 * milliseconds and a date for deployments and orders them by name; a folder named by a hash is none to it, so it is never
 * counted, never deleted, and cannot put the order of others out.
 *
 * All zips are made here that a version, a layer or options.artifact_folder needs; others are not, and given ones are only
 * looked for.
 */
const char *artifact_folder(const struct service *service, struct diag *diag);

#endif
