/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/wire/h2_frame.h"

bool axev__h2_frame_at(struct axev__span bytes, uint64_t offset, struct axev__h2_frame *ret_frame)
{
	struct axev__h2_frame frame = { .offset = offset };
	const uint8_t *header;
	size_t there;

	if (offset > bytes.size || bytes.size - offset < AXEV__H2_FRAME_HEADER_BYTES)
		return false;
	header = bytes.data + offset;
	frame.size = axev__get_u32be(header) >> 8;
	frame.type = header[3];
	frame.flags = header[4];
	/* RFC 9113 4.1: the reserved bit is ignored when receiving. */
	frame.stream = axev__get_u32be(header + 5) & 0x7FFFFFFF;
	there = bytes.size - (size_t)offset - AXEV__H2_FRAME_HEADER_BYTES;
	frame.is_cut = there < frame.size;
	frame.payload =
		axev__span(header + AXEV__H2_FRAME_HEADER_BYTES, frame.is_cut ? there : frame.size);
	frame.end_offset = offset + AXEV__H2_FRAME_HEADER_BYTES + frame.payload.size;
	*ret_frame = frame;
	return true;
}

static const struct kind {
	const char *name;
	enum { ON_STREAM, ON_CONNECTION, ON_EITHER } place;
	int size; /* -1: varies */
} kinds[] = {
	[AXEV__H2_DATA] = { "DATA", ON_STREAM, -1 },
	[AXEV__H2_HEADERS] = { "HEADERS", ON_STREAM, -1 },
	[AXEV__H2_PRIORITY] = { "PRIORITY", ON_STREAM,
				-1 }, /* 6.3: a wrong size ends the stream only */
	[AXEV__H2_RST_STREAM] = { "RST_STREAM", ON_STREAM, 4 },
	[AXEV__H2_SETTINGS] = { "SETTINGS", ON_CONNECTION, -1 },
	[AXEV__H2_PUSH_PROMISE] = { "PUSH_PROMISE", ON_STREAM, -1 },
	[AXEV__H2_PING] = { "PING", ON_CONNECTION, 8 },
	[AXEV__H2_GOAWAY] = { "GOAWAY", ON_CONNECTION, -1 },
	[AXEV__H2_WINDOW_UPDATE] = { "WINDOW_UPDATE", ON_EITHER, 4 },
	[AXEV__H2_CONTINUATION] = { "CONTINUATION", ON_STREAM, -1 },
};

int axev__h2_frame_check(const struct axev__h2_frame *frame, uint32_t max_size, axev_error *err)
{
	const struct kind *kind;

	if (frame->size > max_size)
		return axev__fail_at(err, AXEV_E_FORMAT, frame->offset,
				     "expected a frame of at most %u bytes, found %u", max_size,
				     frame->size);
	if (frame->type >= AXEV__COUNT(kinds))
		return AXEV_OK; /* 4.1: unknown types are ignored */
	kind = &kinds[frame->type];
	if (kind->place == ON_STREAM && frame->stream == 0)
		return axev__fail_at(err, AXEV_E_FORMAT, frame->offset,
				     "expected %s on a stream, found stream 0", kind->name);
	if (kind->place == ON_CONNECTION && frame->stream != 0)
		return axev__fail_at(err, AXEV_E_FORMAT, frame->offset,
				     "expected %s on stream 0, found stream %u", kind->name,
				     frame->stream);
	if (kind->size >= 0 && frame->size != (uint32_t)kind->size)
		return axev__fail_at(err, AXEV_E_FORMAT, frame->offset,
				     "expected %s of %d bytes, found %u", kind->name, kind->size,
				     frame->size);
	if (frame->type == AXEV__H2_GOAWAY && frame->size < 8)
		return axev__fail_at(err, AXEV_E_FORMAT, frame->offset,
				     "expected GOAWAY of 8 bytes or more, found %u", frame->size);
	/* 6.5: with ACK nothing else, without whole settings of 6 bytes */
	if (frame->type == AXEV__H2_SETTINGS &&
	    (frame->flags & AXEV__H2_FLAG_ACK ? frame->size != 0 : frame->size % 6 != 0))
		return axev__fail_at(
			err, AXEV_E_FORMAT, frame->offset,
			"expected SETTINGS of whole settings, or empty with ACK, found %u bytes",
			frame->size);
	return AXEV_OK;
}

int axev__h2_frame_content(const struct axev__h2_frame *frame, size_t fixed,
			   struct axev__span *ret_content, axev_error *err)
{
	size_t begin = fixed, padding = 0, end;

	if (frame->flags & AXEV__H2_FLAG_PADDED) {
		begin++;
		if (frame->payload.size)
			padding = frame->payload.data[0];
	}
	/* 6.1, 6.2, 6.6: padding that does not leave room for the rest is a PROTOCOL_ERROR. */
	if (begin + padding > frame->size)
		return axev__fail_at(err, AXEV_E_FORMAT, frame->offset,
				     "expected padding and fixed parts within %u bytes, found %zu",
				     frame->size, begin + padding);
	end = frame->size - padding;
	if (end > frame->payload.size)
		end = frame->payload.size; /* cut short */
	if (begin > end)
		begin = end;
	*ret_content = axev__span(frame->payload.data + begin, end - begin);
	return AXEV_OK;
}
