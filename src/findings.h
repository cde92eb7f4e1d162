/*
 * Which findings of a validation count: those that were asked for, but not those that a comment or a baseline takes back.
 *
 *	# slsws: ignore W104, S		on the line of a finding, or on lines of their own above it
 *	# slsws: ignore-file T		anywhere: in the whole file
 *
 * A code may be cut short: "S" is all of security, "W2" all that begins so. What stops the compilation of a service cannot be
 * taken back, as without it there would be findings that nobody has seen yet.
 */
#ifndef SLSWS_FINDINGS_H
#define SLSWS_FINDINGS_H

#include "base/diag.h"
#include "host.h"
#include "options.h"

/* To be called when diag is sorted. `complete`: all checks ran, so that what is useless can be told. */
void findings_filter(struct arena *a, struct diag *diag, const struct source *source, const struct options *options,
		const struct slsws_host *host, bool complete);

/* Gives each its fingerprint, of what it says and what its line says, so that it outlives changes elsewhere in the file. */
void findings_fingerprint(struct arena *a, struct diag *diag);

/* Whether a text is a code or the beginning of one. */
bool findings_is_code(const char *text, size_t length);

#endif
