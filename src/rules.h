/*
 * The catalogue of rules: what base/codes.h says of a code in a line, and rules/CODE/ at length, with examples.
 *
 * rules/CODE/ has why.txt, and as examples fail.EXT and pass.EXT (yml or json: a service or a template); examples of more
 * than one file are the folders fail/ and pass/, of which serverless.yml is shown. rules/embed.py builds them in, and
 * tests/test_rules.c runs them.
 */
#ifndef SLSWS_RULES_H
#define SLSWS_RULES_H

#include <stddef.h>

#include "base/diag.h"

struct rule_text {
	const char *code, *why, *fail, *pass;	/* NULL: there is none */
};

struct rule_info {
	const char *code;
	enum severity severity;
	const char *title;
	const struct rule_text *text;		/* NULL: none */
};

/* What was built in, sorted by code. */
extern const struct rule_text rule_texts[];
extern const size_t rule_text_count;

size_t rules_count(void);
/* In the order of codes.h. */
struct rule_info rules_get(size_t index);
/* The row of a code; false if there is none. */
bool rules_find(const char *code, struct rule_info *rule);

#endif
