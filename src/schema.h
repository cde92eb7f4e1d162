/*
 * The configuration against the files of schema/: plain JSON Schema draft-07, held by jansson and walked beside the value
 * tree, so that every complaint has its mark. Coerces in place as the reference's validator does ("15" to 15,
 * a scalar to a list of one ...).
 */
#ifndef SLSWS_SCHEMA_H
#define SLSWS_SCHEMA_H

#include "base/diag.h"
#include "base/value.h"

/*
 * Checks a resolved configuration that service_prepare() has been over. Functions that are null are left out, null
 * entries end up last in their maps.
 * Findings are warnings or, under configValidationMode: error, errors; off: none. What the reference cannot
 * go on with is an error in any mode.
 */
void schema_check(struct arena *a, struct value *config, struct diag *diag);

/* A schema of one's own, from JSON text: what tests run the JSON Schema Test Suite with. No coercion; keywords
   that are not known say nothing. NULL with a *problem when the text is no JSON. */
struct schema;
struct schema *schema_parse(struct arena *a, const char *json, size_t length, const char **problem);
void schema_destroy(struct schema *schema);
bool schema_valid(struct arena *a, struct schema *schema, const struct value *value);

/* For the test that our own schemas are sound: the first fault (no JSON, a keyword that is not known), or NULL. */
const char *schema_problem(struct arena *a);

#endif
