/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger entries of one package: started, captured, sealed, and a token that came later. */
#include "verify/verify.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "proof/add_checkpoint.h"
#include "proof/tlog_proof.h"

enum event { STARTED, CAPTURED, SEALED, TOKEN, ERASED, EVENT_COUNT };
static const char *const event_names[] = { "started", "captured", "sealed", "token", "erased" };

struct logged {
	axev__json *entries[EVENT_COUNT];
	uint64_t indexes[EVENT_COUNT];
};

static void free_logged(struct logged *logged)
{
	size_t i;

	for (i = 0; i < EVENT_COUNT; i++)
		axev__json_free(logged->entries[i]);
}

/* The path is checked before the entry is parsed. */
static int read_entry(const struct axev__subject *bundle, const char *folder, enum event event,
		      struct logged *logged, axev_error *err)
{
	AXEV__BUF note = AXEV__BUF_INIT(AXEV__MAX_NOTE_BYTES);
	AXEV__BUF entry = AXEV__BUF_INIT(AXEV__MAX_LEDGER_ENTRY_BYTES);
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_NOTE_BYTES + 16 * AXEV__KIB);
	struct axev__tlog_proof proof;
	struct axev__span name;
	char path[160];
	uint64_t size;

	snprintf(path, sizeof(path), "%s/%s.entry.json", folder, event_names[event]);
	TRY(axev__subject_read(bundle, path, &entry, err));
	snprintf(path, sizeof(path), "%s/%s.tlog-proof", folder, event_names[event]);
	TRY(axev__subject_read(bundle, path, &text, err));
	TRY(axev__subject_read(bundle, "data/ledger/checkpoint", &note, err));
	TRY(axev__tlog_proof_parse(axev__buf_view(&text), &proof, err));
	if (!axev__span_equal(proof.checkpoint, axev__buf_view(&note)))
		return axev__fail(err, AXEV_E_INVALID, "the proof is against another checkpoint");
	TRY(axev__tlog_proof_check(&proof, axev__buf_view(&entry), NULL, &size, err));
	TRY(axev__json_parse_canonical(axev__buf_view(&entry), &logged->entries[event], err));
	TRY(axev__json_string(logged->entries[event], "format", &name, err));
	if (!axev__span_is(name, "ax-ledger/1"))
		return axev__fail(err, AXEV_E_FORMAT, "expected an entry of format ax-ledger/1");
	TRY(axev__json_string(logged->entries[event], "event", &name, err));
	if (!axev__span_is(name, event_names[event]))
		return axev__fail(err, AXEV_E_INVALID, "expected event %s", event_names[event]);
	logged->indexes[event] = proof.index;
	return AXEV_OK;
}

static int check_order(const struct logged *logged, const axev__json *capture, axev_error *err)
{
	struct axev__span session, other;
	enum event event;

	TRY(axev__json_string(capture, "session", &session, err));
	for (event = STARTED; event <= SEALED; event++) {
		TRY(axev__json_string(logged->entries[event], "session", &other, err));
		if (!axev__span_equal(session, other))
			return axev__fail(err, AXEV_E_INVALID, "entry %s is of another session",
					  event_names[event]);
	}
	if (logged->indexes[STARTED] >= logged->indexes[CAPTURED] ||
	    logged->indexes[CAPTURED] >= logged->indexes[SEALED])
		return axev__fail(err, AXEV_E_INVALID,
				  "expected started, captured, sealed one after another");
	return AXEV_OK;
}

static int check_package(const struct logged *logged, const struct axev__subject *package,
			 const struct axev__entry *entry, axev_error *err)
{
	uint8_t digest[32];
	struct axev__span bytes;
	uint64_t size;

	TRY(axev__json_hex(logged->entries[CAPTURED], "id", digest, sizeof(digest), err));
	if (memcmp(digest, package->id, 32) != 0)
		return axev__fail(err, AXEV_E_INVALID, "captured: the id is not the package's");
	TRY(axev__json_hex(logged->entries[SEALED], "id", digest, sizeof(digest), err));
	if (memcmp(digest, package->id, 32) != 0)
		return axev__fail(err, AXEV_E_INVALID, "sealed: the id is not the package's");
	TRY(axev__json_hex(logged->entries[SEALED], "package_sha256", digest, sizeof(digest), err));
	if (memcmp(digest, entry->sha256, 32) != 0)
		return axev__fail(err, AXEV_E_INVALID, "sealed: the SHA-256 is not the package's");
	TRY(axev__json_string(logged->entries[SEALED], "package_bytes", &bytes, err));
	if (!axev__parse_u64(bytes, UINT64_MAX, &size) || size != entry->size_bytes)
		return axev__fail(err, AXEV_E_INVALID, "sealed: the size is not the package's");
	return AXEV_OK;
}

static int check_target(const struct logged *logged, const axev__json *capture, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);
	uint8_t salt[16], expected[32], found[32];
	struct axev__span target;

	TRY(axev__json_hex(logged->entries[STARTED], "commitment", expected, sizeof(expected), err));
	TRY(axev__json_string(capture, "target", &target, err));
	TRY(axev__json_hex(capture, "target_salt", salt, sizeof(salt), err));
	TRY(axev__buf_str(&bytes, "ax-target/1\n", err));
	TRY(axev__buf_append(&bytes, salt, sizeof(salt), err));
	TRY(axev__buf_span(&bytes, target, err));
	TRY(axev__sha256(bytes.data, bytes.size, found, err));
	if (memcmp(expected, found, 32) != 0)
		return axev__fail(err, AXEV_E_INVALID, "the target is not the one committed to");
	return AXEV_OK;
}

static int compare_token(const struct logged *logged, const struct axev__subject *package,
			 struct axev__span der, axev_error *err)
{
	const axev__json *entry = logged->entries[TOKEN];
	const axev__json *about = axev__json_get(entry, "about");
	struct axev__span id;
	char hex[AXEV_ID_HEX_SIZE];
	uint8_t logged_sha256[32], sha256[32];
	uint64_t number;

	axev__hex(hex, package->id, 32);
	TRY(axev__json_u64(entry, "signature", &number, err));
	TRY(axev__json_hex(entry, "token_sha256", logged_sha256, sizeof(logged_sha256), err));
	TRY(axev__sha256(der.data, der.size, sha256, err));
	if (number != 1 || memcmp(sha256, logged_sha256, 32) != 0 ||
	    !axev__json_as_string(axev__json_at(about, 0), &id) || !axev__span_is(id, hex))
		return axev__fail(err, AXEV_E_INVALID, "the entry is about another token or package");
	return AXEV_OK;
}

/* The anchor is of this very ledger, the ledger has grown out of it, and the capture began behind it. */
static int compare_anchor(const struct axev__subject *bundle, const struct axev__subject *package,
			  const struct logged *logged, const char *name, axev_error *err)
{
	const struct axev__verified_anchor *anchor = &package->anchor;
	AXEV__FREE struct axev__note *note = malloc(sizeof(*note));
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MAX_NOTE_BYTES + 16 * AXEV__KIB);
	AXEV__BUF checkpoint = AXEV__BUF_INIT(AXEV__MAX_NOTE_BYTES);
	struct axev__add_checkpoint proof;
	struct axev__note_key key;

	if (!note)
		return axev__nomem(err);
	TRY(axev__enclosed_key(bundle, &key, err));
	TRY(axev__note_parse(axev__buf_view(&anchor->note), note, err));
	if (axev__note_check(note, &key, NULL, NULL) < 0)
		return axev__fail(err, AXEV_E_INVALID, "the anchor is not signed by the ledger's key");
	if (logged->indexes[STARTED] < anchor->checkpoint.size)
		return axev__fail(err, AXEV_E_INVALID,
				  "the capture was logged as started before its anchor");
	if (anchor->checkpoint.size == 0)
		return AXEV_OK; /* every ledger grows out of the empty one */
	TRY(axev__subject_read(bundle, name, &text, err));
	TRY(axev__subject_read(bundle, "data/ledger/checkpoint", &checkpoint, err));
	TRY(axev__add_checkpoint_parse(axev__buf_view(&text), &proof, err));
	if (!axev__span_equal(proof.checkpoint, axev__buf_view(&checkpoint)))
		return axev__fail(err, AXEV_E_INVALID, "the proof is against another checkpoint");
	return axev__add_checkpoint_check(&proof, &anchor->checkpoint, err);
}

static int check_anchor(struct axev__check *parent, const struct axev__subject *bundle,
			const struct axev__subject *package, const struct logged *logged,
			const char *folder, axev_error *err)
{
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__check *check;
	char name[160];

	snprintf(name, sizeof(name), "%s/anchor.add-checkpoint", folder);
	TRY(axev__check_add(parent, AXEV__C_LEDGER_ANCHOR, name, &check, err));
	if (!package->anchor.has_note) {
		axev__check_remark(check, AXEV__CHECK_NOT_APPLICABLE,
				   axev__json_get(axev__json_get(package->manifest, "anchors"),
						  "checkpoint_sha256") ?
					   AXEV__REMARK_ANCHOR_NOT_THERE :
					   AXEV__REMARK_NO_ANCHOR);
		return AXEV_OK;
	}
	return axev__check_close(check, compare_anchor(bundle, package, logged, name, &problem),
				 &problem, err);
}

/* A time-stamp that came after the seal stands beside the package, because a package never changes. */
static int check_late_token(struct axev__check *parent, const struct axev__subject *bundle,
			    struct axev__subject *package, const char *folder,
			    struct logged *logged, axev_error *err)
{
	struct axev__verified_signature *signature = &package->signatures[0];
	AXEV__BUF der = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__check *check;
	uint8_t imprint[32];
	char name[160];
	int status;

	snprintf(name, sizeof(name), "%s/signature001.tst", folder);
	if (!signature->is_whole || signature->cades.token.size > 0 ||
	    !axev__container_find(bundle->container, name))
		return AXEV_OK;
	status = read_entry(bundle, folder, TOKEN, logged, &problem);
	if (status >= 0)
		status = axev__subject_read(bundle, name, &der, &problem);
	if (status >= 0)
		status = compare_token(logged, package, axev__buf_view(&der), &problem);
	TRY(axev__check_add(parent, AXEV__C_LEDGER_ENTRY, "token", &check, err));
	TRY(axev__check_close(check, status, &problem, err));
	if (status < 0)
		return AXEV_OK;
	TRY(axev__sha256(signature->cades.signature.data, signature->cades.signature.size, imprint,
			 err));
	return axev__check_token(parent, name, axev__buf_view(&der), imprint, &signature->token,
				 &signature->has_token, err);
}

static int compare_erased(const struct logged *logged, const struct axev__subject *package, axev_error *err)
{
	const axev__json *source = axev__json_get(package->manifest, "source");
	const axev__json *about = axev__json_get(logged->entries[ERASED], "about");
	struct axev__span kind, erased, original;
	uint64_t sealed;

	if (!axev__json_as_string(axev__json_get(package->manifest, "kind"), &kind) || !axev__span_is(kind, "disclosure"))
		return axev__fail(err, AXEV_E_INVALID, "erased: the package is no disclosure");
	if (axev__json_count(about) != 1 || !axev__json_as_string(axev__json_at(about, 0), &erased) ||
	    !axev__json_as_string(axev__json_at(axev__json_get(source, "about"), 0), &original) ||
	    !axev__span_equal(erased, original))
		return axev__fail(err, AXEV_E_INVALID, "erased: the entry is about another original");
	TRY(axev__json_u64(source, "entry", &sealed, err));
	if (logged->indexes[ERASED] <= sealed)
		return axev__fail(err, AXEV_E_INVALID, "erased: expected it after the original was sealed");
	return AXEV_OK;
}

/* What a reader of the disclosure may ask for, and nobody has any more. */
static int check_erased(const struct axev__verify *verify, struct axev__check *parent, const struct axev__subject *bundle,
			const struct axev__subject *package, const char *folder, struct logged *logged, axev_error *err)
{
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__check *check;
	char name[160];
	int status;

	snprintf(name, sizeof(name), "%s/erased.entry.json", folder);
	if (!axev__container_find(bundle->container, name))
		return AXEV_OK;
	status = read_entry(bundle, folder, ERASED, logged, &problem);
	if (status >= 0)
		status = compare_erased(logged, package, &problem);
	TRY(axev__check_add(parent, AXEV__C_LEDGER_ERASED, name, &check, err));
	TRY(axev__check_close(check, status, &problem, err));
	if (status < 0)
		return AXEV_OK;
	verify->report->is_original_erased = true;
	TRY(axev__check_say(check, AXEV__CHECK_FOUND_ZH, err, "账本条目 %" PRIu64 " 记明：原证据包的内容已在该账本删除", logged->indexes[ERASED]));
	return axev__check_say(check, AXEV__CHECK_FOUND, err, "entry %" PRIu64 " says that the original was erased from that ledger",
			       logged->indexes[ERASED]);
}

static int check_entries(struct axev__check *parent, const struct axev__subject *bundle,
			 const char *folder, struct logged *logged, bool *ret_all, axev_error *err)
{
	enum event event;

	*ret_all = true;
	for (event = STARTED; event <= SEALED; event++) {
		axev_error problem = AXEV_ERROR_INIT;
		struct axev__check *check;
		int status = read_entry(bundle, folder, event, logged, &problem);

		TRY(axev__check_add(parent, AXEV__C_LEDGER_ENTRY, event_names[event], &check, err));
		TRY(axev__check_close(check, status, &problem, err));
		*ret_all = *ret_all && status >= 0;
	}
	return AXEV_OK;
}

static int close_step(struct axev__check *parent, enum axev__check_id id, int status,
		      axev_error *problem, axev_error *err)
{
	struct axev__check *check;

	TRY(axev__check_add(parent, id, NULL, &check, err));
	TRY(axev__check_close(check, status, problem, err));
	axev_error_clear(problem);
	return AXEV_OK;
}

int axev__check_proofs(const struct axev__verify *verify, struct axev__check *parent,
		       struct axev__subject *bundle, struct axev__subject *package,
		       const axev__json *listed, const struct axev__entry *entry, axev_error *err)
{
	AXEV__CLEANUP(free_logged) struct logged logged = { 0 };
	const axev__json *capture = axev__json_get(package->manifest, "capture");
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__span proofs;
	char folder[96] = "";
	bool is_all;

	/* find_package has compared it; an odd one would name no entries, and each be reported missing. */
	if (axev__json_as_string(axev__json_get(listed, "proofs"), &proofs) &&
	    proofs.size < sizeof(folder))
		memcpy(folder, proofs.data, proofs.size);
	TRY(check_entries(parent, bundle, folder, &logged, &is_all, err));
	if (!is_all)
		return AXEV_OK;
	TRY(close_step(parent, AXEV__C_LEDGER_ORDER, check_order(&logged, capture, &problem), &problem,
		       err));
	TRY(close_step(parent, AXEV__C_LEDGER_PACKAGE,
		       check_package(&logged, package, entry, &problem), &problem, err));
	TRY(close_step(parent, AXEV__C_LEDGER_TARGET, check_target(&logged, capture, &problem),
		       &problem, err));
	TRY(check_anchor(parent, bundle, package, &logged, folder, err));
	TRY(check_late_token(parent, bundle, package, folder, &logged, err));
	return check_erased(verify, parent, bundle, package, folder, &logged, err);
}
