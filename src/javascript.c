#include "javascript.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "emit.h"
#include "javascript_program.h"
#include "read_json.h"
#include "sources.h"

/* Errors that a call of a JavaScript function met. They count only if the function lets them pass. */
struct failure {
	struct failure *next;
	double call;
	struct diagnostic *first;
};

struct javascript {
	void *session;			/* NULL: it has ended, or there is no node */
	unsigned requests;
	struct value *replies;		/* that came while another one was waited for, by number */
	struct value *values;		/* by file and address: what is known already */
	struct failure *failures;
};

static struct javascript *start(struct resolver *r) {
	struct javascript *js = r->javascript;

	if (!js) {
		js = r->javascript = arena_new(r->arena, struct javascript);
		js->replies = value_map(r->arena);
		js->values = value_map(r->arena);
		js->session = r->host->node_start(r->host->data, javascript_program, r->options->directory);
		if (!js->session) {
			struct diagnostic *d = resolver_error(r, "C111", "a JavaScript file needs Node.js, and no 'node' can be run");
			diag_help(d, "install Node.js, or write what the file yields as YAML or JSON");
		}
	}
	return js->session ? js : NULL;
}

static void end(struct resolver *r, bool expected) {
	struct javascript *js = r->javascript;
	int status = js->session ? r->host->node_stop(js->session) : 0;

	if (js->session && !expected) {
		if (status == 124) {
			resolver_error(r, "C110", "Node.js has not given a value in time");
		} else {
			resolver_error(r, "C110", "Node.js ended with status %d before it gave a value", status);
		}
	}
	js->session = NULL;
}

void javascript_stop(struct resolver *r) {
	if (r->javascript) {
		end(r, true);
	}
}

/* --- messages ----------------------------------------------------------------------------------------------- */

static bool say(struct resolver *r, const struct value *message) {
	struct javascript *js = r->javascript;
	struct text line = { 0 };

	emit_json(&line, message, 0);
	bool sent = js->session && r->host->node_write(js->session, line.bytes, line.length) == 0;
	text_free(&line);
	return sent;
}

/* A line from Node.js. Its places mean nothing to the user. */
static struct value *hear(struct resolver *r) {
	struct javascript *js = r->javascript;
	char *line = js->session ? r->host->node_read(js->session) : NULL;
	struct source *source = arena_new(r->arena, struct source);

	if (!line) {
		return NULL;
	}
	size_t length = strlen(line);
	*source = (struct source){ "the answer of Node.js", arena_copy(r->arena, line, length), length };
	free(line);
	return read_json(r->arena, source, r->diag);
}

/* A copy of a tree that stands at a place. */
static struct value *placed(struct resolver *r, const struct value *from, struct mark mark) {
	struct value *to = arena_new(r->arena, struct value);

	*to = *from;
	to->mark = mark;
	if (from->kind == VALUE_LIST) {
		to->length = 0;
		to->items = NULL;
		for (uint32_t i = 0; i < from->length; i++) {
			list_add(r->arena, to, placed(r, from->items[i], mark));
		}
	} else if (from->kind == VALUE_MAP) {
		to->length = 0;
		to->map = NULL;
		for (const struct entry *e = map_first(from); e; e = map_next(from, e)) {
			map_set_entry(r->arena, to, e->key, e->key_length, mark, placed(r, e->value, mark));
		}
	}
	return to;
}

/* --- calls of functions in a file --------------------------------------------------------------------------- */

static enum outcome read_property(struct resolver *r, const struct value *keys, struct value **value) {
	struct value *at = r->config;

	for (uint32_t i = 0; i < list_length(keys); i++) {
		const struct value *key = keys->items[i];
		enum outcome outcome = resolver_member(r, at, key->text, key->length, &at);
		if (outcome != FOUND) {
			return outcome;
		}
	}
	*value = at;
	return resolver_tree(r, at) ? FOUND : FAILED;
}

static enum outcome read_call(struct resolver *r, const struct value *message, struct value **value) {
	const struct value *kind = map_get(message, "kind");
	struct value *argument = map_get(message, "argument");

	if (is_text(kind, "property")) {
		return read_property(r, argument, value);
	}
	*value = is_text(kind, "variable") ? value_printf(r->arena, "${%s}", argument->text) : argument;
	if (is_text(kind, "variable") && !resolver_is_variable(r, *value)) {
		return FAILED;
	}
	*value = resolver_settle(r, *value);
	return *value ? FOUND : FAILED;
}

/* Errors are kept apart until it is known whether the function cares for them. Those of the configuration count anyway. */
static void keep_errors(struct resolver *r, double number, struct diagnostic **first, unsigned errors, size_t failed) {
	if (!*first || r->failed_sites != failed) {
		return;
	}
	struct failure *failure = arena_new(r->arena, struct failure);
	*failure = (struct failure){ r->javascript->failures, number, *first };
	r->javascript->failures = failure;
	*first = NULL;
	r->diag->end = first;
	r->diag->errors = errors;
}

static void release_errors(struct resolver *r, double number) {
	for (struct failure *f = r->javascript->failures; f; f = f->next) {
		if (f->call == number && f->first) {
			*r->diag->end = f->first;
			for (struct diagnostic *d = f->first; d; d = d->next) {
				r->diag->errors++;
				r->diag->end = &d->next;
			}
			f->first = NULL;
		}
	}
}

static void answer_call(struct resolver *r, const struct value *message) {
	struct diagnostic **first = r->diag->end;
	unsigned errors = r->diag->errors;
	size_t failed = r->failed_sites;
	struct value *number = map_get(message, "call"), *value = NULL;
	enum outcome outcome = read_call(r, message, &value);

	if (outcome != FAILED) {
		say(r, MAP(r->arena, { "answer", number }, { "value", outcome == FOUND ? value : NULL }));
		return;
	}
	say(r, MAP(r->arena, { "answer", number }, { "failed", value_string(r->arena, "Cannot resolve variable") }));
	keep_errors(r, number->number, first, errors, failed);
}

/* --- requests ----------------------------------------------------------------------------------------------- */

/* Whatever else a file writes to the socket is not for us. */
static bool is_call(const struct value *message) {
	const struct value *argument = map_get(message, "argument");

	for (uint32_t i = 0; i < list_length(argument); i++) {
		if (!is_string(argument->items[i])) {
			return false;
		}
	}
	return is_number(map_get(message, "call")) &&
		(is_text(map_get(message, "kind"), "property") ? is_list(argument) : is_string(argument));
}

/* The reply to a request; meanwhile answers calls, which may make further requests. NULL after an error. */
static struct value *wait_for(struct resolver *r, unsigned request) {
	struct javascript *js = r->javascript;
	const char *number = arena_printf(r->arena, "%u", request);

	for (;;) {
		struct value *reply = map_get(js->replies, number);
		if (reply) {
			map_remove(js->replies, number);
			return reply;
		}
		struct value *message = hear(r);
		const struct value *reply_number = map_get(message, "reply");
		if (is_call(message)) {
			answer_call(r, message);
		} else if (is_number(reply_number)) {
			map_set(r->arena, js->replies, value_spell(r->arena, reply_number), message);
		} else {
			end(r, false);
			return NULL;
		}
	}
}

static const struct source *program_source(struct resolver *r, const char *path) {
	const struct source *source = NULL;

	return host_read(r->host, r->arena, path, path, &source) == SLSWS_READ_OK ? source : NULL;
}

static double number_in(const struct value *map, const char *key) {
	const struct value *number = map_get(map, key);

	return is_number(number) ? number->number : 0;
}

static enum outcome report(struct resolver *r, const struct value *reply, const char *path) {
	const struct value *error = map_get(reply, "error");

	if (map_has(reply, "failed")) {
		release_errors(r, number_in(reply, "failed"));
		return FAILED;
	}
	double line = number_in(reply, "line"), column = number_in(reply, "column");
	struct diagnostic *d = resolver_error(r, "C110", "the file '%s' fails: %s", path, is_string(error) ? error->text : "?");
	struct mark mark = { .line = (uint32_t)line, .column = (uint32_t)column };
	mark.source = line > 0 && line < 1e9 && column < 1e9 ? program_source(r, path) : NULL;
	if (mark.source) {
		diag_note(d, mark, "it fails here");
	}
	return FAILED;
}

enum outcome javascript_value(struct resolver *r, struct call *call, const char *path, const char *file,
		struct value **value) {
	struct javascript *js = start(r);
	const char *address = call->address ? call->address->text : "", *key = arena_printf(r->arena, "%s\n%s", path, address);
	struct value *known = js ? map_get(js->values, key) : NULL;

	if (!js || known) {
		*value = known;
		return js ? FOUND : FAILED;
	}
	unsigned request = ++js->requests;
	say(r, MAP(r->arena, { "request", value_number(r->arena, request) }, { "file", value_string(r->arena, file) },
		{ "address", value_string(r->arena, address) }, { "options", sources_options(r) }));
	const struct value *reply = wait_for(r, request);
	if (!reply || map_has(reply, "error") || map_has(reply, "failed")) {
		return reply ? report(r, reply, path) : FAILED;
	}
	if (map_has(reply, "missing")) {
		call->reason = arena_printf(r->arena, "the file '%s' does not exist", path);
		return MISSING;
	}
	struct source *source = arena_new(r->arena, struct source);
	*source = (struct source){ path, NULL, 0 };
	*value = map_has(reply, "value") ? placed(r, map_get(reply, "value"), (struct mark){ .source = source }) :
		value_null(r->arena);
	map_set(r->arena, js->values, key, *value);
	return FOUND;
}
