/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows through ODBC as cells. Drivers cut values in silence, so everything but floating point is taken as text or bytes, piece
 * by piece until the driver says that there is no more (odbc_value.c), and every length that it tells is held against what came.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "base/utf16.h"
#include "capture/db/db_cut.h"
#include "capture/db/odbc.h"

#define IS_BIG_ENDIAN (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)

static int fail(const struct axev__odbc_statement *statement, const char *doing, axev_error *err)
{
	return axev__odbc_fail(statement->reader, SQL_HANDLE_STMT, statement->handle, doing, err);
}

/* ---- cells ---- */

struct column {
	SQLSMALLINT type;
	char type_name[128];
	int64_t *units;
};

static struct axev__span view(const struct axev__odbc_text *text)
{
	return text->bytes.size ? axev__buf_view(&text->bytes) : axev__span("", 0);
}

static int other(const struct column *column, const struct axev__odbc_text *text, struct axev__db_set *set, axev_error *err)
{
	return axev__cell_other(axev__span_str(column->type_name[0] ? column->type_name : "unknown"), view(text), &set->cells,
				err);
}

/* A column of integers can hold something else in databases with loose types: then it is kept as what it is. */
static int take_integer(const struct column *column, const struct axev__odbc_text *text, struct axev__db_set *set,
			axev_error *err)
{
	struct axev__span span = view(text);
	char digits[24], again[24], *end;
	int64_t value;

	if (span.size == 0 || span.size >= sizeof(digits))
		return other(column, text, set, err);
	memcpy(digits, span.data, span.size);
	digits[span.size] = '\0';
	value = strtoll(digits, &end, 10);
	snprintf(again, sizeof(again), "%" PRId64, value);
	return strcmp(again, digits) == 0 ? axev__cell_integer(value, &set->cells, err) : other(column, text, set, err);
}

/* ".5" of some databases is 0.5; "-0" is 0. */
static int take_decimal(const struct column *column, const struct axev__odbc_text *text, struct axev__db_set *set,
			axev_error *err)
{
	AXEV__BUF number = AXEV__BUF_INIT(64 * AXEV__KIB);
	struct axev__span span = view(text);
	bool is_negative = span.size > 0 && span.data[0] == '-';

	if (is_negative)
		span = axev__span(span.data + 1, span.size - 1);
	while (span.size > 1 && span.data[0] == '0' && span.data[1] != '.')
		span = axev__span(span.data + 1, span.size - 1);
	if (is_negative && strspn((const char *)span.data, "0.") < span.size)
		TRY(axev__buf_byte(&number, '-', err));
	if (span.size > 0 && span.data[0] == '.')
		TRY(axev__buf_byte(&number, '0', err));
	TRY(axev__buf_span(&number, span, err));
	if (number.size > 0 && axev__cell_decimal(axev__buf_view(&number), &set->cells, NULL) >= 0)
		return AXEV_OK;
	return other(column, text, set, err);
}

static bool digits(const char **at, unsigned least, unsigned most, uint32_t *ret_value)
{
	unsigned count;

	*ret_value = 0;
	for (count = 0; count < most && **at >= '0' && **at <= '9'; count++)
		*ret_value = *ret_value * 10 + (uint32_t)(*(*at)++ - '0');
	return count >= least;
}

static bool parse_date(const char **at, struct axev__moment *moment)
{
	moment->has_date = true;
	return digits(at, 4, 6, &moment->year) && *(*at)++ == '-' && digits(at, 2, 2, &moment->month) && *(*at)++ == '-' &&
	       digits(at, 2, 2, &moment->day);
}

static bool parse_time(const char **at, struct axev__moment *moment)
{
	uint32_t scale = 100000;

	moment->has_time = true;
	if (!digits(at, 2, 2, &moment->hour) || *(*at)++ != ':' || !digits(at, 2, 2, &moment->minute) || *(*at)++ != ':' ||
	    !digits(at, 2, 2, &moment->second))
		return false;
	if (**at != '.')
		return true;
	for (++*at; **at >= '0' && **at <= '9'; ++*at, scale /= 10) {
		if (scale == 0 && **at != '0')
			return false; /* finer than a microsecond */
		moment->microsecond += scale * (uint32_t)(**at - '0');
	}
	return true;
}

/* "2009-01-01 00:00:00.5" as drivers print it; anything else, as an offset behind it, stays the server's text. */
static int take_moment(const struct column *column, struct axev__odbc_text *text, struct axev__db_set *set, axev_error *err)
{
	struct axev__moment moment = { .has_date = false };
	const char *at;
	bool is_good = true;
	size_t size = text->bytes.size;

	TRY(axev__buf_byte(&text->bytes, '\0', err));
	at = (const char *)text->bytes.data;
	if (column->type != SQL_TYPE_TIME)
		is_good = parse_date(&at, &moment);
	if (is_good && column->type == SQL_TYPE_TIMESTAMP)
		is_good = *at == ' ' || *at == 'T';
	if (is_good && column->type == SQL_TYPE_TIMESTAMP)
		at++;
	if (is_good && column->type != SQL_TYPE_DATE)
		is_good = parse_time(&at, &moment);
	if (is_good && at == (const char *)text->bytes.data + size)
		return axev__cell_moment(&moment, &set->cells, err);
	text->bytes.size = size;
	return other(column, text, set, err);
}

static int take_real(const struct axev__odbc_statement *statement, SQLUSMALLINT number, const struct column *column,
		     struct axev__db_set *set, axev_error *err)
{
	bool is_single = column->type == SQL_REAL;
	SQLLEN indicator = 0;
	double real64 = 0;
	float real32 = 0;

	if (!axev__odbc_is_good(statement->reader->api.GetData(statement->handle, number, is_single ? SQL_C_FLOAT : SQL_C_DOUBLE,
							       is_single ? (SQLPOINTER)&real32 : (SQLPOINTER)&real64,
							       is_single ? sizeof(real32) : sizeof(real64), &indicator)))
		return fail(statement, "reading a number failed", err);
	if (indicator == SQL_NULL_DATA)
		return axev__cell_null(&set->cells, err);
	return is_single ? axev__cell_real32(real32, &set->cells, err) : axev__cell_real64(real64, &set->cells, err);
}

static bool is_binary(SQLSMALLINT type)
{
	return type == SQL_BINARY || type == SQL_VARBINARY || type == SQL_LONGVARBINARY;
}

static bool is_text(SQLSMALLINT type)
{
	return type == SQL_CHAR || type == SQL_VARCHAR || type == SQL_LONGVARCHAR || type == SQL_WCHAR || type == SQL_WVARCHAR ||
	       type == SQL_WLONGVARCHAR || type == SQL_GUID;
}

/* UTF-16 units of text in UTF-8: what a server counts as characters is never more. */
static uint64_t count_units(struct axev__span utf8)
{
	uint64_t units = 0;
	size_t i;

	for (i = 0; i < utf8.size; i++)
		units += (utf8.data[i] & 0xc0) != 0x80 ? (utf8.data[i] >= 0xf0 ? 2u : 1u) : 0u;
	return units;
}

static int take_value(const struct axev__odbc_statement *statement, SQLUSMALLINT number, const struct column *column,
		      struct axev__odbc_text *room, struct axev__db_set *set, axev_error *err)
{
	uint64_t units;

	if (column->type == SQL_REAL || column->type == SQL_FLOAT || column->type == SQL_DOUBLE)
		return take_real(statement, number, column, set, err);
	room->capture = is_binary(column->type) || is_text(column->type) ? set->capture : NULL;
	if (is_binary(column->type))
		TRY(axev__odbc_bytes(statement, number, room, err));
	else
		TRY(axev__odbc_text(statement, number, room, err));
	if (room->is_null)
		return axev__cell_null(&set->cells, err);
	if (room->fd >= 0) {
		TRY(axev__odbc_take_long(room, is_binary(column->type), set, &units, err));
		*column->units += (int64_t)units;
		return AXEV_OK;
	}
	if (is_binary(column->type)) {
		*column->units += (int64_t)room->bytes.size;
		return axev__db_set_content(set, AXEV__CELL_BYTES, view(room), err);
	}
	if (!room->is_good)
		return axev__db_set_content(set, AXEV__CELL_RAW_TEXT, view(room), err);
	if (is_text(column->type)) {
		*column->units += (int64_t)count_units(view(room));
		return axev__db_set_content(set, AXEV__CELL_TEXT, view(room), err);
	}
	switch (column->type) {
	case SQL_TINYINT:
	case SQL_SMALLINT:
	case SQL_INTEGER:
	case SQL_BIGINT:
		return take_integer(column, room, set, err);
	case SQL_DECIMAL:
	case SQL_NUMERIC:
		return take_decimal(column, room, set, err);
	case SQL_BIT:
		if (axev__span_is(view(room), "0") || axev__span_is(view(room), "1"))
			return axev__cell_boolean(view(room).data[0] == '1', &set->cells, err);
		return other(column, room, set, err);
	case SQL_TYPE_DATE:
	case SQL_TYPE_TIME:
	case SQL_TYPE_TIMESTAMP:
		return take_moment(column, room, set, err);
	default:
		return other(column, room, set, err);
	}
}

/* ---- a statement ---- */

static int describe_column(const struct axev__odbc_statement *statement, SQLUSMALLINT number, struct column *column,
			   struct axev__odbc_lengths *lengths, axev__json *fields, axev_error *err)
{
	const struct axev__odbc *api = &statement->reader->api;
	AXEV__BUF name = AXEV__BUF_INIT(AXEV__MAX_DB_NAME), type = AXEV__BUF_INIT(AXEV__KIB), full = AXEV__BUF_INIT(AXEV__KIB);
	SQLWCHAR wide[256] = { 0 };
	SQLSMALLINT units = 0, bytes = 0, scale = 0, nullable = 0;
	SQLULEN size = 0;
	bool is_good = false;

	if (!axev__odbc_is_good(api->DescribeColW(statement->handle, number, wide, AXEV__COUNT(wide), &units, &column->type, &size,
						  &scale, &nullable)) ||
	    units < 0 || (size_t)units >= AXEV__COUNT(wide))
		return fail(statement, "the driver does not describe a column", err);
	TRY(axev__utf16_to_utf8(axev__span(wide, (size_t)units * sizeof(wide[0])), IS_BIG_ENDIAN, &name, &is_good, err));
	TRY(axev__buf_byte(&name, '\0', err));
	if (axev__odbc_is_good(api->ColAttributeW(statement->handle, number, SQL_DESC_TYPE_NAME, wide, sizeof(wide), &bytes, NULL)) &&
	    bytes > 0 && (size_t)bytes < sizeof(wide))
		TRY(axev__utf16_to_utf8(axev__span(wide, (size_t)bytes), IS_BIG_ENDIAN, &type, &is_good, err));
	TRY(axev__buf_byte(&type, '\0', err));
	snprintf(column->type_name, sizeof(column->type_name), "%s", (const char *)type.data);
	TRY(axev__buf_printf(&full, err, "%s(%" PRIu64 ",%d), SQL type %d", (const char *)type.data, (uint64_t)size, scale,
			     column->type));
	TRY(axev__buf_byte(&full, '\0', err));
	lengths->units = is_text(column->type) || is_binary(column->type) ? 0 : -1;
	column->units = &lengths->units;
	lengths->name = strdup((const char *)name.data);
	if (!lengths->name)
		return axev__nomem(err);
	return axev__db_field(fields, (const char *)name.data, (const char *)full.data, err);
}

static int take_rows(const struct axev__odbc_statement *statement, const struct column *columns, struct axev__db_set *set,
		     axev_error *err)
{
	AXEV__ODBC_TEXT room = AXEV__ODBC_TEXT_INIT(2 * AXEV__GIB);
	SQLSMALLINT i;
	int more = 0, status = AXEV_OK;

	while (status >= 0 && (more = axev__odbc_fetch(statement, err)) > 0) {
		for (i = 0; status >= 0 && i < statement->columns; i++)
			status = axev__prefix(take_value(statement, (SQLUSMALLINT)(i + 1), &columns[i], &room, set, err), err,
					      "column %d", i + 1);
		if (status >= 0)
			status = axev__db_set_row(set, err);
	}
	return status < 0 ? status : more;
}

int axev__odbc_rows(struct axev__odbc_reader *reader, struct axev__db_rows *rows, const char *const *parameters,
		    size_t parameter_count, struct axev__odbc_lengths **ret_lengths, size_t *ret_count, axev_error *err)
{
	AXEV__JSON *fields = axev__json_new_array();
	AXEV__ODBC_STATEMENT statement = { 0 };
	AXEV__DB_SET set = { .fd = -1, .sort_fd = -1 };
	AXEV__FREE struct column *columns = NULL;
	axev_error problem = AXEV_ERROR_INIT;
	SQLSMALLINT i;
	int status;

	TRY(axev__odbc_statement_new(reader, &statement, err));
	TRY(axev__odbc_run(&statement, rows->statement, parameters, parameter_count, err));
	columns = calloc((size_t)statement.columns, sizeof(*columns));
	*ret_lengths = calloc((size_t)statement.columns, sizeof(**ret_lengths));
	if (!columns || !*ret_lengths)
		return axev__nomem(err);
	*ret_count = (size_t)statement.columns;
	for (i = 0; i < statement.columns; i++)
		TRY(describe_column(&statement, (SQLUSMALLINT)(i + 1), &columns[i], &(*ret_lengths)[i], fields, err));
	rows->fields = fields;
	TRY(axev__db_set_begin(reader->capture, rows, &set, err));
	status = axev__prefix(take_rows(&statement, columns, &set, &problem), &problem, "%.200s", rows->name);
	TRY(axev__db_cut_rows(&set, status, &problem, err));
	return axev__db_set_finish(&set, err);
}
