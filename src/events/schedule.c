/*
 * Schedules. Settings: rates (a list), state, name, description, input, inputPath, inputTransformer, scheduler (there: an
 * AWS::Scheduler::Schedule, else a rule of EventBridge), roleArn, groupName, timezone; all as the template has them.
 *
 * The reference writes a rule as JSON text with the settings in the midst of it. So what a text means there is what it means
 * between the quotes of JSON, and a quote or a line's end cannot stand in it; a schedule of the scheduler is none of that.
 */
#include <string.h>

#include "base/text.h"
#include "events/events.h"
#include "read_json.h"

struct reading {
	struct service *service;
	struct diag *diag;
	const struct function *function;
	const struct entry *event;
};

/* The value of a JSON text, with the place of what it was made from. */
static struct value *parse(const struct reading *r, const char *json, size_t length, const struct value *from,
		const char *what, const char *help) {
	struct arena *a = r->service->arena;
	struct source *source = arena_new(a, struct source);
	struct diag faults;

	*source = (struct source){ .name = "", .text = json, .length = length };
	diag_init(&faults, a, false);
	struct value *v = read_json(a, source, &faults);
	if (v && !faults.errors) {
		v->mark = from->mark;
		return v;
	}
	struct diagnostic *d = diag_error(r->diag, "C362", from->mark, "%s of the schedule is not possible in JSON", what);
	diag_origin(d, from);
	diag_help(d, "%s", help);
	return NULL;
}

/* What the reference has in a rule where it writes "${value}"; NULL after an error. */
static struct value *in_quotes(const struct reading *r, const struct value *v, const char *what) {
	const char *text = is_string(v) ? v->text : value_spell(r->service->arena, v);
	struct text json = { 0 };

	text_putc(&json, '"');
	if (is_string(v)) {
		text_add(&json, text, v->length);
	} else {
		text_puts(&json, text ? text : "[object Object]");
	}
	text_putc(&json, '"');
	char *copy = arena_alloc(r->service->arena, json.length + 1);
	memcpy(copy, json.bytes, json.length);
	struct value *parsed = parse(r, copy, json.length, v, what,
		"it is put between the quotes of JSON as it is: write \\\" for a quote there, \\n for a line's end, \\\\ for a backslash");
	text_free(&json);
	return parsed;
}

static struct value *quoted_setting(const struct reading *r, const char *key) {
	const struct value *v = map_truthy(r->event->value, key);

	return v ? in_quotes(r, v, arena_printf(r->service->arena, "'%s'", key)) : NULL;
}

/* --- the input ----------------------------------------------------------------------------------------------- */

static struct value *with_body(const struct reading *r, const struct value *input) {
	const struct value *body = map_get(input, "body");

	if (!is_string(body)) {
		return (struct value *)input;
	}
	struct value *copy = value_shallow_copy(r->service->arena, input);
	struct value *parsed = parse(r, body->text, body->length, body, "'body'", "expected the text of a JSON value");
	map_set(r->service->arena, copy, "body", parsed ? parsed : value_null(r->service->arena));
	return copy;
}

static struct value *escape_quotes(struct arena *a, const struct value *v) {
	struct text text = { 0 };

	for (uint32_t i = 0; i < v->length; i++) {
		if (v->text[i] == '"') {
			text_putc(&text, '\\');
		}
		text_putc(&text, v->text[i]);
	}
	char *copy = arena_alloc(a, text.length + 1);
	memcpy(copy, text.bytes ? text.bytes : "", text.length);
	struct value *escaped = value_text(a, copy, text.length);
	escaped->mark = v->mark;
	escaped->origin = v->origin;
	text_free(&text);
	return escaped;
}

static struct value *read_input(const struct reading *r, bool scheduler) {
	struct value *input = map_get(r->event->value, "input");

	if (is_map(input) || is_list(input)) {
		struct value *text = json_text(r->service->arena, with_body(r, input));
		text->mark = input->mark;
		input = text;
	}
	if (scheduler || !is_truthy(input)) {
		return scheduler ? input : NULL;
	}
	return in_quotes(r, is_string(input) ? escape_quotes(r->service->arena, input) : input, "'input'");
}

static struct value *read_transformer(const struct reading *r) {
	const struct value *own = map_truthy(r->event->value, "inputTransformer");

	return !own ? NULL : MAP(r->service->arena,
		{ "InputTemplate", map_get(own, "inputTemplate") },
		{ "InputPathsMap", map_truthy(own, "inputPathsMap") },
	);
}

/* --- the rates ----------------------------------------------------------------------------------------------- */

static void report_rates(const struct reading *r, const struct value *rates) {
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
static struct value *read_rates(const struct reading *r, bool scheduler) {
	struct arena *a = r->service->arena;
	struct value *rates = is_string(r->event->value) ? LIST(a, r->event->value) : map_get(r->event->value, "rate");
	struct value *read = value_list(a);

	if (!is_list(rates)) {
		report_rates(r, rates);
		return NULL;
	}
	for (size_t i = 0; i < rates->length; i++) {
		struct value *rate = rates->items[i];
		list_add(a, read, is_string(rate) && !scheduler ? in_quotes(r, rate, "the rate") : rate);
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

static void check_settings(const struct reading *r, const struct value *rates, bool scheduler) {
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
	const struct reading r = { service, diag, function, event };
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
