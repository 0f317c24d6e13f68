/* SPDX-License-Identifier: Apache-2.0 */
/* Leaves of many records at once. Hashing their cells is most of the work on a record set; it is shared among threads. */
#ifndef AXEV_PACKAGE_RECORD_LEAVES_H
#define AXEV_PACKAGE_RECORD_LEAVES_H

#include "package/record_tree.h"

/* @records: as in a records file, each a u32 length and its cells; @count of them, the first of number @first. */
int axev__record_leaves(const uint8_t secret[32], struct axev__span records, uint64_t first, size_t count,
			uint8_t (*ret_leaves)[32], axev_error *err);

#endif
