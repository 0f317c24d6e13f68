/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/db/pg_rows.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>

#include "base/text.h"
#include "capture/db/pg_large.h"

#define WAIT_MS 500 /* how long a stop may go unheard */

/* ---- what a statement gives ---- */

void axev__pg_shape_free(struct axev__pg_shape *shape)
{
	free(shape->columns);
	axev__json_free(shape->fields);
	axev__buf_free(&shape->names);
	*shape = (struct axev__pg_shape){ 0 };
}

static int describe_field(const struct axev__pg *pg, const PGresult *described, int i, struct axev__pg_shape *shape,
			  axev_error *err)
{
	struct axev__pg_column *column = &shape->columns[i];
	AXEV__PG_RESULT names = { 0 };
	char oid[16], modifier[16];
	const char *parameters[] = { oid, modifier, pg->api.fname(described, i) };
	const char *type;

	snprintf(oid, sizeof(oid), "%u", pg->api.ftype(described, i));
	snprintf(modifier, sizeof(modifier), "%d", pg->api.fmod(described, i));
	TRY(axev__pg_ask(pg,
			 "SELECT pg_catalog.format_type($1, $2), pg_catalog.format_type($1, NULL), pg_catalog.quote_ident($3)",
			 parameters, 3, &names, err));
	type = axev__pg_value(&names, 0, 1);
	column->oid = pg->api.ftype(described, i);
	column->kind = axev__pg_kind_of(column->oid);
	snprintf(column->type, sizeof(column->type), "%s", strlen(type) < sizeof(column->type) ? type : "?");
	TRY(axev__db_field(shape->fields, pg->api.fname(described, i), axev__pg_value(&names, 0, 0), err));
	TRY(axev__buf_str(&shape->names, axev__pg_value(&names, 0, 2), err));
	return axev__buf_byte(&shape->names, 0, err);
}

static int describe(const struct axev__pg *pg, const PGresult *described, struct axev__pg_shape *shape, axev_error *err)
{
	int i, count = pg->api.nfields(described);

	if (count > AXEV__MAX_DB_COLUMNS)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d columns", AXEV__MAX_DB_COLUMNS);
	shape->names.max = AXEV__MAX_RECORD_HEADER_BYTES;
	shape->parameters = (size_t)pg->api.nparams(described);
	shape->count = (size_t)count;
	shape->fields = axev__json_new_array();
	shape->columns = calloc((size_t)count + 1, sizeof(*shape->columns));
	if (!shape->fields || !shape->columns)
		return axev__nomem(err);
	for (i = 0; i < count; i++)
		TRY(describe_field(pg, described, i, shape, err));
	return AXEV_OK;
}

/* Names in the statement were looked up by the path of whoever calls; those of types are then told with their schema. */
int axev__pg_shape_of(const struct axev__pg *pg, const char *sql, struct axev__pg_shape *ret_shape, axev_error *err)
{
	AXEV__PG_RESULT prepared = { pg, pg->api.prepare(pg->conn, "axev", sql, 0, NULL) }, described = { 0 };

	if (pg->api.resultStatus(prepared.result) != PGRES_COMMAND_OK)
		return axev__pg_fail(pg, prepared.result, "the statement was refused", err);
	described = (struct axev__pg_result){ pg, pg->api.describePrepared(pg->conn, "axev") };
	if (pg->api.resultStatus(described.result) != PGRES_COMMAND_OK)
		return axev__pg_fail(pg, described.result, "the statement was refused", err);
	TRY(axev__pg_search(pg, false, err));
	TRY(describe(pg, described.result, ret_shape, err));
	return axev__pg_do(pg, "DEALLOCATE axev", err);
}

/* ---- the statement that is run ---- */

/* By the output function of the type: a cast to text may be somebody's own. NULL IS DISTINCT asks for NULL itself, also of a row. */
int axev__pg_select_column(const struct axev__pg_column *column, const char *name, struct axev__buf *out, axev_error *err)
{
	if (column->kind != AXEV__PG_OTHER)
		return axev__buf_str(out, name, err);
	return axev__buf_printf(out, err, "CASE WHEN %s IS DISTINCT FROM NULL THEN pg_catalog.format('%%s', %s) END", name,
				name);
}

/* Names of a query's columns may be missing or come twice. */
static int select_from_query(const struct axev__pg_shape *shape, const char *query, struct axev__buf *out,
			     axev_error *err)
{
	size_t i;

	TRY(axev__buf_printf(out, err, " FROM (\n%s\n) AS q (", query));
	for (i = 0; i < shape->count; i++)
		TRY(axev__buf_printf(out, err, "%sc%zu", i == 0 ? "" : ", ", i + 1));
	return axev__buf_byte(out, ')', err);
}

int axev__pg_rows_select(const struct axev__pg_shape *shape, const char *from, bool is_query, const char *order,
			 struct axev__buf *ret_sql, axev_error *err)
{
	const char *name = (const char *)shape->names.data;
	char number[24];
	size_t i;

	TRY(axev__buf_str(ret_sql, "SELECT ", err));
	for (i = 0; i < shape->count; i++, name += strlen(name) + 1) {
		snprintf(number, sizeof(number), "c%zu", i + 1);
		if (i > 0)
			TRY(axev__buf_str(ret_sql, ", ", err));
		TRY(axev__pg_select_column(&shape->columns[i], is_query ? number : name, ret_sql, err));
	}
	if (is_query)
		return select_from_query(shape, from, ret_sql, err);
	TRY(axev__buf_printf(ret_sql, err, " FROM %s", from));
	return order ? axev__buf_printf(ret_sql, err, " ORDER BY %s", order) : AXEV_OK;
}

/* ---- rows ---- */

/* What has come already. */
static int take_input(const struct axev__pg *pg, axev_error *err)
{
	return pg->api.consumeInput(pg->conn) ? AXEV_OK : axev__pg_fail(pg, NULL, "reading failed", err);
}

/* Until there is something to be read; a stop is heard. */
static int wait_for_more(const struct axev__pg *pg, const struct axev__db_set *set, axev_error *err)
{
	struct pollfd socket = { .fd = pg->api.socket(pg->conn), .events = POLLIN };

	while (poll(&socket, 1, WAIT_MS) == 0)
		TRY(axev__progress(pg->capture->take->env, "rows", set->name, set->rows, 0, err));
	return take_input(pg, err);
}

/* Nothing has come: what has come before gets on meanwhile. */
static int bide(const struct axev__pg *pg, const struct axev__db_set *set, axev_error *err)
{
	return axev__record_writer_help(set->writer) ? take_input(pg, err) : wait_for_more(pg, set, err);
}

static int next_result(const struct axev__pg *pg, const struct axev__db_set *set, struct axev__pg_result *ret_result,
		       axev_error *err)
{
	while (pg->api.isBusy(pg->conn))
		TRY(wait_for_more(pg, set, err));
	*ret_result = (struct axev__pg_result){ pg, pg->api.getResult(pg->conn) };
	return AXEV_OK;
}

static int check_count(const struct axev__pg *pg, PGresult *result, const struct axev__db_set *set, axev_error *err)
{
	struct axev__span text = axev__span_str(pg->api.cmdTuples(result));
	uint64_t stated;

	if (!axev__parse_u64(text, UINT64_MAX, &stated) || stated != set->rows + set->dropped)
		return axev__fail(err, AXEV_E_STATE, "%" PRIu64 " rows were read, PostgreSQL says it sent %.*s", set->rows + set->dropped,
				  (int)text.size, text.data);
	return AXEV_OK;
}

static int copy_all(const struct axev__pg *pg, const struct axev__pg_shape *shape, struct axev__pg_large *large,
		    struct axev__db_set *set, int *ret_state, axev_error *err)
{
	char *message = NULL;
	bool is_empty = false; /* nothing came the last time, either */
	int size, status;

	while ((size = pg->api.getCopyData(pg->conn, &message, 1)) >= 0) {
		if (size == 0) {
			TRY(is_empty ? bide(pg, set, err) : take_input(pg, err));
			is_empty = true;
			continue;
		}
		is_empty = false;
		status = axev__pg_copy_message(shape->columns, shape->count, axev__span(message, (size_t)size), ret_state,
					       large, set, err);
		pg->api.freemem(message);
		TRY(status);
	}
	if (size != -1)
		return axev__pg_fail(pg, NULL, "reading failed", err);
	return AXEV_OK;
}

/* Each of them was found by the same condition in the same snapshot. */
static int check_large(const struct axev__pg_large *large, axev_error *err)
{
	if (!large || large->taken == large->count)
		return AXEV_OK;
	return axev__fail(err, AXEV_E_STATE, "PostgreSQL: %zu long values were read, %zu of them are in the rows", large->count,
			  large->taken);
}

int axev__pg_rows_copy(const struct axev__pg *pg, const char *sql, const struct axev__pg_shape *shape,
		       struct axev__pg_large *large, struct axev__db_set *set, axev_error *err)
{
	AXEV__BUF copy = AXEV__BUF_INIT(2 * AXEV__MAX_RECORD_HEADER_BYTES);
	AXEV__PG_RESULT begun = { 0 }, ended = { 0 }, none = { 0 };
	int state = 0;

	TRY(axev__buf_printf(&copy, err, "COPY (%s) TO STDOUT (FORMAT binary)", sql));
	if (!pg->api.sendQueryParams(pg->conn, (const char *)copy.data, 0, NULL, NULL, NULL, NULL, 0))
		return axev__pg_fail(pg, NULL, "the statement was refused", err);
	TRY(next_result(pg, set, &begun, err));
	if (pg->api.resultStatus(begun.result) != PGRES_COPY_OUT)
		return axev__pg_fail(pg, begun.result, "the statement was refused", err);
	TRY(copy_all(pg, shape, large, set, &state, err));
	TRY(next_result(pg, set, &ended, err));
	if (pg->api.resultStatus(ended.result) != PGRES_COMMAND_OK)
		return axev__pg_fail(pg, ended.result, "reading failed", err);
	if (state != 2)
		return axev__fail(err, AXEV_E_PEER, "PostgreSQL: the rows end before their end was told");
	TRY(check_count(pg, ended.result, set, err));
	TRY(check_large(large, err));
	return next_result(pg, set, &none, err);
}

static int take_row(const struct axev__pg *pg, const PGresult *row, const struct axev__pg_shape *shape,
		    struct axev__db_set *set, axev_error *err)
{
	const struct axev__pg_api *api = &pg->api;
	int i;

	for (i = 0; i < (int)shape->count; i++) {
		if (api->getisnull(row, 0, i))
			TRY(axev__cell_null(&set->cells, err));
		else
			TRY(axev__pg_cell(&shape->columns[i],
					  axev__span(api->getvalue(row, 0, i), (size_t)api->getlength(row, 0, i)), set, err));
	}
	return axev__db_set_row(set, err);
}

static int query_all(const struct axev__pg *pg, const struct axev__pg_shape *shape, struct axev__db_set *set,
		     axev_error *err)
{
	for (;;) {
		AXEV__PG_RESULT result = { 0 }, none = { 0 };

		TRY(next_result(pg, set, &result, err));
		if (pg->api.resultStatus(result.result) == PGRES_SINGLE_TUPLE) {
			TRY(take_row(pg, result.result, shape, set, err));
			continue;
		}
		if (pg->api.resultStatus(result.result) != PGRES_TUPLES_OK)
			return axev__pg_fail(pg, result.result, "reading failed", err);
		TRY(check_count(pg, result.result, set, err));
		return next_result(pg, set, &none, err);
	}
}

int axev__pg_rows_query(const struct axev__pg *pg, const char *sql, const char *const *parameters,
			const struct axev__pg_shape *shape, struct axev__db_set *set, axev_error *err)
{
	if (!pg->api.sendQueryParams(pg->conn, sql, (int)shape->parameters, NULL, parameters, NULL, NULL, 1) ||
	    !pg->api.setSingleRowMode(pg->conn))
		return axev__pg_fail(pg, NULL, "the statement was refused", err);
	return query_all(pg, shape, set, err);
}
