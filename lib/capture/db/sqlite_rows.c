/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of SQLite, value by value with the storage class that each has. */
#include <stdlib.h>

#include "base/text.h"
#include "base/utf16.h"
#include "capture/db/declared.h"
#include "capture/db/sqlite.h"

/* ---- values ---- */

/* Without memory SQLite hands over nothing, but for the size: not to be taken for an empty value. */
static int column_bytes(const struct axev__sqlite_statement *statement, int column, struct axev__span *ret_bytes,
			axev_error *err)
{
	const struct axev__sqlite *api = &statement->reader->api;
	const void *data = api->column_blob(statement->stmt, column);
	int size = api->column_bytes(statement->stmt, column);

	if (!data && size > 0)
		return axev__nomem(err);
	*ret_bytes = axev__span(data ? data : "", (size_t)size);
	return AXEV_OK;
}

static int take_utf8(struct axev__db_set *set, struct axev__span text, const struct axev__declared *declared,
		     axev_error *err)
{
	bool is_taken;

	TRY(axev__declared_text(declared, text, &set->cells, &is_taken, err));
	if (is_taken)
		return AXEV_OK;
	return axev__db_set_content(set, axev__is_utf8(text) ? AXEV__CELL_TEXT : AXEV__CELL_RAW_TEXT, text, err);
}

static int take_text(const struct axev__sqlite_reader *reader, struct axev__db_set *set, struct axev__span text,
		     const struct axev__declared *declared, axev_error *err)
{
	AXEV__BUF utf8 = AXEV__BUF_INIT(2 * AXEV__GIB);
	bool is_good;

	if (reader->encoding == AXEV__SQLITE_UTF8)
		return take_utf8(set, text, declared, err);
	TRY(axev__utf16_to_utf8(text, reader->encoding == AXEV__SQLITE_UTF16BE, &utf8, &is_good, err));
	if (!is_good)
		return axev__db_set_content(set, AXEV__CELL_RAW_TEXT, text, err);
	return take_utf8(set, utf8.size ? axev__buf_view(&utf8) : axev__span("", 0), declared, err);
}

static int take_integer(struct axev__db_set *set, int64_t value, const struct axev__declared *declared, axev_error *err)
{
	bool is_taken;

	TRY(axev__declared_integer(declared, value, &set->cells, &is_taken, err));
	return is_taken ? AXEV_OK : axev__cell_integer(value, &set->cells, err);
}

static int take_real(struct axev__db_set *set, double value, const struct axev__declared *declared, axev_error *err)
{
	bool is_taken;

	TRY(axev__declared_real(declared, value, &set->cells, &is_taken, err));
	return is_taken ? AXEV_OK : axev__cell_real64(value, &set->cells, err);
}

static int take_value(const struct axev__sqlite_statement *statement, int column, const struct axev__declared *declared,
		      struct axev__db_set *set, axev_error *err)
{
	const struct axev__sqlite *api = &statement->reader->api;
	struct axev__span bytes;

	switch (api->column_type(statement->stmt, column)) {
	case SQLITE_INTEGER:
		return take_integer(set, api->column_int64(statement->stmt, column), declared, err);
	case SQLITE_FLOAT:
		return take_real(set, api->column_double(statement->stmt, column), declared, err);
	case SQLITE_TEXT:
		TRY(column_bytes(statement, column, &bytes, err));
		return take_text(statement->reader, set, bytes, declared, err);
	case SQLITE_BLOB:
		TRY(column_bytes(statement, column, &bytes, err));
		return axev__db_set_content(set, AXEV__CELL_BYTES, bytes, err);
	default:
		return axev__cell_null(&set->cells, err);
	}
}

static int take_rows(const struct axev__sqlite_statement *statement, struct axev__db_set *set, axev_error *err)
{
	const struct axev__sqlite *api = &statement->reader->api;
	int columns = api->column_count(statement->stmt), i, more;
	AXEV__FREE struct axev__declared *declared = calloc((size_t)columns, sizeof(*declared));

	if (!declared)
		return axev__nomem(err);
	for (i = 0; i < columns; i++)
		declared[i] = axev__declared_type(api->column_decltype(statement->stmt, i));
	while ((more = axev__sqlite_step(statement, err)) > 0) {
		for (i = 0; i < columns; i++)
			TRY(take_value(statement, i, &declared[i], set, err));
		TRY(axev__db_set_row(set, err));
	}
	return more;
}

/* The rows of @shown, in which long values stand as NULL behind the rowid: their types are those that @statement declares. */
static int take_rows_with_long(const struct axev__sqlite_statement *statement, const struct axev__sqlite_long *found,
			       struct axev__db_set *set, axev_error *err)
{
	const struct axev__sqlite *api = &statement->reader->api;
	int columns = api->column_count(statement->stmt), i, more;
	AXEV__SQLITE_STATEMENT shown = { 0 };

	TRY(axev__sqlite_prepare(statement->reader, (const char *)found->select.data, &shown, NULL, err));
	while ((more = axev__sqlite_step(&shown, err)) > 0) {
		bool has_long = api->column_type(shown.stmt, 0) == SQLITE_INTEGER, is_taken;

		for (i = 0; i < columns; i++) {
			struct axev__declared declared = axev__declared_type(api->column_decltype(statement->stmt, i));

			is_taken = false;
			if (has_long && api->column_type(shown.stmt, i + 1) == SQLITE_NULL)
				TRY(axev__sqlite_long_take(found, api->column_int64(shown.stmt, 0), (size_t)i, set, &is_taken, err));
			if (!is_taken)
				TRY(take_value(&shown, i + 1, &declared, set, err));
		}
		TRY(axev__db_set_row(set, err));
	}
	return more;
}

/* ---- */

static int describe_fields(const struct axev__sqlite_statement *statement, axev__json *fields, axev_error *err)
{
	const struct axev__sqlite *api = &statement->reader->api;
	int columns = api->column_count(statement->stmt), i;

	for (i = 0; i < columns; i++)
		TRY(axev__db_field(fields, api->column_name(statement->stmt, i),
				   api->column_decltype(statement->stmt, i), err));
	return AXEV_OK;
}

int axev__sqlite_rows(const struct axev__sqlite_statement *statement, struct axev__db_rows *rows,
		      const struct axev__sqlite_long *found, axev_error *err)
{
	AXEV__JSON *fields = axev__json_new_array();
	AXEV__DB_SET set = { .fd = -1, .sort_fd = -1 };

	TRY(describe_fields(statement, fields, err));
	rows->fields = fields;
	TRY(axev__db_set_begin(statement->reader->capture, rows, &set, err));
	TRY(axev__prefix(found && found->select.size > 0 ? take_rows_with_long(statement, found, &set, err) :
							   take_rows(statement, &set, err),
			 err, "%.200s", rows->name));
	return axev__db_set_finish(&set, err);
}
