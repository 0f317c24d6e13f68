/* SPDX-License-Identifier: Apache-2.0 */
#include "package/record_salts.h"

#include "base/limits.h"
#include "crypto/digest.h"

#define KEY_LABEL "ax-key/3"
#define CHILD (1 + 32 + sizeof(KEY_LABEL) - 1)
_Static_assert(AXEV__SALT == AXEV__AES_BLOCK, "a salt is a block");
_Static_assert(AXEV__MAX_RECORDS < (UINT64_C(1) << AXEV__KEY_TREE_HEIGHT) * AXEV__KEY_RECORDS, "a key for each record that may be");

int axev__record_salts_init(struct axev__record_salts *salts, const uint8_t secret[32], size_t fields, axev_error *err)
{
	*salts = (struct axev__record_salts){ .fields = fields };
	memcpy(salts->path[0], secret, 32);
	return axev__aes_ctr_new(&salts->cipher, err);
}

void axev__record_salts_free(struct axev__record_salts *salts)
{
	axev__aes_ctr_free(salts->cipher);
	explicit_bzero(salts, sizeof(*salts));
}

static int child(const uint8_t key[32], uint32_t bits, uint8_t out[32], axev_error *err)
{
	uint8_t message[CHILD];

	message[0] = bits & 1;
	memcpy(message + 1, key, 32);
	memcpy(message + 33, KEY_LABEL, sizeof(KEY_LABEL) - 1);
	return axev__sha256(message, sizeof(message), out, err);
}

/* Down to the key of @group, from where its way and that of the one before part. */
static int enter(struct axev__record_salts *salts, uint32_t group, axev_error *err)
{
	unsigned level = 0;

	if (salts->has_group && group == salts->group)
		return AXEV_OK;
	if (salts->has_group)
		level = (unsigned)__builtin_clz(group ^ salts->group);
	salts->has_group = false;
	for (; level < AXEV__KEY_TREE_HEIGHT; level++)
		TRY(child(salts->path[level], group >> (AXEV__KEY_TREE_HEIGHT - 1 - level), salts->path[level + 1], err));
	TRY(axev__aes_ctr_key(salts->cipher, salts->path[AXEV__KEY_TREE_HEIGHT], err));
	salts->group = group;
	salts->has_group = true;
	return AXEV_OK;
}

int axev__record_salts_make(struct axev__record_salts *salts, uint64_t first, size_t count, uint8_t (*ret_salts)[AXEV__SALT],
			    axev_error *err)
{
	uint8_t counter[AXEV__AES_BLOCK] = { 0 };
	size_t at, records;

	for (; count > 0; first += records, count -= records, ret_salts += records * salts->fields) {
		if (first / AXEV__KEY_RECORDS > UINT32_MAX)
			return axev__fail(err, AXEV_E_LIMIT, "expected fewer than 2^40 records");
		at = first % AXEV__KEY_RECORDS;
		records = count < AXEV__KEY_RECORDS - at ? count : AXEV__KEY_RECORDS - at;
		TRY(enter(salts, (uint32_t)(first / AXEV__KEY_RECORDS), err));
		axev__put_u64be(counter + AXEV__AES_BLOCK - 8, at * salts->fields);
		TRY(axev__aes_ctr_stream(salts->cipher, counter, records * salts->fields, ret_salts, err));
	}
	return AXEV_OK;
}
