/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/add_checkpoint.h"

#include <inttypes.h>

#include "base/text.h"
#include "crypto/merkle.h"
#include "proof/lines.h"

static int bad(axev_error *err, const char *what)
{
	return axev__fail(err, AXEV_E_FORMAT, "consistency proof: %s", what);
}

int axev__add_checkpoint_parse(struct axev__span text, struct axev__add_checkpoint *ret_proof,
			       axev_error *err)
{
	struct axev__add_checkpoint proof = { 0 };
	struct axev__span rest = text, line;

	if (!axev__take_line(&rest, &line) || !axev__span_starts(line, "old ") ||
	    !axev__parse_u64(axev__span(line.data + 4, line.size - 4), INT64_MAX, &proof.old_size))
		return bad(err, "expected the old size");
	for (;;) {
		if (!axev__take_line(&rest, &line))
			return bad(err, "ends before the checkpoint");
		if (line.size == 0)
			break;
		if (proof.hash_count == AXEV__MAX_PROOF_HASHES - 1) /* tlog-witness: at most 63 */
			return bad(err, "more than 63 hashes");
		if (!axev__read_hash(line, proof.hashes[proof.hash_count++]))
			return bad(err, "expected a hash of 32 bytes in base64");
	}
	if (rest.size == 0)
		return bad(err, "the checkpoint is missing");
	proof.checkpoint = rest;
	*ret_proof = proof;
	return AXEV_OK;
}

int axev__add_checkpoint_text(uint64_t old_size, const uint8_t (*hashes)[32], size_t hash_count,
			      struct axev__span checkpoint, struct axev__buf *out, axev_error *err)
{
	size_t i;

	TRY(axev__buf_printf(out, err, "old %" PRIu64 "\n", old_size));
	for (i = 0; i < hash_count; i++) {
		TRY(axev__base64(out, axev__span(hashes[i], 32), err));
		TRY(axev__buf_byte(out, '\n', err));
	}
	TRY(axev__buf_byte(out, '\n', err));
	return axev__buf_span(out, checkpoint, err);
}

int axev__add_checkpoint_check(const struct axev__add_checkpoint *proof,
			       const struct axev__checkpoint *old, axev_error *err)
{
	AXEV__FREE struct axev__note *note = malloc(sizeof(*note));
	struct axev__checkpoint checkpoint;

	if (!note)
		return axev__nomem(err);
	TRY(axev__note_parse(proof->checkpoint, note, err));
	TRY(axev__checkpoint_parse(note->text, &checkpoint, err));
	if (proof->old_size != old->size)
		return axev__fail(err, AXEV_E_INVALID,
				  "expected a proof from size %" PRIu64 ", found one from %" PRIu64,
				  old->size, proof->old_size);
	if (!axev__span_equal(checkpoint.origin, old->origin))
		return axev__fail(err, AXEV_E_INVALID, "the checkpoints are of two ledgers");
	return axev__merkle_check_consistency(old->size, checkpoint.size, old->root, checkpoint.root,
					      proof->hashes, proof->hash_count, err);
}
