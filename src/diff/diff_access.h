/*
 * Who may do what, before and after: policies, permissions, and what is open to everybody or to the network.
 */
#ifndef SLSWS_DIFF_ACCESS_H
#define SLSWS_DIFF_ACCESS_H

#include "diff_value.h"

/* Of all resources that differ, in their order. */
void add_access_changes(const struct diff_context *context, struct diff *diff);

#endif
