#include "template.h"

struct template *template_create(struct arena *a) {
	struct template *t = arena_new(a, struct template);

	t->arena = a;
	t->resources = value_map(a);
	t->outputs = value_map(a);
	t->root = MAP(a,
		{ "AWSTemplateFormatVersion", value_string(a, "2010-09-09") },
		{ "Description", value_string(a, "The AWS CloudFormation template for this Serverless application") },
		{ "Resources", t->resources },
		{ "Outputs", t->outputs },
	);
	return t;
}

struct value *template_add(struct template *t, const char *id, const char *type, struct value *properties) {
	struct value *resource = MAP(t->arena,
		{ "Type", value_string(t->arena, type) },
		{ "Properties", properties },
	);

	template_put(t, id, resource);
	return resource;
}

void template_put(struct template *t, const char *id, struct value *resource) {
	map_set(t->arena, t->resources, id, resource);
}

void template_output(struct template *t, const char *id, struct value *output) {
	map_set(t->arena, t->outputs, id, output);
}

struct value *fn_ref(struct arena *a, const char *id) {
	return MAP(a, { "Ref", value_string(a, id) });
}

struct value *fn_get_att(struct arena *a, const char *id, const char *attribute) {
	return MAP(a, { "Fn::GetAtt", LIST(a, value_string(a, id), value_string(a, attribute)) });
}

struct value *fn_sub(struct arena *a, const char *format, ...) {
	va_list args;

	va_start(args, format);
	char *text = arena_vprintf(a, format, args);
	va_end(args);
	return MAP(a, { "Fn::Sub", value_string(a, text) });
}

struct value *fn_join(struct arena *a, const char *delimiter, struct value *list) {
	return MAP(a, { "Fn::Join", LIST(a, value_string(a, delimiter), list) });
}
