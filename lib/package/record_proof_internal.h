/* SPDX-License-Identifier: Apache-2.0 */
/* Which leaves of a set a proof's reader computes by itself; all other parts of the tree come as hashes. */
#ifndef AXEV_PACKAGE_RECORD_PROOF_INTERNAL_H
#define AXEV_PACKAGE_RECORD_PROOF_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#define AXEV__PROOF_FORMAT "ax-record-proof/1"

/* Leaves: 0 the header, then the records, the last one their number. */
struct axev__proof_shape {
	uint64_t leaves;
	uint64_t first, count; /* records shown */
};

static inline bool axev__proof_knows(const struct axev__proof_shape *shape, uint64_t from, uint64_t to)
{
	return from == 0 || to == shape->leaves ||
	       (from < 1 + shape->first + shape->count && to > 1 + shape->first);
}

/* RFC 6962 2.1: the largest power of two smaller than the number of leaves, which is more than one. */
static inline uint64_t axev__proof_split(uint64_t leaves)
{
	return UINT64_C(1) << (63 - __builtin_clzll(leaves - 1));
}

#endif
