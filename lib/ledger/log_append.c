/* SPDX-License-Identifier: Apache-2.0 */
/* Appending: entries to bundles, tiles and frontier, one pack, one signed commit. */
#include <errno.h>
#include <stdio.h>

#include "base/text.h"
#include "ledger/log_state.h"
#include "proof/tile.h"

#define LEVELS 8

struct hashes {
	uint8_t (*items)[32];
	size_t count, capacity;
	uint64_t first; /* number of the first */
};

struct batch {
	struct axev__ledger *ledger;
	struct axev__git_pack *pack;
	struct axev__git_change *changes;
	size_t count, capacity;
	struct axev__frontier frontier;
	struct axev__buf bundle;              /* the one being filled */
	uint8_t leaves[AXEV__TILE_WIDTH][32]; /* its leaf hashes */
	struct hashes roots[LEVELS];          /* of the full tiles made, per level */
};

static void batch_free(struct batch *batch)
{
	size_t i;

	axev__git_pack_free(batch->pack);
	axev__buf_free(&batch->bundle);
	free(batch->changes);
	for (i = 0; i < LEVELS; i++)
		free(batch->roots[i].items);
}

static int change(struct batch *batch, const char *path, struct axev__git_change **ret_change,
		  axev_error *err)
{
	if (batch->count == batch->capacity) {
		size_t capacity = batch->capacity ? batch->capacity * 2 : 64;
		struct axev__git_change *changes =
			reallocarray(batch->changes, capacity, sizeof(*changes));

		if (!changes)
			return axev__nomem(err);
		batch->changes = changes;
		batch->capacity = capacity;
	}
	*ret_change = &batch->changes[batch->count++];
	memset(*ret_change, 0, sizeof(**ret_change));
	if (snprintf((*ret_change)->path, sizeof((*ret_change)->path), "%s", path) >=
	    (int)sizeof((*ret_change)->path))
		return axev__fail(err, AXEV_E_LIMIT, "path in the ledger's tree too long");
	return AXEV_OK;
}

static int put_file(struct batch *batch, const char *path, struct axev__span bytes, axev_error *err)
{
	struct axev__git_change *put;

	TRY(change(batch, path, &put, err));
	return axev__git_pack_add(batch->pack, AXEV__GIT_BLOB, bytes, &put->oid, err);
}

static int push_root(struct hashes *hashes, const uint8_t hash[32], axev_error *err)
{
	if (hashes->count == hashes->capacity) {
		size_t capacity = hashes->capacity ? hashes->capacity * 2 : 16;
		uint8_t(*items)[32] = reallocarray(hashes->items, capacity, 32);

		if (!items)
			return axev__nomem(err);
		hashes->items = items;
		hashes->capacity = capacity;
	}
	memcpy(hashes->items[hashes->count++], hash, 32);
	return AXEV_OK;
}

static int put_tile(struct batch *batch, int level, uint64_t number, const uint8_t (*hashes)[32],
		    axev_error *err)
{
	char path[112] = "log/";
	uint8_t root[32];

	TRY(axev__tile_path(level, number, AXEV__TILE_WIDTH, path + 4, sizeof(path) - 4, err));
	TRY(put_file(batch, path, axev__span(hashes, AXEV__TILE_WIDTH * 32), err));
	TRY(axev__merkle_root(hashes, AXEV__TILE_WIDTH, root, err));
	return push_root(&batch->roots[level], root, err);
}

/* Hash again what will be published: a bit that flipped since the first time must not be signed. */
static int check_bundle(struct batch *batch, axev_error *err)
{
	struct axev__span rest = axev__buf_view(&batch->bundle), entry;
	uint8_t leaf[32];
	size_t i;

	for (i = 0; i < AXEV__TILE_WIDTH && rest.size; i++) {
		TRY(axev__entry_bundle_take(&rest, &entry, err));
		TRY(axev__merkle_leaf(entry, leaf, err));
		if (memcmp(leaf, batch->leaves[i], 32) != 0)
			return axev__fail(err, AXEV_E_CORRUPT, "an entry changed in memory while it was added");
	}
	return AXEV_OK;
}

/* The bundle is full: it and its tile are written once; pending files of it go. */
static int fold(struct batch *batch, axev_error *err)
{
	uint64_t number = (batch->frontier.size - 1) / AXEV__TILE_WIDTH;
	uint64_t i, old_size = batch->ledger->state.frontier.size;
	struct axev__git_change *removal;
	char path[112] = "log/";

	TRY(check_bundle(batch, err));
	TRY(axev__tile_path(-1, number, AXEV__TILE_WIDTH, path + 4, sizeof(path) - 4, err));
	TRY(put_file(batch, path, axev__buf_view(&batch->bundle), err));
	TRY(put_tile(batch, 0, number, batch->leaves, err));
	for (i = number * AXEV__TILE_WIDTH; i < old_size; i++) {
		snprintf(path, sizeof(path), "log/pending/%llu", (unsigned long long)i);
		TRY(change(batch, path, &removal, err));
		removal->is_removal = true;
	}
	axev__buf_clear(&batch->bundle);
	return AXEV_OK;
}

static int put_package(struct batch *batch, const struct axev__ledger_entry *entry, uint64_t index,
		       axev_error *err)
{
	AXEV__BUF pointer = AXEV__BUF_INIT(256);
	char number[40], path[112], hex[65];

	axev__hex(hex, entry->package_sha256, 32);
	if (!memmem(entry->bytes.data, entry->bytes.size, hex, 64))
		return axev__fail(err, AXEV_E_INVAL, "an entry with a package must name its SHA-256");
	TRY(axev__log_pointer(entry->package_sha256, entry->package_bytes, &pointer, err));
	TRY(axev__tile_number(index, number, sizeof(number), err));
	snprintf(path, sizeof(path), "packages/%s.asice", number);
	return put_file(batch, path, axev__buf_view(&pointer), err);
}

static int add_entry(struct batch *batch, const struct axev__ledger_entry *entry, axev_error *err)
{
	uint64_t index = batch->frontier.size;
	uint8_t *leaf = batch->leaves[index % AXEV__TILE_WIDTH];

	if (entry->bytes.size < 2 || entry->bytes.size > AXEV__MAX_LEDGER_ENTRY_BYTES ||
	    entry->bytes.data[0] != '{' || entry->bytes.data[entry->bytes.size - 1] != '}')
		return axev__fail(err, AXEV_E_INVAL, "entry: expected a JSON object of at most %zu bytes",
				  AXEV__MAX_LEDGER_ENTRY_BYTES);
	TRY(axev__entry_bundle_put(&batch->bundle, entry->bytes, err));
	TRY(axev__merkle_leaf(entry->bytes, leaf, err));
	TRY(axev__frontier_append(&batch->frontier, leaf, err));
	if (entry->has_package)
		TRY(put_package(batch, entry, index, err));
	return batch->frontier.size % AXEV__TILE_WIDTH ? AXEV_OK : fold(batch, err);
}

/* What is left in the bundle and was not there before gets a pending file each. */
static int put_pending(struct batch *batch, axev_error *err)
{
	struct axev__span rest = axev__buf_view(&batch->bundle), entry;
	uint64_t index = batch->frontier.size & ~UINT64_C(255);
	char path[64];

	TRY(check_bundle(batch, err));
	for (; rest.size; index++) {
		TRY(axev__entry_bundle_take(&rest, &entry, err));
		if (index < batch->ledger->state.frontier.size)
			continue;
		snprintf(path, sizeof(path), "log/pending/%llu", (unsigned long long)index);
		TRY(put_file(batch, path, entry, err));
	}
	return AXEV_OK;
}

/* Root of full tile @number of @level, made in this batch or before. */
static int tile_root(struct batch *batch, int level, uint64_t number, uint8_t out[32], axev_error *err)
{
	const struct hashes *made = &batch->roots[level];

	if (number < made->first)
		return axev__log_subtree(batch->ledger, (unsigned)(level + 1) * 8, number, out, err);
	memcpy(out, made->items[number - made->first], 32);
	return AXEV_OK;
}

/* tlog-tiles: hash i of tile (l, n) is the root of tile (l - 1, 256 n + i). */
static int put_upper_tiles(struct batch *batch, axev_error *err)
{
	uint8_t hashes[AXEV__TILE_WIDTH][32];
	int level;

	for (level = 1; level < LEVELS - 1; level++) {
		uint64_t number = batch->roots[level].first;
		uint64_t end = batch->frontier.size >> (8 * (level + 1));
		uint64_t i;

		for (; number < end; number++) {
			for (i = 0; i < AXEV__TILE_WIDTH; i++)
				TRY(tile_root(batch, level - 1, number * AXEV__TILE_WIDTH + i, hashes[i],
					      err));
			TRY(put_tile(batch, level, number, (const uint8_t(*)[32])hashes, err));
		}
	}
	return AXEV_OK;
}

static int begin(struct batch *batch, axev_error *err)
{
	const struct axev__log_state *state = &batch->ledger->state;
	int level;

	batch->bundle.max = AXEV__MAX_GIT_OBJECT;
	batch->frontier = state->frontier;
	memcpy(batch->leaves, state->leaves, sizeof(batch->leaves));
	for (level = 0; level < LEVELS - 1; level++)
		batch->roots[level].first = state->frontier.size >> (8 * (level + 1));
	TRY(axev__buf_span(&batch->bundle, axev__buf_view(&state->pending), err));
	return axev__git_pack_new(&batch->pack, err);
}

/* The handle goes on from what was published; nothing is read back. */
static int adopt(struct batch *batch, const struct axev__git_oid *commit,
		 const struct axev__git_oid *tree, const uint8_t root[32], struct axev__buf *note,
		 axev_error *err)
{
	struct axev__log_state *state = &batch->ledger->state;

	axev__buf_clear(&state->pending);
	axev__buf_clear(&state->note);
	TRY(axev__buf_span(&state->pending, axev__buf_view(&batch->bundle), err));
	TRY(axev__buf_span(&state->note, axev__buf_view(note), err));
	state->commit = *commit;
	state->tree = *tree;
	state->frontier = batch->frontier;
	memcpy(state->root, root, 32);
	memcpy(state->leaves, batch->leaves, sizeof(state->leaves));
	return AXEV_OK;
}

static int finish(struct batch *batch, axev_error *err)
{
	AXEV__BUF note = AXEV__BUF_INIT(AXEV__MAX_NOTE_BYTES);
	struct axev__ledger *ledger = batch->ledger;
	struct axev__git_oid tree, commit;
	uint8_t root[32];
	int status;

	TRY(put_pending(batch, err));
	TRY(put_upper_tiles(batch, err));
	TRY(put_file(batch, "log/frontier",
		     axev__span(batch->frontier.hashes, batch->frontier.count * 32), err));
	TRY(axev__frontier_root(&batch->frontier, root, err));
	TRY(axev__log_sign(ledger, batch->frontier.size, root, &note, err));
	TRY(put_file(batch, "checkpoint", axev__buf_view(&note), err));
	TRY(axev__git_trees_update(ledger->trees, &ledger->state.tree, batch->changes, batch->count,
				   batch->pack, &tree, err));
	TRY(axev__log_publish(ledger, batch->pack, &tree, false, axev__buf_view(&note), &commit, err));
	status = adopt(batch, &commit, &tree, root, &note, err);
	if (status < 0)
		ledger->is_poisoned = true; /* published, but this handle does not know it */
	return status;
}

static int append(struct axev__ledger *ledger, const struct axev__ledger_entry *entries, size_t count,
		  axev_error *err)
{
	AXEV__CLEANUP(batch_free) struct batch batch = { .ledger = ledger };
	size_t i;

	if (count > AXEV__MAX_BATCH_ENTRIES)
		return axev__fail(err, AXEV_E_LIMIT, "a batch has at most %d entries",
				  AXEV__MAX_BATCH_ENTRIES);
	TRY(begin(&batch, err));
	for (i = 0; i < count; i++)
		TRY(add_entry(&batch, &entries[i], err));
	return finish(&batch, err);
}

static int lock(struct axev__ledger *ledger, int *ret_fd, axev_error *err)
{
	if (ledger->is_poisoned)
		return axev__fail(err, AXEV_E_STATE,
				  "an earlier write could not be made durable: close and open the ledger");
	if (!axev__log_is_writable(ledger))
		return axev__fail_errno(err, errno, "the ledger cannot be written here");
	TRY(axev__log_lock(ledger->dirfd, ret_fd, err));
	TRY(axev__git_ref_unlock_stale(axev__git_store_dirfd(ledger->store), err));
	TRY(axev__ledger_refresh(ledger, err));
	return axev__log_load_keys(ledger, err);
}

int axev__ledger_append_with(struct axev__ledger *ledger, axev__ledger_prepare prepare,
			     void *payload, uint64_t *ret_first_index, axev_error *err)
{
	AXEV__CLOSE int fd = -1;
	const struct axev__ledger_entry *entries = NULL;
	size_t count = 0;
	uint64_t first;

	TRY(lock(ledger, &fd, err));
	TRY(prepare(payload, ledger, &entries, &count, err));
	first = ledger->state.frontier.size;
	if (count)
		TRY(append(ledger, entries, count, err));
	if (ret_first_index)
		*ret_first_index = first;
	return AXEV_OK;
}

struct given {
	const struct axev__ledger_entry *entries;
	size_t count;
};

static int hand_over(void *payload, struct axev__ledger *ledger,
		     const struct axev__ledger_entry **ret_entries, size_t *ret_count, axev_error *err)
{
	const struct given *given = payload;

	(void)ledger;
	(void)err;
	*ret_entries = given->entries;
	*ret_count = given->count;
	return AXEV_OK;
}

int axev__ledger_append(struct axev__ledger *ledger, const struct axev__ledger_entry *entries,
			size_t count, uint64_t *ret_first_index, axev_error *err)
{
	struct given given = { entries, count };

	return axev__ledger_append_with(ledger, hand_over, &given, ret_first_index, err);
}

/* Below attest/, keys/ or policy/, without empty or hidden components ("..", ".git"). */
static bool is_beside_log(const char *path)
{
	size_t length = strlen(path);

	return (strncmp(path, "attest/", 7) == 0 || strncmp(path, "keys/", 5) == 0 ||
		strncmp(path, "policy/", 7) == 0) &&
	       path[length - 1] != '/' && !strstr(path, "//") && !strstr(path, "/.");
}

int axev__ledger_publish(struct axev__ledger *ledger, const struct axev__ledger_blob *blobs,
			 size_t count, axev_error *err)
{
	AXEV__CLEANUP(batch_free) struct batch batch = { .ledger = ledger };
	AXEV__CLOSE int fd = -1;
	struct axev__git_oid tree, commit;
	size_t i;

	TRY(lock(ledger, &fd, err));
	TRY(axev__git_pack_new(&batch.pack, err));
	for (i = 0; i < count; i++) {
		if (!is_beside_log(blobs[i].path))
			return axev__fail(err, AXEV_E_INVAL, "expected a path below attest/, keys/ or policy/");
		if (blobs[i].bytes.size > AXEV__MAX_LEDGER_ATTACHMENT)
			return axev__fail(err, AXEV_E_LIMIT, "an attachment has at most %zu bytes",
					  AXEV__MAX_LEDGER_ATTACHMENT);
		TRY(put_file(&batch, blobs[i].path, blobs[i].bytes, err));
	}
	TRY(axev__git_trees_update(ledger->trees, &ledger->state.tree, batch.changes, batch.count,
				   batch.pack, &tree, err));
	TRY(axev__log_publish(ledger, batch.pack, &tree, false, axev__buf_view(&ledger->state.note),
			      &commit, err));
	ledger->state.commit = commit;
	ledger->state.tree = tree;
	return AXEV_OK;
}

int axev__ledger_attest(struct axev__ledger *ledger, uint64_t tree_size, const char *name,
			struct axev__span bytes, axev_error *err)
{
	struct axev__ledger_blob blob = { NULL, bytes };
	char number[40], path[200];

	if (!*name || strchr(name, '/') || name[0] == '.')
		return axev__fail(err, AXEV_E_INVAL, "name of an attachment: expected a plain file name");
	TRY(axev__tile_number(tree_size, number, sizeof(number), err));
	snprintf(path, sizeof(path), "attest/%s/%s", number, name);
	blob.path = path;
	return axev__ledger_publish(ledger, &blob, 1, err);
}
