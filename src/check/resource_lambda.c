/*
 * Functions: what a package type needs, and environments that Lambda refuses.
 */
#include "resource.h"

#include "base/text.h"

enum { LARGEST_ENVIRONMENT = 4096 };

static bool may_be(const struct resource *r, const char *property) {
	return value_presence(check_property(r, property)) != PRESENCE_NO;
}

static bool is_there(const struct resource *r, const char *property) {
	return value_presence(check_property(r, property)) == PRESENCE_YES;
}

static void check_package(const struct check *c, const struct resource *r) {
	static const char *const properties[] = { "Handler", "Runtime" };
	const struct value *type = check_property(r, "PackageType"), *code = check_property(r, "Code");

	if ((type && !is_literal(type)) || !is_map(code) || !is_literal(code)) {
		return;
	}
	bool image = is_text(type, "Image");
	for (size_t i = 0; i < sizeof(properties) / sizeof(*properties); i++) {
		if (image && is_there(r, properties[i])) {
			check_report(c, "R521", r, check_property(r, properties[i]), "'%s' cannot stand with the package type Image",
				properties[i]);
		} else if (!image && !may_be(r, properties[i]) && !map_has(code, "ImageUri")) {
			check_report_at(c, "R521", r, r->mark, "the function '%s' has no '%s', which a function needs that is no image",
				r->id, properties[i]);
		}
	}
	if (!image && map_has(code, "ImageUri")) {
		check_report_key(c, "R521", r, map_find(code, "ImageUri"), "'ImageUri' needs the package type Image");
	}
}

static bool is_reserved(const char *name) {
	static const char *const names[] = {
		"_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_NAME",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE",
		"AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID",
		"AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strcmp(names[i], name) == 0) {
			return true;
		}
	}
	return false;
}

static void check_environment(const struct check *c, const struct resource *r) {
	const struct entry *variables = map_find(check_property(r, "Environment"), "Variables");
	size_t size = 0;

	if (!variables) {
		return;
	}
	for (const struct entry *e = map_first(variables->value); e; e = map_next(variables->value, e)) {
		size += e->key_length + (is_string(e->value) ? e->value->length : 0);
		if (is_reserved(e->key)) {
			check_report_key(c, "R522", r, e, "the environment variable '%s' is reserved for Lambda", e->key);
		}
	}
	if (size > LARGEST_ENVIRONMENT) {
		check_report_key(c, "R523", r, variables, "the environment of '%s' has at least %zu bytes, expected at most %d", r->id,
			size, LARGEST_ENVIRONMENT);
	}
}

static const struct resource *named(const struct check *c, const struct value *v, const char *type) {
	const struct resource *r = resource_named(c, v);

	return r && strcmp(r->type, type) == 0 ? r : NULL;
}

/* A number or a text of one; the default where nothing is written, -1 where it is not known. */
static double number_of(const struct resource *r, const char *property, double otherwise) {
	const struct value *v = check_property(r, property);
	double number;

	if (!v) {
		return otherwise;
	}
	if (is_number(v)) {
		return v->number;
	}
	return is_string(v) && number_read(v->text, v->length, &number) ? number : -1;
}

/* Lambda refuses to read a queue whose messages come back before the function is done. */
static void check_mapping(const struct check *c, const struct resource *mapping) {
	const struct resource *queue = named(c, check_property(mapping, "EventSourceArn"), "AWS::SQS::Queue");
	const struct resource *function = named(c, check_property(mapping, "FunctionName"), "AWS::Lambda::Function");

	if (!queue || !function) {
		return;
	}
	double visible = number_of(queue, "VisibilityTimeout", 30), timeout = number_of(function, "Timeout", 3);
	if (visible >= 0 && timeout > visible) {
		const struct value *v = check_property(queue, "VisibilityTimeout");
		struct diagnostic *d = check_report(c, "R532", queue, v, "the visibility timeout of '%s' is %.0f seconds, less than "
			"the %.0f seconds of the function '%s' that reads it", queue->id, visible, timeout, function->id);
		diag_help(d, "six times the timeout of the function is what AWS suggests");
	}
}

check_fn check_functions;

void check_functions(const struct check *c) {
	for (const struct resource *r = check_first(c, "AWS::Lambda::Function"); r; r = r->next_of_type) {
		if (r->properties && !map_has(r->properties, "Fn::Transform")) {
			check_package(c, r);
			check_environment(c, r);
		}
	}
	for (const struct resource *r = check_first(c, "AWS::Lambda::EventSourceMapping"); r; r = r->next_of_type) {
		check_mapping(c, r);
	}
}
