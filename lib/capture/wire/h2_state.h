/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the HTTP/2 reader share: streams, their messages, and both directions. */
#ifndef AXEV_CAPTURE_H2_STATE_H
#define AXEV_CAPTURE_H2_STATE_H

#include "capture/wire/h2.h"
#include "capture/wire/h2_frame.h"

struct axev__h2_stream {
	struct axev__h2_exchange exchange;
	const struct axev__h2_fields *interim[AXEV__MAX_H2_INTERIM];
	/* request, response: it arrived, though perhaps over the limit */
	bool has_head[2], has_trailers[2];
};

/* Bounds for what one peer sends, which the other announced in its SETTINGS. */
struct axev__h2_bounds {
	uint32_t frame_bytes;
	/*
	 * Before acknowledgement k the table may be as large as the k-th SETTINGS or any later ones
	 * say: the order across directions is not known, and a table larger than used changes
	 * nothing.
	 */
	uint32_t table_bytes[AXEV__MAX_H2_SETTINGS];
	size_t settings_count, ack_count;
};

struct axev__h2_side {
	struct axev__span bytes;
	bool is_sent;
	bool is_cut;	/* inside of a field section */
	uint64_t begin; /* of the first frame */
	uint64_t next;	/* behind the frame being read and its CONTINUATIONs */
	struct axev__h2_bounds bounds;
	struct axev__h2_reading reading;
	axev_error flaw;
};

struct axev__h2_piece {
	const uint8_t *data;
	uint32_t size;
	uint32_t next; /* number of the next piece of the same body, 0: none; numbers begin at 1 */
};

struct axev__h2 {
	struct axev__h2_side sent, received;
	struct axev__h2_stream **streams; /* odd numbers, then even ones, each ascending */
	size_t count, capacity;
	struct axev__buf pieces;
	size_t fields_bytes;
	const struct axev__h2_walk *walk; /* while it is read; NULL: nobody wants to know */
};

/* A field section while it is being decoded. */
struct axev__h2_section {
	struct axev__buf bytes, sizes;
	size_t count;
	size_t list_bytes; /* RFC 9113 6.5.2 */
	uint32_t status;   /* of the first :status, 0: none */
	bool has_status, is_over_limit;
};
#define AXEV__H2_SECTION_INIT \
	{ \
		AXEV__BUF_INIT(AXEV__MAX_H2_SECTION_BYTES), \
			AXEV__BUF_INIT(AXEV__MAX_H2_SECTION_BYTES) \
	}
void axev__h2_section_free(struct axev__h2_section *section);

/* Over the limit nothing more is kept, and that is remembered; decoding goes on. */
int axev__h2_section_add(struct axev__h2_section *section, struct axev__span name,
			 struct axev__span value, axev_error *err);
/* NULL when over the limit. */
int axev__h2_section_end(struct axev__h2 *h2, struct axev__h2_section *section, uint64_t offset,
			 uint64_t end_offset, const struct axev__h2_fields **ret_fields,
			 axev_error *err);

struct axev__h2_stream *axev__h2_find(const struct axev__h2 *h2, uint32_t number);
int axev__h2_find_or_add(struct axev__h2 *h2, uint32_t number, struct axev__h2_stream **ret_stream,
			 axev_error *err);

/* One frame's part of a message. Takes @section's fields. */
int axev__h2_take_section(struct axev__h2 *h2, struct axev__h2_side *side,
			  const struct axev__h2_frame *frame, struct axev__h2_section *section,
			  axev_error *err);
int axev__h2_take_promise(struct axev__h2 *h2, struct axev__h2_side *side,
			  const struct axev__h2_frame *frame, uint32_t promised,
			  struct axev__h2_section *section, axev_error *err);
int axev__h2_take_data(struct axev__h2 *h2, struct axev__h2_side *side,
		       const struct axev__h2_frame *frame, axev_error *err);
int axev__h2_take_reset(struct axev__h2 *h2, struct axev__h2_side *side,
			const struct axev__h2_frame *frame, axev_error *err);

/* Pseudo fields and what use the stream has, once both directions were read. */
void axev__h2_judge(struct axev__h2_stream *stream);

#endif
