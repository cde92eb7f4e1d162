#include "sources.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"

static const struct source_row rows[] = {
	{ "aws", source_aws, PHASE_ALL, ADDRESS_NEEDED, "aws:region" },
	{ "cf", source_stub, PHASE_ALL, ADDRESS_NEEDED, "cf:STACK.OUTPUT" },
	{ "env", source_env, PHASE_CORE, ADDRESS_NEEDED, "env:NAME" },
	{ "file", source_file, PHASE_CORE, ADDRESS_OPTIONAL, "file(PATH):KEY" },
	{ "opt", source_opt, PHASE_CORE, ADDRESS_OPTIONAL, "opt:NAME" },
	{ "param", source_param, PHASE_INSTANCE, ADDRESS_NEEDED, "param:NAME" },
	{ "s3", source_stub, PHASE_ALL, ADDRESS_NEEDED, "s3:BUCKET/KEY" },
	{ "self", source_self, PHASE_CORE, ADDRESS_OPTIONAL, "self:custom.KEY" },
	{ "sls", source_sls, PHASE_CORE, ADDRESS_NEEDED, "sls:stage" },
	{ "ssm", source_stub, PHASE_ALL, ADDRESS_NEEDED, "ssm:/PATH" },
	{ "strToBool", source_bool, PHASE_CORE, ADDRESS_OPTIONAL, "strToBool(VALUE)" },
};
enum { ROWS = sizeof(rows) / sizeof(*rows) };

const struct source_row *source_find(const char *name) {
	for (size_t i = 0; i < ROWS; i++) {
		if (strcmp(rows[i].name, name) == 0) {
			return &rows[i];
		}
	}
	return NULL;
}

const char *source_closest(const char *name) {
	const char *names[ROWS];

	for (size_t i = 0; i < ROWS; i++) {
		names[i] = rows[i].name;
	}
	return text_closest(name, names, ROWS);
}

const char *source_names(struct arena *a) {
	const char *names = "";

	for (size_t i = 0; i < ROWS; i++) {
		names = arena_printf(a, "%s%s'%s'", names, !i ? "" : i + 1 < ROWS ? ", " : " or ", rows[i].name);
	}
	return names;
}

/* --- self, opt, env ----------------------------------------------------------------------------------------- */

enum outcome source_self(struct resolver *r, struct call *call, struct value **value) {
	const struct value *address = call->address;

	return resolver_property(r, call, address ? address->text : "", address ? address->length : 0, value);
}

/* What `package` of the reference knows: ${opt:} has these, null where they were not given. */
static const char *const known_options[] = {
	"region", "aws-profile", "config", "stage", "param", "help", "version", "verbose", "debug", "package",
	"minify-template",
};
enum { KNOWN_OPTIONS = sizeof(known_options) / sizeof(*known_options) };

static struct value *all_options(struct resolver *r) {
	struct value *all = value_map(r->arena);

	option_note_read(r->options, NULL);
	for (size_t i = 0; i < KNOWN_OPTIONS; i++) {
		map_set(r->arena, all, known_options[i], value_null(r->arena));
	}
	for (const struct entry *e = map_first(r->options->opt); e; e = map_next(r->options->opt, e)) {
		map_set(r->arena, all, e->key, e->value);
	}
	return all;
}

enum outcome source_opt(struct resolver *r, struct call *call, struct value **value) {
	if (!call->address) {
		*value = all_options(r);
		return FOUND;
	}
	option_note_read(r->options, call->address->text);
	*value = map_get_text(r->options->opt, call->address->text, call->address->length);
	call->help = arena_printf(r->arena, "give it with '--%s VALUE' or add a fallback: ${opt:%s, 'VALUE'}",
		call->address->text, call->address->text);
	return *value ? FOUND : MISSING;
}

enum outcome source_env(struct resolver *r, struct call *call, struct value **value) {
	const struct value *address = call->address, *dotenv = map_get_text(r->environment, address->text, address->length);
	const char *text = dotenv ? dotenv->text : r->host->get_env(r->host->data, address->text);

	if (!text) {
		call->help = arena_printf(r->arena, "set the environment variable '%s' or add a fallback: "
			"${env:%s, 'VALUE'}", address->text, address->text);
		return MISSING;
	}
	*value = value_string(r->arena, arena_strdup(r->arena, text));
	return FOUND;
}

/* --- sls, param, strToBool ---------------------------------------------------------------------------------- */

/* The reference's id of a run is its time in milliseconds. Here the template depends on the input alone. */
static struct value *instance_id(struct resolver *r) {
	const char *epoch = r->host->get_env(r->host->data, "SOURCE_DATE_EPOCH");
	double seconds;

	if (epoch && *epoch && number_read(epoch, strlen(epoch), &seconds) && seconds > 0 && seconds < 1e11) {
		return value_printf(r->arena, "%.0f", seconds * 1000);
	}
	return value_string(r->arena, "1000000000000");
}

enum outcome source_sls(struct resolver *r, struct call *call, struct value **value) {
	if (is_text(call->address, "stage")) {
		return resolver_stage(r, call, value);
	}
	if (is_text(call->address, "instanceId")) {
		*value = instance_id(r);
		return FOUND;
	}
	resolver_error(r, "C103", "the source 'sls' has no '%s', expected 'stage' or 'instanceId'", call->address->text);
	return FAILED;
}

/* Neither the section nor the name is taken apart at dots. */
static enum outcome read_param(struct resolver *r, const struct call *call, const char *section, struct value **value) {
	struct value *at = NULL;
	enum outcome outcome = resolver_member(r, r->config, "params", strlen("params"), &at);

	outcome = outcome == FOUND ? resolver_member(r, at, section, strlen(section), &at) : outcome;
	outcome = outcome == FOUND ? resolver_member(r, at, call->address->text, call->address->length, &at) : outcome;
	if (outcome != FOUND || is_null(at)) {
		return outcome == FAILED ? FAILED : MISSING;
	}
	*value = at;
	return resolver_tree(r, at) ? FOUND : FAILED;
}

static struct value *trim_end(struct resolver *r, const struct value *given) {
	const char *text = given->text;
	size_t length = given->length;

	text_trim(&text, &length);
	length = length ? (size_t)(text - given->text) + length : 0;
	return value_text(r->arena, arena_copy(r->arena, given->text, length), length);
}

enum outcome source_param(struct resolver *r, struct call *call, struct value **value) {
	const struct value *given = map_get_text(r->options->param, call->address->text, call->address->length);
	struct value *stage;

	if (is_string(given)) {
		*value = trim_end(r, given);
		return FOUND;
	}
	if (resolver_stage(r, call, &stage) == FAILED) {
		return FAILED;
	}
	const char *section = value_spell(r->arena, stage);
	enum outcome outcome = read_param(r, call, section ? section : "dev", value);
	if (outcome == MISSING) {
		outcome = read_param(r, call, "default", value);
	}
	call->help = arena_printf(r->arena, "give it with '--param %s=VALUE', or set it under 'params', 'default' or '%s'",
		call->address->text, section ? section : "dev");
	return outcome;
}

enum outcome source_bool(struct resolver *r, struct call *call, struct value **value) {
	static const struct { const char *text; bool boolean; } words[] = {
		{ "true", true }, { "1", true }, { "false", false }, { "0", false },
	};
	struct value *input = call->param_count ? call->params[0] : NULL;
	const struct value *spelled = is_missing(input) ? NULL : resolver_spell(r, input);

	if (!spelled) {
		struct diagnostic *d = resolver_error(r, "C113", "'strToBool' has %s, expected a text",
			input && !is_null(input) ? value_kind_name(input) : "no input");
		if (call->called) {
			diag_help(d, "false, 0 and null mean no input: put quotes around them");
		}
		return FAILED;
	}
	const char *text = spelled->text;
	size_t length = spelled->length;
	text_trim(&text, &length);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (length == strlen(words[i].text) && strncasecmp(text, words[i].text, length) == 0) {
			*value = value_bool(r->arena, words[i].boolean);
			return FOUND;
		}
	}
	resolver_error(r, "C113", "'strToBool' has '%s', expected 'true', 'false', '1' or '0'", spelled->text);
	return FAILED;
}

/* --- what only AWS could tell ------------------------------------------------------------------------------- */

enum outcome source_stub(struct resolver *r, struct call *call, struct value **value) {
	(void)r; (void)call; (void)value;
	return MISSING;
}

enum outcome source_aws(struct resolver *r, struct call *call, struct value **value) {
	if (!is_text(call->address, "region")) {
		return source_stub(r, call, value);
	}
	*value = map_get(r->options->opt, "region");
	if (is_truthy(*value)) {
		return FOUND;
	}
	enum outcome outcome = resolver_property(r, call, "provider.region", strlen("provider.region"), value);
	if (outcome == MISSING || (outcome == FOUND && !is_truthy(*value))) {
		*value = value_string(r->arena, "us-east-1");
	}
	return outcome == FAILED ? FAILED : FOUND;
}
