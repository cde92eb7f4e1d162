/*
 * The resolved configuration as the reference's `print` writes it: with what the reference adds to it while it loads, and
 * after the schema's coercions.
 */
#ifndef SLSWS_PRINT_H
#define SLSWS_PRINT_H

#include "base/diag.h"
#include "base/text.h"
#include "base/value.h"
#include "host.h"
#include "options.h"

/* The whole configuration; NULL after an error. */
struct value *print_config(struct arena *a, const struct options *options, const struct slsws_host *host,
		struct diag *diag);

/* Writes what the style asks for, with a last newline; nothing after an error. */
void print_write(struct text *out, struct arena *a, const struct value *config, const struct slsws_print_style *style,
		struct diag *diag);

#endif
