/* SPDX-License-Identifier: Apache-2.0 */
#include "content/warc_write.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/time.h"
#include "crypto/digest.h"

/* A line break in a value would forge another field. */
static int put(struct axev__buf *head, const char *name, const char *value, axev_error *err)
{
	if (!value)
		return AXEV_OK;
	if (strpbrk(value, "\r\n"))
		return axev__fail(err, AXEV_E_INVAL, "expected %s on one line, found a line break", name);
	return axev__buf_printf(head, err, "%s: %s\r\n", name, value);
}

static int put_id(struct axev__buf *head, const char *name, const char *id, axev_error *err)
{
	char text[80];

	if (!id)
		return AXEV_OK;
	if (strlen(id) != 36)
		return axev__fail(err, AXEV_E_INVAL, "expected %s to be a UUID of 36 characters", name);
	snprintf(text, sizeof(text), "<urn:uuid:%s>", id);
	return put(head, name, text, err);
}

static int put_digest(struct axev__buf *head, const char *name, const uint8_t *digest,
		      axev_error *err)
{
	char hex[2 * AXEV__SHA256 + 1];

	axev__hex(hex, digest, AXEV__SHA256);
	return axev__buf_printf(head, err, "%s: sha256:%s\r\n", name, hex);
}

int axev__warc_put_head(struct axev__buf *head, const struct axev__warc_record *record,
			uint64_t block_bytes, const uint8_t block_sha256[32], axev_error *err)
{
	const char *const *protocol;
	char date[AXEV__RFC3339_SIZE];

	if (!record->type || !record->id)
		return axev__fail(err, AXEV_E_INVAL, "a WARC record needs a type and an identifier");
	axev__rfc3339(date, record->date_ns);
	TRY(axev__buf_str(head, "WARC/1.1\r\n", err));
	TRY(put(head, "WARC-Type", record->type, err));
	TRY(put_id(head, "WARC-Record-ID", record->id, err));
	TRY(put(head, "WARC-Date", date, err));
	TRY(put(head, "WARC-Target-URI", record->target_uri, err));
	TRY(put(head, "WARC-IP-Address", record->ip_address, err));
	TRY(put_id(head, "WARC-Concurrent-To", record->concurrent_to, err));
	for (protocol = record->protocols; protocol && *protocol; protocol++)
		TRY(put(head, "WARC-Protocol", *protocol, err));
	TRY(put(head, "WARC-Truncated", record->truncated, err));
	TRY(put(head, AXEV__WARC_MASK_FIELD, record->is_masked ? AXEV__WARC_MASK : NULL, err));
	TRY(put(head, "Content-Type", record->content_type, err));
	TRY(put_digest(head, "WARC-Block-Digest", block_sha256, err));
	if (record->payload_sha256)
		TRY(put_digest(head, "WARC-Payload-Digest", record->payload_sha256, err));
	return axev__buf_printf(head, err, "Content-Length: %" PRIu64 "\r\n\r\n", block_bytes);
}

static int emit(struct axev__warc_writer *writer, struct axev__hasher *hasher, const void *data,
		size_t size, axev_error *err)
{
	TRY(axev__hasher_update(hasher, data, size, err));
	TRY(axev__write_full(writer->fd, data, size, err));
	writer->offset_bytes += size;
	return AXEV_OK;
}

/* The rest of the block piece by piece; without @writer it is only hashed. */
static int take_rest(const struct axev__source *rest, struct axev__warc_writer *writer, struct axev__hasher *hasher,
		     axev_error *err)
{
	AXEV__FREE uint8_t *piece = rest->size ? malloc(AXEV__COPY_CHUNK) : NULL;
	uint64_t offset;
	size_t size;

	if (rest->size && !piece)
		return axev__nomem(err);
	for (offset = 0; offset < rest->size; offset += size) {
		size = rest->size - offset < AXEV__COPY_CHUNK ? (size_t)(rest->size - offset) : AXEV__COPY_CHUNK;
		TRY(axev__source_read(rest, offset, piece, size, err));
		TRY(writer ? emit(writer, hasher, piece, size, err) : axev__hasher_update(hasher, piece, size, err));
	}
	return AXEV_OK;
}

static int hash_block(struct axev__hasher *hasher, const struct axev__warc_record *record,
		      struct axev__digests *ret_digests, axev_error *err)
{
	if (record->block.size)
		TRY(axev__hasher_update(hasher, record->block.data, record->block.size, err));
	TRY(take_rest(&record->block_rest, NULL, hasher, err));
	return axev__hasher_final(hasher, ret_digests, err);
}

int axev__warc_write(struct axev__warc_writer *writer, const struct axev__warc_record *record,
		     struct axev__warc_place *ret_place, axev_error *err)
{
	AXEV__BUF head = AXEV__BUF_INIT(AXEV__MAX_WARC_HEAD_BYTES);
	AXEV__HASHER *hasher = NULL;
	struct axev__warc_record stated = *record;
	struct axev__digests digests;
	uint8_t payload_sha256[AXEV__SHA256];
	uint64_t begin = writer->offset_bytes;

	if (record->payload.data && !record->payload_sha256) {
		TRY(axev__sha256(record->payload.data, record->payload.size, payload_sha256, err));
		stated.payload_sha256 = payload_sha256;
	}
	TRY(axev__hasher_new(AXEV__DIGEST_SHA256, &hasher, err));
	TRY(hash_block(hasher, record, &digests, err));
	TRY(axev__warc_put_head(&head, &stated, digests.size_bytes, digests.sha256, err));
	TRY(emit(writer, hasher, head.data, head.size, err));
	if (record->block.size)
		TRY(emit(writer, hasher, record->block.data, record->block.size, err));
	TRY(take_rest(&record->block_rest, writer, hasher, err));
	TRY(emit(writer, hasher, "\r\n\r\n", 4, err));
	TRY(axev__hasher_final(hasher, &digests, err));
	ret_place->offset_bytes = begin;
	ret_place->length_bytes = writer->offset_bytes - begin;
	memcpy(ret_place->sha256, digests.sha256, sizeof(ret_place->sha256));
	return AXEV_OK;
}
