/* SPDX-License-Identifier: Apache-2.0 */
/* C2SP signed-note v1.0.0 and tlog-checkpoint v1.0.0: a signed size and root of the ledger. */
#ifndef AXEV_PROOF_NOTE_H
#define AXEV_PROOF_NOTE_H

#include "base/buf.h"
#include "base/limits.h"
#include "crypto/key.h"

/* A note verifier key: name+hex8(key id)+base64(type || public key); Ed25519 (type 0x01) here. */
struct axev__note_key {
	char name[256];
	uint8_t key_id[4];
	uint8_t type; /* 0x01 Ed25519, 0x04 Ed25519 cosignature */
	uint8_t public_key[32];
};
int axev__note_key_parse(struct axev__span vkey, struct axev__note_key *ret_key, axev_error *err);
int axev__note_key_make(const char *name, uint8_t type, const uint8_t public_key[32],
			struct axev__note_key *ret_key, axev_error *err);
int axev__note_key_text(const struct axev__note_key *key, struct axev__buf *out, axev_error *err);

struct axev__note_signature {
	struct axev__span name;
	uint8_t key_id[4];
	uint8_t blob[3000]; /* behind the key id */
	size_t blob_size;
};
struct axev__note {
	struct axev__span text; /* with its last newline; lends from the input */
	size_t signature_count;
	struct axev__note_signature signatures[AXEV__MAX_NOTE_SIGNATURES];
};
/* Form only. A struct axev__note is large: allocate it. */
int axev__note_parse(struct axev__span bytes, struct axev__note *ret_note, axev_error *err);
/* AXEV_OK when a signature of @key is there and verifies; AXEV_E_INVALID when one fails;
 * AXEV_E_NOTFOUND when none is by this key. *ret_time_s: cosignature time, or 0. */
int axev__note_check(const struct axev__note *note, const struct axev__note_key *key,
		     uint64_t *ret_time_s, axev_error *err);
/* Append the signature line of @key (Ed25519 private) to @text; result is the signed note. */
int axev__note_sign(struct axev__span text, const char *name, const struct axev__key *key,
		    struct axev__buf *ret_note, axev_error *err);

struct axev__checkpoint {
	struct axev__span origin;
	uint64_t size;
	uint8_t root[32];
};
int axev__checkpoint_parse(struct axev__span note_text, struct axev__checkpoint *ret_checkpoint,
			   axev_error *err);
int axev__checkpoint_text(const char *origin, uint64_t size, const uint8_t root[32],
			  struct axev__buf *out, axev_error *err);

#endif
