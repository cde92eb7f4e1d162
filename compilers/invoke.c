#include "invoke.h"

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
