/*
 * Kafka, of Amazon MSK and of one's own: each event a mapping, by which Lambda takes records from a topic. The role of the
 * functions gets what it takes to reach the clusters, for each function anew.
 */
#include "compilers.h"
#include "invoke.h"

/* --- clusters of one's own ------------------------------------------------------------------------------------ */

static struct value *kafka_mapping(struct arena *a, const struct event *e) {
	const struct value *s = e->settings;

	return MAP(a,
		{ "Type", TEXT("AWS::Lambda::EventSourceMapping") },
		{ "DependsOn", awaited_by_mapping(a, e->function) },
		{ "Properties", MAP(a,
			{ "FunctionName", e->function->target },
			{ "StartingPosition", map_get(s, "StartingPosition") },
			{ "SelfManagedEventSource", MAP(a,
				{ "Endpoints", MAP(a, { "KafkaBootstrapServers", map_get(s, "bootstrapServers") }) },
			) },
			{ "Topics", LIST(a, map_get(s, "topic")) },
			{ "SourceAccessConfigurations", map_get(s, "SourceAccessConfigurations") },
			{ "BatchSize", map_get(s, "BatchSize") },
			{ "MaximumBatchingWindowInSeconds", map_get(s, "MaximumBatchingWindowInSeconds") },
			{ "Enabled", map_get(s, "Enabled") },
			{ "SelfManagedKafkaEventSourceConfig", map_get(s, "SelfManagedKafkaEventSourceConfig") },
			{ "StartingPositionTimestamp", map_get(s, "StartingPositionTimestamp") },
			{ "FilterCriteria", map_get(s, "FilterCriteria") },
			{ "DestinationConfig", map_get(s, "DestinationConfig") },
			{ "ProvisionedPollerConfig", map_get(s, "ProvisionedPollerConfig") },
		) },
	);
}

void compile_kafka(const struct service *service, struct template *t, struct diag *diag) {
	(void)diag;

	for (const struct event *e = service->events[EVENT_KAFKA]; e; e = e->next) {
		template_put(t, name_kafka_mapping(t->arena, e->function->key, map_get(e->settings, "topic")->text),
			kafka_mapping(t->arena, e));
	}
}

void grant_kafka(struct grants *grants) {
	struct arena *a = grants->arena;

	for (const struct event *e = grants->service->events[EVENT_KAFKA], *first = e; e; first = e) {
		struct value *secrets = value_list(a);
		bool network = false;
		for (; e && e->function == first->function; e = e->next) {
			const struct value *own = map_get(e->settings, "secrets");
			network = network || map_has(e->settings, "network");
			for (size_t i = 0; i < list_length(own); i++) {
				list_add(a, secrets, own->items[i]);
			}
		}
		if (secrets->length) {
			list_add(a, grants->statements, allow_statement(a, LIST(a, TEXT("secretsmanager:GetSecretValue")), secrets));
		}
		if (network) {
			list_add(a, grants->statements, network_statement(a));
		}
	}
}

/* --- Amazon MSK ----------------------------------------------------------------------------------------------- */

static struct value *msk_mapping(struct arena *a, const struct event *e) {
	const struct value *s = e->settings;

	return MAP(a,
		{ "Type", TEXT("AWS::Lambda::EventSourceMapping") },
		{ "DependsOn", awaited_by_mapping(a, e->function) },
		{ "Properties", MAP(a,
			{ "EventSourceArn", map_get(s, "EventSourceArn") },
			{ "FunctionName", e->function->target },
			{ "StartingPosition", map_get(s, "StartingPosition") },
			{ "Topics", LIST(a, map_get(s, "topic")) },
			{ "StartingPositionTimestamp", map_get(s, "StartingPositionTimestamp") },
			{ "BatchSize", map_get(s, "BatchSize") },
			{ "MaximumBatchingWindowInSeconds", map_get(s, "MaximumBatchingWindowInSeconds") },
			{ "AmazonManagedKafkaEventSourceConfig", map_get(s, "AmazonManagedKafkaEventSourceConfig") },
			{ "Enabled", map_get(s, "Enabled") },
			{ "SourceAccessConfigurations", map_get(s, "SourceAccessConfigurations") },
			{ "FilterCriteria", map_get(s, "FilterCriteria") },
			{ "ProvisionedPollerConfig", map_get(s, "ProvisionedPollerConfig") },
		) },
	);
}

void compile_msk(const struct service *service, struct template *t, struct diag *diag) {
	(void)diag;

	for (const struct event *e = service->events[EVENT_MSK]; e; e = e->next) {
		const struct value *s = e->settings;
		template_put(t, name_msk_mapping(t->arena, e->function->key, map_get(s, "cluster")->text,
			map_get(s, "topic")->text), msk_mapping(t->arena, e));
	}
}

void grant_msk(struct grants *grants) {
	struct arena *a = grants->arena;

	for (const struct event *e = grants->service->events[EVENT_MSK], *first = e; e; first = e) {
		struct value *clusters = value_list(a);
		for (; e && e->function == first->function; e = e->next) {
			list_add(a, clusters, map_get(e->settings, "EventSourceArn"));
		}
		list_add(a, grants->statements, allow_statement(a, LIST(a, TEXT("kafka:DescribeCluster"),
			TEXT("kafka:GetBootstrapBrokers")), clusters));
		list_add(a, grants->statements, network_statement(a));
	}
}
