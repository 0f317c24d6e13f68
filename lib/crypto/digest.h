/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 and its siblings, streamed, several in one pass. The library's own OSSL_LIB_CTX is used. */
#ifndef AXEV_CRYPTO_DIGEST_H
#define AXEV_CRYPTO_DIGEST_H

#include "base/error.h"
#include "base/span.h"

#define AXEV__SHA256 32

/* One shot. */
int axev__sha256(const void *data, size_t size, uint8_t out[AXEV__SHA256], axev_error *err);

/* Digests that one pass can make; combine with |. */
enum {
	AXEV__DIGEST_SHA256 = 1,
	AXEV__DIGEST_CRC32 = 2, /* zlib's, for the container */
	AXEV__DIGEST_SHA512 = 4,
	AXEV__DIGEST_SM3 = 8,
	AXEV__DIGEST_SHA1 = 16 /* names of git objects; never a proof of anything */
};

struct axev__digests {
	unsigned which;
	uint64_t size_bytes;
	uint8_t sha256[32];
	uint32_t crc32;
	uint8_t sha512[64];
	uint8_t sm3[32];
	uint8_t sha1[20];
};

/* Streaming; contexts may be reused after final. */
struct axev__hasher;
int axev__hasher_new(unsigned which, struct axev__hasher **ret_hasher, axev_error *err);
int axev__hasher_update(struct axev__hasher *hasher, const void *data, size_t size, axev_error *err);
int axev__hasher_final(struct axev__hasher *hasher, struct axev__digests *ret_digests,
		       axev_error *err); /* and restarts */
void axev__hasher_free(struct axev__hasher *hasher);
static inline void axev__hasher_freep(struct axev__hasher **hasher)
{
	axev__hasher_free(*hasher);
}
#define AXEV__HASHER AXEV__CLEANUP(axev__hasher_freep) struct axev__hasher

/* CRC-32 of one piece, and of two pieces one behind the other. */
uint32_t axev__crc32(struct axev__span bytes);
uint32_t axev__crc32_join(uint32_t first, uint32_t second, uint64_t second_bytes);

/* HMAC-SHA-256, for the salts of facts. */
int axev__hmac_sha256(struct axev__span key, struct axev__span data, uint8_t out[AXEV__SHA256],
		      axev_error *err);

#endif
