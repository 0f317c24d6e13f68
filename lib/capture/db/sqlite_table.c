/* SPDX-License-Identifier: Apache-2.0 */
/* What a table of SQLite is: its columns, its key, how many rows it has. */
#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "capture/db/sqlite.h"

void axev__sqlite_table_free(struct axev__sqlite_table *table)
{
	axev__buf_free(&table->columns);
	axev__buf_free(&table->order);
	axev__json_free(table->names);
	axev__json_free(table->key);
}

/* ---- columns and key ---- */

static int add_name(const char *name, struct axev__buf *list, axev_error *err)
{
	if (list->size > 0)
		TRY(axev__buf_byte(list, ',', err));
	return axev__sqlite_quote(name, list, err);
}

static int read_columns(const struct axev__sqlite_reader *reader, struct axev__sqlite_table *table, axev_error *err)
{
	AXEV__SQLITE_STATEMENT statement = { 0 };
	int more;

	TRY(axev__sqlite_prepare_about(reader, "SELECT name, hidden FROM pragma_table_xinfo(?1) WHERE hidden<>1 ORDER BY cid",
				       table->name, &statement, err));
	while ((more = axev__sqlite_step(&statement, err)) > 0) {
		const char *name = axev__sqlite_text(&statement, 0);

		TRY(add_name(name, &table->columns, err));
		if (reader->api.column_int64(statement.stmt, 1) != 0 || !axev__is_utf8(axev__span_str(name)))
			table->has_generated = true;
		else
			TRY(axev__json_append_str(table->names, name, err));
	}
	return more;
}

/* SQLite lets NULL into keys of ordinary tables, any number of times: then they are no order. */
static int look_for_null(const struct axev__sqlite_reader *reader, const char *table, const char *column, bool *ret_has,
			 axev_error *err)
{
	AXEV__BUF sql = AXEV__BUF_INIT(8 * AXEV__MAX_DB_NAME);
	int64_t found;

	TRY(axev__buf_str(&sql, "SELECT 1 FROM ", err));
	TRY(axev__sqlite_quote(table, &sql, err));
	TRY(axev__buf_str(&sql, " WHERE ", err));
	TRY(axev__sqlite_quote(column, &sql, err));
	TRY(axev__buf_str(&sql, " IS NULL LIMIT 1", err));
	TRY(axev__sqlite_number(reader, (char *)sql.data, NULL, &found, err));
	*ret_has = *ret_has || found == 1;
	return AXEV_OK;
}

static int read_key(const struct axev__sqlite_reader *reader, struct axev__sqlite_table *table, axev_error *err)
{
	AXEV__SQLITE_STATEMENT statement = { 0 };
	bool has_null = false;
	int more;

	TRY(axev__sqlite_prepare_about(reader, "SELECT name FROM pragma_table_xinfo(?1) WHERE pk>0 ORDER BY pk",
				       table->name, &statement, err));
	while ((more = axev__sqlite_step(&statement, err)) > 0) {
		const char *name = axev__sqlite_text(&statement, 0);

		TRY(add_name(name, &table->order, err));
		TRY(axev__buf_str(&table->order, " COLLATE BINARY", err));
		TRY(axev__db_append_text(table->key, name, err));
		TRY(look_for_null(reader, table->name, name, &has_null, err));
	}
	table->has_key = table->order.size > 0 && !has_null;
	return more;
}

int axev__sqlite_table(const struct axev__sqlite_reader *reader, const char *name, struct axev__sqlite_table *ret_table,
		       axev_error *err)
{
	struct axev__shown shown;
	int64_t kind;

	TRY(axev__sqlite_number(reader,
		   "SELECT CASE WHEN type='view' THEN 1 WHEN rootpage=0 THEN 2 ELSE 0 END FROM sqlite_schema "
		   "WHERE name=?1 AND type IN ('table','view')",
		   name, &kind, err));
	if (kind < 0)
		return axev__fail(err, AXEV_E_NOTFOUND, "the database has no table or view '%s'",
				  axev__show_str(&shown, name));
	*ret_table = (struct axev__sqlite_table){
		.name = name,
		.is_view = kind == 1,
		.is_virtual = kind == 2,
		.columns = AXEV__BUF_INIT(AXEV__MAX_RECORD_HEADER_BYTES),
		.order = AXEV__BUF_INIT(AXEV__MAX_RECORD_HEADER_BYTES),
		.names = axev__json_new_array(),
		.key = axev__json_new_array(),
	};
	TRY(read_columns(reader, ret_table, err));
	return read_key(reader, ret_table, err);
}

int axev__sqlite_table_check_virtual(const struct axev__sqlite_reader *reader, const char *name, bool *ret_can_read,
				     axev_error *err)
{
	AXEV__BUF sql = AXEV__BUF_INIT(4 * AXEV__MAX_DB_NAME);
	axev_error problem = AXEV_ERROR_INIT;
	AXEV__SQLITE_STATEMENT statement = { 0 };
	char why[sizeof(problem.message) + 32];

	TRY(axev__buf_str(&sql, "SELECT * FROM ", err));
	TRY(axev__sqlite_quote(name, &sql, err));
	*ret_can_read = axev__sqlite_prepare(reader, (const char *)sql.data, &statement, NULL, &problem) >= 0;
	if (*ret_can_read)
		return AXEV_OK;
	snprintf(why, sizeof(why), "not read: %s", problem.message);
	return axev__take_missing(reader->capture->take, axev__span_str(name), why, err);
}

/* ---- its rows ---- */

int axev__sqlite_table_select(const struct axev__sqlite_table *table, struct axev__buf *sql, axev_error *err)
{
	TRY(axev__buf_str(sql, "SELECT ", err));
	TRY(axev__buf_span(sql, axev__buf_view(&table->columns), err));
	TRY(axev__buf_str(sql, " FROM ", err));
	TRY(axev__sqlite_quote(table->name, sql, err));
	if (!table->has_key)
		return AXEV_OK;
	TRY(axev__buf_str(sql, " ORDER BY ", err));
	return axev__buf_span(sql, axev__buf_view(&table->order), err);
}

int axev__sqlite_table_count(const struct axev__sqlite_reader *reader, const char *name, uint64_t rows, axev_error *err)
{
	AXEV__BUF sql = AXEV__BUF_INIT(4 * AXEV__MAX_DB_NAME);
	int64_t count;

	TRY(axev__buf_str(&sql, "SELECT count(*) FROM ", err));
	TRY(axev__sqlite_quote(name, &sql, err));
	TRY(axev__sqlite_number(reader, (char *)sql.data, NULL, &count, err));
	if (count < 0 || (uint64_t)count != rows)
		return axev__fail(err, AXEV_E_STATE, "'%.200s': %" PRIu64 " rows were read, SQLite counts %" PRId64, name,
				  rows, count);
	return AXEV_OK;
}
