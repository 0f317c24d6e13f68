/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The body of an add-checkpoint request (C2SP tlog-witness): an old size, the consistency proof from it, a checkpoint.
 * What a witness is sent serves as a file just as well: a log has grown from one checkpoint into another.
 */
#ifndef AXEV_PROOF_ADD_CHECKPOINT_H
#define AXEV_PROOF_ADD_CHECKPOINT_H

#include "proof/note.h"

struct axev__add_checkpoint {
	uint64_t old_size;
	size_t hash_count;
	uint8_t hashes[AXEV__MAX_PROOF_HASHES][32];
	struct axev__span checkpoint; /* the signed note, verbatim; lends from the input */
};
int axev__add_checkpoint_parse(struct axev__span text, struct axev__add_checkpoint *ret_proof,
			       axev_error *err);
int axev__add_checkpoint_text(uint64_t old_size, const uint8_t (*hashes)[32], size_t hash_count,
			      struct axev__span checkpoint, struct axev__buf *out, axev_error *err);

/* The tree of @old, of one entry at least, is the start of the checkpoint's tree. AXEV_E_INVALID. */
int axev__add_checkpoint_check(const struct axev__add_checkpoint *proof,
			       const struct axev__checkpoint *old, axev_error *err);

#endif
