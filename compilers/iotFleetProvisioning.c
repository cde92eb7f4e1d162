/* Devices that IoT provisions: a template of theirs, whose hook the function is, and the permission to invoke it. */
#include "compilers.h"
#include "invoke.h"

#define KIND "IotProvisioningTemplate"

static struct value *provisioning_template(struct arena *a, const struct event *e, const char *permission) {
	const struct function *f = e->function;
	const struct value *s = e->settings;

	return MAP(a,
		{ "Type", TEXT("AWS::IoT::ProvisioningTemplate") },
		{ "Properties", MAP(a,
			{ "Enabled", map_get(s, "enabled") },
			{ "PreProvisioningHook", MAP(a, { "TargetArn", f->target }) },
			{ "ProvisioningRoleArn", map_get(s, "role") },
			{ "TemplateBody", map_get(s, "body") },
			{ "TemplateName", map_get(s, "name") },
		) },
		{ "DependsOn", LIST(a, value_string(a, permission), f->alias_id ? value_string(a, f->alias_id) : NULL) },
	);
}

void compile_iotFleetProvisioning(const struct service *service, struct template *t, struct diag *diag) {
	struct arena *a = t->arena;
	(void)diag;

	for (const struct event *e = service->events[EVENT_IOT_FLEET_PROVISIONING]; e; e = e->next) {
		const char *permission = name_event_permission(a, e->function->key, KIND, 0);
		template_put(t, name_event(a, e->function->key, KIND, 0), provisioning_template(a, e, permission));
		template_put(t, permission, invoke_permission(a, e->function, TEXT("iot.amazonaws.com"), "SourceArn", NULL));
	}
}
