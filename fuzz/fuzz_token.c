/* SPDX-License-Identifier: Apache-2.0 */
/* Time-stamp tokens and answers: what is normalised reads back as canonical. */
#include <stdlib.h>

#include "crypto/tsp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AXEV__BUF out = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__TOKEN token = { 0 };
	AXEV__TOKEN again = { 0 };
	struct axev__span inner;

	(void)axev__tsp_response_token(axev__span(data, size), &inner, NULL);
	if (axev__token_read(axev__span(data, size), &token, NULL) < 0 ||
	    axev__token_normalise(axev__span(data, size), NULL, &out, NULL) < 0)
		return 0;
	if (axev__token_read_canonical(axev__buf_view(&out), &again, NULL) < 0 ||
	    again.gen_time_ns != token.gen_time_ns)
		abort();
	return 0;
}
