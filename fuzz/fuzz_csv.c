/* SPDX-License-Identifier: Apache-2.0 */
/* First byte: encoding and quotes; then a file. What is read, written again with all fields in quotes, is read as the same. */
#include <stdlib.h>

#include "content/csv_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct axev__csv_reader csv;

/* Every row as RFC 4180 has it, every field in quotes. */
static int rewrite(struct axev__span bytes, enum axev__text_encoding encoding, const struct axev__csv_dialect *dialect,
		   struct axev__buf *out)
{
	AXEV__TEXT_READER text = { 0 };
	struct axev__source source = axev__source_memory(bytes);
	struct axev__span field;
	bool more;
	size_t i, j;

	TRY(axev__text_open(&source, encoding, AXEV__MAX_RECORD_BYTES, &text, NULL));
	axev__csv_init(&csv, &text, dialect);
	for (;;) {
		TRY(axev__csv_next(&csv, &more, NULL));
		if (!more)
			return AXEV_OK;
		for (i = 0; i < csv.count; i++) {
			field = axev__csv_text(&csv, i);
			TRY(axev__buf_str(out, i ? ",\"" : "\"", NULL));
			for (j = 0; j < field.size; j++)
				TRY(field.data[j] == '"' ? axev__buf_str(out, "\"\"", NULL) :
							   axev__buf_byte(out, field.data[j], NULL));
			TRY(axev__buf_byte(out, '"', NULL));
		}
		TRY(axev__buf_str(out, "\r\n", NULL));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct axev__csv_dialect usual = { ',', '"' };
	struct axev__csv_dialect dialect = { ',', '"' };
	AXEV__BUF first = AXEV__BUF_INIT(1 << 24), second = AXEV__BUF_INIT(1 << 24);

	if (size == 0)
		return 0;
	if (data[0] & 2)
		dialect.quote = AXEV__CSV_NO_QUOTE;
	if (data[0] & 4)
		dialect.delimiter = ';';
	if (rewrite(axev__span(data + 1, size - 1), data[0] & 1 ? AXEV__TEXT_GB18030 : AXEV__TEXT_UTF8, &dialect,
		    &first) < 0)
		return 0;
	if (rewrite(axev__buf_view(&first), AXEV__TEXT_UTF8, &usual, &second) < 0 ||
	    !axev__span_equal(axev__buf_view(&first), axev__buf_view(&second)))
		abort();
	return 0;
}
