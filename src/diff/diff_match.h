/*
 * Which resource of one template is which of the other.
 */
#ifndef SLSWS_DIFF_MATCH_H
#define SLSWS_DIFF_MATCH_H

#include "diff_value.h"

/*
 * A new map from each id before to a text, the id after. By id; then by type and what stands before a hash; then renamed
 * ones by type and content. Fills context->renamed; *renamed gets the ids after of those of the last kind.
 */
struct value *match_resources(struct diff_context *context, const struct value *before, const struct value *after,
	struct value **renamed);

#endif
