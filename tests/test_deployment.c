#include "test.h"

#include <string.h>

#include "compilers.h"
#include "read_json.h"

/* A service with one route, whose API is its own or, with an id, somebody else's. */
static struct service *one_route(struct arena *a, const char *external_id) {
	struct service *service = arena_new(a, struct service);
	struct function *function = arena_new(a, struct function);
	struct route *route = arena_new(a, struct route);

	function->key = "f";
	*route = (struct route){ .function = function, .key = "r", .id = name_route(a, "r") };
	service->arena = a;
	service->name = "service";
	service->stage = "dev";
	service->functions = function;
	service->routes = route;
	service->websocket.id = external_id ? value_string(a, external_id) : fn_ref(a, ID_WEBSOCKETS_API);
	service->websocket.external_id = external_id ? service->websocket.id : NULL;
	service->websocket.description = value_string(a, "d");
	return service;
}

/* The id of the deployment of a template with these resources. */
static const char *deployment_of(struct arena *a, const char *resources) {
	struct source *source = arena_new(a, struct source);
	struct template *t = template_create(a);
	struct diag diag;

	diag_init(&diag, a, false);
	*source = (struct source){ .name = "test", .text = resources, .length = strlen(resources) };
	const struct value *given = read_json(a, source, &diag);
	for (const struct entry *e = map_first(given); e; e = map_next(given, e)) {
		template_put(t, e->key, e->value);
	}
	compile_websocket_deployment(one_route(a, NULL), t, &diag);
	for (const struct entry *e = map_first(t->resources); e; e = map_next(t->resources, e)) {
		if (strncmp(e->key, "WebsocketsDeployment", 20) == 0) {
			return e->key;
		}
	}
	return NULL;
}

/* Made with Node.js: createHash('sha256').update(JSON.stringify(part)).digest('base64').replace(/[^0-9a-z]/gi, '') */
static const char of_nothing[] = "WebsocketsDeploymentRBNvo1WzZ4oRRq0W9hknpT7T8If536DEMBg9hyq4o";

static void the_digest_is_of_compact_json(void **state) {
	struct arena *a = arena_create();
	(void)state;

	assert_string_equal(deployment_of(a, "{}"), of_nothing);
	assert_string_equal(deployment_of(a, "{\"WebsocketsApi\":{\"Type\":\"T\"}}"),
		"WebsocketsDeploymentCk1HodNugzcSCUZ5nKTLtSZQIPVbt3551VAblNqGKVs");
	assert_string_equal(deployment_of(a, "{\"WebsocketsApi\":{\"Type\":\"T\"},"
		"\"\\u00f6\\n\":{\"DependsOn\":[\"A\",\"WebsocketsApi\"],\"n\":null,\"x\":1e21}}"),
		"WebsocketsDeployment1jHA6G6SsQIlXrT6As3PRAEo3vI11ksCm3rUin3QLQ");
	arena_destroy(a);
}

static void only_the_websocket_part_counts(void **state) {
	static const char *const others[] = {
		"{\"A\":{\"DependsOn\":\"WebsocketsApi\"}}",
		"{\"A\":{\"DependsOn\":{\"0\":\"WebsocketsApi\"}}}",
		"{\"A\":{\"DependsOn\":[\"WebsocketsApi2\",null]}}",
		"{\"A\":{\"Properties\":{\"ApiId\":\"WebsocketsApi\"}}}",
		"{\"A\":{\"Properties\":{\"ApiId\":{\"Ref\":\"HttpApi\"}}}}",
		"{\"A\":{\"Properties\":{\"RestApiId\":{\"Ref\":\"WebsocketsApi\"}}}}",
		"{\"A\":{\"ApiId\":{\"Ref\":\"WebsocketsApi\"}}}",
		"{\"A\":null}",
	};
	static const char *const parts[] = {
		"{\"A\":{\"DependsOn\":[\"WebsocketsApi\"]}}",
		"{\"A\":{\"Properties\":{\"ApiId\":{\"Ref\":\"WebsocketsApi\"}}}}",
		"{\"WebsocketsApi\":{}}",
	};
	(void)state;

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		struct arena *a = arena_create();
		assert_string_equal(deployment_of(a, others[i]), of_nothing);
		arena_destroy(a);
	}
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		struct arena *a = arena_create();
		assert_string_not_equal(deployment_of(a, parts[i]), of_nothing);
		arena_destroy(a);
	}
}

static void the_stage_is_told(void **state) {
	struct arena *a = arena_create();
	struct template *t = template_create(a);
	struct diag diag;
	(void)state;

	diag_init(&diag, a, false);
	template_add(t, ID_WEBSOCKETS_STAGE, "AWS::ApiGatewayV2::Stage", MAP(a, { "StageName", TEXT("dev") }));
	compile_websocket_deployment(one_route(a, NULL), t, &diag);
	const struct value *stage = map_get(map_get(t->resources, ID_WEBSOCKETS_STAGE), "Properties");
	assert_true(is_text(map_get(map_get(stage, "DeploymentId"), "Ref"), of_nothing));
	const struct value *deployment = map_get(t->resources, of_nothing);
	assert_true(is_text(list_get(map_get(deployment, "DependsOn"), 0), "rWebsocketsRoute"));
	assert_null(map_get(map_get(deployment, "Properties"), "StageName"));
	arena_destroy(a);
}

static void a_foreign_api_gets_the_stage_from_the_deployment(void **state) {
	struct arena *a = arena_create();
	struct template *t = template_create(a);
	struct diag diag;
	(void)state;

	diag_init(&diag, a, false);
	compile_websocket_deployment(one_route(a, "abc"), t, &diag);
	const struct value *properties = map_get(map_get(t->resources, of_nothing), "Properties");
	assert_true(is_text(map_get(properties, "StageName"), "dev"));
	assert_true(is_text(map_get(properties, "ApiId"), "abc"));
	arena_destroy(a);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_digest_is_of_compact_json),
		cmocka_unit_test(only_the_websocket_part_counts),
		cmocka_unit_test(the_stage_is_told),
		cmocka_unit_test(a_foreign_api_gets_the_stage_from_the_deployment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
