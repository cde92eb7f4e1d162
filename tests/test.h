/* What every cmocka test file includes. */
#ifndef SLSWS_TEST_H
#define SLSWS_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
