/* SPDX-License-Identifier: Apache-2.0 */
/* A snapshot from which secrets are taken: what comes out holds none of them as a whole string. */
#include <stdlib.h>

#include "base/limits.h"
#include "capture/web/secrets.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AXEV__BUF out = AXEV__BUF_INIT(64 * AXEV__MIB), again = AXEV__BUF_INIT(64 * AXEV__MIB);
	struct axev__secrets secrets = { 0 };
	uint64_t hidden;

	if (axev__secrets_add(&secrets, axev__span_str("hunter2"), NULL) < 0)
		abort();
	(void)axev__secrets_in_mhtml(&secrets, axev__span(data, size));
	if (axev__secrets_hide(&secrets, axev__span(data, size), &out, NULL) == AXEV_OK) {
		/* Once more: only the mark itself can be a secret by now. */
		hidden = secrets.hidden;
		if (axev__secrets_hide(&secrets, axev__buf_view(&out), &again, NULL) < 0 ||
		    !axev__span_equal(axev__buf_view(&out), axev__buf_view(&again)) || secrets.hidden < hidden)
			abort();
	}
	axev__secrets_free(&secrets);
	return 0;
}
