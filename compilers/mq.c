/*
 * Brokers of Amazon MQ, ActiveMQ and RabbitMQ: each event a mapping, by which Lambda takes messages from a queue. The role of
 * the functions gets what it takes to reach the brokers, for each function anew.
 */
#include "compilers.h"
#include "invoke.h"

typedef const char *name_fn(struct arena *a, const char *function, const char *queue);

static struct value *mapping(struct arena *a, const struct event *e) {
	const struct value *s = e->settings;

	return MAP(a,
		{ "Type", TEXT("AWS::Lambda::EventSourceMapping") },
		{ "DependsOn", awaited_by_mapping(a, e->function) },
		{ "Properties", MAP(a,
			{ "FunctionName", e->function->target },
			{ "EventSourceArn", map_get(s, "EventSourceArn") },
			{ "Queues", LIST(a, map_get(s, "queue")) },
			{ "SourceAccessConfigurations", map_get(s, "SourceAccessConfigurations") },
			{ "BatchSize", map_get(s, "BatchSize") },
			{ "MaximumBatchingWindowInSeconds", map_get(s, "MaximumBatchingWindowInSeconds") },
			{ "Enabled", map_get(s, "Enabled") },
			{ "FilterCriteria", map_get(s, "FilterCriteria") },
		) },
	);
}

static void compile_brokers(struct template *t, const struct event *events, name_fn *name) {
	for (const struct event *e = events; e; e = e->next) {
		template_put(t, name(t->arena, e->function->key, map_get(e->settings, "queue")->text), mapping(t->arena, e));
	}
}

/* In a list of JavaScript what is not there becomes null. */
static void add(struct arena *a, struct value *list, const struct value *settings, const char *key) {
	struct value *v = map_get(settings, key);

	list_add(a, list, v ? v : value_null(a));
}

static void grant_brokers(struct grants *grants, const struct event *events) {
	struct arena *a = grants->arena;

	for (const struct event *e = events, *first = e; e; first = e) {
		struct value *secrets = value_list(a), *brokers = value_list(a);
		for (; e && e->function == first->function; e = e->next) {
			add(a, secrets, e->settings, "secret");
			add(a, brokers, e->settings, "EventSourceArn");
		}
		list_add(a, grants->statements, allow_statement(a, LIST(a, TEXT("secretsmanager:GetSecretValue")), secrets));
		list_add(a, grants->statements, allow_statement(a, LIST(a, TEXT("mq:DescribeBroker")), brokers));
		list_add(a, grants->statements, network_statement(a));
	}
}

void compile_activemq(const struct service *service, struct template *t, struct diag *diag) {
	(void)diag;
	compile_brokers(t, service->events[EVENT_ACTIVEMQ], name_activemq_mapping);
}

void compile_rabbitmq(const struct service *service, struct template *t, struct diag *diag) {
	(void)diag;
	compile_brokers(t, service->events[EVENT_RABBITMQ], name_rabbitmq_mapping);
}

void grant_activemq(struct grants *grants) {
	grant_brokers(grants, grants->service->events[EVENT_ACTIVEMQ]);
}

void grant_rabbitmq(struct grants *grants) {
	grant_brokers(grants, grants->service->events[EVENT_RABBITMQ]);
}
