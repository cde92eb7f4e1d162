/* Messages of IoT rules. Settings: sql, sqlVersion, name, description, disabled. */
#include "events/events.h"

static struct value *line(const struct event_reading *r, const char *key, bool needed) {
	struct value *text = event_without_lines(r->service->arena, event_text(r, key, needed));

	return needed || is_truthy(text) ? text : NULL;
}

void read_iot(struct service *service, const struct function *function, const struct entry *event, struct diag *diag) {
	const struct event_reading r = { service, diag, event };
	const struct value *enabled = map_get(event->value, "enabled");

	event_add(service, EVENT_IOT, function, event->mark, MAP(service->arena,
		{ "name", line(&r, "name", false) },
		{ "sqlVersion", line(&r, "sqlVersion", false) },
		{ "description", line(&r, "description", false) },
		{ "sql", line(&r, "sql", true) },
		{ "disabled", value_bool(service->arena, is_bool(enabled) && !enabled->boolean) },
	));
}
