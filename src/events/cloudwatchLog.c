/*
 * Lines of logs. Settings: logGroup (as written), name (what that is in the template), filter; of the first event of a
 * function also permitted, the log groups of all of them.
 */
#include <string.h>

#include "base/text.h"
#include "events/events.h"

/* The reference takes one backslash from before a quote or a backslash, where such comes before the first quote. */
static struct value *unescape(struct arena *a, struct value *filter) {
	const char *slash = memchr(filter->text, '\\', filter->length), *quote = memchr(filter->text, '"', filter->length);

	if (!slash || !quote || quote < slash) {
		return filter;
	}
	char *copy = arena_alloc(a, filter->length + 1);
	uint32_t length = 0;
	for (uint32_t i = 0; i < filter->length; i++) {
		char next = i + 1 < filter->length ? filter->text[i + 1] : 0;
		if (filter->text[i] == '\\' && (next == '"' || next == '\\' || next == '\'')) {
			i++;
		}
		copy[length++] = filter->text[i];
	}
	copy[length] = '\0';
	return value_text(a, copy, length);
}

void read_cloudwatchLog(struct service *service, const struct function *function, const struct entry *event,
		struct diag *diag) {
	const struct event_reading r = { service, diag, event };
	struct arena *a = service->arena;
	struct value *config = event->value;
	struct value *group = event_without_lines(a, is_string(config) ? config : event_text(&r, "logGroup", true));
	struct value *filter = event_without_lines(a, event_text(&r, "filter", false));

	if (group) {
		event_add(service, EVENT_CLOUDWATCH_LOG, function, event->mark, MAP(a,
			{ "logGroup", group },
			{ "name", event_quoted(&r, group, "name of the log group") },
			{ "filter", filter ? unescape(a, filter) : TEXT("") },
		));
	}
}

/* --- across events ------------------------------------------------------------------------------------------- */

static void check_counts(struct service *service, struct diag *diag) {
	enum { LIMIT = 2 };
	struct value *counts = value_map(service->arena);

	for (const struct event *e = service->events[EVENT_CLOUDWATCH_LOG]; e; e = e->next) {
		const struct value *group = map_get(e->settings, "logGroup");
		const struct entry *known = map_find_text(counts, group->text, group->length);
		double count = known ? known->value->number + 1 : 1;
		map_set_entry(service->arena, counts, group->text, group->length, e->mark, value_number(service->arena, count));
		if (count == LIMIT + 1) {
			diag_help(diag_error(diag, "C372", e->mark, "log group '%s' has more than %d subscription filters", group->text,
				LIMIT), "leave out one of its events: AWS allows no more of them");
		}
	}
}

/* The length of the beginning that two texts share, in whole characters. */
static uint32_t shared_length(const struct value *a, uint32_t length, const struct value *b) {
	uint32_t i = 0;

	while (i < length && i < b->length && a->text[i] == b->text[i]) {
		i++;
	}
	while (i > 0 && i < length && ((unsigned char)a->text[i] & 0xc0) == 0x80) {
		i--;
	}
	return i;
}

static void permit(struct service *service, struct event *first, struct diag *diag) {
	const struct event_reading r = { service, diag, &(struct entry){ .key = "cloudwatchLog", .mark = first->mark } };
	struct arena *a = service->arena;
	const struct value *group = map_get(first->settings, "logGroup");
	uint32_t length = group->length;
	bool several = first->next && first->next->function == first->function;

	for (const struct event *e = first; e && e->function == first->function; e = e->next) {
		length = shared_length(group, length, map_get(e->settings, "logGroup"));
		if (!map_has(e->settings, "name")) {
			return;
		}
	}
	bool star = several && !(length && group->text[length - 1] == '*');
	struct value *pattern = value_printf(a, "%.*s%s", (int)length, group->text, star ? "*" : "");
	pattern->mark = first->mark;
	struct value *settings = value_shallow_copy(a, first->settings);
	map_set(a, settings, "permitted", event_quoted(&r, pattern, "the beginning that the names of log groups share"));
	first->settings = settings;
}

void finish_cloudwatchLog(struct service *service, struct diag *diag) {
	check_counts(service, diag);
	for (struct event *e = service->events[EVENT_CLOUDWATCH_LOG]; e; e = e->next) {
		if (e->number == 1) {
			permit(service, e, diag);
		}
	}
}
