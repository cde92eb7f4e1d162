/*
 * Kafka: clusters of one's own (kafka) and those of Amazon MSK (msk). Settings: what AWS::Lambda::EventSourceMapping has, by
 * its names, beside the topic; of msk the name of the cluster, which ids are made of; of kafka what it takes to reach the
 * cluster: bootstrapServers, secrets (a list), network (it is in a VPC).
 */
#include "events/events.h"
#include "events/source.h"
#include "merge.h"

static struct value *starting_position(const struct function *function, const struct entry *event, struct diag *diag) {
	struct value *position = map_truthy(event->value, "startingPosition");

	if (is_text(position, "AT_TIMESTAMP") && is_missing(map_get(event->value, "startingPositionTimestamp"))) {
		struct diagnostic *d = diag_error(diag, "C381", position->mark,
			"'%s' of function '%s' starts at a time, but has no 'startingPositionTimestamp'", event->key, function->key);
		diag_origin(d, position);
		diag_help(d, "add 'startingPositionTimestamp', in seconds since 1970, or start at LATEST or TRIM_HORIZON");
	}
	return position ? position : TEXT("TRIM_HORIZON");
}

static struct value *consumer_group(struct arena *a, const struct value *config) {
	struct value *id = map_truthy(config, "consumerGroupId");

	return id ? MAP(a, { "ConsumerGroupId", id }) : NULL;
}

/* --- Amazon MSK ---------------------------------------------------------------------------------------------- */

/* Of an ARN it is what stands between its first two slashes. */
static struct value *cluster_name(struct arena *a, const struct value *arn) {
	struct value *import = map_truthy(arn, "Fn::ImportValue"), *name = import ? import : map_truthy(arn, "Ref");

	if (!is_string(arn)) {
		return is_string(name) ? name : NULL;
	}
	const char *slash = strchr(arn->text, '/');
	return slash ? value_printf(a, "%.*s", (int)strcspn(slash + 1, "/"), slash + 1) : NULL;
}

static void report_cluster(const struct entry *event, const struct value *arn, struct diag *diag) {
	struct diagnostic *d;

	if (!arn) {
		d = diag_error(diag, "C363", event->mark, "event '%s' has no 'arn'", event->key);
	} else {
		d = diag_error(diag, "C363", arn->mark, "no cluster can be taken from the 'arn' of event '%s'", event->key);
		diag_origin(d, arn);
	}
	diag_help(d, "write an ARN with '/' and the cluster's name in it, or Ref, or Fn::ImportValue of a text");
}

static struct value *secret_access(struct arena *a, const struct value *config) {
	struct value *secret = map_get(config, "saslScram512");

	return is_missing(secret) ? NULL :
		LIST(a, MAP(a, { "Type", TEXT("SASL_SCRAM_512_AUTH") }, { "URI", secret }));
}

static struct value *msk_pollers(struct arena *a, const struct value *config) {
	const struct value *own = map_truthy(config, "provisionedPollerConfig");

	return !own ? NULL : MAP(a,
		{ "MinimumPollers", source_setting(own, "minimumPollers") },
		{ "MaximumPollers", source_setting(own, "maximumPollers") },
	);
}

void read_msk(struct service *service, const struct function *function, const struct entry *event,
		struct diag *diag) {
	struct arena *a = service->arena;
	struct value *config = event->value, *arn = map_get(config, "arn"), *cluster = cluster_name(a, arn);
	struct value *topic = map_get(config, "topic");

	if (!cluster) {
		report_cluster(event, arn, diag);
	}
	if ((!cluster && !is_map(config)) || !source_is_named(event, "topic", diag) || !cluster) {
		return;
	}
	event_add(service, EVENT_MSK, function, event->mark, MAP(a,
		{ "cluster", cluster },
		{ "topic", topic },
		{ "EventSourceArn", arn },
		{ "StartingPosition", starting_position(function, event, diag) },
		{ "StartingPositionTimestamp", source_setting(config, "startingPositionTimestamp") },
		{ "BatchSize", map_truthy(config, "batchSize") },
		{ "MaximumBatchingWindowInSeconds", map_truthy(config, "maximumBatchingWindow") },
		{ "AmazonManagedKafkaEventSourceConfig", consumer_group(a, config) },
		{ "Enabled", source_setting(config, "enabled") },
		{ "SourceAccessConfigurations", secret_access(a, config) },
		{ "FilterCriteria", source_filters(service, config, diag) },
		{ "ProvisionedPollerConfig", msk_pollers(a, config) },
	));
}

/* --- clusters of one's own ----------------------------------------------------------------------------------- */

struct access {
	const char *key, *type, *prefix;
	bool network;			/* else a secret */
};

static const struct access accesses[] = {
	{ "vpcSubnet", "VPC_SUBNET", "subnet:", true },
	{ "vpcSecurityGroup", "VPC_SECURITY_GROUP", "security_group:", true },
	{ "saslPlainAuth", "BASIC_AUTH", "", false },
	{ "saslScram256Auth", "SASL_SCRAM_256_AUTH", "", false },
	{ "saslScram512Auth", "SASL_SCRAM_512_AUTH", "", false },
	{ "clientCertificateTlsAuth", "CLIENT_CERTIFICATE_TLS_AUTH", "", false },
	{ "serverRootCaCertificate", "SERVER_ROOT_CA_CERTIFICATE", "", false },
};

struct reach {
	struct arena *arena;
	struct diag *diag;
	struct value *list, *secrets;
	bool network;
};

static const struct access *access_of(const char *key) {
	for (size_t i = 0; i < sizeof(accesses) / sizeof(*accesses); i++) {
		if (strcmp(accesses[i].key, key) == 0) {
			return &accesses[i];
		}
	}
	return NULL;
}

/* What the reference does not know is passed on under its own name. */
static void add_access(struct reach *reach, const struct entry *e) {
	const struct access *row = access_of(e->key);
	struct arena *a = reach->arena;

	if (!is_list(e->value)) {
		struct diagnostic *d = diag_error(reach->diag, "C382", e->mark, "access configuration '%s' is a %s, expected a list",
			e->key, value_kind_name(e->value));
		diag_origin(d, e->value);
		diag_help(d, "begin each of its values with '- '");
		return;
	}
	reach->network = reach->network || (row && row->network);
	for (size_t i = 0; i < e->value->length; i++) {
		struct value *v = e->value->items[i];
		const char *text = value_spell(a, v);
		if (row && !row->network) {
			list_add(a, reach->secrets, v);
		}
		list_add(a, reach->list, MAP(a,
			{ "Type", value_string(a, row ? row->type : e->key) },
			{ "URI", value_printf(a, "%s%s", row ? row->prefix : "", text ? text : "[object Object]") },
		));
	}
}

static void check_network(const struct value *access, const struct function *function, struct diag *diag) {
	const struct value *subnet = map_truthy(access, "vpcSubnet"), *group = map_truthy(access, "vpcSecurityGroup");
	const char *missing = subnet ? "vpcSecurityGroup" : "vpcSubnet", *there = subnet ? "vpcSubnet" : "vpcSecurityGroup";

	if (!subnet != !group) {
		diag_help(diag_error(diag, "C382", map_find(access, there)->mark,
			"access configurations of function '%s' have a '%s', but no '%s'", function->key, there, missing),
			"a cluster in a VPC is reached through both: add '%s'", missing);
	}
}

static bool read_access(struct reach *reach, const struct function *function, const struct entry *event) {
	const struct value *access = map_get(event->value, "accessConfigurations");

	if (is_missing(access)) {
		diag_help(diag_error(reach->diag, "C382", event->mark, "event '%s' has no 'accessConfigurations'", event->key),
			"expected how to reach the cluster: 'vpcSubnet' and 'vpcSecurityGroup', or secrets such as 'saslScram512Auth'");
		return false;
	}
	check_network(access, function, reach->diag);
	const struct value *entries = value_entries(reach->arena, access);
	for (const struct entry *e = map_first(entries); e; e = map_next(entries, e)) {
		add_access(reach, e);
	}
	return true;
}

static struct value *pollers(struct arena *a, const struct value *config) {
	const struct value *own = map_truthy(config, "provisionedPollerConfig");

	return !own ? NULL : MAP(a,
		{ "MinimumPollers", map_get(own, "minimumPollers") },
		{ "MaximumPollers", map_get(own, "maximumPollers") },
	);
}

static struct value *on_failure(struct arena *a, const struct value *config) {
	struct value *destination = map_truthy(config, "onFailureDestination");

	return !destination ? NULL : MAP(a, { "OnFailure", MAP(a, { "Destination", destination }) });
}

void read_kafka(struct service *service, const struct function *function, const struct entry *event,
		struct diag *diag) {
	struct arena *a = service->arena;
	struct value *config = event->value;
	struct reach reach = { .arena = a, .diag = diag, .list = value_list(a), .secrets = value_list(a) };

	if (!read_access(&reach, function, event) || !source_is_named(event, "topic", diag)) {
		return;
	}
	event_add(service, EVENT_KAFKA, function, event->mark, MAP(a,
		{ "topic", map_get(config, "topic") },
		{ "bootstrapServers", map_get(config, "bootstrapServers") },
		{ "secrets", reach.secrets },
		{ "network", reach.network ? value_bool(a, true) : NULL },
		{ "StartingPosition", starting_position(function, event, diag) },
		{ "SourceAccessConfigurations", reach.list },
		{ "BatchSize", map_truthy(config, "batchSize") },
		{ "MaximumBatchingWindowInSeconds", map_truthy(config, "maximumBatchingWindow") },
		{ "Enabled", source_setting(config, "enabled") },
		{ "SelfManagedKafkaEventSourceConfig", consumer_group(a, config) },
		{ "StartingPositionTimestamp", source_setting(config, "startingPositionTimestamp") },
		{ "FilterCriteria", source_filters(service, config, diag) },
		{ "DestinationConfig", on_failure(a, config) },
		{ "ProvisionedPollerConfig", pollers(a, config) },
	));
}
