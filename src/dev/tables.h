/*
 * The template's DynamoDB tables, made in a DynamoDB on this machine.
 */
#ifndef SLSWS_DEV_TABLES_H
#define SLSWS_DEV_TABLES_H

#include "dev/intrinsics.h"

/* Creates each table that is not there yet; waits for the answers, a few seconds at most. What was made and what went wrong is
   said; false if a table could not be made. url: http://host:port */
bool tables_create(struct arena *a, const struct value *template, const struct locality *local, const char *url,
		void (*say)(void *data, const char *line), void *data);

#endif
