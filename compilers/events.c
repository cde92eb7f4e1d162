/* The passes of the event types, in the order of events/types.h, and what each adds to the role. */
#include "compilers.h"

struct event_pass {
	compile_fn *compile;
	grant_fn *grant;
};

#define EVENT_ROW(id, key, finish, grant) { compile_##key, grant },
#define EVENT_LATER_ROW(id, key) { NULL, NULL },
static const struct event_pass passes[] = { EVENT_TYPES(EVENT_ROW, EVENT_LATER_ROW) };

void compile_events(const struct service *service, struct template *t, struct diag *diag) {
	for (size_t i = 0; i < EVENT_COUNT; i++) {
		if (passes[i].compile) {
			passes[i].compile(service, t, diag);
		}
	}
}

void grant_events(struct grants *grants) {
	for (size_t i = 0; i < EVENT_COUNT; i++) {
		if (passes[i].grant) {
			passes[i].grant(grants);
		}
	}
}
