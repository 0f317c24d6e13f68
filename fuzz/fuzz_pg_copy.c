/* SPDX-License-Identifier: Apache-2.0 */
/* A message of PostgreSQL's COPY in binary, one column of each kind: what is taken for a row has a cell for each. */
#include <stdlib.h>
#include <sys/mman.h>

#include "capture/db/pg_large.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define COLUMNS (AXEV__PG_OTHER + 1)

static int check_row(void *payload, struct axev__span row, uint64_t count, axev_error *err)
{
	struct axev__cell cell;
	size_t cells;

	(void)payload;
	for (cells = 0; row.size > 0; cells++)
		if (axev__cell_next(&row, &cell, err) < 0)
			abort();
	if (cells != COLUMNS || count == 0)
		abort();
	return AXEV_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct axev__pg_column columns[COLUMNS];
	AXEV__DB_SET set = { .fd = -1, .sort_fd = memfd_create("fuzz", MFD_CLOEXEC), .cells = AXEV__BUF_INIT(AXEV__MAX_RECORD_BYTES) };
	struct axev__pg_large_cell cell = { .place = "1(0,1)", .column = 1, .cell = { AXEV__CELL_BYTES, 2 * AXEV__MIB, { 0 } } };
	struct axev__pg_large large = { &cell, 1, 0 };
	int state = 0;
	size_t i;

	if (size > AXEV__MAX_INLINE_CELL) /* would be an object of a package */
		return 0;
	for (i = 0; i < COLUMNS; i++)
		columns[i] = (struct axev__pg_column){ (enum axev__pg_kind)i, "integer[]", 0 };
	if (axev__row_sort_new(set.sort_fd, AXEV__MIB, &set.sort, NULL) < 0)
		return 0;
	/* Rows that begin with the place of their long values, one of which is known. */
	(void)axev__pg_copy_message(columns, COLUMNS, axev__span(data, size), &state, size % 2 ? &large : NULL, &set, NULL);
	if (axev__row_sort_each(set.sort, check_row, NULL, NULL) < 0)
		abort();
	return 0;
}
