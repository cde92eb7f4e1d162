/* The stage and, where logs are asked for, its log group. The deployment's pass adds DeploymentId. */
#include "compilers.h"

static struct value *access_log(struct arena *a, const struct websocket_logs *logs) {
	return logs->access ? MAP(a,
		{ "DestinationArn", fn_sub(a, "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${%s}",
			ID_WEBSOCKETS_LOG_GROUP) },
		{ "Format", (struct value *)logs->format },
	) : NULL;
}

static struct value *route_settings(struct arena *a, const struct websocket_logs *logs) {
	return MAP(a,
		{ "DataTraceEnabled", (struct value *)logs->data_trace },
		{ "LoggingLevel", (struct value *)logs->level },
	);
}

static void add_log_group(const struct service *service, struct template *t) {
	struct arena *a = t->arena;

	template_add(t, ID_WEBSOCKETS_LOG_GROUP, "AWS::Logs::LogGroup", MAP(a,
		{ "LogGroupName", value_printf(a, "/aws/websocket/%s-%s", service->name, service->stage) },
		{ "RetentionInDays", (struct value *)service->websocket.logs->retention },
		{ "DataProtectionPolicy", map_truthy(service->provider, "logDataProtectionPolicy") },
	));
}

void compile_websocket_stage(const struct service *service, struct template *t, struct diag *diag) {
	const struct websocket_logs *logs = service->websocket.logs;
	struct arena *a = t->arena;
	(void)diag;

	if (!service->routes || service->websocket.external_id) {
		return;
	}
	template_add(t, ID_WEBSOCKETS_STAGE, "AWS::ApiGatewayV2::Stage", MAP(a,
		{ "ApiId", service->websocket.id },
		{ "StageName", value_string(a, service->stage) },
		{ "Description", service->websocket.description },
		{ "DefaultRouteSettings", logs ? route_settings(a, logs) : NULL },
		{ "AccessLogSettings", logs ? access_log(a, logs) : NULL },
	));
	if (logs) {
		add_log_group(service, t);
	}
}
