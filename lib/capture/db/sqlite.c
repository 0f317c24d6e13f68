/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQLite: its files are copied and hashed first, then the copy is read, value by value with the storage class that each
 * has. The driver's library is the machine's; its version is recorded.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "base/utf16.h"
#include "capture/db/db_engine.h"
#include "capture/db/db_wanted.h"
#include "capture/db/declared.h"
#include "capture/db/sqlite_api.h"
#include "capture/db/sqlite_copy.h"
#include "capture/db/sqlite_long.h"

struct reader {
	struct axev__sqlite api;
	sqlite3 *db;
	struct axev__db_capture *capture;
	enum { UTF8, UTF16LE, UTF16BE } encoding;
	bool is_users_statement; /* only what a SELECT does is authorised */
};

static void reader_free(struct reader *reader)
{
	if (reader->db)
		reader->api.close(reader->db);
	axev__sqlite_unload(&reader->api);
}

static int sqlite_fail(const struct reader *reader, const char *doing, axev_error *err)
{
	struct axev__shown shown;

	return axev__fail(err, AXEV_E_PEER, "SQLite: %s: %s", doing,
			  axev__show_str(&shown, reader->api.errmsg(reader->db)));
}

struct statement {
	const struct reader *reader;
	sqlite3_stmt *stmt;
};

static void statement_free(struct statement *statement)
{
	if (statement->stmt)
		statement->reader->api.finalize(statement->stmt);
}
#define STATEMENT AXEV__CLEANUP(statement_free) struct statement

static int prepare(const struct reader *reader, const char *sql, struct statement *ret_statement,
		   const char **ret_tail, axev_error *err)
{
	sqlite3_stmt *stmt = NULL;

	if (reader->api.prepare_v2(reader->db, sql, -1, &stmt, ret_tail) != SQLITE_OK)
		return sqlite_fail(reader, "the statement was refused", err);
	*ret_statement = (struct statement){ reader, stmt };
	return AXEV_OK;
}

/* 1: a row, 0: the end. */
static int step(const struct statement *statement, axev_error *err)
{
	int code = statement->reader->api.step(statement->stmt);

	if (code == SQLITE_ROW || code == SQLITE_DONE)
		return code == SQLITE_ROW;
	return sqlite_fail(statement->reader, "reading failed", err);
}

static struct axev__span column_bytes(const struct statement *statement, int column)
{
	const void *data = statement->reader->api.column_blob(statement->stmt, column);

	return axev__span(data ? data : "",
			  data ? (size_t)statement->reader->api.column_bytes(statement->stmt, column) : 0);
}

/* ---- only reading ---- */

static int authorize(void *payload, int action, const char *a, const char *b, const char *database,
		     const char *trigger)
{
	const struct reader *reader = payload;

	(void)a;
	(void)database;
	(void)trigger;
	if (!reader->is_users_statement)
		return SQLITE_OK;
	if (action == SQLITE_FUNCTION && b && strcmp(b, "load_extension") == 0)
		return SQLITE_DENY;
	return action == SQLITE_SELECT || action == SQLITE_READ || action == SQLITE_FUNCTION ||
			       action == SQLITE_RECURSIVE ?
		       SQLITE_OK :
		       SQLITE_DENY;
}

static int open_copy(struct reader *reader, axev_error *err)
{
	char path[256];
	STATEMENT statement = { 0 };

	snprintf(path, sizeof(path), "/proc/self/fd/%d/%s/" AXEV__SQLITE_COPY, reader->capture->take->ledger->dirfd,
		 reader->capture->folder);
	/* Writable, so that a journal that was left is rolled back in the copy, as SQLite would do it. */
	if (reader->api.open_v2(path, &reader->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		return sqlite_fail(reader, "cannot open the copy", err);
	/* A schema from elsewhere must not run what it names. */
	reader->api.db_config(reader->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	reader->api.db_config(reader->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	reader->api.set_authorizer(reader->db, authorize, reader);
	TRY(prepare(reader, "PRAGMA query_only=ON", &statement, NULL, err));
	return step(&statement, err);
}

/* ---- what the database says of itself ---- */

static int pragma(const struct reader *reader, const char *name, axev__json *options, axev_error *err)
{
	char sql[64];
	STATEMENT statement = { 0 };

	snprintf(sql, sizeof(sql), "PRAGMA %s", name);
	TRY(prepare(reader, sql, &statement, NULL, err));
	TRY(step(&statement, err));
	return axev__db_text(options, name, (const char *)reader->api.column_text(statement.stmt, 0), err);
}

static int describe(struct reader *reader, axev__json *source, axev_error *err)
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
	reader->encoding = axev__span_is(encoding, "UTF-16le") ? UTF16LE :
			   axev__span_is(encoding, "UTF-16be") ? UTF16BE :
								 UTF8;
	TRY(axev__json_set_str(options, "driver", reader->api.libversion(), err));
	TRY(axev__json_set_str(options, "driver_source", reader->api.sourceid(), err));
	TRY(axev__json_set_str(source, "system", "SQLite", err));
	TRY(axev__json_set_str(source, "version", reader->api.libversion(), err));
	return axev__json_set_str(source, "snapshot", "copy of the files, read twice the same", err);
}

static int add_schema(struct reader *reader, axev_error *err)
{
	AXEV__JSON *list = axev__json_new_array();
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_RECORD_HEADER_BYTES);
	STATEMENT statement = { 0 };
	static const char *const members[] = { "type", "name", "table", "sql" };
	int more;
	size_t i;

	TRY(prepare(reader, "SELECT type,name,tbl_name,sql FROM sqlite_schema ORDER BY rowid", &statement, NULL, err));
	while ((more = step(&statement, err)) > 0) {
		AXEV__JSON *item = axev__json_new_object();

		for (i = 0; i < AXEV__COUNT(members); i++)
			TRY(axev__db_text(item, members[i],
				      (const char *)reader->api.column_text(statement.stmt, (int)i), err));
		TRY(axev__json_append(list, axev__steal(item), err));
	}
	TRY(more);
	TRY(axev__json_canonical(list, &bytes, err));
	return axev__db_object(reader->capture, "data/sqlite/schema.json", "schema", axev__buf_view(&bytes), err);
}

/* ---- values ---- */

static int take_utf8(struct axev__db_set *set, struct axev__span text, const struct axev__declared *declared,
		     axev_error *err)
{
	bool is_taken;

	TRY(axev__declared_text(declared, text, &set->cells, &is_taken, err));
	if (is_taken)
		return AXEV_OK;
	return axev__db_set_content(set, axev__is_utf8(text) ? AXEV__CELL_TEXT : AXEV__CELL_RAW_TEXT, text, err);
}

static int take_text(const struct reader *reader, struct axev__db_set *set, struct axev__span text,
		     const struct axev__declared *declared, axev_error *err)
{
	AXEV__BUF utf8 = AXEV__BUF_INIT(2 * AXEV__GIB);
	bool is_good;

	if (reader->encoding == UTF8)
		return take_utf8(set, text, declared, err);
	TRY(axev__utf16_to_utf8(text, reader->encoding == UTF16BE, &utf8, &is_good, err));
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

static int take_value(const struct statement *statement, int column, const struct axev__declared *declared,
		      struct axev__db_set *set, axev_error *err)
{
	const struct axev__sqlite *api = &statement->reader->api;

	switch (api->column_type(statement->stmt, column)) {
	case SQLITE_INTEGER:
		return take_integer(set, api->column_int64(statement->stmt, column), declared, err);
	case SQLITE_FLOAT:
		return take_real(set, api->column_double(statement->stmt, column), declared, err);
	case SQLITE_TEXT:
		return take_text(statement->reader, set, column_bytes(statement, column), declared, err);
	case SQLITE_BLOB:
		return axev__db_set_content(set, AXEV__CELL_BYTES, column_bytes(statement, column), err);
	default:
		return axev__cell_null(&set->cells, err);
	}
}

static int take_rows(const struct statement *statement, struct axev__db_set *set, axev_error *err)
{
	const struct axev__sqlite *api = &statement->reader->api;
	int columns = api->column_count(statement->stmt), i, more;
	AXEV__FREE struct axev__declared *declared = calloc((size_t)columns, sizeof(*declared));

	if (!declared)
		return axev__nomem(err);
	for (i = 0; i < columns; i++)
		declared[i] = axev__declared_type(api->column_decltype(statement->stmt, i));
	while ((more = step(statement, err)) > 0) {
		for (i = 0; i < columns; i++)
			TRY(take_value(statement, i, &declared[i], set, err));
		TRY(axev__db_set_row(set, err));
	}
	return more;
}

/* The rows of @shown, in which long values stand as NULL behind the rowid: their types are those that @statement declares. */
static int take_rows_with_long(const struct statement *statement, const struct axev__sqlite_long *found, struct axev__db_set *set,
			       axev_error *err)
{
	const struct axev__sqlite *api = &statement->reader->api;
	int columns = api->column_count(statement->stmt), i, more;
	STATEMENT shown = { 0 };

	TRY(prepare(statement->reader, (const char *)found->select.data, &shown, NULL, err));
	while ((more = step(&shown, err)) > 0) {
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

/* ---- a table, a view, a query ---- */

static int describe_fields(const struct statement *statement, axev__json *fields, axev_error *err)
{
	const struct axev__sqlite *api = &statement->reader->api;
	int columns = api->column_count(statement->stmt), i;

	for (i = 0; i < columns; i++)
		TRY(axev__db_field(fields, api->column_name(statement->stmt, i),
				   api->column_decltype(statement->stmt, i), err));
	return AXEV_OK;
}

/* @found NULL: of no table, whose long values come with the rows. */
static int capture_rows(struct reader *reader, const struct statement *statement, struct axev__db_rows *rows,
			const struct axev__sqlite_long *found, axev_error *err)
{
	AXEV__JSON *fields = axev__json_new_array();
	AXEV__DB_SET set = { .fd = -1, .sort_fd = -1 };

	TRY(describe_fields(statement, fields, err));
	rows->fields = fields;
	TRY(axev__db_set_begin(reader->capture, rows, &set, err));
	TRY(axev__prefix(found && found->select.size > 0 ? take_rows_with_long(statement, found, &set, err) :
							   take_rows(statement, &set, err),
			 err, "%.200s", rows->name));
	return axev__db_set_finish(&set, err);
}

static int quote(const char *name, struct axev__buf *out, axev_error *err)
{
	TRY(axev__buf_byte(out, '"', err));
	for (; *name; name++) {
		if (*name == '"')
			TRY(axev__buf_byte(out, '"', err));
		TRY(axev__buf_byte(out, (uint8_t)*name, err));
	}
	return axev__buf_byte(out, '"', err);
}

struct table {
	const char *name;
	bool is_view, is_virtual;
	struct axev__buf columns, order;
	axev__json *key;
	unsigned keys;
};

static void table_free(struct table *table)
{
	axev__buf_free(&table->columns);
	axev__buf_free(&table->order);
	axev__json_free(table->key);
}

static int number(const struct reader *reader, const char *sql, const char *bound, int64_t *ret_value, axev_error *err)
{
	STATEMENT statement = { 0 };
	int more;

	TRY(prepare(reader, sql, &statement, NULL, err));
	if (bound && reader->api.bind_text(statement.stmt, 1, bound, -1, SQLITE_STATIC) != SQLITE_OK)
		return sqlite_fail(reader, "cannot bind a name", err);
	more = step(&statement, err);
	TRY(more);
	*ret_value = more ? reader->api.column_int64(statement.stmt, 0) : -1;
	return AXEV_OK;
}

/* SQLite lets NULL into keys of ordinary tables, any number of times: then they are no order. */
static int has_null_key(const struct reader *reader, const struct table *table, const char *column, bool *ret_has,
			axev_error *err)
{
	AXEV__BUF sql = AXEV__BUF_INIT(8 * AXEV__MAX_DB_NAME);
	int64_t found;

	TRY(axev__buf_str(&sql, "SELECT 1 FROM ", err));
	TRY(quote(table->name, &sql, err));
	TRY(axev__buf_str(&sql, " WHERE ", err));
	TRY(quote(column, &sql, err));
	TRY(axev__buf_str(&sql, " IS NULL LIMIT 1", err));
	TRY(number(reader, (char *)sql.data, NULL, &found, err));
	*ret_has = *ret_has || found == 1;
	return AXEV_OK;
}

static int read_columns(const struct reader *reader, struct table *table, bool by_key, bool *ret_null, axev_error *err)
{
	STATEMENT statement = { 0 };
	int more;

	TRY(prepare(reader, by_key ? "SELECT name FROM pragma_table_xinfo(?1) WHERE pk>0 ORDER BY pk" :
				     "SELECT name FROM pragma_table_xinfo(?1) WHERE hidden<>1 ORDER BY cid",
		    &statement, NULL, err));
	if (reader->api.bind_text(statement.stmt, 1, table->name, -1, SQLITE_STATIC) != SQLITE_OK)
		return sqlite_fail(reader, "cannot bind a name", err);
	while ((more = step(&statement, err)) > 0) {
		const char *name = (const char *)reader->api.column_text(statement.stmt, 0);
		struct axev__buf *out = by_key ? &table->order : &table->columns;

		if (out->size > 0)
			TRY(axev__buf_byte(out, ',', err));
		TRY(quote(name ? name : "", out, err));
		if (!by_key)
			continue;
		TRY(axev__buf_str(out, " COLLATE BINARY", err));
		table->keys++;
		TRY(axev__db_append_text(table->key, name, err));
		TRY(has_null_key(reader, table, name ? name : "", ret_null, err));
	}
	return more;
}

static int read_table(struct reader *reader, const char *name, struct table *table, axev_error *err)
{
	struct axev__shown shown;
	bool has_null = false;
	int64_t kind;

	TRY(number(reader,
		   "SELECT CASE WHEN type='view' THEN 1 WHEN rootpage=0 THEN 2 ELSE 0 END FROM sqlite_schema "
		   "WHERE name=?1 AND type IN ('table','view')",
		   name, &kind, err));
	if (kind < 0)
		return axev__fail(err, AXEV_E_NOTFOUND, "the database has no table or view '%s'",
				  axev__show_str(&shown, name));
	table->name = name;
	table->is_view = kind == 1;
	table->is_virtual = kind == 2;
	TRY(read_columns(reader, table, false, &has_null, err));
	TRY(read_columns(reader, table, true, &has_null, err));
	if (has_null)
		table->keys = 0;
	return AXEV_OK;
}

static int count_again(const struct reader *reader, const char *name, uint64_t rows, axev_error *err)
{
	AXEV__BUF sql = AXEV__BUF_INIT(4 * AXEV__MAX_DB_NAME);
	int64_t count;

	TRY(axev__buf_str(&sql, "SELECT count(*) FROM ", err));
	TRY(quote(name, &sql, err));
	TRY(number(reader, (char *)sql.data, NULL, &count, err));
	if (count < 0 || (uint64_t)count != rows)
		return axev__fail(err, AXEV_E_STATE, "'%.200s': %" PRIu64 " rows were read, SQLite counts %" PRId64, name,
				  rows, count);
	return AXEV_OK;
}

static int select_table(const struct table *table, struct axev__buf *sql, axev_error *err)
{
	TRY(axev__buf_str(sql, "SELECT ", err));
	TRY(axev__buf_span(sql, axev__buf_view(&table->columns), err));
	TRY(axev__buf_str(sql, " FROM ", err));
	TRY(quote(table->name, sql, err));
	if (table->keys == 0)
		return AXEV_OK;
	TRY(axev__buf_str(sql, " ORDER BY ", err));
	return axev__buf_span(sql, axev__buf_view(&table->order), err);
}

static int capture_table(void *payload, const char *name, axev_error *err)
{
	struct reader *reader = payload;
	AXEV__CLEANUP(table_free) struct table table = {
		.columns = AXEV__BUF_INIT(AXEV__MAX_RECORD_HEADER_BYTES),
		.order = AXEV__BUF_INIT(AXEV__MAX_RECORD_HEADER_BYTES),
		.key = axev__json_new_array(),
	};
	AXEV__BUF sql = AXEV__BUF_INIT(3 * AXEV__MAX_RECORD_HEADER_BYTES);
	AXEV__JSON *about = axev__json_new_object();
	struct axev__db_rows rows = { .name = name, .about = about };
	uint64_t before = reader->capture->rows;
	AXEV__SQLITE_LONG found = { .api = &reader->api, .db = reader->db, .capture = reader->capture, .table = name };
	STATEMENT statement = { 0 };

	TRY(read_table(reader, name, &table, err));
	TRY(select_table(&table, &sql, err));
	TRY(axev__json_set_str(about, "what", table.is_view ? "view" : table.is_virtual ? "virtual table" : "table", err));
	reader->is_users_statement = true; /* a view's definition comes from the database */
	TRY(prepare(reader, (char *)sql.data, &statement, NULL, err));
	reader->is_users_statement = false;
	rows.statement = (const char *)sql.data;
	rows.order = table.keys > 0 ? (const char *)table.order.data : NULL;
	if (rows.order)
		TRY(axev__json_set(about, "key", axev__steal(table.key), err));
	if (!table.is_view)
		TRY(axev__sqlite_long_find(&found, rows.order, err));
	if (found.select.size > 0)
		TRY(axev__db_text(about, "run", (const char *)found.select.data, err));
	TRY(capture_rows(reader, &statement, &rows, &found, err));
	TRY(axev__json_append_str(reader->capture->tables, name, err));
	return count_again(reader, name, reader->capture->rows - before, err);
}

static int bind(const struct statement *statement, const axev_db_opts *opts, axev_error *err)
{
	const struct axev__sqlite *api = &statement->reader->api;
	int want = api->bind_parameter_count(statement->stmt);
	size_t i;

	if ((size_t)want != opts->parameter_count)
		return axev__fail(err, AXEV_E_INVAL, "the statement has %d parameters, %zu were given", want,
				  opts->parameter_count);
	for (i = 0; i < opts->parameter_count; i++)
		if (api->bind_text(statement->stmt, (int)i + 1, opts->parameters[i], -1, SQLITE_STATIC) != SQLITE_OK)
			return sqlite_fail(statement->reader, "cannot bind a parameter", err);
	return AXEV_OK;
}

static int capture_query(void *payload, const axev_db_opts *opts, axev_error *err)
{
	struct reader *reader = payload;
	AXEV__JSON *about = axev__json_new_object();
	struct axev__db_rows rows = { .name = "query", .statement = opts->query, .about = about };
	STATEMENT statement = { 0 }, rest = { 0 };
	const char *tail = NULL;

	reader->is_users_statement = true;
	TRY(axev__prefix(prepare(reader, opts->query, &statement, &tail, err), err, "only a SELECT is run"));
	if (!statement.stmt || !reader->api.stmt_readonly(statement.stmt) ||
	    reader->api.column_count(statement.stmt) == 0)
		return axev__fail(err, AXEV_E_INVAL, "only a SELECT is run: this statement gives no rows, or writes");
	/* What stands behind it must be nothing but blanks and comments. */
	if (prepare(reader, tail, &rest, NULL, NULL) < 0 || rest.stmt)
		return axev__fail(err, AXEV_E_INVAL, "only a SELECT is run: expected one statement, found more");
	TRY(axev__json_set_str(about, "what", "query", err));
	TRY(bind(&statement, opts, err));
	TRY(axev__db_parameters(opts, about, err));
	return capture_rows(reader, &statement, &rows, NULL, err);
}

/* A virtual table is whatever its module says, and SQLite's library may not have that module. */
static int check_virtual(const struct reader *reader, const char *name, bool *ret_can_read, axev_error *err)
{
	AXEV__BUF sql = AXEV__BUF_INIT(4 * AXEV__MAX_DB_NAME);
	axev_error problem = AXEV_ERROR_INIT;
	STATEMENT statement = { 0 };
	char why[sizeof(problem.message) + 32];

	TRY(axev__buf_str(&sql, "SELECT * FROM ", err));
	TRY(quote(name, &sql, err));
	*ret_can_read = prepare(reader, (const char *)sql.data, &statement, NULL, &problem) >= 0;
	if (*ret_can_read)
		return AXEV_OK;
	snprintf(why, sizeof(why), "not read: %s", problem.message);
	return axev__take_missing(reader->capture->take, axev__span_str(name), why, err);
}

static int list_tables(void *payload, axev__json *names, axev_error *err)
{
	const struct reader *reader = payload;
	STATEMENT statement = { 0 };
	bool can_read = true;
	int more;

	TRY(prepare(reader,
		    "SELECT name, rootpage=0 FROM sqlite_schema WHERE type='table' AND substr(name,1,7)<>'sqlite_' ORDER BY rowid",
		    &statement, NULL, err));
	while ((more = step(&statement, err)) > 0) {
		const char *name = (const char *)reader->api.column_text(statement.stmt, 0);
		struct axev__shown shown;

		/* To SQLite any bytes are a name. */
		if (!name || !axev__is_utf8(axev__span_str(name)))
			return axev__fail(err, AXEV_E_UNSUPPORTED, "the name of table '%s' is not UTF-8; name the others with --table",
					  axev__show_str(&shown, name ? name : ""));
		if (reader->api.column_int64(statement.stmt, 1))
			TRY(check_virtual(reader, name, &can_read, err));
		else
			can_read = true;
		if (can_read)
			TRY(axev__json_append_str(names, name, err));
	}
	return more;
}

int axev__db_sqlite(struct axev__db_capture *capture, const axev_db_opts *opts, const char *where,
		    axev__json *source, axev_error *err)
{
	static const struct axev__db_calls calls = { list_tables, capture_table, capture_query };
	AXEV__CLEANUP(reader_free) struct reader reader = { .capture = capture };

	if (opts->password || opts->ca_file)
		return axev__fail(err, AXEV_E_INVAL, "a SQLite database has neither a password nor TLS");
	TRY(axev__sqlite_load(&reader.api, err));
	TRY(axev__sqlite_copy(capture, where, err));
	TRY(open_copy(&reader, err));
	TRY(describe(&reader, source, err));
	TRY(add_schema(&reader, err));
	return axev__db_wanted(&calls, &reader, capture, opts, err);
}
