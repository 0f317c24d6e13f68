/* SPDX-License-Identifier: Apache-2.0 */
#include "package/record_keys.h"

/* Both inputs fit one block of SHA-256 (55 bytes), so that a key costs one compression. */
#define KEY_LABEL "ax-key/2"
#define SALT_LABEL "ax-salt/3"
_Static_assert(AXEV__SALTS_MESSAGE == 4 + 32 + sizeof(SALT_LABEL) - 1, "a pair, a key, a label");

void axev__record_keys_init(struct axev__record_keys *keys, const uint8_t secret[32])
{
	keys->index = 0;
	keys->is_filled = false;
	memcpy(keys->path[0], secret, 32);
}

static int child(const uint8_t key[32], uint8_t bit, uint8_t out[32], axev_error *err)
{
	uint8_t data[1 + 32 + sizeof(KEY_LABEL) - 1];

	data[0] = bit;
	memcpy(data + 1, key, 32);
	memcpy(data + 33, KEY_LABEL, sizeof(KEY_LABEL) - 1);
	return axev__sha256(data, sizeof(data), out, err);
}

int axev__record_keys_at(struct axev__record_keys *keys, uint64_t index, const uint8_t **ret_key,
			 axev_error *err)
{
	unsigned level = 0;

	if (index >> AXEV__KEY_TREE_HEIGHT)
		return axev__fail(err, AXEV_E_LIMIT, "expected fewer than 2^%d records",
				  AXEV__KEY_TREE_HEIGHT);
	if (keys->is_filled && index == keys->index)
		level = AXEV__KEY_TREE_HEIGHT;
	else if (keys->is_filled) /* as deep as both ways are the same */
		level = AXEV__KEY_TREE_HEIGHT - (64 - (unsigned)__builtin_clzll(index ^ keys->index));
	keys->is_filled = false;
	for (; level < AXEV__KEY_TREE_HEIGHT; level++)
		TRY(child(keys->path[level], index >> (AXEV__KEY_TREE_HEIGHT - 1 - level) & 1,
			  keys->path[level + 1], err));
	keys->index = index;
	keys->is_filled = true;
	*ret_key = keys->path[AXEV__KEY_TREE_HEIGHT];
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
