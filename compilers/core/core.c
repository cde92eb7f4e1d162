#include "core.h"

struct value *tag_list(struct arena *a, const struct value *tags) {
	struct value *list = value_list(a);

	for (const struct entry *e = map_first(tags); e; e = map_next(tags, e)) {
		list_add(a, list, MAP(a,
			{ "Key", value_text(a, e->key, e->key_length) },
			{ "Value", e->value },
		));
	}
	return list;
}
