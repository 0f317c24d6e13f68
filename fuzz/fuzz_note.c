/* SPDX-License-Identifier: Apache-2.0 */
/* Signed notes, checkpoints, verifier keys and proofs, all of them text that strangers hand over. */
#include <stdlib.h>

#include "proof/add_checkpoint.h"
#include "proof/tlog_proof.h"

static void try_key(struct axev__span text)
{
	AXEV__BUF out = AXEV__BUF_INIT(4096);
	struct axev__note_key key;

	if (axev__note_key_parse(text, &key, NULL) < 0)
		return;
	if (axev__note_key_text(&key, &out, NULL) < 0 || !axev__span_equal(axev__buf_view(&out), text))
		abort();
}

static void try_proof(struct axev__span text)
{
	AXEV__BUF out = AXEV__BUF_INIT(2 * AXEV__MAX_NOTE_BYTES);
	struct axev__tlog_proof proof;
	uint64_t tree_size;

	if (axev__tlog_proof_parse(text, &proof, NULL) < 0)
		return;
	(void)axev__tlog_proof_check(&proof, text, NULL, &tree_size, NULL);
	(void)axev__tlog_proof_text(proof.index, proof.hashes, proof.hash_count, proof.checkpoint, &out,
				    NULL);
}

static void try_growth(struct axev__span text)
{
	static const struct axev__checkpoint old = { .size = 1 };
	AXEV__BUF out = AXEV__BUF_INIT(2 * AXEV__MAX_NOTE_BYTES);
	struct axev__add_checkpoint proof;

	if (axev__add_checkpoint_parse(text, &proof, NULL) < 0)
		return;
	(void)axev__add_checkpoint_check(&proof, &old, NULL);
	/* One form only: what was read is written the same. */
	if (text.size < AXEV__MAX_NOTE_BYTES &&
	    (axev__add_checkpoint_text(proof.old_size, (const uint8_t(*)[32])proof.hashes,
				       proof.hash_count, proof.checkpoint, &out, NULL) < 0 ||
	     !axev__span_equal(axev__buf_view(&out), text)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AXEV__FREE struct axev__note *note = malloc(sizeof(*note));
	struct axev__checkpoint checkpoint;
	struct axev__span text = axev__span(data, size);

	try_key(text);
	try_proof(text);
	try_growth(text);
	if (note && axev__note_parse(text, note, NULL) == AXEV_OK)
		(void)axev__checkpoint_parse(note->text, &checkpoint, NULL);
	return 0;
}
