/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of a table of SQLite that has long values. SQLite refuses to load a value beyond its limit; a row with such a one is then taken
 * value by value, and the long ones piece by piece through the rowid, so that memory does not grow with them.
 */
#ifndef AXEV_CAPTURE_DB_SQLITE_LONG_H
#define AXEV_CAPTURE_DB_SQLITE_LONG_H

#include "capture/db/sqlite.h"

struct axev__sqlite_long {
	const struct axev__sqlite_reader *reader;
	const struct axev__sqlite_table *table;
	const char *rowid; /* a name of it that no column has; NULL: values have to come whole */
	bool is_by_rowid;  /* the rows come in its order; otherwise in that of the table's key */
	struct axev__buf walk_sql, rows_sql;
	struct axev__sqlite_statement walk, rows;
	int64_t row;       /* rowid of the one that came */
	bool is_long;      /* its values have to be taken one by one; otherwise they stand in @rows, behind the rowid */
	bool is_begun;
};
void axev__sqlite_long_free(struct axev__sqlite_long *found);
#define AXEV__SQLITE_LONG AXEV__CLEANUP(axev__sqlite_long_free) struct axev__sqlite_long

/* Whether long values of the table can be taken piece by piece: found->rowid. */
int axev__sqlite_long_find(const struct axev__sqlite_reader *reader, const struct axev__sqlite_table *table,
			   struct axev__sqlite_long *ret_found, axev_error *err);
/* What will give the rows, into found->walk_sql and rows_sql. */
int axev__sqlite_long_prepare(struct axev__sqlite_long *found, axev_error *err);

/* With the limit set to this, no value that SQLite loads becomes an object of its own. */
size_t axev__sqlite_long_limit(const struct axev__sqlite_reader *reader);

/* 1: a row, 0: the end. */
int axev__sqlite_long_next(struct axev__sqlite_long *found, axev_error *err);
/* The value at @column (from 0) of a row that is_long alone in @ret_one; false in *ret_loaded: it is a long one. */
int axev__sqlite_long_one(const struct axev__sqlite_long *found, size_t column, struct axev__sqlite_statement *ret_one,
			  bool *ret_loaded, axev_error *err);
/* One that was not loaded, into the package. */
int axev__sqlite_long_take(const struct axev__sqlite_long *found, size_t column, struct axev__db_set *set, axev_error *err);

#endif
