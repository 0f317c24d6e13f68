/* SPDX-License-Identifier: Apache-2.0 */
/* Long BLOBs of tables of SQLite are read piece by piece; the row that a SELECT gives has NULL for them, and its rowid in front. */
#ifndef AXEV_CAPTURE_DB_SQLITE_LONG_H
#define AXEV_CAPTURE_DB_SQLITE_LONG_H

#include "capture/db/db_large.h"
#include "capture/db/sqlite_api.h"

struct axev__sqlite_long {
	const struct axev__sqlite *api;
	sqlite3 *db;
	struct axev__db_capture *capture;
	const char *table;       /* lent */
	const char *rowid;       /* a name of it that no column has; "": the table has none, or columns that are computed */
	axev__json *names;       /* of the columns */
	struct axev__buf select; /* empty: there are no such values, or they cannot be read so */
};
void axev__sqlite_long_free(struct axev__sqlite_long *found);
#define AXEV__SQLITE_LONG AXEV__CLEANUP(axev__sqlite_long_free) struct axev__sqlite_long

/* @order: what goes behind ORDER BY, or NULL. Fills the rest of @found, whose first four members are set; none of a view. */
int axev__sqlite_long_find(struct axev__sqlite_long *found, const char *order, axev_error *err);

/* The value at @column (from 0) of the row, when it is such a BLOB. */
int axev__sqlite_long_take(const struct axev__sqlite_long *found, int64_t rowid, size_t column, struct axev__db_set *set,
			   bool *ret_taken, axev_error *err);

#endif
