/*
 * Reports: what was found in one or several files, in a form that people or other programs read. A new form is one file
 * format_X.c and one row in formats.c.
 */
#ifndef SLSWS_FORMAT_H
#define SLSWS_FORMAT_H

#include <stdio.h>

#include "cli.h"

/* One finding that is shown, with the result that it is from. */
struct finding {
	struct slsws_result *result;
	size_t index;
	const char *path;		/* of the file that was asked for, as it was named */
	struct slsws_diagnostic d;
};

struct report {
	const struct cli *cli;
	const char *const *paths;	/* of all files that were looked at */
	size_t path_count;
	const struct finding *findings;	/* file by file, in each by place */
	size_t count;
	enum slsws_severity fail_on;	/* what is less does not fail */
};

typedef void format_fn(FILE *out, const struct report *report);

struct format {
	const char *name;
	format_fn *write;
};

extern const struct format formats[];
extern const size_t format_count;
/* NULL after an error, which is said; the first one when --format was not given. */
const struct format *format_chosen(const struct cli *cli);

format_fn format_text, format_json, format_sarif, format_junit, format_github, format_gitlab, format_gcc;

/* "error", "warning", "info", "debug". */
const char *severity_name(enum slsws_severity severity);
unsigned report_count(const struct report *report, enum slsws_severity severity);
/* The file that a finding is in: that of its place, else the one that was asked for. */
const char *finding_file(const struct finding *f);
/* Lines and columns from 1, where there is no place too: many readers want one. */
unsigned finding_line(const struct finding *f);
unsigned finding_column(const struct finding *f);

#endif
