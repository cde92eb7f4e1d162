/*
 * Memory for one compilation: taken zeroed, never given back singly, destroyed as a whole.
 *
 * Every tree, name and message of a compilation lives in one arena, so pointers between them may be shared
 * freely and stay valid until arena_destroy(). Running out of memory ends the process (exit 3) here and nowhere
 * else, so no function below returns NULL.
 */
#ifndef SLSWS_ARENA_H
#define SLSWS_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_create(void);
void arena_destroy(struct arena *arena);	/* NULL is allowed */

/* Zeroed memory, aligned for any type. */
void *arena_alloc(struct arena *arena, size_t size);
#define arena_new(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define arena_array(arena, type, count) ((type *)arena_alloc((arena), sizeof(type) * (count)))

/* Copies of text, always ended by a NUL byte that the length does not count. */
char *arena_copy(struct arena *arena, const char *text, size_t length);
char *arena_strdup(struct arena *arena, const char *text);
char *arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

/* Bytes handed out so far: what budgets and benchmarks look at. */
size_t arena_used(const struct arena *arena);

#endif
