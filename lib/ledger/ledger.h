/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The transparency log of one LEDGER directory: RFC 6962 tree, C2SP checkpoints, kept in a git repository.
 *
 * It knows entries as bytes; what they say is the business of events.h. git's SHA-1 is transport only: what
 * is signed, proven and checked is the SHA-256 tree. One handle from one thread at a time; several
 * processes may use one directory.
 */
#ifndef AXEV_LEDGER_LEDGER_H
#define AXEV_LEDGER_LEDGER_H

#include "base/env.h"
#include "proof/note.h"

struct axev__ledger;

/*
 * Make LEDGER/ (which may exist when empty of a ledger): ledger.git, drafts/, lock, keys/log.pem, log.vkey, git.pem,
 * allowed_signers. The checkpoint of size 0 is the first commit. @origin: 1 to 200 of [A-Za-z0-9._:/@-].
 */
int axev__ledger_init(const char *path, const char *origin, const axev_env *env, axev_error *err);

/* Opens and, under the lock, finishes or removes what a crash left. @env lives as long as the handle. */
int axev__ledger_open(const char *path, const axev_env *env, struct axev__ledger **ret_ledger,
		      axev_error *err);
void axev__ledger_close(struct axev__ledger *ledger);
static inline void axev__ledger_closep(struct axev__ledger **ledger)
{
	axev__ledger_close(*ledger);
}
#define AXEV__LEDGER AXEV__CLEANUP(axev__ledger_closep) struct axev__ledger

int axev__ledger_dirfd(const struct axev__ledger *ledger); /* LEDGER/, lent */
const struct axev__note_key *axev__ledger_log_key(const struct axev__ledger *ledger);
const uint8_t *axev__ledger_git_key(const struct axev__ledger *ledger); /* 32 bytes, Ed25519 */

/* State as of open, the last append or refresh. */
uint64_t axev__ledger_size(const struct axev__ledger *ledger);
void axev__ledger_root(const struct axev__ledger *ledger, uint8_t out[32]);
/* Root when the ledger had @size entries; INVAL beyond what the handle knows. */
int axev__ledger_root_at(struct axev__ledger *ledger, uint64_t size, uint8_t out[32], axev_error *err);
/* Exact bytes of `checkpoint`: log signature only. */
int axev__ledger_checkpoint(struct axev__ledger *ledger, struct axev__buf *ret_note,
			    axev_error *err);
/* See what other processes appended. */
int axev__ledger_refresh(struct axev__ledger *ledger, axev_error *err);

struct axev__ledger_entry {
	struct axev__span bytes; /* canonical JSON, 2 bytes to 4 KiB */
	bool has_package;        /* then the bytes must name the digest in hexadecimal */
	uint8_t package_sha256[32];
	uint64_t package_bytes;
};

/*
 * Append all of @entries or none; durable when it returns. LOCKED after a few seconds when another process
 * holds the ledger; STATE when an earlier write of this handle could not be made durable. A package's
 * object must have been committed before.
 */
int axev__ledger_append(struct axev__ledger *ledger, const struct axev__ledger_entry *entries,
			size_t count, uint64_t *ret_first_index, axev_error *err);

/*
 * The same, with a decision under the lock: @prepare sees the newest state (it may read, find and prove) and
 * gives the entries; AXEV_OK with *ret_count 0 appends nothing. Lent until the call returns.
 */
typedef int (*axev__ledger_prepare)(void *payload, struct axev__ledger *ledger,
				    const struct axev__ledger_entry **ret_entries,
				    size_t *ret_count, axev_error *err);
int axev__ledger_append_with(struct axev__ledger *ledger, axev__ledger_prepare prepare,
			     void *payload, uint64_t *ret_first_index, axev_error *err);

/* A file of the tree beside the log, as "policy/demo.json" or "keys/witness.vkey". */
struct axev__ledger_blob {
	const char *path;
	struct axev__span bytes;
};
/* A commit that repeats the note and adds or replaces files below attest/, keys/ or policy/. */
int axev__ledger_publish(struct axev__ledger *ledger, const struct axev__ledger_blob *blobs,
			 size_t count, axev_error *err);

/*
 * A token or cosignature of the checkpoint of @tree_size that came later: attest/<size in groups of three>/<name>.
 * Names that start with "cosignature" hold note signature lines and are merged into proofs.
 */
int axev__ledger_attest(struct axev__ledger *ledger, uint64_t tree_size, const char *name,
			struct axev__span bytes, axev_error *err);

/* Non-zero stops: positive ends the walk with AXEV_OK, negative is passed on. Spans are lent. */
typedef int (*axev__ledger_attest_callback)(void *payload, uint64_t tree_size, struct axev__span name,
					    struct axev__span bytes, axev_error *err);
int axev__ledger_attest_each(struct axev__ledger *ledger, uint64_t min_size, uint64_t max_size,
			     axev__ledger_attest_callback callback, void *payload,
			     axev_error *err);

int axev__ledger_entry_read(struct axev__ledger *ledger, uint64_t index, struct axev__buf *ret_entry,
			    axev_error *err);

typedef int (*axev__ledger_entry_callback)(void *payload, uint64_t index, struct axev__span entry,
					   axev_error *err);
/* Entries from @first on, in order. */
int axev__ledger_each(struct axev__ledger *ledger, uint64_t first,
		      axev__ledger_entry_callback callback, void *payload, axev_error *err);
/* The .tlog-proof of entry @index against the newest checkpoint. */
int axev__ledger_prove(struct axev__ledger *ledger, uint64_t index, struct axev__buf *ret_tlog_proof,
		       axev_error *err);
/* Consistency from @old_size to the newest checkpoint; @ret_hashes has AXEV__MAX_PROOF_HASHES. */
int axev__ledger_consistency(struct axev__ledger *ledger, uint64_t old_size,
			     uint8_t (*ret_hashes)[32], size_t *ret_count, axev_error *err);

/* ---- package bytes, in git-lfs's own layout ---- */

#define AXEV__OBJECT_PATH 120
/* "ledger.git/lfs/objects/ab/cd/<sha256>", relative to LEDGER/. */
void axev__ledger_object_path(const uint8_t sha256[32], char out[AXEV__OBJECT_PATH]);
/*
 * Make the complete file @draft_path (relative to LEDGER/, as "drafts/x/package.part") an object: fsynced, mode 0444,
 * linked, directories fsynced. The caller has hashed it and removes the draft. An object that is there is kept.
 */
int axev__ledger_object_commit(struct axev__ledger *ledger, const char *draft_path,
			       const uint8_t sha256[32], axev_error *err);
int axev__ledger_object_open(struct axev__ledger *ledger, const uint8_t sha256[32], int *ret_fd,
			     axev_error *err);

/*
 * Remove the file, and fsync its folder; one that is not there is no error. *ret_links: names that it has elsewhere (hard links), which
 * are not reached. May be NULL.
 */
int axev__ledger_object_remove(struct axev__ledger *ledger, const uint8_t sha256[32], bool *ret_removed, uint64_t *ret_links,
			       axev_error *err);
/* Every object in the store, named by an entry or not. Non-zero stops, as above. */
typedef int (*axev__ledger_object_callback)(void *payload, const uint8_t sha256[32], axev_error *err);
int axev__ledger_object_each(struct axev__ledger *ledger, axev__ledger_object_callback callback, void *payload, axev_error *err);

/* ---- full check ---- */

struct axev__ledger_check {
	uint64_t entries;
	uint64_t packages;
	uint64_t packages_missing; /* named, bytes not here */
	uint64_t first_missing;    /* entry of the first of them; UINT64_MAX: none */
	uint64_t packages_erased;
	uint64_t erased_here;       /* of these, bytes that are here all the same */
	uint64_t first_erased_here; /* entry that erased it; UINT64_MAX: none */
	uint64_t commits;
};
/*
 * Everything again from the stored bytes: entries, tiles, roots, every note and its signature, the chain of commits and
 * their signatures, every package's digest, every late token. AXEV_E_CORRUPT with what is wrong and where.
 */
int axev__ledger_check(struct axev__ledger *ledger, const axev_env *env,
		       struct axev__ledger_check *ret_check, axev_error *err);

#endif
