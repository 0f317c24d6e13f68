/* SPDX-License-Identifier: Apache-2.0 */
/* A field of CSV is text; one that is empty and has no quotes is NULL, because nothing stands there. */
#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "package/data_internal.h"

static int check_name(const struct axev__csv_reader *csv, size_t field, axev_error *err)
{
	struct axev__span name = axev__csv_text(csv, field);
	struct axev__shown shown;
	size_t i;

	if (name.size == 0)
		return axev__fail(err, AXEV_E_FORMAT, "line 1, field %zu: expected a name; is the first line one of names?",
				  field + 1);
	for (i = 0; i < field; i++)
		if (axev__span_equal(axev__csv_text(csv, i), name))
			return axev__fail(err, AXEV_E_FORMAT, "line 1: fields %zu and %zu have one name, '%s'", i + 1,
					  field + 1, axev__show(&shown, name));
	return AXEV_OK;
}

static int add_names(struct axev__data_reader *reader, axev_error *err)
{
	size_t i;

	for (i = 0; i < reader->csv.count; i++) {
		TRY(check_name(&reader->csv, i, err));
		TRY(axev__data_add_field(reader, axev__csv_text(&reader->csv, i), "text", err));
	}
	return AXEV_OK;
}

static int add_numbers(struct axev__data_reader *reader, axev_error *err)
{
	char name[32];
	size_t i;

	for (i = 0; i < reader->csv.count; i++) {
		snprintf(name, sizeof(name), "column %zu", i + 1);
		TRY(axev__data_add_field(reader, axev__span_str(name), "text", err));
	}
	return AXEV_OK;
}

int axev__data_csv_open(struct axev__data_reader *reader, axev_error *err)
{
	bool more;

	axev__csv_init(&reader->csv, &reader->text, &reader->form.dialect);
	TRY(axev__csv_next(&reader->csv, &more, err));
	if (!more)
		return axev__fail(err, AXEV_E_FORMAT, "expected at least one line, found an empty file");
	if (reader->form.has_names)
		return add_names(reader, err);
	reader->has_row = true;
	return add_numbers(reader, err);
}

static int put_field(struct axev__data_reader *reader, size_t field, struct axev__buf *cells, axev_error *err)
{
	struct axev__span text = axev__csv_text(&reader->csv, field);

	if (text.size == 0 && !reader->csv.fields[field].is_quoted)
		return axev__cell_null(cells, err);
	return axev__data_text(reader, text, cells, err);
}

int axev__data_csv_next(struct axev__data_reader *reader, struct axev__buf *cells, bool *ret_more, axev_error *err)
{
	size_t columns = axev__json_count(reader->fields), i;
	bool more = true;

	if (!reader->has_row)
		TRY(axev__csv_next(&reader->csv, &more, err));
	reader->has_row = false;
	*ret_more = more;
	if (!more)
		return AXEV_OK;
	if (reader->csv.count != columns)
		return axev__fail(err, AXEV_E_FORMAT, "line %" PRIu64 ": expected %zu fields, found %zu", reader->csv.line,
				  columns, reader->csv.count);
	for (i = 0; i < columns; i++)
		TRY(put_field(reader, i, cells, err));
	return AXEV_OK;
}
