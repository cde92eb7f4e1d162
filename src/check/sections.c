/*
 * The template's sections, and what every resource, parameter and output is made of.
 */
#include "check.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"

/* --- words ------------------------------------------------------------------------------------------------------ */

static bool is_one_of(const char *word, const char *const *words, size_t count) {
	for (size_t i = 0; i < count; i++) {
		if (strcmp(words[i], word) == 0) {
			return true;
		}
	}
	return false;
}

static void suggest(struct diagnostic *d, const char *word, const char *const *words, size_t count) {
	const char *likely = text_closest(word, words, count);

	if (likely) {
		diag_help(d, "did you mean '%s'?", likely);
	}
}

#define COUNT(words) (sizeof(words) / sizeof(*(words)))

static struct mark place(const struct entry *e) {
	return e->value->mark.source ? e->value->mark : e->mark;
}

/* Reports the keys of a map that it cannot have. */
static void check_keys(const struct check *c, const char *code, const struct resource *in, const char *what,
		const struct value *map, const char *const *words, size_t count) {
	for (const struct entry *e = map_first(map); e; e = map_next(map, e)) {
		if (!is_one_of(e->key, words, count) && !text_starts(e->key, "Fn::")) {
			struct diagnostic *d = check_report_key(c, code, in, e, "unknown key '%s' in %s", e->key, what);
			suggest(d, e->key, words, count);
		}
	}
}

/* --- names ------------------------------------------------------------------------------------------------------ */

static bool is_alphanumeric(const char *text) {
	while (isalnum((unsigned char)*text)) {
		text++;
	}
	return !*text;
}

static void check_name(const struct check *c, const struct resource *in, const struct entry *e, const char *what) {
	enum { LONGEST = 255 };

	if (!is_alphanumeric(e->key)) {
		check_report_key(c, "T020", in, e, "%s '%s' has other characters than letters and digits", what, e->key);
	} else if (e->key_length > LONGEST || !e->key_length) {
		check_report_key(c, "T020", in, e, "%s '%s' has %u characters, expected 1 to %d", what, e->key, e->key_length,
			LONGEST);
	}
}

/* All that slsws makes of one name has the fault of that name, which is told once. */
static bool is_told(const struct check *c, const struct resource *r, struct value *told) {
	if (!r || r->mark.source || is_alphanumeric(r->id)) {
		return false;
	}
	struct mark mark = check_resource_mark(c, r);
	const char *place = arena_printf(c->arena, "%u:%u", mark.line, mark.column);
	bool known = map_has(told, place);
	map_set(c->arena, told, place, value_bool(c->arena, true));
	return known;
}

static bool is_loop(const struct entry *e) {
	return text_starts(e->key, "Fn::");
}

/* --- sections --------------------------------------------------------------------------------------------------- */

static void check_version(const struct check *c) {
	const struct value *version = map_get(c->template, "AWSTemplateFormatVersion");

	if (version && !is_text(version, "2010-09-09")) {
		check_report(c, "T025", NULL, version, "'AWSTemplateFormatVersion' is %s, expected '2010-09-09'",
			is_string(version) ? arena_printf(c->arena, "'%s'", version->text) :
			arena_printf(c->arena, "a %s", value_kind_name(version)));
	}
}

static void check_description(const struct check *c) {
	enum { LONGEST = 1024 };
	const struct value *description = map_get(c->template, "Description");

	if (is_string(description) && description->length > LONGEST) {
		check_report(c, "T026", NULL, description, "the description has %u bytes, expected at most %d", description->length,
			LONGEST);
	} else if (!is_missing(description) && !is_string(description)) {
		check_report(c, "T026", NULL, description, "the description is a %s, expected a text", value_kind_name(description));
	}
}

static void check_sections(const struct check *c) {
	static const char *const words[] = {
		"AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Mappings", "Conditions", "Transform",
		"Resources", "Outputs", "Rules", "Hooks", "Globals",
	};
	static const char *const maps[] = { "Parameters", "Mappings", "Conditions", "Resources", "Outputs", "Rules" };
	bool globals = map_has(c->template, "Globals") && !c->serverless && !c->transformed;

	if (!c->transformed) {
		check_keys(c, "T021", NULL, "the template", c->template, words, COUNT(words) - globals);
	}
	for (size_t i = 0; i < COUNT(maps); i++) {
		const struct value *section = map_get(c->template, maps[i]);
		if (!is_missing(section) && !is_map(section)) {
			check_report(c, "T022", NULL, section, "'%s' is a %s, expected a map", maps[i], value_kind_name(section));
		}
	}
	const struct value *resources = map_get(c->template, "Resources");
	if (c->template && !c->transformed && (is_missing(resources) || (is_map(resources) && !resources->length))) {
		check_report(c, "T022", NULL, resources, "there are no resources, expected one at least");
	}
}

/* --- resources -------------------------------------------------------------------------------------------------- */

static void check_depends_on(const struct check *c, const struct resource *r) {
	const struct value *v = map_get(r->value, "DependsOn");

	if (is_missing(v) || is_string(v) || (c->extensions && is_map(v))) {
		return;
	}
	if (!is_list(v)) {
		check_report(c, "T024", r, v, "'DependsOn' of '%s' is a %s, expected the id of a resource or a list of ids", r->id,
			value_kind_name(v));
		return;
	}
	for (size_t i = 0; i < list_length(v); i++) {
		const struct value *item = list_get(v, i);
		if (!is_missing(item) && !is_string(item) && !(c->extensions && is_map(item))) {
			check_report(c, "T024", r, item, "'DependsOn' of '%s' has a %s in it, expected ids of resources", r->id,
				value_kind_name(item));
		}
	}
}

static void check_resource_list(const struct check *c) {
	const struct value *section = map_get(c->template, "Resources");
	struct value *told = value_map(c->arena);

	for (const struct entry *e = map_first(section); e; e = map_next(section, e)) {
		if (is_loop(e)) {
			continue;
		}
		const struct resource *r = check_resource(c, e->key);
		if (!is_told(c, r, told)) {
			check_name(c, r, e, "logical id");
		}
		if (!is_map(e->value) && !is_null(e->value)) {
			check_report_at(c, "T022", NULL, place(e), "resource '%s' is a %s, expected a map", e->key,
				value_kind_name(e->value));
		}
	}
	for (size_t i = 0; i < c->resource_count; i++) {
		check_depends_on(c, &c->resources[i]);
	}
}

/* --- nulls ------------------------------------------------------------------------------------------------------ */

static void check_nulls(const struct check *c, const struct resource *in, const struct entry *holder,
		const struct value *v) {
	/* A tag without a text is an empty text to CloudFormation. */
	bool empty = !c->service && holder && strcmp(holder->key, "Fn::GetAZs") == 0;

	if (is_null(v) && !empty) {
		check_report_at(c, "T027", in, v->mark.source ? v->mark : holder ? holder->mark : v->mark,
			"null%s%s%s, expected a value: CloudFormation takes none", holder ? " at '" : "", holder ? holder->key : "",
			holder ? "'" : "");
	}
	for (const struct entry *e = map_first(v); e; e = map_next(v, e)) {
		check_nulls(c, in, e, e->value);
	}
	for (size_t i = 0; i < list_length(v); i++) {
		check_nulls(c, in, holder, list_get(v, i));
	}
}

static void check_all_nulls(const struct check *c) {
	static const char *const maps[] = { "Parameters", "Mappings", "Conditions", "Outputs" };

	for (size_t i = 0; i < c->resource_count; i++) {
		check_nulls(c, &c->resources[i], NULL, c->resources[i].value);
	}
	const struct value *section = map_get(c->template, "Resources");
	for (const struct entry *e = map_first(section); e; e = map_next(section, e)) {
		if (!is_map(e->value)) {
			check_nulls(c, NULL, e, e->value);
		}
	}
	for (size_t i = 0; i < COUNT(maps); i++) {
		check_nulls(c, NULL, map_find(c->template, maps[i]), map_get(c->template, maps[i]));
	}
}

check_fn check_template;

void check_template(const struct check *c) {
	check_version(c);
	check_description(c);
	check_sections(c);
	check_resource_list(c);
	check_all_nulls(c);
}
