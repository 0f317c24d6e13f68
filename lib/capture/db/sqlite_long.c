/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/db/sqlite_long.h"

#include <strings.h>

#include "base/text.h"

#define PIECE_BYTES ((int)AXEV__MIB)

void axev__sqlite_long_free(struct axev__sqlite_long *found)
{
	axev__json_free(found->names);
	axev__buf_free(&found->select);
}

static int fail(const struct axev__sqlite_long *found, const char *doing, axev_error *err)
{
	struct axev__shown shown;

	return axev__fail(err, AXEV_E_PEER, "SQLite: %s: %s", doing, axev__show_str(&shown, found->api->errmsg(found->db)));
}

struct statement {
	const struct axev__sqlite *api;
	sqlite3_stmt *stmt;
};

static void statement_free(struct statement *statement)
{
	if (statement->stmt)
		statement->api->finalize(statement->stmt);
}
#define STATEMENT AXEV__CLEANUP(statement_free) struct statement

static int prepare(const struct axev__sqlite_long *found, const char *sql, struct statement *ret_statement, axev_error *err)
{
	ret_statement->api = found->api;
	if (found->api->prepare_v2(found->db, sql, -1, &ret_statement->stmt, NULL) != SQLITE_OK)
		return fail(found, "looking for long values failed", err);
	return AXEV_OK;
}

/* Of the first row; 0: there is none. */
static int number(const struct axev__sqlite_long *found, const char *sql, const char *bound, int64_t *ret_number, axev_error *err)
{
	STATEMENT statement = { 0 };
	int code;

	TRY(prepare(found, sql, &statement, err));
	if (bound && found->api->bind_text(statement.stmt, 1, bound, -1, SQLITE_STATIC) != SQLITE_OK)
		return fail(found, "cannot bind a name", err);
	code = found->api->step(statement.stmt);
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		return fail(found, "looking for long values failed", err);
	*ret_number = code == SQLITE_ROW ? found->api->column_int64(statement.stmt, 0) : 0;
	return AXEV_OK;
}

static int quote(struct axev__span name, struct axev__buf *out, axev_error *err)
{
	size_t i;

	TRY(axev__buf_byte(out, '"', err));
	for (i = 0; i < name.size; i++) {
		if (name.data[i] == '"')
			TRY(axev__buf_byte(out, '"', err));
		TRY(axev__buf_byte(out, name.data[i], err));
	}
	return axev__buf_byte(out, '"', err);
}

/* ---- whether the table has such values ---- */

static int read_names(struct axev__sqlite_long *found, axev_error *err)
{
	STATEMENT statement = { 0 };
	int code;

	found->names = axev__json_new_array();
	TRY(prepare(found, "SELECT name, hidden FROM pragma_table_xinfo(?1) WHERE hidden<>1 ORDER BY cid", &statement, err));
	if (found->api->bind_text(statement.stmt, 1, found->table, -1, SQLITE_STATIC) != SQLITE_OK)
		return fail(found, "cannot bind a name", err);
	while ((code = found->api->step(statement.stmt)) == SQLITE_ROW) {
		const char *name = (const char *)found->api->column_text(statement.stmt, 0);

		/* What is generated has no place of its own; what is not UTF-8 cannot be named. */
		if (found->api->column_int64(statement.stmt, 1) != 0 || !name || !axev__is_utf8(axev__span_str(name)))
			found->rowid = "";
		else
			TRY(axev__json_append_str(found->names, name, err));
	}
	return code == SQLITE_DONE ? AXEV_OK : fail(found, "looking for long values failed", err);
}

static bool is_column(const struct axev__sqlite_long *found, const char *name)
{
	struct axev__span text;
	size_t i;

	for (i = 0; i < axev__json_count(found->names); i++)
		if (axev__json_as_string(axev__json_at(found->names, i), &text) && text.size == strlen(name) &&
		    strncasecmp((const char *)text.data, name, text.size) == 0)
			return true;
	return false;
}

/* Views and virtual tables have no pages of their own; a table WITHOUT ROWID does not know the name. */
static int find_rowid(struct axev__sqlite_long *found, axev_error *err)
{
	static const char *const names[] = { "_rowid_", "rowid", "oid" };
	AXEV__BUF sql = AXEV__BUF_INIT(8 * AXEV__MAX_DB_NAME);
	STATEMENT statement = { found->api, NULL };
	int64_t has_pages;
	size_t i;

	found->rowid = NULL;
	TRY(read_names(found, err));
	if (found->rowid)
		return AXEV_OK;
	TRY(number(found, "SELECT rootpage > 0 FROM sqlite_schema WHERE name = ?1 AND type = 'table'", found->table, &has_pages, err));
	for (i = 0; i < AXEV__COUNT(names) && has_pages && !found->rowid; i++)
		if (!is_column(found, names[i]))
			found->rowid = names[i];
	if (!found->rowid)
		found->rowid = "";
	if (!found->rowid[0])
		return AXEV_OK;
	TRY(axev__buf_printf(&sql, err, "SELECT %s FROM ", found->rowid));
	TRY(quote(axev__span_str(found->table), &sql, err));
	if (found->api->prepare_v2(found->db, (const char *)sql.data, -1, &statement.stmt, NULL) != SQLITE_OK)
		found->rowid = "";
	return AXEV_OK;
}

/* Both functions are told by the head of the record: nothing of the value is read. */
static int put_condition(struct axev__span name, struct axev__buf *out, axev_error *err)
{
	TRY(axev__buf_str(out, "(typeof(", err));
	TRY(quote(name, out, err));
	TRY(axev__buf_str(out, ")='blob' AND length(", err));
	TRY(quote(name, out, err));
	return axev__buf_printf(out, err, ")>%zu)", AXEV__MAX_INLINE_CELL);
}

static int put_any(const struct axev__sqlite_long *found, struct axev__buf *out, axev_error *err)
{
	struct axev__span name;
	size_t i;

	for (i = 0; i < axev__json_count(found->names); i++) {
		TRY(axev__buf_str(out, i > 0 ? " OR " : "", err));
		if (!axev__json_as_string(axev__json_at(found->names, i), &name))
			return axev__nomem(err);
		TRY(put_condition(name, out, err));
	}
	return AXEV_OK;
}

static int put_select(struct axev__sqlite_long *found, struct axev__span any, const char *order, axev_error *err)
{
	struct axev__span name;
	size_t i;

	TRY(axev__buf_printf(&found->select, err, "SELECT CASE WHEN %.*s THEN %s END", (int)any.size, (const char *)any.data, found->rowid));
	for (i = 0; i < axev__json_count(found->names); i++) {
		if (!axev__json_as_string(axev__json_at(found->names, i), &name))
			return axev__nomem(err);
		TRY(axev__buf_str(&found->select, ", CASE WHEN ", err));
		TRY(put_condition(name, &found->select, err));
		TRY(axev__buf_str(&found->select, " THEN NULL ELSE ", err));
		TRY(quote(name, &found->select, err));
		TRY(axev__buf_str(&found->select, " END", err));
	}
	TRY(axev__buf_str(&found->select, " FROM ", err));
	TRY(quote(axev__span_str(found->table), &found->select, err));
	return order ? axev__buf_printf(&found->select, err, " ORDER BY %s", order) : AXEV_OK;
}

int axev__sqlite_long_find(struct axev__sqlite_long *found, const char *order, axev_error *err)
{
	AXEV__BUF any = AXEV__BUF_INIT(AXEV__MAX_RECORD_HEADER_BYTES), sql = AXEV__BUF_INIT(AXEV__MAX_RECORD_HEADER_BYTES);
	int64_t pages, page_bytes, is_any;

	found->select.max = 4 * AXEV__MAX_RECORD_HEADER_BYTES;
	TRY(number(found, "PRAGMA page_count", NULL, &pages, err));
	TRY(number(found, "PRAGMA page_size", NULL, &page_bytes, err));
	if (pages * page_bytes <= (int64_t)AXEV__MAX_INLINE_CELL)
		return AXEV_OK;
	TRY(find_rowid(found, err));
	if (!found->rowid[0])
		return AXEV_OK;
	TRY(put_any(found, &any, err));
	TRY(axev__buf_str(&sql, "SELECT 1 FROM ", err));
	TRY(quote(axev__span_str(found->table), &sql, err));
	TRY(axev__buf_printf(&sql, err, " WHERE %s LIMIT 1", (const char *)any.data));
	TRY(number(found, (const char *)sql.data, NULL, &is_any, err));
	return is_any ? put_select(found, axev__buf_view(&any), order, err) : AXEV_OK;
}

/* ---- one value ---- */

struct blob {
	const struct axev__sqlite *api;
	sqlite3_blob *handle;
};

static void blob_close(struct blob *blob)
{
	if (blob->handle)
		blob->api->blob_close(blob->handle);
}

static int copy(const struct axev__sqlite_long *found, const char *column, int64_t rowid, struct axev__db_large_cell *ret_cell,
		axev_error *err)
{
	AXEV__CLEANUP(blob_close) struct blob blob = { found->api, NULL };
	AXEV__FREE uint8_t *piece = malloc((size_t)PIECE_BYTES);
	AXEV__DB_LARGE large = { 0 };
	int total, at, size;

	if (!piece)
		return axev__nomem(err);
	if (found->api->blob_open(found->db, "main", found->table, column, rowid, 0, &blob.handle) != SQLITE_OK)
		return fail(found, "a long value cannot be opened", err);
	total = found->api->blob_bytes(blob.handle);
	TRY(axev__db_large_begin(found->capture, AXEV__CELL_BYTES, (uint64_t)total, &large, err));
	for (at = 0; at < total; at += size) {
		size = total - at < PIECE_BYTES ? total - at : PIECE_BYTES;
		if (found->api->blob_read(blob.handle, piece, size, at) != SQLITE_OK)
			return fail(found, "reading a long value failed", err);
		TRY(axev__db_large_piece(&large, axev__span(piece, (size_t)size), err));
		TRY(axev__progress(found->capture->take->env, "cells", large.path, (uint64_t)at, (uint64_t)total, err));
	}
	return axev__db_large_end(&large, ret_cell, err);
}

/* A value that came as NULL is one, or was left out. */
static int is_left_out(const struct axev__sqlite_long *found, struct axev__span name, int64_t rowid, bool *ret_is, axev_error *err)
{
	AXEV__BUF sql = AXEV__BUF_INIT(8 * AXEV__MAX_DB_NAME);
	int64_t is_blob;

	TRY(axev__buf_str(&sql, "SELECT typeof(", err));
	TRY(quote(name, &sql, err));
	TRY(axev__buf_str(&sql, ")='blob' FROM ", err));
	TRY(quote(axev__span_str(found->table), &sql, err));
	TRY(axev__buf_printf(&sql, err, " WHERE %s=%lld", found->rowid, (long long)rowid));
	TRY(number(found, (const char *)sql.data, NULL, &is_blob, err));
	*ret_is = is_blob != 0;
	return AXEV_OK;
}

int axev__sqlite_long_take(const struct axev__sqlite_long *found, int64_t rowid, size_t column, struct axev__db_set *set,
			   bool *ret_taken, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_DB_NAME + 1);
	struct axev__db_large_cell cell;
	struct axev__span name;

	if (!axev__json_as_string(axev__json_at(found->names, column), &name))
		return axev__nomem(err);
	TRY(is_left_out(found, name, rowid, ret_taken, err));
	if (!*ret_taken)
		return AXEV_OK;
	TRY(axev__buf_span(&text, name, err));
	TRY(axev__buf_byte(&text, '\0', err));
	TRY(copy(found, (const char *)text.data, rowid, &cell, err));
	return axev__cell_large(cell.tag, cell.size_bytes, cell.sha256, &set->cells, err);
}
