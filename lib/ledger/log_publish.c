/* SPDX-License-Identifier: Apache-2.0 */
/* Signing and the commit point; and making a log of size 0. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/text.h"
#include "base/time.h"
#include "crypto/sshsig.h"
#include "ledger/log_state.h"

static const char attributes[] = "* -text\n"
				 "packages/** filter=lfs diff=lfs merge=lfs -text\n";

static int load_key(int dirfd, const char *path, struct axev__key **ret_key, axev_error *err)
{
	AXEV__BUF pem = AXEV__BUF_INIT(AXEV__MAX_PEM_BYTES);

	if (*ret_key)
		return AXEV_OK;
	TRY(axev__read_file(dirfd, path, &pem, err));
	return axev__prefix(axev__key_from_pem(axev__buf_view(&pem), NULL, ret_key, err), err, "%s", path);
}

int axev__log_load_keys(struct axev__ledger *ledger, axev_error *err)
{
	TRY(load_key(ledger->dirfd, "keys/log.pem", &ledger->log_private, err));
	return load_key(ledger->dirfd, "keys/git.pem", &ledger->git_private, err);
}

int axev__log_sign(struct axev__ledger *ledger, uint64_t size, const uint8_t root[32],
		   struct axev__buf *ret_note, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_NOTE_BYTES);

	TRY(axev__checkpoint_text(ledger->log_key.name, size, root, &text, err));
	return axev__note_sign(axev__buf_view(&text), ledger->log_key.name, ledger->log_private,
			       ret_note, err);
}

/* The gpgsig header stands before the empty line; its further lines start with a blank. */
static int put_signed(struct axev__span head, struct axev__span message, struct axev__span signature,
		      struct axev__buf *out, axev_error *err)
{
	size_t i;

	TRY(axev__buf_span(out, head, err));
	TRY(axev__buf_str(out, "gpgsig ", err));
	for (i = 0; i < signature.size; i++) {
		TRY(axev__buf_byte(out, signature.data[i], err));
		if (signature.data[i] == '\n' && i + 1 < signature.size)
			TRY(axev__buf_byte(out, ' ', err));
	}
	return axev__buf_span(out, message, err);
}

int axev__log_commit_bytes(struct axev__ledger *ledger, const struct axev__git_oid *tree,
			   const struct axev__git_oid *parent, struct axev__span note,
			   struct axev__buf *out, axev_error *err)
{
	AXEV__BUF head = AXEV__BUF_INIT(4 * AXEV__KIB);
	AXEV__BUF payload = AXEV__BUF_INIT(AXEV__MAX_GIT_OBJECT);
	AXEV__BUF signature = AXEV__BUF_INIT(4 * AXEV__KIB);
	char hex[41], who[400];
	int64_t now_ns;

	TRY(axev__now(ledger->env, &now_ns, err));
	snprintf(who, sizeof(who), "ax_evidence <%s> %lld +0000", ledger->log_key.name,
		 (long long)(now_ns / AXEV__NS_PER_SECOND));
	axev__hex(hex, tree->id, 20);
	TRY(axev__buf_printf(&head, err, "tree %s\n", hex));
	if (parent) {
		axev__hex(hex, parent->id, 20);
		TRY(axev__buf_printf(&head, err, "parent %s\n", hex));
	}
	TRY(axev__buf_printf(&head, err, "author %s\ncommitter %s\n", who, who));
	TRY(axev__buf_span(&payload, axev__buf_view(&head), err));
	TRY(axev__buf_byte(&payload, '\n', err));
	TRY(axev__buf_span(&payload, note, err));
	TRY(axev__sshsig_sign(ledger->git_private, "git", axev__buf_view(&payload), &signature, err));
	return put_signed(axev__buf_view(&head),
			  axev__span(payload.data + head.size, payload.size - head.size),
			  axev__buf_view(&signature), out, err);
}

static int publish(struct axev__ledger *ledger, const char *name, const struct axev__git_oid *commit,
		   const struct axev__git_oid *parent, bool *ret_is_unknown, axev_error *err)
{
	int git_dirfd = axev__git_store_dirfd(ledger->store);

	TRY(axev__git_pack_publish(git_dirfd, name, commit, parent, ret_is_unknown, err));
	/* From here on a crash is rolled forward, so a failure leaves the outcome to the next open. */
	*ret_is_unknown = true;
	TRY(axev__git_ref_swap(git_dirfd, parent, commit, ret_is_unknown, err));
	axev__git_keep_drop(git_dirfd, name);
	/* The batch stands; housekeeping that fails leaves everything as it was and is tried again. */
	axev__git_rollup(ledger->store, NULL);
	return AXEV_OK;
}

int axev__log_publish(struct axev__ledger *ledger, struct axev__git_pack *pack,
		      const struct axev__git_oid *tree, bool is_first, struct axev__span note,
		      struct axev__git_oid *ret_commit, axev_error *err)
{
	AXEV__BUF commit_bytes = AXEV__BUF_INIT(AXEV__MAX_GIT_OBJECT);
	const struct axev__git_oid *parent = is_first ? NULL : &ledger->state.commit;
	bool is_unknown = false, is_published = false;
	char name[41];
	int status;

	TRY(axev__log_commit_bytes(ledger, tree, parent, note, &commit_bytes, err));
	TRY(axev__git_pack_add(pack, AXEV__GIT_COMMIT, axev__buf_view(&commit_bytes), ret_commit, err));
	status = axev__git_store_incoming(ledger->store, pack, name, &is_unknown, err);
	if (status == AXEV_OK) {
		is_published = true;
		status = publish(ledger, name, ret_commit, parent, &is_unknown, err);
	}
	/* A batch that stands in objects/pack without its ref is for recovery to settle, not for a retry. */
	if (status < 0 && (is_unknown || is_published))
		ledger->is_poisoned = true;
	return status;
}

static bool is_origin(const char *origin)
{
	size_t length = strlen(origin);

	return length >= 1 && length <= 200 &&
	       strspn(origin, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:/@-") ==
		       length;
}

static int make_key(int dirfd, const char *path, struct axev__key **ret_key, axev_error *err)
{
	AXEV__BUF pem = AXEV__BUF_INIT(AXEV__MAX_PEM_BYTES);

	TRY(axev__key_generate(AXEV__KEY_ED25519, 0, ret_key, err));
	TRY(axev__key_to_pem(*ret_key, NULL, &pem, err));
	return axev__create_file_durable(dirfd, path, axev__buf_view(&pem), 0600, err);
}

static int make_keys(struct axev__ledger *ledger, const char *origin, struct axev__buf *vkey,
		     struct axev__buf *signers, axev_error *err)
{
	uint8_t public_key[32];

	TRY(make_key(ledger->dirfd, "keys/log.pem", &ledger->log_private, err));
	TRY(make_key(ledger->dirfd, "keys/git.pem", &ledger->git_private, err));
	TRY(axev__ed25519_public(ledger->log_private, public_key, err));
	TRY(axev__note_key_make(origin, 0x01, public_key, &ledger->log_key, err));
	TRY(axev__note_key_text(&ledger->log_key, vkey, err));
	TRY(axev__buf_byte(vkey, '\n', err));
	TRY(axev__ed25519_public(ledger->git_private, public_key, err));
	TRY(axev__buf_printf(signers, err, "%s namespaces=\"git\" ", origin));
	TRY(axev__ssh_public_line(public_key, signers, err));
	TRY(axev__buf_byte(signers, '\n', err));
	TRY(axev__create_file_durable(ledger->dirfd, "keys/log.vkey", axev__buf_view(vkey), 0644, err));
	return axev__create_file_durable(ledger->dirfd, "keys/allowed_signers", axev__buf_view(signers),
					 0644, err);
}

static int add_file(struct axev__git_pack *pack, struct axev__git_change *change, const char *path,
		    struct axev__span bytes, axev_error *err)
{
	snprintf(change->path, sizeof(change->path), "%s", path);
	return axev__git_pack_add(pack, AXEV__GIT_BLOB, bytes, &change->oid, err);
}

/* The checkpoint of size 0 is the first commit. */
static int first_commit(struct axev__ledger *ledger, struct axev__span vkey, struct axev__span signers,
			axev_error *err)
{
	AXEV__GIT_PACK *pack = NULL;
	AXEV__BUF note = AXEV__BUF_INIT(AXEV__MAX_NOTE_BYTES);
	struct axev__git_change files[5] = { 0 };
	struct axev__git_oid tree, commit;
	uint8_t root[32];

	TRY(axev__merkle_root(NULL, 0, root, err));
	TRY(axev__log_sign(ledger, 0, root, &note, err));
	TRY(axev__git_pack_new(&pack, err));
	TRY(add_file(pack, &files[0], ".gitattributes", axev__span_str(attributes), err));
	TRY(add_file(pack, &files[1], "checkpoint", axev__buf_view(&note), err));
	TRY(add_file(pack, &files[2], "keys/allowed_signers", signers, err));
	TRY(add_file(pack, &files[3], "keys/log.vkey", vkey, err));
	TRY(add_file(pack, &files[4], "log/frontier", axev__span(NULL, 0), err));
	TRY(axev__git_trees_update(ledger->trees, NULL, files, AXEV__COUNT(files), pack, &tree, err));
	return axev__log_publish(ledger, pack, &tree, true, axev__buf_view(&note), &commit, err);
}

static int init(struct axev__ledger *ledger, const char *path, const char *origin, axev_error *err)
{
	AXEV__BUF vkey = AXEV__BUF_INIT(AXEV__KIB);
	AXEV__BUF signers = AXEV__BUF_INIT(AXEV__KIB);

	TRY(axev__make_dirs_durable(AT_FDCWD, path, 0777, err));
	TRY(axev__open(AT_FDCWD, path, O_RDONLY | O_DIRECTORY, 0, &ledger->dirfd, err));
	if (faccessat(ledger->dirfd, "ledger.git", F_OK, 0) == 0)
		return axev__fail(err, AXEV_E_EXISTS, "a ledger is here already");
	TRY(axev__make_dirs_durable(ledger->dirfd, "keys", 0700, err));
	TRY(axev__make_dirs_durable(ledger->dirfd, "drafts", 0700, err));
	TRY(axev__create_file_durable(ledger->dirfd, "lock", axev__span(NULL, 0), 0644, err));
	TRY(make_keys(ledger, origin, &vkey, &signers, err));
	TRY(axev__git_init(ledger->dirfd, err));
	TRY(axev__git_store_open(ledger->dirfd, path, &ledger->store, err));
	TRY(axev__git_trees_new(ledger->store, &ledger->trees, err));
	return first_commit(ledger, axev__buf_view(&vkey), axev__buf_view(&signers), err);
}

int axev__ledger_init(const char *path, const char *origin, const axev_env *env, axev_error *err)
{
	AXEV__LEDGER *ledger = NULL;
	struct axev__shown shown;

	if (!is_origin(origin))
		return axev__fail(err, AXEV_E_INVAL,
				  "origin: expected 1 to 200 letters, digits or ._:/@- characters");
	ledger = calloc(1, sizeof(*ledger));
	if (!ledger)
		return axev__nomem(err);
	ledger->env = env;
	ledger->dirfd = -1;
	return axev__prefix(init(ledger, path, origin, err), err, "%s", axev__show_str(&shown, path));
}
