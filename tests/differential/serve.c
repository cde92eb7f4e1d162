#include "serve.h"

#include <stdio.h>

static bool serve_one(const char *what, answer_fn *answer, size_t length) {
	struct arena *a = arena_create();
	struct text out = { 0 };
	char *text = arena_alloc(a, length + 1);
	bool whole = fread(text, 1, length, stdin) == length;

	if (whole) {
		answer(a, what, text, length, &out);
		printf("%zu\n", out.length);
		fwrite(out.bytes, 1, out.length, stdout);
		fflush(stdout);
	}
	text_free(&out);
	arena_destroy(a);
	return whole;
}

int serve(const char *what, answer_fn *answer) {
	unsigned long length;

	while (scanf("%lu", &length) == 1 && getchar() == '\n') {
		if (!serve_one(what, answer, length)) {
			return 1;
		}
	}
	return 0;
}
