/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of one SELECT of PostgreSQL: by COPY in binary, or one by one when the statement has parameters. */
#ifndef AXEV_CAPTURE_DB_PG_ROWS_H
#define AXEV_CAPTURE_DB_PG_ROWS_H

#include "capture/db/pg_cell.h"
#include "capture/db/pg_link.h"

/* What a statement gives, told by the server before it is run. */
struct axev__pg_shape {
	struct axev__pg_column *columns;
	size_t count, parameters;
	axev__json *fields; /* "fields" of a header */
	struct axev__buf names; /* of the columns, quoted; with a NUL behind each */
};
void axev__pg_shape_free(struct axev__pg_shape *shape);
#define AXEV__PG_SHAPE AXEV__CLEANUP(axev__pg_shape_free) struct axev__pg_shape

/* Only one statement is taken, and nothing is run. */
int axev__pg_shape_of(const struct axev__pg *pg, const char *sql, struct axev__pg_shape *ret_shape, axev_error *err);

/* A column of a SELECT, as axev__pg_rows_select() has it. */
int axev__pg_select_column(const struct axev__pg_column *column, const char *name, struct axev__buf *out, axev_error *err);

/*
 * SELECT of the columns of @from with types of our own as they are, others as the server's text. @is_query: @from is a
 * statement, else a table; @order may be NULL.
 */
int axev__pg_rows_select(const struct axev__pg_shape *shape, const char *from, bool is_query, const char *order,
			 struct axev__buf *ret_sql, axev_error *err);

/* All rows into @set; the server's own count of them must be the same. */
/* @large: what axev__pg_large_select() leaves out, all of which must then be in these rows; NULL: another statement. */
struct axev__pg_large;
int axev__pg_rows_copy(const struct axev__pg *pg, const char *sql, const struct axev__pg_shape *shape,
		       struct axev__pg_large *large, struct axev__db_set *set, axev_error *err);
int axev__pg_rows_query(const struct axev__pg *pg, const char *sql, const char *const *parameters,
			const struct axev__pg_shape *shape, struct axev__db_set *set, axev_error *err);

#endif
