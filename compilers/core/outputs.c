/* Exports of the outputs that are generated; the user's own are merged later and get none. */
#include "core.h"

struct value *output_export_name(const struct service *service, const char *id, struct arena *a) {
	return value_printf(a, "sls-%s-%s-%s", service->name, service->stage, id);
}

void compile_outputs(const struct service *service, struct template *t, struct diag *diag) {
	struct arena *a = t->arena;
	(void)diag;

	for (const struct entry *e = map_first(t->outputs); e; e = map_next(t->outputs, e)) {
		if (!map_has(form_of(e->value), "Export")) {
			map_set(a, e->value, "Export", MAP(a, { "Name", output_export_name(service, e->key, a) }));
		}
	}
}
