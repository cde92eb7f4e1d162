#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"

static void say(const struct cli *cli, const char *colour, const char *severity, const char *code, const char *help,
		const char *format, va_list args) {
	const char *reset = cli->colour ? "\033[0m" : "", *bold = cli->colour ? "\033[1m" : "";
	const char *blue = cli->colour ? "\033[1;34m" : "";

	fprintf(stderr, "%s%s[%s]%s%s: ", cli->colour ? colour : "", severity, code, reset, bold);
	vfprintf(stderr, format, args);
	fprintf(stderr, "%s\n", reset);
	if (help) {
		fprintf(stderr, "  %s=%s help: %s\n", blue, reset, help);
	}
}

static const char red[] = "\033[1;31m", cyan[] = "\033[1;36m";

enum status usage_error(const struct cli *cli, const char *code, const char *help, const char *format, ...) {
	va_list args;

	va_start(args, format);
	say(cli, red, "error", code, help, format, args);
	va_end(args);
	return STATUS_USAGE;
}

enum status machine_error(const struct cli *cli, const char *format, ...) {
	va_list args;

	va_start(args, format);
	say(cli, red, "error", "U020", NULL, format, args);
	va_end(args);
	return STATUS_MACHINE;
}

void debug_note(const struct cli *cli, const char *code, const char *format, ...) {
	va_list args;

	if (cli_shows(cli, SLSWS_DEBUG)) {
		va_start(args, format);
		say(cli, cyan, "debug", code, NULL, format, args);
		va_end(args);
	}
}

bool cli_shows(const struct cli *cli, enum slsws_severity severity) {
	switch (severity) {
	case SLSWS_DEBUG:
		return cli_flag(cli, "verbose") || cli_value(cli, "debug");
	case SLSWS_INFO:
	case SLSWS_WARNING:
		return !cli_flag(cli, "quiet");
	case SLSWS_ERROR:
		break;
	}
	return true;
}

/* Edits that make `b` of `a`: letters put in, taken out, exchanged. A row at a time; words beyond 32 letters are
   not alike. */
static size_t distance(const char *a, const char *b) {
	enum { LONGEST = 32 };
	size_t row[LONGEST + 1], n = strlen(a), m = strlen(b);

	if (n > LONGEST || m > LONGEST) {
		return LONGEST;
	}
	for (size_t j = 0; j <= m; j++) {
		row[j] = j;
	}
	for (size_t i = 1; i <= n; i++) {
		size_t corner = row[0];
		row[0] = i;
		for (size_t j = 1; j <= m; j++) {
			size_t best = corner + (a[i - 1] != b[j - 1]);
			corner = row[j];
			best = best < row[j] + 1 ? best : row[j] + 1;
			row[j] = best < row[j - 1] + 1 ? best : row[j - 1] + 1;
		}
	}
	return row[m];
}

const char *likely_word(const char *word, const char *(*candidate)(size_t index), size_t count) {
	size_t least = strlen(word) > 5 ? 3 : 2;
	const char *likely = NULL;

	for (size_t i = 0; i < count; i++) {
		size_t edits = distance(word, candidate(i));
		if (edits < least) {
			least = edits;
			likely = candidate(i);
		}
	}
	return likely;
}
