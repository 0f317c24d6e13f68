/* SPDX-License-Identifier: Apache-2.0 */
/* The list that was signed of a package, as a disclosure encloses it. */
#include "package/asic_manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t sha256[32];

	(void)axev__asic_manifest_find(axev__span(data, size), 1, "data/evidence.json", sha256, NULL);
	return 0;
}
