/* Exports of the outputs that are generated; the user's own are merged later and get none. */
#include "core.h"

void compile_outputs(const struct service *service, struct template *t, struct diag *diag) {
	struct arena *a = t->arena;
	const char *start = arena_printf(a, "sls-%s-%s-", service->name, service->stage);
	(void)diag;

	for (const struct entry *e = map_first(t->outputs); e; e = map_next(t->outputs, e)) {
		map_set(a, e->value, "Export", MAP(a,
			{ "Name", value_printf(a, "%s%s", start, e->key) },
		));
	}
}
