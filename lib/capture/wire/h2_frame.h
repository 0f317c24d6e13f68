/* SPDX-License-Identifier: Apache-2.0 */
/* HTTP/2 frames in the bytes of one direction (RFC 9113 section 4 and 6). Knows no stream and no
 * field. */
#ifndef AXEV_CAPTURE_H2_FRAME_H
#define AXEV_CAPTURE_H2_FRAME_H

#include "base/error.h"
#include "base/span.h"

/* RFC 9113 section 6, and RFC 9113 4.2 for sizes */
enum {
	AXEV__H2_DATA = 0x0,
	AXEV__H2_HEADERS = 0x1,
	AXEV__H2_PRIORITY = 0x2,
	AXEV__H2_RST_STREAM = 0x3,
	AXEV__H2_SETTINGS = 0x4,
	AXEV__H2_PUSH_PROMISE = 0x5,
	AXEV__H2_PING = 0x6,
	AXEV__H2_GOAWAY = 0x7,
	AXEV__H2_WINDOW_UPDATE = 0x8,
	AXEV__H2_CONTINUATION = 0x9,

	AXEV__H2_FLAG_ACK = 0x1,
	AXEV__H2_FLAG_END_STREAM = 0x1,
	AXEV__H2_FLAG_END_HEADERS = 0x4,
	AXEV__H2_FLAG_PADDED = 0x8,
	AXEV__H2_FLAG_PRIORITY = 0x20,

	AXEV__H2_SETTING_TABLE_SIZE = 0x1,
	AXEV__H2_SETTING_MAX_FRAME_SIZE = 0x5,

	AXEV__H2_FRAME_HEADER_BYTES = 9,
	AXEV__H2_MIN_MAX_FRAME_BYTES = 1 << 14,
	AXEV__H2_DEFAULT_TABLE_BYTES = 4096 /* RFC 9113 6.5.2 */
};

struct axev__h2_frame {
	uint8_t type, flags;
	uint32_t stream;
	uint32_t size;		     /* of the payload, as stated */
	uint64_t offset, end_offset; /* of its header; behind what is there of it */
	struct axev__span payload;   /* what is there of it */
	bool is_cut;		     /* the bytes end before the frame does */
};

/* The frame at @offset; false: not even its header is there. */
bool axev__h2_frame_at(struct axev__span bytes, uint64_t offset, struct axev__h2_frame *ret_frame);

/* Sizes and stream numbers as section 6 demands them for each type that it knows. */
int axev__h2_frame_check(const struct axev__h2_frame *frame, uint32_t max_size, axev_error *err);

/* What DATA, HEADERS and PUSH_PROMISE carry, without padding and without @fixed bytes at its start.
 */
int axev__h2_frame_content(const struct axev__h2_frame *frame, size_t fixed,
			   struct axev__span *ret_content, axev_error *err);

#endif
