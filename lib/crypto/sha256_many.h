/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SHA-256 of many short messages that do not wait for one another. They are gathered by their number of blocks; sixteen of a kind are
 * hashed at once where the processor has the lanes and they agreed with OpenSSL when the process first asked, else each by OpenSSL.
 */
#ifndef AXEV_CRYPTO_SHA256_MANY_H
#define AXEV_CRYPTO_SHA256_MANY_H

#include "crypto/sha256_lanes.h"

#define AXEV__SHA256_MANY_BLOCKS 16
#define AXEV__SHA256_MANY_BYTES (64 * AXEV__SHA256_MANY_BLOCKS - 9) /* the longest message */

struct axev__sha256_kind {
	size_t count;
	uint8_t *outs[AXEV__SHA256_LANES];
	uint8_t *messages; /* AXEV__SHA256_LANES of them; NULL: none yet */
};

struct axev__sha256_many {
	bool is_plain; /* OpenSSL's alone: what was made is checked with other code than made it */
	struct axev__sha256_kind kinds[AXEV__SHA256_MANY_BLOCKS]; /* by blocks, from 1 */
};

/* Nothing is left of what was hashed. */
void axev__sha256_many_free(struct axev__sha256_many *many);
#define AXEV__SHA256_MANY AXEV__CLEANUP(axev__sha256_many_free) struct axev__sha256_many

/*
 * Room for a message of @size bytes (at most AXEV__SHA256_MANY_BYTES), to be written before the next call. Its digest is in @out, 32 bytes,
 * behind axev__sha256_many_end(). NULL: no memory.
 */
uint8_t *axev__sha256_many_add(struct axev__sha256_many *many, size_t size, uint8_t *out);
void axev__sha256_many_end(struct axev__sha256_many *many);

#endif
