/* SPDX-License-Identifier: Apache-2.0 */
/* A binary64 as the shortest of C's %.15g, %.16g and %.17g that gives it again, without printf: a view may have millions. */
#ifndef AXEV_PACKAGE_REAL_TEXT_H
#define AXEV_PACKAGE_REAL_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#define AXEV__REAL_TEXT 32

/*
 * For 1e-5 <= |value| < 2^52: bytes written, without a NUL at the end. 0: some other value; whoever calls uses printf.
 * Exact: the value times a power of ten is an integer of at most 127 bits over a power of two.
 */
size_t axev__real_text(double value, char out[AXEV__REAL_TEXT]);

#endif
