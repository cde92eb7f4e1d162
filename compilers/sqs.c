/* Queues: each a mapping, by which Lambda takes messages from it in the role of the function. */
#include "compilers.h"
#include "invoke.h"

void compile_sqs(const struct service *service, struct template *t, struct diag *diag) {
	struct arena *a = t->arena;
	(void)diag;

	for (const struct event *e = service->events[EVENT_SQS]; e; e = e->next) {
		const struct value *s = e->settings;
		template_put(t, name_queue_mapping(a, e->function->key, map_get(s, "queue")->text), MAP(a,
			{ "Type", TEXT("AWS::Lambda::EventSourceMapping") },
			{ "DependsOn", awaited_by_mapping(a, e->function) },
			{ "Properties", MAP(a,
				{ "BatchSize", map_get(s, "BatchSize") },
				{ "MaximumBatchingWindowInSeconds", map_get(s, "MaximumBatchingWindowInSeconds") },
				{ "EventSourceArn", map_get(s, "EventSourceArn") },
				{ "FunctionName", e->function->target },
				{ "Enabled", map_get(s, "Enabled") },
				{ "FunctionResponseTypes", map_get(s, "FunctionResponseTypes") },
				{ "FilterCriteria", map_get(s, "FilterCriteria") },
				{ "ScalingConfig", map_get(s, "ScalingConfig") },
			) },
		));
	}
}

void grant_sqs(struct grants *grants) {
	struct arena *a = grants->arena;
	struct value *queues = value_list(a);

	for (const struct event *e = grants->service->events[EVENT_SQS]; e; e = e->next) {
		list_add(a, queues, map_get(e->settings, "EventSourceArn"));
	}
	if (queues->length) {
		list_add(a, grants->statements, allow_statement(a, LIST(a, TEXT("sqs:ReceiveMessage"),
			TEXT("sqs:DeleteMessage"), TEXT("sqs:GetQueueAttributes")), queues));
	}
}
