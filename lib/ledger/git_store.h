/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The git repository below the log: objects in, one pack a batch, one ref swapped.
 *
 * Only git_store.c includes libgit2, and uses two parts of it: the object database (to read) and the
 * indexer (to check and index a pack that git_pack.c streams). No git_repository is opened, so no
 * configuration of the user or the system has a say.
 */
#ifndef AXEV_LEDGER_GIT_STORE_H
#define AXEV_LEDGER_GIT_STORE_H

#include "base/buf.h"
#include "base/limits.h"

#define AXEV__GIT_REF "refs/heads/ledger"
#define AXEV__GIT_KEEP_TEXT "ax_evidence batch " /* then "<commit> parent <parent or none>" */
#define AXEV__MAX_GIT_OBJECT (16 * AXEV__MIB)

struct axev__git_oid {
	uint8_t id[20];
};
static inline bool axev__git_oid_equal(const struct axev__git_oid *a, const struct axev__git_oid *b)
{
	return memcmp(a->id, b->id, sizeof(a->id)) == 0;
}

/* Numbers as in the pack format. */
enum axev__git_type { AXEV__GIT_COMMIT = 1, AXEV__GIT_TREE = 2, AXEV__GIT_BLOB = 3 };

struct axev__git_store;

/* ---- git_files.c: directory, ref, packs in place; no libgit2 ---- */

/* LEDGER/ledger.git as stock git makes a bare repository, without extensions. */
int axev__git_init(int ledger_dirfd, axev_error *err);
/* HEAD, version and absence of extensions. AXEV_E_UNSUPPORTED otherwise. */
int axev__git_check_repository(int git_dirfd, axev_error *err);
/* Loose ref, else packed-refs. AXEV_E_NOTFOUND. */
int axev__git_ref_read(int git_dirfd, struct axev__git_oid *ret_oid, axev_error *err);
/*
 * The same, for whoever shows or builds on what the ref names: a ref that another process has renamed but not made
 * durable yet is made durable first, so that nothing leaves which a power cut could take back.
 */
int axev__git_ref_read_durable(int git_dirfd, struct axev__git_oid *ret_oid, axev_error *err);
/* Caller holds the lock: wait a second for a stock git to let go of the ref, then remove the dead lock file. */
int axev__git_ref_unlock_stale(int git_dirfd, axev_error *err);
int axev__git_sync_dir(int git_dirfd, const char *path, axev_error *err);
/*
 * Compare-and-swap under git's own lock file, durable. @old NULL: must not exist. AXEV_E_STATE when someone else moved it.
 * *ret_is_unknown: a failure after which the ref may be the old or the new one.
 */
int axev__git_ref_swap(int git_dirfd, const struct axev__git_oid *old,
		       const struct axev__git_oid *new_oid, bool *ret_is_unknown, axev_error *err);
/*
 * Put incoming/pack-<name>.{pack,idx} into objects/pack with a .keep that names commit and parent, durable. Then
 * axev__git_keep_drop() after the swap.
 */
int axev__git_pack_publish(int git_dirfd, const char *name, const struct axev__git_oid *commit,
			   const struct axev__git_oid *parent, bool *ret_is_unknown,
			   axev_error *err);
void axev__git_keep_drop(int git_dirfd, const char *name);

/* ---- git_recover.c: after a crash; no libgit2 ---- */

/* Caller holds the lock: finish or remove batches in flight, remove a stale ref lock and incoming/. */
int axev__git_recover(struct axev__git_store *store, axev_error *err);
void axev__git_pack_remove(int git_dirfd, const char *name);

/* ---- git_checksums.c; no libgit2 ---- */

/* Every pack and index against its own checksum. AXEV_E_CORRUPT names the file. */
int axev__git_check_packs(int git_dirfd, axev_error *err);
/* Indexes alone, each once; *known starts as NULL and remembers. */
struct axev__git_known;
int axev__git_check_indexes(int git_dirfd, struct axev__git_known **known, axev_error *err);
void axev__git_known_free(struct axev__git_known *known);

/* ---- git_rollup.c: many small packs become one; no libgit2 ---- */

/* Caller holds the lock. Merges one tier when it is due; a failure has changed nothing. */
int axev__git_rollup(struct axev__git_store *store, axev_error *err);

/* ---- git_pack.c: a pack stream in memory; no libgit2 ---- */

struct axev__git_pack;
int axev__git_pack_new(struct axev__git_pack **ret_pack, axev_error *err);
void axev__git_pack_free(struct axev__git_pack *pack);
static inline void axev__git_pack_freep(struct axev__git_pack **pack)
{
	axev__git_pack_free(*pack);
}
#define AXEV__GIT_PACK AXEV__CLEANUP(axev__git_pack_freep) struct axev__git_pack
/* What is in the pack already is not added again: a pack has each object once. */
int axev__git_pack_add(struct axev__git_pack *pack, enum axev__git_type type, struct axev__span bytes,
		       struct axev__git_oid *ret_oid, axev_error *err);
/* Closes the stream: header, objects, SHA-1 trailer. */
int axev__git_pack_finish(struct axev__git_pack *pack, struct axev__span *ret_stream,
			  axev_error *err);
/* Names added, sorted, without repetition; lent. */
const struct axev__git_oid *axev__git_pack_names(const struct axev__git_pack *pack,
						 size_t *ret_count);

/* ---- git_store.c: libgit2 ---- */

int axev__git_store_open(int ledger_dirfd, const char *ledger_path, struct axev__git_store **ret_store,
			 axev_error *err);
void axev__git_store_free(struct axev__git_store *store);
int axev__git_store_dirfd(const struct axev__git_store *store); /* ledger.git, lent */
int axev__git_store_refresh(struct axev__git_store *store, axev_error *err);
int axev__git_store_reopen(struct axev__git_store *store, axev_error *err);
/* CORRUPT when it is missing, damaged, too large or of another type. Replaces what @ret_bytes holds. */
int axev__git_store_read(struct axev__git_store *store, const struct axev__git_oid *oid,
			 enum axev__git_type type, struct axev__buf *ret_bytes, axev_error *err);
int axev__git_store_read_any(struct axev__git_store *store, const struct axev__git_oid *oid,
			     enum axev__git_type *ret_type, struct axev__buf *ret_bytes,
			     axev_error *err);
/*
 * Index @pack into incoming/, fsync both files and compare what libgit2 found on the way back with the names
 * that were added. @ret_name: hexadecimal name of the pack.
 */
int axev__git_store_incoming(struct axev__git_store *store, struct axev__git_pack *pack,
			     char ret_name[41], bool *ret_is_unknown, axev_error *err);

/* ---- git_tree.c: trees as bytes; no libgit2 ---- */

/* One entry of a raw tree; spans lend. false at the end; AXEV_E_CORRUPT through *ret_status. */
struct axev__git_tree_entry {
	struct axev__span name;
	bool is_tree;
	struct axev__git_oid oid;
};
bool axev__git_tree_next(struct axev__span *tree, struct axev__git_tree_entry *ret_entry,
			 int *ret_status, axev_error *err);

/* Put or remove one file. Paths sorted by bytes, none twice. */
struct axev__git_change {
	char path[112];
	bool is_removal;
	struct axev__git_oid oid;
};

/* Trees in memory: what the next batch rewrites is never looked up in old packs. */
struct axev__git_trees;
int axev__git_trees_new(struct axev__git_store *store, struct axev__git_trees **ret_trees,
			axev_error *err);
void axev__git_trees_free(struct axev__git_trees *trees);
/* Raw bytes of a tree; lent until the next call. */
int axev__git_trees_get(struct axev__git_trees *trees, const struct axev__git_oid *oid,
			struct axev__span *ret_tree, axev_error *err);
/* New root after @changes on @base (NULL: empty), its objects added to @pack. */
int axev__git_trees_update(struct axev__git_trees *trees, const struct axev__git_oid *base,
			   struct axev__git_change *changes, size_t count,
			   struct axev__git_pack *pack, struct axev__git_oid *ret_root,
			   axev_error *err);
/* Follow @path from @root; AXEV_E_NOTFOUND. */
int axev__git_trees_lookup(struct axev__git_trees *trees, const struct axev__git_oid *root,
			   const char *path, struct axev__git_tree_entry *ret_entry,
			   axev_error *err);

#endif
