/*
 * What the checks of resources against AWS's specification share: resource.c looks at the resources themselves,
 * resource_property.c walks through their properties, resource_limit.c looks at single values and resource_rule.c at what
 * keys have to keep together.
 */
#ifndef SLSWS_CHECK_RESOURCE_H
#define SLSWS_CHECK_RESOURCE_H

#include "check.h"
#include "pattern.h"
#include "specification.h"

/* Where a walk is: the steps from a property to what is in it. */
struct path {
	const struct path *outer;	/* NULL: a property */
	const struct entry *entry;	/* NULL: an item of a list */
	size_t index;
};

struct walk {
	const struct check *check;
	const struct resource *in;
	struct pattern **patterns;	/* by their numbers, made when they are first asked for */
};

/* "'VpcConfig.SubnetIds[0]' of AWS::Lambda::Function", or the type alone for NULL. */
const char *path_spell(const struct walk *w, const struct path *path);
/* "'a', 'b' or 'c'"; NULL where there are too many to be read. */
const char *words_spell(struct arena *a, const char *const *words, size_t count);

/* Reports what is missing in a map, or does not go together: at the key that holds the map, the map as an item of a list, or the
   resource. */
struct diagnostic *check_report_in(struct walk *w, const char *code, const struct path *path, const struct value *map,
		const char *format, ...) __attribute__((format(printf, 5, 6)));

/* The value of the only key of a map if it is `function`, else NULL. */
const struct value *function_of(const struct value *v, const char *function);
/* A branch of {Fn::If: [condition, 0, 1]}, else NULL. */
const struct value *if_branch(const struct value *v, size_t branch);
/* What is known before it is deployed: no map of a function, no text that has {{resolve:...}}. */
bool is_literal(const struct value *v);

/* The resource that Ref or Fn::GetAtt names, or NULL. */
const struct resource *resource_named(const struct check *c, const struct value *v);

/* Whether a key is set when the template is deployed. */
enum presence { PRESENCE_NO, PRESENCE_MAYBE, PRESENCE_YES };
enum presence value_presence(const struct value *v);

/* Of a SPEC_PATTERN or SPEC_KEYS; NULL: one that only Java's regular expressions know. */
const struct pattern *check_pattern_of(struct walk *w, const struct spec_limit *limit);
void check_property_limits(struct walk *w, const struct path *path, const struct spec_value *spec, const struct value *v);
void check_property_rules(struct walk *w, const struct path *path, const struct spec_object *spec, const struct value *map);
void check_properties(struct walk *w);
/* Whether what a Ref or Fn::GetAtt gives is what the property wants. */
void check_property_target(struct walk *w, const struct path *path, const struct spec_value *spec, const struct value *v);

#endif
