/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the log: entries, proofs, and what was attached to checkpoints. */
#include <stdio.h>

#include "base/text.h"
#include "ledger/log_state.h"
#include "proof/tile.h"
#include "proof/tlog_proof.h"

static int full_tile(struct axev__ledger *ledger, int level, uint64_t number,
		     struct axev__buf *ret_bytes, axev_error *err)
{
	char path[112] = "log/";

	TRY(axev__tile_path(level, number, AXEV__TILE_WIDTH, path + 4, sizeof(path) - 4, err));
	TRY(axev__log_file(ledger, path, ret_bytes, err));
	if (level >= 0 && ret_bytes->size != AXEV__TILE_WIDTH * 32)
		return axev__fail(err, AXEV_E_CORRUPT, "%s: expected 8192 bytes", path);
	return AXEV_OK;
}

int axev__log_subtree(void *payload, unsigned level, uint64_t index, uint8_t out[32],
		      axev_error *err)
{
	struct axev__ledger *ledger = payload;
	AXEV__BUF tile = AXEV__BUF_INIT(AXEV__TILE_WIDTH * 32);
	unsigned within = level % 8;
	uint64_t first = index << within; /* in hashes of tile level level / 8 */
	uint64_t number = first / AXEV__TILE_WIDTH;
	uint8_t left[32], right[32];

	if (number < ledger->state.frontier.size >> (level / 8 * 8 + 8)) {
		const uint8_t(*hashes)[32];

		TRY(full_tile(ledger, (int)(level / 8), number, &tile, err));
		hashes = (const uint8_t(*)[32])tile.data;
		return axev__merkle_root(hashes + first % AXEV__TILE_WIDTH, UINT64_C(1) << within, out,
					 err);
	}
	if (level < 8)
		return axev__merkle_root((const uint8_t(*)[32])ledger->state.leaves +
						 first % AXEV__TILE_WIDTH,
					 UINT64_C(1) << within, out, err);
	if (within == 0) { /* the root of the full tile below */
		TRY(full_tile(ledger, (int)(level / 8) - 1, index, &tile, err));
		return axev__merkle_root((const uint8_t(*)[32])tile.data, AXEV__TILE_WIDTH, out, err);
	}
	TRY(axev__log_subtree(payload, level - 1, index * 2, left, err));
	TRY(axev__log_subtree(payload, level - 1, index * 2 + 1, right, err));
	return axev__merkle_node(left, right, out, err);
}

/* The bundle that holds entry @index: a full one is read, the pending one copied. */
static int bundle_of(struct axev__ledger *ledger, uint64_t index, struct axev__buf *ret_bundle,
		     axev_error *err)
{
	uint64_t number = index / AXEV__TILE_WIDTH;

	axev__buf_clear(ret_bundle);
	if (number < ledger->state.frontier.size / AXEV__TILE_WIDTH)
		return full_tile(ledger, -1, number, ret_bundle, err);
	return axev__buf_span(ret_bundle, axev__buf_view(&ledger->state.pending), err);
}

int axev__ledger_each(struct axev__ledger *ledger, uint64_t first,
		      axev__ledger_entry_callback callback, void *payload, axev_error *err)
{
	AXEV__BUF bundle = AXEV__BUF_INIT(AXEV__MAX_GIT_OBJECT);
	uint64_t size = ledger->state.frontier.size, index = first & ~UINT64_C(255);
	struct axev__span rest = { 0 }, entry;
	int status;

	for (; index < size; index++) {
		if (index % AXEV__TILE_WIDTH == 0) {
			TRY(bundle_of(ledger, index, &bundle, err));
			rest = axev__buf_view(&bundle);
		}
		TRY(axev__entry_bundle_take(&rest, &entry, err));
		if (rest.size && index % AXEV__TILE_WIDTH == AXEV__TILE_WIDTH - 1)
			return axev__fail(err, AXEV_E_CORRUPT,
					  "entry bundle %llu: %zu bytes behind its 256 entries",
					  (unsigned long long)(index / AXEV__TILE_WIDTH), rest.size);
		status = index < first ? 0 : callback(payload, index, entry, err);
		if (status)
			return status < 0 ? status : AXEV_OK;
	}
	return AXEV_OK;
}

static int copy_entry(void *payload, uint64_t index, struct axev__span entry, axev_error *err)
{
	(void)index;
	TRY(axev__buf_span(payload, entry, err));
	return 1;
}

int axev__ledger_entry_read(struct axev__ledger *ledger, uint64_t index, struct axev__buf *ret_entry,
			    axev_error *err)
{
	if (index >= ledger->state.frontier.size)
		return axev__fail(err, AXEV_E_NOTFOUND, "the ledger has no entry %llu",
				  (unsigned long long)index);
	return axev__ledger_each(ledger, index, copy_entry, ret_entry, err);
}

struct attachments {
	uint64_t min_size, max_size;
	axev__ledger_attest_callback callback;
	void *payload;
	bool is_over;
};

/* "x012" has more groups below it, "012" is the last; @prefix: the groups above it. */
static bool parse_group(struct axev__span name, uint64_t prefix, uint64_t *ret_number, bool *ret_is_last)
{
	size_t i;

	*ret_is_last = name.size == 3;
	if (name.size == 4 && name.data[0] == 'x')
		name = axev__span(name.data + 1, 3);
	if (name.size != 3 || prefix > UINT64_MAX / 1000 - 1)
		return false;
	for (i = 0; i < 3; i++)
		if (name.data[i] < '0' || name.data[i] > '9')
			return false;
	*ret_number = prefix * 1000 + (uint64_t)(name.data[0] - '0') * 100 +
		      (uint64_t)(name.data[1] - '0') * 10 + (uint64_t)(name.data[2] - '0');
	return *ret_is_last || *ret_number > 0;
}

/* Can a size within the bounds start with @number? Each further group is a factor of 1000. */
static bool may_hold(const struct attachments *walk, uint64_t number, bool is_last)
{
	uint64_t low = number, high = number;

	while (!is_last && low <= walk->max_size / 1000) {
		low *= 1000;
		high = high > UINT64_MAX / 1000 - 1 ? UINT64_MAX : high * 1000 + 999;
		if (high >= walk->min_size && low <= walk->max_size)
			return true;
	}
	return is_last && number >= walk->min_size && number <= walk->max_size;
}

static int give_attachment(struct axev__ledger *ledger, uint64_t size,
			   const struct axev__git_tree_entry *entry, struct attachments *walk,
			   axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_GIT_OBJECT);
	int status;

	TRY(axev__git_store_read(ledger->store, &entry->oid, AXEV__GIT_BLOB, &bytes, err));
	status = walk->callback(walk->payload, size, entry->name, axev__buf_view(&bytes), err);
	walk->is_over = status > 0;
	return status < 0 ? status : AXEV_OK;
}

/* attest/x001/234/<name>: the groups above @oid make @prefix. Folders without a size in the bounds are not read. */
static int walk_attest(struct axev__ledger *ledger, const struct axev__git_oid *oid, uint64_t prefix,
		       bool is_last, struct attachments *walk, axev_error *err)
{
	AXEV__BUF tree = AXEV__BUF_INIT(AXEV__MAX_GIT_OBJECT);
	struct axev__git_tree_entry entry;
	struct axev__span rest;
	int status = AXEV_OK;

	TRY(axev__git_trees_get(ledger->trees, oid, &rest, err));
	TRY(axev__buf_span(&tree, rest, err));
	rest = axev__buf_view(&tree);
	while (!walk->is_over && axev__git_tree_next(&rest, &entry, &status, err)) {
		bool is_last_below;
		uint64_t number;

		if (entry.is_tree == is_last ||
		    (entry.is_tree && !parse_group(entry.name, prefix, &number, &is_last_below)))
			return axev__fail(err, AXEV_E_CORRUPT, "attest/: malformed size");
		if (!entry.is_tree)
			TRY(give_attachment(ledger, prefix, &entry, walk, err));
		else if (may_hold(walk, number, is_last_below))
			TRY(walk_attest(ledger, &entry.oid, number, is_last_below, walk, err));
	}
	return status;
}

int axev__ledger_attest_each(struct axev__ledger *ledger, uint64_t min_size, uint64_t max_size,
			     axev__ledger_attest_callback callback, void *payload,
			     axev_error *err)
{
	struct attachments walk = { min_size, max_size, callback, payload, false };
	struct axev__git_tree_entry entry;
	int status = axev__git_trees_lookup(ledger->trees, &ledger->state.tree, "attest", &entry, NULL);

	if (status == AXEV_E_NOTFOUND)
		return AXEV_OK;
	if (status < 0)
		return axev__fail(err, status, "cannot read attest/");
	return walk_attest(ledger, &entry.oid, 0, false, &walk, err);
}

static int merge_cosignature(void *payload, uint64_t tree_size, struct axev__span name,
			     struct axev__span bytes, axev_error *err)
{
	(void)tree_size;
	if (!axev__span_starts(name, "cosignature"))
		return 0;
	return axev__buf_span(payload, bytes, err);
}

/* A damaged tile or entry must not leave as a proof that fails in court. */
static int check_proof(struct axev__ledger *ledger, uint64_t index, const uint8_t (*hashes)[32],
		       size_t count, axev_error *err)
{
	AXEV__BUF entry = AXEV__BUF_INIT(AXEV__MAX_GIT_OBJECT);
	uint8_t leaf[32];

	TRY(axev__ledger_entry_read(ledger, index, &entry, err));
	TRY(axev__merkle_leaf(axev__buf_view(&entry), leaf, err));
	if (axev__merkle_check_inclusion(index, ledger->state.frontier.size, leaf, hashes, count,
					 ledger->state.root, NULL) < 0)
		return axev__fail(err, AXEV_E_CORRUPT,
				  "entry %llu: the stored tiles and entries do not lead to the signed root",
				  (unsigned long long)index);
	return AXEV_OK;
}

int axev__ledger_prove(struct axev__ledger *ledger, uint64_t index, struct axev__buf *ret_tlog_proof,
		       axev_error *err)
{
	AXEV__BUF note = AXEV__BUF_INIT(AXEV__MAX_NOTE_BYTES);
	uint8_t hashes[AXEV__MAX_PROOF_HASHES][32];
	uint64_t size = ledger->state.frontier.size;
	size_t count;

	if (index >= size)
		return axev__fail(err, AXEV_E_NOTFOUND, "the ledger has no entry %llu",
				  (unsigned long long)index);
	TRY(axev__merkle_inclusion(index, size, axev__log_subtree, ledger, hashes, &count, err));
	TRY(check_proof(ledger, index, (const uint8_t(*)[32])hashes, count, err));
	TRY(axev__buf_span(&note, axev__buf_view(&ledger->state.note), err));
	TRY(axev__ledger_attest_each(ledger, size, size, merge_cosignature, &note, err));
	return axev__tlog_proof_text(index, (const uint8_t(*)[32])hashes, count, axev__buf_view(&note),
				     ret_tlog_proof, err);
}

int axev__ledger_consistency(struct axev__ledger *ledger, uint64_t old_size,
			     uint8_t (*ret_hashes)[32], size_t *ret_count, axev_error *err)
{
	return axev__merkle_consistency(old_size, ledger->state.frontier.size, axev__log_subtree, ledger,
					ret_hashes, ret_count, err);
}

int axev__ledger_root_at(struct axev__ledger *ledger, uint64_t size, uint8_t out[32], axev_error *err)
{
	if (size > ledger->state.frontier.size)
		return axev__fail(err, AXEV_E_INVAL, "the ledger has only %llu entries",
				  (unsigned long long)ledger->state.frontier.size);
	if (size == ledger->state.frontier.size) {
		memcpy(out, ledger->state.root, 32);
		return AXEV_OK;
	}
	return axev__merkle_root_at(size, axev__log_subtree, ledger, out, err);
}
