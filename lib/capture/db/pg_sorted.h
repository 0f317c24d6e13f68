/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables whose rows lie in the order of their key already. With ORDER BY the server walks along the key's index, which for a table that is
 * larger than its memory costs half as much again; a look at each key costs nothing.
 */
#ifndef AXEV_CAPTURE_DB_PG_SORTED_H
#define AXEV_CAPTURE_DB_PG_SORTED_H

#include "capture/db/pg_relation.h"
#include "capture/db/pg_rows.h"

/* Which column of @shape may rise from row to row as they lie, counted from 1; 0: none, or it is not worth while. A guess of the server's. */
int axev__pg_sorted_column(const struct axev__pg *pg, const struct axev__pg_relation *relation, const axev__json *key,
			   const struct axev__pg_shape *shape, size_t *ret_column, axev_error *err);

#endif
