#include "events/events.h"

#include <string.h>

struct event_type {
	const char *key;
	read_event_fn *read;		/* NULL: not compiled yet */
	finish_events_fn *finish;
};

#define EVENT_ROW(id, key, finish, grant) { #key, read_##key, finish },
#define EVENT_LATER_ROW(id, key) { #key, NULL, NULL },
static const struct event_type types[] = { EVENT_TYPES(EVENT_ROW, EVENT_LATER_ROW) };

enum { TYPES = EVENT_COUNT };

static const struct event_type *type_of(const struct entry *event) {
	for (size_t i = 0; i < TYPES; i++) {
		if (strcmp(event->key, types[i].key) == 0) {
			return &types[i];
		}
	}
	return NULL;
}

struct event *event_add(struct service *service, enum event_number type, const struct function *function,
		struct mark mark, const struct value *settings) {
	struct event *event = arena_new(service->arena, struct event), *last = service->last_events[type];

	*event = (struct event){ .function = function, .mark = mark, .settings = settings,
		.number = last && last->function == function ? last->number + 1 : 1 };
	*(last ? &last->next : &service->events[type]) = event;
	service->last_events[type] = event;
	return event;
}

/* One event may have several types: each of the reference's compilers looks for its own key. What is not truthy
   is no event to them; of null the schema has warned. */
static void read_event(struct service *service, const struct function *f, const struct value *event,
		struct diag *diag) {
	for (const struct entry *e = map_first(event); e; e = map_next(event, e)) {
		const struct event_type *type = is_null(e->value) ? NULL : type_of(e);
		if (!type) {
			continue;
		}
		if (!is_truthy(e->value)) {
			diag_warning(diag, "C343", e->mark, "event '%s' has no value, so it is dropped", e->key);
		} else if (type->read) {
			type->read(service, f, e, diag);
		} else {
			service->partial = true;
			diag_add(diag, service->options->checking ? SEVERITY_WARNING : SEVERITY_ERROR, "C340", e->mark,
				"event type '%s' is not supported yet", e->key);
		}
	}
}

static void read_function(struct service *service, const struct function *f, struct diag *diag) {
	const struct value *events = map_get(f->config, "events");

	if (!is_truthy(events)) {
		return;
	}
	if (!is_list(events)) {
		diag_error(diag, "C341", events->mark, "events of function '%s' are a %s, expected a list", f->key,
			value_kind_name(events));
		return;
	}
	for (size_t i = 0; i < events->length; i++) {
		if (is_null(events->items[i])) {
			diag_error(diag, "C342", events->items[i]->mark, "event of function '%s' is empty", f->key);
		}
		read_event(service, f, events->items[i], diag);
	}
}

void events_read(struct service *service, struct diag *diag) {
	service->routes_end = &service->routes;
	for (const struct function *f = service->functions; f; f = f->next) {
		read_function(service, f, diag);
	}
	for (size_t i = 0; i < TYPES; i++) {
		if (types[i].finish) {
			types[i].finish(service, diag);
		}
	}
}
