#include "compile.h"

#include "artifact/state.h"
#include "compilers.h"
#include "harden.h"
#include "merge.h"
#include "plugins.h"
#include "read_project.h"
#include "schema.h"
#include "template.h"
#include "variables.h"

const struct service *load_service(struct arena *a, const struct options *options, const struct slsws_host *host,
		struct diag *diag) {
	return load_config(a, read_project(a, options, host, diag), options, host, diag);
}

struct value *resolve_config(struct arena *a, struct value *config, const struct options *options,
		const struct slsws_host *host, struct diag *diag) {
	config = variables_resolve(a, config, options, host, diag);
	if (!config) {
		return NULL;
	}
	options_check_read(options, diag);
	plugins_check(a, config, diag);
	merge_listed_sections(a, config, diag);
	return config;
}

const struct service *load_config(struct arena *a, struct value *config, const struct options *options,
		const struct slsws_host *host, struct diag *diag) {
	config = service_prepare(a, resolve_config(a, config, options, host, diag), options, diag);
	if (!config) {
		return NULL;
	}
	schema_check(a, config, diag);
	if (!diag->errors && options->artifact_folder) {
		config = state_config(a, config);
	}
	return diag->errors ? NULL : harden_service(service_read(a, config, options, host, diag), diag);
}

enum { RESOURCES = 6 };	/* of a function with one route */

const struct value *compile(struct arena *a, const struct service *service, struct diag *diag) {
	if (!service) {
		return NULL;
	}
	struct template *t = template_create(a);
	map_reserve(a, t->resources, (uint32_t)service->function_count * RESOURCES);
	map_reserve(a, t->outputs, (uint32_t)service->function_count);
	compile_all(service, t, diag);
	return diag->errors ? NULL : t->root;
}

const struct value *compile_core(struct arena *a, const struct service *service, struct diag *diag) {
	if (!service || service->deployment_bucket) {
		return NULL;
	}
	struct template *t = template_create(a);
	compile_deployment_bucket(service, t, diag);
	return t->root;
}
