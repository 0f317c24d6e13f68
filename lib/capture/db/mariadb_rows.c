/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of MariaDB and MySQL as cells. Prepared statements, because their binary answers are exact: the text protocol prints
 * a FLOAT with six digits. Rows are taken as they come; the largest row is the memory needed, but for values that are read before
 * (mariadb_long.h).
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "base/time.h"
#include "capture/db/db_cut.h"
#include "capture/db/mariadb_long.h"

#define BINARY_CHARSET 63
#define FIRST_BYTES 1024

struct column {
	enum enum_field_types type;
	bool is_unsigned, is_binary;
	my_bool is_null, is_cut;
	unsigned long length;
	char *bytes;             /* text, bytes, decimals; owned */
	unsigned long room;
	union {
		int64_t integer;
		double real64;
		float real32;
		MYSQL_TIME time;
	} value;
};

struct statement {
	const struct axev__mariadb_reader *reader;
	MYSQL_STMT *stmt;
	MYSQL_RES *metadata;
	MYSQL_BIND *binds;
	struct column *columns;
	unsigned count;
};

static void statement_free(struct statement *statement)
{
	unsigned i;

	for (i = 0; statement->columns && i < statement->count; i++)
		free(statement->columns[i].bytes);
	free(statement->columns);
	free(statement->binds);
	if (statement->metadata)
		statement->reader->api.free_result(statement->metadata);
	if (statement->stmt)
		statement->reader->api.stmt_close(statement->stmt);
}
#define STATEMENT AXEV__CLEANUP(statement_free) struct statement

static int fail(const struct statement *statement, const char *doing, axev_error *err)
{
	struct axev__shown shown;

	return axev__fail(err, AXEV_E_PEER, "MariaDB: %s: %s", doing,
			  axev__show_str(&shown, statement->reader->api.stmt_error(statement->stmt)));
}

/* ---- what is asked for ---- */

static int prepare(const struct axev__mariadb_reader *reader, const char *sql, struct statement *ret_statement,
		   axev_error *err)
{
	struct statement statement = { .reader = reader, .stmt = reader->api.stmt_init(reader->link) };

	if (!statement.stmt)
		return axev__nomem(err);
	*ret_statement = statement;
	if (reader->api.stmt_prepare(statement.stmt, sql, strlen(sql)) != 0)
		return fail(&statement, "the statement was refused", err);
	ret_statement->metadata = reader->api.stmt_result_metadata(statement.stmt);
	if (!ret_statement->metadata)
		return axev__fail(err, AXEV_E_INVAL, "only a SELECT is run: this statement gives no rows");
	ret_statement->count = reader->api.num_fields(ret_statement->metadata);
	return AXEV_OK;
}

static int execute(const struct statement *statement, const char *const *parameters, size_t count, axev_error *err)
{
	const struct axev__mariadb *api = &statement->reader->api;
	AXEV__FREE MYSQL_BIND *binds = calloc(count + 1, sizeof(*binds));
	unsigned long want = api->stmt_param_count(statement->stmt);
	size_t i;

	if (!binds)
		return axev__nomem(err);
	if (want != count)
		return axev__fail(err, AXEV_E_INVAL, "the statement has %lu parameters, %zu were given", want, count);
	for (i = 0; i < count; i++) {
		binds[i].buffer_type = MYSQL_TYPE_STRING;
		binds[i].buffer = (void *)(uintptr_t)parameters[i];
		binds[i].buffer_length = strlen(parameters[i]);
	}
	if ((count > 0 && api->stmt_bind_param(statement->stmt, binds) != 0) || api->stmt_execute(statement->stmt) != 0)
		return fail(statement, "the statement failed", err);
	return AXEV_OK;
}

/* ---- the room for a row ---- */

static void set_room(const struct column *column, MYSQL_BIND *bind)
{
	bind->buffer = column->bytes;
	bind->buffer_length = column->room;
}

static int bind_column(const MYSQL_FIELD *field, struct column *column, MYSQL_BIND *bind, axev_error *err)
{
	column->type = field->type;
	column->is_unsigned = (field->flags & UNSIGNED_FLAG) != 0;
	column->is_binary = field->charsetnr == BINARY_CHARSET;
	bind->is_null = &column->is_null;
	bind->error = &column->is_cut;
	bind->length = &column->length;
	bind->is_unsigned = column->is_unsigned;
	bind->buffer = &column->value;
	switch (field->type) {
	case MYSQL_TYPE_TINY:
	case MYSQL_TYPE_SHORT:
	case MYSQL_TYPE_INT24:
	case MYSQL_TYPE_LONG:
	case MYSQL_TYPE_LONGLONG:
	case MYSQL_TYPE_YEAR:
		bind->buffer_type = MYSQL_TYPE_LONGLONG;
		return AXEV_OK;
	case MYSQL_TYPE_FLOAT:
	case MYSQL_TYPE_DOUBLE:
		bind->buffer_type = field->type;
		return AXEV_OK;
	case MYSQL_TYPE_DATE:
	case MYSQL_TYPE_TIME:
	case MYSQL_TYPE_DATETIME:
	case MYSQL_TYPE_TIMESTAMP:
		bind->buffer_type = field->type;
		bind->buffer_length = sizeof(column->value.time);
		return AXEV_OK;
	default: /* texts, bytes, decimals, bits, and what is not known */
		bind->buffer_type = MYSQL_TYPE_BLOB;
		column->room = FIRST_BYTES;
		column->bytes = malloc(column->room);
		set_room(column, bind);
		return column->bytes ? AXEV_OK : axev__nomem(err);
	}
}

static int bind_columns(struct statement *statement, axev_error *err)
{
	const struct axev__mariadb *api = &statement->reader->api;
	const MYSQL_FIELD *fields = api->fetch_fields(statement->metadata);
	unsigned i;

	statement->columns = calloc(statement->count, sizeof(*statement->columns));
	statement->binds = calloc(statement->count, sizeof(*statement->binds));
	if (!statement->columns || !statement->binds || !fields)
		return axev__nomem(err);
	for (i = 0; i < statement->count; i++)
		TRY(bind_column(&fields[i], &statement->columns[i], &statement->binds[i], err));
	return api->stmt_bind_result(statement->stmt, statement->binds) == 0 ? AXEV_OK : fail(statement, "cannot bind", err);
}

/* A value longer than its room is taken again, with as much as it needs. */
static int take_whole(struct statement *statement, unsigned i, bool *ret_grew, axev_error *err)
{
	struct column *column = &statement->columns[i];
	unsigned long room = column->room;
	char *bytes;

	if (!column->bytes || column->is_null || column->length <= column->room)
		return AXEV_OK;
	while (room < column->length)
		room *= 2;
	bytes = realloc(column->bytes, room);
	if (!bytes)
		return axev__nomem(err);
	column->bytes = bytes;
	column->room = room;
	set_room(column, &statement->binds[i]);
	*ret_grew = true;
	if (statement->reader->api.stmt_fetch_column(statement->stmt, &statement->binds[i], i, 0) != 0)
		return fail(statement, "reading a long value failed", err);
	return AXEV_OK;
}

/* 1: a row, 0: the end. */
static int fetch(struct statement *statement, axev_error *err)
{
	const struct axev__mariadb *api = &statement->reader->api;
	int code = api->stmt_fetch(statement->stmt);
	bool has_grown = false;
	unsigned i;

	if (code == MYSQL_NO_DATA)
		return 0;
	if (code != 0 && code != MYSQL_DATA_TRUNCATED)
		return fail(statement, "reading failed", err);
	for (i = 0; i < statement->count; i++) {
		TRY(take_whole(statement, i, &has_grown, err));
		if (!statement->columns[i].bytes && !statement->columns[i].is_null && statement->columns[i].is_cut)
			return axev__fail(err, AXEV_E_PEER, "MariaDB: a value of column %u does not fit its type", i + 1);
	}
	if (has_grown && api->stmt_bind_result(statement->stmt, statement->binds) != 0)
		return fail(statement, "cannot bind", err);
	return 1;
}

/* ---- values ---- */

/* A number beyond int64 is told in decimal digits. */
static int take_integer(const struct column *column, struct axev__buf *cells, axev_error *err)
{
	char text[24];

	if (!column->is_unsigned || column->value.integer >= 0)
		return axev__cell_integer(column->value.integer, cells, err);
	snprintf(text, sizeof(text), "%llu", (unsigned long long)column->value.integer);
	return axev__cell_decimal(axev__span_str(text), cells, err);
}

/* Without the zeros that ZEROFILL puts in front. */
static int take_decimal(const struct column *column, struct axev__buf *cells, axev_error *err)
{
	struct axev__span text = axev__span(column->bytes, column->length);

	while (text.size > 1 && text.data[0] == '0' && text.data[1] != '.')
		text = axev__span(text.data + 1, text.size - 1);
	return axev__cell_decimal(text, cells, err);
}

static bool is_zero(const MYSQL_TIME *time)
{
	return time->year == 0 || time->month == 0 || time->day == 0;
}

static int take_time(const struct column *column, struct axev__buf *cells, axev_error *err)
{
	const MYSQL_TIME *time = &column->value.time;
	const struct axev__moment moment = {
		.has_date = column->type != MYSQL_TYPE_TIME,
		.has_time = column->type != MYSQL_TYPE_DATE,
		.is_negative = time->neg,
		.year = time->year,
		.month = time->month,
		.day = time->day,
		.hour = time->hour + (column->type == MYSQL_TYPE_TIME ? 24 * time->day : 0),
		.minute = time->minute,
		.second = time->second,
		.microsecond = (uint32_t)time->second_part,
	};
	const struct axev__civil civil = {
		.year = (int)time->year,
		.month = (int)time->month,
		.day = (int)time->day,
		.hour = (int)time->hour,
		.minute = (int)time->minute,
		.second = (int)time->second,
		.nanosecond = (int)time->second_part * 1000,
	};
	int64_t unix_ns;

	if (column->type != MYSQL_TYPE_TIMESTAMP || is_zero(time))
		return axev__cell_moment(&moment, cells, err);
	if (!axev__civil_to_ns(&civil, &unix_ns))
		return axev__fail(err, AXEV_E_PEER, "MariaDB: a TIMESTAMP is not within 1970 to 2261");
	return axev__cell_instant(unix_ns / 1000, cells, err);
}

static int take_value(const struct column *column, struct axev__db_set *set, axev_error *err)
{
	struct axev__span content = axev__span(column->bytes ? column->bytes : "", column->bytes ? column->length : 0);

	if (column->is_null)
		return axev__cell_null(&set->cells, err);
	switch (column->type) {
	case MYSQL_TYPE_TINY:
	case MYSQL_TYPE_SHORT:
	case MYSQL_TYPE_INT24:
	case MYSQL_TYPE_LONG:
	case MYSQL_TYPE_LONGLONG:
	case MYSQL_TYPE_YEAR:
		return take_integer(column, &set->cells, err);
	case MYSQL_TYPE_FLOAT:
		return axev__cell_real32(column->value.real32, &set->cells, err);
	case MYSQL_TYPE_DOUBLE:
		return axev__cell_real64(column->value.real64, &set->cells, err);
	case MYSQL_TYPE_DECIMAL:
	case MYSQL_TYPE_NEWDECIMAL:
		return take_decimal(column, &set->cells, err);
	case MYSQL_TYPE_DATE:
	case MYSQL_TYPE_TIME:
	case MYSQL_TYPE_DATETIME:
	case MYSQL_TYPE_TIMESTAMP:
		return take_time(column, &set->cells, err);
	case MYSQL_TYPE_BIT:
	case MYSQL_TYPE_GEOMETRY:
		return axev__db_set_content(set, AXEV__CELL_BYTES, content, err);
	case MYSQL_TYPE_VARCHAR:
	case MYSQL_TYPE_VAR_STRING:
	case MYSQL_TYPE_STRING:
	case MYSQL_TYPE_ENUM:
	case MYSQL_TYPE_SET:
	case MYSQL_TYPE_TINY_BLOB:
	case MYSQL_TYPE_MEDIUM_BLOB:
	case MYSQL_TYPE_LONG_BLOB:
	case MYSQL_TYPE_BLOB:
		if (column->is_binary)
			return axev__db_set_content(set, AXEV__CELL_BYTES, content, err);
		return axev__db_set_content(set, AXEV__CELL_TEXT, content, err);
	case MYSQL_TYPE_JSON:
		return axev__cell_other(axev__span_str("json"), content, &set->cells, err);
	default:
		return axev__cell_other(axev__span_str("unknown"), content, &set->cells, err);
	}
}

/* ---- a statement ---- */

static const char *type_name(const MYSQL_FIELD *field)
{
	static const struct {
		enum enum_field_types type;
		const char *name, *binary;
	} names[] = {
		{ MYSQL_TYPE_TINY, "tinyint", NULL },
		{ MYSQL_TYPE_SHORT, "smallint", NULL },
		{ MYSQL_TYPE_INT24, "mediumint", NULL },
		{ MYSQL_TYPE_LONG, "int", NULL },
		{ MYSQL_TYPE_LONGLONG, "bigint", NULL },
		{ MYSQL_TYPE_YEAR, "year", NULL },
		{ MYSQL_TYPE_FLOAT, "float", NULL },
		{ MYSQL_TYPE_DOUBLE, "double", NULL },
		{ MYSQL_TYPE_DECIMAL, "decimal", NULL },
		{ MYSQL_TYPE_NEWDECIMAL, "decimal", NULL },
		{ MYSQL_TYPE_DATE, "date", NULL },
		{ MYSQL_TYPE_TIME, "time", NULL },
		{ MYSQL_TYPE_DATETIME, "datetime", NULL },
		{ MYSQL_TYPE_TIMESTAMP, "timestamp", NULL },
		{ MYSQL_TYPE_BIT, "bit", NULL },
		{ MYSQL_TYPE_GEOMETRY, "geometry", NULL },
		{ MYSQL_TYPE_JSON, "json", NULL },
		{ MYSQL_TYPE_NULL, "null", NULL },
		{ MYSQL_TYPE_VARCHAR, "varchar", "varbinary" },
		{ MYSQL_TYPE_VAR_STRING, "varchar", "varbinary" },
		{ MYSQL_TYPE_STRING, "char", "binary" },
		{ MYSQL_TYPE_BLOB, "text", "blob" },
		{ MYSQL_TYPE_TINY_BLOB, "text", "blob" },
		{ MYSQL_TYPE_MEDIUM_BLOB, "text", "blob" },
		{ MYSQL_TYPE_LONG_BLOB, "text", "blob" },
	};
	size_t i;

	for (i = 0; i < AXEV__COUNT(names); i++)
		if (names[i].type == field->type)
			return names[i].binary && field->charsetnr == BINARY_CHARSET ? names[i].binary : names[i].name;
	return "unknown";
}

/* @first: columns in front that are none of the source. */
static int describe_fields(const struct statement *statement, unsigned first, const axev__json *types, axev__json *fields,
			   axev_error *err)
{
	const MYSQL_FIELD *list = statement->reader->api.fetch_fields(statement->metadata) + first;
	unsigned i, count = statement->count - first;

	if (types && axev__json_count(types) != count)
		return axev__fail(err, AXEV_E_STATE, "%zu columns are declared, %u were answered: the table was changed",
				  axev__json_count(types), count);
	for (i = 0; i < count; i++) {
		const axev__json *type = types ? axev__json_at(types, i) : NULL;
		AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_DB_STATEMENT);
		struct axev__span declared = axev__span_str(type_name(&list[i]));

		if (type)
			axev__json_as_string(type, &declared);
		TRY(axev__buf_span(&text, declared, err));
		TRY(axev__buf_byte(&text, '\0', err));
		TRY(axev__db_field(fields, list[i].name, (const char *)text.data, err));
	}
	return AXEV_OK;
}

static int take_rows(struct statement *statement, struct axev__db_set *set, axev_error *err)
{
	unsigned i;
	int more;

	while ((more = fetch(statement, err)) > 0) {
		for (i = 0; i < statement->count; i++)
			TRY(axev__prefix(take_value(&statement->columns[i], set, err), err, "column %u", i + 1));
		TRY(axev__db_set_row(set, err));
	}
	return more;
}

static int take_rows_with_long(struct statement *statement, struct axev__mariadb_long *found, struct axev__db_set *set,
			       axev_error *err)
{
	const struct column *condition = &statement->columns[0];
	bool is_taken;
	unsigned i;
	int more;

	while ((more = fetch(statement, err)) > 0) {
		for (i = 1; i < statement->count; i++) {
			is_taken = false;
			if (!condition->is_null && statement->columns[i].is_null)
				TRY(axev__mariadb_long_take(found, axev__span(condition->bytes, condition->length), i - 1, set, &is_taken,
							    err));
			if (!is_taken)
				TRY(axev__prefix(take_value(&statement->columns[i], set, err), err, "column %u", i));
		}
		TRY(axev__db_set_row(set, err));
	}
	TRY(more);
	if (found->taken != found->count)
		return axev__fail(err, AXEV_E_STATE, "MariaDB: %zu long values were read, %zu of them are in the rows", found->count,
				  found->taken);
	return AXEV_OK;
}

int axev__mariadb_rows(struct axev__mariadb_reader *reader, struct axev__db_rows *rows, const axev__json *types,
		       struct axev__mariadb_long *found, const char *const *parameters, size_t parameter_count,
		       axev_error *err)
{
	AXEV__JSON *fields = axev__json_new_array();
	AXEV__DB_SET set = { .fd = -1, .sort_fd = -1 };
	axev_error problem = AXEV_ERROR_INIT;
	STATEMENT statement = { 0 };
	int status;

	TRY(prepare(reader, found ? (const char *)found->select.data : rows->statement, &statement, err));
	TRY(describe_fields(&statement, found ? 1 : 0, types, fields, err));
	rows->fields = fields;
	TRY(axev__db_set_begin(reader->capture, rows, &set, err));
	TRY(execute(&statement, parameters, parameter_count, err));
	TRY(bind_columns(&statement, err));
	status = axev__prefix(found ? take_rows_with_long(&statement, found, &set, &problem) :
				      take_rows(&statement, &set, &problem), &problem, "%.200s", rows->name);
	TRY(axev__db_cut_rows(&set, status, &problem, err));
	return axev__db_set_finish(&set, err);
}
