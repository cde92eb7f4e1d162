/*
 * The code of the functions behind custom resources, as it is built in: custom-resources/embed.py writes the table, sorted by
 * name. All of it goes into custom-resources.zip, whichever resource needs it.
 */
#ifndef SLSWS_ARTIFACT_CUSTOM_CODE_H
#define SLSWS_ARTIFACT_CUSTOM_CODE_H

#include <stddef.h>

struct custom_file {
	const char *name;		/* in the zip: "api-gateway-cloud-watch-role/handler.js" */
	const char *text;
	size_t length;
};

extern const struct custom_file custom_files[];
extern const size_t custom_file_count;

#endif
