#include "invoke.h"

#include "base/names.h"

struct value *invoke_target(struct arena *a, const struct function *function) {
	struct value *arn = MAP(a, { "Fn::GetAtt", LIST(a, value_string(a, function->id), TEXT("Arn")) });

	return function->alias ? fn_join(a, ":", LIST(a, arn, value_string(a, function->alias))) : arn;
}

struct value *invoke_uri_parts(struct arena *a) {
	return LIST(a,
		TEXT("arn:"), fn_ref(a, "AWS::Partition"), TEXT(":apigateway:"), fn_ref(a, "AWS::Region"),
		TEXT(":lambda:path/2015-03-31/functions/"), TEXT("/invocations"));
}

struct value *invoke_uri(struct arena *a, const struct value *parts, struct value *target) {
	struct value *const *part = parts->items;

	return MAP(a, { "Fn::Join", LIST(a,
		TEXT(""),
		LIST(a, part[0], part[1], part[2], part[3], part[4], target, part[5]),
	) });
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
