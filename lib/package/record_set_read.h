/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a record set: every record in its order, the whole checked again. FORMAT.md section 3.2. */
#ifndef AXEV_PACKAGE_RECORD_SET_READ_H
#define AXEV_PACKAGE_RECORD_SET_READ_H

#include "base/env.h"
#include "package/record_write.h"

#define AXEV__INDEX_MAGIC "axrecix1"
#define AXEV__INDEX_HEAD (8 + 32 + 8 + 8)
#define AXEV__INDEX_LINE (8 + 32)

struct axev__record_index {
	const uint8_t *secret; /* lent from the bytes */
	uint64_t records;
	uint64_t bytes;
	uint64_t blocks;
	const uint8_t *lines;
};
/* Form only: whether it is right, axev__record_set_check tells. */
int axev__record_index_read(struct axev__span bytes, struct axev__record_index *ret_index,
			    axev_error *err);

/* Records one after another; cells are lent until the next call. */
struct axev__record_cursor {
	struct axev__source source;
	struct axev__buf window;
	uint64_t offset, at; /* of the window, of the next record */
};
void axev__record_cursor_begin(struct axev__record_cursor *cursor, const struct axev__source *records, uint64_t offset);
int axev__record_cursor_next(struct axev__record_cursor *cursor, struct axev__span *ret_cells, bool *ret_more,
			     axev_error *err);
void axev__record_cursor_end(struct axev__record_cursor *cursor);
#define AXEV__RECORD_CURSOR AXEV__CLEANUP(axev__record_cursor_end) struct axev__record_cursor

typedef int (*axev__record_visitor)(void *payload, struct axev__span cells, axev_error *err);
/* The records from @offset of @records on, until @max of them or the end. */
int axev__records_each(const struct axev__source *records, uint64_t offset, uint64_t max,
		       axev__record_visitor visit, void *payload, axev_error *err);

/*
 * Whole records from offset @at on, each with its length in front: as many as @size bytes (4 or more) hold, at least one, at most @max. Where
 * there is nothing any more it is AXEV_E_FORMAT.
 */
int axev__records_load(const struct axev__source *records, uint64_t at, size_t size, uint64_t max, struct axev__buf *ret_records,
		       uint64_t *ret_count, axev_error *err);

/*
 * Make root and index again from header, records and the secret in the index; AXEV_E_INVALID when the index is another.
 * The root must be compared by the caller with the one that is bound.
 */
int axev__record_set_check(struct axev__span header, const struct axev__source *records,
			   struct axev__span index, const axev_env *env,
			   struct axev__record_totals *ret_totals, axev_error *err);

#endif
