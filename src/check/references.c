/*
 * What the template refers to is there, and what is there is used.
 */
#include "check.h"

#include <string.h>

#include "base/text.h"

static const struct value *section(const struct check *c, const char *name) {
	return map_get(c->template, name);
}

/* --- what is missing -------------------------------------------------------------------------------------------- */

static bool is_pseudo_parameter(const char *name) {
	static const char *const names[] = {
		"AccountId", "NoValue", "NotificationARNs", "Partition", "Region", "StackId", "StackName", "URLSuffix",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (text_starts(name, "AWS::") && strcmp(name + strlen("AWS::"), names[i]) == 0) {
			return true;
		}
	}
	return false;
}

static void check_target(const struct check *c, const struct reference *r) {
	bool attribute = r->kind == REFERENCE_GET_ATT || r->attribute;

	if (check_has(c, "Resources", r->target) || (!attribute && check_has(c, "Parameters", r->target))) {
		return;
	}
	if (is_pseudo_parameter(r->target) || check_may_come(c, r->target)) {
		return;
	}
	struct diagnostic *d = c->plugins ?
		check_report(c, "T007", r->from, r->at, "there is no resource%s '%s', unless a plugin or another event makes one",
			attribute ? "" : " or parameter", r->target) :
		check_report(c, "T001", r->from, r->at, "there is no resource%s '%s'", attribute ? "" : " or parameter", r->target);
	check_suggest(c, d, r->target, section(c, "Resources"), attribute ? NULL : section(c, "Parameters"));
}

static void check_depends_on(const struct check *c, const struct reference *r) {
	if (check_has(c, "Resources", r->target) || check_may_come(c, r->target)) {
		return;
	}
	struct diagnostic *d = c->plugins ?
		check_report(c, "T007", r->from, r->at, "'DependsOn' names '%s', which is no resource unless a plugin or another event makes "
			"one",
			r->target) :
		check_report(c, "T002", r->from, r->at, "'DependsOn' names '%s', which is no resource", r->target);
	check_suggest(c, d, r->target, section(c, "Resources"), NULL);
}

static void check_named(const struct check *c, const struct reference *r, const char *code, const char *in,
		const char *what) {
	if (check_has(c, in, r->target) || c->transformed) {
		return;
	}
	struct diagnostic *d = check_report(c, code, r->from, r->at, "there is no %s '%s' in '%s'", what, r->target, in);
	check_suggest(c, d, r->target, section(c, in), NULL);
}

static void check_reference(const struct check *c, const struct reference *r) {
	switch (r->kind) {
	case REFERENCE_REF:
	case REFERENCE_GET_ATT:
	case REFERENCE_SUB:
		check_target(c, r);
		break;
	case REFERENCE_DEPENDS_ON:
		check_depends_on(c, r);
		break;
	case REFERENCE_CONDITION:
		check_named(c, r, "T003", "Conditions", "condition");
		break;
	case REFERENCE_MAPPING:
		check_named(c, r, "T004", "Mappings", "mapping");
		break;
	}
}

/* --- what is not needed ----------------------------------------------------------------------------------------- */

/* Reports the keys of a section that are not in `used`. */
static void report_unused(const struct check *c, const char *code, const char *in, const char *what,
		const struct value *used) {
	const struct value *map = section(c, in);

	for (const struct entry *e = map_first(map); e; e = map_next(map, e)) {
		if (!map_has(used, e->key)) {
			check_report_key(c, code, NULL, e, "%s '%s' is not used", what, e->key);
		}
	}
}

/* Rules have functions of their own that name parameters: any text in them counts. */
static void use_texts(const struct check *c, struct value *used, const struct value *v) {
	if (is_string(v)) {
		map_set(c->arena, used, v->text, (struct value *)v);
	}
	for (const struct entry *e = map_first(v); e; e = map_next(v, e)) {
		use_texts(c, used, e->value);
	}
	for (size_t i = 0; i < list_length(v); i++) {
		use_texts(c, used, list_get(v, i));
	}
}

static void check_unused(const struct check *c) {
	struct value *names = value_map(c->arena), *conditions = value_map(c->arena), *mappings = value_map(c->arena);

	if (c->transformed) {
		return;
	}
	for (size_t i = 0; i < c->reference_count; i++) {
		const struct reference *r = &c->references[i];
		struct value *used = r->kind == REFERENCE_CONDITION ? conditions : r->kind == REFERENCE_MAPPING ? mappings : names;
		map_set(c->arena, used, r->target, (struct value *)r->at);
	}
	use_texts(c, names, section(c, "Rules"));
	use_texts(c, names, section(c, "Globals"));
	report_unused(c, "T060", "Parameters", "parameter", names);
	report_unused(c, "T061", "Conditions", "condition", conditions);
	report_unused(c, "T062", "Mappings", "mapping", mappings);
}

/* What a resource refers to is made before it anyway. What slsws made itself is as the reference makes it. */
static void check_needless(const struct check *c) {
	const struct resource **users = arena_array(c->arena, const struct resource *, c->resource_count);
	size_t first = 0;

	for (size_t i = 0; i < c->reference_count; i++) {
		const struct reference *r = &c->references[i];
		if (r->sure && r->to && r->kind != REFERENCE_DEPENDS_ON) {
			users[r->to->number] = r->from;
		}
		bool last = i + 1 == c->reference_count || c->references[i + 1].from != r->from;
		for (; last && first <= i; first++) {
			const struct reference *d = &c->references[first];
			if (d->kind == REFERENCE_DEPENDS_ON && d->to && d->at->mark.source && users[d->to->number] == d->from) {
				check_report(c, "T063", d->from, d->at, "'%s' refers to '%s' already, so it need not depend on it",
					d->from->id, d->target);
			}
		}
	}
}

check_fn check_references;

void check_references(const struct check *c) {
	for (size_t i = 0; i < c->reference_count; i++) {
		check_reference(c, &c->references[i]);
	}
	check_unused(c);
	check_needless(c);
}
