/*
 * Resources against AWS's specification: their types and keys; their properties are resource_property.c's.
 *
 * A type that the table lacks is an error where it is clearly a misspelt one. It may also be younger than the
 * table, a module, or a type that someone else has registered.
 */
#include "resource.h"

#include "base/text.h"

check_fn check_resources;

/* --- types -------------------------------------------------------------------------------------------------- */

static bool is_prefix_of_other(const char *a, const char *b) {
	return text_starts(a, b) || text_starts(b, a);
}

/* Whether it is Organization::Service::Resource, perhaps with ::MODULE, each part of letters and digits. */
static bool is_type_name(const char *name) {
	size_t parts = 1, length = 0;

	for (const char *at = name; *at; at++) {
		bool plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9');

		if (at[0] == ':' && at[1] == ':' && length > 0) {
			parts++;
			at++;
			length = 0;
		} else if (plain) {
			length++;
		} else {
			return false;
		}
	}
	return length > 0 && (parts == 3 || (parts == 4 && text_ends(name, "::MODULE")));
}

/* Whether it may be a type that is newer than the table: a name with a V2 or an s more, not letters that changed places. */
static bool may_be_new(const char *type, const char *closest) {
	return is_type_name(type) && (!closest || is_prefix_of_other(closest, type));
}

/* All of a type at its first resource, as it takes a while to find what a name is most like. */
static void check_unknown_type(const struct check *c, const struct resource *first) {
	const char *closest = spec_type_closest(first->type);
	bool may_be = may_be_new(first->type, closest);

	for (const struct resource *r = first; r; r = r->next_of_type) {
		const struct value *type = map_get(r->value, "Type");
		struct diagnostic *d = may_be ?
			check_report(c, "R102", r, type, "the resource type '%s' is not in the specification of %s", r->type, spec_date()) :
			check_report(c, "R101", r, type, "there is no resource type '%s'", r->type);
		if (closest) {
			diag_help(d, "did you mean '%s'?", closest);
		}
	}
}

/* Types that somebody else has registered, modules, and those that a transform makes something of. */
static bool is_foreign(const char *type) {
	return text_starts(type, "Custom::") || text_starts(type, "AWS::Serverless::") ||
		(is_type_name(type) && (!text_starts(type, "AWS::") || text_ends(type, "::MODULE")));
}

static void check_type(const struct check *c, const struct resource *r) {
	const struct value *type = map_get(r->value, "Type");

	if (is_missing(type) || is_text(type, "")) {
		check_report(c, "R103", r, type, "the resource '%s' has no 'Type'", r->id);
	} else if (!is_string(type)) {
		check_report(c, "R103", r, type, "the type of '%s' is a %s, expected a string", r->id, value_kind_name(type));
	} else if (text_starts(r->type, "AWS::Serverless::") && !map_has(c->template, "Transform")) {
		struct diagnostic *d = check_report(c, "R106", r, type, "'%s' is not known without SAM's transform", r->type);
		diag_help(d, "add 'Transform: AWS::Serverless-2016-10-31' to the template");
	} else if (!spec_type_find(r->type) && !is_foreign(r->type) && check_first(c, r->type) == r) {
		check_unknown_type(c, r);
	}
}

/* --- keys of a resource --------------------------------------------------------------------------------------- */

struct resource_key {
	const char *name;
	const char *const *values;	/* NULL: others than texts of a list, or anything */
	enum value_kind kind;		/* VALUE_NULL: any */
};

static const char *const deletion_policies[] = { "Delete", "Retain", "RetainExceptOnCreate", "Snapshot", NULL };
static const char *const replace_policies[] = { "Delete", "Retain", "Snapshot", NULL };

static const struct resource_key resource_keys[] = {
	{ "Type", NULL, VALUE_NULL },
	{ "Properties", NULL, VALUE_MAP },
	{ "DependsOn", NULL, VALUE_NULL },
	{ "Condition", NULL, VALUE_STRING },
	{ "Metadata", NULL, VALUE_MAP },
	{ "Description", NULL, VALUE_STRING },		/* taken, though documented nowhere */
	{ "CreationPolicy", NULL, VALUE_MAP },
	{ "UpdatePolicy", NULL, VALUE_MAP },
	{ "DeletionPolicy", deletion_policies, VALUE_STRING },
	{ "UpdateReplacePolicy", replace_policies, VALUE_STRING },
	{ "Version", NULL, VALUE_NULL },		/* of a custom resource's type */
	{ NULL, NULL, VALUE_NULL },
};

static bool is_among(const char *const *words, const char *word) {
	for (; *words; words++) {
		if (strcmp(*words, word) == 0) {
			return true;
		}
	}
	return false;
}

static size_t word_count(const char *const *words) {
	size_t count = 0;

	while (words[count]) {
		count++;
	}
	return count;
}

static void report_unknown_key(const struct check *c, const struct resource *r, const struct entry *e) {
	const char *names[sizeof(resource_keys) / sizeof(*resource_keys)];
	size_t count = 0;

	for (const struct resource_key *key = resource_keys; key->name; key++) {
		names[count++] = key->name;
	}
	struct diagnostic *d = check_report_key(c, "R104", r, e, "a resource has no key '%s'", e->key);
	const char *closest = text_closest(e->key, names, count);
	if (closest) {
		diag_help(d, "did you mean '%s'?", closest);
	} else if (spec_property_find(spec_type_properties(spec_type_find(r->type)), e->key)) {
		diag_help(d, "'%s' is a property of %s: it belongs into 'Properties'", e->key, r->type);
	}
}

static void check_key_value(const struct check *c, const struct resource *r, const struct resource_key *key,
		const struct value *v) {
	if (is_map(v) && key->kind == VALUE_STRING) {
		return;		/* a function, which the transform AWS::LanguageExtensions allows */
	}
	if (key->kind != VALUE_NULL && v->kind != key->kind && !is_null(v)) {
		check_report(c, "R105", r, v, "'%s' of a resource is a %s, expected a %s", key->name, value_kind_name(v),
			key->kind == VALUE_MAP ? "map" : "string");
	} else if (key->values && is_string(v) && !is_among(key->values, v->text)) {
		struct diagnostic *d = check_report(c, "R105", r, v, "'%s' is '%s', expected %s", key->name, v->text,
			words_spell(c->arena, key->values, word_count(key->values)));
		const char *closest = text_closest(v->text, key->values, word_count(key->values));
		if (closest) {
			diag_help(d, "did you mean '%s'?", closest);
		}
	}
}

/* What keys SAM's resources have is up to the transform. */
static void check_keys(const struct check *c, const struct resource *r) {
	for (const struct entry *e = map_first(r->value); e; e = map_next(r->value, e)) {
		const struct resource_key *key = resource_keys;
		while (key->name && strcmp(key->name, e->key) != 0) {
			key++;
		}
		if (key->name) {
			check_key_value(c, r, key, e->value);
		} else if (!text_starts(e->key, "Fn::") && !text_starts(r->type, "AWS::Serverless::")) {
			report_unknown_key(c, r, e);
		}
	}
}

/* --- attributes ----------------------------------------------------------------------------------------------- */

/* What a module or a resource of someone else's gives is not known; what a macro may still change is not either. */
static void check_attribute(const struct check *c, const struct reference *reference) {
	const struct spec_type *type = reference->to && reference->attribute ? spec_type_find(reference->to->type) : NULL;

	if (!type || text_starts(reference->to->type, "AWS::Serverless::") ||
			spec_type_has_attribute(type, reference->attribute)) {
		return;
	}
	struct diagnostic *d = check_report(c, "R401", reference->from, reference->at, "%s has no attribute '%s'",
		reference->to->type, reference->attribute);
	const char *closest = diag_is_kept(d) ? spec_type_closest_attribute(c->arena, type, reference->attribute) : NULL;
	const char *ref = spec_type_ref(type);
	if (closest) {
		diag_help(d, "did you mean '%s'?", closest);
	} else if (ref && strcmp(ref, reference->attribute) == 0) {
		diag_help(d, "Ref gives the '%s' of '%s'", ref, reference->target);
	}
}

/* --- all ------------------------------------------------------------------------------------------------------ */

/* Transforms that leave the resources of others as they are; a macro may do anything. */
static bool is_harmless(const struct value *transform) {
	static const char *const names[] = {
		"AWS::Serverless-2016-10-31", "AWS::LanguageExtensions", "AWS::CodeDeployBlueGreen",
		"AWS::SecretsManager-2020-07-23", "AWS::SecretsManager-2024-09-16", NULL,
	};

	return is_string(transform) && is_among(names, transform->text);
}

static bool is_settled(const struct check *c) {
	const struct value *transform = map_get(c->template, "Transform");

	for (size_t i = 0; i < list_length(transform); i++) {
		if (!is_harmless(list_get(transform, i))) {
			return false;
		}
	}
	return !transform || is_list(transform) || is_harmless(transform);
}

void check_resources(const struct check *c) {
	struct walk w = { .check = c, .patterns = arena_array(c->arena, struct pattern *, spec_pattern_count()) };

	if (!is_settled(c)) {
		return;
	}
	for (size_t i = 0; i < c->resource_count; i++) {
		w.in = &c->resources[i];
		if (text_starts(w.in->id, "Fn::")) {
			continue;	/* Fn::Transform and Fn::ForEach make resources */
		}
		check_type(c, w.in);
		check_keys(c, w.in);
		check_properties(&w);
	}
	for (size_t i = 0; i < c->reference_count; i++) {
		if (c->references[i].kind == REFERENCE_GET_ATT || c->references[i].kind == REFERENCE_SUB) {
			check_attribute(c, &c->references[i]);
		}
	}
	for (size_t i = 0; i < spec_pattern_count(); i++) {
		pattern_destroy(w.patterns[i]);
	}
}
