/*
 * Diagnostics: what is told to the user about the input.
 *
 * Stages append and go on; compile.c stops between stages; only the command line prints. A diagnostic has a
 * stable code (a row of codes.h), a place, a text and, where useful, notes that point elsewhere and a help line
 * that says how to mend it. Texts follow git: lower case, no full stop, the fault first, the subject in quotes,
 * and what was expected.
 *
 * Texts may quote the input as it is: what a terminal would act on is escaped, and what is too long is cut in the middle.
 * After diag->most (MOST_DIAGNOSTICS unless it is set) more are counted but not kept; diag_sort() says how many.
 *
 * One diagnostic per cause: whoever reports a fault drops or replaces the value at fault.
 * The user's mistakes come here; the programmer's end in BUG().
 */
#ifndef SLSWS_DIAG_H
#define SLSWS_DIAG_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "arena.h"
#include "mark.h"
#include "value.h"

enum { MOST_DIAGNOSTICS = 1000, MOST_FINDINGS = 10000 };	/* MOST_FINDINGS: those of a validation, before some are dropped */

enum severity { SEVERITY_DEBUG, SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_ERROR };

struct note {
	struct note *next;
	struct mark mark;
	const char *text;
};

struct diagnostic {
	struct diagnostic *next;
	const char *code;
	enum severity severity;
	struct mark mark;		/* source NULL: about no place in a file */
	const char *text;
	struct note *notes;		/* "= note:" lines; those with a place show it as a second frame */
	const char *help;		/* NULL or the mend */
	struct arena *arena;		/* NULL: one that is not kept */
	const char *fingerprint;	/* findings.h's */
	bool stops;			/* an error without which more could be said: it cannot be ignored */
	bool yields;			/* see diag_yield() */
	struct mark beside;
	const char *family;		/* see diag_follow() */
};

struct diag {
	struct arena *arena;
	struct diagnostic *first, **end;
	unsigned errors, warnings, kept, left_out, most;
	struct diagnostic spare;	/* takes the notes of those that are not kept */
	bool strict;			/* warnings count and show as errors */
};

void diag_init(struct diag *diag, struct arena *arena, bool strict);

/* Codes are string literals that stand in codes.h. All return the diagnostic, never NULL, so that notes can follow. */
struct diagnostic *diag_error(struct diag *diag, const char *code, struct mark mark, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
struct diagnostic *diag_warning(struct diag *diag, const char *code, struct mark mark, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* For those who know the severity from a table or an option. */
struct diagnostic *diag_add(struct diag *diag, enum severity severity, const char *code, struct mark mark,
		const char *format, ...) __attribute__((format(printf, 5, 6)));

void diag_note(struct diagnostic *d, struct mark mark, const char *format, ...) __attribute__((format(printf, 3, 4)));
void diag_help(struct diagnostic *d, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Whether it will be shown: if not, it is not worth the work to find out more. */
bool diag_is_kept(const struct diagnostic *d);
/* Notes where a value was defined, if it came through a variable. */
void diag_origin(struct diagnostic *d, const struct value *value);

/* A warning that is needless where an error stands at its place or at the other place: diag_sort() drops it then. */
void diag_yield(struct diagnostic *d, struct mark beside);

/* Is needless where a finding whose code begins with `family`, which sorts before it, stands at its place: that says the
   same of it, with other words. diag_sort() drops it then. */
void diag_follow(struct diagnostic *d, const char *family);

/* Sorts by file, line, column and code (stable) and drops what says the same about the same place twice. */
void diag_sort(struct diag *diag);

/* The line of a place, of a very long one the part that begins there, empty where there is none; the column behind what stands at a place. */
const char *diag_line(struct arena *a, const struct mark *mark, size_t *length);
uint32_t diag_end(struct arena *a, const struct mark *mark);

/* The text that the user sees, with its last newline, in the arena. */
const char *diag_format(struct arena *a, const struct diagnostic *d, bool colour);

#define BUG(...) (fprintf(stderr, "slsws: bug at %s:%d: ", __FILE__, __LINE__), \
		fprintf(stderr, __VA_ARGS__), fputc('\n', stderr), abort())

#endif
