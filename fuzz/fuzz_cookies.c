/* SPDX-License-Identifier: Apache-2.0 */
/* Login states: what is taken is written as a file that gives the same again. */
#include <stdlib.h>

#include "base/limits.h"
#include "content/cookies.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AXEV__BUF first = AXEV__BUF_INIT(64 * AXEV__MIB), second = AXEV__BUF_INIT(64 * AXEV__MIB);
	AXEV__COOKIES cookies = { 0 }, again = { 0 };

	if (axev__cookies_read(axev__span(data, size), &cookies, NULL) < 0) {
		if (cookies.list || cookies.count)
			abort();
		return 0;
	}
	if (cookies.count == 0 || axev__cookies_write(&cookies, &first, NULL) < 0 ||
	    axev__cookies_read(axev__buf_view(&first), &again, NULL) < 0 || again.count != cookies.count ||
	    axev__cookies_write(&again, &second, NULL) < 0 ||
	    !axev__span_equal(axev__buf_view(&first), axev__buf_view(&second)))
		abort();
	return 0;
}
