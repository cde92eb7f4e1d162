/* Requests to Alexa skills, of both types. Settings: token (the id of the skill), action. */
#include "events/events.h"

static struct value *action_of(const struct value *config) {
	const struct value *enabled = map_get(config, "enabled");

	return is_bool(enabled) && !enabled->boolean ? TEXT("lambda:DisableInvokeFunction") : TEXT("lambda:InvokeFunction");
}

static void add(const struct event_reading *r, enum event_number type, const struct function *function,
		struct value *token) {
	event_add(r->service, type, function, r->event->mark, MAP(r->service->arena,
		{ "action", action_of(r->event->value) },
		{ "token", event_without_escapes(r->service->arena, token) },
	));
}

/* Without an id any skill may. */
void read_alexaSkill(struct service *service, const struct function *function, const struct entry *event,
		struct diag *diag) {
	const struct event_reading r = { service, diag, event };

	add(&r, EVENT_ALEXA_SKILL, function, is_string(event->value) ? event->value : event_text(&r, "appId", false));
}

void read_alexaSmartHome(struct service *service, const struct function *function, const struct entry *event,
		struct diag *diag) {
	const struct event_reading r = { service, diag, event };

	add(&r, EVENT_ALEXA_SMART_HOME, function, is_string(event->value) ? event->value : event_text(&r, "appId", true));
}
