/* SPDX-License-Identifier: Apache-2.0 */
/* A record set: sizes of header and index, both, then the records. What is accepted can be proven. */
#include <stdlib.h>

#include "package/record_proof.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct axev__record_choice first = { 0, 1, NULL, 0 };
	AXEV__BUF proof = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES);
	struct axev__span header, index;
	struct axev__source records;
	struct axev__record_totals totals;
	size_t header_size, index_size;

	if (size < 4)
		return 0;
	header_size = axev__get_u16be(data);
	index_size = axev__get_u16be(data + 2);
	if (header_size + index_size > size - 4)
		return 0;
	header = axev__span(data + 4, header_size);
	index = axev__span(data + 4 + header_size, index_size);
	records = axev__source_memory(
		axev__span(data + 4 + header_size + index_size, size - 4 - header_size - index_size));
	/* An index that was not checked must do no harm either. */
	(void)axev__record_proof_make(header, &records, index, &first, data, &proof, NULL);
	if (axev__record_set_check(header, &records, index, NULL, &totals, NULL) < 0 || totals.records == 0)
		return 0;
	if (axev__record_proof_make(header, &records, index, &first, totals.root, &proof, NULL) < 0)
		abort();
	return 0;
}
