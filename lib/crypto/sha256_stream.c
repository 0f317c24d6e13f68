/* SPDX-License-Identifier: Apache-2.0 */
/* Deprecated in favour of EVP, which does not show the state that two digests at once work on. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/sha256_stream.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#include "crypto/sha256_pair.h"

#define BLOCK 64

static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool is_pair_good;

void axev__sha256_stream_begin(struct axev__sha256_stream *stream)
{
	SHA256_Init(&stream->context);
}

void axev__sha256_stream_add(struct axev__sha256_stream *stream, const uint8_t *data, size_t size)
{
	SHA256_Update(&stream->context, data, size);
}

void axev__sha256_stream_end(struct axev__sha256_stream *stream, uint8_t out[32])
{
	SHA256_Final(out, &stream->context);
}

/* How many bytes are missing in the block that has begun. */
static size_t to_block(const struct axev__sha256_stream *stream)
{
	return (BLOCK - stream->context.num) % BLOCK;
}

/* The length so far, which OpenSSL keeps in bits. */
static void count(SHA256_CTX *context, size_t blocks)
{
	uint64_t bits = ((uint64_t)context->Nh << 32 | context->Nl) + 8 * BLOCK * (uint64_t)blocks;

	context->Nh = (SHA_LONG)(bits >> 32);
	context->Nl = (SHA_LONG)bits;
}

static void add_pair(struct axev__sha256_stream *const streams[2], const uint8_t *data, size_t size)
{
	size_t skipped[2] = { to_block(streams[0]), to_block(streams[1]) }, blocks, done;
	const uint8_t *const places[2] = { data + skipped[0], data + skipped[1] };
	uint32_t *const states[2] = { streams[0]->context.h, streams[1]->context.h };
	int s;

	blocks = (size - (skipped[0] > skipped[1] ? skipped[0] : skipped[1])) / BLOCK;
	for (s = 0; s < 2; s++)
		axev__sha256_stream_add(streams[s], data, skipped[s]);
	axev__sha256_pair(states, places, blocks);
	for (s = 0; s < 2; s++) {
		count(&streams[s]->context, blocks);
		done = skipped[s] + blocks * BLOCK;
		axev__sha256_stream_add(streams[s], data + done, size - done);
	}
}

/* Against OpenSSL, from each place in a block: whatever a processor, or who emulates it, gets wrong. */
static void try_pair(void)
{
	uint8_t data[5 * BLOCK], found[32], expected[32];
	struct axev__sha256_stream pair[2], alone;
	size_t i, begin;
	int s;

	if (!axev__sha256_pair_exists())
		return;
	for (i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * i + (i >> 5));
	for (begin = 0; begin < BLOCK; begin++) {
		axev__sha256_stream_begin(&alone);
		axev__sha256_stream_add(&alone, data, begin);
		pair[0] = alone;
		axev__sha256_stream_begin(&pair[1]);
		add_pair((struct axev__sha256_stream *[]){ &pair[0], &pair[1] }, data + begin, sizeof(data) - begin);
		for (s = 0; s < 2; s++) {
			if (s == 1)
				axev__sha256_stream_begin(&alone);
			axev__sha256_stream_add(&alone, data + begin, sizeof(data) - begin);
			axev__sha256_stream_end(&alone, expected);
			axev__sha256_stream_end(&pair[s], found);
			if (memcmp(found, expected, sizeof(found)) != 0)
				return;
		}
	}
	is_pair_good = true;
}

void axev__sha256_stream_add_both(struct axev__sha256_stream *first, struct axev__sha256_stream *second, const uint8_t *data, size_t size)
{
	pthread_once(&once, try_pair);
	if (is_pair_good && size >= 4 * BLOCK) {
		add_pair((struct axev__sha256_stream *[]){ first, second }, data, size);
		return;
	}
	axev__sha256_stream_add(first, data, size);
	axev__sha256_stream_add(second, data, size);
}
