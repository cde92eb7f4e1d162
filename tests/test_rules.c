/*
 * Runs the examples of rules/: what fails is found by its rule and by no other error, what passes has no finding of the rule
 * and no error.	test_rules FOLDER [CODE...]
 *
 * A rule has why.txt, fail and pass. `alone` in its folder says in a line why it has no examples.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "slsws.h"

static unsigned failed;

static void fail(const char *code, const char *what) {
	printf("FAILED %s: %s\n", code, what);
	failed++;
}

static bool is_there(const char *path) {
	return access(path, R_OK) == 0;
}

/* The file of an example: fail.yml, fail/serverless.yml ... */
static bool find_example(char *path, size_t size, const char *folder, const char *code, const char *name) {
	static const char *const suffixes[] = { ".yml", ".json", "/serverless.yml", "/template.json", "/template.yml" };

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++) {
		snprintf(path, size, "%s/%s/%s%s", folder, code, name, suffixes[i]);
		if (is_there(path)) {
			return true;
		}
	}
	return false;
}

static void check_example(const char *folder, const char *code, const char *name, bool expected) {
	char path[4096];

	if (!find_example(path, sizeof(path), folder, code, name)) {
		fail(code, expected ? "no example that fails" : "no example that passes");
		return;
	}
	struct slsws_result *result = slsws_validate(path, NULL, NULL);
	unsigned found = 0, others = 0;
	for (size_t i = 0; i < slsws_result_count(result); i++) {
		struct slsws_diagnostic d = slsws_result_diagnostic(result, i);
		bool own = strcmp(d.code, code) == 0;
		found += own;
		others += !own && d.severity == SLSWS_ERROR;
		if (own != expected && (own || d.severity == SLSWS_ERROR)) {
			fputs(slsws_result_format(result, i, 0), stdout);
		}
	}
	slsws_result_destroy(result);
	if (expected && !found) {
		fail(code, "is not found in the example that fails");
	}
	if (!expected && found) {
		fail(code, "is found in the example that passes");
	}
	if (others) {
		fail(code, expected ? "the example that fails has other errors" : "the example that passes has other errors");
	}
}

static void check_rule(const char *folder, const struct slsws_rule *rule) {
	char alone[4096];

	snprintf(alone, sizeof(alone), "%s/%s/alone", folder, rule->code);
	if (!rule->why) {
		fail(rule->code, "no why.txt");
	} else if (!is_there(alone)) {
		check_example(folder, rule->code, "fail", true);
		check_example(folder, rule->code, "pass", false);
	}
}

static bool selected(const char *code, char **codes, int count) {
	for (int i = 0; i < count; i++) {
		if (strcmp(code, codes[i]) == 0) {
			return true;
		}
	}
	return count == 0;
}

int main(int argc, char **argv) {
	size_t count = 0;

	if (argc < 2) {
		return 2;
	}
	for (size_t i = 0; i < slsws_rule_count(); i++) {
		struct slsws_rule rule = slsws_rule_get(i);
		/* the others are about the command line and the gateway, not about files */
		if (selected(rule.code, argv + 2, argc - 2) && strchr("CWTRSPD", rule.code[0])) {
			check_rule(argv[1], &rule);
			count++;
		}
	}
	printf("%zu rules, %u failed\n", count, failed);
	return failed > 0;
}
