/* SPDX-License-Identifier: Apache-2.0 */
/* Merkle tree of RFC 6962 section 2.1 over SHA-256: roots, inclusion and consistency, both ways. */
#ifndef AXEV_CRYPTO_MERKLE_H
#define AXEV_CRYPTO_MERKLE_H

#include "base/limits.h"
#include "crypto/digest.h"
#include "crypto/sha256_many.h"

/* Leaf hash = SHA-256(0x00 || entry), node = SHA-256(0x01 || left || right). */
int axev__merkle_leaf(struct axev__span entry, uint8_t out[32], axev_error *err);
int axev__merkle_node(const uint8_t left[32], const uint8_t right[32], uint8_t out[32],
		      axev_error *err);

/* A compact range from 0: the roots of the full subtrees, largest first. Constant memory. */
struct axev__frontier {
	uint64_t size;
	size_t count;
	uint8_t hashes[AXEV__MAX_PROOF_HASHES][32];
};
int axev__frontier_append(struct axev__frontier *frontier, const uint8_t leaf_hash[32],
			  axev_error *err);
/* Root of the tree; SHA-256("") when empty. */
int axev__frontier_root(const struct axev__frontier *frontier, uint8_t out[32], axev_error *err);

/* Root over @count hashes, a power of two, many at once. They are overwritten: the root is the first one then. */
int axev__merkle_full_root(struct axev__sha256_many *many, uint8_t (*hashes)[32], size_t count, axev_error *err);

/* Root over @count leaf hashes laid out one after another. */
int axev__merkle_root(const uint8_t (*leaf_hashes)[32], uint64_t count, uint8_t out[32],
		      axev_error *err);

/*
 * Proofs read hashes of complete subtrees through this: the root over leaves
 * [index << level, (index + 1) << level).
 */
typedef int (*axev__subtree_reader)(void *payload, unsigned level, uint64_t index, uint8_t out[32],
				    axev_error *err);

/* Root of the tree of the first @size leaves. */
int axev__merkle_root_at(uint64_t size, axev__subtree_reader reader, void *payload, uint8_t out[32],
			 axev_error *err);

/* Audit path of leaf @index in a tree of @size (RFC 6962 2.1.1), bottom up. */
int axev__merkle_inclusion(uint64_t index, uint64_t size, axev__subtree_reader reader, void *payload,
			   uint8_t (*ret_hashes)[32], size_t *ret_count, axev_error *err);
/* Consistency proof from @old_size to @size (RFC 6962 2.1.2); empty when equal or old is 0. */
int axev__merkle_consistency(uint64_t old_size, uint64_t size, axev__subtree_reader reader,
			     void *payload, uint8_t (*ret_hashes)[32], size_t *ret_count,
			     axev_error *err);

/* RFC 9162 2.1.3.2 and 2.1.4.2. AXEV_E_INVALID when the proof does not hold. */
int axev__merkle_check_inclusion(uint64_t index, uint64_t size, const uint8_t leaf_hash[32],
				 const uint8_t (*hashes)[32], size_t count, const uint8_t root[32],
				 axev_error *err);
int axev__merkle_check_consistency(uint64_t old_size, uint64_t size, const uint8_t old_root[32],
				   const uint8_t root[32], const uint8_t (*hashes)[32],
				   size_t count, axev_error *err);

#endif
