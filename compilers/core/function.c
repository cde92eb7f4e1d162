/* AWS::Lambda::Function: one for each function. */
#include <string.h>

#include "base/text.h"
#include "core.h"

struct form *function_zip_form(const struct service *service, struct arena *a) {
	return form_create(a, MAP(a,
		{ "S3Bucket", artifact_bucket(service, a) },
		{ "S3Key", BLANK(0) },
	));
}

static struct value *code(struct work *work, const struct function *f, struct arena *a) {
	if (f->image) {
		return MAP(a, { "ImageUri", value_string(a, f->image->uri) });
	}
	if (!work->code || strcmp(work->artifact, f->artifact) != 0) {
		work->artifact = f->artifact;
		work->code = FILL(work->zip, value_printf(a, "%s/%s", work->service->artifact_directory, f->artifact));
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

enum {
	CODE, IMAGE_CONFIG, RUNTIME_MANAGEMENT, HANDLER, RUNTIME, PACKAGE_TYPE, NAME, MEMORY, TIMEOUT, ARCHITECTURES,
	DESCRIPTION, SNAP_START, TAGS, STORAGE, RECURSIVE_LOOP, DEAD_LETTER, KMS_KEY, TRACING, ENVIRONMENT, ROLE, VPC,
	FILE_SYSTEMS, RESERVED_CONCURRENCY, LAYERS, DURABLE, LOGGING,
};

struct form *function_properties_form(struct arena *a) {
	return form_create(a, MAP(a,
		{ "Code", BLANK(CODE) },
		{ "ImageConfig", BLANK(IMAGE_CONFIG) },
		{ "RuntimeManagementConfig", BLANK(RUNTIME_MANAGEMENT) },
		{ "Handler", BLANK(HANDLER) },
		{ "Runtime", BLANK(RUNTIME) },
		{ "PackageType", BLANK(PACKAGE_TYPE) },
		{ "FunctionName", BLANK(NAME) },
		{ "MemorySize", BLANK(MEMORY) },
		{ "Timeout", BLANK(TIMEOUT) },
		{ "Architectures", BLANK(ARCHITECTURES) },
		{ "Description", BLANK(DESCRIPTION) },
		{ "SnapStart", BLANK(SNAP_START) },
		{ "Tags", BLANK(TAGS) },
		{ "EphemeralStorage", BLANK(STORAGE) },
		{ "RecursiveLoop", BLANK(RECURSIVE_LOOP) },
		{ "DeadLetterConfig", BLANK(DEAD_LETTER) },
		{ "KmsKeyArn", BLANK(KMS_KEY) },
		{ "TracingConfig", BLANK(TRACING) },
		{ "Environment", BLANK(ENVIRONMENT) },
		{ "Role", BLANK(ROLE) },
		{ "VpcConfig", BLANK(VPC) },
		{ "FileSystemConfigs", BLANK(FILE_SYSTEMS) },
		{ "ReservedConcurrentExecutions", BLANK(RESERVED_CONCURRENCY) },
		{ "Layers", BLANK(LAYERS) },
		{ "DurableConfig", BLANK(DURABLE) },
		{ "LoggingConfig", BLANK(LOGGING) },
	));
}

static struct value *properties(struct work *work, const struct function *f, struct arena *a) {
	struct value *storage = map_truthy(f->config, "ephemeralStorageSize");

	return FILL(work->properties,
		[CODE] = code(work, f, a),
		[IMAGE_CONFIG] = image_config(f, a),
		[RUNTIME_MANAGEMENT] = given(f->runtime_management),
		[HANDLER] = f->image ? NULL : map_truthy(f->config, "handler"),
		[RUNTIME] = f->image ? NULL : given(f->runtime),
		[PACKAGE_TYPE] = f->image ? TEXT("Image") : NULL,
		[NAME] = value_string(a, f->name),
		[MEMORY] = given(f->memory),
		[TIMEOUT] = given(f->timeout),
		[ARCHITECTURES] = f->architecture ? LIST(a, given(f->architecture)) : NULL,
		[DESCRIPTION] = given(f->description),
		[SNAP_START] = f->snap_start ? MAP(a, { "ApplyOn", TEXT("PublishedVersions") }) : NULL,
		[TAGS] = f->tags ? tag_list(a, f->tags) : NULL,
		[STORAGE] = storage ? MAP(a, { "Size", storage }) : NULL,
		[RECURSIVE_LOOP] = map_truthy(f->config, "recursiveLoop"),
		[DEAD_LETTER] = f->on_error ? MAP(a, { "TargetArn", given(f->on_error) }) : NULL,
		[KMS_KEY] = given(f->kms_key),
		[TRACING] = tracing(f, a),
		[ENVIRONMENT] = f->environment ? MAP(a, { "Variables", given(f->environment) }) : NULL,
		[ROLE] = role(work, f, a),
		[VPC] = given(f->vpc),
		[FILE_SYSTEMS] = file_system(f, a),
		[RESERVED_CONCURRENCY] = reserved_concurrency(f),
		[LAYERS] = layers(f, a),
		[DURABLE] = durable(f, a),
		[LOGGING] = logging(f, a),
	);
}

enum { PROPERTIES, CONDITION, DEPENDS_ON };

struct form *function_form(struct arena *a) {
	return form_create(a, MAP(a,
		{ "Type", TEXT("AWS::Lambda::Function") },
		{ "Properties", BLANK(PROPERTIES) },
		{ "Condition", BLANK(CONDITION) },
		{ "DependsOn", BLANK(DEPENDS_ON) },
	));
}

void compile_function(struct work *work, const struct function *f) {
	struct arena *a = work->t->arena;

	template_put(work->t, f->id, FILL(work->function,
		[PROPERTIES] = properties(work, f, a),
		[CONDITION] = given(f->condition),
		[DEPENDS_ON] = depends_on(f, a),
	));
}
