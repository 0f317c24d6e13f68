/* SPDX-License-Identifier: Apache-2.0 */
#include "content/warc_payload.h"

#include <stdlib.h>
#include <strings.h>

#include "base/limits.h"
#include "content/http1.h"
#include "crypto/digest.h"

#define FIRST_READ (16 * AXEV__KIB)
#define PIECE_BYTES (64 * AXEV__KIB)

int axev__warc_http_head(const struct axev__source *warc, const struct axev__warc_view *view,
			 struct axev__buf *out, struct axev__span *ret_head, axev_error *err)
{
	size_t wanted = FIRST_READ;
	bool found = false;

	*ret_head = axev__span(NULL, 0);
	while (!found && out->size < view->block_bytes && out->size < out->max) {
		uint64_t left = view->block_bytes - out->size;
		size_t more = wanted < left ? wanted : (size_t)left;

		if (more > out->max - out->size)
			more = out->max - out->size;
		TRY(axev__buf_reserve(out, more, err));
		TRY(axev__source_read(warc, view->block_offset + out->size, out->data + out->size,
				      more, err));
		out->size += more;
		if (axev__http1_head(axev__buf_view(out), ret_head, &found, NULL) < 0)
			return AXEV_OK;
		wanted = out->max;
	}
	return AXEV_OK;
}

/* ---- bytes of a body, one after another ---- */

struct body {
	const struct axev__source *warc;
	uint64_t at, end; /* in the WARC: the next byte that is not in the piece */
	uint8_t *piece;
	size_t used, size;
	struct axev__hasher *hasher;
};

static int refill(struct body *body, axev_error *err)
{
	uint64_t left = body->end - body->at;
	size_t more = left < PIECE_BYTES ? (size_t)left : PIECE_BYTES;

	if (body->used < body->size)
		return AXEV_OK;
	TRY(axev__source_read(body->warc, body->at, body->piece, more, err));
	body->at += more;
	body->size = more;
	body->used = 0;
	return AXEV_OK;
}

/* The next byte, or -1 at the end. */
static int next_byte(struct body *body, int *ret_byte, axev_error *err)
{
	TRY(refill(body, err));
	*ret_byte = body->used < body->size ? body->piece[body->used++] : -1;
	return AXEV_OK;
}

/* As many of @count bytes as there are. */
static int hash_bytes(struct body *body, uint64_t count, axev_error *err)
{
	while (count) {
		size_t more;

		TRY(refill(body, err));
		more = body->size - body->used;
		if (more == 0)
			return AXEV_OK;
		if (more > count)
			more = (size_t)count;
		TRY(axev__hasher_update(body->hasher, body->piece + body->used, more, err));
		body->used += more;
		count -= more;
	}
	return AXEV_OK;
}

/* ---- chunks (RFC 9112 7.1), taken and refused as http1.h does ---- */

/* A line that is cut short says nothing yet, whatever stands in it. */
static int bad_size(struct body *body, int byte, bool *ret_ended, axev_error *err)
{
	while (byte >= 0 && byte != '\n')
		TRY(next_byte(body, &byte, err));
	*ret_ended = byte < 0;
	return *ret_ended ? AXEV_OK : axev__fail(err, AXEV_E_FORMAT,
						 "expected a chunk size, found something else");
}

static int digit_of(int byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	byte |= 0x20;
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* What stands between the digits and the line break: extensions, or blanks only. */
static int end_of_line(struct body *body, int byte, bool *ret_ended, axev_error *err)
{
	bool is_extension = byte == ';' || byte == ' ' || byte == '\t';

	if (byte >= 0 && !is_extension && byte != '\r' && byte != '\n')
		return bad_size(body, byte, ret_ended, err);
	while (byte >= 0 && byte != '\n') {
		if (!is_extension && byte != '\r' && byte != ' ' && byte != '\t')
			return bad_size(body, byte, ret_ended, err);
		TRY(next_byte(body, &byte, err));
	}
	*ret_ended = byte < 0;
	return AXEV_OK;
}

static int chunk_size(struct body *body, uint64_t *ret_size, bool *ret_ended, axev_error *err)
{
	uint64_t size = 0;
	unsigned digits = 0;
	bool is_large = false;
	int byte;

	do
		TRY(next_byte(body, &byte, err));
	while (byte == ' ' || byte == '\t');
	for (; digit_of(byte) >= 0; digits++) {
		is_large |= size > SIZE_MAX >> 5;
		size = size << 4 | (uint64_t)digit_of(byte);
		TRY(next_byte(body, &byte, err));
	}
	if (digits == 0)
		return bad_size(body, byte, ret_ended, err);
	TRY(end_of_line(body, byte, ret_ended, err));
	if (!*ret_ended && is_large)
		return axev__fail(err, AXEV_E_LIMIT, "chunk size is out of range");
	*ret_size = size;
	return AXEV_OK;
}

static int end_of_chunk(struct body *body, bool *ret_ended, axev_error *err)
{
	int byte;

	TRY(next_byte(body, &byte, err));
	if (byte == '\r')
		TRY(next_byte(body, &byte, err));
	*ret_ended = byte < 0;
	if (byte >= 0 && byte != '\n')
		return axev__fail(err, AXEV_E_FORMAT,
				  "expected the end of a chunk, found more data");
	return AXEV_OK;
}

static int hash_chunks(struct body *body, axev_error *err)
{
	uint64_t size = 0;
	bool is_ended;

	for (;;) {
		TRY(chunk_size(body, &size, &is_ended, err));
		if (is_ended || size == 0)
			return AXEV_OK;
		TRY(hash_bytes(body, size, err));
		TRY(end_of_chunk(body, &is_ended, err));
		if (is_ended)
			return AXEV_OK;
	}
}

/* ---- the payload ---- */

/* HTTP/2 has no transfer coding: a field of that name in such a head says nothing (FORMAT.md, h2-head/1). */
static bool is_http1(const struct axev__warc_record *record)
{
	const char *const *protocol;

	for (protocol = record->protocols; protocol && *protocol; protocol++)
		if (strcmp(*protocol, "h2") == 0 || strcmp(*protocol, "h3") == 0)
			return false;
	return true;
}

static int hash_body(struct body *body, const struct axev__warc_view *view, struct axev__span head,
		     axev_error *err)
{
	struct axev__span coding;

	body->at = view->block_offset + head.size;
	if (!is_http1(&view->record) || !axev__http1_field(head, "transfer-encoding", &coding))
		return hash_bytes(body, UINT64_MAX, err);
	if (coding.size != 7 || strncasecmp((const char *)coding.data, "chunked", 7) != 0)
		return axev__fail(err, AXEV_E_UNSUPPORTED,
				  "expected transfer-encoding chunked, found another");
	return hash_chunks(body, err);
}

static int hash_message(struct body *body, const struct axev__warc_view *view, axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_HTTP1_HEAD_BYTES);
	struct axev__span head;

	TRY(axev__warc_http_head(body->warc, view, &bytes, &head, err));
	if (!head.data)
		return axev__fail(err, AXEV_E_FORMAT, "expected an HTTP head in the block");
	return hash_body(body, view, head, err);
}

int axev__warc_payload_sha256(const struct axev__source *warc, const struct axev__warc_view *view,
			      uint8_t out[32], axev_error *err)
{
	AXEV__FREE uint8_t *piece = malloc(PIECE_BYTES);
	AXEV__HASHER *hasher = NULL;
	struct body body = { .warc = warc, .at = view->block_offset,
			     .end = view->block_offset + view->block_bytes, .piece = piece };
	struct axev__digests digests;

	if (!piece)
		return axev__nomem(err);
	TRY(axev__hasher_new(AXEV__DIGEST_SHA256, &hasher, err));
	body.hasher = hasher;
	if (strcmp(view->record.type, "response") == 0 || strcmp(view->record.type, "request") == 0)
		TRY(hash_message(&body, view, err));
	else
		TRY(hash_bytes(&body, UINT64_MAX, err));
	TRY(axev__hasher_final(hasher, &digests, err));
	memcpy(out, digests.sha256, 32);
	return AXEV_OK;
}
