/*
 * Streams of DynamoDB and Kinesis. Settings: type and stream (what ids are made of), source (the ARN as given), consumer (the
 * name of one that the service makes) or reader (the ARN of one that is there), failure with failureByTopic (where records go
 * that failed), and what AWS::Lambda::EventSourceMapping has, by its names.
 */
#include <string.h>

#include "base/text.h"
#include "events/events.h"
#include "events/source.h"

/* The part of a text between two separators, from 0; NULL where there is none. */
static struct value *part(struct arena *a, const struct value *v, char separator, unsigned number) {
	const char *begin = is_string(v) ? v->text : NULL;

	for (unsigned i = 0; begin && i < number; i++) {
		begin = strchr(begin, separator);
		begin = begin ? begin + 1 : NULL;
	}
	return begin ? value_printf(a, "%.*s", (int)strcspn(begin, (char[]){ separator, '\0' }), begin) : NULL;
}

/* What is joined is a path whose last part counts. */
static const struct value *name_of(struct arena *a, const struct value *arn) {
	const struct value *name = is_string(arn) ? part(a, arn, '/', 1) : source_name(arn, true);
	bool joined = name && !map_truthy(arn, "Fn::GetAtt") && !map_truthy(arn, "Fn::ImportValue") &&
		!map_truthy(arn, "Ref") && is_map(arn);
	const char *slash = joined ? strrchr(name->text, '/') : NULL;

	return slash ? value_string(a, slash + 1) : name;
}

/* The setting, else the third part of an ARN; "undefined" is what JavaScript makes of one that has less. */
static struct value *type_of(struct arena *a, const struct value *config, const struct value *arn) {
	struct value *own = map_truthy(config, "type"), *service = part(a, arn, ':', 2);

	return own ? own : service ? service : is_string(arn) ? TEXT("undefined") : NULL;
}

static bool read_failure(struct service *service, const struct value *config, struct value *settings,
		struct diag *diag) {
	const struct entry *e = map_find(config, "destinations");
	struct value *own = e ? map_get(e->value, "onFailure") : NULL, *arn = is_map(own) ? map_get(own, "arn") : own;
	struct arena *a = service->arena;

	if (!e || !is_truthy(e->value)) {
		return true;
	}
	const struct value *type = map_truthy(own, "type");
	if (!type && !is_string(arn)) {
		diag_help(diag_error(diag, "C365", e->mark, "'destinations' of the stream has no ARN and type for 'onFailure'"),
			"write 'onFailure' with the ARN of a queue or topic; where that is a function of CloudFormation, with 'type' too");
		return false;
	}
	map_set(a, settings, "failure", arn);
	map_set(a, settings, "DestinationConfig", MAP(a, { "OnFailure", MAP(a, { "Destination", arn }) }));
	if (is_text(type ? type : part(a, arn, ':', 2), "sns")) {
		map_set(a, settings, "failureByTopic", value_bool(a, true));
	}
	return true;
}

static void read_consumer(struct service *service, const struct function *f, const struct entry *event,
		struct value *settings, struct diag *diag) {
	const struct value *config = event->value, *stream = map_get(settings, "stream");
	struct value *consumer = map_truthy(config, "consumer"), *position = map_get(config, "startingPosition");
	struct value *timestamp = map_truthy(config, "startingPositionTimestamp");
	bool by_service = map_truthy(map_get(service->provider, "kinesis"), "consumerNamingMode");
	struct arena *a = service->arena;

	if (!consumer || !is_text(map_get(settings, "type"), "kinesis")) {
		return;
	}
	if (is_bool(consumer)) {
		map_set(a, settings, "consumer", value_printf(a, "%s%s%s%sConsumer", f->key, stream->text,
			by_service ? service->name : "", by_service ? service->stage : ""));
	} else {
		map_set(a, settings, "reader", consumer);
	}
	if (is_text(position, "AT_TIMESTAMP") && !timestamp) {
		diag_help(diag_error(diag, "C366", position->mark, "stream of function '%s' starts at a timestamp that is not given",
			f->key), "add 'startingPositionTimestamp', in seconds since 1970");
	}
	map_set(a, settings, "StartingPositionTimestamp", timestamp);
}

static struct value *unless_missing(struct value *v) {
	return is_missing(v) ? NULL : v;
}

void read_stream(struct service *service, const struct function *function, const struct entry *event,
		struct diag *diag) {
	struct arena *a = service->arena;
	struct value *config = event->value, *arn = is_string(config) ? config : map_get(config, "arn");
	struct value *batch = map_truthy(config, "batchSize"), *position = map_truthy(config, "startingPosition");
	struct value *enabled = map_get(config, "enabled"), *response = map_get(config, "functionResponseType");
	const struct value *name = name_of(a, arn), *type = type_of(a, config, arn);

	if (name && !is_string(type)) {
		diag_help(diag_error(diag, "C363", event->mark, "stream whose 'arn' is no text has no 'type'"),
			"add 'type: dynamodb' or 'type: kinesis'");
		return;
	}
	if (!name) {
		source_report(event, arn, diag);
		return;
	}
	struct value *settings = MAP(a,
		{ "type", (struct value *)type },
		{ "stream", (struct value *)name },
		{ "source", arn },
		{ "shared", map_truthy(config, "consumer") ? value_bool(a, true) : NULL },
		{ "BatchSize", batch ? batch : value_number(a, 10) },
		{ "Enabled", enabled ? enabled : value_bool(a, true) },
		{ "ParallelizationFactor", map_truthy(config, "parallelizationFactor") },
		{ "StartingPosition", position ? position : TEXT("TRIM_HORIZON") },
		{ "MaximumBatchingWindowInSeconds", unless_missing(map_get(config, "batchWindow")) },
		{ "MaximumRetryAttempts", unless_missing(map_get(config, "maximumRetryAttempts")) },
		{ "BisectBatchOnFunctionError", unless_missing(map_get(config, "bisectBatchOnFunctionError")) },
		{ "FunctionResponseTypes", is_missing(response) ? NULL : LIST(a, response) },
		{ "MaximumRecordAgeInSeconds", map_truthy(config, "maximumRecordAgeInSeconds") },
		{ "TumblingWindowInSeconds", unless_missing(map_get(config, "tumblingWindowInSeconds")) },
		{ "FilterCriteria", source_filters(service, config, diag) },
	);
	if (read_failure(service, config, settings, diag)) {
		read_consumer(service, function, event, settings, diag);
		event_add(service, EVENT_STREAM, function, event->mark, settings);
	}
}
