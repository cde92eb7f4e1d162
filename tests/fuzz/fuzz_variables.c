/*
 * Variables: a configuration that includes itself under several names and in several formats, with a .env file made of
 * it too. The first byte chooses the options.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "emit.h"
#include "fuzz.h"
#include "host.h"
#include "read_yaml.h"
#include "variables.h"

struct input {
	const char *text;
	size_t length;
};

static enum slsws_read read_file(void *data, const char *path, size_t limit, char **bytes, size_t *length) {
	const struct input *input = data;

	(void)limit;
	if (strlen(path) > 6) {
		return strlen(path) > 12 ? SLSWS_READ_NO_FILE : SLSWS_READ_MISSING;
	}
	*length = input->length;
	*bytes = malloc(input->length + 1);
	memcpy(*bytes, input->text, input->length);
	return SLSWS_READ_OK;
}

static const char *get_env(void *data, const char *name) {
	(void)data;
	return strcmp(name, "A") == 0 ? "a" : strcmp(name, "N") == 0 ? "${self:custom}" : strcmp(name, "E") == 0 ? "" : NULL;
}

static void *node_start(void *data, const char *program, const char *folder) {
	(void)data;
	(void)program;
	(void)folder;
	return NULL;
}

static struct value *pair(struct arena *a, const char *key, const char *text) {
	return MAP(a, { key, value_string(a, text) });
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	if (!size) {
		return 0;
	}
	struct arena *a = arena_create();
	struct input input = { arena_copy(a, (const char *)data + 1, size - 1), size - 1 };
	struct slsws_host given = { .data = &input, .read_file = read_file, .get_env = get_env, .node_start = node_start };
	struct slsws_host host = host_complete(&given);
	struct options options = { .opt = pair(a, data[0] & 1 ? "stage" : "x", "prod"), .param = pair(a, "p", "${opt:x}"),
		.stubs = pair(a, "ssm:/a", "${self:custom.a}"), .directory = "", .file = "a.yml" };
	struct source source = { "a.yml", input.text, input.length };
	struct diag diag;

	diag_init(&diag, a, false);
	struct value *config = read_yaml(a, &source, &diag);
	config = is_map(config) ? variables_resolve(a, config, &options, &host, &diag) : NULL;
	assert(!config || !diag.errors);
	if (config) {
		struct text out = { 0 };
		emit_json(&out, config, 0);
		text_free(&out);
	}
	diag_sort(&diag);
	for (const struct diagnostic *d = diag.first; d; d = d->next) {
		diag_format(a, d, false);
	}
	arena_destroy(a);
	return 0;
}
