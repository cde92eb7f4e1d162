/*
 * What the core passes share. A function is compiled in steps (service.h), so the parts that belong to one function are
 * functions of this one shape, and functions.c calls them in the reference's order.
 */
#ifndef SLSWS_CORE_H
#define SLSWS_CORE_H

#include "base/text.h"
#include "compilers.h"
#include "invoke.h"
#include "merge.h"

/* What all functions of one compilation have in common. */
struct work {
	const struct service *service;
	struct template *t;
	struct diag *diag;
	struct value *role;		/* the ARN of the service's own role */
	const char *artifact;		/* that of the last function ... */
	struct value *code;		/* ... and where it is: mostly that of the next one too */
	struct form *function, *properties, *zip, *version, *version_output;
	struct text hashed;		/* room for what a version is named after */
};

typedef void compile_part_fn(struct work *work, const struct function *function);

compile_part_fn compile_function;		/* AWS::Lambda::Function */
compile_part_fn compile_version;		/* AWS::Lambda::Version and AWS::Lambda::Alias */
compile_part_fn compile_function_url;		/* AWS::Lambda::Url and its permissions */
compile_part_fn compile_event_invoke_config;	/* AWS::Lambda::EventInvokeConfig */

/* What all functions and their versions are filled in. */
struct form *function_form(struct arena *a);
struct form *function_properties_form(struct arena *a);
struct form *function_zip_form(const struct service *service, struct arena *a);
struct form *version_form(struct arena *a);
struct form *version_output_form(struct arena *a);

/* [{"Key": ..., "Value": ...}, ...] of the entries of a map. */
struct value *tag_list(struct arena *a, const struct value *tags);

/* A value of the configuration as a member of the template: shared, not copied. */
static inline struct value *given(const struct value *v) {
	return (struct value *)v;
}

#endif
