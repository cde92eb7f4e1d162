/*
 * The files of schema/ as they are built in: schema/embed.py writes the table. One row for each file, "iam.json", and
 * for each of its definitions, "iam.json#/definitions/policy"; sorted by uri.
 */
#ifndef SLSWS_SCHEMA_EMBEDDED_H
#define SLSWS_SCHEMA_EMBEDDED_H

#include <stddef.h>

struct schema_text {
	const char *uri, *text;
	size_t length;
};

extern const struct schema_text schema_texts[];
extern const size_t schema_text_count;

#endif
