/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/db/pg_large.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"

/* Longer values are read in slices. More than twice AXEV__MAX_INLINE_CELL: no encoding of a server is twice as long as UTF-8. */
#define WHOLE_BYTES 2097152
/* What is stored in less is taken to be short as text, too: else each row would be written out to be measured. */
#define STORED_BYTES 16384
#define SLICE_BYTES 1048576

#define TYPE_NAME 19
#define TYPE_CHARACTER 1042

void axev__pg_large_free(struct axev__pg_large *large)
{
	free(large->list);
	*large = (struct axev__pg_large){ 0 };
}

/* ---- SQL ---- */

static bool may_be_long(const struct axev__pg_column *column)
{
	return column->kind == AXEV__PG_BYTEA || column->kind == AXEV__PG_OTHER ||
	       (column->kind == AXEV__PG_TEXT && column->oid != TYPE_NAME);
}

/* octet_length() looks at what is stored beside a value and reads none of it. */
static int put_condition(const struct axev__pg_column *column, const char *name, struct axev__buf *out, axev_error *err)
{
	if (column->kind != AXEV__PG_OTHER)
		return axev__buf_printf(out, err, "pg_catalog.octet_length(%s) > %d", name, WHOLE_BYTES);
	return axev__buf_printf(out, err,
				"CASE WHEN pg_catalog.pg_column_size(%s) > %d THEN "
				"pg_catalog.octet_length(pg_catalog.format('%%s', %s)) > %d END",
				name, STORED_BYTES, name, WHOLE_BYTES);
}

/*
 * The bytes that COPY would send. The functions with "send" take a value out of its compression once, and not again for each slice;
 * what is not compressed is read slice by slice from where it lies.
 */
static int put_bytes(const struct axev__pg_column *column, const char *name, struct axev__buf *out, axev_error *err)
{
	if (column->kind == AXEV__PG_BYTEA)
		return axev__buf_printf(out, err,
					"CASE WHEN pg_catalog.pg_column_size(%s) >= pg_catalog.octet_length(%s) THEN %s "
					"ELSE pg_catalog.byteasend(%s) END",
					name, name, name, name);
	if (column->kind == AXEV__PG_OTHER)
		return axev__buf_printf(out, err, "pg_catalog.textsend(pg_catalog.format('%%s', %s))", name);
	return axev__buf_printf(out, err, "pg_catalog.%s(%s)", column->oid == TYPE_CHARACTER ? "bpcharsend" : "textsend", name);
}

/* "(CONDITION) OR (CONDITION)"; nothing when no column can hold long values. */
static int put_any(const struct axev__pg_shape *shape, struct axev__buf *out, axev_error *err)
{
	const char *name = (const char *)shape->names.data;
	const size_t before = out->size;
	size_t i;

	for (i = 0; i < shape->count; i++, name += strlen(name) + 1) {
		if (!may_be_long(&shape->columns[i]))
			continue;
		TRY(axev__buf_str(out, out->size > before ? " OR (" : "(", err));
		TRY(put_condition(&shape->columns[i], name, out, err));
		TRY(axev__buf_byte(out, ')', err));
	}
	return AXEV_OK;
}

int axev__pg_large_select(const struct axev__pg_shape *shape, const char *from, const char *order, struct axev__buf *ret_sql,
			  axev_error *err)
{
	const char *name = (const char *)shape->names.data;
	size_t i;

	TRY(axev__buf_str(ret_sql, "SELECT CASE WHEN ", err));
	TRY(put_any(shape, ret_sql, err));
	TRY(axev__buf_str(ret_sql, " THEN tableoid::pg_catalog.text || ctid::pg_catalog.text END AS \"place of long values\"", err));
	for (i = 0; i < shape->count; i++, name += strlen(name) + 1) {
		const struct axev__pg_column *column = &shape->columns[i];

		TRY(axev__buf_str(ret_sql, may_be_long(column) ? ", CASE WHEN " : ", ", err));
		if (may_be_long(column)) {
			TRY(put_condition(column, name, ret_sql, err));
			TRY(axev__buf_str(ret_sql, " THEN NULL ELSE ", err));
		}
		TRY(axev__pg_select_column(column, name, ret_sql, err));
		if (may_be_long(column))
			TRY(axev__buf_str(ret_sql, " END", err));
	}
	TRY(axev__buf_printf(ret_sql, err, " FROM %s", from));
	return order ? axev__buf_printf(ret_sql, err, " ORDER BY %s", order) : AXEV_OK;
}

/* ---- which ---- */

/*
 * A value of that length is stored apart whatever its compression (a page has 8 KiB): where nothing is, there is none. What a
 * snapshot sees is not moved while the table is locked.
 */
static int may_have_any(const struct axev__pg *pg, const struct axev__pg_relation *relation, bool *ret_may, axev_error *err)
{
	const char *oid = relation->oid;
	AXEV__PG_RESULT result = { 0 };

	TRY(axev__pg_ask(pg,
			 "WITH RECURSIVE all_of(oid) AS (SELECT $1::pg_catalog.oid UNION "
			 "SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN all_of a ON i.inhparent = a.oid) "
			 "SELECT pg_catalog.has_table_privilege($1::pg_catalog.oid, 'SELECT') "
			 "AND pg_catalog.bool_and(c.relkind IN ('r', 'p', 'm')) AND "
			 "pg_catalog.sum(CASE WHEN c.reltoastrelid <> 0 THEN pg_catalog.pg_relation_size(c.reltoastrelid) ELSE 0 END) > 0 "
			 "FROM all_of a JOIN pg_catalog.pg_class c ON c.oid = a.oid",
			 &oid, 1, &result, err));
	*ret_may = axev__pg_is_true(&result, 0, 0);
	return AXEV_OK;
}

/* Digits, a parenthesis, digits: it goes into statements. */
static bool is_place(const char *text)
{
	return strlen(text) < sizeof(((struct axev__pg_large_cell *)0)->place) && strspn(text, "0123456789(),") == strlen(text) &&
	       text[0] != '(' && strchr(text, '(') && text[strlen(text) - 1] == ')';
}

static int add_cell(struct axev__pg_large *large, const char *place, size_t column, axev_error *err)
{
	struct axev__pg_large_cell *list;

	if ((large->count & (large->count - 1)) == 0) {
		list = realloc(large->list, (large->count ? 2 * large->count : 1) * sizeof(*list));
		if (!list)
			return axev__nomem(err);
		large->list = list;
	}
	large->list[large->count] = (struct axev__pg_large_cell){ .column = column };
	snprintf(large->list[large->count++].place, sizeof(large->list->place), "%s", place);
	return AXEV_OK;
}

static int add_row(const struct axev__pg_result *found, int row, const struct axev__pg_shape *shape,
		   struct axev__pg_large *large, axev_error *err)
{
	const char *place = axev__pg_value(found, row, 0);
	int at = 1;
	size_t i;

	if (!is_place(place))
		return axev__fail(err, AXEV_E_PEER, "PostgreSQL: the place of a row cannot be read");
	for (i = 0; i < shape->count; i++)
		if (may_be_long(&shape->columns[i]) && axev__pg_is_true(found, row, at++))
			TRY(add_cell(large, place, i, err));
	return AXEV_OK;
}

static int compare_cells(const void *a, const void *b)
{
	const struct axev__pg_large_cell *left = a, *right = b;
	int order = strcmp(left->place, right->place);

	return order ? order : (left->column > right->column) - (left->column < right->column);
}

static int find_all(const struct axev__pg *pg, const char *from, const struct axev__pg_shape *shape,
		    struct axev__pg_large *large, axev_error *err)
{
	AXEV__BUF sql = AXEV__BUF_INIT(2 * AXEV__MAX_RECORD_HEADER_BYTES), any = AXEV__BUF_INIT(AXEV__MAX_RECORD_HEADER_BYTES);
	const char *name = (const char *)shape->names.data;
	AXEV__PG_RESULT found = { 0 };
	size_t i;
	int row;

	TRY(put_any(shape, &any, err));
	if (any.size == 0)
		return AXEV_OK;
	TRY(axev__buf_str(&sql, "SELECT tableoid::pg_catalog.text || ctid::pg_catalog.text", err));
	for (i = 0; i < shape->count; i++, name += strlen(name) + 1)
		if (may_be_long(&shape->columns[i])) {
			TRY(axev__buf_str(&sql, ", ", err));
			TRY(put_condition(&shape->columns[i], name, &sql, err));
		}
	TRY(axev__buf_printf(&sql, err, " FROM %s WHERE %s LIMIT %d", from, (const char *)any.data, AXEV__MAX_DB_LARGE_CELLS + 1));
	TRY(axev__pg_ask(pg, (const char *)sql.data, NULL, 0, &found, err));
	for (row = 0; row < pg->api.ntuples(found.result); row++)
		TRY(add_row(&found, row, shape, large, err));
	if (large->count > 0)
		qsort(large->list, large->count, sizeof(*large->list), compare_cells);
	return AXEV_OK;
}

/* ---- slices ---- */

static int put_slices(const struct axev__pg_shape *shape, const char *from, const struct axev__pg_large_cell *cell,
		      struct axev__buf *out, axev_error *err)
{
	const char *name = (const char *)shape->names.data;
	size_t i;

	for (i = 0; i < cell->column; i++)
		name += strlen(name) + 1;
	/* OFFSET 0 keeps the value from being made anew for each slice. */
	TRY(axev__buf_printf(out, err,
			     "SELECT i, pg_catalog.octet_length(v), pg_catalog.substring(v, i * %d + 1, %d) FROM (SELECT ",
			     SLICE_BYTES, SLICE_BYTES));
	TRY(put_bytes(&shape->columns[cell->column], name, out, err));
	return axev__buf_printf(out, err,
				" AS v FROM %s WHERE tableoid = '%.*s'::pg_catalog.oid AND ctid = '%s'::pg_catalog.tid OFFSET 0) AS x, "
				"LATERAL pg_catalog.generate_series(0, (pg_catalog.octet_length(v) - 1) / %d) AS i",
				from, (int)strcspn(cell->place, "("), cell->place, strchr(cell->place, '('), SLICE_BYTES);
}

struct slices {
	const struct axev__pg *pg;
	enum axev__cell_tag tag;
	struct axev__db_large large;
	uint32_t count;
	uint64_t bytes;
};

static bool get_number(const struct axev__pg *pg, const PGresult *row, int column, uint32_t *ret_number)
{
	if (pg->api.getisnull(row, 0, column) || pg->api.getlength(row, 0, column) != 4)
		return false;
	*ret_number = axev__get_u32be((const uint8_t *)pg->api.getvalue(row, 0, column));
	return true;
}

static int take_slice(struct slices *slices, const PGresult *row, axev_error *err)
{
	const struct axev__pg *pg = slices->pg;
	uint32_t number, total;
	size_t size;

	if (pg->api.nfields(row) != 3 || !get_number(pg, row, 0, &number) || !get_number(pg, row, 1, &total) ||
	    number != slices->count)
		return axev__fail(err, AXEV_E_PEER, "PostgreSQL: a slice of a long value is not the one that was asked for");
	if (slices->count++ == 0)
		TRY(axev__db_large_begin(pg->capture, slices->tag, total, &slices->large, err));
	size = (size_t)pg->api.getlength(row, 0, 2);
	slices->bytes += size;
	if (total != slices->large.size_bytes || slices->bytes > total)
		return axev__fail(err, AXEV_E_PEER, "PostgreSQL: slices of a long value are longer than it is");
	TRY(axev__db_large_piece(&slices->large, axev__span(pg->api.getvalue(row, 0, 2), size), err));
	return axev__progress(pg->capture->take->env, "cells", slices->large.path, slices->bytes, total, err);
}

static int take_slices(struct slices *slices, axev_error *err)
{
	const struct axev__pg_api *api = &slices->pg->api;

	for (;;) {
		AXEV__PG_RESULT result = { slices->pg, api->getResult(slices->pg->conn) }, none = { 0 };

		if (api->resultStatus(result.result) == PGRES_SINGLE_TUPLE) {
			TRY(take_slice(slices, result.result, err));
			continue;
		}
		if (api->resultStatus(result.result) != PGRES_TUPLES_OK)
			return axev__pg_fail(slices->pg, result.result, "reading a long value failed", err);
		none = (struct axev__pg_result){ slices->pg, api->getResult(slices->pg->conn) };
		return slices->count > 0 ? AXEV_OK :
					   axev__fail(err, AXEV_E_STATE, "PostgreSQL: a row with a long value is not where it was");
	}
}

static int read_cell(const struct axev__pg *pg, const struct axev__pg_shape *shape, const char *from,
		     struct axev__pg_large_cell *cell, axev_error *err)
{
	AXEV__BUF sql = AXEV__BUF_INIT(AXEV__MAX_RECORD_HEADER_BYTES);
	struct slices slices = { .pg = pg,
				 .tag = shape->columns[cell->column].kind == AXEV__PG_BYTEA ? AXEV__CELL_BYTES : AXEV__CELL_TEXT };
	int status;

	TRY(put_slices(shape, from, cell, &sql, err));
	if (!pg->api.sendQueryParams(pg->conn, (const char *)sql.data, 0, NULL, NULL, NULL, NULL, 1) ||
	    !pg->api.setSingleRowMode(pg->conn))
		return axev__pg_fail(pg, NULL, "reading a long value failed", err);
	status = take_slices(&slices, err);
	if (status >= 0)
		status = axev__db_large_end(&slices.large, &cell->cell, err);
	axev__db_large_drop(&slices.large);
	return axev__prefix(status, err, "row %s, column %zu", cell->place, cell->column + 1);
}

int axev__pg_large_read(const struct axev__pg *pg, const struct axev__pg_relation *relation,
			const struct axev__pg_shape *shape, struct axev__pg_large *ret_large, axev_error *err)
{
	char text[64];
	bool may_have;
	size_t i;

	TRY(may_have_any(pg, relation, &may_have, err));
	if (!may_have)
		return AXEV_OK;
	TRY(find_all(pg, relation->name, shape, ret_large, err));
	if (ret_large->count == 0)
		return AXEV_OK;
	for (i = 0; i < ret_large->count; i++)
		TRY(read_cell(pg, shape, relation->name, &ret_large->list[i], err));
	snprintf(text, sizeof(text), "%zu long values read in slices, before the rows", ret_large->count);
	return axev__take_step(pg->capture->take, relation->name, text, err);
}

/* ---- in the rows ---- */

int axev__pg_large_take(struct axev__pg_large *large, struct axev__span place, size_t column, struct axev__db_set *set,
			bool *ret_taken, axev_error *err)
{
	struct axev__pg_large_cell wanted = { .column = column }, *found;

	if (place.size >= sizeof(wanted.place))
		return axev__fail(err, AXEV_E_FORMAT, "PostgreSQL: the place of a row cannot be read");
	memcpy(wanted.place, place.data, place.size);
	found = bsearch(&wanted, large->list, large->count, sizeof(*large->list), compare_cells);
	*ret_taken = found != NULL;
	if (!found)
		return AXEV_OK;
	if (found->is_taken)
		return axev__fail(err, AXEV_E_STATE, "PostgreSQL: two rows are at the same place");
	found->is_taken = true;
	large->taken++;
	return axev__cell_large(found->cell.tag, found->cell.size_bytes, found->cell.sha256, &set->cells, err);
}
