/* Devices that IoT provisions. Settings: enabled, role, body, name; all as the template has them. */
#include "events/events.h"
#include "emit.h"

void read_iotFleetProvisioning(struct service *service, const struct function *function, const struct entry *event,
		struct diag *diag) {
	struct value *config = event->value, *enabled = map_get(config, "enabled"), *body = map_get(config, "templateBody");
	const struct event *added = event_add(service, EVENT_IOT_FLEET_PROVISIONING, function, event->mark, MAP(service->arena,
		{ "enabled", enabled ? enabled : value_bool(service->arena, true) },
		{ "role", map_get(config, "provisioningRoleArn") },
		{ "body", body ? json_text(service->arena, body) : NULL },
		{ "name", map_truthy(config, "templateName") },
	));

	if (added->number == 2) {
		diag_help(diag_error(diag, "C374", event->mark, "function '%s' has more than one event 'iotFleetProvisioning'",
			function->key), "write a function for each");
	}
}
