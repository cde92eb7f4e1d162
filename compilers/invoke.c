#include "invoke.h"

struct value *invoke_uri(struct arena *a, struct value *target) {
	return fn_join(a, "", LIST(a,
		TEXT("arn:"), fn_ref(a, "AWS::Partition"), TEXT(":apigateway:"), fn_ref(a, "AWS::Region"),
		TEXT(":lambda:path/2015-03-31/functions/"), target, TEXT("/invocations"),
	));
}

struct value *lambda_assume_role(struct arena *a) {
	return MAP(a,
		{ "Version", TEXT("2012-10-17") },
		{ "Statement", LIST(a, MAP(a,
			{ "Effect", TEXT("Allow") },
			{ "Principal", MAP(a, { "Service", LIST(a, TEXT("lambda.amazonaws.com")) }) },
			{ "Action", LIST(a, TEXT("sts:AssumeRole")) },
		)) },
	);
}
