/* SPDX-License-Identifier: Apache-2.0 */
/* Members of JSON objects as cells: the file is read twice, because only its end tells which columns there are. */
#include <inttypes.h>

#include "package/data_internal.h"

static int learn_columns(struct axev__data_reader *reader, axev_error *err)
{
	bool more;
	size_t i;

	do {
		TRY(axev__json_rows_next(&reader->json, &more, err));
	} while (more);
	if (reader->json.count == 0)
		return axev__fail(err, AXEV_E_FORMAT, "expected at least one object with a member");
	for (i = 0; i < reader->json.count; i++)
		TRY(axev__data_add_field(reader, axev__json_rows_name(&reader->json, i), "json", err));
	return AXEV_OK;
}

int axev__data_json_open(struct axev__data_reader *reader, axev_error *err)
{
	struct axev__source source = reader->text.source;

	TRY(axev__json_rows_init(&reader->json, &reader->text, reader->form.format == AXEV__DATA_JSONL, err));
	TRY(learn_columns(reader, err));
	axev__text_close(&reader->text);
	TRY(axev__text_open(&source, reader->form.encoding, AXEV__MAX_RECORD_BYTES, &reader->text, err));
	axev__json_rows_again(&reader->json, &reader->text);
	reader->json.is_learning = false;
	return AXEV_OK;
}

/* As it is written: what a decimal cannot hold, an exponent or the sign of zero, stays text that is marked as a number. */
static int put_number(struct axev__span text, struct axev__buf *cells, axev_error *err)
{
	if (axev__cell_decimal(text, cells, NULL) == AXEV_OK)
		return AXEV_OK;
	return axev__cell_other(axev__span_str(AXEV__DATA_NUMBER), text, cells, err);
}

static int put_value(struct axev__data_reader *reader, size_t column, struct axev__buf *cells, axev_error *err)
{
	enum axev__json_kind kind;
	struct axev__span value;

	if (!axev__json_rows_value(&reader->json, column, &kind, &value))
		return axev__cell_other(axev__span_str(AXEV__DATA_ABSENT), axev__span(NULL, 0), cells, err);
	switch (kind) {
	case AXEV__JSON_IS_STRING:
		return axev__data_text(reader, value, cells, err);
	case AXEV__JSON_IS_NUMBER:
		return put_number(value, cells, err);
	case AXEV__JSON_IS_NULL:
		return axev__cell_null(cells, err);
	case AXEV__JSON_IS_NESTED:
		return axev__cell_other(axev__span_str(AXEV__DATA_NESTED), value, cells, err);
	default:
		return axev__cell_boolean(kind == AXEV__JSON_IS_TRUE, cells, err);
	}
}

int axev__data_json_next(struct axev__data_reader *reader, struct axev__buf *cells, bool *ret_more, axev_error *err)
{
	struct axev__json_rows *rows = &reader->json;
	size_t i;

	TRY(axev__json_rows_next(rows, ret_more, err));
	for (i = 0; *ret_more && i < rows->count; i++)
		TRY(axev__prefix(put_value(reader, i, cells, err), err, "row %" PRIu64 ", member %zu", rows->row, i + 1));
	return AXEV_OK;
}
