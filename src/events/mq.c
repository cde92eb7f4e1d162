/*
 * Brokers of Amazon MQ: ActiveMQ and RabbitMQ. Settings: queue, secret (basicAuthArn), and what AWS::Lambda::EventSourceMapping
 * has, by its names.
 */
#include "events/events.h"
#include "events/source.h"

static void read_broker(struct service *service, enum event_number type, const struct function *function,
		const struct entry *event, struct value *virtual_host, struct diag *diag) {
	struct arena *a = service->arena;
	struct value *config = event->value, *secret = map_get(config, "basicAuthArn");

	if (!source_is_named(event, "queue", diag)) {
		return;
	}
	event_add(service, type, function, event->mark, MAP(a,
		{ "queue", map_get(config, "queue") },
		{ "secret", secret },
		{ "EventSourceArn", map_get(config, "arn") },
		{ "SourceAccessConfigurations", LIST(a,
			MAP(a, { "Type", TEXT("BASIC_AUTH") }, { "URI", secret }),
			virtual_host ? MAP(a, { "Type", TEXT("VIRTUAL_HOST") }, { "URI", virtual_host }) : NULL,
		) },
		{ "BatchSize", map_truthy(config, "batchSize") },
		{ "MaximumBatchingWindowInSeconds", map_truthy(config, "maximumBatchingWindow") },
		{ "Enabled", source_setting(config, "enabled") },
		{ "FilterCriteria", source_filters(service, config, diag) },
	));
}

void read_activemq(struct service *service, const struct function *function, const struct entry *event,
		struct diag *diag) {
	read_broker(service, EVENT_ACTIVEMQ, function, event, NULL, diag);
}

void read_rabbitmq(struct service *service, const struct function *function, const struct entry *event,
		struct diag *diag) {
	read_broker(service, EVENT_RABBITMQ, function, event, map_truthy(event->value, "virtualHost"), diag);
}
