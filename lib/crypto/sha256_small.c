/* SPDX-License-Identifier: Apache-2.0 */
/* Deprecated in favour of EVP, without an equal there: EVP knows no call without its own bookkeeping. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/sha256_small.h"

#include <openssl/sha.h>

#include "base/span.h"

#define BLOCK 64

void axev__sha256_small(const uint8_t *data, size_t size, uint8_t out[32])
{
	uint8_t tail[2 * BLOCK];
	size_t rest = size % BLOCK, end = rest + 9 > BLOCK ? 2 * BLOCK : BLOCK, i;
	SHA256_CTX context;

	SHA256_Init(&context);
	for (i = 0; i + BLOCK <= size; i += BLOCK)
		SHA256_Transform(&context, data + i);
	/* FIPS 180-4 5.1.1: a bit 1, zeros, the length in bits as 64 of them. */
	memcpy(tail, data + i, rest);
	tail[rest] = 0x80;
	memset(tail + rest + 1, 0, end - 8 - rest - 1);
	axev__put_u64be(tail + end - 8, 8 * (uint64_t)size);
	for (i = 0; i < end; i += BLOCK)
		SHA256_Transform(&context, tail + i);
	for (i = 0; i < 8; i++)
		axev__put_u32be(out + 4 * i, context.h[i]);
}
