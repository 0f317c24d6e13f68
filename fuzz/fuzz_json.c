/* SPDX-License-Identifier: Apache-2.0 */
/* JSON in three readings; what was accepted must survive writing and reading again. */
#include <stdlib.h>

#include "base/json.h"
#include "base/json_string.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int append(void *out, struct axev__span piece, axev_error *err)
{
	return axev__buf_span(out, piece, err);
}

/* A string that jansson takes has the same content when it is read piece by piece. */
static void read_string(struct axev__span text, const axev__json *value)
{
	AXEV__BUF content = AXEV__BUF_INIT(4 * text.size + 64);
	struct axev__source source = axev__source_memory(text);
	struct axev__span expected;
	uint64_t end = 0;
	int status = axev__json_string_read(&source, 1, append, &content, &end, NULL);

	if (!axev__json_as_string(value, &expected) || text.data[0] != '"' || text.data[text.size - 1] != '"')
		return;
	if (status != AXEV_OK || end != text.size || !axev__span_equal(axev__buf_view(&content), expected))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AXEV__BUF first = AXEV__BUF_INIT(8 * size + 64), second = AXEV__BUF_INIT(8 * size + 64);
	AXEV__JSON *value = NULL, *foreign = NULL, *again = NULL, *canonical = NULL;
	struct axev__span text = axev__span(data, size);

	if (axev__json_parse_foreign(text, &foreign, NULL) < 0) {
		read_string(text, NULL);
		return 0;
	}
	read_string(text, foreign);
	if (axev__json_parse(text, &value, NULL) < 0)
		return 0;
	if (axev__json_canonical(value, &first, NULL) < 0)
		abort();
	if (axev__json_parse_canonical(axev__buf_view(&first), &again, NULL) < 0)
		abort();
	if (axev__json_canonical(again, &second, NULL) < 0 ||
	    !axev__span_equal(axev__buf_view(&first), axev__buf_view(&second)))
		abort();
	/* The canonical reading accepts exactly the bytes that are their own canonical form. */
	if ((axev__json_parse_canonical(text, &canonical, NULL) == AXEV_OK) !=
	    axev__span_equal(text, axev__buf_view(&first)))
		abort();
	return 0;
}
