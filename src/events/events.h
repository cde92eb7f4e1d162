/*
 * Event types: types.h has a row for each, with the function that reads such an event into the service. A type without
 * a reader is an error that names it and its place, so that no event is lost in silence; what is no event type at all
 * is dropped as the reference drops it (the schema warns).
 */
#ifndef SLSWS_EVENTS_H
#define SLSWS_EVENTS_H

#include "service.h"

/* Reads the events of all functions, whose list is complete, into the service. */
void events_read(struct service *service, struct diag *diag);

/* --- for the files of this folder ----------------------------------------------------------------------------- */

/* Reads one event: its entry in the event map has the type's key, with its mark, and a value that is truthy. */
typedef void read_event_fn(struct service *service, const struct function *function, const struct entry *event,
		struct diag *diag);
/* Runs once after all events were read: settings of provider that belong to the type, and checks across events. */
typedef void finish_events_fn(struct service *service, struct diag *diag);

#define EVENT_READER(id, key, finish, grant) read_event_fn read_##key; finish_events_fn finish_##key;
#define EVENT_WITHOUT_READER(id, key)
EVENT_TYPES(EVENT_READER, EVENT_WITHOUT_READER)
#undef EVENT_READER
#undef EVENT_WITHOUT_READER

/* Adds an event to the list of its type; `settings` is what its pass goes by. */
struct event *event_add(struct service *service, enum event_number type, const struct function *function,
		struct mark mark, const struct value *settings);

/* What an event is read with, for what readers share. */
struct event_reading {
	struct service *service;
	struct diag *diag;
	const struct entry *event;
};

/* The text under a key of the event; NULL after an error: where it is no text or, if it is needed, where there is none. */
struct value *event_text(const struct event_reading *r, const char *key, bool needed);

/* A text without the ends of its lines, without what is written \n and \r in it, and with a backslash before each
   quote. NULL gives NULL. */
struct value *event_without_lines(struct arena *a, struct value *v);
struct value *event_without_escapes(struct arena *a, struct value *v);
struct value *event_escape_quotes(struct arena *a, struct value *v);

/* The value of a JSON text, and what the reference has where it writes "${value}" into such; NULL after an error, which
   calls it `what`. */
struct value *event_json(const struct event_reading *r, const struct value *json, const char *what, const char *help);
struct value *event_quoted(const struct event_reading *r, const struct value *v, const char *what);

/* A list of what is in a list, each text once, or of the one that is none: JavaScript's sets. NULL is null in it. */
struct value *value_set(struct arena *a, struct value *v);

#endif
