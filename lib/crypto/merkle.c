/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/merkle.h"

int axev__merkle_leaf(struct axev__span entry, uint8_t out[32], axev_error *err)
{
	AXEV__HASHER *hasher = NULL;
	struct axev__digests digests;

	TRY(axev__hasher_new(AXEV__DIGEST_SHA256, &hasher, err));
	TRY(axev__hasher_update(hasher, "\0", 1, err));
	TRY(axev__hasher_update(hasher, entry.data, entry.size, err));
	TRY(axev__hasher_final(hasher, &digests, err));
	memcpy(out, digests.sha256, 32);
	return AXEV_OK;
}

#define NODE 65

static void node_message(const uint8_t left[32], const uint8_t right[32], uint8_t out[NODE])
{
	out[0] = 0x01;
	memcpy(out + 1, left, 32);
	memcpy(out + 33, right, 32);
}

int axev__merkle_node(const uint8_t left[32], const uint8_t right[32], uint8_t out[32],
		      axev_error *err)
{
	uint8_t message[NODE];

	node_message(left, right, message);
	return axev__sha256(message, sizeof(message), out, err);
}

int axev__merkle_full_root(struct axev__sha256_many *many, uint8_t (*hashes)[32], size_t count, axev_error *err)
{
	uint8_t *message;
	size_t i;

	for (; count > 1; count /= 2) {
		for (i = 0; i < count; i += 2) { /* a node stands where both it is made of were taken from already, or before */
			message = axev__sha256_many_add(many, NODE, hashes[i / 2]);
			if (!message)
				return axev__nomem(err);
			node_message(hashes[i], hashes[i + 1], message);
		}
		axev__sha256_many_end(many);
	}
	return AXEV_OK;
}

int axev__frontier_append(struct axev__frontier *frontier, const uint8_t leaf_hash[32],
			  axev_error *err)
{
	uint8_t carry[32];
	uint64_t size = frontier->size;

	memcpy(carry, leaf_hash, 32);
	/* Each 1 at the low end of the size is a full subtree that the new leaf completes. */
	for (; size & 1; size >>= 1) {
		TRY(axev__merkle_node(frontier->hashes[frontier->count - 1], carry, carry, err));
		frontier->count--;
	}
	memcpy(frontier->hashes[frontier->count++], carry, 32);
	frontier->size++;
	return AXEV_OK;
}

int axev__frontier_root(const struct axev__frontier *frontier, uint8_t out[32], axev_error *err)
{
	size_t i;

	if (frontier->count == 0)
		return axev__sha256("", 0, out, err);
	i = frontier->count - 1;
	memcpy(out, frontier->hashes[i], 32);
	while (i-- > 0)
		TRY(axev__merkle_node(frontier->hashes[i], out, out, err));
	return AXEV_OK;
}

int axev__merkle_root(const uint8_t (*leaf_hashes)[32], uint64_t count, uint8_t out[32],
		      axev_error *err)
{
	struct axev__frontier frontier = { 0 };
	uint64_t i;

	for (i = 0; i < count; i++)
		TRY(axev__frontier_append(&frontier, leaf_hashes[i], err));
	return axev__frontier_root(&frontier, out, err);
}

/* Root over [start, start + count): full subtrees are read, the ragged right edge is folded. */
static int range_root(uint64_t start, uint64_t count, axev__subtree_reader reader, void *payload,
		      uint8_t out[32], axev_error *err)
{
	unsigned level = 63 - (unsigned)__builtin_clzll(count);
	uint64_t full = UINT64_C(1) << level;
	uint8_t left[32], right[32];

	if (full == count)
		return reader(payload, level, start >> level, out, err);
	TRY(reader(payload, level, start >> level, left, err));
	TRY(range_root(start + full, count - full, reader, payload, right, err));
	return axev__merkle_node(left, right, out, err);
}

int axev__merkle_root_at(uint64_t size, axev__subtree_reader reader, void *payload, uint8_t out[32],
			 axev_error *err)
{
	return size ? range_root(0, size, reader, payload, out, err) : axev__sha256("", 0, out, err);
}

/* Largest power of two smaller than @count, RFC 6962 2.1. */
static uint64_t split(uint64_t count)
{
	return UINT64_C(1) << (63 - __builtin_clzll(count - 1));
}

struct path {
	axev__subtree_reader reader;
	void *payload;
	uint8_t (*hashes)[32];
	size_t count;
};

static int push_range(struct path *path, uint64_t start, uint64_t count, axev_error *err)
{
	if (path->count == AXEV__MAX_PROOF_HASHES)
		return axev__fail(err, AXEV_E_INTERNAL, "proof too long");
	return range_root(start, count, path->reader, path->payload, path->hashes[path->count++], err);
}

static int inclusion(struct path *path, uint64_t index, uint64_t start, uint64_t count,
		     axev_error *err)
{
	uint64_t k;

	if (count == 1)
		return AXEV_OK;
	k = split(count);
	if (index < k) {
		TRY(inclusion(path, index, start, k, err));
		return push_range(path, start + k, count - k, err);
	}
	TRY(inclusion(path, index - k, start + k, count - k, err));
	return push_range(path, start, k, err);
}

int axev__merkle_inclusion(uint64_t index, uint64_t size, axev__subtree_reader reader, void *payload,
			   uint8_t (*ret_hashes)[32], size_t *ret_count, axev_error *err)
{
	struct path path = { reader, payload, ret_hashes, 0 };

	if (index >= size)
		return axev__fail(err, AXEV_E_INVAL, "expected a leaf index below the tree size");
	TRY(inclusion(&path, index, 0, size, err));
	*ret_count = path.count;
	return AXEV_OK;
}

/* RFC 6962 2.1.2 SUBPROOF(m, D[n], b). */
static int consistency(struct path *path, uint64_t old_size, uint64_t start, uint64_t count,
		       bool is_whole, axev_error *err)
{
	uint64_t k;

	if (old_size == count)
		return is_whole ? AXEV_OK : push_range(path, start, count, err);
	k = split(count);
	if (old_size <= k) {
		TRY(consistency(path, old_size, start, k, is_whole, err));
		return push_range(path, start + k, count - k, err);
	}
	TRY(consistency(path, old_size - k, start + k, count - k, false, err));
	return push_range(path, start, k, err);
}

int axev__merkle_consistency(uint64_t old_size, uint64_t size, axev__subtree_reader reader,
			     void *payload, uint8_t (*ret_hashes)[32], size_t *ret_count,
			     axev_error *err)
{
	struct path path = { reader, payload, ret_hashes, 0 };

	if (old_size > size)
		return axev__fail(err, AXEV_E_INVAL, "expected the old size to be at most the new one");
	if (old_size > 0 && old_size < size)
		TRY(consistency(&path, old_size, 0, size, true, err));
	*ret_count = path.count;
	return AXEV_OK;
}

static int no_match(axev_error *err, const char *what)
{
	return axev__fail(err, AXEV_E_INVALID, "%s proof does not lead to the root", what);
}

int axev__merkle_check_inclusion(uint64_t index, uint64_t size, const uint8_t leaf_hash[32],
				 const uint8_t (*hashes)[32], size_t count, const uint8_t root[32],
				 axev_error *err)
{
	uint64_t fn = index, sn = size - 1;
	uint8_t r[32];
	size_t i;

	/* RFC 9162 2.1.3.2, steps in its order. */
	if (index >= size)
		return no_match(err, "inclusion");
	memcpy(r, leaf_hash, 32);
	for (i = 0; i < count; i++) {
		if (sn == 0)
			return no_match(err, "inclusion");
		if ((fn & 1) || fn == sn) {
			TRY(axev__merkle_node(hashes[i], r, r, err));
			while (!(fn & 1) && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			TRY(axev__merkle_node(r, hashes[i], r, err));
		}
		fn >>= 1;
		sn >>= 1;
	}
	if (sn != 0 || memcmp(r, root, 32) != 0)
		return no_match(err, "inclusion");
	return AXEV_OK;
}

/* RFC 9162 2.1.4.2 step 5 and on, with the first hash already chosen. */
static int fold_consistency(uint64_t fn, uint64_t sn, const uint8_t first[32],
			    const uint8_t (*hashes)[32], size_t count, const uint8_t old_root[32],
			    const uint8_t root[32], axev_error *err)
{
	uint8_t fr[32], sr[32];
	size_t i;

	memcpy(fr, first, 32);
	memcpy(sr, first, 32);
	for (i = 0; i < count; i++) {
		if (sn == 0)
			return no_match(err, "consistency");
		if ((fn & 1) || fn == sn) {
			TRY(axev__merkle_node(hashes[i], fr, fr, err));
			TRY(axev__merkle_node(hashes[i], sr, sr, err));
			while (!(fn & 1) && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			TRY(axev__merkle_node(sr, hashes[i], sr, err));
		}
		fn >>= 1;
		sn >>= 1;
	}
	if (sn != 0 || memcmp(fr, old_root, 32) != 0 || memcmp(sr, root, 32) != 0)
		return no_match(err, "consistency");
	return AXEV_OK;
}

int axev__merkle_check_consistency(uint64_t old_size, uint64_t size, const uint8_t old_root[32],
				   const uint8_t root[32], const uint8_t (*hashes)[32],
				   size_t count, axev_error *err)
{
	uint64_t fn = old_size - 1, sn = size - 1;

	/* From size 0 nothing is proven: refused, as the reference implementation does. */
	if (old_size == 0 || old_size > size)
		return no_match(err, "consistency");
	if (old_size == size)
		return count == 0 && memcmp(old_root, root, 32) == 0 ? AXEV_OK :
								      no_match(err, "consistency");
	if (count == 0)
		return no_match(err, "consistency");
	while (fn & 1) {
		fn >>= 1;
		sn >>= 1;
	}
	/* A power of two: the old root itself is the first hash. */
	if ((old_size & (old_size - 1)) == 0)
		return fold_consistency(fn, sn, old_root, hashes, count, old_root, root, err);
	return fold_consistency(fn, sn, hashes[0], hashes + 1, count - 1, old_root, root, err);
}
