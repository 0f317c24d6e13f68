/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Salts of a record set by a binary tree of keys (FORMAT.md section 3.2): the key of one record tells nothing of any other,
 * and all records but one can be given away with as many keys as the tree is high.
 */
#ifndef AXEV_PACKAGE_RECORD_KEYS_H
#define AXEV_PACKAGE_RECORD_KEYS_H

#include "crypto/digest.h"
#include "crypto/sha256_many.h"

#define AXEV__KEY_TREE_HEIGHT 40

/* Keys on the way to the record that was asked for last: the next one costs two hashes on average. */
struct axev__record_keys {
	uint64_t index;
	unsigned depth; /* of it that is known */
	uint8_t path[AXEV__KEY_TREE_HEIGHT + 1][32];
};
void axev__record_keys_init(struct axev__record_keys *keys, const uint8_t secret[32]);
int axev__record_keys_at(struct axev__record_keys *keys, uint64_t index, const uint8_t **ret_key,
			 axev_error *err);

/* Keys of @count records from @first on, made together. */
int axev__record_keys_run(struct axev__record_keys *keys, struct axev__sha256_many *many, uint64_t first, size_t count,
			  uint8_t (*ret_keys)[32], axev_error *err);

/* Salts of fields 2 @pair and 2 @pair + 1: the halves of SHA-256(u32 pair || record key || "ax-salt/3"), SP 800-56C 4.1 with one block. */
#define AXEV__SALTS_MESSAGE 45
void axev__record_salts_message(const uint8_t record_key[32], uint32_t pair, uint8_t out[AXEV__SALTS_MESSAGE]); /* what is hashed */
int axev__record_salts(const uint8_t record_key[32], uint32_t pair, uint8_t out[2][16], axev_error *err);
int axev__record_salt(const uint8_t record_key[32], uint32_t field_index, uint8_t out[16],
		      axev_error *err);

#endif
