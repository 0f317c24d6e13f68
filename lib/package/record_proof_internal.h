/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which leaves of a set a proof's reader computes by itself; all other parts of the tree come as hashes. And a proof that was read and
 * holds, for what makes another one out of it.
 */
#ifndef AXEV_PACKAGE_RECORD_PROOF_INTERNAL_H
#define AXEV_PACKAGE_RECORD_PROOF_INTERNAL_H

#include "package/record_tree.h"

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

struct axev__read_proof {
	axev__json *json;
	axev__json *proven, *hashes; /* lent */
	struct axev__proof_shape shape;
	struct axev__buf header;
	struct axev__record_header parsed;
	size_t fields;
	uint8_t (*salts)[16];        /* of the cells shown */
	size_t salt_count, salt_capacity;
	size_t used;                 /* hashes */
	uint8_t (*leaves)[32];       /* of the records shown */
	uint8_t header_leaf[32], count_leaf[32];
};
/* As axev__record_proof_check(). */
int axev__proof_open(struct axev__span bytes, const uint8_t root[32], struct axev__read_proof *ret_proof, axev_error *err);
void axev__proof_close(struct axev__read_proof *proof);
#define AXEV__READ_PROOF AXEV__CLEANUP(axev__proof_close) struct axev__read_proof

/* Root of the leaves from @from to @to; takes the hashes that it needs, one after another from @used on. */
int axev__proof_fold(struct axev__read_proof *proof, uint64_t from, uint64_t to, uint8_t out[32], axev_error *err);
struct axev__field_leaf {
	bool is_shown;
	uint8_t salt[16]; /* when it is */
	uint8_t sha256[32];
};
/* Of one field of "proven", shown or withheld; @bytes is room for its cell. */
int axev__proof_field_leaf(const axev__json *field, uint32_t index, struct axev__buf *bytes, struct axev__field_leaf *ret_leaf,
			   axev_error *err);

/* What is common to proofs, but for what they show: @header is canonical, "proven" and "hashes" are empty. */
int axev__proof_begin(struct axev__span header, const struct axev__proof_shape *shape, axev__json **ret_proof, axev_error *err);

#endif
