/*
 * Events of CloudWatch. Settings: pattern, state, name, description, input, inputPath, inputTransformer, all as the template
 * has them.
 *
 * The reference writes the rule as JSON text, from which it takes the escapes \n and \r.
 */
#include "events/events.h"
#include "emit.h"

static struct value *quoted_setting(const struct event_reading *r, const char *key) {
	const struct value *v = map_truthy(r->event->value, key);

	return v ? event_quoted(r, v, arena_printf(r->service->arena, "'%s'", key)) : NULL;
}

/* Whatever stands there: the text of its JSON is taken as JSON once more. */
static struct value *read_pattern(const struct event_reading *r) {
	struct arena *a = r->service->arena;
	struct value *pattern = map_get(r->event->value, "event");

	if (!pattern) {
		diag_help(diag_error(r->diag, "C370", r->event->mark, "event '%s' has no 'event'", r->event->key),
			"add 'event' with the pattern, such as { source: [aws.ec2] }");
		return NULL;
	}
	struct value *json = json_text(a, pattern);
	json->mark = pattern->mark;
	struct value *stripped = event_without_escapes(a, json);
	return stripped->length == json->length ? pattern : event_json(r, stripped, "'event'",
		"the escapes \\n and \\r are taken out of its JSON: leave out backslashes before 'n' and 'r'");
}

static struct value *read_input(const struct event_reading *r) {
	struct arena *a = r->service->arena;
	struct value *input = map_truthy(r->event->value, "input");

	if (is_map(input) || is_list(input)) {
		struct value *text = json_text(a, input);
		text->mark = input->mark;
		input = text;
	} else {
		input = event_text(r, "input", false);
	}
	return input ? event_quoted(r, event_without_escapes(a, event_escape_quotes(a, input)), "'input'") : NULL;
}

static struct value *read_path(const struct event_reading *r) {
	struct value *path = event_without_lines(r->service->arena, event_text(r, "inputPath", false));

	return path ? event_quoted(r, path, "'inputPath'") : NULL;
}

static struct value *read_transformer(const struct event_reading *r) {
	const struct value *own = map_truthy(r->event->value, "inputTransformer");

	return !own ? NULL : MAP(r->service->arena,
		{ "InputTemplate", map_get(own, "inputTemplate") },
		{ "InputPathsMap", map_truthy(own, "inputPathsMap") },
	);
}

static void check_inputs(const struct event_reading *r) {
	static const char *const keys[] = { "input", "inputPath", "inputTransformer" };
	const struct entry *first = NULL;

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		const struct entry *e = map_find(r->event->value, keys[i]);
		if (!e || !is_truthy(e->value)) {
			continue;
		}
		if (first) {
			diag_help(diag_error(r->diag, "C373", e->mark, "'%s' stands beside '%s', and only one can be the input", e->key,
				first->key), "leave one of them out");
		} else {
			first = e;
		}
	}
}

void read_cloudwatchEvent(struct service *service, const struct function *function, const struct entry *event,
		struct diag *diag) {
	const struct event_reading r = { service, diag, event };
	const struct value *enabled = map_get(event->value, "enabled");
	struct value *pattern = read_pattern(&r);

	check_inputs(&r);
	event_add(service, EVENT_CLOUDWATCH_EVENT, function, event->mark, MAP(service->arena,
		{ "pattern", pattern },
		{ "state", is_bool(enabled) && !enabled->boolean ? TEXT("DISABLED") : TEXT("ENABLED") },
		{ "name", quoted_setting(&r, "name") },
		{ "description", quoted_setting(&r, "description") },
		{ "input", read_input(&r) },
		{ "inputPath", read_path(&r) },
		{ "inputTransformer", read_transformer(&r) },
	));
}
