/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger entry that erases a package: what is read is exactly what would be written. */
#include <stdlib.h>

#include "ledger/erased.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MIB);
	AXEV__JSON *entry = NULL, *again = axev__json_new_object();
	struct axev__erased erased;
	bool disclosed[8] = { true, false, true };
	int64_t time_ns;

	if (axev__json_parse_canonical(axev__span(data, size), &entry, NULL) < 0 || axev__erased_read(entry, &erased, NULL) < 0)
		return 0;
	if (axev__json_time(entry, "time", &time_ns, NULL) < 0 || axev__json_set_time(again, "time", time_ns, NULL) < 0 ||
	    axev__json_set_str(again, "format", AXEV__LEDGER_FORMAT, NULL) < 0 ||
	    axev__json_set_str(again, "event", AXEV__ERASED_EVENT, NULL) < 0 || axev__erased_set(&erased, again, NULL) < 0 ||
	    axev__json_canonical(again, &bytes, NULL) < 0 || !axev__span_equal(axev__buf_view(&bytes), axev__span(data, size)))
		abort();
	(void)!axev__erased_covers(&erased, disclosed, sizeof(disclosed), NULL);
	return 0;
}
