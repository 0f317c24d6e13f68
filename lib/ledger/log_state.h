/* SPDX-License-Identifier: Apache-2.0 */
/* The open log, shared by the files that implement ledger.h and by nothing else. */
#ifndef AXEV_LEDGER_LOG_STATE_H
#define AXEV_LEDGER_LOG_STATE_H

#include "crypto/merkle.h"
#include "ledger/git_store.h"
#include "ledger/ledger.h"

/* What one commit says. */
struct axev__log_state {
	struct axev__git_oid commit;
	struct axev__git_oid tree;
	struct axev__frontier frontier;
	uint8_t root[32];
	struct axev__buf note;
	struct axev__buf pending;                 /* bundle of the size % 256 newest entries */
	uint8_t leaves[AXEV__TILE_WIDTH][32]; /* their leaf hashes */
};

struct axev__ledger {
	const axev_env *env;
	int dirfd;
	struct axev__git_store *store;
	struct axev__git_trees *trees;
	struct axev__note_key log_key;
	uint8_t git_key[32];
	struct axev__key *log_private, *git_private; /* read when first needed */
	bool is_poisoned;
	struct axev__log_state state;
};

/* Take the lock of LEDGER/, wait a few seconds. Closing the descriptor releases it. */
int axev__log_lock(int ledger_dirfd, int *ret_fd, axev_error *err);
/* At once or LOCKED. */
int axev__log_try_lock(int ledger_dirfd, int *ret_fd, axev_error *err);
/* May this process write into it? */
bool axev__log_is_writable(const struct axev__ledger *ledger);
/*
 * Read @commit and check it: note signature, frontier, pending entries, and that it only adds to what the handle
 * knows already. A failure changes nothing.
 */
int axev__log_load(struct axev__ledger *ledger, const struct axev__git_oid *commit, axev_error *err);
/* Root over leaves [index << level, ...) of the current tree; an axev__subtree_reader. */
int axev__log_subtree(void *ledger, unsigned level, uint64_t index, uint8_t out[32],
		      axev_error *err);
/* A file of the current tree. */
int axev__log_file(struct axev__ledger *ledger, const char *path, struct axev__buf *ret_bytes,
		   axev_error *err);
/* The commit's bytes, signed; @parent NULL for the first. */
int axev__log_commit_bytes(struct axev__ledger *ledger, const struct axev__git_oid *tree,
			   const struct axev__git_oid *parent, struct axev__span note,
			   struct axev__buf *out, axev_error *err);
/* Add the commit to @pack, write, publish, swap: the commit point. Caller holds the lock. */
int axev__log_publish(struct axev__ledger *ledger, struct axev__git_pack *pack,
		      const struct axev__git_oid *tree, bool is_first, struct axev__span note,
		      struct axev__git_oid *ret_commit, axev_error *err);
/* Note over @size and @root by the log's key. */
int axev__log_sign(struct axev__ledger *ledger, uint64_t size, const uint8_t root[32],
		   struct axev__buf *ret_note, axev_error *err);
int axev__log_load_keys(struct axev__ledger *ledger, axev_error *err);
/* SHA-256 and size of what is read from @fd on. */
int axev__log_hash_file(int fd, struct axev__digests *ret_digests, axev_error *err);
/* "version https://git-lfs.github.com/spec/v1..." */
int axev__log_pointer(const uint8_t sha256[32], uint64_t bytes, struct axev__buf *out,
		      axev_error *err);

#endif
