/* SPDX-License-Identifier: Apache-2.0 */
/* The full check: everything again from the stored bytes, nothing taken from the open handle's state. */
#include <stdio.h>

#include "base/io.h"
#include "base/json.h"
#include "base/text.h"
#include "crypto/sshsig.h"
#include "ledger/check_packages.h"
#include "proof/tile.h"

struct root_at {
	uint64_t size;
	uint8_t root[32];
	struct axev__git_oid commit;
};

struct checking {
	struct axev__ledger *ledger;
	const axev_env *env;
	struct axev__ledger_check result;
	struct axev__check_packages packages;
	struct axev__frontier frontier;
	struct axev__frontier tile; /* of the current bundle */
	struct axev__buf tile_bytes;
	struct root_at *roots; /* newest first */
	size_t root_count, root_capacity;
	uint64_t files; /* below log/, as they must be */
	uint8_t (*attached)[32]; /* SHA-256 of every file below attest/, sorted */
	size_t attached_count, attached_capacity;
};

static void checking_free(struct checking *checking)
{
	axev__buf_free(&checking->tile_bytes);
	axev__check_packages_free(&checking->packages);
	free(checking->roots);
	free(checking->attached);
}

static int corrupt(axev_error *err, const char *what)
{
	return axev__fail(err, AXEV_E_CORRUPT, "%s", what);
}

/* ---- commits ---- */

struct commit {
	struct axev__git_oid tree, parent;
	bool has_parent;
	struct axev__span message;
	struct axev__buf payload, signature;
};

static void commit_free(struct commit *commit)
{
	axev__buf_free(&commit->payload);
	axev__buf_free(&commit->signature);
}

/* "tree <40>\n", then perhaps "parent <40>\n". */
static const uint8_t *start_of_author(struct axev__span bytes, bool has_parent)
{
	return bytes.data + 46 + (has_parent ? 48 : 0);
}

/* Exactly: tree, [parent], author, committer, gpgsig with its further lines, empty line, message. */
static int split_commit(struct axev__span bytes, struct commit *commit, axev_error *err)
{
	static const char gpgsig[] = "\ngpgsig ";
	const uint8_t *start, *at, *end = bytes.data + bytes.size;

	start = memmem(bytes.data, bytes.size, gpgsig, strlen(gpgsig));
	if (!start || !axev__span_starts(bytes, "tree ") || bytes.size < 94 + 7 ||
	    !axev__unhex(commit->tree.id, 20, axev__span(bytes.data + 5, 40)))
		return corrupt(err, "expected a signed commit");
	commit->has_parent = memcmp(bytes.data + 46, "parent ", 7) == 0;
	if (commit->has_parent && !axev__unhex(commit->parent.id, 20, axev__span(bytes.data + 53, 40)))
		return corrupt(err, "malformed parent");
	/* One line of history: what a second parent brought in would be seen by nobody. */
	if (!axev__span_starts(axev__span(start_of_author(bytes, commit->has_parent), 7), "author "))
		return corrupt(err, "expected one parent at most, then the author");
	for (at = start + strlen(gpgsig); at < end; at++) {
		if (at[-1] == '\n' && *at != ' ')
			break;
		if (at[-1] != '\n')
			TRY(axev__buf_byte(&commit->signature, *at, err));
	}
	if (at >= end || *at != '\n')
		return corrupt(err, "expected the note behind the signature");
	commit->message = axev__span(at + 1, (size_t)(end - at - 1));
	TRY(axev__buf_append(&commit->payload, bytes.data, (size_t)(start + 1 - bytes.data), err));
	return axev__buf_append(&commit->payload, at, (size_t)(end - at), err);
}

static int remember_root(struct checking *checking, const struct axev__checkpoint *checkpoint,
			 const struct axev__git_oid *oid, axev_error *err)
{
	struct root_at *at;

	if (checking->root_count == checking->root_capacity) {
		size_t capacity = checking->root_capacity ? checking->root_capacity * 2 : 64;

		at = reallocarray(checking->roots, capacity, sizeof(*at));
		if (!at)
			return axev__nomem(err);
		checking->roots = at;
		checking->root_capacity = capacity;
	}
	at = &checking->roots[checking->root_count];
	if (checking->root_count && checkpoint->size > at[-1].size)
		return corrupt(err, "the tree became smaller");
	at->size = checkpoint->size;
	memcpy(at->root, checkpoint->root, 32);
	at->commit = *oid;
	checking->root_count++;
	return AXEV_OK;
}

static int check_commit(struct checking *checking, const struct axev__git_oid *oid,
			struct commit *commit, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_GIT_OBJECT);
	AXEV__BUF file = AXEV__BUF_INIT(AXEV__MAX_GIT_OBJECT);
	AXEV__FREE struct axev__note *note = malloc(sizeof(*note));
	struct axev__ledger *ledger = checking->ledger;
	struct axev__git_tree_entry entry;
	struct axev__checkpoint checkpoint;

	if (!note)
		return axev__nomem(err);
	TRY(axev__git_store_read(ledger->store, oid, AXEV__GIT_COMMIT, &bytes, err));
	TRY(split_commit(axev__buf_view(&bytes), commit, err));
	TRY(axev__sshsig_verify(ledger->git_key, "git", axev__buf_view(&commit->payload),
				axev__buf_view(&commit->signature), err));
	TRY(axev__note_parse(commit->message, note, err));
	TRY(axev__note_check(note, &ledger->log_key, NULL, err));
	TRY(axev__checkpoint_parse(note->text, &checkpoint, err));
	if (!axev__span_is(checkpoint.origin, ledger->log_key.name))
		return corrupt(err, "the checkpoint is of another log");
	TRY(axev__git_trees_lookup(ledger->trees, &commit->tree, "checkpoint", &entry, err));
	TRY(axev__git_store_read(ledger->store, &entry.oid, AXEV__GIT_BLOB, &file, err));
	if (!axev__span_equal(axev__buf_view(&file), commit->message))
		return corrupt(err, "the message is not the file checkpoint");
	return remember_root(checking, &checkpoint, oid, err);
}

static int check_chain(struct checking *checking, axev_error *err)
{
	struct axev__git_oid oid = checking->ledger->state.commit;
	bool has_more = true;
	char hex[41];

	while (has_more) {
		AXEV__CLEANUP(commit_free) struct commit commit = {
			.payload = AXEV__BUF_INIT(AXEV__MAX_GIT_OBJECT),
			.signature = AXEV__BUF_INIT(4 * AXEV__KIB),
		};

		axev__hex(hex, oid.id, 20);
		TRY(axev__prefix(check_commit(checking, &oid, &commit, err), err, "commit %s", hex));
		TRY(axev__progress(checking->env, "check", "commits", checking->root_count, 0, err));
		oid = commit.parent;
		has_more = commit.has_parent;
	}
	checking->result.commits = checking->root_count;
	if (checking->roots[checking->root_count - 1].size != 0)
		return corrupt(err, "the first commit is not of size 0");
	return AXEV_OK;
}

/* ---- entries ---- */

/* "version ...\noid sha256:<64>\nsize <n>\n": rebuilt and compared. */
static int check_pointer(struct checking *checking, uint64_t index, const axev__json *entry,
			 struct axev__span package_hex, axev_error *err)
{
	AXEV__BUF file = AXEV__BUF_INIT(AXEV__MAX_GIT_OBJECT);
	AXEV__BUF again = AXEV__BUF_INIT(AXEV__KIB);
	char number[40], path[112];
	struct axev__span claimed;
	uint8_t sha256[32];
	const char *size;
	uint64_t bytes = 0, claimed_bytes = 0;

	TRY(axev__tile_number(index, number, sizeof(number), err));
	snprintf(path, sizeof(path), "packages/%s.asice", number);
	TRY(axev__log_file(checking->ledger, path, &file, err));
	size = file.data ? strstr((const char *)file.data, "\nsize ") : NULL;
	if (!axev__unhex(sha256, 32, package_hex) || !size ||
	    !axev__parse_u64(axev__span(size + 6, strcspn(size + 6, "\n")), AXEV__MAX_CONTAINER_BYTES,
			     &bytes))
		return corrupt(err, "malformed pointer of a package");
	TRY(axev__log_pointer(sha256, bytes, &again, err));
	if (!axev__span_equal(axev__buf_view(&again), axev__buf_view(&file)))
		return corrupt(err, "the pointer of a package does not fit its entry");
	if (!axev__json_as_string(axev__json_get(entry, "package_bytes"), &claimed) ||
	    !axev__parse_u64(claimed, AXEV__MAX_CONTAINER_BYTES, &claimed_bytes) ||
	    claimed_bytes != bytes)
		return corrupt(err, "the pointer of a package has another size than its entry");
	checking->result.packages++;
	return axev__check_packages_sealed(&checking->packages, entry, index, sha256, bytes, err);
}

/* A bundle is complete: its tile must be there and say the same. */
static int check_tile(struct checking *checking, int level, uint64_t number,
		      const uint8_t (*hashes)[32], axev_error *err)
{
	AXEV__BUF file = AXEV__BUF_INIT(AXEV__MAX_GIT_OBJECT);
	char path[112] = "log/";

	TRY(axev__tile_path(level, number, AXEV__TILE_WIDTH, path + 4, sizeof(path) - 4, err));
	TRY(axev__log_file(checking->ledger, path, &file, err));
	if (!axev__span_equal(axev__buf_view(&file), axev__span(hashes, AXEV__TILE_WIDTH * 32)))
		return axev__fail(err, AXEV_E_CORRUPT, "%s: does not fit the entries", path);
	checking->files++;
	return AXEV_OK;
}

static int check_root(struct checking *checking, axev_error *err)
{
	uint8_t root[32];
	char hex[41];

	while (checking->root_count) {
		const struct root_at *at = &checking->roots[checking->root_count - 1];

		if (at->size != checking->frontier.size)
			break;
		TRY(axev__frontier_root(&checking->frontier, root, err));
		axev__hex(hex, at->commit.id, 20);
		if (memcmp(root, at->root, 32) != 0)
			return axev__fail(err, AXEV_E_CORRUPT,
					  "commit %s: the signed root is not that of the entries", hex);
		checking->root_count--;
	}
	return AXEV_OK;
}

static int compare_digests(const void *a, const void *b)
{
	return memcmp(a, b, 32);
}

static int collect_attached(void *payload, uint64_t tree_size, struct axev__span name,
			    struct axev__span bytes, axev_error *err)
{
	struct checking *checking = payload;

	(void)tree_size;
	(void)name;
	if (checking->attached_count == checking->attached_capacity) {
		size_t capacity = checking->attached_capacity ? checking->attached_capacity * 2 : 64;
		uint8_t(*attached)[32] = reallocarray(checking->attached, capacity, 32);

		if (!attached)
			return axev__nomem(err);
		checking->attached = attached;
		checking->attached_capacity = capacity;
	}
	return axev__sha256(bytes.data, bytes.size, checking->attached[checking->attached_count++], err);
}

static int read_attached(struct checking *checking, axev_error *err)
{
	TRY(axev__ledger_attest_each(checking->ledger, 0, UINT64_MAX, collect_attached, checking, err));
	if (checking->attached_count)
		qsort(checking->attached, checking->attached_count, 32, compare_digests);
	return AXEV_OK;
}

/* An entry that names a late token: the ledger must hold it. */
static int check_token(struct checking *checking, struct axev__span token_hex, axev_error *err)
{
	uint8_t sha256[32];

	if (!axev__unhex(sha256, sizeof(sha256), token_hex))
		return corrupt(err, "malformed digest of a token");
	if (!checking->attached_count ||
	    !bsearch(sha256, checking->attached, checking->attached_count, 32, compare_digests))
		return corrupt(err, "names a time-stamp token that attest/ does not hold");
	return AXEV_OK;
}

static int check_meaning(struct checking *checking, uint64_t index, struct axev__span entry,
			 axev_error *err)
{
	AXEV__JSON *json = NULL;
	struct axev__span hex;

	TRY(axev__json_parse_canonical(entry, &json, err));
	if (axev__json_as_string(axev__json_get(json, "token_sha256"), &hex))
		TRY(check_token(checking, hex, err));
	if (axev__json_as_string(axev__json_get(json, "package_sha256"), &hex))
		TRY(check_pointer(checking, index, json, hex, err));
	return axev__check_packages_erased(&checking->packages, json, index, err);
}

static int check_entry(void *payload, uint64_t index, struct axev__span entry, axev_error *err)
{
	struct checking *checking = payload;
	uint8_t leaf[32];

	TRY(axev__merkle_leaf(entry, leaf, err));
	TRY(axev__frontier_append(&checking->frontier, leaf, err));
	TRY(axev__buf_append(&checking->tile_bytes, leaf, 32, err));
	if (checking->tile_bytes.size == AXEV__TILE_WIDTH * 32) {
		TRY(check_tile(checking, 0, index / AXEV__TILE_WIDTH,
			       (const uint8_t(*)[32])checking->tile_bytes.data, err));
		axev__buf_clear(&checking->tile_bytes);
	}
	TRY(axev__prefix(check_meaning(checking, index, entry, err), err, "entry %llu",
			 (unsigned long long)index));
	return check_root(checking, err);
}

/* Tiles above level 0 are made of the roots of the ones below, which were checked. */
static int check_upper_tiles(struct checking *checking, axev_error *err)
{
	AXEV__BUF below = AXEV__BUF_INIT(AXEV__MAX_GIT_OBJECT);
	uint8_t hashes[AXEV__TILE_WIDTH][32];
	int level;

	for (level = 1; level < 7; level++) {
		uint64_t number, i, full = checking->frontier.size >> (8 * (level + 1));

		for (number = 0; number < full; number++) {
			for (i = 0; i < AXEV__TILE_WIDTH; i++) {
				char path[112] = "log/";

				TRY(axev__tile_path(level - 1, number * AXEV__TILE_WIDTH + i,
						    AXEV__TILE_WIDTH, path + 4, sizeof(path) - 4, err));
				TRY(axev__log_file(checking->ledger, path, &below, err));
				TRY(axev__merkle_root((const uint8_t(*)[32])below.data,
						      AXEV__TILE_WIDTH, hashes[i], err));
			}
			TRY(check_tile(checking, level, number, (const uint8_t(*)[32])hashes, err));
		}
	}
	return AXEV_OK;
}

/* Files below @oid; nothing may stand in log/ or packages/ that the entries do not call for. */
static int count_files(struct axev__ledger *ledger, const struct axev__git_oid *oid, unsigned depth,
		       uint64_t *count, axev_error *err)
{
	AXEV__BUF tree = AXEV__BUF_INIT(AXEV__MAX_GIT_OBJECT);
	struct axev__git_tree_entry entry;
	struct axev__span rest;
	int status;

	if (depth > 12)
		return corrupt(err, "trees too deep");
	TRY(axev__git_trees_get(ledger->trees, oid, &rest, err));
	TRY(axev__buf_span(&tree, rest, err));
	rest = axev__buf_view(&tree);
	while (axev__git_tree_next(&rest, &entry, &status, err)) {
		if (entry.is_tree)
			TRY(count_files(ledger, &entry.oid, depth + 1, count, err));
		else
			++*count;
	}
	return status;
}

static int check_count(struct checking *checking, const char *path, uint64_t expected, axev_error *err)
{
	struct axev__ledger *ledger = checking->ledger;
	struct axev__git_tree_entry entry;
	uint64_t count = 0;
	int status = axev__git_trees_lookup(ledger->trees, &ledger->state.tree, path, &entry, NULL);

	if (status == AXEV_OK)
		status = count_files(ledger, &entry.oid, 0, &count, err);
	if (status < 0 && status != AXEV_E_NOTFOUND)
		return axev__fail(err, status, "cannot read %s/", path);
	if (count != expected)
		return axev__fail(err, AXEV_E_CORRUPT, "%s/: expected %llu files, found %llu", path,
				  (unsigned long long)expected, (unsigned long long)count);
	return AXEV_OK;
}

static int check_all(struct checking *checking, axev_error *err)
{
	uint64_t size;

	TRY(axev__ledger_refresh(checking->ledger, err));
	TRY(axev__git_check_packs(axev__git_store_dirfd(checking->ledger->store), err));
	TRY(axev__log_load(checking->ledger, &checking->ledger->state.commit, err));
	TRY(check_chain(checking, err));
	TRY(check_root(checking, err));
	TRY(read_attached(checking, err));
	TRY(axev__ledger_each(checking->ledger, 0, check_entry, checking, err));
	size = checking->frontier.size;
	if (checking->root_count)
		return corrupt(err, "a checkpoint is larger than the entries");
	TRY(check_upper_tiles(checking, err));
	/* tiles, one bundle for each tile of level 0, pending files, frontier */
	TRY(check_count(checking, "log", checking->files + size / 256 + size % 256 + 1, err));
	TRY(check_count(checking, "packages", checking->result.packages, err));
	checking->result.entries = size;
	return axev__check_packages_objects(&checking->packages, &checking->result, err);
}

int axev__ledger_check(struct axev__ledger *ledger, const axev_env *env,
		       struct axev__ledger_check *ret_check, axev_error *err)
{
	AXEV__CLEANUP(checking_free) struct checking checking = { .ledger = ledger, .env = env, .packages = { .ledger = ledger } };
	int status;

	checking.result.first_missing = checking.result.first_erased_here = UINT64_MAX;
	checking.tile_bytes.max = AXEV__TILE_WIDTH * 32;
	status = check_all(&checking, err);
	/* Whatever stored bytes do not stand up to is corruption of the ledger, whichever reader saw it. */
	if (status == AXEV_E_INVALID || status == AXEV_E_FORMAT || status == AXEV_E_NOTFOUND) {
		status = AXEV_E_CORRUPT;
		if (err)
			err->status = status;
	}
	if (status == AXEV_OK)
		*ret_check = checking.result;
	return status;
}
