/* SPDX-License-Identifier: Apache-2.0 */
/* A WACZ file of any bytes. What stands inside is looked at even when checksums do not agree, to get further. */
#include <stdlib.h>

#include "package/wacz_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must_say_why(int status, const axev_error *err)
{
	if (status < 0 && !err->message[0])
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct axev__source source = axev__source_memory(axev__span(data, size));
	AXEV__CONTAINER_READER *wacz = NULL;
	struct axev__wacz_counts counts;
	axev_error err = AXEV_ERROR_INIT;
	int status = axev__wacz_open(&source, &wacz, &err);

	must_say_why(status, &err);
	if (status < 0)
		return 0;
	(void)axev__container_hash(wacz, NULL, NULL);
	must_say_why(axev__wacz_check_package(wacz, &err), &err);
	axev_error_clear(&err);
	must_say_why(axev__wacz_check_records(wacz, NULL, &counts, &err), &err);
	axev_error_clear(&err);
	must_say_why(axev__wacz_check_index(wacz, &err), &err);
	return 0;
}
