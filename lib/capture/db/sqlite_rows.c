/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of SQLite, value by value with the storage class that each has. */
#include <stdlib.h>

#include "base/text.h"
#include "base/utf16.h"
#include "capture/db/declared.h"
#include "capture/db/sqlite_long.h"

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
	return axev__db_set_content(set, AXEV__CELL_TEXT, text, err);
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

/* ---- rows ---- */

static int describe_fields(const struct axev__sqlite_statement *statement, axev__json *fields, axev_error *err)
{
	const struct axev__sqlite *api = &statement->reader->api;
	int columns = api->column_count(statement->stmt), i;

	for (i = 0; i < columns; i++)
		TRY(axev__db_field(fields, api->column_name(statement->stmt, i),
				   api->column_decltype(statement->stmt, i), err));
	return AXEV_OK;
}

static int declare(const struct axev__sqlite_statement *statement, struct axev__declared **ret_declared, axev_error *err)
{
	const struct axev__sqlite *api = &statement->reader->api;
	int columns = api->column_count(statement->stmt), i;

	*ret_declared = calloc((size_t)columns, sizeof(**ret_declared));
	if (!*ret_declared)
		return axev__nomem(err);
	for (i = 0; i < columns; i++)
		(*ret_declared)[i] = axev__declared_type(api->column_decltype(statement->stmt, i));
	return AXEV_OK;
}

typedef int (*stepper)(const struct axev__sqlite_statement *statement, axev_error *err);

/* 0: all of them, or what the stepper says that is no row. */
static int take_rows(const struct axev__sqlite_statement *statement, stepper step, struct axev__db_set *set, axev_error *err)
{
	int columns = statement->reader->api.column_count(statement->stmt), i, more;
	AXEV__FREE struct axev__declared *declared = NULL;

	TRY(declare(statement, &declared, err));
	while ((more = step(statement, err)) == 1) {
		for (i = 0; i < columns; i++)
			TRY(take_value(statement, i, &declared[i], set, err));
		TRY(axev__db_set_row(set, err));
	}
	return more;
}

/* A value of a row that could not be loaded whole. */
static int take_one(const struct axev__sqlite_long *found, int column, const struct axev__declared *declared,
		    struct axev__db_set *set, axev_error *err)
{
	AXEV__SQLITE_STATEMENT one = { 0 };
	bool is_loaded;

	TRY(axev__sqlite_long_one(found, (size_t)column, &one, &is_loaded, err));
	return is_loaded ? take_value(&one, 0, declared, set, err) : axev__sqlite_long_take(found, (size_t)column, set, err);
}

static int take_rows_with_long(const struct axev__sqlite_statement *statement, struct axev__sqlite_long *found,
			       struct axev__db_set *set, axev_error *err)
{
	int columns = statement->reader->api.column_count(statement->stmt), i, more;
	AXEV__FREE struct axev__declared *declared = NULL;

	TRY(declare(statement, &declared, err));
	while ((more = axev__sqlite_long_next(found, err)) > 0) {
		for (i = 0; i < columns; i++)
			TRY(found->is_long ? take_one(found, i, &declared[i], set, err) :
					     take_value(&found->rows, i + 1, &declared[i], set, err));
		TRY(axev__db_set_row(set, err));
	}
	return more;
}

/* ---- into the package ---- */

static int begin(const struct axev__sqlite_statement *statement, const struct axev__db_rows *rows, struct axev__db_set *ret_set,
		 axev_error *err)
{
	AXEV__JSON *fields = axev__json_new_array();
	struct axev__db_rows described = *rows;

	TRY(describe_fields(statement, fields, err));
	described.fields = fields;
	return axev__db_set_begin(statement->reader->capture, &described, ret_set, err);
}

int axev__sqlite_rows(const struct axev__sqlite_statement *statement, const struct axev__db_rows *rows, axev_error *err)
{
	AXEV__DB_SET set = { .fd = -1, .sort_fd = -1 };

	TRY(begin(statement, rows, &set, err));
	TRY(axev__prefix(take_rows(statement, axev__sqlite_step, &set, err), err, "%.200s", rows->name));
	return axev__db_set_finish(&set, err);
}

int axev__sqlite_rows_if_short(const struct axev__sqlite_statement *statement, const struct axev__db_rows *rows, bool *ret_are_short,
			       axev_error *err)
{
	const struct axev__sqlite_reader *reader = statement->reader;
	AXEV__DB_SET set = { .fd = -1, .sort_fd = -1 };
	int status;

	TRY(begin(statement, rows, &set, err));
	axev__sqlite_limit(reader, axev__sqlite_long_limit(reader));
	status = axev__prefix(take_rows(statement, axev__sqlite_step_within, &set, err), err, "%.200s", rows->name);
	axev__sqlite_limit(reader, AXEV__MAX_SQLITE_VALUE);
	TRY(status);
	*ret_are_short = status != AXEV__SQLITE_TOO_LONG;
	return *ret_are_short ? axev__db_set_finish(&set, err) : AXEV_OK;
}

int axev__sqlite_rows_with_long(const struct axev__sqlite_statement *statement, const struct axev__db_rows *rows,
				struct axev__sqlite_long *found, axev_error *err)
{
	const struct axev__sqlite_reader *reader = statement->reader;
	AXEV__DB_SET set = { .fd = -1, .sort_fd = -1 };
	int status;

	TRY(begin(statement, rows, &set, err));
	axev__sqlite_limit(reader, axev__sqlite_long_limit(reader));
	status = axev__prefix(take_rows_with_long(statement, found, &set, err), err, "%.200s", rows->name);
	axev__sqlite_limit(reader, AXEV__MAX_SQLITE_VALUE);
	TRY(status);
	return axev__db_set_finish(&set, err);
}
