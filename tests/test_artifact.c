#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "artifact/artifact.h"
#include "artifact/files.h"
#include "base/text.h"
#include "base/value.h"
#include "emit.h"
#include "read_yaml.h"

/* A project in memory; `backwards` lists its folders the other way round. */
struct project {
	const char *const *paths;	/* path, text, path, text ... NULL; a path that ends in '*' may be executed */
	bool backwards;
	enum slsws_read status;		/* what reading gives, but for SLSWS_READ_OK */
	unsigned longer;		/* bytes that files are said to be longer than they are */
	const char *folder;		/* where zips go */
	const char *closed;		/* a folder that cannot be listed */
};

static size_t count_of(const struct project *p) {
	size_t count = 0;

	while (p->paths[count * 2]) {
		count++;
	}
	return count;
}

static enum slsws_read read_file(void *data, const char *path, size_t limit, char **bytes, size_t *length) {
	const struct project *p = data;

	(void)limit;
	for (size_t i = 0; i < count_of(p); i++) {
		const char *own = p->paths[i * 2];
		if (strncmp(own, path, strcspn(own, "*")) == 0 && strlen(path) == strcspn(own, "*")) {
			if (p->status != SLSWS_READ_OK) {
				return p->status;
			}
			*bytes = strdup(p->paths[i * 2 + 1]);
			*length = strlen(*bytes);
			return SLSWS_READ_OK;
		}
	}
	return SLSWS_READ_MISSING;
}

static void list_entry(const char *const *file, size_t size, size_t prefix, const char *previous,
		void (*entry)(void *context, const char *name, enum slsws_entry kind, unsigned long long size), void *context) {
	const char *path = file[0];
	char name[64];
	size_t length = strcspn(path + prefix, "/*");

	/* Files of one folder stand together, so a folder is told once. */
	if (previous && strncmp(path, previous, prefix + length) == 0 && previous[prefix + length] == '/') {
		return;
	}
	memcpy(name, path + prefix, length);
	name[length] = 0;
	entry(context, name, path[prefix + length] == '/' ? SLSWS_ENTRY_FOLDER :
		path[prefix + length] == '*' ? SLSWS_ENTRY_PROGRAM : SLSWS_ENTRY_FILE, size);
}

static int list_folder(void *data, const char *folder,
		void (*entry)(void *context, const char *name, enum slsws_entry kind, unsigned long long size), void *context) {
	const struct project *p = data;
	size_t count = count_of(p), prefix = *folder ? strlen(folder) + 1 : 0;
	const char *previous = NULL;

	if (p->closed && strcmp(folder, p->closed) == 0) {
		return -1;
	}
	for (size_t i = 0; i < count; i++) {
		const char *const *file = &p->paths[(p->backwards ? count - 1 - i : i) * 2], *path = file[0];
		if (!prefix || (strncmp(path, folder, prefix - 1) == 0 && path[prefix - 1] == '/')) {
			list_entry(file, strlen(file[1]) + p->longer, prefix, previous, entry, context);
			previous = path;
		}
	}
	return 0;
}

static const char *get_env(void *data, const char *name) {
	(void)data;
	(void)name;
	return NULL;
}

/* The digest of a service's zip; `codes` gets the codes of what was found. */
static const char *digest_by(struct arena *a, struct slsws_host given, const char *folder, const char *yaml,
		char codes[64]) {
	struct options options = { .opt = value_map(a), .param = value_map(a), .stubs = value_map(a), .directory = "",
		.file = "serverless.yml", .artifact_folder = folder };
	struct source source = { "serverless.yml", yaml, strlen(yaml) };
	struct slsws_host host = host_complete(&given);
	struct diag diag;

	diag_init(&diag, a, false);
	const struct value *config = read_yaml(a, &source, &diag);
	const struct service *service = service_read(a, config, &options, &host, &diag);
	codes[0] = 0;
	for (const struct diagnostic *d = diag.first; d; d = d->next) {
		strcat(codes, d->code);
	}
	return service ? artifact_of_function(service, service->functions, &diag)->digest : NULL;
}

static const char *digest(struct arena *a, const struct project *project, const char *yaml, char codes[64]) {
	return digest_by(a, (struct slsws_host){ .data = (void *)project, .read_file = read_file,
		.list_folder = list_folder, .get_env = get_env }, project->folder, yaml, codes);
}

#define SERVICE "service: x\nprovider: {name: aws}\nfunctions: {a: {handler: a.b}}\n"

static const char *const some[] = { "a.js", "a", "lib/b.js", "b", "lib/deep/c.js", "c", "run.sh*", "d", NULL };

static void digests_depend_on_what_is_packed_alone(void **state) {
	static const char *const hidden[] = { ".git/HEAD", "x", ".serverless/y.zip", "y", "a.js", "a", "lib/b.js", "b",
		"lib/deep/c.js", "c", "run.sh*", "d", "serverless.yml", "z", NULL };
	static const char *const other[] = { "a.js", "A", "lib/b.js", "b", "lib/deep/c.js", "c", "run.sh*", "d", NULL };
	static const char *const plain[] = { "a.js", "a", "lib/b.js", "b", "lib/deep/c.js", "c", "run.sh", "d", NULL };
	static const char *const moved[] = { "a.js", "a", "lib/b.js", "b", "lib/c.js", "c", "run.sh*", "d", NULL };
	struct arena *a = arena_create();
	char codes[64];
	(void)state;

	const char *first = digest(a, &(struct project){ .paths = some }, SERVICE, codes);
	assert_string_equal(codes, "");
	assert_int_equal(strlen(first), 44);
	assert_string_equal(first, digest(a, &(struct project){ .paths = some, .backwards = true }, SERVICE, codes));
	assert_string_equal(first, digest(a, &(struct project){ .paths = hidden }, SERVICE, codes));
	assert_string_not_equal(first, digest(a, &(struct project){ .paths = other }, SERVICE, codes));
	assert_string_not_equal(first, digest(a, &(struct project){ .paths = plain }, SERVICE, codes));
	assert_string_not_equal(first, digest(a, &(struct project){ .paths = moved }, SERVICE, codes));
	arena_destroy(a);
}

static void patterns_choose(void **state) {
	static const char *const few[] = { "a.js", "a", NULL };
	struct arena *a = arena_create();
	char codes[64];
	(void)state;

	const char *one = digest(a, &(struct project){ .paths = few }, SERVICE, codes);
	assert_string_equal(one, digest(a, &(struct project){ .paths = some },
		SERVICE "package: {patterns: ['!**', '*.js']}\n", codes));
	assert_string_equal(one, digest(a, &(struct project){ .paths = some },
		SERVICE "package: {exclude: ['lib/**', 'run.*']}\n", codes));
	digest(a, &(struct project){ .paths = some }, SERVICE "package: {patterns: ['!**']}\n", codes);
	assert_string_equal(codes, "P007");
	arena_destroy(a);
}

static void what_cannot_be_read_is_told(void **state) {
	struct arena *a = arena_create();
	char codes[64];
	(void)state;

	digest(a, &(struct project){ .paths = some, .status = SLSWS_READ_FAILED }, SERVICE, codes);
	assert_string_equal(codes, "P003P003P003P003");
	digest(a, &(struct project){ .paths = some, .status = SLSWS_READ_TOO_LARGE }, SERVICE, codes);
	assert_string_equal(codes, "P004P004P004P004");
	digest(a, &(struct project){ .paths = some, .status = SLSWS_READ_CHANGED }, SERVICE, codes);
	assert_string_equal(codes, "P009P009P009P009");
	digest(a, &(struct project){ .paths = some, .longer = 1 }, SERVICE, codes);
	assert_string_equal(codes, "P009P009P009P009");
	digest(a, &(struct project){ .paths = some, .longer = 100 << 20 }, SERVICE, codes);
	assert_string_equal(codes, "P011P009P009P009P009");
	digest(a, &(struct project){ .paths = some, .closed = "lib/deep" }, SERVICE, codes);
	assert_string_equal(codes, "P015");
	digest(a, &(struct project){ .paths = some, .folder = "no/such" }, SERVICE, codes);
	assert_string_equal(codes, "P010");
	assert_null(digest(a, &(struct project){ .paths = some }, SERVICE "package: {artifact: no.zip}\n", codes));
	assert_string_equal(codes, "P001");
	assert_non_null(digest(a, &(struct project){ .paths = some }, SERVICE "package: {artifact: a.js}\n", codes));
	assert_string_equal(codes, "");
	arena_destroy(a);
}

/* Each folder holds itself and another: as many paths as there can be. */
static int list_endless(void *data, const char *folder,
		void (*entry)(void *context, const char *name, enum slsws_entry kind, unsigned long long size), void *context) {
	(void)data;
	(void)folder;
	entry(context, "a", SLSWS_ENTRY_FOLDER, 0);
	entry(context, "b", SLSWS_ENTRY_FOLDER, 0);
	entry(context, "c", SLSWS_ENTRY_FILE, 0);
	return 0;
}

static enum slsws_read read_empty(void *data, const char *path, size_t limit, char **bytes, size_t *length) {
	(void)limit;
	(void)data;
	(void)path;
	*bytes = strdup("");
	*length = 0;
	return SLSWS_READ_OK;
}

static void endless_folders_end(void **state) {
	struct arena *a = arena_create();
	struct slsws_host host = { .read_file = read_empty, .list_folder = list_endless, .get_env = get_env };
	char codes[64];
	(void)state;

	assert_true(files_list(a, &host, "", "", NULL, NULL)->too_many);
	digest_by(a, host, NULL, SERVICE, codes);
	assert_string_equal(codes, "P005");
	arena_destroy(a);
}

/* As Object.keys(map).sort((a, b) => a.localeCompare(b)) has them, array indexes first. */
static void keys_are_sorted_as_localeCompare_does(void **state) {
	static const char *const keys[] = { "b", "B", "a_b", "aB", "ab", "Ab", "AB", "a-b", "10", "9", "Z", "_", "a1", "a",
		"layerConfigurations", "Layers", "ac" };
	struct arena *a = arena_create();
	struct value *map = value_map(a);
	struct text out = { 0 };
	(void)state;

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		map_set(a, map, keys[i], value_number(a, 0));
	}
	emit_json_sorted(&out, a, map);
	assert_string_equal(out.bytes,
		"{\"9\":0,\"10\":0,\"_\":0,\"a\":0,\"a_b\":0,\"a-b\":0,\"a1\":0,\"ab\":0,\"aB\":0,\"Ab\":0,\"AB\":0,\"ac\":0,"
		"\"b\":0,\"B\":0,\"layerConfigurations\":0,\"Layers\":0,\"Z\":0}");
	text_free(&out);
	arena_destroy(a);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digests_depend_on_what_is_packed_alone),
		cmocka_unit_test(patterns_choose),
		cmocka_unit_test(what_cannot_be_read_is_told),
		cmocka_unit_test(endless_folders_end),
		cmocka_unit_test(keys_are_sorted_as_localeCompare_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
