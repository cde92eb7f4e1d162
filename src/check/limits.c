/*
 * CloudFormation's quotas of a template; a warning from four fifths on.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
#include "check.h"

#include "base/text.h"
#include "emit.h"

struct limit {
	const char *section, *what;
	unsigned most;
};

static const struct limit limits[] = {
	{ "Resources", "resources", 500 },
	{ "Outputs", "outputs", 200 },
	{ "Parameters", "parameters", 200 },
	{ "Mappings", "mappings", 200 },
};

enum { LARGEST = 1024 * 1024 };

static bool is_near(double count, double most) {
	return count > most * 4 / 5;
}

static void check_counts(const struct check *c) {
	for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++) {
		const struct limit *limit = &limits[i];
		const struct entry *section = map_find(c->template, limit->section);
		unsigned count = section && is_map(section->value) ? section->value->length : 0;
		if (count > limit->most) {
			struct diagnostic *d = check_report_key(c, "T030", NULL, section, "there are %u %s, expected at most %u", count,
				limit->what, limit->most);
			diag_help(d, "split the stack in several, or nest stacks");
		} else if (is_near(count, limit->most)) {
			check_report_key(c, "T031", NULL, section, "there are %u %s, of %u at most", count, limit->what, limit->most);
		}
	}
}

static void check_mappings(const struct check *c) {
	enum { MOST = 200 };
	const struct value *mappings = map_get(c->template, "Mappings");

	for (const struct entry *e = map_first(mappings); e; e = map_next(mappings, e)) {
		if (is_map(e->value) && e->value->length > MOST) {
			check_report_key(c, "T030", NULL, e, "mapping '%s' has %u keys, expected at most %d", e->key, e->value->length,
				MOST);
		}
	}
}

/* A template that was read is uploaded as it is; one that was made, on one line, as the reference does it. */
static size_t size_of(const struct check *c) {
	struct text text = { 0 };

	if (!c->service) {
		return c->source->length;
	}
	emit_json(&text, c->template, 0);
	size_t length = text.length;
	text_free(&text);
	return length;
}

check_fn check_limits;

void check_limits(const struct check *c) {
	const struct mark file = { .source = c->source };

	if (!c->template) {
		return;
	}
	check_counts(c);
	check_mappings(c);
	size_t size = size_of(c);
	if (size > LARGEST) {
		struct diagnostic *d = check_report_at(c, "T032", NULL, file, "the template has %zu bytes, expected at most %d", size,
			LARGEST);
		diag_help(d, c->service ? "split the service in several" : "write it on one line, or nest stacks");
	} else if (is_near((double)size, LARGEST)) {
		check_report_at(c, "T033", NULL, file, "the template has %zu bytes, of %d at most", size, LARGEST);
	}
}
