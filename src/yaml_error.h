/*
 * libyaml's complaints in our words.
 */
#ifndef SLSWS_YAML_ERROR_H
#define SLSWS_YAML_ERROR_H

#include "base/diag.h"

struct yaml_error {
	const char *problem, *context;		/* libyaml's texts; context may be NULL */
	struct mark problem_mark, context_mark;
	const char *start, *at, *end;		/* the text, and the problem's place in it */
};

void yaml_error_report(const struct yaml_error *error, struct diag *diag);

#endif
