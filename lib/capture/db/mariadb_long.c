/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/db/mariadb_long.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "capture/db/mariadb_slices.h"
#include "crypto/digest.h"

#define MOST_SLICE_BYTES (8 * (uint64_t)AXEV__MIB)

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

/* Of some encodings the bytes that are stored are those in UTF-8; others the server converts. */
static const char *kind_of(const char *type, const char *charset)
{
	if (!is_long_type(type))
		return "";
	if (!charset)
		return "bytes";
	return begins(charset, "utf8") || strcmp(charset, "ascii") == 0 ? "text" : "converted";
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

/* What is compared with a text that CAST makes of it, and is the same value again. */
static bool is_quoted(const char *type)
{
	static const char *const types[] = { "date", "time", "uuid", "inet4", "inet6" };
	size_t i;

	for (i = 0; i < AXEV__COUNT(types); i++)
		if (begins(type, types[i]))
			return true;
	return false;
}

/*
 * CONCAT('v.`name`=', ...): the text of a comparison with the value that this row has; v is the table, since another one stands beside
 * it. Of floating point there is none: the digits that the server writes are not always the value again.
 */
int axev__mariadb_long_key(struct axev__mariadb_long *found, const char *name, const char *type, const char *charset,
			   axev_error *err)
{
	AXEV__BUF quoted = AXEV__BUF_INIT(4 * AXEV__MAX_DB_NAME), equals = AXEV__BUF_INIT(4 * AXEV__MAX_DB_NAME);
	const char *column;

	TRY(axev__mariadb_quote(name, &quoted, err));
	column = (const char *)quoted.data;
	TRY(axev__buf_printf(&equals, err, "%sv.%s=", found->condition.size > 0 ? " AND " : "", column));
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
	else if (begins(type, "bit"))
		return axev__buf_printf(&found->condition, err, ",CAST(%s AS UNSIGNED)", column);
	else if (is_quoted(type))
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

static bool is_converted(const struct axev__mariadb_long *found, size_t column)
{
	return axev__span_is(at(found->kinds, column), "converted");
}

/* No encoding has characters that are more than four times as long in UTF-8. */
static int put_test(const struct axev__mariadb_long *found, size_t column, struct axev__buf *out, axev_error *err)
{
	struct axev__span name = at(found->columns, column);
	int size = (int)name.size;
	const char *text = (const char *)name.data;

	if (!is_converted(found, column))
		return axev__buf_printf(out, err, "OCTET_LENGTH(%.*s)>%zu", size, text, AXEV__MAX_INLINE_CELL);
	return axev__buf_printf(out, err, "(OCTET_LENGTH(%.*s)>%zu AND OCTET_LENGTH(CONVERT(%.*s USING utf8mb4))>%zu)", size, text,
				AXEV__MAX_INLINE_CELL / 4, size, text, AXEV__MAX_INLINE_CELL);
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

/* ---- all of a table ---- */

/* @lengths: as axev__mariadb_slices_length() asks for them. */
static int add_cell(struct axev__mariadb_long *found, const char *condition, size_t column, const char *lengths, axev_error *err)
{
	const struct axev__mariadb_value value = {
		.reader = found->reader,
		.table = found->table,
		.condition = condition,
		.column = at(found->columns, column),
		.kind = at(found->kinds, column),
		.slice_bytes = found->slice_bytes,
	};
	struct axev__mariadb_long_cell *list, cell = { .column = column };

	TRY(axev__sha256(condition, strlen(condition), cell.row, err));
	TRY(axev__mariadb_slices_read(&value, lengths, &cell.cell, err));
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
	size_t i;

	if (!values[0])
		return axev__fail(err, AXEV_E_PEER, "MariaDB: a row with a long value cannot be told from others");
	for (i = 0; i < axev__json_count(found->columns); i++)
		if (values[i + 1])
			TRY(axev__prefix(add_cell(found, values[0], i, values[i + 1], err), err, "column %zu", i + 1));
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
		TRY(axev__buf_str(&sql, is_long(found, i) ? ",IF(" : ",NULL", err));
		if (!is_long(found, i))
			continue;
		TRY(put_test(found, i, &sql, err));
		TRY(axev__buf_byte(&sql, ',', err));
		TRY(axev__mariadb_slices_length(at(found->columns, i), at(found->kinds, i), &sql, err));
		TRY(axev__buf_str(&sql, ",NULL)", err));
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
