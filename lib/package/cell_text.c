/* SPDX-License-Identifier: Apache-2.0 */
#include "package/cell_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "package/real_text.h"

/* Fewest digits that give the same number again; a comma of the host's locale becomes a point. */
static int put_real(const struct axev__cell *cell, struct axev__buf *out, axev_error *err)
{
	double value = axev__cell_as_real(cell);
	int digits = cell->content.size == 4 ? 6 : 15, most = cell->content.size == 4 ? 9 : 17;
	char text[64];
	size_t i, size = cell->content.size == 8 ? axev__real_text(value, text) : 0;

	if (size > 0)
		return axev__buf_append(out, text, size, err);
	if (isnan(value) || isinf(value))
		return axev__buf_str(out, isnan(value) ? "NaN" : value < 0 ? "-Infinity" : "Infinity", err);
	for (; digits <= most; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, value);
		if (cell->content.size == 4 ? strtof(text, NULL) == (float)value : strtod(text, NULL) == value)
			break;
	}
	for (i = 0; text[i]; i++)
		if (!strchr("0123456789+-e", text[i]))
			text[i] = '.';
	return axev__buf_str(out, text, err);
}

static int put_hex(const char *prefix, struct axev__span bytes, struct axev__buf *out, axev_error *err)
{
	char pair[3];
	size_t i;

	TRY(axev__buf_str(out, prefix, err));
	for (i = 0; i < bytes.size; i++) {
		axev__hex(pair, bytes.data + i, 1);
		TRY(axev__buf_append(out, pair, 2, err));
	}
	return AXEV_OK;
}

static int put_large(struct axev__span content, struct axev__buf *out, axev_error *err)
{
	char hex[65];

	axev__hex(hex, content.data + 9, 32);
	return axev__buf_printf(out, err, "[%" PRIu64 " bytes, SHA-256 %s]", axev__get_u64be(content.data + 1), hex);
}

int axev__cell_as_text(const struct axev__cell *cell, struct axev__buf *out, axev_error *err)
{
	struct axev__span content = cell->content;

	switch (cell->tag) {
	case AXEV__CELL_NULL:
		return AXEV_OK;
	case AXEV__CELL_INTEGER:
		return axev__buf_i64(out, axev__cell_as_integer(cell), err);
	case AXEV__CELL_INSTANT:
		TRY(axev__buf_i64(out, axev__cell_as_integer(cell), err));
		return axev__buf_str(out, " us since 1970 UTC", err);
	case AXEV__CELL_BOOLEAN:
		return axev__buf_str(out, content.data[0] ? "true" : "false", err);
	case AXEV__CELL_REAL:
		return put_real(cell, out, err);
	case AXEV__CELL_BYTES:
		return put_hex("\\x", content, out, err);
	case AXEV__CELL_RAW_TEXT:
		return put_hex("[not valid text] \\x", content, out, err);
	case AXEV__CELL_LARGE:
		return put_large(content, out, err);
	case AXEV__CELL_OTHER:
		content = axev__span(content.data + 1 + content.data[0], content.size - 1 - content.data[0]);
		return axev__is_utf8(content) ? axev__buf_span(out, content, err) :
						put_hex("[not valid text] \\x", content, out, err);
	default:
		return axev__buf_span(out, content, err);
	}
}
