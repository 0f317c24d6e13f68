/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/wire/h2.h"

#include <nghttp2/nghttp2.h>

#include "capture/wire/h2_state.h"

static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"; /* RFC 9113 3.4 */
#define PREFACE_BYTES (sizeof(preface) - 1)

static void inflater_freep(nghttp2_hd_inflater **inflater)
{
	if (*inflater)
		nghttp2_hd_inflate_del(*inflater);
}
#define INFLATER AXEV__CLEANUP(inflater_freep) nghttp2_hd_inflater

bool axev__h2_is(struct axev__span sent)
{
	return axev__span_starts(sent, preface);
}

static uint32_t larger(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

static void collect_setting(struct axev__h2_bounds *bounds, const uint8_t *setting,
			    uint32_t *table_bytes)
{
	uint32_t value = axev__get_u32be(setting + 2);

	switch (axev__get_u16be(setting)) {
	case AXEV__H2_SETTING_TABLE_SIZE:
		*table_bytes = value < AXEV__MAX_H2_TABLE_BYTES
				       ? value
				       : (uint32_t)AXEV__MAX_H2_TABLE_BYTES;
		break;
	case AXEV__H2_SETTING_MAX_FRAME_SIZE:
		bounds->frame_bytes = larger(bounds->frame_bytes, value);
		break;
	}
}

static void tell_walk(const struct axev__h2_walk *walk, size_t bytes)
{
	if (walk)
		walk->walked(walk->payload, bytes);
}

/* What the sender of @bytes allows to the other side. */
static void collect_bounds(struct axev__span bytes, uint64_t offset, const struct axev__h2_walk *walk,
			   struct axev__h2_bounds *bounds)
{
	uint32_t table_bytes = AXEV__H2_DEFAULT_TABLE_BYTES;
	struct axev__h2_frame frame;
	size_t i;

	bounds->frame_bytes = AXEV__H2_MIN_MAX_FRAME_BYTES;
	for (; axev__h2_frame_at(bytes, offset, &frame) && !frame.is_cut;
	     offset = frame.end_offset) {
		tell_walk(walk, frame.size);
		if (frame.type != AXEV__H2_SETTINGS || frame.stream != 0 ||
		    frame.flags & AXEV__H2_FLAG_ACK)
			continue;
		for (i = 0; i + 6 <= frame.size; i += 6)
			collect_setting(bounds, frame.payload.data + i, &table_bytes);
		if (bounds->settings_count < AXEV__MAX_H2_SETTINGS)
			bounds->table_bytes[bounds->settings_count++] = table_bytes;
		else /* not timed any more */
			bounds->table_bytes[AXEV__MAX_H2_SETTINGS - 1] =
				larger(bounds->table_bytes[AXEV__MAX_H2_SETTINGS - 1], table_bytes);
	}
	for (i = bounds->settings_count; i > 1; i--)
		bounds->table_bytes[i - 2] =
			larger(bounds->table_bytes[i - 2], bounds->table_bytes[i - 1]);
}

static int bound_table(nghttp2_hd_inflater *inflater, uint32_t table_bytes, axev_error *err)
{
	if (nghttp2_hd_inflate_change_table_size(inflater, table_bytes) != 0)
		return axev__nomem(err); /* it knows one other failure, inside of a field section */
	return AXEV_OK;
}

/* RFC 9113 6.5.3: settings count once they are acknowledged. */
static int take_settings(struct axev__h2_bounds *bounds, const struct axev__h2_frame *frame,
			 nghttp2_hd_inflater *inflater, axev_error *err)
{
	if (!(frame->flags & AXEV__H2_FLAG_ACK) || bounds->ack_count >= bounds->settings_count)
		return AXEV_OK;
	return bound_table(inflater, bounds->table_bytes[bounds->ack_count++], err);
}

static int inflate(nghttp2_hd_inflater *inflater, const struct axev__h2_frame *frame,
		   struct axev__span part, struct axev__h2_section *section, axev_error *err)
{
	bool is_last = frame->flags & AXEV__H2_FLAG_END_HEADERS;
	nghttp2_nv field;
	ssize_t used;
	int flags;

	do {
		flags = 0;
		used = nghttp2_hd_inflate_hd2(inflater, &field, &flags, part.data, part.size,
					      is_last);
		if (used == NGHTTP2_ERR_NOMEM)
			return axev__nomem(err);
		if (used < 0)
			return axev__fail_at(
				err, AXEV_E_FORMAT, frame->offset,
				"expected a field section that HPACK decodes, found another");
		part = axev__span(part.data + used, part.size - (size_t)used);
		if (flags & NGHTTP2_HD_INFLATE_EMIT)
			TRY(axev__h2_section_add(section, axev__span(field.name, field.namelen),
						 axev__span(field.value, field.valuelen), err));
	} while (!(flags & NGHTTP2_HD_INFLATE_FINAL) &&
		 (flags & NGHTTP2_HD_INFLATE_EMIT || part.size));
	if (flags & NGHTTP2_HD_INFLATE_FINAL)
		nghttp2_hd_inflate_end_headers(inflater);
	return AXEV_OK;
}

static int expect_continuation(const struct axev__h2_side *side, const struct axev__h2_frame *first,
			       const struct axev__h2_frame *frame, axev_error *err)
{
	TRY(axev__h2_frame_check(frame, side->bounds.frame_bytes, err));
	/* RFC 9113 6.10: no other frame, and no other stream, may come in between. */
	if (frame->type != AXEV__H2_CONTINUATION || frame->stream != first->stream)
		return axev__fail_at(
			err, AXEV_E_FORMAT, frame->offset,
			"expected CONTINUATION on stream %u, found type %u on stream %u",
			first->stream, frame->type, frame->stream);
	return AXEV_OK;
}

/* The field section that begins with @part of @first; it may go on in CONTINUATION. */
static int read_section(struct axev__h2_side *side, nghttp2_hd_inflater *inflater,
			const struct axev__h2_frame *first, struct axev__span part,
			struct axev__h2_section *section, axev_error *err)
{
	struct axev__h2_frame frame = *first;

	TRY(inflate(inflater, &frame, part, section, err));
	while (!(frame.flags & AXEV__H2_FLAG_END_HEADERS)) {
		side->is_cut = !axev__h2_frame_at(side->bytes, side->next, &frame);
		if (side->is_cut)
			return AXEV_OK;
		TRY(expect_continuation(side, first, &frame, err));
		side->is_cut = frame.is_cut;
		if (side->is_cut)
			return AXEV_OK;
		TRY(inflate(inflater, &frame, frame.payload, section, err));
		side->next = frame.end_offset;
	}
	return AXEV_OK;
}

static int take_headers(struct axev__h2 *h2, struct axev__h2_side *side,
			nghttp2_hd_inflater *inflater, const struct axev__h2_frame *frame,
			axev_error *err)
{
	AXEV__CLEANUP(axev__h2_section_free)
	struct axev__h2_section section = AXEV__H2_SECTION_INIT;
	size_t priority_bytes = frame->flags & AXEV__H2_FLAG_PRIORITY ? 5 : 0;
	struct axev__span part;

	TRY(axev__h2_frame_content(frame, priority_bytes, &part, err));
	TRY(read_section(side, inflater, frame, part, &section, err));
	return side->is_cut ? AXEV_OK : axev__h2_take_section(h2, side, frame, &section, err);
}

static int take_push_promise(struct axev__h2 *h2, struct axev__h2_side *side,
			     nghttp2_hd_inflater *inflater, const struct axev__h2_frame *frame,
			     axev_error *err)
{
	AXEV__CLEANUP(axev__h2_section_free)
	struct axev__h2_section section = AXEV__H2_SECTION_INIT;
	struct axev__span part;
	uint32_t promised;

	/* RFC 9113 8.4: a client cannot push, and servers promise even numbers (5.1.1). */
	if (side->is_sent)
		return axev__fail_at(err, AXEV_E_FORMAT, frame->offset,
				     "expected no PUSH_PROMISE from a client, found one");
	TRY(axev__h2_frame_content(frame, 4, &part, err));
	promised = axev__get_u32be(part.data - 4) & 0x7FFFFFFF;
	if (promised == 0 || promised % 2 != 0)
		return axev__fail_at(err, AXEV_E_FORMAT, frame->offset,
				     "expected a promised stream of even number, found %u",
				     promised);
	TRY(read_section(side, inflater, frame, part, &section, err));
	return side->is_cut ? AXEV_OK
			    : axev__h2_take_promise(h2, side, frame, promised, &section, err);
}

static void take_goaway(struct axev__h2_reading *reading, const struct axev__h2_frame *frame)
{
	reading->is_goaway = true;
	reading->goaway_last_stream = axev__get_u32be(frame->payload.data) & 0x7FFFFFFF;
	reading->goaway_code = axev__get_u32be(frame->payload.data + 4);
	reading->goaway_offset = frame->offset;
}

static int take_frame(struct axev__h2 *h2, struct axev__h2_side *side,
		      nghttp2_hd_inflater *inflater, const struct axev__h2_frame *frame,
		      axev_error *err)
{
	switch (frame->type) {
	case AXEV__H2_DATA:
		return axev__h2_take_data(h2, side, frame, err);
	case AXEV__H2_HEADERS:
		return take_headers(h2, side, inflater, frame, err);
	case AXEV__H2_RST_STREAM:
		return axev__h2_take_reset(h2, side, frame, err);
	case AXEV__H2_SETTINGS:
		return take_settings(&side->bounds, frame, inflater, err);
	case AXEV__H2_PUSH_PROMISE:
		return take_push_promise(h2, side, inflater, frame, err);
	case AXEV__H2_GOAWAY:
		take_goaway(&side->reading, frame);
		return AXEV_OK;
	case AXEV__H2_CONTINUATION:
		return axev__fail_at(err, AXEV_E_FORMAT, frame->offset,
				     "expected CONTINUATION behind HEADERS, found it alone");
	}
	return AXEV_OK;
}

static int read_frames(struct axev__h2 *h2, struct axev__h2_side *side,
		       nghttp2_hd_inflater *inflater, axev_error *err)
{
	struct axev__h2_frame frame;

	while (axev__h2_frame_at(side->bytes, side->reading.offset, &frame)) {
		TRY(axev__h2_frame_check(&frame, side->bounds.frame_bytes, err));
		/* RFC 9113 3.4: SETTINGS come first from both; an answer in HTTP/1 is found out
		 * here. */
		if (frame.offset == side->begin && frame.type != AXEV__H2_SETTINGS)
			return axev__fail_at(err, AXEV_E_FORMAT, frame.offset,
					     "expected SETTINGS as the first frame, found type %u",
					     frame.type);
		/* Of DATA cut short the beginning has arrived, of all others nothing that can be
		 * used. */
		if (frame.is_cut && frame.type != AXEV__H2_DATA)
			return AXEV_OK;
		side->next = frame.end_offset;
		TRY(take_frame(h2, side, inflater, &frame, err));
		if (frame.is_cut || side->is_cut)
			return AXEV_OK;
		side->reading.offset = side->next;
		tell_walk(h2->walk, frame.size);
	}
	return AXEV_OK;
}

static int read_preface(struct axev__h2_side *side, axev_error *err)
{
	size_t there = side->bytes.size < PREFACE_BYTES ? side->bytes.size : PREFACE_BYTES;

	if (there && memcmp(side->bytes.data, preface, there) != 0)
		return axev__fail_at(err, AXEV_E_FORMAT, 0,
				     "expected the HTTP/2 connection preface");
	if (there == PREFACE_BYTES)
		side->reading.offset = PREFACE_BYTES;
	else
		side->is_cut = true;
	return AXEV_OK;
}

static int read_bytes(struct axev__h2 *h2, struct axev__h2_side *side, axev_error *err)
{
	INFLATER *inflater = NULL;
	uint32_t table_bytes = AXEV__H2_DEFAULT_TABLE_BYTES;

	if (side->is_sent)
		TRY(read_preface(side, err));
	if (side->is_cut)
		return AXEV_OK;
	side->begin = side->reading.offset;
	if (nghttp2_hd_inflate_new(&inflater) != 0)
		return axev__nomem(err);
	if (side->bounds.settings_count)
		table_bytes = larger(table_bytes, side->bounds.table_bytes[0]);
	TRY(bound_table(inflater, table_bytes, err));
	return read_frames(h2, side, inflater, err);
}

/* Flaws of the bytes become part of the result. */
static int read_side(struct axev__h2 *h2, struct axev__h2_side *side, axev_error *err)
{
	int status = read_bytes(h2, side, &side->flaw);

	side->reading.why = side->flaw.message;
	if (status == AXEV_E_FORMAT || status == AXEV_E_LIMIT)
		side->reading.status = status;
	else if (status < 0 && err)
		*err = side->flaw;
	return side->reading.status == status ? AXEV_OK : status;
}

int axev__h2_read(struct axev__span sent, struct axev__span received, struct axev__h2 **ret_h2,
		  axev_error *err)
{
	return axev__h2_read_mapped(sent, received, NULL, ret_h2, err);
}

int axev__h2_read_mapped(struct axev__span sent, struct axev__span received, const struct axev__h2_walk *walk,
			 struct axev__h2 **ret_h2, axev_error *err)
{
	AXEV__H2 *h2 = calloc(1, sizeof(*h2));
	size_t i;

	if (!h2)
		return axev__nomem(err);
	h2->pieces.max = AXEV__MAX_H2_PIECES * sizeof(struct axev__h2_piece);
	h2->sent.bytes = sent;
	h2->sent.is_sent = true;
	h2->received.bytes = received;
	h2->walk = walk;
	collect_bounds(received, 0, walk, &h2->sent.bounds);
	collect_bounds(sent, PREFACE_BYTES, walk, &h2->received.bounds);
	TRY(read_side(h2, &h2->sent, err));
	TRY(read_side(h2, &h2->received, err));
	for (i = 0; i < h2->count; i++)
		axev__h2_judge(h2->streams[i]);
	h2->walk = NULL;
	*ret_h2 = axev__steal(h2);
	return AXEV_OK;
}
