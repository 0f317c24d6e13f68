/* SPDX-License-Identifier: Apache-2.0 */
/* The strict reader on any bytes: no crash, and every refusal says why. */
#include <stdlib.h>

#include "package/container_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct axev__source source = axev__source_memory(axev__span(data, size));
	AXEV__CONTAINER_READER *container = NULL, *part = NULL;
	axev_error err = AXEV_ERROR_INIT;
	unsigned signatures;
	int status = axev__container_open(&source, &container, &err);

	if (status == AXEV_OK)
		status = axev__container_hash(container, NULL, &err);
	if (status == AXEV_OK)
		status = axev__container_check_lists(container, &signatures, &err);
	if (status < 0 && !err.message[0])
		abort();
	(void)axev__part_open(&source, &part, NULL);
	return 0;
}
