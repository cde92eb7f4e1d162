#include "sources.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "emit.h"
#include "read_project.h"

static const struct source_row rows[] = {
	{ "aws", source_aws, PHASE_ALL, ADDRESS_NEEDED, "aws:region" },
	{ "cf", source_stub, PHASE_ALL, ADDRESS_NEEDED, "cf:STACK.OUTPUT", '.' },
	{ "env", source_env, PHASE_CORE, ADDRESS_NEEDED, "env:NAME" },
	{ "file", source_file, PHASE_CORE, ADDRESS_OPTIONAL, "file(PATH):KEY" },
	{ "opt", source_opt, PHASE_CORE, ADDRESS_OPTIONAL, "opt:NAME" },
	{ "param", source_param, PHASE_INSTANCE, ADDRESS_NEEDED, "param:NAME" },
	{ "s3", source_stub, PHASE_ALL, ADDRESS_NEEDED, "s3:BUCKET/KEY", '/' },
	{ "self", source_self, PHASE_CORE, ADDRESS_TEXT, "self:custom.KEY" },
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

struct value *sources_options(struct resolver *r) {
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
		*value = sources_options(r);
		return FOUND;
	}
	option_note_read(r->options, call->address->text);
	*value = map_get_text(r->options->opt, call->address->text, call->address->length);
	call->help = arena_printf(r->arena, "give it with '--%s VALUE' or add a fallback: ${opt:%s, 'VALUE'}",
		call->address->text, call->address->text);
	return *value ? FOUND : MISSING;
}

static void note_missed(struct resolver *r, const struct value *name) {
	if (!r->dotenv_done) {
		r->missed = r->missed ? r->missed : value_map(r->arena);
		map_set(r->arena, r->missed, name->text, value_at(r->arena, value_null(r->arena), resolver_mark(r)));
	}
}

enum outcome source_env(struct resolver *r, struct call *call, struct value **value) {
	const struct value *address = call->address, *dotenv = map_get_text(r->environment, address->text, address->length);
	const char *text = dotenv ? dotenv->text : r->host->get_env(r->host->data, address->text);

	if (!text) {
		note_missed(r, address);
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
	if (is_text(call->address, "instanceId") && r->phase >= PHASE_INSTANCE) {
		*value = instance_id(r);
		return FOUND;
	}
	if (is_text(call->address, "instanceId")) {
		resolver_error(r, "C114", "'%s' cannot use 'sls:instanceId'", r->phase_property);
		return FAILED;
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
	call->help = arena_printf(r->arena, "give it with '--param %s=VALUE', or set it in 'params' under 'default' or '%s'",
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
			is_map(input) ? "a map" : "no input");
		if (call->called && !is_map(input)) {
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

/* --- what only AWS could tell: stubs ------------------------------------------------------------------------- */

static bool read_stubs_file(struct resolver *r) {
	const char *path = r->options->stubs_file;
	const struct source *source = NULL;
	enum slsws_read status = host_read(r->host, r->arena, path, path, &source);

	if (status != SLSWS_READ_OK) {
		diag_error(r->diag, "C117", (struct mark){ 0 }, "the stubs file '%s' %s", path, host_read_problem(status));
		return false;
	}
	struct value *stubs = read_document(r->arena, source, r->diag);
	if (stubs && !is_map(stubs)) {
		diag_error(r->diag, "C117", stubs->mark, "the stubs are a %s, expected a map such as 'ssm:/a/b: value'",
			value_kind_name(stubs));
		return false;
	}
	r->stubs = stubs;
	return stubs;
}

bool sources_prepare(struct resolver *r) {
	if (r->options->stubs_file && !read_stubs_file(r)) {
		return false;
	}
	r->stubs = r->stubs ? r->stubs : value_map(r->arena);
	for (const struct entry *e = map_first(r->options->stubs); e; e = map_next(r->options->stubs, e)) {
		map_set(r->arena, r->stubs, e->key, e->value);
	}
	return true;
}

/* The region of ssm(region, raw, noDecrypt) and cf(region), or NULL. */
static const char *region_of(const struct call *call) {
	for (size_t i = 0; i < call->param_count; i++) {
		const struct value *param = call->params[i];
		if (is_string(param) && !is_text(param, "raw") && !is_text(param, "noDecrypt")) {
			return param->text;
		}
	}
	return NULL;
}

static bool has_param(const struct call *call, const char *name) {
	for (size_t i = 0; i < call->param_count; i++) {
		if (is_text(call->params[i], name)) {
			return true;
		}
	}
	return false;
}

/* "ssm(eu-west-1):/a" counts for that region only, "ssm:/a" for every one. */
static const struct value *find_stub(struct resolver *r, const struct call *call) {
	const char *region = region_of(call), *address = call->address->text;
	const struct value *stub = NULL;

	if (region) {
		stub = map_get(r->stubs, arena_printf(r->arena, "%s(%s):%s", call->type, region, address));
	}
	return stub ? stub : map_get(r->stubs, arena_printf(r->arena, "%s:%s", call->type, address));
}

/*
 * What AWS would have answered: texts, whatever a YAML file took them for. A list stands for ssm's StringList and a map for
 * its SecureString of JSON, which `raw` shows as the text that is stored.
 */
static struct value *answer_of(struct resolver *r, const struct call *call, const struct value *stub) {
	struct value *value = (struct value *)stub;

	if (is_map(stub) && has_param(call, "raw")) {
		value = json_text(r->arena, stub);
	} else if (!is_map(stub) && (!is_list(stub) || has_param(call, "raw"))) {
		value = resolver_spell(r, value);
	}
	value = value_at(r->arena, value, stub->mark);
	return value;
}

enum outcome source_stub(struct resolver *r, struct call *call, struct value **value) {
	const struct value *stub = find_stub(r, call);

	if (is_null(stub)) {
		call->reason = "the stubs say that there is none";
		return MISSING;
	}
	if (stub) {
		*value = answer_of(r, call, stub);
		return FOUND;
	}
	struct diagnostic *d = resolver_error(r, "C108", "'%s:%s' is known to AWS only, and nothing is looked up there",
		call->type, call->address->text);
	diag_help(d, "give its value with --stub '%s:%s=VALUE' or in a file with --stubs FILE", call->type,
		call->address->text);
	return FAILED;
}

static enum outcome read_region(struct resolver *r, struct call *call, struct value **value) {
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

/* An account has twelve digits, of which YAML would have lost zeros at the front. */
static struct value *account_id(struct resolver *r, const struct value *stub) {
	return is_number(stub) ? value_printf(r->arena, "%012.0f", stub->number) : (struct value *)stub;
}

enum outcome source_aws(struct resolver *r, struct call *call, struct value **value) {
	const struct value *stub = find_stub(r, call);

	if (is_text(call->address, "region")) {
		return read_region(r, call, value);
	}
	if (is_text(call->address, "accountId") && stub) {
		*value = account_id(r, stub);
		return FOUND;
	}
	if (is_text(call->address, "accountId") || stub) {
		return source_stub(r, call, value);
	}
	resolver_error(r, "C103", "the source 'aws' has no '%s', expected 'region' or 'accountId'", call->address->text);
	return FAILED;
}
