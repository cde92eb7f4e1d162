/*
 * Names and expressions whose grammar depends on other properties or is in no schema: those of FIFO queues and topics,
 * schedules, patterns of events.
 */
#include "resource.h"

#include "base/text.h"

/* --- FIFO ----------------------------------------------------------------------------------------------------- */

struct fifo_row {
	const char *type, *name, *fifo;
};

static const struct fifo_row fifos[] = {
	{ "AWS::SQS::Queue", "QueueName", "FifoQueue" },
	{ "AWS::SNS::Topic", "TopicName", "FifoTopic" },
	{ NULL, NULL, NULL },
};

static void check_fifo(const struct check *c, const struct resource *r, const struct fifo_row *row) {
	const struct value *name = check_property(r, row->name), *fifo = check_property(r, row->fifo);
	bool is_fifo = fifo && (fifo->kind == VALUE_BOOL ? fifo->boolean : is_text(fifo, "true"));

	if (!is_string(name) || !is_literal(name) || (fifo && !is_literal(fifo))) {
		return;
	}
	if (is_fifo && !text_ends(name->text, ".fifo")) {
		check_report(c, "R531", r, name, "'%s' is '%s', expected a name that ends in '.fifo'", row->name, name->text);
	} else if (!is_fifo && text_ends(name->text, ".fifo")) {
		check_report(c, "R531", r, name, "'%s' is '%s', which needs '%s: true'", row->name, name->text, row->fifo);
	}
}

/* --- schedules ------------------------------------------------------------------------------------------------- */

/* What is in the brackets of name(...); NULL if it is not that. */
static const char *argument_of(struct arena *a, const char *text, const char *name) {
	size_t length = strlen(text), start = strlen(name);

	if (!text_starts(text, name) || text[start] != '(' || text[length - 1] != ')') {
		return NULL;
	}
	return arena_copy(a, text + start + 1, length - start - 2);
}

/* "1 hour", "5 minutes"; the scheduler takes "5 minute" as well. */
static const char *fault_of_rate(const char *rate, bool scheduler) {
	static const char *const units[] = { "minute", "hour", "day" };
	char *unit;
	unsigned long count = rate[0] >= '0' && rate[0] <= '9' ? strtoul(rate, &unit, 10) : 0;

	if (count == 0 || *unit != ' ') {
		return "expected a number from 1 and a unit, as in rate(5 minutes)";
	}
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		const char *ending = text_starts(unit + 1, units[i]) ? unit + 1 + strlen(units[i]) : "?";
		bool one = *ending == '\0', more = strcmp(ending, "s") == 0;
		if (scheduler ? one || more : count == 1 ? one : more) {
			return NULL;
		}
	}
	return count == 1 ? "expected 'minute', 'hour' or 'day' as its unit" : "expected 'minutes', 'hours' or 'days' as its unit";
}

/* Minutes, hours, day of the month, month, day of the week, year; of the two days one is ?. */
static const char *fault_of_cron(struct arena *a, const char *cron) {
	char *fields[6], *rest, *text = arena_strdup(a, cron);
	size_t count = 0;
	bool odd = false;

	for (char *field = strtok_r(text, " ", &rest); field; field = strtok_r(NULL, " ", &rest)) {
		if (count < 6) {
			fields[count] = field;
			odd = odd || text_ends(field, ",");	/* which may mean what nobody says */
		}
		count++;
	}
	if (count != 6) {
		return "expected six fields, as in cron(0 12 * * ? *)";
	}
	if (!odd && (strcmp(fields[2], "?") == 0) == (strcmp(fields[4], "?") == 0)) {
		return "expected '?' as the day of the month or as the day of the week, and not as both";
	}
	return NULL;
}

struct schedule_row {
	const char *type;
	bool scheduler;		/* the scheduler takes at(...) as well */
};

static const struct schedule_row schedules[] = {
	{ "AWS::Events::Rule", false },
	{ "AWS::Scheduler::Schedule", true },
	{ NULL, false },
};

static const char *fault_of_schedule(struct arena *a, const char *text, bool scheduler) {
	const char *rate = argument_of(a, text, "rate"), *cron = argument_of(a, text, "cron");

	if (rate) {
		return fault_of_rate(rate, scheduler);
	}
	if (cron) {
		return fault_of_cron(a, cron);
	}
	if (scheduler && argument_of(a, text, "at")) {
		return NULL;
	}
	return scheduler ? "expected rate(...), cron(...) or at(...)" : "expected rate(...) or cron(...)";
}

static void check_schedule(const struct check *c, const struct resource *r, const struct schedule_row *row) {
	const struct value *v = check_property(r, "ScheduleExpression");

	if (!is_string(v) || !is_literal(v)) {
		return;
	}
	const char *fault = fault_of_schedule(c->arena, v->text, row->scheduler);
	if (fault) {
		check_report(c, "R541", r, v, "the schedule '%s' is not valid, %s", v->text, fault);
	}
}

/* --- patterns of events ---------------------------------------------------------------------------------------- */

struct pattern_walk {
	const struct check *check;
	const struct resource *rule;
};

/* A field has a list of what it may be, or a map of fields within it. */
static void check_fields(const struct pattern_walk *p, const struct value *fields) {
	for (const struct entry *e = map_first(fields); e; e = map_next(fields, e)) {
		if (text_starts(e->key, "Fn::") || !is_literal(e->value)) {
			continue;
		}
		if (is_map(e->value)) {
			check_fields(p, e->value);
		} else if (!is_list(e->value)) {
			struct diagnostic *d = check_report(p->check, "R542", p->rule, e->value,
				"'%s' in an event pattern is a %s, expected a list", e->key, value_kind_name(e->value));
			diag_help(d, "write a list even of a single value");
		} else if (e->value->length == 0) {
			check_report(p->check, "R542", p->rule, e->value, "'%s' in an event pattern is an empty list", e->key);
		}
	}
}

static void check_event_pattern(const struct check *c, const struct resource *r) {
	const struct pattern_walk p = { c, r };
	const struct value *v = check_property(r, "EventPattern");

	if (is_map(v) && is_literal(v)) {
		check_fields(&p, v);
	}
}

/* --- all ------------------------------------------------------------------------------------------------------ */

check_fn check_names;

void check_names(const struct check *c) {
	for (const struct fifo_row *row = fifos; row->type; row++) {
		for (const struct resource *r = check_first(c, row->type); r; r = r->next_of_type) {
			check_fifo(c, r, row);
		}
	}
	for (const struct schedule_row *row = schedules; row->type; row++) {
		for (const struct resource *r = check_first(c, row->type); r; r = r->next_of_type) {
			check_schedule(c, r, row);
		}
	}
	for (const struct resource *r = check_first(c, "AWS::Events::Rule"); r; r = r->next_of_type) {
		check_event_pattern(c, r);
	}
}
