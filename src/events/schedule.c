/*
 * Schedules. Settings: rates (a list), state, name, description, input, inputPath, inputTransformer, scheduler (there: an
 * AWS::Scheduler::Schedule, else a rule of EventBridge), roleArn, groupName, timezone; all as the template has them.
 *
 * The reference writes a rule as JSON text with the settings in the midst of it. So what a text means there is what it means
 * between the quotes of JSON, and a quote or a line's end cannot stand in it; a schedule of the scheduler is none of that.
 */
#include "events/events.h"
#include "emit.h"

static struct value *quoted_setting(const struct event_reading *r, const char *key) {
	const struct value *v = map_truthy(r->event->value, key);

	return v ? event_quoted(r, v, arena_printf(r->service->arena, "'%s'", key)) : NULL;
}

/* --- the input ----------------------------------------------------------------------------------------------- */

static struct value *with_body(const struct event_reading *r, const struct value *input) {
	const struct value *body = map_get(input, "body");

	if (!is_string(body)) {
		return (struct value *)input;
	}
	struct value *copy = value_shallow_copy(r->service->arena, input);
	struct value *parsed = event_json(r, body, "'body'", "expected the text of a JSON value");
	map_set(r->service->arena, copy, "body", parsed ? parsed : value_null(r->service->arena));
	return copy;
}

static struct value *read_input(const struct event_reading *r, bool scheduler) {
	struct value *input = map_get(r->event->value, "input");

	if (is_map(input) || is_list(input)) {
		struct value *text = json_text(r->service->arena, with_body(r, input));
		text->mark = input->mark;
		input = text;
	}
	if (scheduler || !is_truthy(input)) {
		return scheduler ? input : NULL;
	}
	return event_quoted(r, is_string(input) ? event_escape_quotes(r->service->arena, input) : input, "'input'");
}

static struct value *read_transformer(const struct event_reading *r) {
	const struct value *own = map_truthy(r->event->value, "inputTransformer");

	return !own ? NULL : MAP(r->service->arena,
		{ "InputTemplate", map_get(own, "inputTemplate") },
		{ "InputPathsMap", map_truthy(own, "inputPathsMap") },
	);
}

/* --- the rates ----------------------------------------------------------------------------------------------- */

static void report_rates(const struct event_reading *r, const struct value *rates) {
	struct diagnostic *d = rates && !is_null(rates) ?
		diag_error(r->diag, "C360", rates->mark, "'rate' of the schedule is a %s, expected a list of expressions",
			value_kind_name(rates)) :
		diag_error(r->diag, "C360", r->event->mark, "schedule has no 'rate'");

	if (rates) {
		diag_origin(d, rates);
	}
	diag_help(d, "write 'rate: rate(10 minutes)', or a cron(...) expression, or a list of them");
}

/* A text is gone through character by character. */
static struct value *read_rates(const struct event_reading *r, bool scheduler) {
	struct arena *a = r->service->arena;
	struct value *rates = is_string(r->event->value) ? LIST(a, r->event->value) : map_get(r->event->value, "rate");
	struct value *read = value_list(a);

	if (!is_list(rates)) {
		report_rates(r, rates);
		return NULL;
	}
	for (size_t i = 0; i < rates->length; i++) {
		struct value *rate = rates->items[i];
		list_add(a, read, is_string(rate) && !scheduler ? event_quoted(r, rate, "the rate") : rate);
	}
	return read;
}

/* --- what goes together -------------------------------------------------------------------------------------- */

struct restriction {
	const char *key;
	bool of_scheduler;		/* else of rules */
};

static const struct restriction restrictions[] = {
	{ "inputTransformer", false }, { "inputPath", false }, { "timezone", true }, { "groupName", true },
};

static void check_settings(const struct event_reading *r, const struct value *rates, bool scheduler) {
	const struct value *config = r->event->value, *name = map_truthy(config, "name");

	if (list_length(rates) > 1 && name) {
		diag_help(diag_error(r->diag, "C361", name->mark, "schedule with %zu rates has a name, which only one could have",
			list_length(rates)), "leave out 'name', or write an event for each rate");
	}
	for (size_t i = 0; i < sizeof(restrictions) / sizeof(*restrictions); i++) {
		const struct restriction *row = &restrictions[i];
		const struct entry *e = map_find(config, row->key);
		if (e && is_truthy(e->value) && row->of_scheduler != scheduler) {
			diag_help(diag_error(r->diag, "C361", e->mark, "'%s' is only for schedules %s 'method: scheduler'", row->key,
				scheduler ? "without" : "with"), scheduler ? "leave it out, or leave out 'method'" :
				"add 'method: scheduler', or leave it out");
		}
	}
}

/* Nothing but a text or a map has settings; the schema made a text of what else there can be. */
void read_schedule(struct service *service, const struct function *function, const struct entry *event,
		struct diag *diag) {
	const struct event_reading r = { service, diag, event };
	struct value *config = event->value;
	bool scheduler = is_text(map_get(config, "method"), "scheduler");
	const struct value *enabled = map_get(config, "enabled");
	struct value *rates = read_rates(&r, scheduler);

	if (!rates) {
		return;
	}
	check_settings(&r, rates, scheduler);
	event_add(service, EVENT_SCHEDULE, function, event->mark, MAP(service->arena,
		{ "rates", rates },
		{ "state", is_bool(enabled) && !enabled->boolean ? TEXT("DISABLED") : TEXT("ENABLED") },
		{ "name", scheduler ? map_get(config, "name") : quoted_setting(&r, "name") },
		{ "description", scheduler ? map_get(config, "description") : quoted_setting(&r, "description") },
		{ "input", read_input(&r, scheduler) },
		{ "inputPath", scheduler ? NULL : quoted_setting(&r, "inputPath") },
		{ "inputTransformer", scheduler ? NULL : read_transformer(&r) },
		{ "scheduler", scheduler ? value_bool(service->arena, true) : NULL },
		{ "roleArn", map_truthy(config, "roleArn") },
		{ "groupName", map_get(config, "groupName") },
		{ "timezone", map_get(config, "timezone") },
	));
}
