/*
 * The grammar of variables: a text is parsed once into parts, which variables.c resolves.
 *
 *	${type(param, param):address, type:address, literal}
 *
 * The first source has a type, the further ones are fallbacks, a literal (number, true, false, null, 'text', "text")
 * can only be the last. Params and addresses may hold variables themselves. What is no variable stays as it is:
 * ${Uppercase}, ${ spaced}, ${self::x}, ${a_b:x}, ${name}; a variable inside such a foreign ${...} is one nevertheless.
 * `\${` stands for a literal `${`, and of any number of backslashes before it each pair stands for one. Of dollars before `${` that belong
 * to a variable all but none are dropped: "$${self:x}" is "${self:x}".
 *
 * This is the reference's grammar, odd corners included; tests/differential/variables.mjs holds it to that.
 */
#ifndef SLSWS_VARIABLE_TEXT_H
#define SLSWS_VARIABLE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/value.h"

struct variable_text;

/* A param or an address: plain (value, NULL if there is none) or with variables of its own (parts). */
struct variable_argument {
	struct variable_argument *next;
	struct value *value;
	struct variable_text *parts;
};

struct variable_source {
	struct variable_source *next;
	const char *type;			/* NULL: a literal */
	struct value *literal;
	bool called;				/* type(...), be it without params */
	struct variable_argument *params;
	struct variable_argument *address;	/* NULL: none */
};

/* A piece of a text that is replaced: by a variable's value or, where it is an escape, by a text. */
struct variable_part {
	struct variable_part *next;
	size_t start, end;			/* bytes; the end is not included */
	struct variable_source *sources;	/* NULL: an escape */
	const char *escape;
	size_t escape_length;
};

struct variable_text {
	const char *text;
	size_t length;
	struct variable_part *parts;
	bool whole;				/* one variable that is the whole text: its value is taken as it is */
};

enum variable_fault {
	VARIABLE_FINE,
	VARIABLE_BAD_TYPE,
	VARIABLE_BAD_SOURCE,
	VARIABLE_BAD_LITERAL,
	VARIABLE_BAD_STRING,
	VARIABLE_BAD_PARAM,
	VARIABLE_BAD_ADDRESS,
	VARIABLE_UNCLOSED,
	VARIABLE_TOO_DEEP,
	VARIABLE_TOO_MANY,
};

/* What went wrong, and where: the offset of the variable at fault and that of the character. */
struct variable_problem {
	enum variable_fault fault;
	size_t variable, at;
};

/* Whether a text may hold a variable at all: the cheap question that spares most texts the parser. */
bool variable_possible(const char *text, size_t length);

/*
 * Parses `text`, which the result points into. NULL when it has no variables and no escapes or, then problem->fault tells,
 * when it cannot be parsed. *budget is the number of parts that may still be made.
 */
struct variable_text *variable_parse(struct arena *a, const char *text, size_t length, size_t *budget,
		struct variable_problem *problem);

/* "expected ..." for a message. */
const char *variable_fault_text(enum variable_fault fault);

/* The parts as text, for tests: [plain text][${self:a, 'b'}][\$ -> $]. */
const char *variable_serialize(struct arena *a, const struct variable_text *text);

#endif
