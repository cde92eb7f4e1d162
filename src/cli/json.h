/*
 * What the reports in JSON share. Out of memory, cJSON leaves out what there is no room for.
 */
#ifndef SLSWS_CLI_JSON_H
#define SLSWS_CLI_JSON_H

#include <cJSON.h>

#include "format.h"

/* Adds {start: {line, column}, end: {line, column}} of a place, if there is one. */
void json_add_range(cJSON *to, unsigned line, unsigned column, unsigned end_column);
/* Prints it with a newline, and deletes it. */
void json_print(FILE *out, cJSON *json);

#endif
