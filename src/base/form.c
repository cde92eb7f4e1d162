#include "form.h"

#include <assert.h>

#define ONE(n) { .kind = VALUE_BLANK, .length = (n) }
#define FOUR(n) ONE(n), ONE((n) + 1), ONE((n) + 2), ONE((n) + 3)
#define SIXTEEN(n) FOUR(n), FOUR((n) + 4), FOUR((n) + 8), FOUR((n) + 12)

const struct value form_blanks[FORM_BLANKS] = { SIXTEEN(0), SIXTEEN(16), SIXTEEN(32), SIXTEEN(48) };

static void count_blanks(struct form *form, const struct value *v) {
	if (v->kind == VALUE_BLANK) {
		assert(v->length < FORM_BLANKS);
		form->blanks = v->length < form->blanks ? form->blanks : v->length + 1;
	}
	for (size_t i = 0; i < list_length(v); i++) {
		count_blanks(form, v->items[i]);
	}
	for (const struct entry *e = map_first(v); e; e = map_next(v, e)) {
		count_blanks(form, e->value);
	}
}

struct form *form_create(struct arena *a, const struct value *tree) {
	struct form *form = arena_new(a, struct form);

	form->arena = a;
	form->tree = tree;
	count_blanks(form, tree);
	for (const struct entry *e = map_first(tree); e; e = map_next(tree, e)) {
		if (e->value->kind == VALUE_BLANK) {
			assert(!(form->members & UINT64_C(1) << e->value->length));
			form->members |= UINT64_C(1) << e->value->length;
		}
	}
	return form;
}

/* Until it is written out, the map looks as if it had every key and had to be brought in order, which is where it is. */
struct value *form_fill(struct form *form, struct value *const *values, size_t count) {
	struct filled *f = arena_alloc(form->arena, sizeof(*f) + sizeof(*values) * form->blanks);
	struct value *map = value_map(form->arena);

	assert(count <= form->blanks);
	for (size_t i = 0; i < count; i++) {
		f->values[i] = values[i];
		f->given |= (uint64_t)(values[i] != NULL) << i;
	}
	f->form = form;
	f->map.filled = f->map.unordered = true;
	f->map.keys = UINT64_MAX;
	map->map = &f->map;
	map->length = form->tree->length - (uint32_t)__builtin_popcountll(form->members & ~f->given);
	return map;
}

struct value *form_fixed(struct arena *a, const struct value *tree) {
	return form_fill(form_create(a, tree), NULL, 0);
}
