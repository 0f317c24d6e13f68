/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values as PostgreSQL sends them in binary become cells of row-c14n/2. Lengths and ranges are checked: a value that is not
 * what its type sends is AXEV_E_FORMAT, never a guess.
 */
#ifndef AXEV_CAPTURE_DB_PG_CELL_H
#define AXEV_CAPTURE_DB_PG_CELL_H

#include "capture/db/db_set.h"

enum axev__pg_kind {
	AXEV__PG_BOOLEAN,
	AXEV__PG_INT2,
	AXEV__PG_INT4,
	AXEV__PG_INT8,
	AXEV__PG_OID,
	AXEV__PG_FLOAT4,
	AXEV__PG_FLOAT8,
	AXEV__PG_NUMERIC,
	AXEV__PG_TEXT,
	AXEV__PG_BYTEA,
	AXEV__PG_DATE,
	AXEV__PG_TIME,
	AXEV__PG_TIMESTAMP,
	AXEV__PG_TIMESTAMPTZ,
	AXEV__PG_OTHER /* asked for as the server's text */
};
enum axev__pg_kind axev__pg_kind_of(uint32_t type_oid);

struct axev__pg_column {
	enum axev__pg_kind kind;
	char type[256]; /* name of the type, for OTHER */
	uint32_t oid;   /* of the type; of a domain that of what it is made of */
};

/* A value that is not NULL, into set->cells. */
int axev__pg_cell(const struct axev__pg_column *column, struct axev__span value, struct axev__db_set *set,
		  axev_error *err);

/*
 * One message of COPY ... (FORMAT binary): perhaps the header of the stream, then whole rows, or the trailer.
 * *state is 0 before the first message, 1 among the rows, 2 behind the trailer. @large: rows begin with the place of their long
 * values (pg_large.h); NULL: they do not.
 */
struct axev__pg_large;
int axev__pg_copy_message(const struct axev__pg_column *columns, size_t count, struct axev__span message,
			  int *state, struct axev__pg_large *large, struct axev__db_set *set, axev_error *err);

#endif
