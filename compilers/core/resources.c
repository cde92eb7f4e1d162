/*
 * The user's own: `resources` merged over the whole template, then its `extensions`, then nulls are taken out of all
 * Properties. Values of the template may be shared between resources, so whatever changes is copied first.
 */
#include <string.h>

#include "base/text.h"
#include "compilers.h"
#include "merge.h"

enum { SUGGESTIONS = 20 };	/* looking for a likeness costs as much as there are resources */

/* --- merging ------------------------------------------------------------------------------------------------- */

/* What is merged into the template: an empty Resources or Outputs counts as not there, extensions come later. */
static struct value *sections(const struct service *service, struct arena *a) {
	struct value *own = value_shallow_copy(a, service->resources);

	if (!is_truthy(map_get(own, "Resources"))) {
		map_remove(own, "Resources");
	}
	if (!is_truthy(map_get(own, "Outputs"))) {
		map_remove(own, "Outputs");
	}
	if (is_truthy(map_get(own, "extensions"))) {
		map_remove(own, "extensions");
	}
	return own;
}

/* Whether the reference gives a resource a DependsOn that is undefined: none, but its place is kept. */
static bool keeps_place(const struct service *service, const struct value *resource) {
	const struct value *type = map_get(resource, "Type"), *name = map_get(map_get(resource, "Properties"), "Name");

	if (map_has(resource, "DependsOn")) {
		return false;
	}
	return is_text(type, "AWS::ApiGatewayV2::Integration") ||
		(is_text(type, "AWS::ApiGatewayV2::Authorizer") && service_function(service, name->text));
}

/* Gives such resources an empty DependsOn behind their type where the user's own `overrides` will fill it. */
static void keep_places(const struct service *service, struct template *t, const struct value *overrides) {
	struct arena *a = t->arena;

	for (const struct entry *e = map_first(overrides); e; e = map_next(overrides, e)) {
		const struct value *resource = map_get_text(t->resources, e->key, e->key_length);
		if (!map_has(e->value, "DependsOn") || !keeps_place(service, resource)) {
			continue;
		}
		map_set_entry(a, t->resources, e->key, e->key_length, e->mark, MAP(a,
			{ "Type", map_get(resource, "Type") },
			{ "DependsOn", value_null(a) },
			{ "Properties", map_get(resource, "Properties") },
		));
	}
}

static bool merge_resources(const struct service *service, struct template *t, struct diag *diag) {
	struct value *own;

	if (!is_map(service->resources)) {
		diag_origin(diag_error(diag, "C350", service->resources->mark, "'resources' is a %s, expected a map",
			value_kind_name(service->resources)), service->resources);
		return false;
	}
	own = sections(service, t->arena);
	const struct value *resources = map_get(own, "Resources");
	if (resources && !is_map(resources)) {
		diag_origin(diag_error(diag, "C352", resources->mark, "'Resources' is a %s, expected a map",
			value_kind_name(resources)), resources);
		return false;
	}
	keep_places(service, t, resources);
	keep_places(service, t, map_get(service->resources, "extensions"));
	t->root = merge_maps(t->arena, t->root, own, diag);
	t->resources = map_get(t->root, "Resources");
	t->outputs = map_get(t->root, "Outputs");
	return true;
}

/* --- extensions ---------------------------------------------------------------------------------------------- */

/* Changes an attribute of a resource that is nobody else's; false when the value is not what it takes. */
typedef bool extend_fn(struct arena *a, struct value *resource, const char *attribute, struct value *value);

static bool replace(struct arena *a, struct value *resource, const char *attribute, struct value *value) {
	map_set(a, resource, attribute, value);
	return true;
}

/* Shallow: a key that is written replaces the generated one with all that is in it. */
static bool assign(struct arena *a, struct value *resource, const char *attribute, struct value *value) {
	const struct value *own = map_get(resource, attribute), *entries = value_entries(a, value);

	if (is_truthy(own) && !is_map(own)) {
		return false;
	}
	struct value *all = is_map(own) ? value_shallow_copy(a, own) : value_map(a);
	for (const struct entry *e = map_first(entries); e; e = map_next(entries, e)) {
		map_set_entry(a, all, e->key, e->key_length, e->mark, e->value);
	}
	map_set(a, resource, attribute, all);
	return true;
}

static bool append(struct arena *a, struct value *resource, const char *attribute, struct value *value) {
	struct value *own = map_get(resource, attribute), *all;

	if (!is_list(value) || (is_truthy(own) && !is_string(own) && !is_list(own))) {
		return false;
	}
	all = is_list(own) ? value_shallow_copy(a, own) : is_truthy(own) ? LIST(a, own) : value_list(a);
	for (size_t i = 0; i < value->length; i++) {
		list_add(a, all, value->items[i]);
	}
	map_set(a, resource, attribute, all);
	return true;
}

struct attribute {
	const char *name;
	extend_fn *extend;
	const char *expected;
};

static const struct attribute attributes[] = {
	{ "Condition", replace, NULL },
	{ "CreationPolicy", replace, NULL },
	{ "DeletionPolicy", replace, NULL },
	{ "DependsOn", append, "a list" },
	{ "Metadata", assign, "a map over a map" },
	{ "Properties", assign, "a map over a map" },
	{ "UpdatePolicy", replace, NULL },
	{ "UpdateReplacePolicy", replace, NULL },
};

enum { ATTRIBUTES = sizeof(attributes) / sizeof(*attributes) };

static const struct attribute *attribute_of(const struct entry *e, const char *resource, struct diag *diag) {
	const char *names[ATTRIBUTES];

	for (size_t i = 0; i < ATTRIBUTES; i++) {
		names[i] = attributes[i].name;
		if (strcmp(e->key, names[i]) == 0) {
			return &attributes[i];
		}
	}
	struct diagnostic *d = diag_error(diag, "C355", e->mark, "cannot extend '%s' of resource '%s'", e->key, resource);
	const char *closest = text_closest(e->key, names, ATTRIBUTES);
	if (closest) {
		diag_help(d, "did you mean '%s'?", closest);
	} else {
		diag_help(d, "write the resource under 'resources.Resources' to merge any attribute into it");
	}
	return NULL;
}

static void extend(struct template *t, const struct entry *extension, struct diag *diag) {
	const struct value *own = map_get_text(t->resources, extension->key, extension->key_length);
	const struct value *entries = value_entries(t->arena, extension->value);

	if (own && !is_map(own)) {
		diag_note(diag_error(diag, "C356", extension->mark, "cannot extend '%s', which is a %s", extension->key,
			value_kind_name(own)), own->mark, "the resource is here");
		return;
	}
	struct value *resource = own ? value_shallow_copy(t->arena, own) : NULL;
	for (const struct entry *e = map_first(entries); e; e = map_next(entries, e)) {
		const struct attribute *attribute = attribute_of(e, extension->key, diag);
		if (attribute && !attribute->extend(t->arena, resource, attribute->name, e->value)) {
			diag_origin(diag_error(diag, "C356", e->mark, "cannot extend '%s' of resource '%s' by %s%s, expected %s",
				e->key, extension->key, is_null(e->value) ? "" : "a ", value_kind_name(e->value),
				attribute->expected), e->value);
		}
	}
	map_set_entry(t->arena, t->resources, extension->key, extension->key_length, extension->mark, resource);
}

static void report_missing(const struct service *service, const struct template *t, const struct entry *extension,
		struct diag *diag) {
	struct diagnostic *d = diag_add(diag, service->partial ? SEVERITY_WARNING : SEVERITY_ERROR, "C354", extension->mark,
		"cannot extend '%s', no such resource", extension->key);
	size_t count = 0;

	if (diag->errors > SUGGESTIONS) {
		return;
	}
	const char **ids = arena_array(t->arena, const char *, t->resources->length);
	for (const struct entry *e = map_first(t->resources); e; e = map_next(t->resources, e)) {
		ids[count++] = e->key;
	}
	const char *closest = text_closest(extension->key, ids, count);
	if (closest) {
		diag_help(d, "did you mean '%s'?", closest);
	}
}

static void extend_resources(const struct service *service, struct template *t, struct diag *diag) {
	const struct value *extensions = map_get(service->resources, "extensions");

	if (list_length(extensions) || (is_string(extensions) && extensions->length)) {
		diag_origin(diag_error(diag, "C356", extensions->mark, "'extensions' is a %s, expected a map",
			value_kind_name(extensions)), extensions);
	}
	for (const struct entry *e = map_first(extensions); e; e = map_next(extensions, e)) {
		const struct value *entries = value_entries(t->arena, e->value);
		if (is_null(e->value)) {
			diag_error(diag, "C356", e->mark, "extension of resource '%s' is empty", e->key);
		} else if (map_first(entries) && !map_find_text(t->resources, e->key, e->key_length)) {
			report_missing(service, t, e, diag);
		} else {
			extend(t, e, diag);
		}
	}
}

/* --- nulls --------------------------------------------------------------------------------------------------- */

static struct value *without_nulls(struct arena *a, struct value *v);

/* Nulls of lists stay: taken out, they would be holes, which JSON spells as null again. */
static struct value *list_without_nulls(struct arena *a, struct value *list) {
	struct value *copy = NULL;

	for (size_t i = 0; i < list->length; i++) {
		struct value *item = without_nulls(a, list->items[i]);
		if (item != list->items[i]) {
			copy = copy ? copy : value_shallow_copy(a, list);
			copy->items[i] = item;
		}
	}
	return copy ? copy : list;
}

static struct value *map_without_nulls(struct arena *a, struct value *map) {
	struct value *copy = NULL;

	for (const struct entry *e = map_first(map); e; e = map_next(map, e)) {
		struct value *item = is_null(e->value) ? NULL : without_nulls(a, e->value);
		if (item != e->value && !copy) {
			copy = value_map(a);
			for (const struct entry *k = map_first(map); k != e; k = map_next(map, k)) {
				map_set_entry(a, copy, k->key, k->key_length, k->mark, k->value);
			}
		}
		if (copy) {
			map_set_entry(a, copy, e->key, e->key_length, e->mark, item);
		}
	}
	return copy ? copy : map;
}

/* The value itself when there is nothing to take out. */
static struct value *without_nulls(struct arena *a, struct value *v) {
	return is_map(v) ? map_without_nulls(a, v) : is_list(v) ? list_without_nulls(a, v) : v;
}

static bool has_null(const struct value *v) {
	switch (v->kind) {
	case VALUE_NULL:
		return true;
	case VALUE_LIST:
		for (size_t i = 0; i < v->length; i++) {
			if (has_null(v->items[i])) {
				return true;
			}
		}
		return false;
	case VALUE_MAP:
		for (const struct entry *e = map_first(v); e; e = map_next(v, e)) {
			if (e->value->kind != VALUE_STRING && has_null(e->value)) {
				return true;
			}
		}
		return false;
	default:
		return false;
	}
}

/* `nulls`: there are some, somewhere. Else what was made from a form need not be written out, as forms have Properties. */
static void strip(struct template *t, const struct entry *resource, bool nulls, struct diag *diag) {
	struct arena *a = t->arena;
	struct value *properties = map_get(nulls ? resource->value : form_of(resource->value), "Properties"), *rest, *copy;

	if (is_null(resource->value)) {
		struct diagnostic *d = diag_error(diag, "C353", resource->value->mark, "resource '%s' is empty", resource->key);
		diag_origin(d, resource->value);
		diag_help(d, "remove it, or define it as a map with 'Type' and 'Properties'");
		return;
	}
	rest = !is_truthy(properties) ? NULL : nulls ? without_nulls(a, properties) : properties;
	if (rest == properties) {
		return;
	}
	copy = value_shallow_copy(a, resource->value);
	if (rest) {
		map_set(a, copy, "Properties", rest);
	} else {
		map_remove(copy, "Properties");
	}
	map_set_entry(a, t->resources, resource->key, resource->key_length, resource->mark, copy);
}

void compile_resources(const struct service *service, struct template *t, struct diag *diag) {
	if (service->resources) {
		if (!merge_resources(service, t, diag)) {
			return;
		}
		extend_resources(service, t, diag);
	}
	/* What the passes make has nulls only where the configuration has them: most have none, and are much smaller. */
	bool nulls = has_null(service->config);
	if (!nulls && !service->resources) {
		return;
	}
	for (const struct entry *e = map_first(t->resources); e; e = map_next(t->resources, e)) {
		strip(t, e, nulls, diag);
	}
}
