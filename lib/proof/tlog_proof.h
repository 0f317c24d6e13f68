/* SPDX-License-Identifier: Apache-2.0 */
/* C2SP tlog-proof@v1: index, audit path and checkpoint of one entry, in one text file. */
#ifndef AXEV_PROOF_TLOG_PROOF_H
#define AXEV_PROOF_TLOG_PROOF_H

#include "proof/note.h"

struct axev__tlog_proof {
	uint64_t index;
	size_t hash_count;
	uint8_t hashes[AXEV__MAX_PROOF_HASHES][32];
	struct axev__span checkpoint; /* the signed note, verbatim; lends from the input */
};
int axev__tlog_proof_parse(struct axev__span text, struct axev__tlog_proof *ret_proof,
			   axev_error *err);
int axev__tlog_proof_text(uint64_t index, const uint8_t (*hashes)[32], size_t hash_count,
			  struct axev__span checkpoint, struct axev__buf *out, axev_error *err);

/*
 * Entry in tree, tree in the checkpoint, checkpoint signed by @log_key with origin = its name.
 * AXEV_E_INVALID when the proof or signature is wrong; AXEV_E_NOTFOUND when the checkpoint carries no signature
 * of @log_key. With @log_key NULL only the path is checked.
 */
int axev__tlog_proof_check(const struct axev__tlog_proof *proof, struct axev__span entry,
			   const struct axev__note_key *log_key, uint64_t *ret_tree_size,
			   axev_error *err);

#endif
