/*
 * What the template refers to is there.
 */
#include "check.h"

#include "base/text.h"

/* Whether a name is one that Ref and ${} can give without a resource. */
static bool is_known(const struct check *c, const char *name) {
	return text_starts(name, "AWS::") || check_has(c, "Parameters", name);
}

static const char *likely_target(const struct check *c, const char *name) {
	const struct value *parameters = map_get(c->template, "Parameters");
	const char **names = arena_array(c->arena, const char *, c->resource_count + (is_map(parameters) ? parameters->length : 0));
	size_t count = 0;

	for (size_t i = 0; i < c->resource_count; i++) {
		names[count++] = c->resources[i].id;
	}
	for (const struct entry *e = map_first(parameters); e; e = map_next(parameters, e)) {
		names[count++] = e->key;
	}
	return text_closest(name, names, count);
}

static void check_target(const struct check *c, const struct reference *r) {
	if (r->to || is_known(c, r->target)) {
		return;
	}
	struct diagnostic *d = check_report(c, "T001", r->from, r->at, "there is no resource or parameter '%s'", r->target);
	const char *likely = diag_is_kept(d) ? likely_target(c, r->target) : NULL;
	if (likely) {
		diag_help(d, "did you mean '%s'?", likely);
	}
}

check_fn check_references;

void check_references(const struct check *c) {
	for (size_t i = 0; i < c->reference_count && !c->transformed; i++) {
		const struct reference *r = &c->references[i];
		if (r->kind <= REFERENCE_SUB) {
			check_target(c, r);
		}
	}
}
