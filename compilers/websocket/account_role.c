/* API Gateway writes logs through a role of the account, which a custom resource sets. */
#include "compilers.h"
#include "custom_resource.h"

static struct value *role_statement(struct arena *a) {
	return MAP(a,
		{ "Effect", TEXT("Allow") },
		{ "Resource", fn_join(a, ":", LIST(a,
			TEXT("arn"), fn_ref(a, "AWS::Partition"), TEXT("iam:"),
			fn_ref(a, "AWS::AccountId"), TEXT("role/*"),
		)) },
		{ "Action", LIST(a,
			TEXT("iam:AttachRolePolicy"), TEXT("iam:CreateRole"),
			TEXT("iam:ListAttachedRolePolicies"), TEXT("iam:PassRole"),
		) },
	);
}

static struct value *account_statement(struct arena *a) {
	return MAP(a,
		{ "Effect", TEXT("Allow") },
		{ "Resource", fn_join(a, ":", LIST(a,
			TEXT("arn"), fn_ref(a, "AWS::Partition"), TEXT("apigateway:*::/account"),
		)) },
		{ "Action", LIST(a, TEXT("apigateway:GET"), TEXT("apigateway:PATCH")) },
	);
}

/* The settings are those of REST APIs, which share the account's role. */
void compile_account_role(const struct service *service, struct template *t, struct diag *diag) {
	const struct value *settings = map_get(map_get(service->provider, "logs"), "restApi");
	struct arena *a = t->arena;
	(void)diag;

	if (!service->websocket.logs || is_truthy(map_get(settings, "roleManagedExternally"))) {
		return;
	}
	template_put(t, ID_ACCOUNT_ROLE, MAP(a,
		{ "Type", TEXT("Custom::ApiGatewayAccountRole") },
		{ "Version", value_number(a, 1) },
		{ "Properties", MAP(a,
			{ "ServiceToken", fn_get_att(a, name_lambda(a, FUNCTION_ACCOUNT_ROLE), "Arn") },
			{ "RoleArn", map_get(settings, "role") },
		) },
	));
	custom_resource_add(service, t, CUSTOM_ACCOUNT_ROLE, LIST(a, role_statement(a), account_statement(a)));
}
