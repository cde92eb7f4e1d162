/* HTTP APIs: the API with its log group and stage, its authorizers, then route by route what is the route's. */
#include "compilers.h"
#include "events/events.h"
#include "invoke.h"
#include "merge.h"

static struct value *tags(const struct service *service, struct arena *a) {
	const struct value *own = map_truthy(service->provider, "tags");

	return own ? (struct value *)value_entries(a, own) : NULL;
}

static struct value *as_text(struct arena *a, const struct value *v) {
	const char *text = v ? value_spell(a, v) : NULL;

	return text ? value_string(a, text) : (struct value *)v;
}

static struct value *alias_of(struct arena *a, const struct function *f) {
	return f && f->alias_id ? value_string(a, f->alias_id) : NULL;
}

/* --- the API -------------------------------------------------------------------------------------------------- */

static struct value *api_name(const struct service *service, struct arena *a) {
	const struct value *settings = map_get(service->provider, "httpApi"), *own = map_truthy(settings, "name");

	return own ? as_text(a, own) : map_truthy(settings, "shouldStartNameWithService") ?
		value_printf(a, "%s-%s", service->name, service->stage) : value_printf(a, "%s-%s", service->stage, service->name);
}

static void add_api(const struct service *service, struct template *t) {
	const struct value *settings = map_get(service->provider, "httpApi");
	struct value *disabled = map_get(settings, "disableDefaultEndpoint");
	struct arena *a = t->arena;

	template_add(t, ID_HTTP_API, "AWS::ApiGatewayV2::Api", MAP(a,
		{ "Name", api_name(service, a) },
		{ "Description", as_text(a, map_truthy(settings, "description")) },
		{ "ProtocolType", TEXT("HTTP") },
		{ "DisableExecuteApiEndpoint", is_null(disabled) ? NULL : disabled },
		{ "Tags", tags(service, a) },
		{ "CorsConfiguration", (struct value *)service->http_api.cors },
	));
}

static void add_log_group(const struct service *service, struct template *t) {
	const struct value *own = map_truthy(service->provider, "stackName");
	struct arena *a = t->arena;

	template_add(t, ID_HTTP_API_LOG_GROUP, "AWS::Logs::LogGroup", MAP(a,
		{ "LogGroupName", is_string(own) ? value_printf(a, "/aws/http-api/%s", own->text) :
			value_printf(a, "/aws/http-api/%s-%s", service->name, service->stage) },
		{ "RetentionInDays", map_truthy(service->provider, "logRetentionInDays") },
		{ "DataProtectionPolicy", map_truthy(service->provider, "logDataProtectionPolicy") },
	));
}

static void add_stage(const struct service *service, struct template *t) {
	const struct http_api *api = &service->http_api;
	struct value *metrics = map_truthy(map_get(service->provider, "httpApi"), "metrics");
	struct arena *a = t->arena;

	template_put(t, ID_HTTP_API_STAGE, MAP(a,
		{ "Type", TEXT("AWS::ApiGatewayV2::Stage") },
		{ "Properties", MAP(a,
			{ "ApiId", fn_ref(a, ID_HTTP_API) },
			{ "StageName", TEXT("$default") },
			{ "AutoDeploy", value_bool(a, true) },
			{ "DefaultRouteSettings", MAP(a,
				{ "DetailedMetricsEnabled", metrics ? metrics : value_bool(a, false) },
			) },
			{ "Tags", tags(service, a) },
			{ "AccessLogSettings", !api->log_format ? NULL : MAP(a,
				{ "DestinationArn", fn_get_att(a, ID_HTTP_API_LOG_GROUP, "Arn") },
				{ "Format", (struct value *)api->log_format },
			) },
		) },
		{ "DependsOn", api->log_format ? TEXT(ID_HTTP_API_LOG_GROUP) : NULL },
	));
}

static void add_outputs(struct template *t) {
	struct arena *a = t->arena;

	template_output(t, "HttpApiId", MAP(a,
		{ "Description", TEXT("Id of the HTTP API") },
		{ "Value", fn_ref(a, ID_HTTP_API) },
	));
	template_output(t, "HttpApiUrl", MAP(a,
		{ "Description", TEXT("URL of the HTTP API") },
		{ "Value", fn_join(a, "", LIST(a,
			TEXT("https://"), fn_ref(a, ID_HTTP_API), TEXT(".execute-api."), fn_ref(a, "AWS::Region"), TEXT("."),
			fn_ref(a, "AWS::URLSuffix"),
		)) },
	));
}

/* --- authorizers ---------------------------------------------------------------------------------------------- */

static struct value *source_arn(const struct service *service, struct arena *a) {
	return fn_join(a, "", LIST(a,
		TEXT("arn:"), fn_ref(a, "AWS::Partition"), TEXT(":execute-api:"), fn_ref(a, "AWS::Region"), TEXT(":"),
		fn_ref(a, "AWS::AccountId"), TEXT(":"), service->http_api.id, TEXT("/*"),
	));
}

static struct value *invocation(const struct service *service, struct arena *a, struct value *target) {
	return MAP(a,
		{ "FunctionName", target },
		{ "Action", TEXT("lambda:InvokeFunction") },
		{ "Principal", TEXT("apigateway.amazonaws.com") },
		{ "SourceArn", source_arn(service, a) },
	);
}

static struct value *identity_source(struct arena *a, const struct value *config) {
	struct value *own = map_truthy(config, "identitySource");

	return is_list(own) ? own : own ? LIST(a, own) : value_list(a);
}

static struct value *jwt_properties(const struct service *service, struct arena *a, struct value *name,
		const struct value *config) {
	return MAP(a,
		{ "ApiId", service->http_api.id },
		{ "Name", name },
		{ "IdentitySource", identity_source(a, config) },
		{ "AuthorizerType", TEXT("JWT") },
		{ "JwtConfiguration", MAP(a,
			{ "Audience", value_set(a, map_get(config, "audience")) },
			{ "Issuer", map_get(config, "issuerUrl") },
		) },
	);
}

static struct value *request_properties(const struct service *service, struct arena *a, struct value *name,
		const struct value *config, struct value *target) {
	struct value *payload = map_truthy(config, "payloadVersion");

	return MAP(a,
		{ "ApiId", service->http_api.id },
		{ "Name", name },
		{ "IdentitySource", identity_source(a, config) },
		{ "AuthorizerType", TEXT("REQUEST") },
		{ "EnableSimpleResponses", map_get(config, "enableSimpleResponses") },
		{ "AuthorizerResultTtlInSeconds", map_get(config, "resultTtlInSeconds") },
		{ "AuthorizerPayloadFormatVersion", payload ? payload : TEXT("2.0") },
		{ "AuthorizerUri", invoke_uri(a, target) },
	);
}

static void add_authorizer(const struct service *service, struct template *t, const struct entry *e) {
	struct arena *a = t->arena;
	const struct value *config = e->value;
	bool request = is_text(map_get(config, "type"), "request");
	struct value *own = map_truthy(config, "name"), *name = own ? own : value_text(a, e->key, e->key_length);
	const char *function = request ? value_spell(a, map_truthy(config, "functionName")) : NULL;
	const struct function *f = function ? service_function(service, function) : NULL;
	struct value *target = f ? f->target : map_get(config, "functionArn");
	const char *spelling = value_spell(a, name);

	spelling = spelling ? spelling : e->key;
	if (request && !map_truthy(config, "managedExternally")) {
		template_put(t, name_http_authorizer_permission(a, spelling), MAP(a,
			{ "Type", TEXT("AWS::Lambda::Permission") },
			{ "Properties", invocation(service, a, target) },
			{ "DependsOn", alias_of(a, f) },
		));
	}
	template_put(t, name_http_authorizer(a, spelling), MAP(a,
		{ "Type", TEXT("AWS::ApiGatewayV2::Authorizer") },
		{ "Properties", request ? request_properties(service, a, name, config, target) :
			jwt_properties(service, a, name, config) },
		{ "DependsOn", alias_of(a, f) },
	));
}

/* --- routes --------------------------------------------------------------------------------------------------- */

static struct value *payload(const struct service *service, const struct function *f) {
	struct value *own = map_truthy(map_get(f->config, "httpApi"), "payload");
	struct value *general = map_truthy(map_get(service->provider, "httpApi"), "payload");

	return own ? own : general ? general : TEXT("2.0");
}

static void add_function(const struct service *service, struct template *t, const struct function *f) {
	struct arena *a = t->arena;
	struct value *target = value_copy(a, f->target);	/* one for both, which the state tells */

	template_put(t, name_http_permission(a, f->key), MAP(a,
		{ "Type", TEXT("AWS::Lambda::Permission") },
		{ "Properties", invocation(service, a, target) },
		{ "DependsOn", alias_of(a, f) },
	));
	template_put(t, name_http_integration(a, f->key), MAP(a,
		{ "Type", TEXT("AWS::ApiGatewayV2::Integration") },
		{ "DependsOn", alias_of(a, f) },
		{ "Properties", MAP(a,
			{ "ApiId", service->http_api.id },
			{ "IntegrationType", TEXT("AWS_PROXY") },
			{ "IntegrationUri", target },
			{ "PayloadFormatVersion", payload(service, f) },
			{ "TimeoutInMillis", value_number(a, 30000) },
		) },
	));
}

static void add_route(const struct service *service, struct template *t, const struct event *e) {
	const struct value *s = e->settings;
	struct arena *a = t->arena;
	struct value *key = map_get(s, "key");
	const char *integration = name_http_integration(a, e->function->key);

	template_put(t, name_http_route(a, key->text), MAP(a,
		{ "Type", TEXT("AWS::ApiGatewayV2::Route") },
		{ "Properties", MAP(a,
			{ "ApiId", service->http_api.id },
			{ "RouteKey", map_has(s, "path") ? key : TEXT("$default") },
			{ "Target", fn_join(a, "/", LIST(a, TEXT("integrations"), fn_ref(a, integration))) },
			{ "AuthorizationType", map_get(s, "authorization") },
			{ "AuthorizerId", map_get(s, "authorizer") },
			{ "AuthorizationScopes", map_get(s, "scopes") },
		) },
		{ "DependsOn", value_string(a, integration) },
	));
}

/* Of the events with all paths the last stands in the place of the first. */
static void add_routes(const struct service *service, struct template *t) {
	struct value *done = value_map(t->arena);
	bool has_default = false;

	for (const struct event *e = service->events[EVENT_HTTP_API]; e; e = e->next) {
		const struct event *route = map_has(e->settings, "path") ? e : service->http_api.last_default;
		if (route == service->http_api.last_default && has_default) {
			continue;
		}
		has_default = has_default || route == service->http_api.last_default;
		if (!map_has(done, route->function->key)) {
			add_function(service, t, route->function);
			map_set(t->arena, done, route->function->key, value_null(t->arena));
		}
		add_route(service, t, route);
	}
}

void compile_httpApi(const struct service *service, struct template *t, struct diag *diag) {
	const struct http_api *api = &service->http_api;
	(void)diag;

	if (!service->events[EVENT_HTTP_API]) {
		return;
	}
	if (!api->external_id) {
		add_api(service, t);
		if (api->log_format) {
			add_log_group(service, t);
		}
		add_stage(service, t);
		add_outputs(t);
	}
	for (const struct entry *e = map_first(api->authorizers); e; e = map_next(api->authorizers, e)) {
		add_authorizer(service, t, e);
	}
	add_routes(service, t);
}
