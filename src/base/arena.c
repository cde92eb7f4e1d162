#include "arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef __has_feature
#define __has_feature(x) 0
#endif

/* Under AddressSanitizer what was not handed out may not be touched, and each piece is followed by some of that. */
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
enum { GAP = 16 };
#else
enum { GAP = 0 };
#define ASAN_POISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#endif

enum { ALIGNMENT = 16, FIRST_BLOCK = 64 * 1024, LARGEST_BLOCK = 4 * 1024 * 1024 };

struct block {
	struct block *previous;
	size_t size;
	_Alignas(ALIGNMENT) char bytes[];
};

struct arena {
	char *at, *end;			/* what is left of the current block */
	struct block *block;
	size_t used;			/* in all blocks but the current */
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
	ASAN_POISON_MEMORY_REGION(block->bytes, size);
	return block;
}

static void use_block(struct arena *arena, struct block *block) {
	arena->block = block;
	arena->at = block->bytes;
	arena->end = block->bytes + block->size;
}

struct arena *arena_create(void) {
	struct arena *arena = must(calloc(1, sizeof(*arena)));

	use_block(arena, block_create(FIRST_BLOCK, NULL));
	return arena;
}

void arena_destroy(struct arena *arena) {
	if (!arena) {
		return;
	}
	for (struct block *block = arena->block; block;) {
		struct block *previous = block->previous;
		ASAN_UNPOISON_MEMORY_REGION(block->bytes, block->size);
		free(block);
		block = previous;
	}
	free(arena);
}

/* A large piece gets a block of its own behind the current one, so that the rest of that is not lost. */
static __attribute__((noinline, cold)) void *alloc_in_block(struct arena *arena, size_t size, size_t taken) {
	struct block *current = arena->block;
	size_t next = current->size * 2 < LARGEST_BLOCK ? current->size * 2 : LARGEST_BLOCK;
	char *memory;

	if (size > SIZE_MAX / 4) {
		must(NULL);
	}
	if (taken > next / 4) {
		current->previous = block_create(taken, current->previous);
		arena->used += taken;
		memory = current->previous->bytes;
	} else {
		arena->used += (size_t)(arena->at - current->bytes);
		use_block(arena, block_create(next, current));
		memory = arena->at;
		arena->at += taken;
	}
	ASAN_UNPOISON_MEMORY_REGION(memory, size);
	return memory;
}

void *arena_alloc(struct arena *arena, size_t size) {
	size_t taken = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT + GAP;

	if (taken < size || taken > (size_t)(arena->end - arena->at)) {
		return alloc_in_block(arena, size, taken);
	}
	char *memory = arena->at;
	arena->at += taken;
	ASAN_UNPOISON_MEMORY_REGION(memory, size);
	return memory;
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

/* Most formats are made of %s alone, and are filled in here if the text is not long; NULL: this one is not. */
static char *print_texts(struct arena *arena, const char *format, va_list args) {
	char small[256], *at = small, *end = small + sizeof(small);

	while (*format) {
		const char *piece = format;
		size_t length = (size_t)(strchrnul(format, '%') - format);
		format += length;
		if (!length) {
			if (format[1] != 's') {
				return NULL;
			}
			piece = va_arg(args, const char *);
			length = strlen(piece);
			format += 2;
		}
		if (length >= (size_t)(end - at)) {
			return NULL;
		}
		memcpy(at, piece, length);
		at += length;
	}
	return arena_copy(arena, small, (size_t)(at - small));
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args) {
	va_list again;

	va_copy(again, args);
	char *text = print_texts(arena, format, again);
	va_end(again);
	if (text) {
		return text;
	}
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	text = arena_alloc(arena, (size_t)(length < 0 ? 0 : length) + 1);
	vsnprintf(text, (size_t)(length < 0 ? 0 : length) + 1, format, args);
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
	return arena->used + (size_t)(arena->at - arena->block->bytes);
}
