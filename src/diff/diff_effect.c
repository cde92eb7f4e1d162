#include "diff_effect.h"

#include <string.h>

#include "../specification.h"

static enum effect effect_of_leaf(const struct spec_type *type, const char *names[MOST_NAMES], size_t count) {
	switch (spec_change(type, names, count)) {
	case SPEC_CHANGE_REPLACES:
		return EFFECT_REPLACE;
	case SPEC_CHANGE_MAY_REPLACE:
		return EFFECT_MAY_REPLACE;
	case SPEC_CHANGE_UNKNOWN:
	case SPEC_CHANGE_IN_PLACE:
		break;
	}
	return EFFECT_UPDATE;
}

static enum effect effect_below(const struct spec_type *type, const char *names[MOST_NAMES], size_t count,
		const struct value *v) {
	const struct value *argument;
	enum effect most = effect_of_leaf(type, names, count), effect;

	if (most == EFFECT_REPLACE || count == MOST_NAMES || intrinsic(v, &argument)) {
		return most;
	}
	for (const struct entry *e = map_first(v); e; e = map_next(v, e)) {
		names[count] = e->key;
		effect = effect_below(type, names, count + 1, e->value);
		most = effect > most ? effect : most;
	}
	for (uint32_t i = 0; i < list_length(v); i++) {
		names[count] = NULL;
		effect = effect_below(type, names, count + 1, v->items[i]);
		most = effect > most ? effect : most;
	}
	return most;
}

enum effect effect_of(const char *type, const char *names[MOST_NAMES], size_t count, const struct value *v) {
	const struct spec_type *spec = type ? spec_type_find(type) : NULL;

	return spec ? effect_below(spec, names, count, v) : EFFECT_UPDATE;
}

/* --- references ------------------------------------------------------------------------------------------------- */

/* A resource that names another in a property whose change replaces it. */
struct reference {
	struct reference *next;
	struct item *from;
	const char *property;
};

struct target {
	struct item *item;
	struct reference *references;
};

struct follower {
	const struct diff_context *context;
	struct value *numbers;		/* id after to the number of its target */
	struct target *targets;
	struct item **queue;
	size_t queued;
};

static struct target *target_of(const struct follower *f, const char *id, size_t length) {
	const struct value *number = map_get_text(f->numbers, id, length);

	return number ? &f->targets[(size_t)number->number] : NULL;
}

/* A resource that names another again and again in one property is put down once. */
static void note_reference(const struct follower *f, struct item *from, const char *property, const char *id,
		size_t length) {
	struct target *target = target_of(f, id, length);

	if (!target || target->item == from || (target->references && target->references->from == from)) {
		return;
	}
	struct reference *r = arena_new(f->context->arena, struct reference);
	*r = (struct reference){ target->references, from, property };
	target->references = r;
}

static void find_in_sub(const struct follower *f, struct item *from, const char *property, const char *text) {
	for (const char *p = strstr(text, "${"); p; p = strstr(p + 2, "${")) {
		size_t length = strcspn(p + 2, "}");
		if (p[2 + length]) {
			note_reference(f, from, property, p + 2, id_length(p + 2, length));
		}
	}
}

static void find_references(const struct follower *f, struct item *from, const char *property, const struct value *v) {
	const struct value *argument;
	const char *function = intrinsic(v, &argument);

	if (function && is_string(argument)) {
		if (strcmp(function, "Fn::Sub") == 0) {
			find_in_sub(f, from, property, argument->text);
		} else if (strcmp(function, "Ref") == 0 || strcmp(function, "Fn::GetAtt") == 0) {
			note_reference(f, from, property, argument->text, id_length(argument->text, argument->length));
		}
		return;
	}
	if (function && strcmp(function, "Fn::GetAtt") == 0 && is_string(list_get(argument, 0))) {
		note_reference(f, from, property, list_get(argument, 0)->text, list_get(argument, 0)->length);
		return;
	}
	for (const struct entry *e = map_first(v); e; e = map_next(v, e)) {
		find_references(f, from, property, e->value);
	}
	for (uint32_t i = 0; i < list_length(v); i++) {
		find_references(f, from, property, v->items[i]);
	}
}

/* Only properties of the first level whose change replaces: those that name an API, a table, a bucket ... */
static void find_tied_references(const struct follower *f, struct item *from) {
	const struct value *properties = map_get(from->after, "Properties");
	const char *names[MOST_NAMES];

	for (const struct entry *e = map_first(properties); e; e = map_next(properties, e)) {
		names[0] = e->key;
		if (effect_of(from->type, names, 1, NULL) == EFFECT_REPLACE) {
			find_references(f, from, e->key, e->value);
		}
	}
}

static void add_remark(struct arena *a, struct item *item, const char *text) {
	struct remark *remark = arena_new(a, struct remark);

	remark->text = text;
	*item->remarks_end = remark;
	item->remarks_end = &remark->next;
}

/* A resource that names what is made anew gets another id there. */
static void follow(struct follower *f, const struct item *item) {
	const struct target *target = target_of(f, item->after_id, strlen(item->after_id));

	for (struct reference *r = target ? target->references : NULL; r; r = r->next) {
		struct item *from = r->from;
		if (from->kind == CHANGE_ADDED || from->effect == EFFECT_REPLACE) {
			continue;
		}
		from->kind = CHANGE_CHANGED;
		from->effect = EFFECT_REPLACE;
		from->churn = false;
		add_remark(f->context->arena, from, arena_printf(f->context->arena,
			"replaced as well: '%s' names '%s', which is replaced", r->property, item->after_id));
		f->queue[f->queued++] = from;
	}
}

static void follow_all(const struct diff_context *context, struct diff *diff, size_t count) {
	struct follower f = { .context = context, .numbers = value_map(context->arena),
		.targets = arena_array(context->arena, struct target, count),
		.queue = arena_array(context->arena, struct item *, count * 2) };
	size_t number = 0;

	for (struct item *item = diff->items; item; item = item->next) {
		if (item->after_id) {
			f.targets[number].item = item;
			map_set(context->arena, f.numbers, item->after_id, value_number(context->arena, (double)number++));
		}
	}
	for (struct item *item = diff->items; item; item = item->next) {
		if (item->before_id && item->after_id) {
			find_tied_references(&f, item);
			if (item->effect == EFFECT_REPLACE) {
				f.queue[f.queued++] = item;
			}
		}
	}
	for (size_t i = 0; i < f.queued; i++) {
		follow(&f, f.queue[i]);
	}
}

/* --- remarks ---------------------------------------------------------------------------------------------------- */

static bool keeps(const struct value *resource, const char *attribute) {
	const struct value *policy = map_get_text(resource, attribute, strlen(attribute));

	return is_text(policy, "Retain") || is_text(policy, "RetainExceptOnCreate") || is_text(policy, "Snapshot");
}

/* Why what a resource holds is in danger when it goes, or NULL. */
static const char *danger(const struct item *item) {
	if (!item->type || !spec_type_is_stateful(spec_type_find(item->type))) {
		return NULL;
	}
	if (strcmp(item->type, "AWS::S3::Bucket") == 0) {
		return "it cannot be removed unless it is empty";
	}
	/* of these CloudFormation makes snapshots by itself */
	return text_starts(item->type, "AWS::RDS::DB") ? NULL : "what it holds is lost";
}

/* Types that cannot be there twice under the name that such a property gives them. */
static const char *fixed_name(const struct item *item) {
	static const char *const names[][2] = {
		{ "AWS::DynamoDB::Table", "TableName" }, { "AWS::IAM::ManagedPolicy", "ManagedPolicyName" },
		{ "AWS::IAM::Role", "RoleName" }, { "AWS::Kinesis::Stream", "Name" },
		{ "AWS::Lambda::Function", "FunctionName" }, { "AWS::Logs::LogGroup", "LogGroupName" },
		{ "AWS::S3::Bucket", "BucketName" }, { "AWS::SNS::Topic", "TopicName" }, { "AWS::SQS::Queue", "QueueName" },
		{ "AWS::SecretsManager::Secret", "Name" }, { "AWS::SSM::Parameter", "Name" },
		{ "AWS::ApiGatewayV2::DomainName", "DomainName" }, { "AWS::Events::Rule", "Name" },
	};

	for (size_t i = 0; item->type && i < sizeof(names) / sizeof(*names); i++) {
		if (strcmp(names[i][0], item->type) == 0) {
			return names[i][1];
		}
	}
	return NULL;
}

static void remark_name(const struct diff_context *context, struct item *item) {
	const char *name = fixed_name(item);
	const struct value *before = name ? map_get_text(map_get(item->before, "Properties"), name, strlen(name)) : NULL;
	const struct value *after = name ? map_get_text(map_get(item->after, "Properties"), name, strlen(name)) : NULL;

	if (before && after && diff_same(context, name, before, after)) {
		add_remark(context->arena, item, arena_printf(context->arena,
			"the update fails: the new one is made before the old one goes, and '%s' stays the same", name));
	}
}

static void remark_changed(const struct diff_context *context, struct item *item) {
	if (item->renamed) {
		add_remark(context->arena, item, "only the id is new: a new one is made and the old one removed");
	}
	if (item->effect != EFFECT_REPLACE) {
		return;
	}
	remark_name(context, item);
	/* under a new id the old one is removed, not replaced; an update takes the policy that the new template has */
	const char *policy = item->renamed ? "DeletionPolicy" : "UpdateReplacePolicy";
	if (keeps(item->renamed ? item->before : item->after, policy)) {
		add_remark(context->arena, item, arena_printf(context->arena, "the old one is kept, outside of the stack (%s)",
			policy));
	} else if (danger(item)) {
		add_remark(context->arena, item, arena_printf(context->arena, "of the old one: %s, no %s keeps it", danger(item),
			policy));
	}
}

static void remark_removed(const struct diff_context *context, struct item *item) {
	if (keeps(item->before, "DeletionPolicy")) {
		add_remark(context->arena, item, "it is kept, outside of the stack (DeletionPolicy)");
	} else if (danger(item)) {
		add_remark(context->arena, item, arena_printf(context->arena, "%s, no DeletionPolicy keeps it", danger(item)));
	}
}

/* --- deployments ------------------------------------------------------------------------------------------------ */

static const char *api_of(const struct diff_context *context, const struct value *resource) {
	const struct value *api = map_get(map_get(resource, "Properties"), "ApiId");

	return api ? diff_spell(context, AFTER, api, true, 0) : NULL;
}

static bool is_deployed(const char *type) {
	static const char *const types[] = {
		"AWS::ApiGatewayV2::Integration", "AWS::ApiGatewayV2::IntegrationResponse", "AWS::ApiGatewayV2::Route",
		"AWS::ApiGatewayV2::RouteResponse",
	};

	for (size_t i = 0; type && i < sizeof(types) / sizeof(*types); i++) {
		if (strcmp(types[i], type) == 0) {
			return true;
		}
	}
	return false;
}

/* Of each API without automatic deployment the id of its deployment, if that is the same as before. */
static struct value *steady_deployments(const struct diff_context *context, const struct diff *diff) {
	struct value *steady = value_map(context->arena);

	for (const struct item *item = diff->items; item; item = item->next) {
		bool same = item->kind == CHANGE_SAME && strcmp(item->before_id, item->after_id) == 0;
		const char *api = same && item->type && strcmp(item->type, "AWS::ApiGatewayV2::Deployment") == 0 ?
			api_of(context, item->after) : NULL;
		if (api) {
			map_set(context->arena, steady, api, value_string(context->arena, item->after_id));
		}
	}
	for (const struct item *item = diff->items; item; item = item->next) {
		const struct value *automatic = map_get(map_get(item->after, "Properties"), "AutoDeploy");
		const char *api = is_truthy(automatic) && !is_text(automatic, "false") ? api_of(context, item->after) : NULL;
		if (api) {
			map_remove(steady, api);
		}
	}
	return steady;
}

/* CloudFormation changes the route, but clients see what was deployed last. */
static void remark_deployments(const struct diff_context *context, const struct diff *diff) {
	struct value *steady = steady_deployments(context, diff);

	for (struct item *item = diff->items; item && steady->length; item = item->next) {
		const char *api = item->kind != CHANGE_SAME && is_deployed(item->type) ?
			api_of(context, item->after ? item->after : item->before) : NULL;
		const struct value *deployment = api ? map_get_text(steady, api, strlen(api)) : NULL;
		if (deployment) {
			add_remark(context->arena, item, arena_printf(context->arena,
				"clients do not see it yet: the deployment '%s' stays as it was", deployment->text));
		}
	}
}

void add_consequences(const struct diff_context *context, struct diff *diff, const struct value *after) {
	size_t count = after ? after->length : 0;
	bool replaced = false;

	for (const struct item *item = diff->items; item && !replaced; item = item->next) {
		replaced = item->effect == EFFECT_REPLACE;
	}
	if (replaced) {
		follow_all(context, diff, count);
	}
	remark_deployments(context, diff);
	for (struct item *item = diff->items; item; item = item->next) {
		if (item->kind == CHANGE_CHANGED) {
			remark_changed(context, item);
		} else if (item->kind == CHANGE_REMOVED) {
			remark_removed(context, item);
		}
	}
}
