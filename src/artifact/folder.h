/*
 * The folder that a deployment takes: beside the zips, which artifact.h has written by then, both templates, the state
 * and the zip of the custom resources. Everything is written through the host.
 */
#ifndef SLSWS_ARTIFACT_FOLDER_H
#define SLSWS_ARTIFACT_FOLDER_H

#include "base/text.h"
#include "service.h"

/*
 * Writes into options.artifact_folder, which is complete then unless there were errors. `update`: the template, `text`:
 * its bytes; `create`: the template that makes the bucket, or NULL when there is no need of it.
 */
void folder_write(const struct service *service, const struct value *update, const struct value *create,
		const struct text *text, struct diag *diag);

#endif
