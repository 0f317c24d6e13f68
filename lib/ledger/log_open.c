/* SPDX-License-Identifier: Apache-2.0 */
/* Opening the log: lock, recovery, and reading what the newest commit says. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <time.h>

#include "base/io.h"
#include "base/text.h"
#include "ledger/log_state.h"
#include "proof/tile.h"

#define LOCK_TRIES 2500 /* of 2 ms: a busy process lets go for moments only */

static int try_lock(int ledger_dirfd, int tries, int *ret_fd, axev_error *err)
{
	struct timespec pause = { 0, 2000000 };
	AXEV__CLOSE int fd = -1;
	int i;

	TRY(axev__open(ledger_dirfd, "lock", O_RDONLY, 0, &fd, err));
	for (i = 1; flock(fd, LOCK_EX | LOCK_NB) < 0; i++) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return axev__fail_errno(err, errno, "cannot lock the ledger");
		if (i >= tries)
			return axev__fail(err, AXEV_E_LOCKED,
					  "another process holds the ledger; try again when it is done");
		nanosleep(&pause, NULL);
	}
	*ret_fd = axev__steal_fd(&fd);
	return AXEV_OK;
}

int axev__log_lock(int ledger_dirfd, int *ret_fd, axev_error *err)
{
	return try_lock(ledger_dirfd, LOCK_TRIES, ret_fd, err);
}

int axev__log_try_lock(int ledger_dirfd, int *ret_fd, axev_error *err)
{
	return try_lock(ledger_dirfd, 1, ret_fd, err);
}

int axev__log_file(struct axev__ledger *ledger, const char *path, struct axev__buf *ret_bytes,
		   axev_error *err)
{
	struct axev__git_tree_entry entry;

	TRY(axev__prefix(axev__git_trees_lookup(ledger->trees, &ledger->state.tree, path, &entry, err),
			 err, "%s", path));
	return axev__prefix(axev__git_store_read(ledger->store, &entry.oid, AXEV__GIT_BLOB, ret_bytes,
						 err),
			    err, "%s", path);
}

static int corrupt(axev_error *err, const char *what)
{
	return axev__fail(err, AXEV_E_CORRUPT, "%s", what);
}

/* popcount(size) hashes; together they must give the signed root. */
static int load_frontier(struct axev__ledger *ledger, const struct axev__checkpoint *checkpoint,
			 axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_PROOF_HASHES * 32);
	struct axev__frontier *frontier = &ledger->state.frontier;
	uint8_t root[32];

	TRY(axev__log_file(ledger, "log/frontier", &bytes, err));
	frontier->size = checkpoint->size;
	frontier->count = (size_t)__builtin_popcountll(checkpoint->size);
	if (bytes.size != frontier->count * 32)
		return corrupt(err, "log/frontier: number of hashes does not fit the size");
	if (bytes.size)
		memcpy(frontier->hashes, bytes.data, bytes.size);
	TRY(axev__frontier_root(frontier, root, err));
	if (memcmp(root, checkpoint->root, 32) != 0)
		return corrupt(err, "log/frontier: does not lead to the signed root");
	memcpy(ledger->state.root, root, 32);
	return AXEV_OK;
}

static int load_pending(struct axev__ledger *ledger, axev_error *err)
{
	AXEV__BUF entry = AXEV__BUF_INIT(AXEV__MAX_LEDGER_ENTRY_BYTES);
	struct axev__log_state *state = &ledger->state;
	struct axev__frontier tail = { 0 };
	uint64_t first = state->frontier.size & ~UINT64_C(255), i;
	char path[64];

	axev__buf_clear(&state->pending);
	for (i = first; i < state->frontier.size; i++) {
		snprintf(path, sizeof(path), "log/pending/%llu", (unsigned long long)i);
		TRY(axev__log_file(ledger, path, &entry, err));
		TRY(axev__entry_bundle_put(&state->pending, axev__buf_view(&entry), err));
		TRY(axev__merkle_leaf(axev__buf_view(&entry), state->leaves[i - first], err));
		TRY(axev__frontier_append(&tail, state->leaves[i - first], err));
	}
	/* A tail that starts at a multiple of 256 has the low hashes of the whole frontier. */
	if (tail.count && memcmp(tail.hashes, state->frontier.hashes[state->frontier.count - tail.count],
				 tail.count * 32) != 0)
		return corrupt(err, "log/pending: entries do not fit log/frontier");
	return AXEV_OK;
}

static int load_note(struct axev__ledger *ledger, struct axev__checkpoint *ret_checkpoint,
		     axev_error *err)
{
	AXEV__FREE struct axev__note *note = malloc(sizeof(*note));

	if (!note)
		return axev__nomem(err);
	TRY(axev__log_file(ledger, "checkpoint", &ledger->state.note, err));
	TRY(axev__note_parse(axev__buf_view(&ledger->state.note), note, err));
	TRY(axev__note_check(note, &ledger->log_key, NULL, err));
	TRY(axev__checkpoint_parse(note->text, ret_checkpoint, err));
	if (!axev__span_is(ret_checkpoint->origin, ledger->log_key.name))
		return corrupt(err, "checkpoint: of another log");
	return AXEV_OK;
}

static int load(struct axev__ledger *ledger, const struct axev__git_oid *commit, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_GIT_OBJECT);
	struct axev__checkpoint checkpoint;

	TRY(axev__git_store_read(ledger->store, commit, AXEV__GIT_COMMIT, &bytes, err));
	if (bytes.size < 46 || memcmp(bytes.data, "tree ", 5) != 0 ||
	    !axev__unhex(ledger->state.tree.id, 20, axev__span(bytes.data + 5, 40)))
		return corrupt(err, "the newest commit names no tree");
	TRY(load_note(ledger, &checkpoint, err));
	TRY(load_frontier(ledger, &checkpoint, err));
	TRY(load_pending(ledger, err));
	ledger->state.commit = *commit;
	return AXEV_OK;
}

/* "A log MUST not sign any checkpoint inconsistent with any it previously signed" (tlog-checkpoint). */
static int check_grown(struct axev__ledger *ledger, const struct axev__log_state *old, axev_error *err)
{
	uint8_t hashes[AXEV__MAX_PROOF_HASHES][32];
	const struct axev__log_state *new = &ledger->state;
	uint64_t size = old->frontier.size;
	size_t count;

	if (new->frontier.size < size)
		return axev__fail(err, AXEV_E_CORRUPT,
				  "the ledger went back from %llu entries to %llu: an old copy was put in its place",
				  (unsigned long long)size, (unsigned long long)new->frontier.size);
	if (size == 0)
		return AXEV_OK;
	TRY(axev__merkle_consistency(size, new->frontier.size, axev__log_subtree, ledger, hashes, &count,
				     err));
	if (axev__merkle_check_consistency(size, new->frontier.size, old->root, new->root,
					   (const uint8_t(*)[32])hashes, count, NULL) < 0)
		return axev__fail(err, AXEV_E_CORRUPT,
				  "the ledger was forked: entries below %llu are not those seen before",
				  (unsigned long long)size);
	return AXEV_OK;
}

static void state_init(struct axev__log_state *state)
{
	memset(state, 0, sizeof(*state));
	state->note.max = AXEV__MAX_NOTE_BYTES;
	state->pending.max = AXEV__MAX_GIT_OBJECT;
}

static void state_free(struct axev__log_state *state)
{
	axev__buf_free(&state->note);
	axev__buf_free(&state->pending);
}

/* All or nothing: after a failure the handle knows what it knew. */
int axev__log_load(struct axev__ledger *ledger, const struct axev__git_oid *commit, axev_error *err)
{
	AXEV__FREE struct axev__log_state *old = malloc(sizeof(*old));
	const struct axev__git_oid tip = *commit; /* may be a part of the state */
	int status;

	if (!old)
		return axev__nomem(err);
	*old = ledger->state;
	state_init(&ledger->state);
	status = load(ledger, &tip, err);
	if (status == AXEV_OK)
		status = check_grown(ledger, old, err);
	if (status < 0) {
		state_free(&ledger->state);
		ledger->state = *old;
		return status;
	}
	state_free(old);
	return AXEV_OK;
}

int axev__ledger_refresh(struct axev__ledger *ledger, axev_error *err)
{
	struct axev__git_oid tip;

	TRY(axev__git_ref_read(axev__git_store_dirfd(ledger->store), &tip, err));
	if (axev__git_oid_equal(&tip, &ledger->state.commit))
		return AXEV_OK;
	TRY(axev__git_ref_read_durable(axev__git_store_dirfd(ledger->store), &tip, err));
	TRY(axev__git_store_refresh(ledger->store, err));
	return axev__log_load(ledger, &tip, err);
}

static int load_public_keys(struct axev__ledger *ledger, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(4 * AXEV__KIB);
	AXEV__BUF key = AXEV__BUF_INIT(256);
	struct axev__span vkey, line;
	const uint8_t *at;

	TRY(axev__read_file(ledger->dirfd, "keys/log.vkey", &text, err));
	vkey = axev__buf_view(&text);
	if (axev__span_ends(vkey, "\n"))
		vkey.size--;
	TRY(axev__prefix(axev__note_key_parse(vkey, &ledger->log_key, err), err, "keys/log.vkey"));
	axev__buf_clear(&text);
	TRY(axev__read_file(ledger->dirfd, "keys/allowed_signers", &text, err));
	at = (const uint8_t *)strstr((const char *)text.data, "ssh-ed25519 ");
	line = at ? axev__span(at + 12, strcspn((const char *)at + 12, " \n")) : axev__span("", 0);
	/* string "ssh-ed25519" (15 bytes), string key (4 + 32) */
	if (!axev__unbase64(&key, line) || key.size != 51 ||
	    memcmp(key.data, "\0\0\0\x0bssh-ed25519\0\0\0\x20", 19) != 0)
		return axev__fail(err, AXEV_E_FORMAT, "keys/allowed_signers: expected an Ed25519 key");
	memcpy(ledger->git_key, key.data + 19, 32);
	return AXEV_OK;
}

/*
 * On a read-only medium nothing can be in flight that matters: the ref is whole either way. Nor while another process
 * holds the lock: what it has in flight is its own, and reading never waits for it.
 */
static int recover(struct axev__ledger *ledger, axev_error *err)
{
	AXEV__CLOSE int lock = -1;
	axev_error problem = AXEV_ERROR_INIT;
	int status;

	if (!axev__log_is_writable(ledger))
		return AXEV_OK;
	status = try_lock(ledger->dirfd, 1, &lock, &problem);
	if (status == AXEV_E_LOCKED)
		return AXEV_OK;
	if (status < 0)
		return axev__fail(err, status, "%s", problem.message);
	status = axev__git_recover(ledger->store, &problem);
	/* A full disk does not stop reading: what is in flight waits until there is room. */
	if (status < 0 && problem.sys_errno != ENOSPC && problem.sys_errno != EDQUOT)
		return axev__prefix(axev__fail(err, status, "%s", problem.message), err, "recovery");
	return axev__git_store_refresh(ledger->store, err);
}

bool axev__log_is_writable(const struct axev__ledger *ledger)
{
	return faccessat(axev__git_store_dirfd(ledger->store), "refs/heads", W_OK, AT_EACCESS) == 0;
}

static int open_all(struct axev__ledger *ledger, const char *path, axev_error *err)
{
	struct axev__git_oid tip;

	TRY(axev__open(AT_FDCWD, path, O_RDONLY | O_DIRECTORY, 0, &ledger->dirfd, err));
	TRY(load_public_keys(ledger, err));
	TRY(axev__git_store_open(ledger->dirfd, path, &ledger->store, err));
	TRY(axev__git_trees_new(ledger->store, &ledger->trees, err));
	TRY(recover(ledger, err));
	TRY(axev__git_ref_read_durable(axev__git_store_dirfd(ledger->store), &tip, err));
	return axev__log_load(ledger, &tip, err);
}

int axev__ledger_open(const char *path, const axev_env *env, struct axev__ledger **ret_ledger,
		      axev_error *err)
{
	AXEV__LEDGER *ledger = calloc(1, sizeof(*ledger));
	struct axev__shown shown;

	if (!ledger)
		return axev__nomem(err);
	ledger->env = env;
	ledger->dirfd = -1;
	state_init(&ledger->state);
	TRY(axev__prefix(open_all(ledger, path, err), err, "%s", axev__show_str(&shown, path)));
	*ret_ledger = axev__steal(ledger);
	return AXEV_OK;
}

void axev__ledger_close(struct axev__ledger *ledger)
{
	if (!ledger)
		return;
	axev__git_trees_free(ledger->trees);
	axev__git_store_free(ledger->store);
	axev__closep(&ledger->dirfd);
	axev__key_free(ledger->log_private);
	axev__key_free(ledger->git_private);
	state_free(&ledger->state);
	free(ledger);
}

int axev__ledger_dirfd(const struct axev__ledger *ledger)
{
	return ledger->dirfd;
}

const struct axev__note_key *axev__ledger_log_key(const struct axev__ledger *ledger)
{
	return &ledger->log_key;
}

const uint8_t *axev__ledger_git_key(const struct axev__ledger *ledger)
{
	return ledger->git_key;
}

uint64_t axev__ledger_size(const struct axev__ledger *ledger)
{
	return ledger->state.frontier.size;
}

void axev__ledger_root(const struct axev__ledger *ledger, uint8_t out[32])
{
	memcpy(out, ledger->state.root, 32);
}

int axev__ledger_checkpoint(struct axev__ledger *ledger, struct axev__buf *ret_note,
			    axev_error *err)
{
	return axev__buf_span(ret_note, axev__buf_view(&ledger->state.note), err);
}
