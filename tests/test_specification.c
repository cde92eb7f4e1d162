#include "test.h"

#include <string.h>

#include "specification.h"

static const struct spec_property *find(const char *type, const char *name) {
	return spec_property_find(spec_type_properties(spec_type_find(type)), name);
}

static const struct spec_value *value_of(const char *type, const char *name) {
	return spec_property_value(find(type, name));
}

static void types_are_found_by_their_names(void **state) {
	static const char *const names[] = {
		"AWS::ApiGatewayV2::Route", "AWS::Lambda::Function", "AWS::S3::Bucket", "AWS::DynamoDB::Table",
		"AWS::QuickSight::Dashboard", "AWS::Serverless::Function", "AWS::ACMPCA::Certificate", "Alexa::ASK::Skill",
	};
	static const char *const no_names[] = {
		"", "A", "AWS", "AWS::", "AWS::Lambda", "AWS::Lambda::Functio", "AWS::Lambda::Functions", "aws::lambda::function",
		"Custom::Thing", "ZZZ",
	};
	(void)state;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		assert_string_equal(spec_type_name(spec_type_find(names[i])), names[i]);
	}
	for (size_t i = 0; i < sizeof(no_names) / sizeof(*no_names); i++) {
		assert_null(spec_type_find(no_names[i]));
	}
	assert_null(spec_type_name(NULL));
	assert_string_equal(spec_date(), "2026-09-29");
}

static void properties_are_found_by_their_names(void **state) {
	const struct spec_object *route = spec_type_properties(spec_type_find("AWS::ApiGatewayV2::Route"));
	(void)state;

	assert_int_equal(spec_object_length(route), 12);
	for (size_t i = 0; i < spec_object_length(route); i++) {
		const struct spec_property *p = spec_object_property(route, i);
		assert_ptr_equal(spec_property_find(route, spec_property_name(p)), p);
	}
	assert_null(spec_object_property(route, 12));
	assert_null(spec_property_find(route, "ApiID"));
	assert_null(spec_property_find(NULL, "ApiId"));
	assert_null(find("AWS::No::Type", "ApiId"));
	assert_int_equal(spec_property_flags(find("AWS::ApiGatewayV2::Route", "ApiId")), SPEC_REQUIRED | SPEC_REPLACES);
	assert_int_equal(spec_property_flags(find("AWS::ApiGatewayV2::Route", "RouteKey")), SPEC_REQUIRED);
	assert_int_equal(spec_property_flags(find("AWS::Lambda::Function", "Handler")), 0);
	assert_int_equal(spec_property_flags(find("AWS::IAM::Role", "ManagedPolicyArns")), SPEC_SENSITIVE);
	assert_int_equal(spec_property_flags(NULL), 0);
}

static void values_tell_their_kind(void **state) {
	static const struct { const char *type, *property; enum spec_kind kind; } cases[] = {
		{ "AWS::ApiGatewayV2::Route", "RouteKey", SPEC_STRING },
		{ "AWS::ApiGatewayV2::Route", "ApiKeyRequired", SPEC_BOOLEAN },
		{ "AWS::ApiGatewayV2::Route", "RequestParameters", SPEC_JSON },
		{ "AWS::ApiGatewayV2::Route", "AuthorizationScopes", SPEC_LIST },
		{ "AWS::Lambda::Function", "MemorySize", SPEC_INTEGER },
		{ "AWS::Lambda::Function", "Environment", SPEC_OBJECT },
		{ "AWS::ApiGateway::RestApi", "Parameters", SPEC_MAP },
		{ "AWS::DynamoDB::Table", "KeySchema", SPEC_CHOICE },
		{ "AWS::CloudWatch::Alarm", "Threshold", SPEC_NUMBER },
		{ "AWS::Lambda::Function", "Nothing", SPEC_JSON },
	};
	const struct spec_value *key_schema = value_of("AWS::DynamoDB::Table", "KeySchema");
	const struct spec_object *environment = spec_value_object(value_of("AWS::Lambda::Function", "Environment"));
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(spec_value_kind(value_of(cases[i].type, cases[i].property)), cases[i].kind);
	}
	assert_int_equal(spec_value_kind(spec_value_choice(key_schema, 0)), SPEC_LIST);
	assert_int_equal(spec_value_kind(spec_value_choice(key_schema, 1)), SPEC_JSON);
	assert_null(spec_value_choice(key_schema, 2));
	assert_int_equal(spec_value_kind(spec_value_choice(value_of("AWS::IAM::Role", "AssumeRolePolicyDocument"), 0)), SPEC_JSON);
	assert_int_equal(spec_value_kind(spec_value_choice(value_of("AWS::IAM::Role", "AssumeRolePolicyDocument"), 1)), SPEC_STRING);
	assert_null(spec_value_choice(value_of("AWS::Lambda::Function", "Handler"), 0));
	assert_int_equal(spec_value_kind(spec_property_value(spec_property_find(environment, "Variables"))), SPEC_MAP);
	assert_null(spec_value_object(value_of("AWS::Lambda::Function", "Handler")));
	assert_null(spec_value_items(NULL));
}

/* A definition that refers to itself has a row before what is in it has. */
static void objects_may_hold_themselves(void **state) {
	const struct spec_object *statement =
		spec_value_object(spec_value_items(value_of("AWS::WAFv2::WebACL", "Rules")));
	(void)state;

	statement = spec_value_object(spec_property_value(spec_property_find(statement, "Statement")));
	for (int i = 0; i < 100; i++) {
		statement = spec_value_object(spec_property_value(spec_property_find(statement, "NotStatement")));
		statement = spec_value_object(spec_property_value(spec_property_find(statement, "Statement")));
		assert_non_null(statement);
	}
}

static double limit_of(const char *type, const char *name, enum spec_limit_kind kind) {
	struct spec_limit limit;

	return spec_limit_find(value_of(type, name), kind, &limit) ? limit.number : -1;
}

static void limits_are_those_of_the_schemas(void **state) {
	struct spec_limit limit;
	(void)state;

	assert_true(limit_of("AWS::Lambda::Function", "MemorySize", SPEC_MINIMUM) == 128);
	assert_true(limit_of("AWS::Lambda::Function", "MemorySize", SPEC_MAXIMUM) == 32768);
	assert_true(limit_of("AWS::Lambda::Function", "Timeout", SPEC_MAXIMUM) == 900);
	assert_true(limit_of("AWS::Lambda::Function", "Timeout", SPEC_MIN_LENGTH) == -1);
	assert_true(limit_of("AWS::Lambda::Function", "Layers", SPEC_MAX_ITEMS) == 5);
	assert_true(spec_limit_find(value_of("AWS::Lambda::Function", "PackageType"), SPEC_ENUM, &limit));
	assert_int_equal(limit.count, 2);
	assert_string_equal(spec_word(limit.words, 0), "Image");
	assert_string_equal(spec_word(limit.words, 1), "Zip");
	assert_true(spec_limit_find(value_of("AWS::Lambda::Function", "Role"), SPEC_TO, &limit));
	assert_string_equal(spec_word(limit.words, 0), "AWS::IAM::Role.Arn");
	assert_true(spec_limit_find(value_of("AWS::Lambda::Function", "Handler"), SPEC_PATTERN, &limit));
	assert_string_equal(limit.text, "^[^\\s]+$");
	assert_int_equal(spec_limit_count(NULL), 0);
}

static void rules_name_sets_of_keys(void **state) {
	const struct spec_object *rule = spec_type_properties(spec_type_find("AWS::Events::Rule"));
	const struct spec_object *version = spec_type_properties(spec_type_find("AWS::CloudFormation::HookDefaultVersion"));
	struct spec_rule r;
	(void)state;

	assert_int_equal(spec_rule_count(rule), 1);
	r = spec_rule(rule, 0);
	assert_int_equal(r.kind, SPEC_SOME_OF);
	assert_string_equal(spec_rule_key(&r.words), "EventPattern");
	assert_null(spec_rule_key(&r.words));
	assert_string_equal(spec_rule_key(&r.words), "ScheduleExpression");
	assert_null(spec_rule_key(&r.words));
	assert_null(spec_rule_key(&r.words));
	r = spec_rule(version, 0);
	assert_int_equal(r.kind, SPEC_ONE_OF);
	assert_string_equal(spec_rule_key(&r.words), "TypeVersionArn");
	assert_null(spec_rule_key(&r.words));
	assert_string_equal(spec_rule_key(&r.words), "TypeName");
	assert_string_equal(spec_rule_key(&r.words), "VersionId");
	assert_int_equal(spec_rule_count(NULL), 0);
}

static void attributes_are_known(void **state) {
	static const struct { const char *type, *attribute; bool is; } cases[] = {
		{ "AWS::Lambda::Function", "Arn", true }, { "AWS::Lambda::Function", "arn", false },
		{ "AWS::Lambda::Function", "SnapStartResponse.ApplyOn", true },
		{ "AWS::RDS::DBInstance", "Endpoint.Address", true }, { "AWS::RDS::DBInstance", "Endpoint.Adress", false },
		{ "AWS::CloudFormation::Stack", "Outputs.Anything", true }, { "AWS::CloudFormation::Stack", "OutputsX", false },
		{ "AWS::CloudFormation::CustomResource", "Anything", true }, { "AWS::S3::Bucket", "", false },
	};
	struct arena *a = arena_create();
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_true(spec_type_has_attribute(spec_type_find(cases[i].type), cases[i].attribute) == cases[i].is);
	}
	assert_false(spec_type_has_attribute(NULL, "Arn"));
	assert_string_equal(spec_type_closest_attribute(a, spec_type_find("AWS::Lambda::Function"), "ARN"), "Arn");
	assert_null(spec_type_closest_attribute(a, NULL, "ARN"));
	assert_string_equal(spec_type_ref(spec_type_find("AWS::Lambda::Function")), "FunctionName");
	assert_null(spec_type_ref(spec_type_find("AWS::Events::Rule")));
	arena_destroy(a);
}

static void the_closest_names_are_given(void **state) {
	struct arena *a = arena_create();
	const struct spec_object *route = spec_type_properties(spec_type_find("AWS::ApiGatewayV2::Route"));
	(void)state;

	assert_string_equal(spec_type_closest("AWS::Lambda::Functoin"), "AWS::Lambda::Function");
	assert_null(spec_type_closest("Something::Else::Entirely"));
	assert_string_equal(spec_property_closest(a, route, "RoutKey"), "RouteKey");
	assert_null(spec_property_closest(a, NULL, "RoutKey"));
	arena_destroy(a);
}

#define CHANGE(type, ...) spec_change(spec_type_find(type), (const char *const[]){ __VA_ARGS__ }, \
	sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))

static void changes_replace_what_AWS_says(void **state) {
	(void)state;

	assert_int_equal(CHANGE("AWS::ApiGatewayV2::Route", "ApiId"), SPEC_CHANGE_REPLACES);
	assert_int_equal(CHANGE("AWS::ApiGatewayV2::Route", "RouteKey"), SPEC_CHANGE_IN_PLACE);
	assert_int_equal(CHANGE("AWS::ApiGatewayV2::Route", "Nothing"), SPEC_CHANGE_UNKNOWN);
	assert_int_equal(CHANGE("AWS::ApiGatewayV2::Route", "RequestParameters", "anything", "at all"), SPEC_CHANGE_IN_PLACE);
	assert_int_equal(CHANGE("AWS::No::Type", "ApiId"), SPEC_CHANGE_UNKNOWN);
	assert_int_equal(CHANGE("AWS::DynamoDB::Table", "KeySchema", NULL, "AttributeName"), SPEC_CHANGE_REPLACES);
	assert_int_equal(CHANGE("AWS::DynamoDB::Table", "Tags", NULL, "Value"), SPEC_CHANGE_IN_PLACE);
	assert_int_equal(CHANGE("AWS::Lambda::Function", "Environment", "Variables", "NAME"), SPEC_CHANGE_IN_PLACE);
	assert_int_equal(CHANGE("AWS::Lambda::Function", "Environment", "Other", "NAME"), SPEC_CHANGE_UNKNOWN);
	assert_int_equal(CHANGE("AWS::EFS::AccessPoint", "RootDirectory", "Path"), SPEC_CHANGE_REPLACES);
	assert_int_equal(CHANGE("AWS::RDS::DBInstance", "EngineVersion"), SPEC_CHANGE_IN_PLACE);
	assert_int_equal(CHANGE("AWS::RDS::DBInstance", "AvailabilityZone"), SPEC_CHANGE_MAY_REPLACE);
	assert_int_equal(spec_change(spec_type_find("AWS::Lambda::Function"), NULL, 0), SPEC_CHANGE_UNKNOWN);
	assert_true(spec_type_is_stateful(spec_type_find("AWS::DynamoDB::Table")));
	assert_false(spec_type_is_stateful(spec_type_find("AWS::ApiGatewayV2::Route")));
	assert_true(spec_type_is_sensitive(spec_type_find("AWS::Lambda::Permission")));
	assert_true(spec_path_is_sensitive(spec_type_find("AWS::IAM::Role"),
		(const char *const[]){ "Policies", NULL, "PolicyDocument" }, 3));
	assert_false(spec_path_is_sensitive(spec_type_find("AWS::IAM::Role"), (const char *const[]){ "RoleName" }, 1));
}

/* Every row of the table leads somewhere: nothing is out of bounds (the sanitizers see it), all is in order. */
static void walk(const struct spec_value *value, int depth) {
	const struct spec_object *object = spec_value_object(value);

	for (size_t i = 0; i < spec_limit_count(value); i++) {
		struct spec_limit limit = spec_limit(value, i);
		for (size_t j = 0; j < limit.count; j++) {
			assert_true(j == 0 || strcmp(spec_word(limit.words, j - 1), spec_word(limit.words, j)) < 0);
		}
	}
	for (size_t i = 0; depth < 4 && i < spec_object_length(object); i++) {
		const struct spec_property *p = spec_object_property(object, i);
		assert_ptr_equal(spec_property_find(object, spec_property_name(p)), p);
		walk(spec_property_value(p), depth + 1);
	}
	for (size_t i = 0; depth < 4 && spec_value_choice(value, i); i++) {
		walk(spec_value_choice(value, i), depth + 1);
	}
	if (depth < 4 && spec_value_items(value)) {
		walk(spec_value_items(value), depth + 1);
	}
}

static void the_table_is_sound(void **state) {
	size_t count = 0;
	const struct spec_type *type;
	(void)state;

	for (; (type = spec_type_at(count)) != NULL; count++) {
		const struct spec_object *object = spec_type_properties(type);
		assert_ptr_equal(spec_type_find(spec_type_name(type)), type);
		for (size_t i = 0; i < spec_object_length(object); i++) {
			const struct spec_property *p = spec_object_property(object, i);
			assert_ptr_equal(spec_property_find(object, spec_property_name(p)), p);
			walk(spec_property_value(p), 0);
		}
	}
	assert_int_equal(count, 1829);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types_are_found_by_their_names),
		cmocka_unit_test(properties_are_found_by_their_names),
		cmocka_unit_test(values_tell_their_kind),
		cmocka_unit_test(objects_may_hold_themselves),
		cmocka_unit_test(limits_are_those_of_the_schemas),
		cmocka_unit_test(rules_name_sets_of_keys),
		cmocka_unit_test(attributes_are_known),
		cmocka_unit_test(the_closest_names_are_given),
		cmocka_unit_test(changes_replace_what_AWS_says),
		cmocka_unit_test(the_table_is_sound),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
