/* SPDX-License-Identifier: Apache-2.0 */
#include "package/record_set.h"

/* row-c14n/1 tags that are in use. */
#define TAG_NULL 0x00
#define TAG_TEXT 0x05

/* HMAC-SHA-256(key, label || index): labels keep the two levels apart. */
static int derive(const uint8_t key[32], const char *label, struct axev__span index, uint8_t out[32],
		  axev_error *err)
{
	uint8_t data[32];
	size_t label_size = strlen(label);

	memcpy(data, label, label_size);
	memcpy(data + label_size, index.data, index.size);
	return axev__hmac_sha256(axev__span(key, 32), axev__span(data, label_size + index.size), out,
				 err);
}

int axev__record_key(const uint8_t secret[32], uint64_t record_index, uint8_t out[32], axev_error *err)
{
	uint8_t index[8];

	axev__put_u64be(index, record_index);
	return derive(secret, "ax-record/1", axev__span(index, sizeof(index)), out, err);
}

int axev__field_salt(const uint8_t record_key[32], uint32_t field_index, uint8_t out[AXEV__SALT_BYTES],
		     axev_error *err)
{
	uint8_t index[4], full[32];

	axev__put_u32be(index, field_index);
	TRY(derive(record_key, "ax-field/1", axev__span(index, sizeof(index)), full, err));
	memcpy(out, full, AXEV__SALT_BYTES);
	return AXEV_OK;
}

int axev__cell_text(struct axev__span text, struct axev__buf *out, axev_error *err)
{
	uint8_t head[5] = { TAG_TEXT };

	if (!text.data)
		return axev__buf_byte(out, TAG_NULL, err);
	if (text.size > UINT32_MAX)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most 2^32-1 bytes in a cell, found %zu",
				  text.size);
	axev__put_u32be(head + 1, (uint32_t)text.size);
	TRY(axev__buf_append(out, head, sizeof(head), err));
	return axev__buf_span(out, text, err);
}

int axev__field_leaf(const uint8_t salt[AXEV__SALT_BYTES], uint32_t field_index,
		     struct axev__span cell, uint8_t out[32], axev_error *err)
{
	AXEV__HASHER *hasher = NULL;
	struct axev__digests digests;
	uint8_t head[1 + AXEV__SALT_BYTES + 4] = { 0x00 }; /* RFC 6962 2.1: a leaf */

	memcpy(head + 1, salt, AXEV__SALT_BYTES);
	axev__put_u32be(head + 1 + AXEV__SALT_BYTES, field_index);
	TRY(axev__hasher_new(AXEV__DIGEST_SHA256, &hasher, err));
	TRY(axev__hasher_update(hasher, head, sizeof(head), err));
	TRY(axev__hasher_update(hasher, cell.data, cell.size, err));
	TRY(axev__hasher_final(hasher, &digests, err));
	memcpy(out, digests.sha256, sizeof(digests.sha256));
	return AXEV_OK;
}
