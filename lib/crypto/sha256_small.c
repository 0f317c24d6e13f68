/* SPDX-License-Identifier: Apache-2.0 */
/* Deprecated in favour of EVP, without an equal there: EVP knows no call without its own bookkeeping. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/sha256_small.h"

#include <openssl/sha.h>

#include "base/span.h"

#define BLOCK 64

static void transform(SHA256_CTX *context, const uint8_t *data, size_t blocks)
{
	for (; blocks > 0; blocks--, data += BLOCK)
		SHA256_Transform(context, data);
}

static void write_digest(const SHA256_CTX *context, uint8_t out[32])
{
	size_t i;

	for (i = 0; i < 8; i++)
		axev__put_u32be(out + 4 * i, context->h[i]);
}

void axev__sha256_small(const uint8_t *data, size_t size, uint8_t out[32])
{
	uint8_t tail[2 * BLOCK];
	size_t rest = size % BLOCK, blocks = rest + 9 > BLOCK ? 2 : 1;
	SHA256_CTX context;

	SHA256_Init(&context);
	transform(&context, data, size / BLOCK);
	/* FIPS 180-4 5.1.1: a bit 1, zeros, the length in bits as 64 of them. */
	memcpy(tail, data + size - rest, rest);
	tail[rest] = 0x80;
	memset(tail + rest + 1, 0, blocks * BLOCK - 8 - rest - 1);
	axev__put_u64be(tail + blocks * BLOCK - 8, 8 * (uint64_t)size);
	transform(&context, tail, blocks);
	write_digest(&context, out);
}

void axev__sha256_padded(const uint8_t *message, size_t blocks, uint8_t out[32])
{
	SHA256_CTX context;

	SHA256_Init(&context);
	transform(&context, message, blocks);
	write_digest(&context, out);
}
