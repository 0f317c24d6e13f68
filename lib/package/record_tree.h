/* SPDX-License-Identifier: Apache-2.0 */
/* Leaves and nodes of a record set: what the writer, the reader and proofs share. FORMAT.md section 3. */
#ifndef AXEV_PACKAGE_RECORD_TREE_H
#define AXEV_PACKAGE_RECORD_TREE_H

#include "base/json.h"
#include "base/limits.h"
#include "crypto/merkle.h"

#define AXEV__BLOCK_LEAVES 256 /* leaves under one hash of the index; a power of two */

/* What a header says, checked. Plain values; strings stay in the JSON. */
struct axev__record_header {
	axev__json *json;
	size_t fields;    /* cells of a record, the count of a multiset included */
	bool is_multiset; /* no key: equal rows are one record, whose first cell says how many there are */
};
void axev__record_header_free(struct axev__record_header *header);
#define AXEV__RECORD_HEADER AXEV__CLEANUP(axev__record_header_free) struct axev__record_header
/* Canonical {"encoding","fields":[{"name","type",...}],"format","name","order"[,"multiset":true][,"about"]}. */
int axev__record_header_read(struct axev__span bytes, struct axev__record_header *ret_header,
			     axev_error *err);

/* SHA-256(head || cell). */
#define AXEV__FIELD_HEAD (1 + 16 + 4)
void axev__record_field_head(const uint8_t salt[16], uint32_t field_index, uint8_t out[AXEV__FIELD_HEAD]);
int axev__record_field_leaf(const uint8_t salt[16], uint32_t field_index, struct axev__span cell,
			    uint8_t out[32], axev_error *err);

/* Leaves of the set: tag 1 header, 2 a record, 3 number of records. */
int axev__record_header_leaf(struct axev__span header, uint8_t out[32], axev_error *err);
/* That of a record is over the leaves of all its fields, put one behind the other: begin, add each, end. */
#define AXEV__RECORD_LEAF_HEAD 2
#define AXEV__RECORD_LEAVES_BYTES (AXEV__RECORD_LEAF_HEAD + 32 * (AXEV__MAX_RECORD_FIELDS + 1))
#define AXEV__RECORD_LEAF_INIT AXEV__BUF_INIT(AXEV__RECORD_LEAVES_BYTES)
void axev__record_leaf_head(uint8_t out[AXEV__RECORD_LEAF_HEAD]);
int axev__record_leaf_begin(struct axev__buf *leaves, axev_error *err);
int axev__record_leaf_add(struct axev__buf *leaves, const uint8_t field_leaf[32], axev_error *err);
int axev__record_leaf_end(const struct axev__buf *leaves, uint8_t out[32], axev_error *err);
/* The same of leaves that lie one behind the other. */
int axev__record_leaf_of(const uint8_t (*field_leaves)[32], size_t fields, uint8_t out[32], axev_error *err);
/* All of this, given @fields salts and as many cells one after another; @leaves is room for it. */
int axev__record_leaf(const uint8_t (*salts)[16], size_t fields, struct axev__span cells, struct axev__buf *leaves,
		      uint8_t out[32], axev_error *err);
int axev__record_count_leaf(uint64_t records, uint8_t out[32], axev_error *err);

#endif
