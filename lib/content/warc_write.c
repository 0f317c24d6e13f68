/* SPDX-License-Identifier: Apache-2.0 */
#include "content/warc_write.h"

#include <stdio.h>

#include "base/io.h"
#include "base/text.h"
#include "base/time.h"
#include "crypto/digest.h"

#define MAX_HEAD_BYTES (64 * AXEV__KIB)

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

static int put_digest(struct axev__buf *head, const char *name, struct axev__span data,
		      axev_error *err)
{
	uint8_t digest[AXEV__SHA256];
	char hex[2 * AXEV__SHA256 + 1];

	TRY(axev__sha256(data.data, data.size, digest, err));
	axev__hex(hex, digest, sizeof(digest));
	return axev__buf_printf(head, err, "%s: sha256:%s\r\n", name, hex);
}

static int put_head(struct axev__buf *head, const struct axev__warc_record *record, axev_error *err)
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
	TRY(put(head, "Content-Type", record->content_type, err));
	TRY(put_digest(head, "WARC-Block-Digest", record->block, err));
	if (record->payload.data)
		TRY(put_digest(head, "WARC-Payload-Digest", record->payload, err));
	return axev__buf_printf(head, err, "Content-Length: %zu\r\n\r\n", record->block.size);
}

static int emit(struct axev__warc_writer *writer, struct axev__hasher *hasher, const void *data,
		size_t size, axev_error *err)
{
	TRY(axev__hasher_update(hasher, data, size, err));
	TRY(axev__write_full(writer->fd, data, size, err));
	writer->offset_bytes += size;
	return AXEV_OK;
}

int axev__warc_write(struct axev__warc_writer *writer, const struct axev__warc_record *record,
		     struct axev__warc_place *ret_place, axev_error *err)
{
	AXEV__BUF head = AXEV__BUF_INIT(MAX_HEAD_BYTES);
	AXEV__HASHER *hasher = NULL;
	struct axev__digests digests;
	uint64_t begin = writer->offset_bytes;

	TRY(put_head(&head, record, err));
	TRY(axev__hasher_new(AXEV__DIGEST_SHA256, &hasher, err));
	TRY(emit(writer, hasher, head.data, head.size, err));
	if (record->block.size)
		TRY(emit(writer, hasher, record->block.data, record->block.size, err));
	TRY(emit(writer, hasher, "\r\n\r\n", 4, err));
	TRY(axev__hasher_final(hasher, &digests, err));
	ret_place->offset_bytes = begin;
	ret_place->length_bytes = writer->offset_bytes - begin;
	memcpy(ret_place->sha256, digests.sha256, sizeof(ret_place->sha256));
	return AXEV_OK;
}
