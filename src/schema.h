/*
 * The configuration against the files of schema/: plain JSON Schema draft-07, held by jansson and walked beside the value
 * tree, so that every complaint has its mark. Coerces in place as the reference's validator does ("15" to 15,
 * a scalar to a list of one ...).
 */
#ifndef SLSWS_SCHEMA_H
#define SLSWS_SCHEMA_H

#include "base/diag.h"
#include "base/value.h"

/* Checks a resolved configuration. Findings are warnings or, under configValidationMode: error, errors; off: none. */
void schema_check(struct arena *a, struct value *config, struct diag *diag);

/* A schema of one's own, from JSON text: what tests run the JSON Schema Test Suite with. No coercion. */
struct schema;
struct schema *schema_parse(struct arena *a, const char *json, size_t length, const char **problem);
void schema_destroy(struct schema *schema);
bool schema_valid(struct arena *a, struct schema *schema, const struct value *value);

#endif
