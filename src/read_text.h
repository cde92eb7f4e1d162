/*
 * What the readers of texts share: places in a text, and the check that it is UTF-8.
 */
#ifndef SLSWS_READ_TEXT_H
#define SLSWS_READ_TEXT_H

#include "base/diag.h"
#include "base/mark.h"

/* The bytes of the byte order mark that a text starts with: 3 or 0. */
size_t text_bom(const struct source *source);

/* The place of a byte. Lines end with a newline, a carriage return or both; a byte order mark takes no column. */
struct mark text_mark(const struct source *source, size_t offset);

/* Reports the first byte that is not UTF-8. */
bool text_check(const struct source *source, struct diag *diag);

#endif
