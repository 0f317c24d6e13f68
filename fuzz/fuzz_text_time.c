/* SPDX-License-Identifier: Apache-2.0 */
/* Text, names and times of lib/base: nothing that is shown can harm, what is parsed has one spelling. */
#include <stdlib.h>

#include "base/path.h"
#include "base/text.h"
#include "base/time.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
	if (!condition)
		abort();
}

static void show_text(struct axev__span text)
{
	AXEV__BUF escaped = AXEV__BUF_INIT(12 * text.size + 1);
	struct axev__shown shown;
	size_t i;

	require(axev__escape(&escaped, text, NULL) == AXEV_OK);
	require(axev__is_utf8(axev__buf_view(&escaped)));
	for (i = 0; i < escaped.size; i++)
		require(escaped.data[i] >= 0x20 && escaped.data[i] != 0x7F);
	require(strlen(axev__show(&shown, text)) <= AXEV__MAX_SHOWN + 3);
}

static void parse_times(struct axev__span text)
{
	char again[AXEV__RFC3339_SIZE];
	int64_t ns;

	if (axev__parse_rfc3339(text, &ns)) {
		axev__rfc3339(again, ns);
		require(axev__span_is(text, again));
	}
	if (axev__parse_generalized_time(text, &ns) && text.size == AXEV__GENERALIZED_SIZE - 1) {
		axev__generalized_time(again, ns);
		require(axev__span_is(text, again));
	}
	(void)axev__parse_time_argument(text, &ns);
}

static void decode(struct axev__span text)
{
	AXEV__BUF binary = AXEV__BUF_INIT(text.size + 4), again = AXEV__BUF_INIT(2 * text.size + 8);
	uint8_t bytes[32];
	char hex[65];
	uint64_t number;

	if (axev__unbase64(&binary, text)) {
		require(axev__base64(&again, axev__buf_view(&binary), NULL) == AXEV_OK);
		require(axev__span_equal(axev__buf_view(&again), text));
	}
	if (axev__unhex(bytes, sizeof(bytes), text)) {
		axev__hex(hex, bytes, sizeof(bytes));
		require(axev__span_is(text, hex));
	}
	if (axev__parse_u64(text, UINT64_MAX, &number))
		require(text.size <= 20);
	if (axev__is_entry_name(text))
		require(axev__base_name(text).size > 0 && axev__is_utf8(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct axev__span text = axev__span(data, size);

	show_text(text);
	parse_times(text);
	decode(text);
	return 0;
}
