/* Requests to Alexa skills, of both types: each the permission to invoke the function, or that to invoke it no more. */
#include "compilers.h"
#include "invoke.h"

static void add(struct template *t, const struct event *e, const char *kind, struct value *principal) {
	struct arena *a = t->arena;

	template_put(t, name_event_permission(a, e->function->key, kind, e->number),
		resource_of_function(a, e->function, TEXT("AWS::Lambda::Permission"), MAP(a,
			{ "FunctionName", e->function->target },
			{ "Action", map_get(e->settings, "action") },
			{ "Principal", principal },
			{ "EventSourceToken", map_get(e->settings, "token") },
		)));
}

void compile_alexaSkill(const struct service *service, struct template *t, struct diag *diag) {
	(void)diag;

	for (const struct event *e = service->events[EVENT_ALEXA_SKILL]; e; e = e->next) {
		add(t, e, "AlexaSkill", TEXT("alexa-appkit.amazon.com"));
	}
}

void compile_alexaSmartHome(const struct service *service, struct template *t, struct diag *diag) {
	(void)diag;

	for (const struct event *e = service->events[EVENT_ALEXA_SMART_HOME]; e; e = e->next) {
		add(t, e, "AlexaSmartHome", TEXT("alexa-connectedhome.amazon.com"));
	}
}
