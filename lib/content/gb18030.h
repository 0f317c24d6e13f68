/* SPDX-License-Identifier: Apache-2.0 */
/* GB 18030-2005 to UTF-8: the encoding of much data that is handed over in China. GBK and GB 2312 are parts of it. */
#ifndef AXEV_CONTENT_GB18030_H
#define AXEV_CONTENT_GB18030_H

#include <uchar.h>

#include "base/buf.h"

/*
 * Appends as many whole characters of @bytes as there are. @is_end: an incomplete one at the end is an error, not left over.
 * *ret_used is where it stopped: behind the last character, or at the one that AXEV_E_FORMAT is about.
 */
int axev__gb18030_decode(struct axev__span bytes, bool is_end, struct axev__buf *out, size_t *ret_used,
			 axev_error *err);

#define AXEV__GB18030_RANGES 208
struct axev__gb18030_range {
	uint16_t number;
	char16_t first;
};
extern const char16_t axev__gb18030_two[126][190];
extern const struct axev__gb18030_range axev__gb18030_four[AXEV__GB18030_RANGES];

#endif
