/* Events of CloudWatch: each a rule of EventBridge, and the permission to invoke the function. */
#include "compilers.h"
#include "invoke.h"

#define KIND "EventsRuleCloudWatchEvent"

static struct value *rule(struct arena *a, const struct event *e) {
	const struct value *s = e->settings;

	return resource_of_function(a, e->function, TEXT("AWS::Events::Rule"), MAP(a,
		{ "EventPattern", map_get(s, "pattern") },
		{ "State", map_get(s, "state") },
		{ "Description", map_get(s, "description") },
		{ "Name", map_get(s, "name") },
		{ "Targets", LIST(a, MAP(a,
			{ "Input", map_get(s, "input") },
			{ "InputPath", map_get(s, "inputPath") },
			{ "InputTransformer", map_get(s, "inputTransformer") },
			{ "Arn", e->function->target },
			{ "Id", value_printf(a, "%sCloudWatchEvent", e->function->key) },
		)) },
	));
}

void compile_cloudwatchEvent(const struct service *service, struct template *t, struct diag *diag) {
	struct arena *a = t->arena;
	(void)diag;

	for (const struct event *e = service->events[EVENT_CLOUDWATCH_EVENT]; e; e = e->next) {
		const char *id = name_event(a, e->function->key, KIND, e->number);
		template_put(t, id, rule(a, e));
		template_put(t, name_event_permission(a, e->function->key, KIND, e->number),
			invoke_permission(a, e->function, TEXT("events.amazonaws.com"), "SourceArn", fn_get_att(a, id, "Arn")));
	}
}
