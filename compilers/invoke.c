#include "invoke.h"

#include <string.h>

#include "base/names.h"

struct value *invoke_uri(struct arena *a, struct value *target) {
	return fn_join(a, "", LIST(a,
		TEXT("arn:"), fn_ref(a, "AWS::Partition"), TEXT(":apigateway:"), fn_ref(a, "AWS::Region"),
		TEXT(":lambda:path/2015-03-31/functions/"), target, TEXT("/invocations"),
	));
}

struct value *lambda_assume_role(struct arena *a, struct value *principals) {
	return MAP(a,
		{ "Version", TEXT("2012-10-17") },
		{ "Statement", LIST(a, MAP(a,
			{ "Effect", TEXT("Allow") },
			{ "Principal", MAP(a, { "Service", principals }) },
			{ "Action", LIST(a, TEXT("sts:AssumeRole")) },
		)) },
	);
}

struct value *allow_statement(struct arena *a, struct value *action, struct value *resource) {
	return MAP(a,
		{ "Effect", TEXT("Allow") },
		{ "Action", action },
		{ "Resource", resource },
	);
}

const char *role_of_function(const struct function *f) {
	const struct value *attribute = map_get(f->role, "Fn::GetAtt");

	if (is_string(f->role)) {
		return strchr(f->role->text, ':') ? NULL : f->role->text;
	}
	if (list_length(attribute) == 2 && is_string(attribute->items[0]) && is_text(attribute->items[1], "Arn")) {
		return attribute->items[0]->text;
	}
	return map_has(f->role, "Fn::ImportValue") || map_has(f->role, "Ref") || map_has(f->role, "Fn::Sub") ? NULL : ID_ROLE;
}

struct value *awaited_by_mapping(struct arena *a, const struct function *f) {
	const char *role = role_of_function(f);

	return LIST(a,
		role ? value_string(a, role) : NULL,
		f->alias_id ? value_string(a, f->alias_id) : NULL,
	);
}

struct value *resource_of_function(struct arena *a, const struct function *function, struct value *type,
		struct value *properties) {
	return MAP(a,
		{ "Type", type },
		{ "DependsOn", function->alias_id ? value_string(a, function->alias_id) : NULL },
		{ "Properties", properties },
	);
}

struct value *invoke_permission(struct arena *a, const struct function *function, struct value *principal, const char *key,
		struct value *from) {
	return resource_of_function(a, function, TEXT("AWS::Lambda::Permission"), MAP(a,
		{ "FunctionName", function->target },
		{ "Action", TEXT("lambda:InvokeFunction") },
		{ "Principal", principal },
		{ key, from },
	));
}

struct value *network_statement(struct arena *a) {
	return allow_statement(a, LIST(a,
		TEXT("ec2:CreateNetworkInterface"),
		TEXT("ec2:DescribeNetworkInterfaces"),
		TEXT("ec2:DescribeVpcs"),
		TEXT("ec2:DeleteNetworkInterface"),
		TEXT("ec2:DescribeSubnets"),
		TEXT("ec2:DescribeSecurityGroups"),
	), TEXT("*"));
}
