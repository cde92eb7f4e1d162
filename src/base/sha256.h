/*
 * SHA-256 over whole blocks for x86-64 processors that have AVX2 and BMI2 but no instructions for SHA: there nettle's
 * own code takes half as long again. hash.c decides; this is not the way in.
 */
#ifndef SLSWS_SHA256_H
#define SLSWS_SHA256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether this processor is one of those; then sha256_blocks() may be called. */
bool sha256_blocks_help(void);
/* Takes `count` blocks of 64 bytes into the state. */
void sha256_blocks(uint32_t state[8], const uint8_t *bytes, size_t count);

#endif
