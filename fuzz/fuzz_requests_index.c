/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of requests; and the first line as two addresses, of which the order must not matter. */
#include "content/request_url.h"
#include "content/requests_index.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AXEV__REQUESTS_INDEX *index = NULL;
	struct axev__requests_counts counts;
	struct axev__span a = axev__span(data, size / 2), b = axev__span(data + size / 2, size - size / 2);

	if (axev__request_url_same(a, b) != axev__request_url_same(b, a))
		__builtin_trap();
	if (axev__requests_index_read(axev__span(data, size), &index, NULL) < 0)
		return 0;
	axev__requests_index_met(index, "00000000-0000-4000-8000-000000000001", "https://www.example.com/p", NULL);
	/* Whatever it names, one record was met at most. */
	if (axev__requests_index_end(index, &counts, NULL) == AXEV_OK && counts.records + counts.other_records > 1)
		__builtin_trap();
	return 0;
}
