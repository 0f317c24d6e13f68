/* SPDX-License-Identifier: Apache-2.0 */
/* The checkpoint of a bundle, and the entries of one package under it. */
#include "verify/verify.h"

#include <stdio.h>

#include "base/text.h"
#include "proof/tlog_proof.h"

#define CHECKPOINT "data/ledger/checkpoint"

int axev__enclosed_key(const struct axev__subject *bundle, struct axev__note_key *ret_key,
		       axev_error *err)
{
	AXEV__BUF vkey = AXEV__BUF_INIT(4 * AXEV__KIB);
	struct axev__span text;

	TRY(axev__subject_read(bundle, "data/trust/ledger.vkey", &vkey, err));
	text = axev__buf_view(&vkey);
	if (axev__span_ends(text, "\n"))
		text.size--;
	return axev__note_key_parse(text, ret_key, err);
}

static int check_note(const struct axev__subject *bundle, struct axev__buf *bytes,
		      struct axev__note *note, axev_error *err)
{
	struct axev__checkpoint checkpoint;
	struct axev__note_key key;
	uint64_t unused;
	int status;

	TRY(axev__subject_read(bundle, CHECKPOINT, bytes, err));
	TRY(axev__note_parse(axev__buf_view(bytes), note, err));
	TRY(axev__checkpoint_parse(note->text, &checkpoint, err));
	TRY(axev__enclosed_key(bundle, &key, err));
	status = axev__note_check(note, &key, &unused, err);
	if (status >= 0 && !axev__span_is(checkpoint.origin, key.name))
		return axev__fail(err, AXEV_E_INVALID, "the checkpoint's origin is not the key's name");
	return status;
}

int axev__check_note_chosen(const struct axev__verify *verify, struct axev__check *parent, const char *name,
			    const struct axev__note *note, axev_error *err)
{
	struct axev__check *check;
	size_t i;

	TRY(axev__check_add(parent, AXEV__C_TRUST_LEDGER, name, &check, err));
	axev__check_remark(check, AXEV__CHECK_INDETERMINATE, AXEV__REMARK_NOT_CHOSEN);
	for (i = 0; i < verify->policy->ledger_count; i++) {
		axev_error problem = AXEV_ERROR_INIT;
		uint64_t unused;
		int status = axev__note_check(note, &verify->policy->ledgers[i].key, &unused, &problem);

		if (status == AXEV_E_NOTFOUND)
			continue;
		TRY(axev__check_close(check, status, &problem, err));
		if (status >= 0)
			axev__check_remark(check, AXEV__CHECK_PASSED, AXEV__REMARK_TRUSTED);
		return AXEV_OK;
	}
	return AXEV_OK;
}

/* A further witness: whole or failed, and never needed. */
static int check_checkpoint_token(const struct axev__verify *verify, struct axev__check *parent,
				  const struct axev__subject *bundle, const char *name,
				  const uint8_t imprint[32], axev_error *err)
{
	AXEV__BUF der = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	AXEV__TOKEN token = { 0 };
	struct axev__check *check;
	bool holds, is_trusted, is_embedded;

	TRY(axev__subject_read(bundle, name, &der, err));
	TRY(axev__check_token(parent, name, axev__buf_view(&der), imprint, &token, &holds, err));
	if (!holds)
		return AXEV_OK;
	TRY(axev__check_add(parent, AXEV__C_CHECKPOINT_TIME, name, &check, err));
	return axev__check_witness(verify, check, &token, &is_trusted, &is_embedded, err);
}

static int check_tokens(const struct axev__verify *verify, const struct axev__subject *bundle,
			struct axev__check *parent, struct axev__span note, axev_error *err)
{
	uint8_t imprint[32];
	unsigned number;

	TRY(axev__sha256(note.data, note.size, imprint, err));
	for (number = 1; number <= 999; number++) {
		char name[64];

		snprintf(name, sizeof(name), CHECKPOINT "-%03u.tst", number);
		if (!axev__container_find(bundle->container, name))
			return AXEV_OK;
		TRY(check_checkpoint_token(verify, parent, bundle, name, imprint, err));
	}
	return AXEV_OK;
}

int axev__check_ledger(const struct axev__verify *verify, struct axev__check *parent,
		       struct axev__subject *bundle, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_NOTE_BYTES);
	AXEV__FREE struct axev__note *note = calloc(1, sizeof(*note));
	axev_error problem = AXEV_ERROR_INIT;
	struct axev__check *check, *node;
	int status;

	if (!note)
		return axev__nomem(err);
	TRY(axev__check_add(parent, AXEV__C_LEDGER, NULL, &node, err));
	TRY(axev__check_add(node, AXEV__C_CHECKPOINT, CHECKPOINT, &check, err));
	status = check_note(bundle, &bytes, note, &problem);
	TRY(axev__check_close(check, status, &problem, err));
	if (status >= 0) {
		TRY(axev__check_note_chosen(verify, node, CHECKPOINT, note, err));
		TRY(check_tokens(verify, bundle, node, axev__buf_view(&bytes), err));
	}
	axev__check_sum(node);
	return AXEV_OK;
}
