/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/db/sqlite_long.h"

#include <strings.h>

#include "capture/db/sqlite_pieces.h"

void axev__sqlite_long_free(struct axev__sqlite_long *found)
{
	axev__sqlite_statement_free(&found->walk);
	axev__sqlite_statement_free(&found->rows);
	axev__buf_free(&found->walk_sql);
	axev__buf_free(&found->rows_sql);
}

/* Text in UTF-16 becomes up to half as long again in UTF-8. */
size_t axev__sqlite_long_limit(const struct axev__sqlite_reader *reader)
{
	return reader->encoding == AXEV__SQLITE_UTF8 ? AXEV__MAX_INLINE_CELL : AXEV__MAX_INLINE_CELL / 3 * 2;
}

/* ---- whether the table has a rowid ---- */

static bool is_column(const struct axev__sqlite_table *table, const char *name)
{
	struct axev__span text;
	size_t i;

	for (i = 0; i < axev__json_count(table->names); i++)
		if (axev__json_as_string(axev__json_at(table->names, i), &text) && text.size == strlen(name) &&
		    strncasecmp((const char *)text.data, name, text.size) == 0)
			return true;
	return false;
}

/* A table WITHOUT ROWID does not know the name. */
static int check_rowid(struct axev__sqlite_long *found, axev_error *err)
{
	AXEV__BUF sql = AXEV__BUF_INIT(8 * AXEV__MAX_DB_NAME);
	AXEV__SQLITE_STATEMENT statement = { 0 };

	TRY(axev__buf_printf(&sql, err, "SELECT %s FROM ", found->rowid));
	TRY(axev__sqlite_quote(found->table->name, &sql, err));
	if (axev__sqlite_prepare(found->reader, (const char *)sql.data, &statement, NULL, NULL) < 0)
		found->rowid = NULL;
	return AXEV_OK;
}

/* Views and virtual tables have no pages of their own, nor have columns that are generated. */
int axev__sqlite_long_find(const struct axev__sqlite_reader *reader, const struct axev__sqlite_table *table,
			   struct axev__sqlite_long *ret_found, axev_error *err)
{
	static const char *const names[] = { "_rowid_", "rowid", "oid" };
	int64_t key_indexes = 0;
	size_t i;

	*ret_found = (struct axev__sqlite_long){ .reader = reader, .table = table };
	ret_found->walk_sql.max = ret_found->rows_sql.max = 3 * AXEV__MAX_RECORD_HEADER_BYTES;
	for (i = 0; i < AXEV__COUNT(names) && !table->is_view && !table->is_virtual && !table->has_generated && !ret_found->rowid; i++)
		if (!is_column(table, names[i]))
			ret_found->rowid = names[i];
	if (!ret_found->rowid)
		return AXEV_OK;
	TRY(check_rowid(ret_found, err));
	/* A key that has no index is the rowid. */
	TRY(axev__sqlite_number(reader, "SELECT count(*) FROM pragma_index_list(?1) WHERE origin='pk'", table->name, &key_indexes, err));
	ret_found->is_by_rowid = !table->has_key || key_indexes == 0;
	return AXEV_OK;
}

/* ---- rows ---- */

static int put_from(const struct axev__sqlite_long *found, struct axev__buf *sql, axev_error *err)
{
	TRY(axev__buf_str(sql, " FROM ", err));
	return axev__sqlite_quote(found->table->name, sql, err);
}

static int put_walk(struct axev__sqlite_long *found, axev_error *err)
{
	struct axev__buf *sql = &found->walk_sql;

	TRY(axev__buf_printf(sql, err, "SELECT %s", found->rowid));
	TRY(put_from(found, sql, err));
	if (found->is_by_rowid)
		return axev__buf_printf(sql, err, " WHERE %s>=?1 ORDER BY %s LIMIT 1", found->rowid, found->rowid);
	TRY(axev__buf_str(sql, " ORDER BY ", err));
	return axev__buf_span(sql, axev__buf_view(&found->table->order), err);
}

static int put_rows(struct axev__sqlite_long *found, axev_error *err)
{
	struct axev__buf *sql = &found->rows_sql;

	TRY(axev__buf_printf(sql, err, "SELECT %s,", found->rowid));
	TRY(axev__buf_span(sql, axev__buf_view(&found->table->columns), err));
	TRY(put_from(found, sql, err));
	if (found->is_by_rowid)
		return axev__buf_printf(sql, err, " WHERE %s>=?1 ORDER BY %s", found->rowid, found->rowid);
	return axev__buf_printf(sql, err, " WHERE %s=?1", found->rowid);
}

int axev__sqlite_long_prepare(struct axev__sqlite_long *found, axev_error *err)
{
	TRY(put_walk(found, err));
	TRY(put_rows(found, err));
	TRY(axev__sqlite_prepare(found->reader, (const char *)found->walk_sql.data, &found->walk, NULL, err));
	return axev__sqlite_prepare(found->reader, (const char *)found->rows_sql.data, &found->rows, NULL, err);
}

static int fail_gone(axev_error *err)
{
	return axev__fail(err, AXEV_E_STATE, "SQLite: a row with a long value is not found again by its rowid");
}

/* Up to a row that SQLite will not load: then that one by itself, and on behind it. */
static int next_by_rowid(struct axev__sqlite_long *found, axev_error *err)
{
	const struct axev__sqlite *api = &found->reader->api;
	int64_t from = found->is_begun ? found->row + 1 : INT64_MIN;
	int more;

	if (!found->is_begun || found->is_long)
		TRY(axev__sqlite_again(&found->rows, from, err));
	more = axev__sqlite_step_within(&found->rows, err);
	found->is_long = more == AXEV__SQLITE_TOO_LONG;
	if (more <= 0)
		return more;
	if (!found->is_long) {
		found->row = api->column_int64(found->rows.stmt, 0);
		return 1;
	}
	TRY(axev__sqlite_again(&found->walk, from, err));
	more = axev__sqlite_step(&found->walk, err);
	TRY(more);
	if (!more)
		return fail_gone(err);
	found->row = api->column_int64(found->walk.stmt, 0);
	return 1;
}

/* Keys are loaded to be sorted, however long. */
static int next_by_key(struct axev__sqlite_long *found, axev_error *err)
{
	int more;

	axev__sqlite_limit(found->reader, AXEV__MAX_SQLITE_VALUE);
	more = axev__sqlite_step(&found->walk, err);
	axev__sqlite_limit(found->reader, axev__sqlite_long_limit(found->reader));
	if (more <= 0)
		return more;
	found->row = found->reader->api.column_int64(found->walk.stmt, 0);
	TRY(axev__sqlite_again(&found->rows, found->row, err));
	more = axev__sqlite_step_within(&found->rows, err);
	TRY(more);
	found->is_long = more == AXEV__SQLITE_TOO_LONG;
	return more ? 1 : fail_gone(err);
}

int axev__sqlite_long_next(struct axev__sqlite_long *found, axev_error *err)
{
	int more;

	if (found->is_by_rowid && found->is_begun && found->row == INT64_MAX)
		return 0;
	more = found->is_by_rowid ? next_by_rowid(found, err) : next_by_key(found, err);
	found->is_begun = true;
	return more;
}

/* ---- one value of a row ---- */

static int column_name(const struct axev__sqlite_long *found, size_t column, struct axev__buf *out, axev_error *err)
{
	struct axev__span name;

	if (!axev__json_as_string(axev__json_at(found->table->names, column), &name))
		return axev__nomem(err);
	TRY(axev__buf_span(out, name, err));
	return axev__buf_byte(out, '\0', err);
}

static int ask(const struct axev__sqlite_long *found, const char *form, size_t column, struct axev__sqlite_statement *ret_one,
	       axev_error *err)
{
	AXEV__BUF sql = AXEV__BUF_INIT(8 * AXEV__MAX_DB_NAME), name = AXEV__BUF_INIT(AXEV__MAX_DB_NAME + 1);

	TRY(column_name(found, column, &name, err));
	TRY(axev__buf_printf(&sql, err, "SELECT %s(", form));
	TRY(axev__sqlite_quote((const char *)name.data, &sql, err));
	TRY(axev__buf_byte(&sql, ')', err));
	TRY(put_from(found, &sql, err));
	TRY(axev__buf_printf(&sql, err, " WHERE %s=?1", found->rowid));
	TRY(axev__sqlite_prepare(found->reader, (const char *)sql.data, ret_one, NULL, err));
	return axev__sqlite_again(ret_one, found->row, err);
}

int axev__sqlite_long_one(const struct axev__sqlite_long *found, size_t column, struct axev__sqlite_statement *ret_one,
			  bool *ret_loaded, axev_error *err)
{
	int more;

	TRY(ask(found, "", column, ret_one, err));
	more = axev__sqlite_step_within(ret_one, err);
	TRY(more);
	*ret_loaded = more != AXEV__SQLITE_TOO_LONG;
	return more ? AXEV_OK : fail_gone(err);
}

/* By the head of the record: nothing of the value is read. */
static int is_text(const struct axev__sqlite_long *found, size_t column, bool *ret_is, axev_error *err)
{
	AXEV__SQLITE_STATEMENT one = { 0 };
	int more;

	TRY(ask(found, "typeof", column, &one, err));
	more = axev__sqlite_step(&one, err);
	TRY(more);
	*ret_is = more && strcmp(axev__sqlite_text(&one, 0), "text") == 0;
	return more ? AXEV_OK : fail_gone(err);
}

int axev__sqlite_long_take(const struct axev__sqlite_long *found, size_t column, struct axev__db_set *set, axev_error *err)
{
	AXEV__BUF name = AXEV__BUF_INIT(AXEV__MAX_DB_NAME + 1);
	const struct axev__sqlite_reader *reader = found->reader;
	AXEV__SQLITE_PIECES value = { .reader = reader };

	TRY(column_name(found, column, &name, err));
	TRY(is_text(found, column, &value.is_text, err));
	if (reader->api.blob_open(reader->db, "main", found->table->name, (const char *)name.data, found->row, 0, &value.handle) != SQLITE_OK)
		return axev__sqlite_fail(reader, "a long value cannot be opened", err);
	return axev__sqlite_pieces_take(&value, set, err);
}
