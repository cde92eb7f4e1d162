#include "arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 16, FIRST_BLOCK = 64 * 1024, LARGEST_BLOCK = 4 * 1024 * 1024 };

struct block {
	struct block *previous;
	size_t size, used;
	_Alignas(ALIGNMENT) char bytes[];
};

struct arena {
	struct block *block;
	size_t used;
};

static void *must(void *memory) {
	if (!memory) {
		fputs("slsws: out of memory\n", stderr);
		exit(3);
	}
	return memory;
}

/* calloc's fresh pages come zeroed from the system, so a block is not written to before it is used. */
static struct block *block_create(size_t size, struct block *previous) {
	struct block *block = must(calloc(1, sizeof(*block) + size));

	block->previous = previous;
	block->size = size;
	return block;
}

struct arena *arena_create(void) {
	struct arena *arena = must(calloc(1, sizeof(*arena)));

	arena->block = block_create(FIRST_BLOCK, NULL);
	return arena;
}

void arena_destroy(struct arena *arena) {
	if (!arena) {
		return;
	}
	for (struct block *block = arena->block; block;) {
		struct block *previous = block->previous;
		free(block);
		block = previous;
	}
	free(arena);
}

/* A large piece gets a block of its own behind the current one, so that the rest of that one is not lost. */
static void *alloc_block(struct arena *arena, size_t size) {
	struct block *current = arena->block;
	size_t next = current->size * 2 < LARGEST_BLOCK ? current->size * 2 : LARGEST_BLOCK;

	if (size > next / 4) {
		current->previous = block_create(size, current->previous);
		current->previous->used = size;
		return current->previous->bytes;
	}
	arena->block = block_create(next, current);
	arena->block->used = size;
	return arena->block->bytes;
}

void *arena_alloc(struct arena *arena, size_t size) {
	struct block *block = arena->block;

	if (size > SIZE_MAX / 4) {
		must(NULL);
	}
	size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	arena->used += size;
	if (size > block->size - block->used) {
		return alloc_block(arena, size);
	}
	block->used += size;
	return block->bytes + block->used - size;
}

char *arena_copy(struct arena *arena, const char *text, size_t length) {
	char *copy = arena_alloc(arena, length + 1);

	if (length) {
		memcpy(copy, text, length);
	}
	return copy;
}

char *arena_strdup(struct arena *arena, const char *text) {
	return arena_copy(arena, text, strlen(text));
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args) {
	char small[256];
	va_list again;

	va_copy(again, args);
	int length = vsnprintf(small, sizeof(small), format, args);
	char *text;
	if (length < (int)sizeof(small)) {
		text = arena_copy(arena, small, length < 0 ? 0 : (size_t)length);
	} else {
		text = arena_alloc(arena, (size_t)length + 1);
		vsnprintf(text, (size_t)length + 1, format, again);
	}
	va_end(again);
	return text;
}

char *arena_printf(struct arena *arena, const char *format, ...) {
	va_list args;

	va_start(args, format);
	char *text = arena_vprintf(arena, format, args);
	va_end(args);
	return text;
}

size_t arena_used(const struct arena *arena) {
	return arena->used;
}
