/*
 * Does for variables.mjs what it asks for: the same work as the reference's modules do there.
 *
 * The argument tells what:
 *	parse	a text: its parts as variable_serialize() writes them, "null" without any, "error" if it cannot be parsed
 *	dotenv	a JSON map {text, environment}: the map of values that a .env file of that text gives
 *	resolve	a JSON map {config, options, params, environment, files}: the resolved configuration, or "error"
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "dotenv.h"
#include "emit.h"
#include "host.h"
#include "read_json.h"
#include "serve.h"
#include "variable_text.h"
#include "variables.h"

static void parse(struct arena *a, const char *text, size_t length, struct text *out) {
	struct variable_problem problem;
	size_t budget = 100000;
	const struct variable_text *parsed = variable_parse(a, text, length, &budget, &problem);

	text_puts(out, parsed ? variable_serialize(a, parsed) : problem.fault ? "error\n" : "null");
}

static struct value *read(struct arena *a, const char *text, size_t length) {
	struct source *source = arena_new(a, struct source);
	struct diag diag;

	*source = (struct source){ "input.json", text, length };
	diag_init(&diag, a, false);
	return read_json(a, source, &diag);
}

static const char *get_env(void *data, const char *name) {
	const struct value *value = map_get(map_get(data, "environment"), name);

	return is_string(value) ? value->text : NULL;
}

static enum slsws_read read_file(void *data, const char *path, size_t limit, char **bytes, size_t *length) {
	const struct value *value = map_get(map_get(data, "files"), path);

	(void)limit;
	if (!value) {
		return SLSWS_READ_MISSING;
	}
	*length = value->length;
	*bytes = malloc(value->length + 1);
	memcpy(*bytes, value->text, value->length + 1);
	return SLSWS_READ_OK;
}

static void dotenv(struct arena *a, const char *text, size_t length, struct text *out) {
	struct value *input = read(a, text, length);
	struct slsws_host given = { .data = input, .get_env = get_env }, host = host_complete(&given);
	const struct value *file = map_get(input, "text");
	const char *name;
	const struct value *values = dotenv_expand(a, dotenv_parse(a, file->text, file->length), &host, &name);

	if (values) {
		emit_json(out, values, 0);
	} else {
		text_puts(out, "error\n");
	}
}

static void resolve(struct arena *a, const char *text, size_t length, struct text *out) {
	struct value *input = read(a, text, length);
	struct slsws_host given = { .data = input, .get_env = get_env, .read_file = read_file };
	struct slsws_host host = host_complete(&given);
	struct options options = { .opt = map_get(input, "options"), .param = map_get(input, "params"), .directory = "",
		.file = "serverless.yml" };
	struct diag diag;

	diag_init(&diag, a, false);
	const struct value *config = variables_resolve(a, map_get(input, "config"), &options, &host, &diag);
	if (config) {
		emit_json(out, config, 0);
		return;
	}
	text_puts(out, "error\n");
	for (const struct diagnostic *d = diag.first; d; d = d->next) {
		text_puts(out, diag_format(a, d, false));
	}
}

static const struct {
	const char *name;
	void (*run)(struct arena *a, const char *text, size_t length, struct text *out);
} modes[] = { { "parse", parse }, { "dotenv", dotenv }, { "resolve", resolve } };

static void answer(struct arena *a, const char *mode, const char *text, size_t length, struct text *out) {
	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
		if (strcmp(modes[i].name, mode) == 0) {
			modes[i].run(a, text, length, out);
		}
	}
}

int main(int argc, char **argv) {
	return argc == 2 ? serve(argv[1], answer) : 2;
}
