/*
 * The template while it is made, and CloudFormation's intrinsic functions as values.
 *
 * template_add() is the one way in; resources keep the order in which they were added, and adding an id again
 * replaces the resource in its old place, as the reference does.
 */
#ifndef SLSWS_TEMPLATE_H
#define SLSWS_TEMPLATE_H

#include "base/arena.h"
#include "base/form.h"
#include "base/value.h"

struct template {
	struct arena *arena;
	struct value *root, *resources, *outputs;
};

struct template *template_create(struct arena *a);

/* Adds a resource {Type, Properties} and returns it, so that attributes can follow (template_attribute). */
struct value *template_add(struct template *t, const char *id, const char *type, struct value *properties);
/* Adds a resource that is written out whole: where the order of its attributes matters. */
void template_put(struct template *t, const char *id, struct value *resource);
void template_output(struct template *t, const char *id, struct value *output);

struct value *fn_ref(struct arena *a, const char *id);				/* {"Ref": id} */
struct value *fn_get_att(struct arena *a, const char *id, const char *attribute);
struct value *fn_sub(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct value *fn_join(struct arena *a, const char *delimiter, struct value *list);

#endif
