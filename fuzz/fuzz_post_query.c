/* SPDX-License-Identifier: Apache-2.0 */
/* First line: media type; the rest: a body. Also the key of the URL that it becomes, and that of the first line. */
#include <stdlib.h>

#include "base/text.h"
#include "content/post_query.h"
#include "content/surt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
	size_t length = end ? (size_t)(end - data) : size;
	struct axev__span first = axev__span(data, length);
	struct axev__span body = end ? axev__span(end + 1, size - length - 1) : axev__span(data, 0);
	AXEV__BUF query = AXEV__BUF_INIT(4 * AXEV__MAX_POST_QUERY_UNITS);
	AXEV__BUF url = AXEV__BUF_INIT(1 << 20);
	AXEV__BUF key = AXEV__BUF_INIT(1 << 23);

	/* A body of this size always gives text, and text that JSON can hold. */
	if (axev__post_query(first, body, &query, NULL) < 0 || !axev__is_utf8(axev__buf_view(&query)))
		abort();
	if (axev__post_url(axev__span_str("https://www.example.com/a?b"), axev__span_str("POST"),
			   axev__buf_view(&query), &url, NULL) < 0 ||
	    axev__surt(axev__buf_view(&url), &key, NULL) < 0)
		abort();
	axev__buf_clear(&key);
	if (axev__surt(first, &key, NULL) < 0)
		abort();
	return 0;
}
