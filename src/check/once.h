/*
 * Drops what is told of a place in other words already. The findings are sorted.
 */
#ifndef SLSWS_CHECK_ONCE_H
#define SLSWS_CHECK_ONCE_H

#include "base/diag.h"

void findings_once(struct diag *diag);

#endif
