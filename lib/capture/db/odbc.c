/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever has an ODBC driver: Dameng, Kingbase, Oracle, SQL Server and others. Tables, views, one SELECT. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "base/utf16.h"
#include "capture/db/db_cut.h"
#include "capture/db/db_statement.h"
#include "capture/db/db_wanted.h"
#include "capture/db/odbc.h"

/* ---- what a table is ---- */

struct table {
	struct axev__buf schema, name, quoted, order; /* NUL-terminated; the schema perhaps empty */
	bool is_view;
};

static void table_free(struct table *table)
{
	axev__buf_free(&table->schema);
	axev__buf_free(&table->name);
	axev__buf_free(&table->quoted);
	axev__buf_free(&table->order);
}
#define TABLE AXEV__CLEANUP(table_free) struct table
#define TABLE_INIT \
	{ \
		.schema = AXEV__BUF_INIT(AXEV__MAX_DB_NAME), .name = AXEV__BUF_INIT(AXEV__MAX_DB_NAME), \
		.quoted = AXEV__BUF_INIT(4 * AXEV__MAX_DB_NAME), .order = AXEV__BUF_INIT(AXEV__MAX_RECORD_HEADER_BYTES), \
	}

static int quote(const struct axev__odbc_reader *reader, const char *name, struct axev__buf *out, axev_error *err)
{
	TRY(axev__buf_str(out, reader->quote, err));
	for (; *name; name++) {
		if (*name == reader->quote[0])
			TRY(axev__buf_byte(out, (uint8_t)*name, err));
		TRY(axev__buf_byte(out, (uint8_t)*name, err));
	}
	return axev__buf_str(out, reader->quote, err);
}

static int column_text(const struct axev__odbc_statement *statement, SQLUSMALLINT column, struct axev__buf *out,
		       axev_error *err)
{
	AXEV__ODBC_TEXT text = AXEV__ODBC_TEXT_INIT(AXEV__MAX_DB_NAME);
	int status = axev__odbc_text(statement, column, &text, err);

	axev__buf_clear(out);
	if (status >= 0 && !text.is_null && text.is_good)
		status = axev__buf_span(out, axev__buf_view(&text.bytes), err);
	return status < 0 ? status : axev__buf_byte(out, '\0', err);
}

/* "NAME", or "SCHEMA.NAME". */
static bool is_named(const struct table *table, const char *wanted)
{
	const char *schema = (const char *)table->schema.data, *name = (const char *)table->name.data;
	size_t length = strlen(schema);

	return strcmp(name, wanted) == 0 || (length > 0 && strncmp(wanted, schema, length) == 0 && wanted[length] == '.' &&
					     strcmp(wanted + length + 1, name) == 0);
}

/* A table or view on its way through the list that the driver has: TABLE_SCHEM, TABLE_NAME, TABLE_TYPE. */
typedef int see_table(void *payload, struct table *table, axev_error *err);

static int each_table(const struct axev__odbc_reader *reader, see_table *see, void *payload, axev_error *err)
{
	AXEV__ODBC_STATEMENT statement = { 0 };
	int more;

	TRY(axev__odbc_statement_new(reader, &statement, err));
	if (!axev__odbc_is_good(reader->api.TablesW(statement.handle, NULL, 0, NULL, 0, NULL, 0, NULL, 0)))
		return axev__odbc_fail(reader, SQL_HANDLE_STMT, statement.handle, "the driver does not list the tables", err);
	while ((more = axev__odbc_fetch(&statement, err)) > 0) {
		AXEV__BUF type = AXEV__BUF_INIT(AXEV__KIB);
		TABLE table = TABLE_INIT;

		TRY(column_text(&statement, 2, &table.schema, err));
		TRY(column_text(&statement, 3, &table.name, err));
		TRY(column_text(&statement, 4, &type, err));
		table.is_view = strcmp((const char *)type.data, "VIEW") == 0;
		if (table.is_view || strcmp((const char *)type.data, "TABLE") == 0)
			TRY(see(payload, &table, err));
	}
	return more;
}

struct search {
	const char *wanted;
	struct table *found;
	unsigned count;
};

static int see_wanted(void *payload, struct table *table, axev_error *err)
{
	struct search *search = payload;

	if (!is_named(table, search->wanted) || search->count++ > 0)
		return AXEV_OK;
	search->found->is_view = table->is_view;
	TRY(axev__buf_span(&search->found->schema, axev__buf_view(&table->schema), err));
	return axev__buf_span(&search->found->name, axev__buf_view(&table->name), err);
}

static int wide(const struct axev__buf *text, struct axev__buf *out, axev_error *err)
{
	TRY(axev__utf16_from_utf8(axev__span(text->data, text->size - 1), out, err));
	return axev__buf_append(out, "\0", 2, err);
}

/* TABLE_CAT, TABLE_SCHEM, TABLE_NAME, COLUMN_NAME, KEY_SEQ: ordered by KEY_SEQ. A driver that does not know keys has none. */
static int read_key(const struct axev__odbc_reader *reader, struct table *table, axev_error *err)
{
	AXEV__BUF schema = AXEV__BUF_INIT(64 * AXEV__KIB), name = AXEV__BUF_INIT(64 * AXEV__KIB),
		  column = AXEV__BUF_INIT(AXEV__MAX_DB_NAME);
	AXEV__ODBC_STATEMENT statement = { 0 };
	bool has_schema = table->schema.size > 1;
	int more;

	TRY(wide(&table->schema, &schema, err));
	TRY(wide(&table->name, &name, err));
	TRY(axev__odbc_statement_new(reader, &statement, err));
	if (!axev__odbc_is_good(reader->api.PrimaryKeysW(statement.handle, NULL, 0, has_schema ? (SQLWCHAR *)schema.data : NULL,
							 has_schema ? SQL_NTS : 0, (SQLWCHAR *)name.data, SQL_NTS)))
		return AXEV_OK;
	while ((more = axev__odbc_fetch(&statement, err)) > 0) {
		TRY(column_text(&statement, 4, &column, err));
		if (table->order.size > 0)
			TRY(axev__buf_byte(&table->order, ',', err));
		TRY(quote(reader, (const char *)column.data, &table->order, err));
	}
	return more;
}

static int read_table(const struct axev__odbc_reader *reader, const char *wanted, struct table *table, axev_error *err)
{
	struct search search = { .wanted = wanted, .found = table };
	struct axev__shown shown;

	TRY(each_table(reader, see_wanted, &search, err));
	if (search.count == 0)
		return axev__fail(err, AXEV_E_NOTFOUND, "the database has no table or view '%s', or the account may not see it",
				  axev__show_str(&shown, wanted));
	if (search.count > 1)
		return axev__fail(err, AXEV_E_INVAL, "%u schemas have a table '%s': name it SCHEMA.TABLE", search.count,
				  axev__show_str(&shown, wanted));
	if (table->schema.size > 1) {
		TRY(quote(reader, (const char *)table->schema.data, &table->quoted, err));
		TRY(axev__buf_byte(&table->quoted, '.', err));
	}
	TRY(quote(reader, (const char *)table->name.data, &table->quoted, err));
	TRY(axev__buf_byte(&table->quoted, '\0', err));
	return read_key(reader, table, err);
}

/* ---- what came against what the server counts ---- */

/* The first cell of the first row as a number; false: the driver refused, or it is none. */
static bool ask_number(const struct axev__odbc_reader *reader, const char *sql, uint64_t *ret_number)
{
	AXEV__ODBC_STATEMENT statement = { 0 };
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__KIB);
	char *end;

	if (axev__odbc_statement_new(reader, &statement, NULL) < 0 || axev__odbc_run(&statement, sql, NULL, 0, NULL) < 0 ||
	    axev__odbc_fetch(&statement, NULL) != 1 || column_text(&statement, 1, &text, NULL) < 0)
		return false;
	*ret_number = text.size > 1 ? strtoull((const char *)text.data, &end, 10) : 0; /* the sum of nothing is NULL */
	return text.size == 1 || *end == '\0' || *end == '.';
}

static int count_again(const struct axev__odbc_reader *reader, const struct table *table, uint64_t rows, axev_error *err)
{
	AXEV__BUF sql = AXEV__BUF_INIT(AXEV__MAX_DB_STATEMENT);
	uint64_t count;

	TRY(axev__buf_printf(&sql, err, "SELECT COUNT(*) FROM %s", (const char *)table->quoted.data));
	TRY(axev__buf_byte(&sql, '\0', err));
	if (!ask_number(reader, (const char *)sql.data, &count))
		return axev__fail(err, AXEV_E_PEER, "ODBC: the server does not count the rows of '%.200s'",
				  (const char *)table->name.data);
	if (count != rows)
		return axev__fail(err, AXEV_E_STATE,
				  "'%.200s': %" PRIu64 " rows were read, the server counts %" PRIu64 ": it was written to meanwhile",
				  (const char *)table->name.data, rows, count);
	return AXEV_OK;
}

/* Dialects differ in what gives a length; of two ways the first that is understood. */
static int check_length(const struct axev__odbc_reader *reader, const struct table *table,
			const struct axev__odbc_lengths *column, bool *ret_checked, axev_error *err)
{
	static const char *const functions[][2] = { { "{fn CHAR_LENGTH(", ")}" }, { "LENGTH(", ")" } };
	AXEV__BUF name = AXEV__BUF_INIT(2 * AXEV__MAX_DB_NAME), sql = AXEV__BUF_INIT(AXEV__MAX_DB_STATEMENT);
	uint64_t sum;
	size_t i;

	TRY(quote(reader, column->name, &name, err));
	TRY(axev__buf_byte(&name, '\0', err));
	*ret_checked = false;
	for (i = 0; i < AXEV__COUNT(functions) && !*ret_checked; i++) {
		axev__buf_clear(&sql);
		TRY(axev__buf_printf(&sql, err, "SELECT SUM(%s%s%s) FROM %s", functions[i][0], (const char *)name.data,
				     functions[i][1], (const char *)table->quoted.data));
		TRY(axev__buf_byte(&sql, '\0', err));
		*ret_checked = ask_number(reader, (const char *)sql.data, &sum);
	}
	if (*ret_checked && sum > (uint64_t)column->units)
		return axev__fail(err, AXEV_E_FORMAT,
				  "ODBC: the driver cuts values of column '%.200s': %" PRId64 " characters or bytes came, the server counts %" PRIu64,
				  column->name, column->units, sum);
	return AXEV_OK;
}

static int check_lengths(const struct axev__odbc_reader *reader, const struct table *table,
			 const struct axev__odbc_lengths *columns, size_t count, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__KIB);
	unsigned checked = 0, unchecked = 0;
	bool is_checked;
	size_t i;

	for (i = 0; i < count; i++) {
		if (columns[i].units < 0)
			continue;
		TRY(check_length(reader, table, &columns[i], &is_checked, err));
		*(is_checked ? &checked : &unchecked) += 1;
	}
	TRY(axev__buf_printf(&text, err, "as long as the server counts: %u columns of text or bytes; not checked: %u", checked, unchecked));
	TRY(axev__buf_byte(&text, '\0', err));
	return axev__take_step(reader->capture->take, (const char *)table->name.data, (const char *)text.data, err);
}

static int check_again(const struct axev__odbc_reader *reader, const struct table *table, uint64_t rows,
		       const struct axev__odbc_lengths *columns, size_t count, axev_error *err)
{
	axev_error problem = AXEV_ERROR_INIT;
	int status = AXEV_OK;

	if (!reader->capture->is_cut)
		status = count_again(reader, table, rows, &problem);
	TRY(axev__db_cut_between(reader->capture, (const char *)table->name.data, true, status, &problem, err));
	return reader->capture->is_cut ? axev__db_cut_unchecked(reader->capture, "lengths of values", err) :
					 check_lengths(reader, table, columns, count, err);
}

static void free_lengths(struct axev__odbc_lengths *lengths, size_t count)
{
	size_t i;

	for (i = 0; lengths && i < count; i++)
		free(lengths[i].name);
	free(lengths);
}

/* ---- capture ---- */

static int capture_table(void *payload, const char *wanted, axev_error *err)
{
	struct axev__odbc_reader *reader = payload;
	TABLE table = TABLE_INIT;
	AXEV__BUF sql = AXEV__BUF_INIT(3 * AXEV__MAX_RECORD_HEADER_BYTES);
	AXEV__JSON *about = axev__json_new_object();
	struct axev__db_rows rows = { .name = wanted, .about = about };
	struct axev__odbc_lengths *lengths = NULL;
	uint64_t before = reader->capture->rows;
	size_t count = 0;
	int status;

	TRY(read_table(reader, wanted, &table, err));
	TRY(axev__json_set_str(about, "what", table.is_view ? "view" : "table", err));
	TRY(axev__buf_printf(&sql, err, "SELECT * FROM %s", (const char *)table.quoted.data));
	if (table.order.size > 0) {
		TRY(axev__buf_byte(&table.order, '\0', err));
		TRY(axev__buf_printf(&sql, err, " ORDER BY %s", (const char *)table.order.data));
		rows.order = (const char *)table.order.data;
	}
	TRY(axev__buf_byte(&sql, '\0', err));
	rows.statement = (const char *)sql.data;
	status = axev__odbc_rows(reader, &rows, NULL, 0, &lengths, &count, err);
	if (status >= 0)
		status = check_again(reader, &table, reader->capture->rows - before, lengths, count, err);
	free_lengths(lengths, count);
	TRY(status);
	return axev__json_append_str(reader->capture->tables, wanted, err);
}

static int capture_query(void *payload, const axev_db_opts *opts, axev_error *err)
{
	AXEV__JSON *about = axev__json_new_object();
	struct axev__db_rows rows = { .name = "query", .statement = opts->query, .about = about };
	struct axev__odbc_lengths *lengths = NULL;
	size_t count = 0;
	int status;

	TRY(axev__db_parameters(opts, about, err));
	TRY(axev__json_set_str(about, "what", "query", err));
	TRY(axev__db_statement_check(opts->query, err));
	status = axev__odbc_rows(payload, &rows, opts->parameters, opts->parameter_count, &lengths, &count, err);
	free_lengths(lengths, count);
	return status;
}

static int see_any(void *payload, struct table *table, axev_error *err)
{
	AXEV__BUF full = AXEV__BUF_INIT(2 * AXEV__MAX_DB_NAME);

	if (table->is_view)
		return AXEV_OK;
	if (table->schema.size > 1)
		TRY(axev__buf_printf(&full, err, "%s.", (const char *)table->schema.data));
	TRY(axev__buf_span(&full, axev__buf_view(&table->name), err));
	return axev__json_append_str(payload, (const char *)full.data, err);
}

static int list_tables(void *payload, axev__json *names, axev_error *err)
{
	return each_table(payload, see_any, names, err);
}

int axev__db_odbc(struct axev__db_capture *capture, const axev_db_opts *opts, const char *where,
		  axev__json *source, axev_error *err)
{
	static const struct axev__db_calls calls = { list_tables, capture_table, capture_query };
	AXEV__CLEANUP(axev__odbc_disconnect) struct axev__odbc_reader reader = { .capture = capture };

	TRY(axev__odbc_load(&reader.api, err));
	TRY(axev__odbc_connect(&reader, opts, where, err));
	TRY(axev__odbc_describe(&reader, source, err));
	return axev__db_wanted(&calls, &reader, capture, opts, err);
}
