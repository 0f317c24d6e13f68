/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Long values of PostgreSQL are read in slices, before the rows of their table and in the same snapshot, in which a row stays
 * where it is: its place (tableoid, ctid) tells it. COPY then gives that place instead of the values.
 */
#ifndef AXEV_CAPTURE_DB_PG_LARGE_H
#define AXEV_CAPTURE_DB_PG_LARGE_H

#include "capture/db/db_large.h"
#include "capture/db/pg_relation.h"
#include "capture/db/pg_rows.h"

struct axev__pg_large_cell {
	char place[48]; /* "OID(BLOCK,ROW)" */
	size_t column;  /* from 0 */
	struct axev__db_large_cell cell;
	bool is_taken;  /* by a row */
};
struct axev__pg_large {
	struct axev__pg_large_cell *list; /* by place and column */
	size_t count, taken;
};
void axev__pg_large_free(struct axev__pg_large *large);
#define AXEV__PG_LARGE AXEV__CLEANUP(axev__pg_large_free) struct axev__pg_large

/*
 * All values of @relation that are longer than a slice is worth, into the package. None of a view or a foreign table, which have no
 * places, and none when the account may read columns but not the table.
 */
int axev__pg_large_read(const struct axev__pg *pg, const struct axev__pg_relation *relation,
			const struct axev__pg_shape *shape, struct axev__pg_large *ret_large, axev_error *err);

/* As axev__pg_rows_select(), with the place of a row that has long values in front, and NULL for these. */
int axev__pg_large_select(const struct axev__pg_shape *shape, const char *from, const char *order, struct axev__buf *ret_sql,
			  axev_error *err);

/* The value at @column of the row at @place, which COPY left out, into set->cells; *ret_taken false: it is NULL. */
int axev__pg_large_take(struct axev__pg_large *large, struct axev__span place, size_t column, struct axev__db_set *set,
			bool *ret_taken, axev_error *err);

#endif
