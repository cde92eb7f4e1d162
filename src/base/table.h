/*
 * A table from texts to pointers, in an arena: for what is looked up by name but is no value.
 *
 * Start from { 0 }. Keys are not copied; what is set again is replaced. NULL is a good citizen: it means "not there".
 */
#ifndef SLSWS_TABLE_H
#define SLSWS_TABLE_H

#include <stddef.h>

#include "arena.h"
#include "value.h"

struct table {
	struct value *places;		/* a map from a key to its place in items */
	void **items;
	size_t count, capacity;
};

void *table_get(const struct table *table, const char *key);
void *table_get_text(const struct table *table, const char *key, size_t length);
void table_set(struct arena *a, struct table *table, const char *key, void *item);

#endif
