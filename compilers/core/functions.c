/* The functions with all that belongs to each, step by step in the order that the reference ends up with. */
#include "core.h"

void compile_functions(const struct service *service, struct template *t, struct diag *diag) {
	for (size_t i = 0; i < service->step_count; i++) {
		const struct step *step = &service->steps[i];
		if (step->kind == STEP_FUNCTION) {
			compile_function(service, step->function, t, diag);
		} else {
			compile_version(service, step->function, t, diag);
			compile_function_url(service, step->function, t, diag);
			compile_event_invoke_config(service, step->function, t, diag);
		}
	}
}
