/* SPDX-License-Identifier: Apache-2.0 */
/* A proof out of a record set, for vector R2: only the one in the corpus leads to its root. */
#include "base/text.h"
#include "package/record_proof.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t root[32];

	if (axev__unhex(root, 32,
			axev__span_str("86f810ad0d2176cd10b67bad2934efc329cdacdd75f952ee65ddba9db6761233")))
		(void)axev__record_proof_check(axev__span(data, size), root, NULL, NULL, NULL);
	return 0;
}
