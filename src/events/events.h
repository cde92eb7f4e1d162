/*
 * Event types: one row each for all that the reference knows, with the function that reads such an event into the
 * service. A type without a reader is an error that names it and its place, so that no event is lost in silence; what
 * is no event type at all is dropped as the reference drops it (the schema warns).
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

read_event_fn read_websocket;
finish_events_fn finish_websocket;

#endif
