#include "specification.h"

#include <string.h>

#include "base/text.h"
#include "specification_table.h"

static const char *text_at(uint32_t offset) {
	return spec_texts + offset;
}

const char *spec_date(void) {
	return spec_day;
}

/* --- types -------------------------------------------------------------------------------------------------- */

const struct spec_type *spec_type_find(const char *name) {
	size_t low = 0, high = spec_type_count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = strcmp(name, text_at(spec_types[middle].name));

		if (order == 0) {
			return &spec_types[middle];
		}
		if (order < 0) {
			high = middle;
		} else {
			low = middle + 1;
		}
	}
	return NULL;
}

const struct spec_type *spec_type_at(size_t index) {
	return index < spec_type_count ? &spec_types[index] : NULL;
}

const char *spec_type_name(const struct spec_type *type) {
	return type ? text_at(type->name) : NULL;
}

/* Of the types from `first` on, as many as there is room for: the one that is most like a name; NULL: none of them. */
enum { HANDFUL = 64 };
static const char *closest_of_handful(const char *name, size_t first) {
	const char *names[HANDFUL];
	size_t count = 0;

	while (count < HANDFUL && first + count < spec_type_count) {
		names[count] = text_at(spec_types[first + count].name);
		count++;
	}
	return text_closest(name, names, count);
}

/* By handfuls, and then the best of them: there may be many names to look for, and they take no memory so. */
const char *spec_type_closest(const char *name) {
	const char *best[HANDFUL];
	size_t count = 0;

	for (size_t first = 0; first < spec_type_count && count < HANDFUL; first += HANDFUL) {
		const char *closest = closest_of_handful(name, first);
		if (closest) {
			best[count++] = closest;
		}
	}
	return text_closest(name, best, count);
}

const struct spec_object *spec_type_properties(const struct spec_type *type) {
	return type ? &spec_objects[type->object] : NULL;
}

bool spec_type_is_open(const struct spec_type *type) {
	return type && type->flags & SPEC_TYPE_OPEN;
}

/* "Arn" is what is called so; "Outputs.*" is Outputs and all that is in it. */
static bool is_attribute(const char *known, const char *name) {
	size_t length = strlen(known);

	if (!text_ends(known, ".*")) {
		return strcmp(known, name) == 0;
	}
	return strncmp(known, name, length - 2) == 0 && (name[length - 2] == '\0' || name[length - 2] == '.');
}

bool spec_type_has_attribute(const struct spec_type *type, const char *attribute) {
	for (size_t i = 0; type && i < type->attribute_count; i++) {
		if (is_attribute(text_at(spec_words[type->attributes + i]), attribute)) {
			return true;
		}
	}
	return spec_type_is_open(type);
}

const char *spec_type_closest_attribute(struct arena *a, const struct spec_type *type, const char *attribute) {
	const char **names;

	if (!type || type->attribute_count == 0) {
		return NULL;
	}
	names = arena_array(a, const char *, type->attribute_count);
	for (size_t i = 0; i < type->attribute_count; i++) {
		const char *known = text_at(spec_words[type->attributes + i]);
		names[i] = text_ends(known, ".*") ? arena_copy(a, known, strlen(known) - 2) : known;
	}
	return text_closest(attribute, names, type->attribute_count);
}

const char *spec_type_ref(const struct spec_type *type) {
	return type && type->ref ? text_at(type->ref) : NULL;
}

bool spec_type_is_stateful(const struct spec_type *type) {
	return type && type->flags & SPEC_TYPE_STATEFUL;
}

bool spec_type_is_sensitive(const struct spec_type *type) {
	return type && type->flags & SPEC_TYPE_SENSITIVE;
}

/* --- properties and values ---------------------------------------------------------------------------------- */

size_t spec_object_length(const struct spec_object *object) {
	return object ? object->property_count : 0;
}

const struct spec_property *spec_object_property(const struct spec_object *object, size_t index) {
	return index < spec_object_length(object) ? &spec_properties[object->properties + index] : NULL;
}

const struct spec_property *spec_property_find(const struct spec_object *object, const char *name) {
	size_t low = 0, high = spec_object_length(object);

	while (low < high) {
		size_t middle = (low + high) / 2;
		const struct spec_property *property = &spec_properties[object->properties + middle];
		int order = strcmp(name, text_at(property->name));

		if (order == 0) {
			return property;
		}
		if (order < 0) {
			high = middle;
		} else {
			low = middle + 1;
		}
	}
	return NULL;
}

const char *spec_property_closest(struct arena *a, const struct spec_object *object, const char *name) {
	size_t count = spec_object_length(object);
	const char **names = arena_array(a, const char *, count + 1);

	for (size_t i = 0; i < count; i++) {
		names[i] = text_at(spec_properties[object->properties + i].name);
	}
	return text_closest(name, names, count);
}

const char *spec_property_name(const struct spec_property *property) {
	return property ? text_at(property->name) : NULL;
}

unsigned spec_property_flags(const struct spec_property *property) {
	return property ? property->flags : 0;
}

const struct spec_value *spec_property_value(const struct spec_property *property) {
	return property ? &spec_values[property->value] : NULL;
}

enum spec_kind spec_value_kind(const struct spec_value *value) {
	return value ? (enum spec_kind)value->kind : SPEC_JSON;
}

const struct spec_value *spec_value_items(const struct spec_value *value) {
	enum spec_kind kind = spec_value_kind(value);

	return kind == SPEC_LIST || kind == SPEC_MAP ? &spec_values[value->of] : NULL;
}

const struct spec_object *spec_value_object(const struct spec_value *value) {
	return spec_value_kind(value) == SPEC_OBJECT ? &spec_objects[value->of] : NULL;
}

const struct spec_value *spec_value_choice(const struct spec_value *value, size_t index) {
	const uint16_t *choice;

	if (spec_value_kind(value) != SPEC_CHOICE) {
		return NULL;
	}
	choice = spec_choices + value->of;
	while (*choice && index) {
		choice++;
		index--;
	}
	return *choice ? &spec_values[*choice] : NULL;
}

size_t spec_limit_count(const struct spec_value *value) {
	return value ? value->limit_count : 0;
}

struct spec_limit spec_limit(const struct spec_value *value, size_t index) {
	const struct spec_limit_row *row = &spec_limits[value->limits + index];
	bool is_list = row->count > 0;

	return (struct spec_limit){
		.kind = (enum spec_limit_kind)row->kind, .number = row->number, .text = is_list ? "" : text_at(row->text),
		.words = is_list ? spec_words + row->text : NULL, .count = row->count,
	};
}

bool spec_limit_find(const struct spec_value *value, enum spec_limit_kind kind, struct spec_limit *limit) {
	for (size_t i = 0; i < spec_limit_count(value); i++) {
		*limit = spec_limit(value, i);
		if (limit->kind == kind) {
			return true;
		}
	}
	return false;
}

size_t spec_pattern_count(void) {
	return spec_patterns;
}

const char *spec_word(const uint32_t *words, size_t index) {
	return text_at(words[index]);
}

size_t spec_rule_count(const struct spec_object *object) {
	return object ? object->rule_count : 0;
}

struct spec_rule spec_rule(const struct spec_object *object, size_t index) {
	const struct spec_rule_row *row = &spec_rules[object->rules + index];
	bool is_number = row->kind == SPEC_LEAST;

	return (struct spec_rule){
		.kind = (enum spec_rule_kind)row->kind, .number = is_number ? row->words : 0,
		.words = is_number ? NULL : spec_words + row->words,
	};
}

const char *spec_rule_key(const uint32_t **words) {
	uint32_t word = *(*words)++;

	return word ? text_at(word) : NULL;
}

/* --- changes ------------------------------------------------------------------------------------------------ */

/* What a step of a path leads to: a map's or object's key, or for NULL an item of a list. */
static const struct spec_value *step_into(const struct spec_value *value, const char *step,
		const struct spec_property **property);

/* Of a choice the first form that has such a step. */
static const struct spec_value *step_into_choice(const struct spec_value *value, const char *step,
		const struct spec_property **property) {
	const struct spec_value *form;

	for (size_t i = 0; (form = spec_value_choice(value, i)) != NULL; i++) {
		const struct spec_value *inner = step_into(form, step, property);

		if (inner) {
			return inner;
		}
	}
	return NULL;
}

static const struct spec_value *step_into(const struct spec_value *value, const char *step,
		const struct spec_property **property) {
	switch (spec_value_kind(value)) {
	case SPEC_LIST:
		return step ? NULL : spec_value_items(value);
	case SPEC_MAP:
		return step ? spec_value_items(value) : NULL;
	case SPEC_OBJECT:
		*property = step ? spec_property_find(spec_value_object(value), step) : NULL;
		return spec_property_value(*property);
	case SPEC_CHOICE:
		return step_into_choice(value, step, property);
	default:
		return NULL;
	}
}

/*
 * The flags of all properties on a path together; *known says whether all its steps are, as far as the table
 * goes into a value: below json nothing is known, and nothing need be.
 */
static unsigned flags_on_path(const struct spec_type *type, const char *const *path, size_t depth, bool *known) {
	const struct spec_property *property = depth && path[0] ?
		spec_property_find(spec_type_properties(type), path[0]) : NULL;
	const struct spec_value *value = spec_property_value(property);
	unsigned flags = spec_property_flags(property);

	*known = property != NULL;
	for (size_t i = 1; i < depth && value; i++) {
		bool any = spec_value_kind(value) == SPEC_JSON;

		property = NULL;
		value = step_into(value, path[i], &property);
		flags |= spec_property_flags(property);
		*known = *known && (value || any);
	}
	return flags;
}

enum spec_change spec_change(const struct spec_type *type, const char *const *path, size_t depth) {
	bool known;
	unsigned flags = flags_on_path(type, path, depth, &known);

	if (flags & SPEC_REPLACES) {
		return SPEC_CHANGE_REPLACES;
	}
	if (flags & SPEC_MAY_REPLACE) {
		return SPEC_CHANGE_MAY_REPLACE;
	}
	return known ? SPEC_CHANGE_IN_PLACE : SPEC_CHANGE_UNKNOWN;
}

bool spec_path_is_sensitive(const struct spec_type *type, const char *const *path, size_t depth) {
	bool known;

	return flags_on_path(type, path, depth, &known) & SPEC_SENSITIVE;
}
