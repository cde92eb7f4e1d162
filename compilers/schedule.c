/*
 * Schedules: for each rate a rule of EventBridge with the permission to invoke the function, or a schedule of EventBridge's
 * scheduler, which takes a role to invoke it: that of the function, which then may.
 */
#include "compilers.h"
#include "invoke.h"

static struct value *rule(struct arena *a, const struct event *e, struct value *rate) {
	const struct function *f = e->function;
	const struct value *s = e->settings;

	return MAP(a,
		{ "Type", TEXT("AWS::Events::Rule") },
		{ "DependsOn", f->alias_id ? value_string(a, f->alias_id) : NULL },
		{ "Properties", MAP(a,
			{ "ScheduleExpression", rate },
			{ "State", map_get(s, "state") },
			{ "Name", map_get(s, "name") },
			{ "Description", map_get(s, "description") },
			{ "Targets", LIST(a, MAP(a,
				{ "Input", map_get(s, "input") },
				{ "InputPath", map_get(s, "inputPath") },
				{ "InputTransformer", map_get(s, "inputTransformer") },
				{ "Arn", f->target },
				{ "Id", value_printf(a, "%sSchedule", f->key) },
			)) },
		) },
	);
}

static struct value *permission(struct arena *a, const struct event *e, const char *rule_id) {
	const struct function *f = e->function;

	return MAP(a,
		{ "Type", TEXT("AWS::Lambda::Permission") },
		{ "DependsOn", f->alias_id ? value_string(a, f->alias_id) : NULL },
		{ "Properties", MAP(a,
			{ "FunctionName", f->target },
			{ "Action", TEXT("lambda:InvokeFunction") },
			{ "Principal", TEXT("events.amazonaws.com") },
			{ "SourceArn", fn_get_att(a, rule_id, "Arn") },
		) },
	);
}

static struct value *role_of(const struct event *e, const struct template *t) {
	struct value *own = map_get(e->settings, "roleArn");
	const struct value *function = map_get(t->resources, e->function->id);

	return own ? own : form_get(form_get(function, "Properties"), "Role");
}

static struct value *scheduler_schedule(const struct template *t, const struct event *e, struct value *rate) {
	const struct function *f = e->function;
	const struct value *s = e->settings;
	struct arena *a = t->arena;

	return MAP(a,
		{ "Type", TEXT("AWS::Scheduler::Schedule") },
		{ "DependsOn", f->alias_id ? value_string(a, f->alias_id) : NULL },
		{ "Properties", MAP(a,
			{ "ScheduleExpression", rate },
			{ "State", map_get(s, "state") },
			{ "Target", MAP(a,
				{ "Arn", f->target },
				{ "RoleArn", role_of(e, t) },
				{ "Input", map_get(s, "input") },
			) },
			{ "FlexibleTimeWindow", MAP(a, { "Mode", TEXT("OFF") }) },
			{ "Name", map_get(s, "name") },
			{ "GroupName", map_get(s, "groupName") },
			{ "Description", map_get(s, "description") },
			{ "ScheduleExpressionTimezone", map_get(s, "timezone") },
		) },
	);
}

static void add_rate(struct template *t, const struct event *e, struct value *rate, unsigned number) {
	struct arena *a = t->arena;

	if (map_has(e->settings, "scheduler")) {
		template_put(t, name_scheduler_schedule(a, e->function->key, number), scheduler_schedule(t, e, rate));
		return;
	}
	const char *id = name_schedule(a, e->function->key, number);
	template_put(t, id, rule(a, e, rate));
	template_put(t, name_schedule_permission(a, e->function->key, number), permission(a, e, id));
}

/* The rates of a function are numbered through all of its events, which stand together. */
void compile_schedule(const struct service *service, struct template *t, struct diag *diag) {
	const struct function *function = NULL;
	unsigned number = 0;
	(void)diag;

	for (const struct event *e = service->events[EVENT_SCHEDULE]; e; e = e->next) {
		const struct value *rates = map_get(e->settings, "rates");
		number = e->function == function ? number : 0;
		function = e->function;
		for (size_t i = 0; i < list_length(rates); i++) {
			add_rate(t, e, rates->items[i], ++number);
		}
	}
}

/* Each function once, though it may have many schedules, and some that are rules. */
void grant_schedule(struct grants *grants) {
	static const char arn[] = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:";
	struct arena *a = grants->arena;
	const struct function *function = NULL;
	struct value *functions = value_list(a);

	for (const struct event *e = grants->service->events[EVENT_SCHEDULE]; e; e = e->next) {
		if (map_has(e->settings, "scheduler") && list_length(map_get(e->settings, "rates")) && e->function != function) {
			function = e->function;
			list_add(a, functions, fn_sub(a, "%s%s", arn, function->name));
			list_add(a, functions, fn_sub(a, "%s%s:*", arn, function->name));
		}
	}
	if (functions->length) {
		list_add(a, grants->principals, TEXT("scheduler.amazonaws.com"));
		list_add(a, grants->statements, allow_statement(a, LIST(a, TEXT("lambda:InvokeFunction")), functions));
	}
}
