/* SPDX-License-Identifier: Apache-2.0 */
/* A proof out of a record set, for vector R2: only the one in the corpus leads to its root. */
#include "base/text.h"
#include "package/record_proof.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t root[32];

	if (axev__unhex(root, 32,
			axev__span_str("0ac7f31369ef8b02422407acd6a39499a11c146130915dd3799e393010006a4e")))
		(void)axev__record_proof_check(axev__span(data, size), root, NULL, NULL, NULL);
	return 0;
}
