/*
 * Runs slsws over every folder of fixtures/ and compares all that it says with what is written there.
 *
 *	test_fixtures [--accept] [PREFIX...]
 *
 * The environment names the program (SLSWS), the folder (FIXTURES) and the file of masks (MASKS), all by absolute paths;
 * fixtures.sh sets it. PREFIX selects cases by the start of their names. A case is a folder in which slsws is run:
 *	args		arguments, one a line, after `package`; `argv` is the same without that `package`
 *	env		the environment, KEY=VALUE a line; there is nothing in it beside these, PATH and HOME
 *	stdin		a file to read as standard input
 *	template.json	what stdout must be (both masked by masks.txt); recorded by record.mjs. Or:
 *	stdout.txt	the same for what is no template
 *	warnings.txt	what stderr must be then; no such file: nothing. Or, when there must be nothing on stdout:
 *	errors.txt	what stderr must be
 *	status		the exit status, if it is not the usual one: 1 with errors.txt, else 0
 *	needs		a program on PATH without which the case is left out
 *	pending		(empty) slsws does not do this yet: shown, not counted
 * --accept (or UPDATE=1) rewrites warnings.txt and errors.txt from what slsws says, for a person to read. What stdout
 * must be comes from the reference, but for commands that it does not have: there an existing stdout.txt is rewritten too.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"

enum { SECONDS = 60, MOST_LINES = 64, MOST_MASKS = 32 };

/* This program gives no memory back; slsws has to, in a sanitized build too. */
__attribute__((visibility("default"))) const char *__asan_default_options(void);
const char *__asan_default_options(void) {
	return "detect_leaks=0";
}

struct mask {
	pcre2_code *pattern;
	const char *replacement;
};

struct run {
	char *out, *err;
	size_t out_length, err_length;
	int status;		/* the exit status, or -(signal) */
};

struct suite {
	const char *slsws, *fixtures;
	bool accept;
	struct mask masks[MOST_MASKS];
	size_t mask_count;
	unsigned passed, failed, pending;
};

static void die(const char *what, const char *subject) {
	fprintf(stderr, "test_fixtures: %s '%s'\n", what, subject);
	exit(3);
}

/* --- files: memory is not given back, the program is short-lived ---------------------------------------------- */

static char *read_stream(FILE *file, size_t *length) {
	struct text all = { 0 };
	char buffer[65536];
	size_t count;

	while ((count = fread(buffer, 1, sizeof(buffer), file)) > 0) {
		text_add(&all, buffer, count);
	}
	text_putc(&all, '\0');
	*length = all.length - 1;
	return all.bytes;
}

static char *join(const char *first, const char *between, const char *second) {
	struct text joined = { 0 };

	text_printf(&joined, "%s%s%s", first, between, second);
	return joined.bytes;
}

/* The content of a file of a case; NULL when there is none. */
static char *read_file(const char *folder, const char *name, size_t *length) {
	FILE *file = fopen(join(folder, "/", name), "rb");
	if (!file) {
		return NULL;
	}
	char *text = read_stream(file, length);
	fclose(file);
	return text;
}

static void write_file(const char *folder, const char *name, const char *text, size_t length) {
	const char *path = join(folder, "/", name);

	if (!length) {
		unlink(path);
		return;
	}
	FILE *file = fopen(path, "wb");
	if (!file || fwrite(text, 1, length, file) != length || fclose(file) != 0) {
		die("cannot write", path);
	}
}

/* Splits a text into its lines, in place; returns how many. */
static size_t split(char *text, char **lines, size_t most) {
	size_t count = 0;

	for (char *line = text, *next; line && *line && count < most; line = next) {
		next = strchr(line, '\n');
		if (next) {
			*next++ = '\0';
		}
		lines[count++] = line;
	}
	return count;
}

/* --- masks ---------------------------------------------------------------------------------------------------- */

static void read_masks(struct suite *suite, const char *path) {
	size_t length;
	char *text = read_file("", path, &length), *lines[MOST_MASKS * 2];

	if (!text) {
		die("cannot read", path);
	}
	size_t count = split(text, lines, MOST_MASKS * 2);
	for (size_t i = 0; i < count; i++) {
		char *tab = strchr(lines[i], '\t');
		int error;
		PCRE2_SIZE at;
		if (*lines[i] == '#') {
			continue;
		}
		if (!tab || suite->mask_count == MOST_MASKS) {
			die("no mask or one too many", lines[i]);
		}
		*tab = '\0';
		struct mask *mask = &suite->masks[suite->mask_count++];
		mask->pattern = pcre2_compile((PCRE2_SPTR)lines[i], PCRE2_ZERO_TERMINATED, 0, &error, &at, NULL);
		mask->replacement = tab + 1;
		if (!mask->pattern) {
			die("no pattern", lines[i]);
		}
	}
}

static char *apply(const struct mask *mask, const char *text, size_t *length) {
	PCRE2_SIZE size = *length * 2 + 1024;
	char *out = malloc(size);
	int count = out ? pcre2_substitute(mask->pattern, (PCRE2_SPTR)text, *length, 0, PCRE2_SUBSTITUTE_GLOBAL, NULL,
		NULL, (PCRE2_SPTR)mask->replacement, PCRE2_ZERO_TERMINATED, (PCRE2_UCHAR *)out, &size) : -1;

	if (count < 0) {
		die("cannot apply the mask for", mask->replacement);
	}
	*length = size;
	return out;
}

static char *masked(const struct suite *suite, char *text, size_t *length) {
	for (size_t i = 0; i < suite->mask_count; i++) {
		text = apply(&suite->masks[i], text, length);
	}
	return text;
}

/* --- running -------------------------------------------------------------------------------------------------- */

/* The lines of a case's file after what is in `list` already, then NULL. */
static void add_lines(const char **list, size_t count, const char *folder, const char *name) {
	size_t length;
	char *lines[MOST_LINES], *text = read_file(folder, name, &length);
	size_t more = split(text, lines, MOST_LINES);

	for (size_t i = 0; i < more; i++) {
		list[count + i] = lines[i];
	}
}

static void child(const struct suite *suite, const char *folder, FILE *out, FILE *err) {
	const char *arguments[MOST_LINES + 3] = { suite->slsws };
	const char *environment[MOST_LINES + 4] = { "HOME=/nonexistent", join("PATH", "=", getenv("PATH")) };
	const char *sanitizer = getenv("ASAN_OPTIONS");
	bool bare = access(join(folder, "/", "argv"), F_OK) == 0;

	arguments[1] = bare ? NULL : "package";
	add_lines(arguments, bare ? 1 : 2, folder, bare ? "argv" : "args");
	environment[2] = sanitizer ? join("ASAN_OPTIONS", "=", sanitizer) : "LC_ALL=C";
	add_lines(environment, 3, folder, "env");

	dup2(fileno(out), STDOUT_FILENO);
	dup2(fileno(err), STDERR_FILENO);
	alarm(SECONDS);
	if (chdir(folder) != 0) {
		_exit(126);
	}
	int in = open("stdin", O_RDONLY);
	in = in < 0 ? open("/dev/null", O_RDONLY) : in;
	dup2(in, STDIN_FILENO);
	execve(suite->slsws, (char **)arguments, (char **)environment);
	_exit(127);
}

static struct run run(const struct suite *suite, const char *folder) {
	FILE *out = tmpfile(), *err = tmpfile();
	int status = 0;

	if (!out || !err) {
		die("cannot make a file for", "output");
	}
	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0) {
		child(suite, folder, out, err);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid) {
		die("cannot run", suite->slsws);
	}
	struct run r = { .status = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status) };
	rewind(out);
	rewind(err);
	r.out = read_stream(out, &r.out_length);
	r.err = read_stream(err, &r.err_length);
	fclose(out);
	fclose(err);
	return r;
}

/* --- comparing ------------------------------------------------------------------------------------------------ */

/* Prints the first line in which two texts differ, with a few before and after it in each. */
static void show_difference(const char *what, const char *expected, const char *actual) {
	size_t at = 0, start = 0;
	unsigned line = 1, before = 0;

	while (expected[at] && expected[at] == actual[at]) {
		line += expected[at++] == '\n';
	}
	for (start = at; start > 0 && (before += expected[start - 1] == '\n') < 4;) {
		start--;
	}
	const char *const sides[] = { expected, actual }, *const signs[] = { "expected", "actual" };
	printf("    %s differs from line %u on\n", what, line);
	for (int i = 0; i < 2; i++) {
		size_t end = start;
		for (int lines = 0; sides[i][end] && (end < at || lines < 6); end++) {
			lines += sides[i][end] == '\n' && end >= at;
		}
		printf("    --- %s\n%.*s%s", signs[i], (int)(end - start), sides[i] + start,
			end > start && sides[i][end - 1] == '\n' ? "" : "\n");
	}
}

static bool same(const char *what, const char *expected, size_t expected_length, const char *actual,
		size_t actual_length) {
	if (expected_length == actual_length && memcmp(expected, actual, actual_length) == 0) {
		return true;
	}
	show_difference(what, expected, actual);
	return false;
}

struct expected {
	char *template, *out, *warnings, *errors;
	size_t template_length, out_length, warnings_length, errors_length;
	int status;
};

static struct expected read_expected(const struct suite *suite, const char *folder) {
	struct expected e = { 0 };
	size_t length;

	e.template = read_file(folder, "template.json", &e.template_length);
	e.out = read_file(folder, "stdout.txt", &e.out_length);
	e.warnings = read_file(folder, "warnings.txt", &e.warnings_length);
	e.errors = read_file(folder, "errors.txt", &e.errors_length);
	if (e.template) {
		e.template = masked(suite, e.template, &e.template_length);
	}
	const char *status = read_file(folder, "status", &length);
	e.status = status ? atoi(status) : e.errors ? 1 : 0;
	return e;
}

/* A case of a command that the reference does not have. */
static bool is_own(const char *folder) {
	size_t length;
	char *lines[1], *text = read_file(folder, "argv", &length);

	return split(text, lines, 1) && strcmp(lines[0], "package") != 0 && strcmp(lines[0], "print") != 0;
}

static void accept(const char *folder, struct expected *e, const struct run *r) {
	bool product = e->template || e->out;

	if (e->out && is_own(folder) && r->out_length) {
		write_file(folder, "stdout.txt", r->out, r->out_length);
		e->out = r->out;
		e->out_length = r->out_length;
	}
	if ((r->status == 0) != product || r->status < 0 || r->status > 2) {
		return;
	}
	write_file(folder, product ? "warnings.txt" : "errors.txt", r->err, r->err_length);
	*(product ? &e->warnings : &e->errors) = r->err;
	*(product ? &e->warnings_length : &e->errors_length) = r->err_length;
	if (!product && !read_file(folder, "status", &(size_t){ 0 })) {
		e->status = 1;
	}
}

static bool check(const struct suite *suite, const char *folder) {
	struct run r = run(suite, folder);
	struct expected e = read_expected(suite, folder);

	if (suite->accept) {
		accept(folder, &e, &r);
	}
	if (!e.template && !e.out && !e.errors) {
		printf("    nothing is expected: record template.json (record.mjs) or accept errors.txt (--accept)\n%s",
			r.err);
		return false;
	}
	bool good = true;
	if (r.status != e.status) {
		printf("    exit status %d, expected %d\n", r.status, e.status);
		good = false;
	}
	const char *err = e.errors ? e.errors : e.warnings ? e.warnings : "";
	good &= same("stderr", err, e.errors ? e.errors_length : e.warnings_length, r.err, r.err_length);
	if (e.template) {
		r.out = masked(suite, r.out, &r.out_length);
		good &= same("the template", e.template, e.template_length, r.out, r.out_length);
	} else {
		good &= same("stdout", e.out ? e.out : "", e.out_length, r.out, r.out_length);
	}
	return good;
}

/* --- cases ---------------------------------------------------------------------------------------------------- */

static bool selected(const char *name, char **prefixes, int count) {
	for (int i = 0; i < count; i++) {
		if (text_starts(name, prefixes[i])) {
			return true;
		}
	}
	return count == 0;
}

/* The program that a case needs is on PATH, or it needs none. */
static bool has_needed(const char *folder) {
	size_t length;
	char *name = read_file(folder, "needs", &length), *path = getenv("PATH");

	if (!name || !path) {
		return !name;
	}
	name[strcspn(name, "\n")] = '\0';
	while (*path) {
		size_t size = strcspn(path, ":");
		char *part = strndup(path, size);
		bool found = access(join(part, "/", name), X_OK) == 0;
		free(part);
		if (found) {
			return true;
		}
		path += size + (path[size] == ':');
	}
	return false;
}

static void run_all(struct suite *suite, char **prefixes, int count) {
	struct dirent **names;
	int n = scandir(suite->fixtures, &names, NULL, alphasort);

	if (n < 0) {
		die("cannot list", suite->fixtures);
	}
	for (int i = 0; i < n; i++) {
		const char *name = names[i]->d_name;
		const char *folder = join(suite->fixtures, "/", name);
		struct stat status;
		if (*name == '.' || !selected(name, prefixes, count) || stat(folder, &status) != 0 ||
				!S_ISDIR(status.st_mode)) {
			continue;
		}
		if (!has_needed(folder)) {
			printf("skipped %s\n", name);
			continue;
		}
		bool pending = read_file(folder, "pending", &(size_t){ 0 }) != NULL;
		bool good = check(suite, folder);
		printf("%s %s%s\n", good ? "ok    " : pending ? "pending" : "FAILED", name,
			good && pending ? ": passes, its file 'pending' can go" : "");
		suite->pending += !good && pending;
		suite->passed += good;
		suite->failed += !good && !pending;
	}
}

static const char *setting(const char *name) {
	const char *value = getenv(name);

	if (!value) {
		die("not in the environment:", name);
	}
	return value;
}

int main(int argc, char **argv) {
	struct suite suite = { .slsws = setting("SLSWS"), .fixtures = setting("FIXTURES") };
	int first = 1;

	suite.accept = getenv("UPDATE") != NULL;
	if (argc > 1 && strcmp(argv[1], "--accept") == 0) {
		suite.accept = true;
		first++;
	}
	read_masks(&suite, setting("MASKS"));
	run_all(&suite, argv + first, argc - first);
	if (suite.pending) {
		printf("%u pending\n", suite.pending);
	}
	printf("%u passed, %u failed\n", suite.passed, suite.failed);
	return suite.failed > 0;
}
