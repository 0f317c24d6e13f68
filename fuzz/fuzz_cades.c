/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures: what parses is exactly what the assembler makes of its parts. */
#include <stdlib.h>

#include "crypto/cades.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AXEV__BUF out = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__CADES cades = { 0 };
	uint8_t content[32] = { 0 };

	if (axev__cades_parse(axev__span(data, size), &cades, NULL) < 0)
		return 0;
	(void)axev__cades_check(&cades, content, NULL);
	if (axev__cades_assemble(&cades.certs, cades.signed_attributes, cades.signature, cades.token,
				 &out, NULL) < 0 ||
	    !axev__span_equal(axev__buf_view(&out), axev__span(data, size)))
		abort();
	return 0;
}
