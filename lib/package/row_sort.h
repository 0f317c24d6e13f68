/* SPDX-License-Identifier: Apache-2.0 */
/* Sorts rows that have no key by their bytes and counts equal ones; what does not fit into memory goes to disk. */
#ifndef AXEV_PACKAGE_ROW_SORT_H
#define AXEV_PACKAGE_ROW_SORT_H

#include "base/buf.h"
#include "base/limits.h"

struct axev__row_sort;
/* @fd: an empty file for what does not fit, stays the caller's. @memory_bytes: how much is kept before it is written. */
int axev__row_sort_new(int fd, size_t memory_bytes, struct axev__row_sort **ret_sort, axev_error *err);
void axev__row_sort_free(struct axev__row_sort *sort);
static inline void axev__row_sort_freep(struct axev__row_sort **sort)
{
	axev__row_sort_free(*sort);
}
#define AXEV__ROW_SORT AXEV__CLEANUP(axev__row_sort_freep) struct axev__row_sort

int axev__row_sort_add(struct axev__row_sort *sort, struct axev__span row, axev_error *err);

/* Every different row once, ascending. */
typedef int (*axev__sorted_visitor)(void *payload, struct axev__span row, uint64_t count, axev_error *err);
int axev__row_sort_each(struct axev__row_sort *sort, axev__sorted_visitor visit, void *payload,
			axev_error *err);

#endif
