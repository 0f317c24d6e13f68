/* SPDX-License-Identifier: Apache-2.0 */
#include "package/record_keys.h"

/* Both inputs fit one block of SHA-256 (55 bytes), so that a key costs one compression. */
#define KEY_LABEL "ax-key/2"
#define SALT_LABEL "ax-salt/3"
_Static_assert(AXEV__SALTS_MESSAGE == 4 + 32 + sizeof(SALT_LABEL) - 1, "a pair, a key, a label");

void axev__record_keys_init(struct axev__record_keys *keys, const uint8_t secret[32])
{
	keys->index = 0;
	keys->depth = 0;
	memcpy(keys->path[0], secret, 32);
}

#define CHILD (1 + 32 + sizeof(KEY_LABEL) - 1)

static void child_message(const uint8_t key[32], uint64_t index, uint8_t out[CHILD])
{
	out[0] = index & 1;
	memcpy(out + 1, key, 32);
	memcpy(out + 33, KEY_LABEL, sizeof(KEY_LABEL) - 1);
}

static int child(const uint8_t key[32], uint64_t index, uint8_t out[32], axev_error *err)
{
	uint8_t message[CHILD];

	child_message(key, index, message);
	return axev__sha256(message, sizeof(message), out, err);
}

/* The path down to @depth. */
static int walk(struct axev__record_keys *keys, uint64_t index, unsigned depth, axev_error *err)
{
	unsigned level = 0;

	if (index >> AXEV__KEY_TREE_HEIGHT)
		return axev__fail(err, AXEV_E_LIMIT, "expected fewer than 2^%d records",
				  AXEV__KEY_TREE_HEIGHT);
	if (index == keys->index)
		level = keys->depth;
	else /* as deep as both ways are the same */
		level = AXEV__KEY_TREE_HEIGHT - (64 - (unsigned)__builtin_clzll(index ^ keys->index));
	level = level < keys->depth ? level : keys->depth;
	keys->depth = 0;
	for (; level < depth; level++)
		TRY(child(keys->path[level], index >> (AXEV__KEY_TREE_HEIGHT - 1 - level),
			  keys->path[level + 1], err));
	keys->index = index;
	keys->depth = level;
	return AXEV_OK;
}

int axev__record_keys_at(struct axev__record_keys *keys, uint64_t index, const uint8_t **ret_key,
			 axev_error *err)
{
	TRY(walk(keys, index, AXEV__KEY_TREE_HEIGHT, err));
	*ret_key = keys->path[AXEV__KEY_TREE_HEIGHT];
	return AXEV_OK;
}

/* Those of one level out of those above them, in place and from the end: what stands before the one being made is still of the level above. */
static int descend(struct axev__sha256_many *many, uint64_t first, uint64_t last, uint8_t (*keys)[32], axev_error *err)
{
	uint8_t *message;
	uint64_t i;

	for (i = last - first + 1; i-- > 0;) {
		message = axev__sha256_many_add(many, CHILD, keys[i]);
		if (!message)
			return axev__nomem(err);
		child_message(keys[(first + i) / 2 - first / 2], first + i, message);
	}
	axev__sha256_many_end(many);
	return AXEV_OK;
}

int axev__record_keys_run(struct axev__record_keys *keys, struct axev__sha256_many *many, uint64_t first, size_t count,
			  uint8_t (*ret_keys)[32], axev_error *err)
{
	uint64_t last = first + count - 1;
	unsigned below = first == last ? 0 : 64 - (unsigned)__builtin_clzll(first ^ last); /* the key that all come from */

	if (last >> AXEV__KEY_TREE_HEIGHT)
		return axev__fail(err, AXEV_E_LIMIT, "expected fewer than 2^%d records", AXEV__KEY_TREE_HEIGHT);
	TRY(walk(keys, first, AXEV__KEY_TREE_HEIGHT - below, err));
	memcpy(ret_keys[0], keys->path[AXEV__KEY_TREE_HEIGHT - below], 32);
	while (below-- > 0)
		TRY(descend(many, first >> below, last >> below, ret_keys, err));
	return AXEV_OK;
}

void axev__record_salts_message(const uint8_t record_key[32], uint32_t pair, uint8_t out[AXEV__SALTS_MESSAGE])
{
	axev__put_u32be(out, pair);
	memcpy(out + 4, record_key, 32);
	memcpy(out + 36, SALT_LABEL, sizeof(SALT_LABEL) - 1);
}

int axev__record_salts(const uint8_t record_key[32], uint32_t pair, uint8_t out[2][16], axev_error *err)
{
	uint8_t message[AXEV__SALTS_MESSAGE];

	axev__record_salts_message(record_key, pair, message);
	return axev__sha256(message, sizeof(message), out[0], err);
}

int axev__record_salt(const uint8_t record_key[32], uint32_t field_index, uint8_t out[16],
		      axev_error *err)
{
	uint8_t both[2][16];

	TRY(axev__record_salts(record_key, field_index / 2, both, err));
	memcpy(out, both[field_index % 2], 16);
	return AXEV_OK;
}
