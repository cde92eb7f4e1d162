/* The functions with all that belongs to each, step by step in the order that the reference ends up with. */
#include "core.h"

void compile_functions(const struct service *service, struct template *t, struct diag *diag) {
	struct work work = {
		.service = service, .t = t, .diag = diag,
		.role = form_fixed(t->arena, fn_get_att(t->arena, ID_ROLE, "Arn")),
		.zip = function_zip_form(service, t->arena),
		.function = function_form(t->arena), .properties = function_properties_form(t->arena),
		.version = version_form(t->arena), .version_output = version_output_form(t->arena),
	};

	for (size_t i = 0; i < service->step_count; i++) {
		const struct step *step = &service->steps[i];
		if (step->kind == STEP_FUNCTION) {
			compile_function(&work, step->function);
		} else {
			compile_version(&work, step->function);
			compile_function_url(&work, step->function);
			compile_event_invoke_config(&work, step->function);
		}
	}
	text_free(&work.hashed);
}
