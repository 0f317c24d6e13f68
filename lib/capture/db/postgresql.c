/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PostgreSQL: all rows out of one snapshot, in a transaction that is READ ONLY and never committed. Tables are locked against
 * being changed or emptied before the snapshot is taken; what goes on outside of the transaction, in functions that a view or
 * a statement calls, is not prevented.
 */
#include "capture/db/db_cut.h"
#include "capture/db/db_engine.h"
#include "capture/db/db_wanted.h"
#include "capture/db/pg_catalog.h"
#include "capture/db/pg_large.h"
#include "capture/db/pg_rows.h"
#include "capture/db/pg_sorted.h"

/* What is run to get the rows: @rows->statement is what was asked for. */
struct run {
	const char *sql;
	const char *const *parameters;
	size_t parameter_count;
	bool is_users; /* names in it are those of the account */
	struct axev__pg_large *large; /* NULL: all values are in the rows */
	size_t rising;                /* the column, from 1, by which rows lie in order; 0: the statement sorts them */
};

static int read_rows(const struct axev__pg *pg, const struct run *run, const struct axev__pg_shape *shape,
		     struct axev__db_set *set, axev_error *err)
{
	TRY(axev__pg_search(pg, run->is_users, err));
	TRY(run->parameter_count > 0 ? axev__pg_rows_query(pg, run->sql, run->parameters, shape, set, err) :
				       axev__pg_rows_copy(pg, run->sql, shape, run->large, set, err));
	return axev__pg_search(pg, false, err);
}

/* *ret_sorted: false when rows did not rise, which leaves nothing. */
static int capture_rows(const struct axev__pg *pg, const struct run *run, const struct axev__db_rows *rows,
			const struct axev__pg_shape *shape, axev__json *catalog, bool *ret_sorted, axev_error *err)
{
	AXEV__DB_SET set = { .fd = -1, .sort_fd = -1 };
	axev_error problem = AXEV_ERROR_INIT;

	TRY(axev__pg_search(pg, run->is_users, err));
	TRY(axev__pg_describe_plan(pg, run->sql, run->parameters, run->parameter_count, catalog, err));
	TRY(axev__db_set_begin(pg->capture, rows, &set, err));
	set.rising = run->rising;
	TRY(axev__db_cut_rows(&set, read_rows(pg, run, shape, &set, &problem), &problem, err));
	*ret_sorted = !set.is_disordered;
	return *ret_sorted ? axev__db_set_finish(&set, err) : AXEV_OK;
}

/* ---- a table, a view ---- */

#define AS_THEY_LIE "%s; rows as they lie, each key compared with the one before"

/* Without ORDER BY, when the server thinks that rows lie in the order of their key; *ret_done: they did. */
static int capture_as_they_lie(const struct axev__pg *pg, const struct axev__pg_relation *relation, struct axev__db_rows rows,
			       const struct axev__pg_shape *shape, axev__json *catalog, bool *ret_done, axev_error *err)
{
	AXEV__BUF sql = AXEV__BUF_INIT(AXEV__MAX_RECORD_HEADER_BYTES), order = AXEV__BUF_INIT(AXEV__MAX_RECORD_HEADER_BYTES);
	struct run run = { 0 };

	*ret_done = false;
	if (pg->capture->keeps_incomplete) /* what is kept of a reading that breaks off are the first rows by their key */
		return AXEV_OK;
	TRY(axev__pg_sorted_column(pg, relation, axev__json_get(rows.about, "key"), shape, &run.rising, err));
	if (run.rising == 0)
		return AXEV_OK;
	TRY(axev__pg_rows_select(shape, relation->name, false, NULL, &sql, err));
	TRY(axev__buf_printf(&order, err, AS_THEY_LIE, rows.order));
	rows.statement = run.sql = (const char *)sql.data;
	rows.order = (const char *)order.data;
	TRY(capture_rows(pg, &run, &rows, shape, catalog, ret_done, err));
	if (*ret_done)
		return AXEV_OK;
	return axev__take_step(pg->capture->take, relation->name, "rows do not lie in the order of their key: read again, sorted", err);
}

static int capture_relation(const struct axev__pg *pg, const struct axev__pg_relation *relation, bool is_asked_for,
			    axev__json *catalog, axev_error *err)
{
	AXEV__BUF base = AXEV__BUF_INIT(AXEV__MAX_RECORD_HEADER_BYTES), order = AXEV__BUF_INIT(AXEV__MAX_RECORD_HEADER_BYTES),
		  sql = AXEV__BUF_INIT(AXEV__MAX_RECORD_HEADER_BYTES), marked = AXEV__BUF_INIT(AXEV__MAX_RECORD_HEADER_BYTES);
	AXEV__PG_SHAPE shape = { 0 };
	AXEV__PG_LARGE large = { 0 };
	AXEV__JSON *about = axev__json_new_object(), *key = axev__json_new_array();
	struct axev__db_rows rows = { .name = relation->name, .about = about };
	struct run run = { 0 };
	bool is_done = false;

	TRY(axev__pg_relation_select(pg, relation, &base, err));
	if (base.size == 0 && is_asked_for)
		return axev__fail(err, AXEV_E_INVAL, "a table without columns has no values");
	if (base.size == 0)
		return axev__take_missing(pg->capture->take, axev__span_str(relation->name),
					  "a table without columns has no values", err);
	TRY(axev__pg_shape_of(pg, (const char *)base.data, &shape, err));
	TRY(axev__pg_relation_order(pg, relation, &order, key, err));
	if (order.size > 0) {
		rows.order = (const char *)order.data;
		TRY(axev__json_set(about, "key", axev__steal(key), err));
	}
	TRY(axev__pg_rows_select(&shape, relation->name, false, rows.order, &sql, err));
	rows.statement = run.sql = (const char *)sql.data;
	rows.fields = shape.fields;
	TRY(axev__json_set_str(about, "what", axev__pg_relation_what(relation), err));
	TRY(axev__pg_large_read(pg, relation, &shape, &large, err));
	if (large.count == 0)
		TRY(capture_as_they_lie(pg, relation, rows, &shape, catalog, &is_done, err));
	if (large.count > 0) {
		TRY(axev__pg_large_select(&shape, relation->name, rows.order, &marked, err));
		run.sql = (const char *)marked.data;
		run.large = &large;
		TRY(axev__db_text(about, "run", run.sql, err));
	}
	if (!is_done)
		TRY(capture_rows(pg, &run, &rows, &shape, catalog, &is_done, err));
	return axev__json_append_str(pg->capture->tables, relation->name, err);
}

/* ---- a query ---- */

/* A semicolon at its end would stand inside of the statement around it. */
static int without_end(const char *query, struct axev__buf *out, axev_error *err)
{
	size_t size = strlen(query);

	while (size > 0 && strchr("; \t\r\n\f", query[size - 1]))
		size--;
	return axev__buf_append(out, query, size, err);
}

static int set_parameters(const axev_db_opts *opts, const struct axev__pg_shape *shape, axev__json *about,
			  axev_error *err)
{
	if (shape->parameters != opts->parameter_count)
		return axev__fail(err, AXEV_E_INVAL, "the statement has %zu parameters, %zu were given", shape->parameters,
				  opts->parameter_count);
	return axev__db_parameters(opts, about, err);
}

static int capture_query(const struct axev__pg *pg, const axev_db_opts *opts, axev__json *catalog, axev_error *err)
{
	AXEV__BUF query = AXEV__BUF_INIT(AXEV__MAX_DB_STATEMENT + 1), sql = AXEV__BUF_INIT(AXEV__MAX_RECORD_HEADER_BYTES);
	AXEV__JSON *about = axev__json_new_object();
	AXEV__PG_SHAPE shape = { 0 };
	struct axev__db_rows rows = { .name = "query", .statement = opts->query, .about = about };
	struct run run = { .parameters = opts->parameters, .parameter_count = opts->parameter_count, .is_users = true };
	bool is_done;

	TRY(without_end(opts->query, &query, err));
	TRY(axev__buf_byte(&query, '\0', err));
	TRY(axev__pg_search(pg, true, err));
	/* Alone it must be one whole statement, or it could end the one that is put around it. */
	TRY(axev__prefix(axev__pg_shape_of(pg, (const char *)query.data, &shape, err), err, "only a SELECT is run"));
	if (shape.count == 0)
		return axev__fail(err, AXEV_E_INVAL, "only a SELECT is run: this statement gives no rows, or writes");
	TRY(set_parameters(opts, &shape, about, err));
	TRY(axev__pg_rows_select(&shape, (const char *)query.data, true, NULL, &sql, err));
	rows.fields = shape.fields;
	run.sql = (const char *)sql.data;
	TRY(axev__json_set_str(about, "what", "query", err));
	TRY(axev__db_text(about, "run", run.sql, err));
	return axev__prefix(capture_rows(pg, &run, &rows, &shape, catalog, &is_done, err), err, "only a SELECT is run");
}

/* ---- all ---- */

static int find(const struct axev__pg *pg, const axev_db_opts *opts, struct axev__pg_relations *relations,
		axev_error *err)
{
	size_t i;

	for (i = 0; i < opts->table_count; i++)
		TRY(axev__pg_relation_find(pg, opts->tables[i], relations, err));
	return opts->table_count == 0 && !opts->query ? axev__pg_relations_all(pg, relations, err) : AXEV_OK;
}

static int capture_next_relation(const struct axev__pg *pg, const struct axev__pg_relation *relation, bool is_asked_for,
				 axev__json *catalog, axev_error *err)
{
	axev_error problem = AXEV_ERROR_INIT;
	int status;

	if (pg->capture->is_cut)
		return axev__db_cut_behind(pg->capture, relation->name, err);
	status = axev__prefix(capture_relation(pg, relation, is_asked_for, catalog, &problem), &problem, "%.200s",
			      relation->name);
	return axev__db_cut_between(pg->capture, relation->name, false, status, &problem, err);
}

static int capture_next_query(const struct axev__pg *pg, const axev_db_opts *opts, axev__json *catalog, axev_error *err)
{
	axev_error problem = AXEV_ERROR_INIT;

	if (pg->capture->is_cut)
		return axev__db_cut_behind(pg->capture, "query", err);
	return axev__db_cut_between(pg->capture, "query", false, capture_query(pg, opts, catalog, &problem), &problem,
				    err);
}

static int in_transaction(const struct axev__pg *pg, const axev_db_opts *opts,
			  const struct axev__pg_relations *relations, axev__json *catalog, axev_error *err)
{
	size_t i;

	TRY(axev__pg_relations_lock(pg, relations, err));
	TRY(axev__pg_describe_snapshot(pg, catalog, err));
	TRY(axev__pg_relations_check(pg, relations, err));
	TRY(axev__pg_describe_relations(pg, relations, catalog, err));
	for (i = 0; i < relations->count; i++)
		TRY(capture_next_relation(pg, &relations->list[i], opts->table_count > 0, catalog, err));
	if (opts->query)
		TRY(capture_next_query(pg, opts, catalog, err));
	if (pg->capture->is_cut)
		return axev__db_cut_unchecked(pg->capture, "session settings", err);
	/* A function that was called may have changed what decides which rows are seen. */
	return axev__pg_check_settings(pg, axev__json_get(catalog, "session"), err);
}

static int add_catalog(struct axev__db_capture *capture, const axev__json *catalog, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_DB_CATALOG_BYTES);

	TRY(axev__json_canonical(catalog, &bytes, err));
	return axev__db_object(capture, "data/postgresql/catalog.json", "schema", axev__buf_view(&bytes), err);
}

int axev__db_postgresql(struct axev__db_capture *capture, const axev_db_opts *opts, const char *where,
			axev__json *source, axev_error *err)
{
	AXEV__PG pg = { 0 };
	AXEV__PG_RELATIONS relations = { 0 };
	AXEV__JSON *catalog = axev__json_new_object();

	TRY(axev__pg_open(capture, opts, where, &pg, err));
	TRY(find(&pg, opts, &relations, err));
	TRY(axev__pg_describe_server(&pg, catalog, err));
	TRY(axev__pg_do(&pg, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", err));
	TRY(in_transaction(&pg, opts, &relations, catalog, err));
	if (!capture->is_cut)
		TRY(axev__pg_do(&pg, "ROLLBACK", err)); /* what a function may have left to be sent or kept goes with it */
	TRY(axev__pg_summarize(&pg, catalog, source, err));
	return add_catalog(capture, catalog, err);
}
