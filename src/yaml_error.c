#include "yaml_error.h"

#include <string.h>

#include "base/text.h"

enum place { AT_PROBLEM, AT_CONTEXT };

/* Three cases that libyaml tells nothing of. */
static const char key_over_lines[] = "(a key over more than one line)", text_after_quotes[] = "(text after quotes)",
	map_after_marker[] = "(a map after a marker)";

/*
 * A complaint is "fault, expected ...", where the fault is what stands there if the row has none. The first row whose
 * problem, context and first character (where the row has them) are libyaml's is taken.
 */
static const struct complaint {
	const char *problem, *context;
	char first;
	enum place place;
	const char *fault, *expected, *note, *help;
} complaints[] = {
	/* characters */
	{ "found character that cannot start any token", NULL, '\t', AT_PROBLEM, "a tab is used for indentation", "spaces",
		NULL, NULL },
	{ "found character that cannot start any token", NULL, '\0', AT_PROBLEM, "a text cannot start with %s", NULL, NULL,
		"put the text in quotes" },
	{ "found a tab character that violates indentation", NULL, '\0', AT_PROBLEM, "a tab is used for indentation",
		"spaces", NULL, NULL },
	{ "found a tab character where an indentation space is expected", NULL, '\0', AT_PROBLEM,
		"a tab is used for indentation", "spaces", "the text starts here", NULL },
	/* block collections */
	{ "mapping values are not allowed in this context", NULL, '\0', AT_PROBLEM, "a second ':' in one line",
		"one key and its value", NULL, "put the value in quotes if the ':' belongs to it" },
	{ key_over_lines, NULL, '\0', AT_PROBLEM, "the text before this ':' is more than a line", "a key on one line", NULL,
		"is a ':' missing in the line above?" },
	{ map_after_marker, NULL, '\0', AT_PROBLEM, "a map starts on the line of '---'", "it on the next line", NULL, NULL },
	{ text_after_quotes, NULL, '\0', AT_PROBLEM, NULL, "nothing after the closing quote", NULL,
		"a quote inside single quotes is written '', one inside double quotes \\\"" },
	{ "mapping keys are not allowed in this context", NULL, '\0', AT_PROBLEM, NULL, "'?' at the start of a line",
		NULL, NULL },
	{ "block sequence entries are not allowed in this context", NULL, '\0', AT_PROBLEM, NULL,
		"the first item of a list on a line of its own", NULL, NULL },
	{ "could not find expected ':'", NULL, '\0', AT_CONTEXT, "there is no ':' after the key", "'key: value'", NULL,
		"a key stands on one line and has at most 1024 characters" },
	{ "did not find expected key", NULL, '\0', AT_PROBLEM, NULL, "a key that is indented as the others of its map",
		"the map starts here", NULL },
	{ "did not find expected '-' indicator", NULL, '\0', AT_PROBLEM, NULL,
		"a '-' that is indented as the others of its list", "the list starts here", NULL },
	{ "did not find expected <document start>", NULL, '\0', AT_PROBLEM, NULL, "the end of the document", NULL,
		"is it indented as what it belongs to?" },
	/* flow collections */
	{ "did not find expected ',' or ']'", NULL, '\0', AT_PROBLEM, NULL, "',' or ']'", "the list starts here", NULL },
	{ "did not find expected ',' or '}'", NULL, '\0', AT_PROBLEM, NULL, "',' or '}'", "the map starts here", NULL },
	{ "did not find expected node content", NULL, '\0', AT_PROBLEM, NULL, "a value", NULL, NULL },
	{ "found unexpected ':'", NULL, '\0', AT_PROBLEM, "a ':' at the end of a text", "a space after it",
		"the text starts here", NULL },
	/* quotes */
	{ "found unexpected end of stream", NULL, '\0', AT_CONTEXT, "the quotes are never closed", NULL, NULL, NULL },
	{ "found unexpected document indicator", NULL, '\0', AT_PROBLEM, "the document ends inside quotes", NULL,
		"the quotes open here", NULL },
	{ "found unknown escape character", NULL, '\0', AT_PROBLEM, "unknown escape in double quotes", NULL, NULL,
		"write '\\\\' for a backslash, or use single quotes" },
	{ "did not find expected hexdecimal number", NULL, '\0', AT_PROBLEM, "an escape in double quotes lacks digits",
		"\\x41, \\u0041 or \\U00000041", NULL, NULL },
	{ "found invalid Unicode character escape code", NULL, '\0', AT_PROBLEM, "the escape is no character", NULL, NULL,
		"a half such as \\ud83d needs the other one behind it, as in \\ud83d\\ude00" },
	/* anchors, aliases, tags */
	{ "did not find expected alphabetic or numeric character", "while scanning an alias", '\0', AT_CONTEXT,
		"'*' starts an alias, whose name has only letters, digits, '-' and '_'", NULL, NULL,
		"put a text that starts with '*' in quotes" },
	{ "did not find expected alphabetic or numeric character", NULL, '\0', AT_CONTEXT,
		"'&' starts an anchor, whose name has only letters, digits, '-' and '_'", NULL, NULL,
		"put a text that starts with '&' in quotes" },
	{ "did not find expected whitespace or line break", "while scanning a tag", '\0', AT_PROBLEM, NULL,
		"a space after the tag", "the tag starts here", "put a text that starts with '!' in quotes" },
	{ "did not find expected tag URI", NULL, '\0', AT_CONTEXT, "the tag has no name", NULL, NULL, NULL },
	{ "found undefined tag handle", NULL, '\0', AT_PROBLEM, "the tag has a prefix that no %TAG directive defines", NULL,
		NULL, NULL },
	/* block scalars */
	{ "found an indentation indicator equal to 0", NULL, '\0', AT_CONTEXT, "a text is indented by 0", "1 to 9", NULL,
		NULL },
	{ "did not find expected comment or line break", "while scanning a block scalar", '\0', AT_PROBLEM, NULL,
		"the text on the next line", "the text starts here", NULL },
	/* directives */
	{ "found unknown directive name", NULL, '\0', AT_CONTEXT, "a line starts with '%'", "%YAML or %TAG", NULL,
		"put a text that starts with '%' in quotes" },
	{ "found incompatible YAML document", NULL, '\0', AT_PROBLEM, "the document has a version of YAML that is not known",
		"%YAML 1.2", NULL, NULL },
	{ "found duplicate %YAML directive", NULL, '\0', AT_PROBLEM, "a second %YAML directive", NULL, NULL, NULL },
	{ "found duplicate %TAG directive", NULL, '\0', AT_PROBLEM, "a second %TAG directive for one prefix", NULL, NULL,
		NULL },
};

/* The text of the line before the problem. */
static bool line_has(const struct yaml_error *error, const char *what) {
	const char *start = error->at;

	while (start > error->start && start[-1] != '\n' && start[-1] != '\r') {
		start--;
	}
	return memmem(start, (size_t)(error->at - start), what, strlen(what));
}

static bool is_after_quote(const struct yaml_error *error) {
	const char *at = error->at;

	while (at > error->start && at[-1] == ' ') {
		at--;
	}
	return at > error->start && (at[-1] == '\'' || at[-1] == '"') && error->at < error->end &&
		!strchr("\n\r:,]}", *error->at);
}

static const char *problem_of(const struct yaml_error *error) {
	if (strcmp(error->problem, "mapping values are not allowed in this context") == 0 && !line_has(error, ": ")) {
		return line_has(error, "---") ? map_after_marker : key_over_lines;
	}
	if (strncmp(error->problem, "did not find expected", 21) == 0 && is_after_quote(error)) {
		return text_after_quotes;
	}
	return error->problem;
}

static const struct complaint *find(const struct yaml_error *error) {
	char first = error->at < error->end ? *error->at : '\0';
	const char *problem = problem_of(error);

	for (size_t i = 0; i < sizeof(complaints) / sizeof(*complaints); i++) {
		const struct complaint *c = &complaints[i];
		if (strcmp(c->problem, problem) == 0 && (!c->first || c->first == first) &&
				(!c->context || (error->context && strcmp(c->context, error->context) == 0))) {
			return c;
		}
	}
	return NULL;
}

/* What stands at the problem: a word, a character, a line's or the text's end. */
static const char *what_is_there(struct arena *a, const struct yaml_error *error) {
	const char *at = error->at;
	size_t length = 0;
	uint32_t code;

	if (at >= error->end) {
		return "end of the text";
	}
	if (*at == '\n' || *at == '\r') {
		return at + 1 >= error->end ? "end of the text" : "end of the line";
	}
	while (at + length < error->end && length < 30 && (((at[length] | 0x20) >= 'a' && (at[length] | 0x20) <= 'z') ||
			(at[length] >= '0' && at[length] <= '9') || (at[length] && strchr("_-.$", at[length])))) {
		length++;
	}
	length = length ? length : utf8_decode(at, (size_t)(error->end - at), &code);
	return *at == '\t' ? "tab" : arena_printf(a, "'%.*s'", (int)length, at);
}

static struct diagnostic *complain(const struct yaml_error *error, const struct complaint *c, struct diag *diag) {
	struct mark mark = c->place == AT_PROBLEM ? error->problem_mark : error->context_mark;
	const char *there = what_is_there(diag->arena, error), *hole = c->fault ? strstr(c->fault, "%s") : NULL;
	const char *fault = c->fault;

	if (!fault) {
		fault = arena_printf(diag->arena, "unexpected %s", there);
	} else if (hole) {
		fault = arena_printf(diag->arena, "%.*s%s%s", (int)(hole - fault), fault, there, hole + 2);
	}
	return diag_error(diag, "C005", mark, "invalid YAML: %s%s%s", fault, c->expected ? ", expected " : "",
		c->expected ? c->expected : "");
}

void yaml_error_report(const struct yaml_error *error, struct diag *diag) {
	const struct complaint *c = find(error);

	if (!c) {
		struct diagnostic *d = diag_error(diag, "C005", error->problem_mark, "invalid YAML: %s", error->problem);
		if (error->context) {
			diag_note(d, error->context_mark, "%s", error->context);
		}
		return;
	}
	struct diagnostic *d = complain(error, c, diag);
	if (c->note && error->context) {
		diag_note(d, error->context_mark, "%s", c->note);
	}
	if (c->help) {
		diag_help(d, "%s", c->help);
	}
}
