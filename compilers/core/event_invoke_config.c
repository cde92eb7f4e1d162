/* How asynchronous invocations of a function go on: retries, age, and where their results are sent. */
#include <string.h>

#include "base/text.h"
#include "core.h"

static bool is_key(const struct value *destination) {
	return is_string(destination) && !text_starts(destination->text, "arn:");
}

static bool has_known_type(const struct value *destination) {
	static const char *const types[] = { "function", "sqs", "sns", "eventBus" };
	static const char *const services[] = { ":function:", ":sqs:", ":sns:", ":event-bus/" };

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		if (is_string(destination) ? strstr(destination->text, services[i]) != NULL :
				is_text(map_get(destination, "type"), types[i])) {
			return true;
		}
	}
	return false;
}

/* The type tells what the role has to allow; a role from outside needs no telling. */
static bool check_type(const struct service *service, const struct function *f, const struct value *destination,
		struct diag *diag) {
	if (!is_string(destination) && !is_map(destination) && !is_list(destination)) {
		diag_error(diag, "C322", destination->mark, "a destination of function '%s' is a %s, expected a function, an ARN "
			"or a map", f->key, value_kind_name(destination));
		return false;
	}
	if (f->role) {
		return true;
	}
	if (!service->role) {
		struct diagnostic *d = diag_error(diag, "C322", destination->mark,
			"function '%s' has a destination, but the service makes no role that could allow it", f->key);
		diag_help(d, "give the function a 'role', or leave out the keys 'role' that have no value");
		return false;
	}
	if (!has_known_type(destination)) {
		diag_error(diag, "C322", destination->mark, "a destination of function '%s' is of no known kind, expected "
			"'function', 'sqs', 'sns' or 'eventBus'", f->key);
		return false;
	}
	return true;
}

static bool check_function(const struct service *service, const struct function *f, const struct value *destination,
		struct diag *diag) {
	const struct function *target = service_function(service, destination->text);

	if (!target) {
		service_unknown_function(service, diag, destination->mark, destination->text,
			arena_printf(service->arena, "a destination of function '%s'", f->key));
		return false;
	}
	if (target->condition && !value_equal(target->condition, f->condition)) {
		struct diagnostic *d = diag_error(diag, "C322", destination->mark,
			"function '%s' sends to function '%s', which is made on a condition only", f->key, target->key);
		diag_note(d, target->condition->mark, "the condition of '%s'", target->key);
		diag_help(d, "give '%s' the same condition", f->key);
		return false;
	}
	return true;
}

static struct value *destination(const struct service *service, const struct function *f, const char *key,
		struct arena *a, struct diag *diag) {
	const struct value *v = map_get(f->destinations, key);

	/* An empty text is no destination, yet the reference looks for the function of that name. */
	if (!is_truthy(v) && !is_text(v, "")) {
		return NULL;
	}
	if (is_key(v)) {
		bool good = check_function(service, f, v, diag) && (f->role || service->role || check_type(service, f, v, diag));
		return good ? MAP(a, { "Destination", service_function(service, v->text)->target }) : NULL;
	}
	if (!check_type(service, f, v, diag)) {
		return NULL;
	}
	return MAP(a, { "Destination", is_string(v) ? given(v) : map_get(v, "arn") });
}

static const char *alias_of(const struct service *service, const struct function *f, const char *key) {
	const struct value *v = map_get(f->destinations, key);
	const struct function *target = is_key(v) ? service_function(service, v->text) : NULL;

	return target ? target->alias_id : NULL;
}

/* The aliases that it names, each once: a text when there is but one. */
static struct value *depends_on(const struct service *service, const struct function *f, struct arena *a) {
	const char *ids[] = { f->alias_id, alias_of(service, f, "onSuccess"), alias_of(service, f, "onFailure") };
	struct value *list = value_list(a);

	for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++) {
		bool seen = !ids[i];
		for (size_t k = 0; k < list->length; k++) {
			seen = seen || is_text(list->items[k], ids[i]);
		}
		list_add(a, list, seen ? NULL : value_string(a, ids[i]));
	}
	return list->length > 1 ? list : list_get(list, 0);
}

void compile_event_invoke_config(struct work *work, const struct function *f) {
	const struct service *service = work->service;
	struct arena *a = work->t->arena;
	struct diag *diag = work->diag;

	if (!f->destinations && !f->maximum_event_age && !f->maximum_retry_attempts) {
		return;
	}
	template_put(work->t, name_event_invoke_config(a, f->key), MAP(a,
		{ "Type", TEXT("AWS::Lambda::EventInvokeConfig") },
		{ "Properties", MAP(a,
			{ "FunctionName", fn_ref(a, f->id) },
			{ "DestinationConfig", MAP(a,
				{ "OnSuccess", destination(service, f, "onSuccess", a, diag) },
				{ "OnFailure", destination(service, f, "onFailure", a, diag) },
			) },
			{ "Qualifier", value_string(a, f->alias ? f->alias : "$LATEST") },
			{ "MaximumEventAgeInSeconds", given(f->maximum_event_age) },
			{ "MaximumRetryAttempts", given(f->maximum_retry_attempts) },
		) },
		{ "DependsOn", depends_on(service, f, a) },
		{ "Condition", given(f->condition) },
	));
}
