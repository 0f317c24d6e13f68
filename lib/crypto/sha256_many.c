/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/sha256_many.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/span.h"
#include "crypto/sha256_small.h"

#define BLOCK 64
#define FEW 6 /* sixteen at once take as long as about six one after another */

static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool are_lanes_good;

/* ---- sixteen messages of a kind ---- */

static void hash_lanes(struct axev__sha256_kind *kind, size_t blocks)
{
	const uint8_t *messages[AXEV__SHA256_LANES];
	uint8_t *outs[AXEV__SHA256_LANES], unused[AXEV__SHA256_LANES][32];
	size_t i;

	for (i = 0; i < AXEV__SHA256_LANES; i++) {
		bool is_used = i < kind->count;

		messages[i] = kind->messages + (is_used ? i : 0) * BLOCK * blocks;
		outs[i] = is_used ? kind->outs[i] : unused[i];
	}
	axev__sha256_lanes(messages, blocks, outs);
}

static void hash_each(struct axev__sha256_kind *kind, size_t blocks)
{
	size_t i;

	for (i = 0; i < kind->count; i++)
		axev__sha256_padded(kind->messages + i * BLOCK * blocks, blocks, kind->outs[i]);
}

/* Each lane against OpenSSL, with messages of one and of several blocks: whatever a processor, or who emulates it, gets wrong in one of them. */
static void try_lanes(void)
{
	uint8_t messages[AXEV__SHA256_LANES * 3 * BLOCK], lanes[AXEV__SHA256_LANES][32], each[AXEV__SHA256_LANES][32];
	struct axev__sha256_kind kind = { .count = AXEV__SHA256_LANES, .messages = messages };
	size_t i, blocks;

	if (!axev__sha256_lanes_exist())
		return;
	for (i = 0; i < sizeof(messages); i++)
		messages[i] = (uint8_t)(i * i + (i >> 5));
	for (blocks = 1; blocks <= 3; blocks += 2) {
		for (i = 0; i < AXEV__SHA256_LANES; i++)
			kind.outs[i] = lanes[i];
		hash_lanes(&kind, blocks);
		for (i = 0; i < AXEV__SHA256_LANES; i++)
			kind.outs[i] = each[i];
		hash_each(&kind, blocks);
		if (memcmp(lanes, each, sizeof(lanes)) != 0)
			return;
	}
	are_lanes_good = true;
}

static void hash_kind(struct axev__sha256_many *many, struct axev__sha256_kind *kind)
{
	size_t blocks = (size_t)(kind - many->kinds) + 1;

	if (many->is_plain || kind->count <= FEW || !are_lanes_good)
		hash_each(kind, blocks);
	else
		hash_lanes(kind, blocks);
	kind->count = 0;
}

/* ---- the caller ---- */

void axev__sha256_many_free(struct axev__sha256_many *many)
{
	size_t i;

	for (i = 0; i < AXEV__SHA256_MANY_BLOCKS; i++) {
		if (many->kinds[i].messages)
			explicit_bzero(many->kinds[i].messages, AXEV__SHA256_LANES * BLOCK * (i + 1));
		free(many->kinds[i].messages);
		many->kinds[i] = (struct axev__sha256_kind){ 0 };
	}
}

uint8_t *axev__sha256_many_add(struct axev__sha256_many *many, size_t size, uint8_t *out)
{
	size_t blocks = (size + 9 + BLOCK - 1) / BLOCK, bytes = BLOCK * blocks;
	struct axev__sha256_kind *kind = &many->kinds[blocks - 1];
	uint8_t *message;

	if (!kind->messages) {
		pthread_once(&once, try_lanes);
		kind->messages = malloc(AXEV__SHA256_LANES * bytes);
		if (!kind->messages)
			return NULL;
	}
	if (kind->count == AXEV__SHA256_LANES)
		hash_kind(many, kind);
	kind->outs[kind->count] = out;
	message = kind->messages + bytes * kind->count++;
	/* FIPS 180-4 5.1.1: a bit 1, zeros, the length in bits as 64 of them. */
	if (size < bytes - BLOCK) /* up to eight of them before the last block */
		memset(message + bytes - BLOCK - 8, 0, 8);
	memset(message + bytes - BLOCK, 0, BLOCK);
	message[size] = 0x80;
	axev__put_u64be(message + bytes - 8, 8 * (uint64_t)size);
	return message;
}

void axev__sha256_many_end(struct axev__sha256_many *many)
{
	size_t i;

	for (i = 0; i < AXEV__SHA256_MANY_BLOCKS; i++)
		if (many->kinds[i].count > 0)
			hash_kind(many, &many->kinds[i]);
}
