#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host.h"

struct world {
	struct arena *arena;
	struct slsws_host host;
	char folder[64];
};

static const char *in(struct world *w, const char *name) {
	return arena_printf(w->arena, "%s/%s", w->folder, name);
}

static void put(struct world *w, const char *name, const char *text, size_t length) {
	FILE *file = fopen(in(w, name), "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

static enum slsws_read reads(struct world *w, const char *path, const struct source **source) {
	*source = NULL;
	return host_read(&w->host, w->arena, path, "name", source);
}

static void a_file_is_read_whole(void **state) {
	struct world *w = *state;
	const struct source *source;

	put(w, "text", "a\0b\n", 4);
	assert_int_equal(reads(w, in(w, "text"), &source), SLSWS_READ_OK);
	assert_int_equal(source->length, 4);
	assert_memory_equal(source->text, "a\0b\n", 5);
	assert_string_equal(source->name, "name");
	put(w, "empty", "", 0);
	assert_int_equal(reads(w, in(w, "empty"), &source), SLSWS_READ_OK);
	assert_int_equal(source->length, 0);
}

static void what_is_no_file_is_refused_at_once(void **state) {
	struct world *w = *state;
	const struct source *source;

	assert_int_equal(mkfifo(in(w, "fifo"), 0600), 0);
	assert_int_equal(reads(w, in(w, "fifo"), &source), SLSWS_READ_NO_FILE);
	assert_int_equal(reads(w, w->folder, &source), SLSWS_READ_NO_FILE);
	assert_int_equal(reads(w, "/dev/zero", &source), SLSWS_READ_NO_FILE);
	assert_int_equal(reads(w, "/dev/null", &source), SLSWS_READ_NO_FILE);
	assert_null(source);
}

static void what_is_not_there_is_missing(void **state) {
	struct world *w = *state;
	const struct source *source;

	put(w, "text", "a", 1);
	assert_int_equal(reads(w, in(w, "none"), &source), SLSWS_READ_MISSING);
	assert_int_equal(reads(w, in(w, "text/below"), &source), SLSWS_READ_MISSING);
	assert_int_equal(reads(w, "", &source), SLSWS_READ_MISSING);
	assert_int_equal(symlink("nowhere", in(w, "dangling")), 0);
	assert_int_equal(reads(w, in(w, "dangling"), &source), SLSWS_READ_MISSING);
}

static void what_cannot_be_read_fails(void **state) {
	struct world *w = *state;
	const struct source *source;
	char name[5000];

	assert_int_equal(symlink("loop", in(w, "loop")), 0);
	assert_int_equal(reads(w, in(w, "loop"), &source), SLSWS_READ_FAILED);
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(reads(w, name, &source), SLSWS_READ_FAILED);
	if (geteuid() != 0) {
		put(w, "secret", "a", 1);
		assert_int_equal(chmod(in(w, "secret"), 0), 0);
		assert_int_equal(reads(w, in(w, "secret"), &source), SLSWS_READ_FAILED);
	}
}

static void a_file_that_is_too_large_is_not_read(void **state) {
	struct world *w = *state;
	const struct source *source;

	put(w, "large", "", 0);
	assert_int_equal(truncate(in(w, "large"), (off_t)LARGEST_TEXT + 1), 0);
	assert_int_equal(reads(w, in(w, "large"), &source), SLSWS_READ_TOO_LARGE);
}

static void each_problem_has_its_words(void **state) {
	(void)state;

	assert_string_equal(host_read_problem(SLSWS_READ_OK), "can be read");
	assert_string_equal(host_read_problem(SLSWS_READ_MISSING), "does not exist");
	assert_string_equal(host_read_problem(SLSWS_READ_NO_FILE), "is not a regular file");
	assert_string_equal(host_read_problem(SLSWS_READ_TOO_LARGE), "is larger than 128 MiB");
	assert_string_equal(host_read_problem(SLSWS_READ_FAILED), "cannot be read");
}

struct seen {
	int files, folders, links, others;
	unsigned long long bytes;
};

static void note(void *context, const char *name, enum slsws_entry kind, unsigned long long size) {
	struct seen *seen = context;

	assert_true(*name && strcmp(name, ".") != 0 && strcmp(name, "..") != 0);
	seen->files += kind == SLSWS_ENTRY_FILE;
	seen->folders += kind == SLSWS_ENTRY_FOLDER || kind == SLSWS_ENTRY_LINKED_FOLDER;
	seen->links += kind == SLSWS_ENTRY_LINKED_FOLDER;
	seen->bytes += size;
	seen->others += kind == SLSWS_ENTRY_OTHER;
}

static void folders_are_listed(void **state) {
	struct world *w = *state;
	struct seen seen = { 0 };

	put(w, "text", "a", 1);
	assert_int_equal(mkdir(in(w, "folder"), 0700), 0);
	assert_int_equal(mkfifo(in(w, "fifo"), 0600), 0);
	assert_int_equal(symlink("folder", in(w, "link")), 0);
	assert_int_equal(w->host.list_folder(w->host.data, w->folder, note, &seen), 0);
	assert_int_equal(seen.files, 1);
	assert_int_equal(seen.bytes, 1);
	assert_int_equal(seen.folders, 2);
	assert_int_equal(seen.links, 1);
	assert_int_equal(seen.others, 1);
	assert_int_not_equal(w->host.list_folder(w->host.data, in(w, "text"), note, &seen), 0);
	assert_int_not_equal(w->host.list_folder(w->host.data, in(w, "none"), note, &seen), 0);
}

static enum slsws_read refuse(void *data, const char *path, size_t limit, char **bytes, size_t *length) {
	(void)limit;
	(void)data;
	(void)path;
	(void)bytes;
	(void)length;
	return SLSWS_READ_FAILED;
}

static void the_caller_may_replace_single_members(void **state) {
	struct world *w = *state;
	const struct source *source;
	struct slsws_host own = { .read_file = refuse };

	w->host = host_complete(&own);
	put(w, "text", "a", 1);
	assert_int_equal(reads(w, in(w, "text"), &source), SLSWS_READ_FAILED);
	assert_string_equal(w->host.get_env(w->host.data, "PATH"), getenv("PATH"));
	assert_null(w->host.get_env(w->host.data, "SLSWS_IS_NOT_SET"));
}

static int set_up(void **state) {
	struct world *w = calloc(1, sizeof(*w));

	if (!w) {
		return -1;
	}
	w->arena = arena_create();
	w->host = host_complete(NULL);
	strcpy(w->folder, "/tmp/slsws-host-XXXXXX");
	*state = w;
	return mkdtemp(w->folder) ? 0 : -1;
}

static int tear_down(void **state) {
	static const char *const names[] = { "text", "empty", "fifo", "dangling", "loop", "secret", "large", "link" };
	struct world *w = *state;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		unlink(in(w, names[i]));
	}
	rmdir(in(w, "folder"));
	rmdir(w->folder);
	arena_destroy(w->arena);
	free(w);
	return 0;
}

#define WORLD_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
	const struct CMUnitTest tests[] = {
		WORLD_TEST(a_file_is_read_whole),
		WORLD_TEST(what_is_no_file_is_refused_at_once),
		WORLD_TEST(what_is_not_there_is_missing),
		WORLD_TEST(what_cannot_be_read_fails),
		WORLD_TEST(a_file_that_is_too_large_is_not_read),
		WORLD_TEST(each_problem_has_its_words),
		WORLD_TEST(folders_are_listed),
		WORLD_TEST(the_caller_may_replace_single_members),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
