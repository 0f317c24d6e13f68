/* SPDX-License-Identifier: Apache-2.0 */
/* JSON in three readings; what was accepted must survive writing and reading again. */
#include <stdlib.h>

#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AXEV__BUF first = AXEV__BUF_INIT(8 * size + 64), second = AXEV__BUF_INIT(8 * size + 64);
	AXEV__JSON *value = NULL, *foreign = NULL, *again = NULL, *canonical = NULL;
	struct axev__span text = axev__span(data, size);

	if (axev__json_parse_foreign(text, &foreign, NULL) < 0)
		return 0;
	if (axev__json_parse(text, &value, NULL) < 0)
		return 0;
	if (axev__json_canonical(value, &first, NULL) < 0)
		abort();
	if (axev__json_parse_canonical(axev__buf_view(&first), &again, NULL) < 0)
		abort();
	if (axev__json_canonical(again, &second, NULL) < 0 ||
	    !axev__span_equal(axev__buf_view(&first), axev__buf_view(&second)))
		abort();
	/* The canonical reading accepts exactly the bytes that are their own canonical form. */
	if ((axev__json_parse_canonical(text, &canonical, NULL) == AXEV_OK) !=
	    axev__span_equal(text, axev__buf_view(&first)))
		abort();
	return 0;
}
