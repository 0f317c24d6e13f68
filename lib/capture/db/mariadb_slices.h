/* SPDX-License-Identifier: Apache-2.0 */
/* One long value of MariaDB, in slices into the package. */
#ifndef AXEV_CAPTURE_DB_MARIADB_SLICES_H
#define AXEV_CAPTURE_DB_MARIADB_SLICES_H

#include "capture/db/db_large.h"
#include "capture/db/mariadb.h"

struct axev__mariadb_value {
	const struct axev__mariadb_reader *reader;
	const char *table, *condition; /* lent; the condition is true of its row alone */
	struct axev__span column;      /* its name, quoted */
	struct axev__span kind;        /* "bytes", "text", "converted" (text of another encoding than UTF-8) */
	uint64_t slice_bytes;          /* at most this many at once */
};

/* SQL for the lengths of a value that axev__mariadb_slices_read() has to know. */
int axev__mariadb_slices_length(struct axev__span column, struct axev__span kind, struct axev__buf *out, axev_error *err);
int axev__mariadb_slices_read(const struct axev__mariadb_value *value, const char *lengths, struct axev__db_large_cell *ret_cell,
			      axev_error *err);

#endif
