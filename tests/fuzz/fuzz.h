/* What every fuzz target includes. */
#ifndef SLSWS_FUZZ_H
#define SLSWS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
