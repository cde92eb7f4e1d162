/*
 * Properties against AWS's specification: that they are known, those that are required there, and each of a kind that it
 * may be.
 *
 * CloudFormation takes a number, a boolean and a text for one another where the text spells one. A function may stand
 * for any value; of Fn::If both branches are walked.
 */
#include "resource.h"

#include "base/text.h"

enum { MOST_NAMED = 12 };

static void check_value(struct walk *w, const struct path *path, const struct spec_value *spec, const struct value *v);

/* --- spelling ------------------------------------------------------------------------------------------------- */

static void spell_path(struct text *out, const struct path *path) {
	if (path->outer) {
		spell_path(out, path->outer);
	}
	if (path->entry) {
		text_printf(out, "%s%s", path->outer ? "." : "", path->entry->key);
	} else {
		text_printf(out, "[%zu]", path->index);
	}
}

const char *path_spell(const struct walk *w, const struct path *path) {
	struct text out = { 0 };

	if (!path) {
		return w->in->type;
	}
	spell_path(&out, path);
	const char *spelt = arena_printf(w->check->arena, "'%s' of %s", out.bytes, w->in->type);
	text_free(&out);
	return spelt;
}

const char *words_spell(struct arena *a, const char *const *words, size_t count) {
	struct text out = { 0 };

	if (count == 0 || count > MOST_NAMED) {
		return NULL;
	}
	for (size_t i = 0; i < count; i++) {
		text_printf(&out, "%s'%s'", i == 0 ? "" : i + 1 == count ? " or " : ", ", words[i]);
	}
	const char *spelt = arena_copy(a, out.bytes, out.length);
	text_free(&out);
	return spelt;
}

/* --- functions ------------------------------------------------------------------------------------------------ */

const struct value *function_of(const struct value *v, const char *function) {
	return is_map(v) && v->length == 1 ? map_get(v, function) : NULL;
}

const struct value *if_branch(const struct value *v, size_t branch) {
	return list_get(function_of(v, "Fn::If"), branch + 1);
}

/* Not intrinsic_name(): there are properties called Condition. */
static const char *function_name(const struct value *v) {
	const struct entry *e = is_map(v) && v->length == 1 ? map_first(v) : NULL;

	return e && (strcmp(e->key, "Ref") == 0 || text_starts(e->key, "Fn::")) ? e->key : NULL;
}

static bool is_dynamic(const struct value *v) {
	return is_string(v) && memmem(v->text, v->length, "{{resolve:", 10);
}

bool is_literal(const struct value *v) {
	return v && !is_null(v) && !function_name(v) && !is_dynamic(v);
}

static bool is_no_value(const struct value *v) {
	return is_text(function_of(v, "Ref"), "AWS::NoValue");
}

enum presence value_presence(const struct value *v) {
	if (is_missing(v) || is_no_value(v)) {
		return PRESENCE_NO;
	}
	if (!function_of(v, "Fn::If")) {
		return PRESENCE_YES;
	}
	enum presence first = value_presence(if_branch(v, 0)), second = value_presence(if_branch(v, 1));
	return first == second ? first : PRESENCE_MAYBE;
}

enum shape { SHAPE_ANY, SHAPE_SCALAR, SHAPE_LIST, SHAPE_MAP };

static enum shape shape_of_parameter(const struct walk *w, const char *name) {
	const struct value *type = map_get(map_get(map_get(w->check->template, "Parameters"), name), "Type");

	if (strcmp(name, "AWS::NotificationARNs") == 0) {
		return SHAPE_LIST;
	}
	if (text_starts(name, "AWS::")) {
		return strcmp(name, "AWS::NoValue") == 0 ? SHAPE_ANY : SHAPE_SCALAR;
	}
	if (is_string(type)) {
		return strstr(type->text, "List") ? SHAPE_LIST : SHAPE_SCALAR;
	}
	const struct resource *r = check_resource(w->check, name);
	return r && text_starts(r->type, "AWS::") && !text_ends(r->type, "::MODULE") ? SHAPE_SCALAR : SHAPE_ANY;
}

struct function_row {
	const char *name;
	enum shape shape;
};

static const struct function_row functions[] = {
	{ "Fn::Base64", SHAPE_SCALAR }, { "Fn::Join", SHAPE_SCALAR }, { "Fn::Sub", SHAPE_SCALAR },
	{ "Fn::Length", SHAPE_SCALAR }, { "Fn::ToJsonString", SHAPE_SCALAR },
	{ "Fn::Cidr", SHAPE_LIST }, { "Fn::GetAZs", SHAPE_LIST }, { "Fn::Split", SHAPE_LIST },
	{ NULL, SHAPE_ANY },
};

static enum shape shape_of_function(const struct walk *w, const struct value *v, const char *function) {
	const struct function_row *row = functions;
	const struct value *name = map_get(v, "Ref");

	if (is_string(name)) {
		return shape_of_parameter(w, name->text);
	}
	while (row->name && strcmp(row->name, function) != 0) {
		row++;
	}
	return row->shape;
}

static enum shape shape_of_kind(enum spec_kind kind) {
	switch (kind) {
	case SPEC_LIST:
		return SHAPE_LIST;
	case SPEC_MAP:
	case SPEC_OBJECT:
		return SHAPE_MAP;
	case SPEC_JSON:
	case SPEC_CHOICE:
		return SHAPE_ANY;
	default:
		return SHAPE_SCALAR;
	}
}

/* The default of a parameter against the limits of what it is given to. An empty one mostly stands for none. */
static void check_default(struct walk *w, const struct path *path, const struct spec_value *spec,
		const struct value *parameter) {
	const struct value *v = is_string(parameter) ?
		map_get(map_get(map_get(w->check->template, "Parameters"), parameter->text), "Default") : NULL;

	if (is_literal(v) && !is_list(v) && !is_map(v) && !is_text(v, "") && shape_of_kind(spec_value_kind(spec)) == SHAPE_SCALAR) {
		check_property_limits(w, path, spec, v);
	}
}

static const char *const shape_names[] = { "anything", "a single value", "a list", "a map" };

static void check_function(struct walk *w, const struct path *path, const struct spec_value *spec,
		const struct value *v, const char *function) {
	enum shape wanted = shape_of_kind(spec_value_kind(spec)), given = shape_of_function(w, v, function);

	if (if_branch(v, 0)) {
		check_value(w, path, spec, if_branch(v, 0));
		check_value(w, path, spec, if_branch(v, 1));
		return;
	}
	if (wanted != SHAPE_ANY && given != SHAPE_ANY && wanted != given) {
		check_report(w->check, "R207", w->in, v, "%s is given %s by %s, expected %s", path_spell(w, path),
			shape_names[given], function, shape_names[wanted]);
		return;
	}
	check_default(w, path, spec, map_get(v, "Ref"));
	check_property_target(w, path, spec, v);
}

/* --- scalars -------------------------------------------------------------------------------------------------- */

static bool is_boolean_text(const struct value *v) {
	return v->length <= 5 && (strcasecmp(v->text, "true") == 0 || strcasecmp(v->text, "false") == 0);
}

static void report_kind(struct walk *w, const char *code, const struct path *path, const struct value *v,
		const char *wanted) {
	const char *spelt = value_spell(w->check->arena, v);

	struct diagnostic *d = spelt ?
		check_report(w->check, code, w->in, v, "%s is '%s', expected %s", path_spell(w, path), spelt, wanted) :
		check_report(w->check, code, w->in, v, "%s is a %s, expected %s", path_spell(w, path), value_kind_name(v), wanted);
	diag_follow(d, "C2");	/* the schema of configurations has said it */
}

static bool check_number(struct walk *w, const struct path *path, bool whole, const struct value *v) {
	double number = v->kind == VALUE_NUMBER ? v->number : 0;
	const char *wanted = whole ? "a whole number" : "a number";

	if (is_bool(v)) {
		report_kind(w, "R205", path, v, wanted);
		return false;
	}
	if (is_string(v) && (v->length == 0 || !number_read(v->text, v->length, &number))) {
		report_kind(w, "R204", path, v, wanted);
		return false;
	}
	if (whole && (number < -0x1p63 || number > 0x1p63 || number != (double)(long long)number)) {
		report_kind(w, "R205", path, v, wanted);
		return false;
	}
	return true;
}

static bool check_boolean(struct walk *w, const struct path *path, const struct value *v) {
	if (is_number(v)) {
		report_kind(w, "R205", path, v, "true or false");
	} else if (is_string(v) && !is_boolean_text(v)) {
		report_kind(w, "R204", path, v, "true or false");
	}
	return false;
}

static void check_scalar(struct walk *w, const struct path *path, const struct spec_value *spec, const struct value *v) {
	enum spec_kind kind = spec_value_kind(spec);
	bool sound = true;

	if (is_list(v) || is_map(v)) {
		report_kind(w, "R203", path, v, kind == SPEC_BOOLEAN ? "true or false" :
			kind == SPEC_INTEGER || kind == SPEC_NUMBER ? "a number" : "a string");
		return;
	}
	if (kind == SPEC_INTEGER || kind == SPEC_NUMBER) {
		sound = check_number(w, path, kind == SPEC_INTEGER, v);
	} else if (kind == SPEC_BOOLEAN) {
		sound = check_boolean(w, path, v);
	}
	if (sound) {
		check_property_limits(w, path, spec, v);
	}
}

/* --- lists and maps ------------------------------------------------------------------------------------------- */

static void check_list(struct walk *w, const struct path *path, const struct spec_value *spec, const struct value *v) {
	if (!is_list(v)) {
		report_kind(w, "R203", path, v, "a list");
		return;
	}
	for (size_t i = 0; i < list_length(v); i++) {
		check_value(w, &(struct path){ .outer = path, .index = i }, spec_value_items(spec), list_get(v, i));
	}
	check_property_limits(w, path, spec, v);
}

static void check_map(struct walk *w, const struct path *path, const struct spec_value *spec, const struct value *v) {
	if (!is_map(v)) {
		report_kind(w, "R203", path, v, "a map");
		return;
	}
	for (const struct entry *e = map_first(v); e; e = map_next(v, e)) {
		if (!text_starts(e->key, "Fn::")) {
			check_value(w, &(struct path){ .outer = path, .entry = e }, spec_value_items(spec), e->value);
		}
	}
	check_property_limits(w, path, spec, v);
}

/* Maps for which `aws cloudformation package` takes a path. */
static bool is_local_path(const struct walk *w, const struct path *path, const struct value *v) {
	static const struct { const char *type, *property; } rows[] = {
		{ "AWS::ApiGateway::RestApi", "BodyS3Location" },
		{ "AWS::ElasticBeanstalk::ApplicationVersion", "SourceBundle" },
		{ "AWS::Lambda::Function", "Code" },
		{ "AWS::Lambda::LayerVersion", "Content" },
		{ "AWS::StepFunctions::StateMachine", "DefinitionS3Location" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows) && is_string(v) && !path->outer; i++) {
		if (strcmp(rows[i].property, path->entry->key) == 0 && strcmp(rows[i].type, w->in->type) == 0) {
			return true;
		}
	}
	return false;
}

/* The keys that are not known and, of each, which one it was probably meant to be: that one is not missed then. */
struct unknown {
	const char *meant[MOST_NAMED];
	size_t count;
};

static void check_unknown(struct walk *w, const struct path *path, const struct spec_object *spec, const struct entry *e,
		struct unknown *unknown) {
	const struct spec_type *type = path ? NULL : spec_type_find(w->in->type);

	if (type && spec_type_has_attribute(type, e->key)) {
		check_report_key(w->check, "R206", w->in, e, "'%s' of %s is set by AWS alone", e->key, w->in->type);
		return;
	}
	struct diagnostic *d = check_report_key(w->check, "R201", w->in, e, "%s has no property '%s'", path_spell(w, path),
		e->key);
	const char *closest = diag_is_kept(d) ? spec_property_closest(w->check->arena, spec, e->key) : NULL;
	if (closest) {
		diag_help(d, "did you mean '%s'?", closest);
		if (unknown->count < MOST_NAMED) {
			unknown->meant[unknown->count++] = closest;
		}
	}
}

static bool was_meant(const struct unknown *unknown, const char *name) {
	for (size_t i = 0; i < unknown->count; i++) {
		if (strcmp(unknown->meant[i], name) == 0) {
			return true;
		}
	}
	return false;
}

struct diagnostic *check_report_in(struct walk *w, const char *code, const struct path *path, const struct value *map,
		const char *format, ...) {
	va_list args;

	va_start(args, format);
	const char *text = arena_vprintf(w->check->arena, format, args);
	va_end(args);
	if (path && path->entry) {
		return check_report_key(w->check, code, w->in, path->entry, "%s", text);
	}
	if (path) {
		return check_report(w->check, code, w->in, map, "%s", text);
	}
	return check_report_at(w->check, code, w->in, w->in->mark, "%s", text);
}

static void check_required(struct walk *w, const struct path *path, const struct spec_object *spec,
		const struct value *map, const struct unknown *unknown) {
	for (size_t i = 0; i < spec_object_length(spec); i++) {
		const struct spec_property *p = spec_object_property(spec, i);
		const char *name = spec_property_name(p);
		const struct value *v = map_get(map, name);
		if (!(spec_property_flags(p) & SPEC_REQUIRED) || is_null(v)) {
			continue;
		}
		enum presence presence = value_presence(v);
		if (presence == PRESENCE_NO && v) {
			check_report(w->check, "R202", w->in, v, "%s requires '%s', which AWS::NoValue leaves out",
				path_spell(w, path), name);
		} else if (presence == PRESENCE_NO && !was_meant(unknown, name)) {
			check_report_in(w, "R202", path, map, "%s lacks the required '%s'", path_spell(w, path), name);
		} else if (presence == PRESENCE_MAYBE) {
			check_report(w->check, "R208", w->in, v, "%s requires '%s', which a branch of Fn::If leaves out",
				path_spell(w, path), name);
		}
	}
}

static void check_property_flags(struct walk *w, const struct path *path, const struct spec_property *p) {
	unsigned flags = spec_property_flags(p);

	if (flags & SPEC_READ_ONLY) {
		check_report_key(w->check, "R206", w->in, path->entry, "%s is set by AWS alone", path_spell(w, path));
	} else if (flags & SPEC_DEPRECATED) {
		check_report_key(w->check, "R209", w->in, path->entry, "%s is deprecated", path_spell(w, path));
	}
}

/* A key that is a function brings others that are not known here. */
static void check_object(struct walk *w, const struct path *path, const struct spec_object *spec, const struct value *v) {
	struct unknown unknown = { .count = 0 };
	bool open = false;

	for (const struct entry *e = map_first(v); e; e = map_next(v, e)) {
		struct path inner = { .outer = path, .entry = e };
		const struct spec_property *p = spec_property_find(spec, e->key);
		if (p) {
			check_property_flags(w, &inner, p);
			check_value(w, &inner, spec_property_value(p), e->value);
		} else if (text_starts(e->key, "Fn::")) {
			open = true;
		} else {
			check_unknown(w, path, spec, e, &unknown);
		}
	}
	if (!open) {
		check_required(w, path, spec, v, &unknown);
		check_property_rules(w, path, spec, v);
	}
}

/* --- choices -------------------------------------------------------------------------------------------------- */

static enum shape shape_of_value(const struct value *v) {
	return is_list(v) ? SHAPE_LIST : is_map(v) ? SHAPE_MAP : SHAPE_SCALAR;
}

static bool has_all_keys(const struct spec_value *spec, const struct value *v) {
	const struct spec_object *object = spec_value_object(spec);

	for (const struct entry *e = map_first(v); object && e; e = map_next(v, e)) {
		if (!spec_property_find(object, e->key)) {
			return false;
		}
	}
	return true;
}

/*
 * A value is looked at closely where only one of the forms can be meant: of several scalars any will do, and json is for
 * what none of the others can be.
 */
static void check_choice(struct walk *w, const struct path *path, const struct spec_value *spec, const struct value *v) {
	const struct spec_value *form, *meant = NULL;
	size_t fitting = 0;
	bool any = false;

	for (size_t i = 0; (form = spec_value_choice(spec, i)) != NULL; i++) {
		enum shape wanted = shape_of_kind(spec_value_kind(form));
		any = any || wanted == SHAPE_ANY;
		if (wanted == shape_of_value(v)) {
			meant = fitting++ == 0 || (is_map(v) && has_all_keys(form, v)) ? form : meant;
		}
	}
	if (fitting == 0 && !any) {
		check_report(w->check, "R203", w->in, v, "%s cannot be a %s", path_spell(w, path), value_kind_name(v));
	} else if (fitting == 1 || (meant && is_map(v) && has_all_keys(meant, v))) {
		check_value(w, path, meant, v);
	}
}

/* --- all ------------------------------------------------------------------------------------------------------ */

static void check_value(struct walk *w, const struct path *path, const struct spec_value *spec, const struct value *v) {
	const char *function = function_name(v);

	if (is_missing(v) || is_dynamic(v)) {
		return;
	}
	if (function) {
		check_function(w, path, spec, v, function);
		return;
	}
	switch (spec_value_kind(spec)) {
	case SPEC_JSON:
		return;
	case SPEC_LIST:
		check_list(w, path, spec, v);
		return;
	case SPEC_MAP:
		check_map(w, path, spec, v);
		return;
	case SPEC_OBJECT:
		if (is_map(v)) {
			check_object(w, path, spec_value_object(spec), v);
		} else if (!is_local_path(w, path, v)) {
			report_kind(w, "R203", path, v, "a map");
		}
		return;
	case SPEC_CHOICE:
		check_choice(w, path, spec, v);
		return;
	default:
		check_scalar(w, path, spec, v);
	}
}

void check_properties(struct walk *w) {
	const struct spec_type *type = spec_type_find(w->in->type);
	const struct value *properties = map_get(w->in->value, "Properties");

	if (!type || spec_type_is_open(type) || text_starts(w->in->type, "AWS::Serverless::") ||
			(properties && !w->in->properties) || function_name(properties)) {
		return;
	}
	check_object(w, NULL, spec_type_properties(type), properties);
}
