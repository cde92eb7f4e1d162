/* Queues. Settings: queue (the name that ids are made of), and what AWS::Lambda::EventSourceMapping has, by its names. */
#include <string.h>

#include "events/events.h"
#include "events/source.h"

/* The name behind the last colon. */
static struct value *name_in(struct arena *a, const struct value *arn) {
	const char *colon = strrchr(arn->text, ':');

	return value_string(a, colon ? colon + 1 : arn->text);
}

static struct value *or_number(struct arena *a, struct value *v, double number) {
	return is_truthy(v) ? v : value_number(a, number);
}

void read_sqs(struct service *service, const struct function *function, const struct entry *event,
		struct diag *diag) {
	struct arena *a = service->arena;
	struct value *config = event->value, *arn = is_string(config) ? config : map_get(config, "arn");
	struct value *enabled = map_get(config, "enabled"), *response = map_get(config, "functionResponseType");
	struct value *window = map_get(config, "maximumBatchingWindow"), *concurrency = map_truthy(config, "maximumConcurrency");
	const struct value *queue = is_string(arn) ? name_in(a, arn) : source_name(arn, false);

	if (!queue) {
		source_report(event, arn, diag);
		return;
	}
	event_add(service, EVENT_SQS, function, event->mark, MAP(a,
		{ "queue", (struct value *)queue },
		{ "BatchSize", or_number(a, map_get(config, "batchSize"), 10) },
		{ "MaximumBatchingWindowInSeconds", is_missing(window) ? NULL : window },
		{ "EventSourceArn", arn },
		{ "Enabled", enabled ? enabled : value_bool(a, true) },
		{ "FunctionResponseTypes", is_missing(response) ? NULL : LIST(a, response) },
		{ "FilterCriteria", source_filters(service, config, diag) },
		{ "ScalingConfig", concurrency ? MAP(a, { "MaximumConcurrency", concurrency }) : NULL },
	));
}
