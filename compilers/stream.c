/* Streams: each a mapping, by which Lambda reads it in the role of the function, and perhaps a consumer of its own. */
#include "compilers.h"
#include "invoke.h"

static struct value *read_from(struct arena *a, const struct value *s, const char *consumer) {
	struct value *reader = map_get(s, "reader");

	return consumer ? fn_ref(a, consumer) : reader ? reader : map_get(s, "source");
}

static const char *consumer_id(struct arena *a, const struct value *s) {
	const struct value *name = map_get(s, "consumer");

	return name ? name_stream_consumer(a, name->text) : NULL;
}

static struct value *mapping(struct arena *a, const struct event *e, const char *consumer) {
	const struct value *s = e->settings;
	struct value *awaited = awaited_by_mapping(a, e->function);

	list_add(a, awaited, consumer ? value_string(a, consumer) : NULL);
	return MAP(a,
		{ "Type", TEXT("AWS::Lambda::EventSourceMapping") },
		{ "DependsOn", awaited },
		{ "Properties", MAP(a,
			{ "BatchSize", map_get(s, "BatchSize") },
			{ "Enabled", map_get(s, "Enabled") },
			{ "EventSourceArn", read_from(a, s, consumer) },
			{ "FunctionName", e->function->target },
			{ "ParallelizationFactor", map_get(s, "ParallelizationFactor") },
			{ "StartingPosition", map_get(s, "StartingPosition") },
			{ "MaximumBatchingWindowInSeconds", map_get(s, "MaximumBatchingWindowInSeconds") },
			{ "MaximumRetryAttempts", map_get(s, "MaximumRetryAttempts") },
			{ "BisectBatchOnFunctionError", map_get(s, "BisectBatchOnFunctionError") },
			{ "FunctionResponseTypes", map_get(s, "FunctionResponseTypes") },
			{ "MaximumRecordAgeInSeconds", map_get(s, "MaximumRecordAgeInSeconds") },
			{ "TumblingWindowInSeconds", map_get(s, "TumblingWindowInSeconds") },
			{ "DestinationConfig", map_get(s, "DestinationConfig") },
			{ "FilterCriteria", map_get(s, "FilterCriteria") },
			{ "StartingPositionTimestamp", map_get(s, "StartingPositionTimestamp") },
		) },
	);
}

void compile_stream(const struct service *service, struct template *t, struct diag *diag) {
	struct arena *a = t->arena;
	(void)diag;

	for (const struct event *e = service->events[EVENT_STREAM]; e; e = e->next) {
		const struct value *s = e->settings;
		const char *consumer = consumer_id(a, s);
		template_put(t, name_stream_mapping(a, e->function->key, map_get(s, "type")->text, map_get(s, "stream")->text),
			mapping(a, e, consumer));
		if (consumer) {
			template_add(t, consumer, "AWS::Kinesis::StreamConsumer", MAP(a,
				{ "StreamARN", map_get(s, "source") },
				{ "ConsumerName", map_get(s, "consumer") },
			));
		}
	}
}

/* --- the role: the statements of one function, then those of the next ------------------------------------------ */

enum right { DYNAMODB, KINESIS, KINESIS_SHARED, CONSUMER, TOPIC, QUEUE, RIGHTS };

static struct value *actions(struct arena *a, enum right right) {
	static const char *const table[RIGHTS][4] = {
		[DYNAMODB] = { "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream",
			"dynamodb:ListStreams" },
		[KINESIS] = { "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStream", "kinesis:ListStreams" },
		[KINESIS_SHARED] = { "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStreamSummary",
			"kinesis:ListShards" },
		[CONSUMER] = { "kinesis:SubscribeToShard" },
		[TOPIC] = { "sns:Publish" },
		[QUEUE] = { "sqs:ListQueues", "sqs:SendMessage" },
	};
	struct value *list = value_list(a);

	for (size_t i = 0; i < 4 && table[right][i]; i++) {
		list_add(a, list, value_string(a, table[right][i]));
	}
	return list;
}

static void collect(struct arena *a, const struct value *s, struct value *resources[RIGHTS]) {
	bool shared = map_has(s, "shared");
	enum right source = is_text(map_get(s, "type"), "dynamodb") ? DYNAMODB : shared ? KINESIS_SHARED : KINESIS;
	const char *consumer = consumer_id(a, s);

	list_add(a, resources[source], map_get(s, "source"));
	if (consumer || map_has(s, "reader")) {
		list_add(a, resources[CONSUMER], read_from(a, s, consumer));
	}
	list_add(a, resources[map_has(s, "failureByTopic") ? TOPIC : QUEUE], map_get(s, "failure"));
}

void grant_stream(struct grants *grants) {
	struct arena *a = grants->arena;

	for (const struct event *e = grants->service->events[EVENT_STREAM]; e;) {
		const struct function *f = e->function;
		struct value *resources[RIGHTS];
		for (size_t i = 0; i < RIGHTS; i++) {
			resources[i] = value_list(a);
		}
		for (; e && e->function == f; e = e->next) {
			collect(a, e->settings, resources);
		}
		for (size_t i = 0; i < RIGHTS; i++) {
			if (resources[i]->length) {
				list_add(a, grants->statements, allow_statement(a, actions(a, (enum right)i), resources[i]));
			}
		}
	}
}
