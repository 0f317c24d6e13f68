/* SPDX-License-Identifier: Apache-2.0 */
/* First byte: array or lines; then a file. What jansson refuses is refused; nested values are read by it as the same. */
#include <stdlib.h>

#include "base/json.h"
#include "content/json_rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct axev__json_rows rows;

static int read_rows(struct axev__span bytes, bool is_lines)
{
	AXEV__TEXT_READER text = { 0 };
	struct axev__source source = axev__source_memory(bytes);
	enum axev__json_kind kind;
	struct axev__span value;
	bool more;
	size_t i;

	TRY(axev__text_open(&source, AXEV__TEXT_UTF8, AXEV__MAX_RECORD_BYTES, &text, NULL));
	TRY(axev__json_rows_init(&rows, &text, is_lines, NULL));
	for (;;) {
		TRY(axev__json_rows_next(&rows, &more, NULL));
		if (!more)
			return AXEV_OK;
		for (i = 0; i < rows.count; i++) {
			AXEV__JSON *json = NULL;

			if (!axev__json_rows_value(&rows, i, &kind, &value) || kind != AXEV__JSON_IS_NESTED)
				continue;
			/* jansson cannot hold NUL in a name, nor numbers that a double cannot. */
			if (axev__json_parse_foreign(value, &json, NULL) < 0 && !memchr(value.data, '0', value.size) &&
			    !memchr(value.data, 'e', value.size) && !memchr(value.data, 'E', value.size) && value.size < 300)
				abort();
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AXEV__JSON *json = NULL;

	if (size == 0)
		return 0;
	if (read_rows(axev__span(data + 1, size - 1), data[0] & 1) == AXEV_OK && !(data[0] & 1) && size > 1 && size < 300 &&
	    data[1] != 0xEF && !memchr(data + 1, '0', size - 1) && !memchr(data + 1, 'e', size - 1) &&
	    !memchr(data + 1, 'E', size - 1) &&
	    axev__json_parse_foreign(axev__span(data + 1, size - 1), &json, NULL) < 0)
		abort();
	axev__json_rows_free(&rows);
	return 0;
}
