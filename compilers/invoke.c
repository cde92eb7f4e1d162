#include "invoke.h"

#include "base/names.h"

struct value *invoke_target(struct arena *a, const struct function *function) {
	struct value *arn = fn_get_att(a, name_lambda(a, function->key), "Arn");

	return function->alias ? fn_join(a, ":", LIST(a, arn, value_string(a, function->alias))) : arn;
}

struct value *invoke_uri(struct arena *a, struct value *target) {
	return fn_join(a, "", LIST(a,
		value_string(a, "arn:"), fn_ref(a, "AWS::Partition"), value_string(a, ":apigateway:"),
		fn_ref(a, "AWS::Region"), value_string(a, ":lambda:path/2015-03-31/functions/"), target,
		value_string(a, "/invocations"),
	));
}
