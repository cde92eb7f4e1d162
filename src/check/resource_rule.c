/*
 * What the keys of an object have to keep together, and what resources are referred to.
 */
#include "resource.h"

#include "base/text.h"

struct rule_check {
	struct walk *w;
	const struct path *path;
	const struct value *map;
};

#define REPORT(r, ...) check_report_in((r)->w, "R308", (r)->path, (r)->map, __VA_ARGS__)

/* The sets of a rule: how many are there for sure and perhaps, and their names. */
struct sets {
	size_t sure, maybe;
	struct text names;
};

/* Goes behind a set; false: there is none. */
static bool take_set(const struct rule_check *r, const uint32_t **words, struct sets *sets) {
	enum presence all = PRESENCE_YES;
	const char *key = spec_rule_key(words), *between = sets->names.length ? ", " : "";

	if (!key) {
		return false;
	}
	for (; key; key = spec_rule_key(words), between = " with ") {
		enum presence presence = value_presence(map_get(r->map, key));
		all = presence < all ? presence : all;
		text_printf(&sets->names, "%s'%s'", between, key);
	}
	sets->sure += all == PRESENCE_YES;
	sets->maybe += all == PRESENCE_MAYBE;
	return true;
}

static void check_sets(const struct rule_check *r, struct spec_rule rule) {
	struct sets sets = { 0 };

	while (take_set(r, &rule.words, &sets)) {
	}
	if (sets.sure == 0 && sets.maybe == 0) {
		REPORT(r, "%s has none of %s, expected %s", path_spell(r->w, r->path), sets.names.bytes,
			rule.kind == SPEC_ONE_OF ? "one of them" : "at least one");
	} else if (sets.sure > 1 && rule.kind == SPEC_ONE_OF) {
		REPORT(r, "%s has more than one of %s, expected one of them", path_spell(r->w, r->path), sets.names.bytes);
	}
	text_free(&sets.names);
}

static bool is_empty(const struct value *v) {
	return (is_list(v) || is_map(v)) && v->length == 0;
}

static void check_pairs(const struct rule_check *r, struct spec_rule rule) {
	const char *key = spec_rule_key(&rule.words), *other;

	spec_rule_key(&rule.words);
	if (value_presence(map_get(r->map, key)) != PRESENCE_YES) {
		return;
	}
	while ((other = spec_rule_key(&rule.words)) != NULL) {
		enum presence presence = value_presence(map_get(r->map, other));
		if (rule.kind == SPEC_NEEDS && presence == PRESENCE_NO) {
			REPORT(r, "%s has '%s' without '%s', which it needs", path_spell(r->w, r->path), key, other);
		} else if (rule.kind == SPEC_EXCLUDES && presence == PRESENCE_YES && !is_empty(map_get(r->map, other))) {
			REPORT(r, "%s has both '%s' and '%s', expected one of them", path_spell(r->w, r->path), key, other);
		}
	}
}

void check_property_rules(struct walk *w, const struct path *path, const struct spec_object *spec, const struct value *map) {
	const struct rule_check r = { w, path, map };

	for (size_t i = 0; i < spec_rule_count(spec); i++) {
		struct spec_rule rule = spec_rule(spec, i);
		if (rule.kind == SPEC_ONE_OF || rule.kind == SPEC_SOME_OF) {
			check_sets(&r, rule);
		} else if (rule.kind == SPEC_NEEDS || rule.kind == SPEC_EXCLUDES) {
			check_pairs(&r, rule);
		} else if (is_map(map) && map->length < rule.number) {
			REPORT(&r, "%s has %u keys, expected at least %u", path_spell(w, path), map->length, rule.number);
		}
	}
}

/* --- references ----------------------------------------------------------------------------------------------- */

static bool is_arn(const char *name) {
	return name && (text_ends(name, "Arn") || text_ends(name, "ARN"));
}

/* The property of `type` that is wanted, of those that a word "Type.Property" names; NULL: none, or one that is no ARN. */
static const char *wanted_arn(const struct spec_limit *limit, const char *type) {
	const char *wanted = NULL;
	size_t length = strlen(type);

	for (size_t i = 0; i < limit->count; i++) {
		const char *word = spec_word(limit->words, i);
		if (text_starts(word, type) && word[length] == '.') {
			wanted = word + length + 1;
			if (!is_arn(wanted)) {
				return NULL;
			}
		}
	}
	return wanted;
}

/* Whether only an ARN will do, by the form that AWS asks for or else by the name of the property. Others often take a name
   or an id as well. */
static bool wants_arn(struct walk *w, const struct path *path, const struct spec_value *spec) {
	struct spec_limit limit;

	if (spec_limit_find(spec, SPEC_PATTERN, &limit)) {
		const struct pattern *pattern = check_pattern_of(w, &limit);
		return pattern && !pattern_matches(pattern, "Name-1", 6);
	}
	while (path && !path->entry) {
		path = path->outer;
	}
	return path && (is_arn(path->entry->key) || text_ends(path->entry->key, "Arns") || text_ends(path->entry->key, "ARNs"));
}

/* Types that stand alone: what wants one of them takes nothing else. Functions, queues and the like often have others
   beside. */
static bool stands_alone(const char *word, const char *property) {
	static const char *const types[] = {
		"AWS::ApiGatewayV2::Api", "AWS::Cognito::UserPool", "AWS::EC2::Subnet", "AWS::EC2::VPC", "AWS::IAM::InstanceProfile",
		"AWS::IAM::Role", "AWS::Lambda::LayerVersion",
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		if (text_starts(word, types[i]) && strlen(types[i]) + 1 == (size_t)(property - word)) {
			return true;
		}
	}
	return false;
}

const struct resource *resource_named(const struct check *c, const struct value *v) {
	const struct value *ref = function_of(v, "Ref"), *got = function_of(v, "Fn::GetAtt");
	const struct value *id = ref ? ref : is_list(got) ? list_get(got, 0) : got;
	const char *dot = is_string(id) && !ref ? strchr(id->text, '.') : NULL;

	if (!is_string(id)) {
		return NULL;
	}
	return check_resource(c, dot ? arena_copy(c->arena, id->text, (size_t)(dot - id->text)) : id->text);
}

/* Whether what a resource gives may be anything: stacks and custom resources, those of SAM, and what is not known. */
static bool gives_anything(const struct resource *r) {
	const struct spec_type *type = spec_type_find(r->type);

	return !type || spec_type_is_open(type) || text_starts(r->type, "AWS::Serverless::") ||
		spec_type_has_attribute(type, "Outputs.Any");
}

static void check_target_type(struct walk *w, const struct path *path, const struct spec_limit *limit,
		const struct resource *r, const struct value *v) {
	const char *word = spec_word(limit->words, 0), *property = strrchr(word, '.') + 1;
	size_t length = (size_t)(property - word) - 1;

	if (limit->count != 1 || !stands_alone(word, property) || gives_anything(r) ||
			(strlen(r->type) == length && text_starts(word, r->type))) {
		return;
	}
	check_report(w->check, "R403", w->in, v, "%s is given '%s', which is an %s, expected an %.*s", path_spell(w, path), r->id,
		r->type, (int)length, word);
}

/* A reference to the right type may still give its name where the ARN is wanted. */
static void check_target_value(struct walk *w, const struct path *path, const struct spec_value *spec,
		const struct spec_limit *limit, const struct resource *r, const struct value *v) {
	const char *ref = spec_type_ref(spec_type_find(r->type));
	const char *wanted = ref && !is_arn(ref) && wants_arn(w, path, spec) ? wanted_arn(limit, r->type) : NULL;

	if (wanted) {
		struct diagnostic *d = check_report(w->check, "R402", w->in, v, "%s is given the '%s' of '%s' by Ref, expected its '%s'",
			path_spell(w, path), ref, r->id, wanted);
		if (spec_type_has_attribute(spec_type_find(r->type), wanted)) {
			diag_help(d, "use Fn::GetAtt: [%s, %s]", r->id, wanted);
		}
	}
}

void check_property_target(struct walk *w, const struct path *path, const struct spec_value *spec, const struct value *v) {
	const struct resource *r = spec_limit_count(spec) ? resource_named(w->check, v) : NULL;
	struct spec_limit limit;

	if (!r || !spec_limit_find(spec, SPEC_TO, &limit)) {
		return;
	}
	check_target_type(w, path, &limit, r, v);
	if (function_of(v, "Ref")) {
		check_target_value(w, path, spec, &limit, r, v);
	}
}
