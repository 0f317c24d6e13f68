/* SPDX-License-Identifier: Apache-2.0 */
/* Heads of requests: behind the first line a secret stands nowhere any more, and only what was one is changed. */
#include <stdlib.h>

#include "base/limits.h"
#include "content/head_mask.h"

static const char secret[] = "S3CRET-value-01";

static bool stands_behind_first_line(const uint8_t *head, size_t size)
{
	const uint8_t *line = memchr(head, '\n', size), *end = head + size, *stop, *colon;

	while (line && ++line < end) {
		stop = memchr(line, '\n', (size_t)(end - line));
		colon = memchr(line, ':', (size_t)((stop ? stop : end) - line));
		if (colon && memmem(colon, (size_t)((stop ? stop : end) - colon), secret, strlen(secret)))
			return true;
		line = stop;
	}
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct axev__sought sought = { 0 };
	uint8_t *head = malloc(size + 1);
	uint64_t count = 0;
	size_t i, changed = 0;

	if (!head || axev__sought_add(&sought, secret, NULL) < 0 || axev__sought_add(&sought, "zh", NULL) < 0 ||
	    axev__sought_add(&sought, "a%20b%zz%", NULL) < 0)
		abort();
	if (size)
		memcpy(head, data, size);
	if (axev__head_mask(&sought, head, size, &count, NULL) < 0)
		abort();
	for (i = 0; i < size; i++) {
		if (head[i] != data[i] && head[i] != '*')
			abort();
		changed += head[i] != data[i];
	}
	if ((changed > 0) != (count > 0) || (size && stands_behind_first_line(head, size)))
		abort();
	(void)axev__sought_in(&sought, axev__span(data, size));
	axev__sought_free(&sought);
	free(head);
	return 0;
}
