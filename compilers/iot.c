/* Messages of IoT: each a rule, and the permission for it to invoke the function. */
#include "compilers.h"
#include "invoke.h"

#define KIND "IotTopicRule"

static struct value *rule(struct arena *a, const struct event *e) {
	const struct value *s = e->settings;

	return resource_of_function(a, e->function, TEXT("AWS::IoT::TopicRule"), MAP(a,
		{ "TopicRulePayload", MAP(a,
			{ "RuleDisabled", map_get(s, "disabled") },
			{ "Sql", map_get(s, "sql") },
			{ "Actions", LIST(a, MAP(a, { "Lambda", MAP(a, { "FunctionArn", e->function->target }) })) },
			{ "Description", map_get(s, "description") },
			{ "AwsIotSqlVersion", map_get(s, "sqlVersion") },
		) },
		{ "RuleName", map_get(s, "name") },
	));
}

static struct value *rule_arn(struct arena *a, const char *id) {
	return fn_join(a, "", LIST(a,
		TEXT("arn:"), fn_ref(a, "AWS::Partition"), TEXT(":iot:"), fn_ref(a, "AWS::Region"), TEXT(":"),
		fn_ref(a, "AWS::AccountId"), TEXT(":rule/"), fn_ref(a, id),
	));
}

void compile_iot(const struct service *service, struct template *t, struct diag *diag) {
	struct arena *a = t->arena;
	(void)diag;

	for (const struct event *e = service->events[EVENT_IOT]; e; e = e->next) {
		const char *id = name_event(a, e->function->key, KIND, e->number);
		template_put(t, id, rule(a, e));
		template_put(t, name_event_permission(a, e->function->key, KIND, e->number),
			invoke_permission(a, e->function, TEXT("iot.amazonaws.com"), "SourceArn", rule_arn(a, id)));
	}
}
