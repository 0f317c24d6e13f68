/* SPDX-License-Identifier: Apache-2.0 */
/* Facts as a package holds them, and case files as people write them. */
#include <stdlib.h>

#include "package/record_set.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t secret[32];
	AXEV__BUF out = AXEV__BUF_INIT(4 * AXEV__MIB);
	AXEV__JSON *facts = NULL, *case_file = NULL, *again = NULL;
	uint8_t root[32], other[32];
	uint64_t records;

	(void)axev__facts_read(axev__span(data, size), &facts, root, &records, NULL);
	if (axev__json_parse(axev__span(data, size), &case_file, NULL) < 0 ||
	    axev__facts_make(case_file, secret, &out, root, &records, NULL) < 0)
		return 0;
	if (axev__facts_read(axev__buf_view(&out), &again, other, &records, NULL) < 0 ||
	    memcmp(root, other, 32) != 0)
		abort();
	return 0;
}
