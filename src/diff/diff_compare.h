/*
 * The changes between two values that stand in the same place of both templates.
 */
#ifndef SLSWS_DIFF_COMPARE_H
#define SLSWS_DIFF_COMPARE_H

#include "diff_value.h"

/* Adds what differs between before and after (NULL: not there) to the changes of an item, and sets its effect. The key is
   that of the section's entry. */
void compare_item(const struct diff_context *context, struct item *item, const char *key);

/*
 * The statements of two policies that differ, in pairs as far as they are about the same: by Sid, else by the same
 * resources, else by the same actions. One of the two may be NULL. `visit` gets the indexes too, SIZE_MAX for none.
 */
typedef void visit_statements(void *data, size_t before_index, const struct value *before, size_t after_index,
	const struct value *after);
void pair_statements(const struct diff_context *context, const struct value *before, const struct value *after,
	visit_statements *visit, void *data);

#endif
