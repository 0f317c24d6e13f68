/* SPDX-License-Identifier: Apache-2.0 */
/* A manifest that is accepted is written back identically. */
#include <stdlib.h>

#include "package/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AXEV__BUF out = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	AXEV__JSON *manifest = NULL;
	axev_error err = AXEV_ERROR_INIT;
	uint8_t id[32];

	if (axev__manifest_read(axev__span(data, size), &manifest, &err) < 0) {
		if (!err.message[0])
			abort();
		return 0;
	}
	if (axev__manifest_write(manifest, &out, id, NULL) < 0 ||
	    !axev__span_equal(axev__buf_view(&out), axev__span(data, size)))
		abort();
	return 0;
}
