/*
 * The role of the functions that bring none of their own.
 *
 * In the reference many passes push statements into the role while they run. Here this pass asks the service and
 * writes the whole role: first what is known before functions compile (logs, the user's statements, durable functions),
 * then what each step of the functions adds, in the order of the steps, last what the event types need.
 */
#include <string.h>

#include "base/text.h"
#include "core.h"

struct writer {
	const struct service *service;
	struct template *t;
	struct diag *diag;
	struct value *statements, *policies;
	/* What is in the statements already: those that several functions would add are there once. */
	struct value *keys, *destinations;
	bool tracing;
};

/* --- logs --------------------------------------------------------------------------------------------------- */

static void add_log_group(struct arena *a, struct value *create, struct value *put, const char *name) {
	static const char prefix[] = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/";

	list_add(a, create, fn_sub(a, "%s%s:*", prefix, name));
	if (put) {
		list_add(a, put, fn_sub(a, "%s%s:*:*", prefix, name));
	}
}

/* Functions whose names begin as usual are covered by one wildcard, and those without logs then need a denial. */
static void add_logs(struct writer *w) {
	struct arena *a = w->t->arena;
	const char *usual = arena_printf(a, "%s-%s", w->service->name, w->service->stage);
	struct value *create = value_list(a), *put = value_list(a), *denied = value_list(a);
	bool any = false;

	list_add(a, w->statements, allow_statement(a, LIST(a, TEXT("logs:CreateLogStream"),
		TEXT("logs:CreateLogGroup"), TEXT("logs:TagResource")), create));
	list_add(a, w->statements, allow_statement(a, LIST(a, TEXT("logs:PutLogEvents")), put));
	for (const struct function *f = w->service->functions; f; f = f->next) {
		if (!text_starts(f->name, usual)) {
			if (f->log_group) {
				add_log_group(a, create, put, f->name);
			}
		} else if (f->log_group) {
			any = true;
		} else {
			add_log_group(a, denied, NULL, f->name);
		}
	}
	if (!any) {
		return;
	}
	add_log_group(a, create, put, arena_printf(a, "%s*", usual));
	if (denied->length) {
		list_add(a, w->statements, MAP(a,
			{ "Effect", TEXT("Deny") },
			{ "Action", TEXT("logs:PutLogEvents") },
			{ "Resource", denied },
		));
	}
}

/* --- the user's own ----------------------------------------------------------------------------------------- */

static void add_own_statements(struct writer *w) {
	const struct value *own = w->service->role->statements;

	if (own && !is_list(own)) {
		diag_error(w->diag, "C320", own->mark, "the statements of the role are a %s, expected a list",
			value_kind_name(own));
		return;
	}
	for (size_t i = 0; i < list_length(own); i++) {
		list_add(w->t->arena, w->statements, own->items[i]);
	}
}

static bool is_only(const struct value *list, const char *item) {
	return list_length(list) == 1 && is_text(list->items[0], item);
}

/* The user's statements may be what functions would add, word by word. */
static void note_statements(struct writer *w) {
	for (size_t i = 0; i < w->statements->length; i++) {
		const struct value *s = w->statements->items[i], *action = map_get(s, "Action");
		const struct value *resource = map_get(s, "Resource");
		if (!is_map(s) || s->length != 3 || !is_text(map_get(s, "Effect"), "Allow")) {
			continue;
		}
		if (is_only(action, "kms:Decrypt") && list_length(resource) == 1 && is_string(resource->items[0])) {
			map_set(w->t->arena, w->keys, resource->items[0]->text, resource->items[0]);
		}
		w->tracing = w->tracing || (list_length(action) == 2 && is_text(action->items[0], "xray:PutTraceSegments") &&
			is_text(action->items[1], "xray:PutTelemetryRecords") && is_only(resource, "*"));
	}
}

/* What is no list has no length in JavaScript and is passed over, but for a text, which would be spread. */
static void add_policies(struct writer *w) {
	const struct value *own = w->service->role->managed_policies;
	struct arena *a = w->t->arena;

	if (is_string(own)) {
		diag_error(w->diag, "C320", own->mark, "the managed policies of the role are a string, expected a list");
	}
	for (size_t i = 0; i < list_length(own); i++) {
		list_add(a, w->policies, own->items[i]);
	}
	if (w->service->role->vpc) {
		list_add(a, w->policies, fn_join(a, "", LIST(a,
			TEXT("arn:"),
			fn_ref(a, "AWS::Partition"),
			TEXT(":iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"),
		)));
	}
}

/* --- functions ---------------------------------------------------------------------------------------------- */

static bool uses_role(const struct function *f) {
	const char *id = role_of_function(f);

	return id && strcmp(id, ID_ROLE) == 0;
}

static void add_durable(struct writer *w) {
	struct arena *a = w->t->arena;
	struct value *resources = value_list(a);

	for (const struct function *f = w->service->functions; f; f = f->next) {
		if (f->durable && uses_role(f)) {
			list_add(a, resources, fn_sub(a,
				"arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:%s:*/durable-execution/*/*",
				f->name));
		}
	}
	if (resources->length) {
		list_add(a, w->statements, allow_statement(a, LIST(a, TEXT("lambda:CheckpointDurableExecution"),
			TEXT("lambda:GetDurableExecutionState")), resources));
	}
}

static void add_of_function(struct writer *w, const struct function *f) {
	struct arena *a = w->t->arena;

	if (is_string(f->on_error)) {
		list_add(a, w->statements, allow_statement(a, LIST(a, TEXT("sns:Publish")), LIST(a, given(f->on_error))));
	}
	if (is_string(f->kms_key) && !map_has(w->keys, f->kms_key->text)) {
		map_set(a, w->keys, f->kms_key->text, given(f->kms_key));
		list_add(a, w->statements, allow_statement(a, LIST(a, TEXT("kms:Decrypt")), LIST(a, given(f->kms_key))));
	}
	if (f->tracing && !w->tracing) {
		w->tracing = true;
		list_add(a, w->statements, allow_statement(a, LIST(a, TEXT("xray:PutTraceSegments"),
			TEXT("xray:PutTelemetryRecords")), LIST(a, TEXT("*"))));
	}
	if (f->file_system) {
		struct value *arn = map_get(f->file_system, "arn");
		list_add(a, w->statements, allow_statement(a, LIST(a, TEXT("elasticfilesystem:ClientMount"),
			TEXT("elasticfilesystem:ClientWrite")), LIST(a, arn ? arn : value_null(a))));
	}
}

struct destination_type {
	const char *type, *in_arn, *action;
};

static const struct destination_type destination_types[] = {
	{ "function", ":function:", "lambda:InvokeFunction" },
	{ "sqs", ":sqs:", "sqs:SendMessage" },
	{ "sns", ":sns:", "sns:Publish" },
	{ "eventBus", ":event-bus/", "events:PutEvents" },
};

static const char *destination_action(const struct value *destination) {
	for (size_t i = 0; i < sizeof(destination_types) / sizeof(*destination_types); i++) {
		const struct destination_type *row = &destination_types[i];
		if (is_string(destination) ? strstr(destination->text, row->in_arn) != NULL :
				is_text(map_get(destination, "type"), row->type)) {
			return row->action;
		}
	}
	return NULL;
}

/* Not by Fn::GetAtt: a function and the role that both need would depend on each other. */
static struct value *function_arn(struct arena *a, const struct function *f) {
	return fn_sub(a, "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:%s%s%s", f->name,
		f->alias ? ":" : "", f->alias ? f->alias : "");
}

/* Faults of destinations are reported by event_invoke_config.c. */
static void add_of_destination(struct writer *w, const struct value *destination) {
	struct arena *a = w->t->arena;
	const char *action = destination_action(destination);

	if (is_string(destination)) {
		if (map_has(w->destinations, destination->text)) {
			return;
		}
		map_set(a, w->destinations, destination->text, given(destination));
	}
	if (is_string(destination) && !text_starts(destination->text, "arn:")) {
		const struct function *f = service_function(w->service, destination->text);
		if (f) {
			list_add(a, w->statements, allow_statement(a, TEXT("lambda:InvokeFunction"), function_arn(a, f)));
		}
	} else if (action) {
		list_add(a, w->statements, allow_statement(a, value_string(a, action),
			is_string(destination) ? given(destination) : map_get(destination, "arn")));
	}
}

static void add_of_publication(struct writer *w, const struct function *f) {
	static const char *const kinds[] = { "onSuccess", "onFailure" };

	for (size_t i = 0; !f->role && i < sizeof(kinds) / sizeof(*kinds); i++) {
		const struct value *destination = map_get(f->destinations, kinds[i]);
		if (is_truthy(destination)) {
			add_of_destination(w, destination);
		}
	}
}

static void add_of_functions(struct writer *w) {
	for (size_t i = 0; i < w->service->step_count; i++) {
		const struct step *step = &w->service->steps[i];
		if (step->kind == STEP_FUNCTION) {
			add_of_function(w, step->function);
		} else {
			add_of_publication(w, step->function);
		}
	}
}

/* --- the role ----------------------------------------------------------------------------------------------- */

static struct value *policy(const struct writer *w) {
	struct arena *a = w->t->arena;

	return MAP(a,
		{ "PolicyName", fn_join(a, "-", LIST(a, value_string(a, w->service->name),
			value_string(a, w->service->stage), TEXT("lambda"))) },
		{ "PolicyDocument", MAP(a,
			{ "Version", TEXT("2012-10-17") },
			{ "Statement", w->statements },
		) },
	);
}

static struct value *role_name(const struct service *service, struct arena *a) {
	const struct value *own = map_get(service->role->settings, "name");

	return is_truthy(own) ? given(own) : fn_join(a, "-", LIST(a, value_string(a, service->name),
		value_string(a, service->stage), fn_ref(a, "AWS::Region"), TEXT("lambdaRole")));
}

void compile_iam_role(const struct service *service, struct template *t, struct diag *diag) {
	struct arena *a = t->arena;

	if (!service->role) {
		return;
	}
	struct writer w = { .service = service, .t = t, .diag = diag, .statements = value_list(a),
		.policies = value_list(a), .keys = value_map(a), .destinations = value_map(a) };
	const struct value *settings = service->role->settings, *path = map_get(settings, "path");
	struct value *principals = LIST(a, TEXT("lambda.amazonaws.com"));
	add_logs(&w);
	add_own_statements(&w);
	add_policies(&w);
	add_durable(&w);
	note_statements(&w);
	add_of_functions(&w);
	grant_events(&(struct grants){ .service = service, .arena = a, .statements = w.statements, .principals = principals });
	template_add(t, ID_ROLE, "AWS::IAM::Role", MAP(a,
		{ "AssumeRolePolicyDocument", lambda_assume_role(a, principals) },
		{ "Policies", LIST(a, policy(&w)) },
		{ "Path", is_truthy(path) ? given(path) : TEXT("/") },
		{ "RoleName", role_name(service, a) },
		{ "Tags", is_truthy(map_get(settings, "tags")) ? tag_list(a, value_entries(a, map_get(settings, "tags"))) : NULL },
		{ "PermissionsBoundary", given(service->role->permissions_boundary) },
		{ "ManagedPolicyArns", w.policies->length ? w.policies : NULL },
	));
}
