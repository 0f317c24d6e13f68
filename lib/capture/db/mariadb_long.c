/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/db/mariadb_long.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "crypto/digest.h"

#define MOST_SLICE_BYTES (8 * (uint64_t)AXEV__MIB)
#define MAX_SLICES 4096 /* of one value: each is a line of a statement */

void axev__mariadb_long_free(struct axev__mariadb_long *found)
{
	axev__json_free(found->columns);
	axev__json_free(found->kinds);
	axev__buf_free(&found->condition);
	axev__buf_free(&found->select);
	free(found->list);
	found->list = NULL;
}

int axev__mariadb_long_new(struct axev__mariadb_long *found, axev_error *err)
{
	found->columns = axev__json_new_array();
	found->kinds = axev__json_new_array();
	found->condition.max = found->select.max = AXEV__MAX_RECORD_HEADER_BYTES;
	return found->columns && found->kinds ? AXEV_OK : axev__nomem(err);
}

/* ---- what the table is ---- */

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static bool is_long_type(const char *type)
{
	return begins(type, "longblob") || begins(type, "mediumblob") || begins(type, "longtext") || begins(type, "mediumtext");
}

/* Of these the bytes that are stored are those in UTF-8; others the server converts, and they come whole. */
static const char *kind_of(const char *type, const char *charset)
{
	if (!is_long_type(type))
		return "";
	if (!charset)
		return "bytes";
	return begins(charset, "utf8") || strcmp(charset, "ascii") == 0 ? "text" : "";
}

int axev__mariadb_long_column(struct axev__mariadb_long *found, const char *name, const char *type, const char *charset,
			      axev_error *err)
{
	AXEV__BUF quoted = AXEV__BUF_INIT(4 * AXEV__MAX_DB_NAME);

	TRY(axev__mariadb_quote(name, &quoted, err));
	TRY(axev__json_append(found->columns, axev__json_new_string(axev__buf_view(&quoted)), err));
	return axev__json_append_str(found->kinds, kind_of(type, charset), err);
}

static bool is_number(const char *type)
{
	static const char *const numbers[] = { "tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "year" };
	size_t i;

	for (i = 0; i < AXEV__COUNT(numbers); i++)
		if (begins(type, numbers[i]))
			return true;
	return false;
}

static bool is_moment(const char *type)
{
	return begins(type, "date") || begins(type, "time");
}

/* CONCAT('`name`=', ...): the text of a comparison with the value that this row has. */
int axev__mariadb_long_key(struct axev__mariadb_long *found, const char *name, const char *type, const char *charset,
			   axev_error *err)
{
	AXEV__BUF quoted = AXEV__BUF_INIT(4 * AXEV__MAX_DB_NAME), equals = AXEV__BUF_INIT(4 * AXEV__MAX_DB_NAME);
	const char *column;

	TRY(axev__mariadb_quote(name, &quoted, err));
	column = (const char *)quoted.data;
	TRY(axev__buf_printf(&equals, err, "%s%s=", found->condition.size > 0 ? " AND " : "", column));
	TRY(axev__buf_str(&found->condition, found->condition.size > 0 ? "," : "", err));
	TRY(axev__mariadb_literal((const char *)equals.data, &found->condition, err));
	if (is_long_type(type))
		found->is_unfit = true;
	else if (charset)
		return axev__buf_printf(&found->condition, err, ",'_utf8mb4 X''',HEX(CONVERT(%s USING utf8mb4)),''''", column);
	else if (begins(type, "binary") || begins(type, "varbinary"))
		return axev__buf_printf(&found->condition, err, ",'X''',HEX(%s),''''", column);
	else if (is_number(type))
		return axev__buf_printf(&found->condition, err, ",CAST(%s AS CHAR)", column);
	else if (is_moment(type))
		return axev__buf_printf(&found->condition, err, ",'''',CAST(%s AS CHAR),''''", column);
	found->is_unfit = true;
	return AXEV_OK;
}

/* ---- statements ---- */

static struct axev__span at(const axev__json *list, size_t i)
{
	struct axev__span text = { 0 };

	axev__json_as_string(axev__json_at(list, i), &text);
	return text;
}

static bool is_long(const struct axev__mariadb_long *found, size_t column)
{
	return at(found->kinds, column).size > 0;
}

static int put_test(const struct axev__mariadb_long *found, size_t column, struct axev__buf *out, axev_error *err)
{
	struct axev__span name = at(found->columns, column);

	return axev__buf_printf(out, err, "OCTET_LENGTH(%.*s)>%zu", (int)name.size, (const char *)name.data, AXEV__MAX_INLINE_CELL);
}

static int put_any(const struct axev__mariadb_long *found, struct axev__buf *out, axev_error *err)
{
	const size_t before = out->size;
	size_t i;

	for (i = 0; i < axev__json_count(found->columns); i++)
		if (is_long(found, i)) {
			TRY(axev__buf_str(out, out->size > before ? " OR " : "", err));
			TRY(put_test(found, i, out, err));
		}
	return AXEV_OK;
}

static int put_from(const struct axev__mariadb_long *found, struct axev__buf *out, axev_error *err)
{
	TRY(axev__buf_str(out, " FROM ", err));
	return axev__mariadb_quote(found->table, out, err);
}

static int put_select(struct axev__mariadb_long *found, struct axev__span any, axev_error *err)
{
	struct axev__buf *out = &found->select;
	size_t i;

	TRY(axev__buf_printf(out, err, "SELECT IF(%.*s,CONCAT(%s),NULL)", (int)any.size, (const char *)any.data,
			     (const char *)found->condition.data));
	for (i = 0; i < axev__json_count(found->columns); i++) {
		struct axev__span name = at(found->columns, i);

		TRY(axev__buf_byte(out, ',', err));
		if (is_long(found, i)) {
			TRY(axev__buf_str(out, "IF(", err));
			TRY(put_test(found, i, out, err));
			TRY(axev__buf_printf(out, err, ",NULL,%.*s) AS ", (int)name.size, (const char *)name.data));
		}
		TRY(axev__buf_span(out, name, err));
	}
	TRY(put_from(found, out, err));
	return axev__buf_printf(out, err, " ORDER BY %s", found->order);
}

/* ---- slices ---- */

/* The row is found once, by its key; the numbers of the slices are a table beside it. */
static int put_slices(const struct axev__mariadb_long *found, const char *condition, size_t column, uint64_t count,
		      struct axev__buf *out, axev_error *err)
{
	struct axev__span name = at(found->columns, column);
	bool is_text = axev__span_is(at(found->kinds, column), "text");
	uint64_t i;

	TRY(axev__buf_printf(out, err, "SELECT STRAIGHT_JOIN n.i,SUBSTRING(%s%.*s%s,1+n.i*%" PRIu64 ",%" PRIu64 ")",
			     is_text ? "CAST(" : "", (int)name.size, (const char *)name.data, is_text ? " AS BINARY)" : "",
			     found->slice_bytes, found->slice_bytes));
	TRY(put_from(found, out, err));
	TRY(axev__buf_str(out, ",(SELECT 0 AS i", err));
	for (i = 1; i < count; i++)
		TRY(axev__buf_printf(out, err, " UNION ALL SELECT %" PRIu64, i));
	return axev__buf_printf(out, err, ") AS n WHERE %s", condition);
}

struct answer {
	const struct axev__mariadb *api;
	MYSQL_RES *rows;
};

static void answer_free(struct answer *answer)
{
	if (answer->rows)
		answer->api->free_result(answer->rows);
}

static int take_slices(const struct axev__mariadb_long *found, const struct answer *answer, struct axev__db_large *large,
		       uint64_t count, axev_error *err)
{
	uint64_t bytes = 0, number, i;
	char **values;

	for (i = 0; (values = answer->api->fetch_row(answer->rows)); i++) {
		unsigned long *lengths = answer->api->fetch_lengths(answer->rows);

		if (!lengths || !values[0] || !values[1] ||
		    !axev__parse_u64(axev__span(values[0], lengths[0]), UINT64_MAX, &number) || number != i || i >= count)
			return axev__fail(err, AXEV_E_PEER, "MariaDB: a slice of a long value is not the one that was asked for");
		TRY(axev__db_large_piece(large, axev__span(values[1], lengths[1]), err));
		bytes += lengths[1];
		TRY(axev__progress(found->reader->capture->take->env, "cells", large->path, bytes, large->size_bytes, err));
	}
	if (i < count)
		return axev__mariadb_fail(found->reader, "reading a long value failed", err);
	return AXEV_OK;
}

static int read_value(struct axev__mariadb_long *found, const char *condition, size_t column, uint64_t bytes,
		      struct axev__db_large_cell *ret_cell, axev_error *err)
{
	const struct axev__mariadb *api = &found->reader->api;
	AXEV__BUF sql = AXEV__BUF_INIT(AXEV__MAX_RECORD_HEADER_BYTES);
	AXEV__CLEANUP(answer_free) struct answer answer = { api, NULL };
	AXEV__DB_LARGE large = { 0 };
	uint64_t count = (bytes + found->slice_bytes - 1) / found->slice_bytes;
	bool is_text = axev__span_is(at(found->kinds, column), "text");

	if (count > MAX_SLICES)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d slices of a value, found %" PRIu64 ": raise max_allowed_packet",
				  MAX_SLICES, count);
	TRY(put_slices(found, condition, column, count, &sql, err));
	if (api->real_query(found->reader->link, (const char *)sql.data, sql.size) != 0)
		return axev__mariadb_fail(found->reader, "reading a long value failed", err);
	answer.rows = api->use_result(found->reader->link);
	if (!answer.rows)
		return axev__mariadb_fail(found->reader, "reading a long value failed", err);
	TRY(axev__db_large_begin(found->reader->capture, is_text ? AXEV__CELL_TEXT : AXEV__CELL_BYTES, bytes, &large, err));
	TRY(take_slices(found, &answer, &large, count, err));
	return axev__db_large_end(&large, ret_cell, err);
}

/* ---- all of a table ---- */

static int add_cell(struct axev__mariadb_long *found, const char *condition, size_t column, uint64_t bytes, axev_error *err)
{
	struct axev__mariadb_long_cell *list, cell = { .column = column };

	TRY(axev__sha256(condition, strlen(condition), cell.row, err));
	TRY(read_value(found, condition, column, bytes, &cell.cell, err));
	if ((found->count & (found->count - 1)) == 0) {
		list = realloc(found->list, (found->count ? 2 * found->count : 1) * sizeof(*list));
		if (!list)
			return axev__nomem(err);
		found->list = list;
	}
	found->list[found->count++] = cell;
	return AXEV_OK;
}

/* The condition, then the length of each value that is long. All such rows have been told before the first value is read. */
static int see_row(void *payload, char *const *values, axev_error *err)
{
	struct axev__mariadb_long *found = payload;
	uint64_t bytes;
	size_t i;

	if (!values[0])
		return axev__fail(err, AXEV_E_PEER, "MariaDB: a row with a long value cannot be told from others");
	for (i = 0; i < axev__json_count(found->columns); i++) {
		if (!values[i + 1])
			continue;
		if (!axev__parse_u64(axev__span_str(values[i + 1]), UINT32_MAX, &bytes))
			return axev__fail(err, AXEV_E_PEER, "MariaDB: the length of a value cannot be read");
		TRY(axev__prefix(add_cell(found, values[0], i, bytes, err), err, "column %zu", i + 1));
	}
	return AXEV_OK;
}

static int see_number(void *payload, char *const *values, axev_error *err)
{
	if (!values[0] || !axev__parse_u64(axev__span_str(values[0]), UINT64_MAX, payload))
		return axev__fail(err, AXEV_E_PEER, "MariaDB: the size of a packet cannot be read");
	return AXEV_OK;
}

static int find_all(struct axev__mariadb_long *found, struct axev__span any, axev_error *err)
{
	AXEV__BUF sql = AXEV__BUF_INIT(AXEV__MAX_RECORD_HEADER_BYTES);
	size_t i;

	TRY(axev__mariadb_ask(found->reader, "SELECT @@max_allowed_packet", see_number, &found->slice_bytes, err));
	found->slice_bytes = found->slice_bytes / 2 < MOST_SLICE_BYTES ? found->slice_bytes / 2 : MOST_SLICE_BYTES;
	TRY(axev__buf_printf(&sql, err, "SELECT CONCAT(%s)", (const char *)found->condition.data));
	for (i = 0; i < axev__json_count(found->columns); i++) {
		struct axev__span name = at(found->columns, i);

		TRY(axev__buf_str(&sql, is_long(found, i) ? ",IF(" : ",NULL", err));
		if (!is_long(found, i))
			continue;
		TRY(put_test(found, i, &sql, err));
		TRY(axev__buf_printf(&sql, err, ",OCTET_LENGTH(%.*s),NULL)", (int)name.size, (const char *)name.data));
	}
	TRY(put_from(found, &sql, err));
	TRY(axev__buf_printf(&sql, err, " WHERE %.*s ORDER BY %s LIMIT %d", (int)any.size, (const char *)any.data, found->order,
			     AXEV__MAX_DB_LARGE_CELLS + 1));
	return axev__mariadb_ask(found->reader, (const char *)sql.data, see_row, found, err);
}

int axev__mariadb_long_read(struct axev__mariadb_long *found, axev_error *err)
{
	AXEV__BUF any = AXEV__BUF_INIT(AXEV__MAX_RECORD_HEADER_BYTES);
	char text[64];

	if (found->condition.size == 0 || found->is_unfit)
		return AXEV_OK;
	TRY(put_any(found, &any, err));
	if (any.size == 0)
		return AXEV_OK;
	TRY(find_all(found, axev__buf_view(&any), err));
	if (found->count == 0)
		return AXEV_OK;
	TRY(put_select(found, axev__buf_view(&any), err));
	snprintf(text, sizeof(text), "%zu long values read in slices, before the rows", found->count);
	return axev__take_step(found->reader->capture->take, found->table, text, err);
}

int axev__mariadb_long_take(struct axev__mariadb_long *found, struct axev__span condition, size_t column,
			    struct axev__db_set *set, bool *ret_taken, axev_error *err)
{
	const struct axev__mariadb_long_cell *next = found->list + found->taken;
	uint8_t row[32];

	*ret_taken = false;
	if (found->taken == found->count)
		return AXEV_OK;
	TRY(axev__sha256(condition.data, condition.size, row, err));
	if (memcmp(row, next->row, sizeof(row)) != 0 || column != next->column)
		return AXEV_OK;
	*ret_taken = true;
	found->taken++;
	return axev__cell_large(next->cell.tag, next->cell.size_bytes, next->cell.sha256, &set->cells, err);
}
