/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQLite: its files are copied and hashed first, then the copy is read, value by value with the storage class that each
 * has. The driver's library is the machine's; its version is recorded.
 */
#include "capture/db/sqlite_long.h"

#include <stdio.h>

#include "base/text.h"
#include "capture/db/db_wanted.h"
#include "capture/db/sqlite_copy.h"

/* ---- what the database says of itself ---- */

static int pragma(const struct axev__sqlite_reader *reader, const char *name, axev__json *options, axev_error *err)
{
	AXEV__SQLITE_STATEMENT statement = { 0 };
	char sql[64];

	snprintf(sql, sizeof(sql), "PRAGMA %s", name);
	TRY(axev__sqlite_prepare(reader, sql, &statement, NULL, err));
	TRY(axev__sqlite_step(&statement, err));
	return axev__db_text(options, name, axev__sqlite_text(&statement, 0), err);
}

static int describe(struct axev__sqlite_reader *reader, axev__json *source, axev_error *err)
{
	static const char *const pragmas[] = { "encoding", "page_size", "page_count", "schema_version", "user_version",
					       "application_id", "journal_mode", "freelist_count" };
	axev__json *options = axev__json_new_object();
	struct axev__span encoding;
	size_t i;

	TRY(axev__json_set(source, "options", options, err));
	for (i = 0; i < AXEV__COUNT(pragmas); i++)
		TRY(pragma(reader, pragmas[i], options, err));
	TRY(axev__json_string(options, "encoding", &encoding, err));
	reader->encoding = axev__span_is(encoding, "UTF-16le") ? AXEV__SQLITE_UTF16LE :
			   axev__span_is(encoding, "UTF-16be") ? AXEV__SQLITE_UTF16BE :
								 AXEV__SQLITE_UTF8;
	TRY(axev__json_set_str(options, "driver", reader->api.libversion(), err));
	TRY(axev__json_set_str(options, "driver_source", reader->api.sourceid(), err));
	TRY(axev__json_set_str(source, "system", "SQLite", err));
	TRY(axev__json_set_str(source, "version", reader->api.libversion(), err));
	return axev__json_set_str(source, "snapshot", "copy of the files, read twice the same", err);
}

static int add_schema(struct axev__sqlite_reader *reader, axev_error *err)
{
	static const char *const members[] = { "type", "name", "table", "sql" };
	AXEV__JSON *list = axev__json_new_array();
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_RECORD_HEADER_BYTES);
	AXEV__SQLITE_STATEMENT statement = { 0 };
	int more;
	size_t i;

	TRY(axev__sqlite_prepare(reader, "SELECT type,name,tbl_name,sql FROM sqlite_schema ORDER BY rowid", &statement,
				 NULL, err));
	while ((more = axev__sqlite_step(&statement, err)) > 0) {
		AXEV__JSON *item = axev__json_new_object();

		for (i = 0; i < AXEV__COUNT(members); i++)
			TRY(axev__db_text(item, members[i], axev__sqlite_text(&statement, (int)i), err));
		TRY(axev__json_append(list, axev__steal(item), err));
	}
	TRY(more);
	TRY(axev__json_canonical(list, &bytes, err));
	return axev__db_object(reader->capture, "data/sqlite/schema.json", "schema", axev__buf_view(&bytes), err);
}

/* ---- a table, a view, a query ---- */

/* First as if there were no long values, which costs nothing; if there are, anew. */
static int take_table(const struct axev__sqlite_table *table, const struct axev__sqlite_statement *statement,
		      const struct axev__db_rows *rows, axev__json *about, axev_error *err)
{
	AXEV__SQLITE_LONG found = { 0 };
	AXEV__BUF run = AXEV__BUF_INIT(6 * AXEV__MAX_RECORD_HEADER_BYTES);
	bool are_short;

	TRY(axev__sqlite_long_find(statement->reader, table, &found, err));
	if (!found.rowid)
		return axev__sqlite_rows(statement, rows, err);
	TRY(axev__sqlite_rows_if_short(statement, rows, &are_short, err));
	if (are_short)
		return AXEV_OK;
	TRY(axev__sqlite_long_prepare(&found, err));
	TRY(axev__buf_printf(&run, err, "%s; %s", (const char *)found.walk_sql.data, (const char *)found.rows_sql.data));
	TRY(axev__db_text(about, "run", (const char *)run.data, err));
	return axev__sqlite_rows_with_long(statement, rows, &found, err);
}

static int capture_table(void *payload, const char *name, axev_error *err)
{
	struct axev__sqlite_reader *reader = payload;
	AXEV__SQLITE_TABLE table = { 0 };
	AXEV__BUF sql = AXEV__BUF_INIT(3 * AXEV__MAX_RECORD_HEADER_BYTES);
	AXEV__JSON *about = axev__json_new_object();
	struct axev__db_rows rows = { .name = name, .about = about };
	uint64_t before = reader->capture->rows;
	AXEV__SQLITE_STATEMENT statement = { 0 };

	TRY(axev__sqlite_table(reader, name, &table, err));
	TRY(axev__sqlite_table_select(&table, &sql, err));
	TRY(axev__json_set_str(about, "what", table.is_view ? "view" : table.is_virtual ? "virtual table" : "table", err));
	reader->is_users_statement = true; /* a view's definition comes from the database */
	TRY(axev__sqlite_prepare(reader, (char *)sql.data, &statement, NULL, err));
	reader->is_users_statement = false;
	rows.statement = (const char *)sql.data;
	if (table.has_key) {
		rows.order = (const char *)table.order.data;
		TRY(axev__json_set(about, "key", axev__steal(table.key), err));
	}
	TRY(take_table(&table, &statement, &rows, about, err));
	TRY(axev__json_append_str(reader->capture->tables, name, err));
	return axev__sqlite_table_count(reader, name, reader->capture->rows - before, err);
}

static int bind(const struct axev__sqlite_statement *statement, const axev_db_opts *opts, axev_error *err)
{
	const struct axev__sqlite *api = &statement->reader->api;
	int want = api->bind_parameter_count(statement->stmt);
	size_t i;

	if ((size_t)want != opts->parameter_count)
		return axev__fail(err, AXEV_E_INVAL, "the statement has %d parameters, %zu were given", want,
				  opts->parameter_count);
	for (i = 0; i < opts->parameter_count; i++)
		if (api->bind_text(statement->stmt, (int)i + 1, opts->parameters[i], -1, SQLITE_STATIC) != SQLITE_OK)
			return axev__sqlite_fail(statement->reader, "cannot bind a parameter", err);
	return AXEV_OK;
}

static int capture_query(void *payload, const axev_db_opts *opts, axev_error *err)
{
	struct axev__sqlite_reader *reader = payload;
	AXEV__JSON *about = axev__json_new_object();
	struct axev__db_rows rows = { .name = "query", .statement = opts->query, .about = about };
	AXEV__SQLITE_STATEMENT statement = { 0 }, rest = { 0 };
	const char *tail = NULL;

	reader->is_users_statement = true;
	TRY(axev__prefix(axev__sqlite_prepare(reader, opts->query, &statement, &tail, err), err, "only a SELECT is run"));
	if (!statement.stmt || !reader->api.stmt_readonly(statement.stmt) ||
	    reader->api.column_count(statement.stmt) == 0)
		return axev__fail(err, AXEV_E_INVAL, "only a SELECT is run: this statement gives no rows, or writes");
	/* What stands behind it must be nothing but blanks and comments. */
	if (axev__sqlite_prepare(reader, tail, &rest, NULL, NULL) < 0 || rest.stmt)
		return axev__fail(err, AXEV_E_INVAL, "only a SELECT is run: expected one statement, found more");
	TRY(axev__json_set_str(about, "what", "query", err));
	TRY(bind(&statement, opts, err));
	TRY(axev__db_parameters(opts, about, err));
	return axev__sqlite_rows(&statement, &rows, err);
}

static int list_tables(void *payload, axev__json *names, axev_error *err)
{
	const struct axev__sqlite_reader *reader = payload;
	AXEV__SQLITE_STATEMENT statement = { 0 };
	int more;

	TRY(axev__sqlite_prepare(reader,
				 "SELECT name, rootpage=0 FROM sqlite_schema WHERE type='table' AND substr(name,1,7)<>'sqlite_' "
				 "ORDER BY rowid",
				 &statement, NULL, err));
	while ((more = axev__sqlite_step(&statement, err)) > 0) {
		const char *name = axev__sqlite_text(&statement, 0);
		bool can_read = true;
		struct axev__shown shown;

		/* To SQLite any bytes are a name. */
		if (!axev__is_utf8(axev__span_str(name)))
			return axev__fail(err, AXEV_E_UNSUPPORTED, "the name of table '%s' is not UTF-8; name the others with --table",
					  axev__show_str(&shown, name));
		if (reader->api.column_int64(statement.stmt, 1))
			TRY(axev__sqlite_table_check_virtual(reader, name, &can_read, err));
		if (can_read)
			TRY(axev__json_append_str(names, name, err));
	}
	return more;
}

int axev__db_sqlite(struct axev__db_capture *capture, const axev_db_opts *opts, const char *where,
		    axev__json *source, axev_error *err)
{
	static const struct axev__db_calls calls = { list_tables, capture_table, capture_query };
	AXEV__CLEANUP(axev__sqlite_close) struct axev__sqlite_reader reader = { .capture = capture };

	if (opts->password || opts->ca_file)
		return axev__fail(err, AXEV_E_INVAL, "a SQLite database has neither a password nor TLS");
	TRY(axev__sqlite_load(&reader.api, err));
	TRY(axev__sqlite_copy(capture, where, err));
	TRY(axev__sqlite_open(&reader, err));
	TRY(describe(&reader, source, err));
	TRY(add_schema(&reader, err));
	return axev__db_wanted(&calls, &reader, capture, opts, err);
}
