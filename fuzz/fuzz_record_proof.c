/* SPDX-License-Identifier: Apache-2.0 */
/* A proof out of a record set, for vector R2: only the one in the corpus leads to its root, and gives one that shows less. */
#include "base/text.h"
#include "package/record_proof.h"
#include "package/record_proof_internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AXEV__BUF less = AXEV__BUF_INIT(AXEV__MAX_RECORD_PROOF_BYTES);
	AXEV__READ_PROOF proof = { 0 };
	uint8_t root[32];

	if (!axev__unhex(root, 32,
			 axev__span_str("65e7695a1feeac3ebaab52eeb3b3a7b7422f8aa1e70bb4ceb0933e1c77991691")))
		return 0;
	(void)axev__record_proof_check(axev__span(data, size), root, NULL, NULL, NULL);
	if (axev__proof_open(axev__span(data, size), root, &proof, NULL) == AXEV_OK) {
		const struct axev__record_choice last = { proof.shape.first + proof.shape.count - 1, 1, NULL, 0 };

		(void)axev__record_proof_narrow(&proof, &last, root, &less, NULL);
	}
	return 0;
}
