/*
 * The required cases of the JSON Schema Test Suite, draft-07: test_schema_suite FOLDER, skipped where that is absent.
 *
 * All files are run. Left out are groups whose schemas refer to a document that is fetched from elsewhere, and so
 * refRemote.json as a whole.
 */
#include <stdio.h>
#include <string.h>

#include "base/diag.h"
#include "base/text.h"
#include "emit.h"
#include "host.h"
#include "read_json.h"
#include "schema.h"

enum { SKIPPED = 77 };

static const char *const files[] = {
	"additionalItems", "additionalProperties", "allOf", "anyOf", "boolean_schema", "const", "contains", "default",
	"definitions", "dependencies", "enum", "exclusiveMaximum", "exclusiveMinimum", "format", "if-then-else",
	"infinite-loop-detection", "items", "maxItems", "maxLength", "maxProperties", "maximum", "minItems", "minLength",
	"minProperties", "minimum", "multipleOf", "not", "oneOf", "pattern", "patternProperties", "properties",
	"propertyNames", "ref", "required", "type", "uniqueItems",
};

struct tally {
	unsigned run, wrong, left_out;
};

static bool refers_elsewhere(const char *schema) {
	return strstr(schema, "\"$ref\":\"http://json-schema.org/");
}

static void run_group(struct arena *a, const char *file, const struct value *group, struct tally *tally) {
	const struct value *tests = map_get(group, "tests");
	struct text json = { 0 };
	const char *problem = NULL;

	emit_json(&json, map_get(group, "schema"), 0);
	if (refers_elsewhere(json.bytes)) {
		tally->left_out += (unsigned)list_length(tests);
		text_free(&json);
		return;
	}
	struct schema *schema = schema_parse(a, json.bytes, json.length, &problem);
	for (size_t i = 0; i < list_length(tests); i++) {
		const struct value *test = list_get(tests, i);
		bool valid = schema && schema_valid(a, schema, map_get(test, "data"));
		tally->run++;
		if (valid != is_truthy(map_get(test, "valid"))) {
			tally->wrong++;
			printf("%s: %s: %s: %s\n", file, map_get(group, "description")->text, map_get(test, "description")->text,
				schema ? valid ? "is valid" : "is not valid" : problem);
		}
	}
	schema_destroy(schema);
	text_free(&json);
}

static bool run_file(const char *folder, const char *name, struct tally *tally) {
	struct slsws_host host = host_complete(NULL);
	struct arena *a = arena_create();
	struct diag diag;
	const struct source *source = NULL;

	diag_init(&diag, a, false);
	const char *path = arena_printf(a, "%s/%s.json", folder, name);
	bool there = host_read(&host, a, path, path, &source) == SLSWS_READ_OK;
	const struct value *groups = there ? read_json(a, source, &diag) : NULL;
	for (size_t i = 0; i < list_length(groups); i++) {
		run_group(a, name, list_get(groups, i), tally);
	}
	if (there && !list_length(groups)) {
		printf("%s: cannot be read\n", path);
		tally->wrong++;
	}
	arena_destroy(a);
	return there;
}

int main(int argc, char **argv) {
	struct tally tally = { 0 };
	unsigned read = 0;

	for (size_t i = 0; argc == 2 && i < sizeof(files) / sizeof(*files); i++) {
		read += run_file(argv[1], files[i], &tally);
	}
	if (!read) {
		return SKIPPED;
	}
	printf("%u files: %u cases right, %u wrong, %u refer to remote documents\n", read, tally.run - tally.wrong, tally.wrong,
		tally.left_out);
	return tally.wrong > 0;
}
