/*
 * What a stack takes and gives: parameters, outputs, exports and imports.
 */
#include "check.h"

#include <string.h>

#include "base/text.h"

#define COUNT(words) (sizeof(words) / sizeof(*(words)))

static struct mark place(const struct entry *e) {
	return e->value->mark.source ? e->value->mark : e->mark;
}

static bool is_one_of(const char *word, const char *const *words, size_t count) {
	for (size_t i = 0; i < count; i++) {
		if (strcmp(words[i], word) == 0) {
			return true;
		}
	}
	return false;
}

static void check_keys(const struct check *c, const char *code, const char *what, const struct entry *holder,
		const char *const *words, size_t count) {
	for (const struct entry *e = map_first(holder->value); e; e = map_next(holder->value, e)) {
		if (is_one_of(e->key, words, count) || text_starts(e->key, "Fn::")) {
			continue;
		}
		struct diagnostic *d = check_report_key(c, code, NULL, e, "unknown key '%s' in %s '%s'", e->key, what, holder->key);
		const char *likely = text_closest(e->key, words, count);
		if (likely) {
			diag_help(d, "did you mean '%s'?", likely);
		}
	}
}

static bool is_scalar(const struct value *v) {
	return is_string(v) || is_number(v) || is_bool(v);
}

static void check_name(const struct check *c, const struct entry *e, const char *what) {
	const char *at = e->key;

	while ((*at >= '0' && *at <= '9') || (*at >= 'A' && *at <= 'Z') || (*at >= 'a' && *at <= 'z')) {
		at++;
	}
	if (*at) {
		check_report_key(c, "T020", NULL, e, "%s '%s' has other characters than letters and digits", what, e->key);
	}
	if (e->key_length > 255 || !e->key_length) {
		check_report_key(c, "T020", NULL, e, "%s '%s' has %u characters, expected 1 to 255", what, e->key, e->key_length);
	}
}

/* --- parameters ------------------------------------------------------------------------------------------------- */

/* String, Number, CommaDelimitedList, a type of AWS, a List<> of numbers or such, or the value of an SSM parameter. */
static bool is_parameter_type(const char *type) {
	static const char *const plain[] = { "String", "Number", "CommaDelimitedList", "List<Number>", "List<String>" };

	return is_one_of(type, plain, COUNT(plain)) || text_starts(type, "AWS::") ||
		(text_starts(type, "List<AWS::") && text_ends(type, ">"));
}

static void check_type(const struct check *c, const struct entry *e) {
	static const char *const words[] = { "String", "Number", "CommaDelimitedList", "List<Number>" };
	const struct value *type = map_get(e->value, "Type");

	if (!type) {
		check_report_key(c, "T040", NULL, e, "parameter '%s' has no 'Type'", e->key);
	} else if (!is_string(type)) {
		check_report(c, "T040", NULL, type, "the type of parameter '%s' is a %s, expected a text", e->key,
			value_kind_name(type));
	} else if (!is_parameter_type(type->text)) {
		struct diagnostic *d = check_report(c, "T040", NULL, type, "parameter '%s' is of the unknown type '%s'", e->key,
			type->text);
		const char *likely = text_closest(type->text, words, COUNT(words));
		if (likely) {
			diag_help(d, "did you mean '%s'?", likely);
		} else {
			diag_help(d, "say String, Number, CommaDelimitedList, List<Number> or a type such as AWS::EC2::VPC::Id");
		}
	}
}

static bool has_value(struct arena *a, const struct value *list, const struct value *v) {
	const char *text = value_spell(a, v);

	for (size_t i = 0; i < list_length(list); i++) {
		const char *other = value_spell(a, list_get(list, i));
		if (other && strcmp(text, other) == 0) {
			return true;
		}
	}
	return false;
}

/* Lists of values are matched item by item; here only single values are looked at. */
static void check_default(const struct check *c, const struct entry *e) {
	const struct value *given = map_get(e->value, "Default"), *allowed = map_get(e->value, "AllowedValues");
	const struct value *type = map_get(e->value, "Type");
	double number;

	if (is_missing(given)) {
		return;
	}
	if (!is_scalar(given)) {
		check_report(c, "T041", NULL, given, "the default of parameter '%s' is a %s, expected a text", e->key,
			value_kind_name(given));
	} else if ((is_text(type, "String") || is_text(type, "Number")) && is_list(allowed) &&
			!has_value(c->arena, allowed, given)) {
		check_report(c, "T041", NULL, given, "the default of parameter '%s' is '%s', which 'AllowedValues' does not have",
			e->key, value_spell(c->arena, given));
	} else if (is_text(type, "Number") && is_string(given) && !number_read(given->text, given->length, &number)) {
		check_report(c, "T041", NULL, given, "the default of parameter '%s' is '%s', expected a number", e->key, given->text);
	}
}

static void check_parameters(const struct check *c) {
	static const char *const words[] = {
		"Type", "Default", "Description", "AllowedValues", "AllowedPattern", "ConstraintDescription", "MinLength",
		"MaxLength", "MinValue", "MaxValue", "NoEcho",
	};
	const struct value *section = map_get(c->template, "Parameters");

	for (const struct entry *e = map_first(section); e; e = map_next(section, e)) {
		if (text_starts(e->key, "Fn::") || is_null(e->value)) {
			continue;
		}
		check_name(c, e, "parameter");
		if (!is_map(e->value)) {
			check_report_at(c, "T040", NULL, place(e), "parameter '%s' is a %s, expected a map", e->key,
				value_kind_name(e->value));
			continue;
		}
		check_keys(c, "T040", "parameter", e, words, COUNT(words));
		check_type(c, e);
		check_default(c, e);
	}
}

/* --- outputs ---------------------------------------------------------------------------------------------------- */

static void check_output_value(const struct check *c, const struct entry *e) {
	const struct value *v = map_get(e->value, "Value");

	if (!v) {
		check_report_key(c, "T050", NULL, e, "output '%s' has no 'Value'", e->key);
	} else if (is_list(v) || (is_map(v) && !intrinsic_name(v))) {
		check_report(c, "T050", NULL, v, "the value of output '%s' is a %s, expected a text, or a function that yields one",
			e->key, value_kind_name(v));
	}
}

/* What is worked out before there are resources cannot ask them. */
static const struct value *resource_asked(const struct check *c, const struct value *v) {
	const struct value *ref = is_map(v) && v->length == 1 ? map_get(v, "Ref") : NULL;

	if (is_string(ref) && check_has(c, "Resources", ref->text)) {
		return ref;
	}
	if (is_map(v) && v->length == 1 && map_has(v, "Fn::GetAtt")) {
		return map_get(v, "Fn::GetAtt");
	}
	for (const struct entry *e = map_first(v); e; e = map_next(v, e)) {
		const struct value *found = resource_asked(c, e->value);
		if (found) {
			return found;
		}
	}
	for (size_t i = 0; i < list_length(v); i++) {
		const struct value *found = resource_asked(c, list_get(v, i));
		if (found) {
			return found;
		}
	}
	return NULL;
}

static void check_export(const struct check *c, const struct entry *e, struct value *names) {
	const struct value *export = map_get(e->value, "Export"), *name = map_get(export, "Name");
	const struct value *asked = resource_asked(c, name);

	if (is_missing(export)) {
		return;
	}
	if (is_missing(name)) {
		check_report(c, "T050", NULL, export, "the export of output '%s' has no 'Name'", e->key);
	}
	if (asked) {
		check_report(c, "T052", NULL, asked, "the export's name of output '%s' depends on a resource", e->key);
	}
	if (!is_string(name)) {
		return;
	}
	const struct entry *first = map_find_text(names, name->text, name->length);
	if (first && !is_missing(map_get(e->value, "Condition"))) {
		return;	/* only one of the outputs may be there */
	}
	if (first) {
		struct diagnostic *d = check_report(c, "T051", NULL, name, "'%s' is exported twice", name->text);
		diag_note(d, first->value->mark, "first here");
	} else if (is_missing(map_get(e->value, "Condition"))) {
		map_set(c->arena, names, name->text, (struct value *)name);
	}
}

static void check_outputs(const struct check *c) {
	static const char *const words[] = { "Value", "Description", "Export", "Condition" };
	const struct value *section = map_get(c->template, "Outputs");
	struct value *names = value_map(c->arena);

	for (const struct entry *e = map_first(section); e; e = map_next(section, e)) {
		if (text_starts(e->key, "Fn::") || is_null(e->value)) {
			continue;
		}
		if (e->mark.source) {	/* else it is named as a resource is */
			check_name(c, e, "output");
		}
		if (!is_map(e->value)) {
			check_report_at(c, "T050", NULL, place(e), "output '%s' is a %s, expected a map", e->key,
				value_kind_name(e->value));
			continue;
		}
		check_keys(c, "T050", "output", e, words, COUNT(words));
		check_output_value(c, e);
		check_export(c, e, names);
	}
}

/* --- imports ---------------------------------------------------------------------------------------------------- */

static void check_imports_of(const struct check *c, const struct resource *in, const struct value *v) {
	const struct value *name = is_map(v) && v->length == 1 ? map_get(v, "Fn::ImportValue") : NULL;
	const struct value *asked = name ? resource_asked(c, name) : NULL;

	if (asked) {
		check_report(c, "T052", in, asked, "the name of an import depends on a resource");
	}
	for (const struct entry *e = map_first(v); !name && e; e = map_next(v, e)) {
		check_imports_of(c, in, e->value);
	}
	for (size_t i = 0; i < list_length(v); i++) {
		check_imports_of(c, in, list_get(v, i));
	}
}

check_fn check_interface;

void check_interface(const struct check *c) {
	check_parameters(c);
	check_outputs(c);
	for (size_t i = 0; i < c->resource_count; i++) {
		check_imports_of(c, &c->resources[i], c->resources[i].value);
	}
	check_imports_of(c, NULL, map_get(c->template, "Outputs"));
}
