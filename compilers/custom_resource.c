#include "custom_resource.h"

#include <string.h>

#include "base/hash.h"
#include "base/names.h"
#include "base/text.h"
#include "compilers.h"
#include "invoke.h"

struct handler {
	const char *function, *handler;
};

static const struct handler handlers[] = {
	[CUSTOM_ACCOUNT_ROLE] = { FUNCTION_ACCOUNT_ROLE, "api-gateway-cloud-watch-role/handler.handler" },
};

/* Lambda takes names of up to 64 characters; a longer one keeps its beginning and gets a digest. */
static const char *function_name(const struct service *service, const struct handler *handler) {
	enum { LONGEST = 64, KEPT = 32 };
	struct arena *a = service->arena;
	const char *name = arena_printf(a, "%s-%s-%s", service->name, service->stage, handler->function);

	return strlen(name) <= LONGEST ? name :
		arena_printf(a, "%.*s%s", KEPT, name, md5_hex(a, name, strlen(name)));
}

/* The role that deploys serves here too; a null one counts as written, as in the reference. */
static struct value *deployment_role(const struct service *service) {
	const struct value *iam = map_get(service->provider, "iam");
	struct value *role = map_get(iam, "deploymentRole");

	return value_or(role ? role : map_get(service->provider, "cfnRole"), NULL);
}

static bool writes_logs(const struct service *service) {
	return is_truthy(map_get(map_get(service->provider, "logs"), "frameworkLambda"));
}

/* --- the role ------------------------------------------------------------------------------------------------ */

static struct value *log_statement(const struct service *service, struct value *actions, const char *tail) {
	struct arena *a = service->arena;

	return MAP(a,
		{ "Effect", TEXT("Allow") },
		{ "Action", actions },
		{ "Resource", LIST(a, fn_sub(a, "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}"
			":log-group:/aws/lambda/%s-%s%s", service->name, service->stage, tail)) },
	);
}

static struct value *first_statements(const struct service *service) {
	struct arena *a = service->arena;

	if (!writes_logs(service)) {
		return value_list(a);
	}
	return LIST(a,
		log_statement(service, LIST(a, TEXT("logs:CreateLogStream"),
			TEXT("logs:CreateLogGroup"), TEXT("logs:TagResource")), "*:*"),
		log_statement(service, LIST(a, TEXT("logs:PutLogEvents")), "*:*:*"),
	);
}

/* Returns the list of the role's statements. */
static struct value *add_role(const struct service *service, struct template *t) {
	struct arena *a = t->arena;
	struct value *statements = first_statements(service);

	template_add(t, ID_CUSTOM_RESOURCES_ROLE, "AWS::IAM::Role", MAP(a,
		{ "AssumeRolePolicyDocument", lambda_assume_role(a, LIST(a, TEXT("lambda.amazonaws.com"))) },
		{ "Policies", LIST(a, MAP(a,
			{ "PolicyName", fn_join(a, "-", LIST(a,
				value_string(a, service->stage), value_string(a, service->name),
				TEXT("custom-resources-lambda"),
			)) },
			{ "PolicyDocument", MAP(a,
				{ "Version", TEXT("2012-10-17") },
				{ "Statement", statements },
			) },
		)) },
	));
	return statements;
}

static struct value *role_statements(const struct service *service, struct template *t) {
	const struct value *role = map_get(t->resources, ID_CUSTOM_RESOURCES_ROLE);
	const struct value *policies = map_get(map_get(role, "Properties"), "Policies");
	struct value *statements = map_get(map_get(list_get(policies, 0), "PolicyDocument"), "Statement");

	return statements ? statements : add_role(service, t);
}

/* --- the function -------------------------------------------------------------------------------------------- */

static const struct value *runtime(const struct service *service) {
	static const char newest[] = "nodejs24.x";
	const struct value *own = map_get(service->provider, "runtime");

	return is_string(own) && text_starts(own->text, "nodejs") ? own : value_string(service->arena, newest);
}

static struct value *architectures(const struct service *service) {
	struct value *own = map_get(service->provider, "architecture");

	return is_truthy(own) ? LIST(service->arena, own) : NULL;
}

static struct value *code(const struct service *service) {
	struct arena *a = service->arena;

	return MAP(a,
		{ "S3Bucket", artifact_bucket(service, a) },
		{ "S3Key", value_printf(a, "%s/custom-resources.zip", service->artifact_directory) },
	);
}

static void add_log_group(const struct service *service, struct template *t, const struct handler *handler) {
	struct arena *a = t->arena;

	template_add(t, name_log_group(a, handler->function), "AWS::Logs::LogGroup", MAP(a,
		{ "LogGroupName", value_printf(a, "/aws/lambda/%s", function_name(service, handler)) },
		{ "RetentionInDays", map_get(service->provider, "logRetentionInDays") },
		{ "DataProtectionPolicy", map_get(service->provider, "logDataProtectionPolicy") },
	));
}

void custom_resource_add(const struct service *service, struct template *t, enum custom_resource which,
		struct value *statements) {
	const struct handler *handler = &handlers[which];
	struct arena *a = t->arena;
	struct value *role = deployment_role(service);
	struct value *all = role ? NULL : role_statements(service, t);

	for (size_t i = 0; all && i < list_length(statements); i++) {
		list_add(a, all, statements->items[i]);
	}
	template_put(t, name_lambda(a, handler->function), MAP(a,
		{ "Type", TEXT("AWS::Lambda::Function") },
		{ "Properties", MAP(a,
			{ "Code", code(service) },
			{ "FunctionName", value_string(a, function_name(service, handler)) },
			{ "Handler", value_string(a, handler->handler) },
			{ "MemorySize", value_number(a, 1024) },
			{ "Runtime", (struct value *)runtime(service) },
			{ "Timeout", value_number(a, 180) },
			{ "Architectures", architectures(service) },
			{ "Role", role ? role : fn_get_att(a, ID_CUSTOM_RESOURCES_ROLE, "Arn") },
		) },
		{ "DependsOn", LIST(a,
			role ? NULL : value_string(a, ID_CUSTOM_RESOURCES_ROLE),
			writes_logs(service) ? value_string(a, name_log_group(a, handler->function)) : NULL,
		) },
	));
	if (writes_logs(service)) {
		add_log_group(service, t, handler);
	}
}
