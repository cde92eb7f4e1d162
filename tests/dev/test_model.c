/*
 * What slsws dev makes of a template: functions of CloudFormation, selection expressions, the model of an API.
 */
#include "../test.h"

#include <string.h>

#include "base/diag.h"
#include "dev/model.h"
#include "emit.h"
#include "read_json.h"

struct world {
	struct arena *arena;
	struct diag diag;
	struct locality local;
};

static int set_up(void **state) {
	struct arena *a = arena_create();
	struct world *w = arena_new(a, struct world);

	w->arena = a;
	diag_init(&w->diag, a, false);
	w->local = (struct locality){
		.account = "123456789012", .region = "eu-central-1", .stack = "chat-dev", .domain = "localhost:3001",
		.parameters = MAP(a, { "Given", TEXT("from outside") }),
		.stubs = MAP(a, { "import:shared", TEXT("value of the export") }),
	};
	*state = w;
	return 0;
}

static int tear_down(void **state) {
	arena_destroy(((struct world *)*state)->arena);
	return 0;
}

static struct value *json(struct world *w, const char *text) {
	struct source *source = arena_new(w->arena, struct source);

	*source = (struct source){ .name = "template.json", .text = text, .length = strlen(text) };
	struct value *value = read_json(w->arena, source, &w->diag);
	assert_non_null(value);
	return value;
}

static const char *spelt(struct world *w, const struct value *value) {
	struct text out = { 0 };

	if (!value) {
		return "nothing";
	}
	emit_json(&out, value, 0);
	const char *text = arena_copy(w->arena, out.bytes, out.length);
	text_free(&out);
	return text;
}

/* --- functions of CloudFormation -------------------------------------------------------------------------------- */

static const char world_of_functions[] = "{"
	"\"Parameters\":{\"Given\":{\"Type\":\"String\",\"Default\":\"d\"},\"Own\":{\"Type\":\"String\",\"Default\":\"d\"},"
	"\"List\":{\"Type\":\"CommaDelimitedList\",\"Default\":\"a,b\"},\"None\":{\"Type\":\"String\"}},"
	"\"Mappings\":{\"M\":{\"eu-central-1\":{\"Size\":\"large\"}}},"
	"\"Conditions\":{\"Yes\":{\"Fn::Equals\":[{\"Ref\":\"Own\"},\"d\"]},\"No\":{\"Fn::Not\":[{\"Condition\":\"Yes\"}]},"
	"\"Any\":{\"Fn::Or\":[{\"Condition\":\"No\"},{\"Condition\":\"Yes\"}]},"
	"\"All\":{\"Fn::And\":[{\"Condition\":\"No\"},{\"Condition\":\"Yes\"}]},\"Loop\":{\"Condition\":\"Loop\"}},"
	"\"Resources\":{"
	"\"Table\":{\"Type\":\"AWS::DynamoDB::Table\",\"Properties\":{}},"
	"\"Named\":{\"Type\":\"AWS::DynamoDB::Table\",\"Properties\":{\"TableName\":{\"Fn::Sub\":\"${AWS::StackName}-t\"}}},"
	"\"Queue\":{\"Type\":\"AWS::SQS::Queue\"},"
	"\"Fn\":{\"Type\":\"AWS::Lambda::Function\",\"Properties\":{\"FunctionName\":\"f\"}},"
	"\"Version\":{\"Type\":\"AWS::Lambda::Version\",\"Properties\":{\"FunctionName\":{\"Ref\":\"Fn\"}}},"
	"\"A\":{\"Type\":\"AWS::DynamoDB::Table\",\"Properties\":{\"TableName\":{\"Ref\":\"B\"}}},"
	"\"B\":{\"Type\":\"AWS::DynamoDB::Table\",\"Properties\":{\"TableName\":{\"Fn::Sub\":\"${A}${A}\"}}},"
	"\"Api\":{\"Type\":\"AWS::ApiGatewayV2::Api\",\"Properties\":{\"Description\":\"d\"}}}}";

static const struct {
	const char *value, *result;
} resolutions[] = {
	{ "1", "1" },
	{ "{\"a\":[{\"Ref\":\"AWS::NoValue\"},{\"Ref\":\"Own\"}]}", "{\"a\":[\"d\"]}" },
	{ "{\"Ref\":\"AWS::NoValue\"}", "nothing" },
	{ "{\"Ref\":\"AWS::Region\"}", "\"eu-central-1\"" },
	{ "{\"Ref\":\"AWS::AccountId\"}", "\"123456789012\"" },
	{ "{\"Ref\":\"Given\"}", "\"from outside\"" },
	{ "{\"Ref\":\"Own\"}", "\"d\"" },
	{ "{\"Ref\":\"List\"}", "[\"a\",\"b\"]" },
	{ "{\"Ref\":\"Table\"}", "\"chat-dev-Table\"" },
	{ "{\"Ref\":\"Named\"}", "\"chat-dev-t\"" },
	{ "{\"Fn::GetAtt\":[\"Named\",\"Arn\"]}", "\"arn:aws:dynamodb:eu-central-1:123456789012:table/chat-dev-t\"" },
	{ "{\"Fn::GetAtt\":\"Queue.Arn\"}", "\"arn:aws:sqs:eu-central-1:123456789012:chat-dev-Queue\"" },
	{ "{\"Ref\":\"Queue\"}", "\"https://sqs.eu-central-1.amazonaws.com/123456789012/chat-dev-Queue\"" },
	{ "{\"Ref\":\"Version\"}", "\"arn:aws:lambda:eu-central-1:123456789012:function:f:1\"" },
	{ "{\"Fn::GetAtt\":[\"Api\",\"ApiEndpoint\"]}", "\"wss://localhost:3001\"" },
	{ "{\"Fn::GetAtt\":[\"Api\",\"Description\"]}", "\"d\"" },
	{ "{\"Fn::Sub\":\"a ${Own} ${!Own} ${Named.Arn} $ {\"}",
		"\"a d ${Own} arn:aws:dynamodb:eu-central-1:123456789012:table/chat-dev-t $ {\"" },
	{ "{\"Fn::Sub\":[\"${x}/${Own}\",{\"x\":{\"Ref\":\"Given\"}}]}", "\"from outside/d\"" },
	{ "{\"Fn::Join\":[\"-\",[\"a\",{\"Ref\":\"Own\"},1]]}", "\"a-d-1\"" },
	{ "{\"Fn::Join\":[\"-\",{\"Ref\":\"List\"}]}", "\"a-b\"" },
	{ "{\"Fn::Select\":[1,{\"Fn::Split\":[\"::\",\"a::b::c\"]}]}", "\"b\"" },
	{ "{\"Fn::Select\":[7,[1]]}", "nothing" },
	{ "{\"Fn::If\":[\"Yes\",1,2]}", "1" },
	{ "{\"Fn::If\":[\"No\",1,{\"Ref\":\"AWS::NoValue\"}]}", "nothing" },
	{ "{\"Fn::If\":[\"Any\",1,2]}", "1" },
	{ "{\"Fn::If\":[\"All\",1,2]}", "2" },
	{ "{\"Fn::FindInMap\":[\"M\",{\"Ref\":\"AWS::Region\"},\"Size\"]}", "\"large\"" },
	{ "{\"Fn::ImportValue\":\"shared\"}", "\"value of the export\"" },
	{ "{\"Fn::Base64\":\"abcd\"}", "\"YWJjZA==\"" },
	{ "{\"Fn::Select\":[\"0\",{\"Fn::GetAZs\":\"\"}]}", "\"eu-central-1a\"" },
	{ "{\"Fn::ToJsonString\":{\"a\":{\"Ref\":\"Own\"}}}", "\"{\\\"a\\\":\\\"d\\\"}\"" },
	{ "{\"Fn::Length\":{\"Ref\":\"List\"}}", "2" },
};

static void test_resolutions(void **state) {
	struct world *w = *state;
	struct intrinsics *in = intrinsics_create(w->arena, json(w, world_of_functions), &w->local, &w->diag);

	for (size_t i = 0; i < sizeof(resolutions) / sizeof(*resolutions); i++) {
		assert_string_equal(spelt(w, intrinsics_resolve(in, json(w, resolutions[i].value))), resolutions[i].result);
	}
	assert_int_equal(w->diag.errors + w->diag.warnings, 0);
}

static void test_unknown(void **state) {
	struct world *w = *state;
	struct intrinsics *in = intrinsics_create(w->arena, json(w, world_of_functions), &w->local, &w->diag);

	assert_string_equal(intrinsics_text(in, json(w, "{\"Fn::ImportValue\":\"other\"}")), "(the export 'other')");
	assert_string_equal(w->diag.first->code, "G005");
	assert_string_equal(intrinsics_text(in, json(w, "{\"Ref\":\"None\"}")), "(the parameter 'None')");
	assert_int_equal(w->diag.warnings, 2);
}

static void test_circles(void **state) {
	struct world *w = *state;
	struct intrinsics *in = intrinsics_create(w->arena, json(w, world_of_functions), &w->local, &w->diag);

	intrinsics_resolve(in, json(w, "{\"Ref\":\"A\"}"));
	intrinsics_resolve(in, json(w, "{\"Fn::If\":[\"Loop\",1,2]}"));
	assert_int_equal(w->diag.errors, 1);
	assert_string_equal(w->diag.first->code, "G006");
}

/* --- selection expressions --------------------------------------------------------------------------------------- */

static const struct {
	const char *expression, *body, *key;
} selections[] = {
	{ "$request.body.action", "{\"action\":\"say\"}", "say" },
	{ "${request.body.type}", "{\"type\":\"join\"}", "join" },
	{ "$request.body.a.b", "{\"a\":{\"b\":\"c\"}}", "c" },
	{ "${request.body.service}/${request.body.action}", "{\"service\":\"chat\",\"action\":\"join\"}", "chat/join" },
	{ "${request.body.action}-${request.body.invalidPath}", "{\"action\":\"join\"}", "join-" },
	{ "$request.body.service/$request.body.action", "{\"service\":\"chat\",\"action\":\"join\"}", "chat/join" },
	{ "\\$default", "{}", "$default" },
	{ "plain", "{}", "plain" },
	{ "$request.body.n", "{\"n\":1.5}", "1.5" },
	{ "$request.body.n", "{\"n\":true}", "true" },
	{ "$request.body.list", "{\"list\":[\"item1\",\"item2\"]}", "[item1, item2]" },
	{ "$request.body.list[1]", "{\"list\":[\"item1\",\"item2\"]}", "item2" },
	{ "${request.body['a b'].c}", "{\"a b\":{\"c\":\"d\"}}", "d" },
	{ "${request.body.list[*].k}", "{\"list\":[{\"k\":1},{\"k\":2}]}", "[1, 2]" },
	{ "${request.body..k}", "{\"x\":{\"k\":3}}", "[3]" },
	{ "${request.body.$request.body.a}", "{}", "" },
	{ "$request.header.x", "{}", "" },
	{ "$request.body.action", "[]", "" },
	{ "$request.body.action", "\"action\"", "" },
	{ "$request.body.action", "{\"action\":\"$request.body.action\"}", "$request.body.action" },
};

static void test_selections(void **state) {
	struct world *w = *state;

	for (size_t i = 0; i < sizeof(selections) / sizeof(*selections); i++) {
		const char *why = NULL;
		const struct selection *s = selection_parse(w->arena, selections[i].expression, &why);
		assert_non_null(s);
		assert_string_equal(selection_evaluate(w->arena, s, json(w, selections[i].body)), selections[i].key);
		assert_string_equal(selection_evaluate(w->arena, selection_parse(w->arena, "${request.body.x}", &why), NULL), "");
	}
}

static void test_malformed_selections(void **state) {
	static const char *const malformed[] = {
		"$", "$request", "$request.bodyaction", "${request.body.a", "$request.body.", "$request.body[", "$request.body.a[x]",
		"$context", "${}", "${request.body..}",
	};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof(malformed) / sizeof(*malformed); i++) {
		const char *why = NULL;
		assert_null(selection_parse(w->arena, malformed[i], &why));
		assert_non_null(why);
	}
}

/* --- the model ---------------------------------------------------------------------------------------------------- */

#define API "\"Api\":{\"Type\":\"AWS::ApiGatewayV2::Api\",\"Properties\":{\"Name\":\"n\",\"ProtocolType\":\"WEBSOCKET\"," \
	"\"RouteSelectionExpression\":\"$request.body.action\"}}"
#define PART(type, more) "{\"Type\":\"AWS::ApiGatewayV2::" type "\",\"Properties\":{\"ApiId\":{\"Ref\":\"Api\"}," more "}}"
#define URI "{\"Fn::Join\":[\"\",[\"arn:\",{\"Ref\":\"AWS::Partition\"},\":apigateway:x:lambda:path/2015-03-31/functions/\"," \
	"{\"Fn::GetAtt\":[\"Fn\",\"Arn\"]},\"/invocations\"]]}"

static void test_model(void **state) {
	struct world *w = *state;
	const struct model *m = model_read(w->arena, json(w, "{\"Resources\":{"
		"\"Fn\":{\"Type\":\"AWS::Lambda::Function\",\"Properties\":{\"Handler\":\"a.b\",\"Runtime\":\"python3.11\","
		"\"Timeout\":6,\"Code\":{\"S3Key\":\"k\"},\"Environment\":{\"Variables\":{\"X\":{\"Ref\":\"Api\"},\"N\":1,"
		"\"U\":{\"Fn::Sub\":\"https://${Api}.execute-api.${AWS::Region}.amazonaws.com/dev\"}}}}},"
		"\"In\":{\"Type\":\"AWS::Lambda::Function\",\"Properties\":{\"Handler\":\"index.b\",\"Runtime\":\"ruby3.3\","
		"\"Code\":{\"ZipFile\":\"x\"}}},"
		"\"As\":{\"Type\":\"AWS::Lambda::Function\",\"Properties\":{\"Handler\":\"index.b\",\"Runtime\":\"nodejs20.x\","
		"\"Code\":{\"S3Key\":\"x\"}},\"Metadata\":{\"aws:asset:path\":\"asset.1\"}},"
		API ",\"Http\":{\"Type\":\"AWS::ApiGatewayV2::Api\",\"Properties\":{\"ProtocolType\":\"HTTP\"}},"
		"\"Stage\":" PART("Stage", "\"StageName\":\"dev\"") ",\"I\":" PART("Integration", "\"IntegrationType\":\"AWS_PROXY\","
		"\"IntegrationUri\":" URI) ",\"M\":" PART("Integration", "\"IntegrationType\":\"MOCK\"")
		",\"H\":" PART("Integration", "\"IntegrationType\":\"HTTP\"") ",\"Lost\":" PART("Integration",
		"\"IntegrationType\":\"AWS_PROXY\",\"IntegrationUri\":\"arn:x\"")
		",\"Au\":" PART("Authorizer", "\"AuthorizerUri\":" URI ",\"IdentitySource\":[\"route.request.header.Auth\"]")
		",\"R1\":" PART("Route", "\"RouteKey\":\"$connect\",\"AuthorizerId\":{\"Ref\":\"Au\"},"
		"\"Target\":{\"Fn::Join\":[\"/\",[\"integrations\",{\"Ref\":\"I\"}]]}")
		",\"R2\":" PART("Route", "\"RouteKey\":\"say\",\"RouteResponseSelectionExpression\":\"$default\"")
		",\"R3\":" PART("Route", "\"RouteKey\":\"$default\",\"RouteResponseSelectionExpression\":\"$default\"")
		",\"RR\":" PART("RouteResponse", "\"RouteId\":{\"Ref\":\"R3\"},\"RouteResponseKey\":\"$default\"")
		"}}"), &w->local, "cdk.out/", "service", &w->diag);

	assert_non_null(m);
	const struct lambda *f = m->functions;
	assert_string_equal(f->name, "chat-dev-Fn");
	assert_int_equal(f->timeout_ms, 6000);
	assert_string_equal(f->folder, "service");
	assert_int_equal(f->environment_count, 3);
	assert_string_equal(f->environment[0].value, m->apis->id);
	assert_string_equal(f->environment[1].value, "1");
	assert_string_equal(f->environment[2].value, "https://localhost:3001/dev");
	assert_string_equal(f->next->inline_code, "x");
	assert_string_equal(f->next->next->folder, "cdk.out/asset.1");
	const struct api *api = m->apis;
	assert_null(api->next);
	assert_ptr_equal(api->connect->integration->function, f);
	assert_ptr_equal(api->connect->authorizer->function, f);
	assert_string_equal(api->connect->authorizer->sources->name, "Auth");
	assert_false(model_route(api, "say")->responds);
	assert_true(api->fallback->responds);
	assert_null(api->disconnect);
	assert_non_null(model_stage(api, "dev"));
	diag_sort(&w->diag);
	const char *const codes[] = { "G003", "G009", "G004" };
	const struct diagnostic *d = w->diag.first;
	for (size_t i = 0; i < 3; i++, d = d->next) {
		assert_string_equal(d->code, codes[i]);
	}
	assert_null(d);
}

static void test_bad_models(void **state) {
	static const struct {
		const char *template, *code;
	} bad[] = {
		{ "{}", "G001" },
		{ "{\"Resources\":[1]}", "G001" },
		{ "{\"Resources\":{\"A\":{\"Type\":\"AWS::ApiGatewayV2::Api\",\"Condition\":\"No\",\"Properties\":"
			"{\"ProtocolType\":\"WEBSOCKET\"}}}}", "G001" },
		{ "{\"Resources\":{\"A\":{\"Type\":\"AWS::ApiGatewayV2::Api\",\"Properties\":"
			"{\"ProtocolType\":\"WEBSOCKET\",\"RouteSelectionExpression\":\"$x\"}}}}", "G007" },
		{ "{\"Resources\":{" API "}}", "G002" },
		{ "{\"Resources\":{" API ",\"S\":" PART("Stage", "\"StageName\":\"x\"") ",\"F\":{\"Type\":\"AWS::Lambda::Function\","
			"\"Properties\":{\"Runtime\":\"nodejs22.x\",\"Code\":{\"S3Key\":\"x\"}}}}}", "G008" },
	};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		diag_init(&w->diag, w->arena, false);
		model_read(w->arena, json(w, bad[i].template), &w->local, "", NULL, &w->diag);
		assert_string_equal(w->diag.first->code, bad[i].code);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_resolutions, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_unknown, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_circles, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_selections, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_malformed_selections, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_model, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_bad_models, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
