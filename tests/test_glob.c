#include "test.h"

#include <string.h>

#include "artifact/glob.h"

/* What micromatch with its option `dot` says of each path, from the first to the last: 1 matches. */
static const char *const paths[] = {
	"a", "a.js", "b.ts", "src/a.js", "src/b/c.js", "src/b/.env", ".env", ".env.local", "[id].js", "i.js",
	"src/[id].js", "node_modules/x/index.js", "node_modules/x/test/t.js", "a/b/c/d.txt", "a1.txt", "a2.txt",
	"a10.txt", "foo.test.js", "foo.js", "dir/foo.test.js", "x{y}.js", "src", "src/a.min.js", "../shared/a.js",
	"a+b.js", "(a).js", "!x", "b", "ab", "abc",
};

static const struct { const char *pattern, *matches; } patterns[] = {
	{ "**", "111111111111111111111110111111" },
	{ "*", "111000111100001111101100111111" },
	{ "*.js", "010000001100000001101000110000" },
	{ "**/*.js", "010110001111100001111010110000" },
	{ "src/**", "000111000010000000000110000000" },
	{ "src/*", "000100000010000000000010000000" },
	{ "src", "000000000000000000000100000000" },
	{ "./src/**", "000111000010000000000110000000" },
	{ "src/**/*.js", "000110000010000000000010000000" },
	{ "**/.env", "000001100000000000000000000000" },
	{ ".env*", "000000110000000000000000000000" },
	{ "**/.env*", "000001110000000000000000000000" },
	{ "[id].js", "000000001100000000000000000000" },
	{ "src/[id].js", "000000000010000000000000000000" },
	{ "[ab].*", "011000000000000000000000000000" },
	{ "[!a].ts", "000000000000000000000000000000" },
	{ "a[0-9].txt", "000000000000001100000000000000" },
	{ "a{1,2}.txt", "000000000000001100000000000000" },
	{ "a{1..2}.txt", "000000000000001100000000000000" },
	{ "{a,b}.{js,ts}", "011000000000000000000000000000" },
	{ "{src,a}/**", "100111000010010000000110000000" },
	{ "**/{x,b}/**", "000011000001110000000000000100" },
	{ "!(foo).js", "010000001100000000001000110000" },
	{ "!(*.test).js", "010000001100000000101000110000" },
	{ "**/!(*.test).js", "010110001111100000101010110000" },
	{ "@(a|b).*", "011000000000000000000000000000" },
	{ "?(a)b", "000000000000000000000000000110" },
	{ "+(a|b)", "100000000000000000000000000110" },
	{ "*(a|b)c", "000000000000000000000000000001" },
	{ "a?.txt", "000000000000001100000000000000" },
	{ "a?\?.txt", "000000000000000010000000000000" },
	{ "**/node_modules/**", "000000000001100000000000000000" },
	{ "node_modules/**/test/**", "000000000000100000000000000000" },
	{ "node_modules/x/**/*.js", "000000000001100000000000000000" },
	{ "../shared/**", "000000000000000000000001000000" },
	{ "../**", "000000000000000000000001000000" },
	{ "x\\{y\\}.js", "000000000000000000001000000000" },
	{ "a+b.js", "000000000000000000000000100000" },
	{ "\\(a\\).js", "000000000000000000000000010000" },
	{ "**/*", "111111111111111111111110111111" },
	{ "a/**/d.txt", "000000000000010000000000000000" },
	{ "a/**/c/**", "000000000000010000000000000000" },
	{ "src/", "000000000000000000000000000000" },
	{ "*/", "000000000000000000000000000000" },
	{ "**/c.js", "000010000000000000000000000000" },
	{ "src/**/c.js", "000010000000000000000000000000" },
	{ "**a**", "110000010000001110000000110011" },
	{ "a**", "110000000000001110000000100011" },
	{ "s*c/*", "000100000010000000000010000000" },
	{ "{src/b,a}/*.js", "000010000000000000000000000000" },
	{ "{src,a/b}/**/*", "000111000010010000000010000000" },
	{ "[", "000000000000000000000000000000" },
	{ "a[", "000000000000000000000000000000" },
	{ "a{", "000000000000000000000000000000" },
	{ "(a|b)", "100000000000000000000000000100" },
	{ "(a|b).js", "010000000000000000000000000000" },
	{ "*.{js,ts}", "011000001100000001101000110000" },
	{ "**/*.{js,ts}", "011110001111100001111010110000" },
	{ "src/{,b/}*.js", "000110000010000000000010000000" },
	{ ".*", "000000110000000000000000000000" },
	{ "**/.*", "000001110000000000000000000000" },
	{ "*.min.*", "000000000000000000000000000000" },
	{ "src/**/", "000000000000000000000000000000" },
	{ "**/src/**", "000111000010000000000110000000" },
	{ "./*.js", "010000001100000001101000110000" },
	{ "a/b/c/*", "000000000000010000000000000000" },
	{ "a/*/c/*", "000000000000010000000000000000" },
	{ "a/*/*", "000000000000000000000000000000" },
	{ "!src", "111111111111111111111011111111" },
};

static void patterns_match_as_in_micromatch(void **state) {
	struct arena *a = arena_create();
	(void)state;

	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++) {
		struct glob *glob = glob_create(a, patterns[i].pattern);
		for (size_t k = 0; k < sizeof(paths) / sizeof(*paths); k++) {
			if (glob_matches(glob, paths[k]) != (patterns[i].matches[k] == '1')) {
				fail_msg("'%s' and '%s': not %c (%s)", patterns[i].pattern, paths[k], patterns[i].matches[k],
					glob_expression(a, patterns[i].pattern));
			}
		}
		glob_destroy(glob);
	}
	arena_destroy(a);
}

/* What would grow without bounds, or is no expression at all, ends and matches nothing but itself. */
static void senseless_patterns_end(void **state) {
	static const char *const texts[] = { "{z..a}", "[z-a]", "[[:x:]", "((((", "a)", "+(", "{a,{b,{c", "\\" };
	struct arena *a = arena_create();
	char many[4001];
	(void)state;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct glob *glob = glob_create(a, texts[i]);
		assert_false(glob_matches(glob, "something/else"));
		assert_true(glob_matches(glob, texts[i]));
		glob_destroy(glob);
	}
	for (size_t i = 0; i < 4000; i += 4) {
		memcpy(many + i, "!(a)", 4);
	}
	many[4000] = 0;
	glob_destroy(glob_create(a, many));
	memset(many, '{', 4000);
	glob_destroy(glob_create(a, many));
	memset(many, '*', 4000);
	glob_destroy(glob_create(a, many));
	arena_destroy(a);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_match_as_in_micromatch),
		cmocka_unit_test(senseless_patterns_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
