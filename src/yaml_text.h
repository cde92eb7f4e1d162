/*
 * A YAML text as libyaml is given it, and a way back to what was written.
 *
 * libyaml speaks YAML 1.1, js-yaml 1.2: there U+0085, U+2028 and U+2029 break lines, and a U+FEFF at the start of a line is
 * skipped. The text for libyaml has characters in their places that mean nothing, which are put back in each scalar.
 * It also ends with a line break, as js-yaml's does. Lines and columns are the same in both texts.
 */
#ifndef SLSWS_YAML_TEXT_H
#define SLSWS_YAML_TEXT_H

#include "base/mark.h"
#include "base/value.h"

enum { YAML_SPECIALS = 4 };

struct yaml_text {
	const struct source *source;
	const char *bytes, *end;		/* for libyaml; without a byte order mark */
	const char *at;				/* the place in `bytes` that was asked for last */
	size_t line, column;
	char *copy;				/* `bytes`, if they are a copy that may be changed */
	bool replaced;				/* the text has stand-ins */
	bool moved;				/* what follows an escape in its line is not where it is in the source */
	uint32_t stand_ins[YAML_SPECIALS];
};

static inline bool yaml_is_break(char c) {
	return c == '\n' || c == '\r';
}

/* The start of the next line, or the end. */
const char *yaml_next_line(const char *at, const char *end);

/* False when the text leaves no character free as a stand-in. */
bool yaml_text_init(struct yaml_text *text, struct arena *a, const struct source *source);

/* Where a place (from 0) is in `bytes`. Takes as long as the way from the place that was asked for before. */
const char *yaml_text_at(struct yaml_text *text, size_t line, size_t column);

/* Takes a tab at a place out of a line that is blank or has a comment alone: in a text with its own indentation
   (`in_text`) such a line ends it. False when the place is no such line. */
bool yaml_text_mend_tab(struct yaml_text *text, struct arena *a, size_t line, size_t column, bool in_text);

/* Makes a space of the tabs behind a '-' or '?' at a place, where no key follows in the line: js-yaml refuses that. */
bool yaml_text_mend_dash(struct yaml_text *text, struct arena *a, size_t line, size_t column);

/* Makes one escape of the two at a place that stand for one character, as in JSON: "\ud83d\ude00". What follows in the line moves
   two columns to the left. */
bool yaml_text_mend_escape(struct yaml_text *text, struct arena *a, size_t line, size_t column);

/* Takes characters that libyaml does not take out of the name of an anchor or alias: only ASCII, so that all places stay,
   and where they are still those of the source. */
bool yaml_text_mend_name(struct yaml_text *text, struct arena *a, size_t line, size_t column);

/* Puts back in place what stand-ins stand for; *length is changed, a NUL is set behind it. */
void yaml_text_restore(const struct yaml_text *text, char *scalar, size_t *length);

#endif
