/* SPDX-License-Identifier: Apache-2.0 */
#include "package/record_tree.h"

#include "base/text.h"
#include "package/row_c14n.h"

#define FORMAT "ax-records/3"
#define ENCODING "row-c14n/2"
#define SMALL_LEAF 512 /* put together on the stack: one call costs less than three */

void axev__record_header_free(struct axev__record_header *header)
{
	axev__json_free(header->json);
	header->json = NULL;
}

static int check_fields(const axev__json *fields, axev_error *err)
{
	struct axev__span text;
	size_t i;

	if (axev__json_count(fields) == 0 || axev__json_count(fields) > AXEV__MAX_RECORD_FIELDS)
		return axev__fail(err, AXEV_E_LIMIT, "expected 1 to %d fields, found %zu",
				  AXEV__MAX_RECORD_FIELDS, axev__json_count(fields));
	for (i = 0; i < axev__json_count(fields); i++) {
		TRY(axev__json_string(axev__json_at(fields, i), "name", &text, err));
		TRY(axev__json_string(axev__json_at(fields, i), "type", &text, err));
	}
	return AXEV_OK;
}

static int header_read(struct axev__span bytes, struct axev__record_header *header, axev_error *err)
{
	static const char *const known[] = { "format", "encoding", "name", "fields", "order", "multiset", "about",
					     NULL };
	struct axev__span text;
	axev__json *fields;

	if (bytes.size > AXEV__MAX_RECORD_HEADER_BYTES)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %zu bytes, found %zu",
				  AXEV__MAX_RECORD_HEADER_BYTES, bytes.size);
	TRY(axev__json_parse_canonical(bytes, &header->json, err));
	TRY(axev__json_string(header->json, "format", &text, err));
	if (!axev__span_is(text, FORMAT))
		return axev__fail(err, AXEV_E_UNSUPPORTED, "member 'format': expected " FORMAT);
	TRY(axev__json_string(header->json, "encoding", &text, err));
	if (!axev__span_is(text, ENCODING))
		return axev__fail(err, AXEV_E_UNSUPPORTED, "member 'encoding': expected " ENCODING);
	TRY(axev__json_only(header->json, known, err));
	TRY(axev__json_string(header->json, "name", &text, err));
	TRY(axev__json_string(header->json, "order", &text, err));
	if (axev__json_get(header->json, "multiset")) {
		TRY(axev__json_boolean(header->json, "multiset", &header->is_multiset, err));
		if (!header->is_multiset)
			return axev__fail(err, AXEV_E_FORMAT, "member 'multiset': expected true, or no such member");
	}
	TRY(axev__json_array(header->json, "fields", &fields, err));
	header->fields = axev__json_count(fields) + header->is_multiset;
	return check_fields(fields, err);
}

int axev__record_header_read(struct axev__span bytes, struct axev__record_header *ret_header,
			     axev_error *err)
{
	AXEV__RECORD_HEADER header = { 0 };

	TRY(axev__prefix(header_read(bytes, &header, err), err, "header of a record set"));
	*ret_header = header;
	header.json = NULL;
	return AXEV_OK;
}

void axev__record_field_head(const uint8_t salt[16], uint32_t field_index, uint8_t out[AXEV__FIELD_HEAD])
{
	out[0] = 0x00; /* RFC 6962 2.1: a leaf */
	memcpy(out + 1, salt, 16);
	axev__put_u32be(out + 17, field_index);
}

int axev__record_field_leaf(const uint8_t salt[16], uint32_t field_index, struct axev__span cell,
			    uint8_t out[32], axev_error *err)
{
	AXEV__HASHER *hasher = NULL;
	struct axev__digests digests;
	uint8_t data[SMALL_LEAF];

	axev__record_field_head(salt, field_index, data);
	if (cell.size <= sizeof(data) - AXEV__FIELD_HEAD) {
		memcpy(data + AXEV__FIELD_HEAD, cell.data, cell.size);
		return axev__sha256(data, AXEV__FIELD_HEAD + cell.size, out, err);
	}
	TRY(axev__hasher_new(AXEV__DIGEST_SHA256, &hasher, err));
	TRY(axev__hasher_update(hasher, data, AXEV__FIELD_HEAD, err));
	TRY(axev__hasher_update(hasher, cell.data, cell.size, err));
	TRY(axev__hasher_final(hasher, &digests, err));
	memcpy(out, digests.sha256, 32);
	return AXEV_OK;
}

int axev__record_header_leaf(struct axev__span header, uint8_t out[32], axev_error *err)
{
	AXEV__HASHER *hasher = NULL;
	struct axev__digests digests;

	TRY(axev__hasher_new(AXEV__DIGEST_SHA256, &hasher, err));
	TRY(axev__hasher_update(hasher, "\x00\x01", 2, err));
	TRY(axev__hasher_update(hasher, header.data, header.size, err));
	TRY(axev__hasher_final(hasher, &digests, err));
	memcpy(out, digests.sha256, 32);
	return AXEV_OK;
}

void axev__record_leaf_head(uint8_t out[AXEV__RECORD_LEAF_HEAD])
{
	memcpy(out, "\x00\x02", AXEV__RECORD_LEAF_HEAD);
}

int axev__record_leaf_begin(struct axev__buf *leaves, axev_error *err)
{
	uint8_t head[AXEV__RECORD_LEAF_HEAD];

	axev__buf_clear(leaves);
	axev__record_leaf_head(head);
	return axev__buf_append(leaves, head, sizeof(head), err);
}

int axev__record_leaf_add(struct axev__buf *leaves, const uint8_t field_leaf[32], axev_error *err)
{
	return axev__buf_append(leaves, field_leaf, 32, err);
}

int axev__record_leaf_end(const struct axev__buf *leaves, uint8_t out[32], axev_error *err)
{
	return axev__sha256(leaves->data, leaves->size, out, err);
}

int axev__record_leaf_of(const uint8_t (*field_leaves)[32], size_t fields, uint8_t out[32], axev_error *err)
{
	AXEV__BUF leaves = AXEV__RECORD_LEAF_INIT;

	TRY(axev__record_leaf_begin(&leaves, err));
	TRY(axev__buf_append(&leaves, field_leaves, 32 * fields, err));
	return axev__record_leaf_end(&leaves, out, err);
}

int axev__record_leaf(const uint8_t (*salts)[16], size_t fields, struct axev__span cells, struct axev__buf *leaves,
		      uint8_t out[32], axev_error *err)
{
	struct axev__cell cell;
	uint8_t leaf[32];
	size_t i;

	TRY(axev__record_leaf_begin(leaves, err));
	for (i = 0; cells.size > 0; i++) {
		TRY(axev__prefix(axev__cell_next(&cells, &cell, err), err, "cell %zu", i));
		if (i == fields)
			return axev__fail(err, AXEV_E_FORMAT, "expected %zu cells, found more", fields);
		TRY(axev__record_field_leaf(salts[i], (uint32_t)i, cell.whole, leaf, err));
		TRY(axev__record_leaf_add(leaves, leaf, err));
	}
	if (i != fields)
		return axev__fail(err, AXEV_E_FORMAT, "expected %zu cells, found %zu", fields, i);
	return axev__record_leaf_end(leaves, out, err);
}

int axev__record_count_leaf(uint64_t records, uint8_t out[32], axev_error *err)
{
	uint8_t data[2 + 8] = { 0x00, 0x03 };

	axev__put_u64be(data + 2, records);
	return axev__sha256(data, sizeof(data), out, err);
}
