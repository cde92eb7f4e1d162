/*
 * Lines of logs: a subscription filter for each event, and for each function one permission, for all log groups that begin
 * as those of its events do.
 */
#include "compilers.h"
#include "invoke.h"

#define KIND "LogsSubscriptionFilterCloudWatchLog"

static struct value *filter(struct arena *a, const struct event *e, const char *permission) {
	const struct function *f = e->function;

	return MAP(a,
		{ "Type", TEXT("AWS::Logs::SubscriptionFilter") },
		{ "DependsOn", LIST(a, value_string(a, permission), f->alias_id ? value_string(a, f->alias_id) : NULL) },
		{ "Properties", MAP(a,
			{ "LogGroupName", map_get(e->settings, "name") },
			{ "FilterPattern", map_get(e->settings, "filter") },
			{ "DestinationArn", f->target },
		) },
	);
}

static struct value *permission(struct arena *a, const struct event *e) {
	const struct function *f = e->function;
	struct value *p = invoke_permission(a, f,
		fn_join(a, "", LIST(a, TEXT("logs."), fn_ref(a, "AWS::Region"), TEXT(".amazonaws.com"))),
		"SourceArn", fn_join(a, "", LIST(a,
			TEXT("arn:"), fn_ref(a, "AWS::Partition"), TEXT(":logs:"), fn_ref(a, "AWS::Region"), TEXT(":"),
			fn_ref(a, "AWS::AccountId"), TEXT(":log-group:"), map_get(e->settings, "permitted"), TEXT(":*"),
		)));

	if (f->alias_id) {
		map_set(a, p, "DependsOn", LIST(a, value_string(a, f->alias_id)));
	}
	return p;
}

void compile_cloudwatchLog(const struct service *service, struct template *t, struct diag *diag) {
	(void)diag;

	for (const struct event *e = service->events[EVENT_CLOUDWATCH_LOG]; e; e = e->next) {
		const char *permission_id = name_event_permission(t->arena, e->function->key, KIND, 0);
		template_put(t, name_event(t->arena, e->function->key, KIND, e->number), filter(t->arena, e, permission_id));
		if (e->number == 1) {
			template_put(t, permission_id, permission(t->arena, e));
		}
	}
}
