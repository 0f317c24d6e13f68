/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Long values of tables of InnoDB with a primary key are read in slices, in the same snapshot and before the rows. The rows then come
 * with the condition that tells a row in front, where it has such values, and NULL for each of them.
 */
#ifndef AXEV_CAPTURE_DB_MARIADB_LONG_H
#define AXEV_CAPTURE_DB_MARIADB_LONG_H

#include "capture/db/db_large.h"
#include "capture/db/mariadb.h"

struct axev__mariadb_long_cell {
	uint8_t row[32]; /* SHA-256 of the row's condition */
	size_t column;   /* from 0 */
	struct axev__db_large_cell cell;
};
struct axev__mariadb_long {
	struct axev__mariadb_reader *reader;
	const char *table, *order;  /* lent */
	axev__json *columns;        /* of each: its name, quoted */
	axev__json *kinds;          /* of each: "bytes", "text", "converted" (text of another encoding than UTF-8), or "": its values are short */
	struct axev__buf condition; /* SQL for the text of a condition that is true of this row alone; empty: there is none */
	bool is_unfit;              /* for values of the key that have no exact text */
	uint64_t slice_bytes;
	struct axev__mariadb_long_cell *list; /* in the order of the rows */
	size_t count, taken;
	struct axev__buf select;    /* empty: there are no such values */
};
/* @reader, @table and @order are set by the caller; the columns, in their order, and then those of the key are told. */
int axev__mariadb_long_new(struct axev__mariadb_long *found, axev_error *err);
int axev__mariadb_long_column(struct axev__mariadb_long *found, const char *name, const char *type, const char *charset,
			      axev_error *err);
int axev__mariadb_long_key(struct axev__mariadb_long *found, const char *name, const char *type, const char *charset,
			   axev_error *err);
void axev__mariadb_long_free(struct axev__mariadb_long *found);

/* All such values into the package, and found->select. */
int axev__mariadb_long_read(struct axev__mariadb_long *found, axev_error *err);
/* The value at @column of the row with @condition, which came as NULL; *ret_taken false: it is NULL. */
int axev__mariadb_long_take(struct axev__mariadb_long *found, struct axev__span condition, size_t column,
			    struct axev__db_set *set, bool *ret_taken, axev_error *err);

#endif
