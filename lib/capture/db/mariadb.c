/* SPDX-License-Identifier: Apache-2.0 */
/* MariaDB and MySQL: one consistent snapshot in which nothing can be written; tables, views, one SELECT. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "capture/db/db_cut.h"
#include "capture/db/db_statement.h"
#include "capture/db/db_wanted.h"
#include "capture/db/mariadb_long.h"

static void reader_free(struct axev__mariadb_reader *reader)
{
	if (reader->link)
		reader->api.close(reader->link);
	axev__json_free(reader->schema);
	axev__mariadb_unload(&reader->api);
}

/* ---- what a table is ---- */

struct table {
	const char *name;
	bool exists, is_view;
	char engine[64];          /* empty: none, as of a view */
	axev__json *types;        /* of the columns, by position */
	axev__json *create;       /* what SHOW CREATE says: about a view too */
	axev__json *key;          /* its columns */
	struct axev__buf columns, order;
	struct axev__mariadb_long found;
};

static void table_free(struct table *table)
{
	axev__json_free(table->types);
	axev__json_free(table->create);
	axev__json_free(table->key);
	axev__buf_free(&table->columns);
	axev__buf_free(&table->order);
	axev__mariadb_long_free(&table->found);
}

static int see_table(void *payload, char *const *values, axev_error *err)
{
	struct table *table = payload;

	(void)err;
	table->exists = true;
	table->is_view = values[0] && strstr(values[0], "VIEW");
	snprintf(table->engine, sizeof(table->engine), "%s", values[1] ? values[1] : "");
	return AXEV_OK;
}

/* COLUMN_NAME, COLUMN_TYPE, CHARACTER_SET_NAME */
static int see_column(void *payload, char *const *values, axev_error *err)
{
	struct table *table = payload;
	AXEV__BUF type = AXEV__BUF_INIT(AXEV__MAX_DB_STATEMENT);

	if (table->columns.size > 0)
		TRY(axev__buf_byte(&table->columns, ',', err));
	TRY(axev__mariadb_quote(values[0], &table->columns, err));
	TRY(axev__buf_str(&type, values[1], err));
	if (values[2])
		TRY(axev__buf_printf(&type, err, " character set %s", values[2]));
	TRY(axev__mariadb_long_column(&table->found, values[0], values[1], values[2], err));
	return axev__json_append(table->types, axev__json_new_string(axev__buf_view(&type)), err);
}

/*
 * COLUMN_NAME, CHARACTER_SET_NAME, COLUMN_TYPE. Text in the order of its bytes in UTF-8, which no collation of the server decides; enumerations
 * have a character set too.
 */
static int see_key(void *payload, char *const *values, axev_error *err)
{
	struct table *table = payload;

	TRY(axev__json_append_str(table->key, values[0], err));
	TRY(axev__mariadb_long_key(&table->found, values[0], values[2], values[1], err));
	if (table->order.size > 0)
		TRY(axev__buf_byte(&table->order, ',', err));
	if (!values[1])
		return axev__mariadb_quote(values[0], &table->order, err);
	TRY(axev__buf_str(&table->order, "CAST(CONVERT(", err));
	TRY(axev__mariadb_quote(values[0], &table->order, err));
	return axev__buf_str(&table->order, " USING utf8mb4) AS BINARY)", err);
}

static int see_create(void *payload, char *const *values, axev_error *err)
{
	return axev__db_text(payload, "sql", values[1], err);
}

static int ask_about(const struct axev__mariadb_reader *reader, const char *before, const char *name, const char *after,
		     axev__mariadb_row *row, void *payload, axev_error *err)
{
	AXEV__BUF sql = AXEV__BUF_INIT(AXEV__MAX_DB_STATEMENT);

	TRY(axev__buf_str(&sql, before, err));
	TRY(axev__mariadb_literal(name, &sql, err));
	TRY(axev__buf_str(&sql, after, err));
	TRY(axev__buf_byte(&sql, '\0', err));
	return axev__mariadb_ask(reader, (const char *)sql.data, row, payload, err);
}

#define COLUMNS_OF \
	"SELECT COLUMN_NAME, COLUMN_TYPE, CHARACTER_SET_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() " \
	"AND TABLE_NAME = "
#define KEY_OF \
	"SELECT s.COLUMN_NAME, c.CHARACTER_SET_NAME, c.COLUMN_TYPE FROM information_schema.STATISTICS AS s JOIN information_schema.COLUMNS AS c " \
	"ON c.TABLE_SCHEMA = s.TABLE_SCHEMA AND c.TABLE_NAME = s.TABLE_NAME AND c.COLUMN_NAME = s.COLUMN_NAME " \
	"WHERE s.INDEX_NAME = 'PRIMARY' AND s.TABLE_SCHEMA = DATABASE() AND s.TABLE_NAME = "

static int read_table(const struct axev__mariadb_reader *reader, struct table *table, axev_error *err)
{
	AXEV__BUF sql = AXEV__BUF_INIT(AXEV__MAX_DB_STATEMENT);
	struct axev__shown shown;

	TRY(ask_about(reader,
		      "SELECT TABLE_TYPE, ENGINE FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ",
		      table->name, "", see_table, table, err));
	if (!table->exists)
		return axev__fail(err, AXEV_E_NOTFOUND, "the database has no table or view '%s', or the account may not see it",
				  axev__show_str(&shown, table->name));
	TRY(ask_about(reader, COLUMNS_OF, table->name, " ORDER BY ORDINAL_POSITION", see_column, table, err));
	TRY(ask_about(reader, KEY_OF, table->name, " ORDER BY s.SEQ_IN_INDEX", see_key, table, err));
	TRY(axev__buf_str(&sql, "SHOW CREATE TABLE ", err));
	TRY(axev__mariadb_quote(table->name, &sql, err));
	TRY(axev__buf_byte(&sql, '\0', err));
	TRY(axev__json_set_str(table->create, "name", table->name, err));
	TRY(axev__json_set_str(table->create, "type", table->is_view ? "view" : "table", err));
	return axev__mariadb_ask(reader, (const char *)sql.data, see_create, table->create, err);
}

/* ---- rows ---- */

static int select_table(const struct table *table, struct axev__buf *sql, axev_error *err)
{
	TRY(axev__buf_str(sql, "SELECT ", err));
	TRY(axev__buf_span(sql, axev__buf_view(&table->columns), err));
	TRY(axev__buf_str(sql, " FROM ", err));
	TRY(axev__mariadb_quote(table->name, sql, err));
	if (table->order.size > 0) {
		TRY(axev__buf_str(sql, " ORDER BY ", err));
		TRY(axev__buf_span(sql, axev__buf_view(&table->order), err));
	}
	return axev__buf_byte(sql, '\0', err);
}

static int see_count(void *payload, char *const *values, axev_error *err)
{
	(void)err;
	*(uint64_t *)payload = values[0] ? strtoull(values[0], NULL, 10) : UINT64_MAX;
	return AXEV_OK;
}

static int count_again(const struct axev__mariadb_reader *reader, const char *name, uint64_t rows, axev_error *err)
{
	AXEV__BUF sql = AXEV__BUF_INIT(AXEV__MAX_DB_STATEMENT);
	uint64_t count = UINT64_MAX;
	axev_error problem = AXEV_ERROR_INIT;
	int status;

	if (reader->capture->is_cut)
		return AXEV_OK;
	TRY(axev__buf_str(&sql, "SELECT count(*) FROM ", err));
	TRY(axev__mariadb_quote(name, &sql, err));
	TRY(axev__buf_byte(&sql, '\0', err));
	status = axev__mariadb_ask(reader, (const char *)sql.data, see_count, &count, &problem);
	TRY(axev__db_cut_between(reader->capture, name, true, status, &problem, err));
	if (reader->capture->is_cut)
		return AXEV_OK;
	if (count != rows)
		return axev__fail(err, AXEV_E_STATE, "'%.200s': %" PRIu64 " rows were read, the server counts %" PRIu64
				  ": it was written to meanwhile", name, rows, count);
	return AXEV_OK;
}

/* Of the engines only InnoDB has the snapshot; a table of another one is read as it is at its moment. */
static int tell_engine(const struct table *table, axev__json *about, axev_error *err)
{
	TRY(axev__json_set_str(about, "what", table->is_view ? "view" : "table", err));
	if (!table->engine[0])
		return AXEV_OK;
	TRY(axev__json_set_str(about, "engine", table->engine, err));
	return axev__json_set_bool(about, "in_snapshot", strcmp(table->engine, "InnoDB") == 0, err);
}

static int capture_table(void *payload, const char *name, axev_error *err)
{
	struct axev__mariadb_reader *reader = payload;
	AXEV__CLEANUP(table_free) struct table table = {
		.name = name,
		.types = axev__json_new_array(),
		.create = axev__json_new_object(),
		.key = axev__json_new_array(),
		.columns = AXEV__BUF_INIT(AXEV__MAX_RECORD_HEADER_BYTES),
		.order = AXEV__BUF_INIT(AXEV__MAX_RECORD_HEADER_BYTES),
	};
	AXEV__BUF sql = AXEV__BUF_INIT(3 * AXEV__MAX_RECORD_HEADER_BYTES);
	AXEV__JSON *about = axev__json_new_object();
	struct axev__db_rows rows = { .name = name, .about = about };
	uint64_t before = reader->capture->rows;

	table.found.reader = reader;
	table.found.table = name;
	TRY(axev__mariadb_long_new(&table.found, err));
	TRY(read_table(reader, &table, err));
	TRY(select_table(&table, &sql, err));
	TRY(tell_engine(&table, about, err));
	if (table.order.size > 0)
		TRY(axev__buf_byte(&table.order, '\0', err));
	rows.statement = (const char *)sql.data;
	rows.order = table.order.size > 0 ? (const char *)table.order.data : NULL;
	if (rows.order)
		TRY(axev__json_set(about, "key", axev__steal(table.key), err));
	table.found.order = rows.order;
	if (rows.order && strcmp(table.engine, "InnoDB") == 0)
		TRY(axev__mariadb_long_read(&table.found, err));
	if (table.found.count > 0)
		TRY(axev__db_text(about, "run", (const char *)table.found.select.data, err));
	TRY(axev__mariadb_rows(reader, &rows, table.types, table.found.count > 0 ? &table.found : NULL, NULL, 0, err));
	TRY(axev__json_append_str(reader->capture->tables, name, err));
	TRY(axev__json_append(reader->schema, axev__steal(table.create), err));
	return count_again(reader, name, reader->capture->rows - before, err);
}

static int capture_query(void *payload, const axev_db_opts *opts, axev_error *err)
{
	AXEV__JSON *about = axev__json_new_object();
	struct axev__db_rows rows = { .name = "query", .statement = opts->query, .about = about };

	TRY(axev__db_parameters(opts, about, err));
	TRY(axev__json_set_str(about, "what", "query", err));
	TRY(axev__db_statement_check(opts->query, err));
	return axev__mariadb_rows(payload, &rows, NULL, NULL, opts->parameters, opts->parameter_count, err);
}

static int see_name(void *payload, char *const *values, axev_error *err)
{
	return axev__json_append_str(payload, values[0], err);
}

static int list_tables(void *payload, axev__json *names, axev_error *err)
{
	return axev__mariadb_ask(payload,
				 "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE NOT "
				 "LIKE '%VIEW' ORDER BY CAST(CONVERT(TABLE_NAME USING utf8mb4) AS BINARY)",
				 see_name, names, err);
}

static int add_schema(struct axev__mariadb_reader *reader, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(16 * AXEV__MIB);

	if (axev__json_count(reader->schema) == 0)
		return AXEV_OK;
	TRY(axev__json_canonical(reader->schema, &bytes, err));
	return axev__db_object(reader->capture, "data/mariadb/schema.json", "schema", axev__buf_view(&bytes), err);
}

int axev__db_mariadb(struct axev__db_capture *capture, const axev_db_opts *opts, const char *where,
		     axev__json *source, axev_error *err)
{
	static const struct axev__db_calls calls = { list_tables, capture_table, capture_query };
	AXEV__CLEANUP(reader_free) struct axev__mariadb_reader reader = { .capture = capture,
									  .schema = axev__json_new_array() };

	TRY(axev__mariadb_load(&reader.api, err));
	TRY(axev__mariadb_connect(&reader, opts, where, err));
	TRY(axev__mariadb_describe(&reader, source, err));
	TRY(axev__db_wanted(&calls, &reader, capture, opts, err));
	return add_schema(&reader, err);
}
