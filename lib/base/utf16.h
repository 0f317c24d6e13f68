/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-16, in which some databases and drivers hand over text, and UTF-8. */
#ifndef AXEV_BASE_UTF16_H
#define AXEV_BASE_UTF16_H

#include "base/buf.h"

/* *ret_good: whether @utf16 is well-formed; if not, @out has something that is of no use. */
int axev__utf16_to_utf8(struct axev__span utf16, bool is_big_endian, struct axev__buf *out, bool *ret_good,
			axev_error *err);

/* Units in the order of this machine, without a NUL at the end. INVAL when @utf8 is not UTF-8. */
int axev__utf16_from_utf8(struct axev__span utf8, struct axev__buf *out, axev_error *err);

#endif
