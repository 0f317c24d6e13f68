/* SPDX-License-Identifier: Apache-2.0 */
#include "content/websocket.h"

#include <inttypes.h>
#include <zlib.h>

#include "base/limits.h"
#include "base/text.h"

enum {
	FIN = 0x80,
	RSV1 = 0x40,
	RSV = 0x70,
	MASKED = 0x80,
	MAX_CONTROL_BYTES = 125 /* RFC 6455 5.5 */
};

struct frame {
	bool is_final, is_compressed;
	uint8_t opcode;
	uint8_t mask[4]; /* zero: as it is */
	uint64_t offset, end_offset;
	struct axev__span payload; /* masked */
};

struct axev__websocket {
	struct axev__span bytes;
	enum axev__websocket_side side;
	struct axev__websocket_terms terms;
	uint64_t offset;
	struct axev__websocket_message data; /* of which not all frames were read; frames 0: none */
	struct axev__buf payload, inflated;
	uint8_t control[MAX_CONTROL_BYTES];
	z_stream zip;
	bool has_zip, is_zip_lost;
	bool has_ended, has_failed; /* for good */
	axev_error failure;
};

int axev__websocket_new(struct axev__span bytes, enum axev__websocket_side side,
			const struct axev__websocket_terms *terms, struct axev__websocket **ret_reader,
			axev_error *err)
{
	struct axev__websocket *reader = calloc(1, sizeof(*reader));

	if (!reader)
		return axev__nomem(err);
	reader->bytes = bytes;
	reader->side = side;
	reader->terms = *terms;
	reader->payload.max = AXEV__MAX_WEBSOCKET_BYTES;
	reader->inflated.max = AXEV__MAX_WEBSOCKET_INFLATED;
	*ret_reader = reader;
	return AXEV_OK;
}

void axev__websocket_free(struct axev__websocket *reader)
{
	if (!reader)
		return;
	if (reader->has_zip)
		inflateEnd(&reader->zip);
	axev__buf_free(&reader->payload);
	axev__buf_free(&reader->inflated);
	free(reader);
}

uint64_t axev__websocket_offset(const struct axev__websocket *reader)
{
	return reader->offset;
}

/* ---- frames ---- */

static int refuse(const struct axev__websocket *reader, const char *expected, axev_error *err)
{
	return axev__fail(err, AXEV_E_FORMAT, "offset %" PRIu64 ": expected %s", reader->offset, expected);
}

/* RFC 6455 5.2: "the minimal number of bytes MUST be used to encode the length"; the highest bit "MUST be 0". */
static int read_length(const struct axev__websocket *reader, const uint8_t *at, uint8_t first,
		       uint64_t *ret_length, axev_error *err)
{
	uint64_t length = first;

	if (first == 126)
		length = axev__get_u16be(at);
	if (first == 127)
		length = axev__get_u64be(at);
	if ((first == 126 && length < 126) || (first == 127 && length <= UINT16_MAX))
		return refuse(reader, "a length in as few bytes as it needs", err);
	if (length > INT64_MAX)
		return refuse(reader, "a length of at most 63 bits", err);
	*ret_length = length;
	return AXEV_OK;
}

static int check_first(const struct axev__websocket *reader, uint8_t first, uint8_t second, axev_error *err)
{
	uint8_t opcode = first & 0x0F;
	bool is_control = opcode >= AXEV__WEBSOCKET_CLOSE;

	if ((opcode > AXEV__WEBSOCKET_BINARY && !is_control) || opcode > AXEV__WEBSOCKET_PONG)
		return refuse(reader, "an opcode of RFC 6455", err);
	/* RFC 7692 6.1: RSV1 is set on the first frame of a compressed message alone. */
	if (first & RSV && ((first & RSV) != RSV1 || !reader->terms.is_deflate || is_control ||
			    opcode == AXEV__WEBSOCKET_CONTINUATION))
		return refuse(reader, "reserved bits that are 0, or as permessage-deflate uses them", err);
	if (is_control && (!(first & FIN) || (second & 0x7F) > MAX_CONTROL_BYTES))
		return refuse(reader, "a control frame in one piece, of at most 125 bytes", err);
	if (!is_control && (opcode == AXEV__WEBSOCKET_CONTINUATION) != (reader->data.frames > 0))
		return refuse(reader, reader->data.frames ? "a continuation of the message that has begun" :
							    "the first frame of a message", err);
	if (((second & MASKED) != 0) != (reader->side == AXEV__WEBSOCKET_CLIENT))
		return refuse(reader, reader->side == AXEV__WEBSOCKET_CLIENT ?
					      "a masked frame, as clients send them" :
					      "a frame without mask, as servers send them", err);
	return AXEV_OK;
}

/* *ret_found false: the bytes end before the frame does. What its header says is judged as far as it is there. */
static int read_frame(const struct axev__websocket *reader, struct frame *ret_frame, bool *ret_found,
		      axev_error *err)
{
	struct axev__span rest = axev__span(reader->bytes.data + reader->offset,
					    reader->bytes.size - (size_t)reader->offset);
	struct frame frame = { .offset = reader->offset };
	size_t head = 2;
	uint64_t length = 0;

	*ret_found = false;
	if (rest.size < head)
		return AXEV_OK;
	TRY(check_first(reader, rest.data[0], rest.data[1], err));
	head += (rest.data[1] & 0x7F) == 126 ? 2 : (rest.data[1] & 0x7F) == 127 ? 8 : 0;
	if (rest.size < head)
		return AXEV_OK;
	TRY(read_length(reader, rest.data + 2, rest.data[1] & 0x7F, &length, err));
	if (rest.data[1] & MASKED) {
		if (rest.size < head + 4)
			return AXEV_OK;
		memcpy(frame.mask, rest.data + head, 4);
		head += 4;
	}
	if (length > rest.size - head)
		return AXEV_OK;
	frame.is_final = (rest.data[0] & FIN) != 0;
	frame.is_compressed = (rest.data[0] & RSV1) != 0;
	frame.opcode = rest.data[0] & 0x0F;
	frame.payload = axev__span(rest.data + head, (size_t)length);
	frame.end_offset = frame.offset + head + length;
	*ret_frame = frame;
	*ret_found = true;
	return AXEV_OK;
}

static void unmask(const struct frame *frame, uint8_t *out)
{
	size_t i;

	for (i = 0; i < frame->payload.size; i++)
		out[i] = frame->payload.data[i] ^ frame->mask[i % 4];
}

/* ---- permessage-deflate ---- */

/* zlib's own window of 8 bits is one of 9 (its manual, deflateInit2); for inflating a larger one is always right. */
static int start_zip(struct axev__websocket *reader, axev_error *err)
{
	int bits = reader->terms.window_bits[reader->side];

	if (reader->has_zip && reader->terms.has_no_takeover[reader->side])
		return inflateReset(&reader->zip) == Z_OK ? AXEV_OK : axev__nomem(err);
	if (reader->has_zip)
		return AXEV_OK;
	if (inflateInit2(&reader->zip, bits == 8 ? -9 : -bits) != Z_OK)
		return axev__nomem(err);
	reader->has_zip = true;
	return AXEV_OK;
}

/* *flaw is set when the input is no deflate stream, or gives too much. */
static int inflate_some(struct axev__websocket *reader, struct axev__span input, const char **flaw,
			axev_error *err)
{
	uint8_t out[16384];
	int status;

	reader->zip.next_in = (Bytef *)(uintptr_t)input.data;
	reader->zip.avail_in = (uInt)input.size;
	do {
		reader->zip.next_out = out;
		reader->zip.avail_out = sizeof(out);
		status = inflate(&reader->zip, Z_SYNC_FLUSH);
		if (status == Z_MEM_ERROR)
			return axev__nomem(err);
		if (sizeof(out) - reader->zip.avail_out > reader->inflated.max - reader->inflated.size) {
			*flaw = "inflates to more than is read";
			return AXEV_OK;
		}
		TRY(axev__buf_append(&reader->inflated, out, sizeof(out) - reader->zip.avail_out, err));
		/* RFC 7692 7.2.3.5: a block with BFINAL ends a stream, and another may follow. */
		if (status == Z_STREAM_END && inflateReset(&reader->zip) != Z_OK)
			return axev__nomem(err);
		if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
			*flaw = "is no deflate data";
	} while (!*flaw && (reader->zip.avail_in || reader->zip.avail_out == 0) && status != Z_BUF_ERROR);
	return AXEV_OK;
}

/* RFC 7692 7.2.2: four bytes that the sender took away are put back. */
static int inflate_message(struct axev__websocket *reader, struct axev__websocket_message *message,
			   axev_error *err)
{
	static const uint8_t tail[] = { 0x00, 0x00, 0xFF, 0xFF };

	if (reader->is_zip_lost) {
		message->flaw = "cannot be inflated, as one before it could not";
		return AXEV_OK;
	}
	TRY(start_zip(reader, err));
	axev__buf_clear(&reader->inflated);
	TRY(inflate_some(reader, message->payload, &message->flaw, err));
	if (!message->flaw)
		TRY(inflate_some(reader, axev__span(tail, sizeof(tail)), &message->flaw, err));
	if (!message->flaw)
		message->content = axev__buf_view(&reader->inflated);
	else if (reader->terms.has_no_takeover[reader->side])
		return inflateReset(&reader->zip) == Z_OK ? AXEV_OK : axev__nomem(err);
	else
		reader->is_zip_lost = true;
	return AXEV_OK;
}

/* ---- messages ---- */

/* RFC 6455 5.5.1, 7.4: a code of two bytes, then a reason. */
static const char *close_flaw(struct axev__span payload)
{
	uint16_t code;

	if (payload.size == 0)
		return NULL;
	if (payload.size == 1)
		return "is a close frame of one byte";
	code = axev__get_u16be(payload.data);
	if (code < 1000 || code > 4999 || (code >= 1004 && code <= 1006) || (code >= 1015 && code < 3000))
		return "has a close code that no side may send";
	return axev__is_utf8(axev__span(payload.data + 2, payload.size - 2)) ?
		       NULL :
		       "has a close reason that is not UTF-8";
}

static void take_control(struct axev__websocket *reader, const struct frame *frame,
			 struct axev__websocket_message *message)
{
	unmask(frame, reader->control);
	message->opcode = frame->opcode;
	message->offset = frame->offset;
	message->end_offset = frame->end_offset;
	message->frames = 1;
	message->payload = message->content = axev__span(reader->control, frame->payload.size);
	if (frame->opcode == AXEV__WEBSOCKET_CLOSE)
		message->flaw = close_flaw(message->payload);
}

static int take_data(struct axev__websocket *reader, const struct frame *frame, axev_error *err)
{
	struct axev__websocket_message *data = &reader->data;

	if (data->frames == 0) {
		axev__buf_clear(&reader->payload);
		*data = (struct axev__websocket_message){ .opcode = frame->opcode,
							  .offset = frame->offset,
							  .is_compressed = frame->is_compressed };
	}
	TRY(axev__buf_reserve(&reader->payload, frame->payload.size, err));
	unmask(frame, reader->payload.data + reader->payload.size);
	reader->payload.size += frame->payload.size;
	data->frames++;
	data->end_offset = frame->end_offset;
	return AXEV_OK;
}

static int finish_data(struct axev__websocket *reader, bool is_unfinished,
		       struct axev__websocket_message *message, axev_error *err)
{
	*message = reader->data;
	reader->data.frames = 0;
	message->is_unfinished = is_unfinished;
	message->payload = message->content = axev__buf_view(&reader->payload);
	if (is_unfinished)
		return AXEV_OK;
	if (message->is_compressed)
		TRY(inflate_message(reader, message, err));
	if (!message->flaw && message->opcode == AXEV__WEBSOCKET_TEXT && !axev__is_utf8(message->content))
		message->flaw = "is a text that is not UTF-8";
	return AXEV_OK;
}

static int next_frames(struct axev__websocket *reader, struct axev__websocket_message *message, axev_error *err)
{
	struct frame frame;
	bool is_there;

	do {
		TRY(read_frame(reader, &frame, &is_there, err));
		reader->has_ended = !is_there;
		if (!is_there)
			return reader->data.frames ? finish_data(reader, true, message, err) : AXEV_OK;
		if (frame.opcode >= AXEV__WEBSOCKET_CLOSE)
			take_control(reader, &frame, message);
		else
			TRY(take_data(reader, &frame, err));
		reader->offset = frame.end_offset;
	} while (frame.opcode < AXEV__WEBSOCKET_CLOSE && !frame.is_final);
	return frame.opcode >= AXEV__WEBSOCKET_CLOSE ? AXEV_OK : finish_data(reader, false, message, err);
}

/* What had come of a message before the bytes went wrong is told first. */
int axev__websocket_next(struct axev__websocket *reader, struct axev__websocket_message *ret_message,
			 bool *ret_found, axev_error *err)
{
	struct axev__websocket_message message = { 0 };
	int status;

	if (!reader->has_failed && !reader->has_ended) {
		status = next_frames(reader, &message, &reader->failure);
		if (status == AXEV_E_NOMEM)
			return axev__nomem(err);
		reader->has_failed = status < 0;
		if (status < 0 && reader->data.frames)
			TRY(finish_data(reader, true, &message, err));
	}
	if (reader->has_failed && message.frames == 0)
		return axev__fail(err, AXEV_E_FORMAT, "%s", reader->failure.message);
	*ret_found = message.frames > 0;
	*ret_message = message;
	return AXEV_OK;
}
