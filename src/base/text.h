/*
 * Text: a growing buffer, numbers as JavaScript spells them, UTF-8, and likeness of words.
 */
#ifndef SLSWS_TEXT_H
#define SLSWS_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"

/*
 * A buffer on the heap, not in an arena: it grows by doubling, and what it outgrew is given back.
 * Start from { 0 }; bytes is NUL-terminated whenever it is not NULL. The owner calls text_free().
 */
struct text {
	char *bytes;
	size_t length, capacity;
};

void text_free(struct text *t);
char *text_room(struct text *t, size_t more);	/* at least `more` bytes to write at the end; text_wrote() after */
void text_wrote(struct text *t, size_t count);
void text_add(struct text *t, const char *bytes, size_t length);
void text_puts(struct text *t, const char *string);
void text_putc(struct text *t, char c);
void text_printf(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_vprintf(struct text *t, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

/* A number as JavaScript's String() spells it (17, 0.1, 1e+21, NaN). Returns the length; ends with NUL. */
enum { NUMBER_SIZE = 32 };
size_t number_spell(double number, char out[NUMBER_SIZE]);
/* What JavaScript's Number(text) gives: decimal, 0x, 0o and 0b, Infinity, 0 for a blank; false where that is NaN. */
bool number_read(const char *text, size_t length, double *number);
/* The bytes of a character at the start that JavaScript takes for a space (or a line's end); 0 if it is none. */
size_t text_space(const char *text, size_t length);
/* Drops such characters at both ends, as JavaScript's trim(). */
void text_trim(const char **text, size_t *length);

/* Decodes one code point of at most `length` bytes; returns the bytes taken, 0 if they are not valid UTF-8. */
size_t utf8_decode(const char *bytes, size_t length, uint32_t *code);
size_t utf8_encode(uint32_t code, char out[4]);
/* The offset of the next byte from `at` on that is not ASCII, or the length. */
size_t skip_ascii(const char *bytes, size_t length, size_t at);
/* Whether all is valid UTF-8; else *at, if at is not NULL, is the offset of the first byte that is not. */
bool utf8_valid(const char *bytes, size_t length, size_t *at);
/* Columns that a code point takes in a terminal: 0, 1 or 2. */
int utf8_width(uint32_t code);

/* The candidate most like `word` within an edit distance of 2 (1 for words of up to 3 letters); else NULL. */
const char *text_closest(const char *word, const char *const *candidates, size_t count);

bool text_starts(const char *text, const char *prefix);
bool text_ends(const char *text, const char *suffix);

#endif
