/*
 * The whole way from a project to its template, or to what is found in it, in a project that is the input: files that
 * each begin with a line "#file NAME", the first one being serverless.yml whatever its name. Nothing of the real world is there: no other
 * files, two environment variables, no Node.js.
 */
#include "fuzz.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "slsws.h"

enum { MOST_FILES = 16 };
static const char marker[] = "#file ";

struct file {
	const char *name, *bytes;
	size_t name_length, length;
};

struct project {
	struct file files[MOST_FILES];
	size_t count;
};

static const char *find(const char *from, const char *end, const char *what) {
	const char *at = memmem(from, (size_t)(end - from), what, strlen(what));

	return at ? at : end;
}

/* What stands before the first marker belongs to the configuration, so that any text at all is a project. */
static struct project split(const char *data, size_t size) {
	struct project project = { .files = { { "serverless.yml", data, strlen("serverless.yml"), size } }, .count = 1 };
	const char *end = data + size;

	for (const char *at = find(data, end, marker); at < end && project.count < MOST_FILES;) {
		const char *name = at + strlen(marker), *line = find(name, end, "\n");
		const char *bytes = line < end ? line + 1 : end, *next = find(bytes, end, marker);
		struct file *file = &project.files[at == data ? 0 : project.count++];
		if (file == project.files) {
			file->bytes = bytes;
		} else {
			file->name = name;
			file->name_length = (size_t)(line - name);
			file->bytes = bytes;
		}
		file->length = (size_t)(next - bytes);
		at = next;
	}
	if (project.count > 1 && project.files[0].bytes == data) {
		project.files[0].length = (size_t)(find(data, end, marker) - data);
	}
	return project;
}

static enum slsws_read read_file(void *data, const char *path, size_t limit, char **bytes, size_t *length) {
	const struct project *project = data;

	(void)limit;
	while (strncmp(path, "./", 2) == 0) {
		path += 2;
	}
	for (size_t i = 0; i < project->count; i++) {
		const struct file *file = &project->files[i];
		if (strlen(path) == file->name_length && memcmp(path, file->name, file->name_length) == 0) {
			*bytes = malloc(file->length + 1);
			assert(*bytes);
			memcpy(*bytes, file->bytes, file->length);
			*length = file->length;
			return SLSWS_READ_OK;
		}
	}
	return SLSWS_READ_MISSING;
}

static int list_folder(void *data, const char *path,
		void (*entry)(void *context, const char *name, enum slsws_entry kind, unsigned long long size), void *context) {
	const struct project *project = data;

	if (*path && strcmp(path, ".") != 0 && strcmp(path, "./") != 0) {
		return -1;
	}
	for (size_t i = 0; i < project->count; i++) {
		char name[256];
		size_t length = project->files[i].name_length;
		if (length && length < sizeof(name) && !memchr(project->files[i].name, '\0', length)) {
			memcpy(name, project->files[i].name, length);
			name[length] = '\0';
			entry(context, name, SLSWS_ENTRY_FILE, project->files[i].length);
		}
	}
	return 0;
}

/* Whatever is written is read, for the sanitizers to see. */
static int create_file(void *data, const char *path, void **file) {
	(void)data;
	if (strstr(path, "none")) {
		return ENOSPC;
	}
	*file = malloc(1);
	return *file ? 0 : ENOMEM;
}

static int write_file(void *file, const void *bytes, size_t length) {
	(void)file;
	return length && memchr(bytes, 0xff, length) == bytes ? ENOSPC : 0;
}

static int close_file(void *file, int keep) {
	(void)keep;
	free(file);
	return 0;
}

static char *real_path(void *data, const char *path) {
	(void)data;
	return strcmp(path, "none") == 0 ? NULL : strdup("/");
}

static const char *get_env(void *data, const char *name) {
	(void)data;
	return strcmp(name, "X") == 0 ? "x" : strcmp(name, "NESTED") == 0 ? "${self:service}" : NULL;
}

static void *node_start(void *data, const char *program, const char *folder) {
	(void)data;
	(void)program;
	(void)folder;
	return NULL;
}

static void check(struct slsws_result *result) {
	size_t length = 0;
	const char *template = slsws_result_template(result, &length);

	assert(!template || (length == strlen(template) && length > 2 && template[length - 1] == '\n'));
	for (size_t i = 0; i < slsws_result_count(result); i++) {
		struct slsws_diagnostic d = slsws_result_diagnostic(result, i);
		const char *text = slsws_result_format(result, i, i & 1);
		assert(strlen(d.code) == 4 && *d.message && !strchr(d.message, '\n'));
		assert(text[strlen(text) - 1] == '\n');
		for (size_t j = 0; j < d.note_count; j++) {
			assert(slsws_result_note(result, i, j).text);
		}
	}
}

static void check_validation(struct slsws_result *result) {
	check(result);
	assert(!slsws_result_template(result, NULL));
	for (size_t i = 0; i < slsws_result_count(result); i++) {
		assert(*slsws_result_fingerprint(result, i));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	static const struct slsws_option options[] = { { "stage", "prod" } }, params[] = { { "p", "value" } },
		stubs[] = { { "ssm:/a", "stub" }, { "aws:accountId", "123456789012" } };
	struct project project = split((const char *)data, size);
	struct slsws_host host = { .data = &project, .read_file = read_file, .list_folder = list_folder, .get_env = get_env,
		.node_start = node_start, .create_file = create_file, .write_file = write_file, .close_file = close_file,
		.real_path = real_path };
	struct slsws_options given = { .options = options, .option_count = size & 1, .params = params, .param_count = 1,
		.stubs = stubs, .stub_count = 2, .strict = (size & 6) == 6, .minify = (size & 8) != 0,
		.artifact_folder = (size & 48) == 32 ? "out" : NULL };
	struct slsws_result *result;

	if (size & 16) {
		given.ignore = size & 32 ? "C4, S1" : NULL;
		given.baseline = size & 64 ? "known.json" : NULL;
		result = slsws_validate("serverless.yml", &given, &host);
		check_validation(result);
	} else {
		result = slsws_compile("serverless.yml", &given, &host);
		check(result);
		assert((slsws_result_template(result, NULL) != NULL) == (slsws_result_errors(result) == 0));
	}
	slsws_result_destroy(result);
	return 0;
}
