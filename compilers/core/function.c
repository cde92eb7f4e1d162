/* AWS::Lambda::Function: one for each function. */
#include <string.h>

#include "base/text.h"
#include "core.h"

static struct value *code(struct work *work, const struct function *f, struct arena *a) {
	if (f->image) {
		return MAP(a, { "ImageUri", value_string(a, f->image->uri) });
	}
	if (!work->code || strcmp(work->artifact, f->artifact) != 0) {
		work->artifact = f->artifact;
		work->code = MAP(a,
			{ "S3Bucket", work->bucket },
			{ "S3Key", value_printf(a, "%s/%s", work->service->artifact_directory, f->artifact) },
		);
	}
	return work->code;
}

static struct value *image_config(const struct function *f, struct arena *a) {
	struct value *config = !f->image ? NULL : MAP(a,
		{ "Command", given(f->image->command) },
		{ "EntryPoint", given(f->image->entry_point) },
		{ "WorkingDirectory", given(f->image->working_directory) },
	);

	return config && config->length ? config : NULL;
}


static struct value *reserved_concurrency(const struct function *f) {
	struct value *v = map_get(f->config, "reservedConcurrency");

	return is_truthy(v) || (is_number(v) && v->number == 0) ? v : NULL;
}

static struct value *durable(const struct function *f, struct arena *a) {
	return !f->durable ? NULL : MAP(a,
		{ "ExecutionTimeout", map_get(f->durable, "executionTimeout") },
		{ "RetentionPeriodInDays", map_get(f->durable, "retentionPeriodInDays") },
	);
}

/* The provider's layers are copied by iterating over them, the function's own stand as they are. */
static struct value *layers(const struct function *f, struct arena *a) {
	if (!f->layers || is_list(f->layers) || map_truthy(f->config, "layers")) {
		return given(f->layers);
	}
	struct value *list = value_list(a);
	const struct value *items = is_string(f->layers) ? value_entries(a, f->layers) : NULL;
	for (const struct entry *e = map_first(items); e; e = map_next(items, e)) {
		list_add(a, list, e->value);
	}
	return list;
}

/* --- the role and what waits for it --------------------------------------------------------------------------- */

static struct value *role(const struct work *work, const struct function *f, struct arena *a) {
	if (!f->role) {
		return work->role;
	}
	if (!is_string(f->role) || text_starts(f->role->text, "arn:")) {
		return given(f->role);
	}
	return fn_get_att(a, f->role->text, "Arn");
}

/* The resource whose role it is: a function waits for it, though Fn::GetAtt alone would do. */
static struct value *role_resource(const struct function *f, struct arena *a) {
	if (is_string(f->role)) {
		return is_text(f->role, ID_ROLE) || text_starts(f->role->text, "arn:") ? NULL : given(f->role);
	}
	const struct value *attribute = map_get(f->role, "Fn::GetAtt");
	if (!attribute) {
		return NULL;
	}
	const struct value *first = map_get(value_entries(a, attribute), "0");
	return first ? given(first) : value_null(a);
}

static void concat(struct arena *a, struct value *list, const struct value *more) {
	if (!is_list(more)) {
		list_add(a, list, given(more));
		return;
	}
	for (size_t i = 0; i < more->length; i++) {
		list_add(a, list, more->items[i]);
	}
}

static struct value *depends_on(const struct function *f, struct arena *a) {
	struct value *list = value_list(a);

	list_add(a, list, f->log_group ? value_string(a, f->log_group) : NULL);
	concat(a, list, f->depends_on);
	list_add(a, list, role_resource(f, a));
	return list->length || f->depends_on ? list : NULL;
}

/* --- the function --------------------------------------------------------------------------------------------- */

static struct value *tracing(const struct function *f, struct arena *a) {
	return !f->tracing ? NULL : MAP(a,
		{ "Mode", is_bool(f->tracing) ? TEXT("Active") : given(f->tracing) },
	);
}

static struct value *file_system(const struct function *f, struct arena *a) {
	return !f->file_system ? NULL : LIST(a, MAP(a,
		{ "Arn", map_get(f->file_system, "arn") },
		{ "LocalMountPath", map_get(f->file_system, "localMountPath") },
	));
}

static struct value *logging(const struct function *f, struct arena *a) {
	static const char *const settings[][2] = {
		{ "applicationLogLevel", "ApplicationLogLevel" }, { "logFormat", "LogFormat" }, { "logGroup", "LogGroup" },
		{ "systemLogLevel", "SystemLogLevel" },
	};
	struct value *config = value_map(a);

	for (size_t i = 0; f->logs && i < sizeof(settings) / sizeof(*settings); i++) {
		struct value *v = map_get(f->logs, settings[i][0]);
		if (is_truthy(v)) {
			map_set(a, config, settings[i][1], v);
		}
	}
	return config->length ? config : NULL;
}

static struct value *properties(struct work *work, const struct function *f, struct arena *a) {
	struct value *storage = map_truthy(f->config, "ephemeralStorageSize");

	return MAP(a,
		{ "Code", code(work, f, a) },
		{ "ImageConfig", image_config(f, a) },
		{ "RuntimeManagementConfig", given(f->runtime_management) },
		{ "Handler", f->image ? NULL : map_truthy(f->config, "handler") },
		{ "Runtime", f->image ? NULL : given(f->runtime) },
		{ "PackageType", f->image ? TEXT("Image") : NULL },
		{ "FunctionName", value_string(a, f->name) },
		{ "MemorySize", given(f->memory) },
		{ "Timeout", given(f->timeout) },
		{ "Architectures", f->architecture ? LIST(a, given(f->architecture)) : NULL },
		{ "Description", given(f->description) },
		{ "SnapStart", f->snap_start ? MAP(a, { "ApplyOn", TEXT("PublishedVersions") }) : NULL },
		{ "Tags", f->tags ? tag_list(a, f->tags) : NULL },
		{ "EphemeralStorage", storage ? MAP(a, { "Size", storage }) : NULL },
		{ "RecursiveLoop", map_truthy(f->config, "recursiveLoop") },
		{ "DeadLetterConfig", f->on_error ? MAP(a, { "TargetArn", given(f->on_error) }) : NULL },
		{ "KmsKeyArn", given(f->kms_key) },
		{ "TracingConfig", tracing(f, a) },
		{ "Environment", f->environment ? MAP(a, { "Variables", given(f->environment) }) : NULL },
		{ "Role", role(work, f, a) },
		{ "VpcConfig", given(f->vpc) },
		{ "FileSystemConfigs", file_system(f, a) },
		{ "ReservedConcurrentExecutions", reserved_concurrency(f) },
		{ "Layers", layers(f, a) },
		{ "DurableConfig", durable(f, a) },
		{ "LoggingConfig", logging(f, a) },
	);
}

void compile_function(struct work *work, const struct function *f) {
	struct arena *a = work->t->arena;

	template_put(work->t, f->id, MAP(a,
		{ "Type", TEXT("AWS::Lambda::Function") },
		{ "Properties", properties(work, f, a) },
		{ "Condition", given(f->condition) },
		{ "DependsOn", depends_on(f, a) },
	));
}
