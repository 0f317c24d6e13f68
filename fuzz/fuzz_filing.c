/* SPDX-License-Identifier: Apache-2.0 */
/* Filing records: what is taken has texts within their limits. */
#include <stdlib.h>

#include "capture/web/subject.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AXEV__JSON *filing = NULL;
	void *iterator = NULL;
	const char *key;
	axev__json *value;
	struct axev__span text;

	if (axev__filing_parse(axev__span(data, size), &filing, NULL) < 0)
		return 0;
	while (axev__json_next(filing, &iterator, &key, &value))
		if (!axev__json_as_string(value, &text) || text.size == 0 || text.size > AXEV__MAX_FILING_TEXT)
			abort();
	return 0;
}
