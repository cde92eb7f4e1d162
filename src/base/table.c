#include "table.h"

#include <string.h>

void *table_get_text(const struct table *table, const char *key, size_t length) {
	const struct value *place = map_get_text(table->places, key, length);

	return place ? table->items[(size_t)place->number] : NULL;
}

void *table_get(const struct table *table, const char *key) {
	return table_get_text(table, key, strlen(key));
}

void table_set(struct arena *a, struct table *table, const char *key, void *item) {
	const struct value *place = map_get_text(table->places, key, strlen(key));

	if (place) {
		table->items[(size_t)place->number] = item;
		return;
	}
	if (table->count == table->capacity) {
		table->capacity = table->capacity ? table->capacity * 2 : 8;
		void **items = arena_array(a, void *, table->capacity);
		if (table->count) {
			memcpy(items, table->items, sizeof(*items) * table->count);
		}
		table->items = items;
	}
	table->places = table->places ? table->places : value_map(a);
	map_set(a, table->places, key, value_number(a, (double)table->count));
	table->items[table->count++] = item;
}
