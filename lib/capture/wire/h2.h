/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP/2 exchanges out of the plain bytes of one connection (RFC 9113), as an observer who has both
 * directions. Bodies are never copied: they are lists of views into the bytes given. What cannot be
 * read is reported with its offset, and what was read before stays. A field name or value of more
 * than 64 KiB cannot be read.
 */
#ifndef AXEV_CAPTURE_H2_H
#define AXEV_CAPTURE_H2_H

#include "base/buf.h"
#include "base/limits.h"

struct axev__h2;

struct axev__h2_field {
	struct axev__span name, value; /* exact bytes as HPACK carried them */
};

/* One field section in the order sent, duplicates and pseudo fields included. */
struct axev__h2_fields {
	uint64_t offset;     /* of its HEADERS or PUSH_PROMISE */
	uint64_t end_offset; /* behind the last CONTINUATION */
	size_t count;
	const struct axev__h2_field *list;
};

/* What one peer sent on one stream. Offsets are into that peer's bytes. */
struct axev__h2_message {
	const struct axev__h2_fields *head;     /* NULL: did not arrive whole */
	const struct axev__h2_fields *trailers; /* NULL: none */
	uint64_t body_bytes;                    /* DATA without padding */
	size_t piece_count;                     /* DATA frames that carry something */
	uint64_t end_offset;  /* behind the last frame that belongs to it; 0 without any */
	bool is_complete;     /* END_STREAM arrived */
	bool is_reset;        /* RST_STREAM arrived, */
	uint32_t reset_code;  /* with this code, */
	uint64_t reset_offset; /* here */
	bool is_over_limit;   /* fields were not kept: more than limits.h allows */
	size_t first_piece, last_piece; /* for axev__h2_body_each() alone */
};

enum axev__h2_use {
	AXEV__H2_HTTP,
	AXEV__H2_TUNNEL,   /* CONNECT, plain or extended (RFC 8441, WebSocket): no HTTP body */
	AXEV__H2_MALFORMED /* the request has no head, or none as in RFC 9113 8.3.1; flaw tells */
};

/* One stream. Everything is lent by the struct axev__h2; spans without data were not sent. */
struct axev__h2_exchange {
	uint32_t stream;
	bool is_pushed; /* promised: request.head, request.end_offset are in the received bytes */
	enum axev__h2_use use;
	const char *flaw;    /* not kept, or not as in RFC 9113 8; NULL: nothing found */
	struct axev__span method, scheme, authority, path, protocol; /* :method ... :protocol */
	uint32_t status;     /* of response.head; 0: none, or no three digits */
	struct axev__h2_message request, response;
	size_t interim_count; /* 1xx heads before response.head */
	const struct axev__h2_fields *const *interim;
};

/* How far one direction could be read. */
struct axev__h2_reading {
	int status;          /* AXEV_OK; AXEV_E_FORMAT or AXEV_E_LIMIT: not beyond offset */
	uint64_t offset;     /* first byte not read as a whole frame; the size when all was read */
	const char *why;     /* one line; "" when status is AXEV_OK */
	uint64_t stray_frames; /* HEADERS, DATA where none may stand: read over, put aside */
	bool is_goaway;      /* GOAWAY arrived, */
	uint32_t goaway_last_stream, goaway_code; /* the newest of them */
	uint64_t goaway_offset;
};

/* Does the client's side of a connection begin like HTTP/2 (RFC 9113 3.4)? */
bool axev__h2_is(struct axev__span sent);

/*
 * Reads both directions, each from its first byte. They must outlive @ret_h2; either may end
 * anywhere: when it ends inside of a frame, status is AXEV_OK and offset below the size. Fails only
 * with AXEV_E_NOMEM.
 */
int axev__h2_read(struct axev__span sent, struct axev__span received, struct axev__h2 **ret_h2,
		  axev_error *err);

/* The same, telling how far it walks: for bytes that are mapped, of which not all should be in memory at once. */
struct axev__h2_walk {
	void (*walked)(void *payload, size_t bytes);
	void *payload;
};
int axev__h2_read_mapped(struct axev__span sent, struct axev__span received, const struct axev__h2_walk *walk,
			 struct axev__h2 **ret_h2, axev_error *err);
void axev__h2_free(struct axev__h2 *h2);
static inline void axev__h2_freep(struct axev__h2 **h2)
{
	axev__h2_free(*h2);
}
#define AXEV__H2 AXEV__CLEANUP(axev__h2_freep) struct axev__h2

const struct axev__h2_reading *axev__h2_sent(const struct axev__h2 *h2);
const struct axev__h2_reading *axev__h2_received(const struct axev__h2 *h2);

/* Requests of the client in the order sent, then those of pushes in the order of their numbers. */
size_t axev__h2_count(const struct axev__h2 *h2);
const struct axev__h2_exchange *axev__h2_at(const struct axev__h2 *h2, size_t index);

/* First field of this lower-case name. */
bool axev__h2_field(const struct axev__h2_fields *fields, const char *name,
		    struct axev__span *ret_value);

/* The body, piece by piece, in order; @message is of an exchange of @h2. */
typedef int (*axev__h2_piece_fn)(void *payload, struct axev__span piece, axev_error *err);
int axev__h2_body_each(const struct axev__h2 *h2, const struct axev__h2_message *message,
		       axev__h2_piece_fn each, void *payload, axev_error *err);
int axev__h2_body_sha256(const struct axev__h2 *h2, const struct axev__h2_message *message,
			 uint8_t ret_sha256[32], axev_error *err);

/*
 * Heads in the shape of HTTP/1.1, transformation "h2-head/1" (doc/FORMAT.md). AXEV_E_FORMAT, and
 * nothing appended, when a field cannot stand on a line of its own as it is. @response is a final or
 * interim head.
 */
int axev__h2_request_head(const struct axev__h2_exchange *exchange, struct axev__buf *out,
			  axev_error *err);
int axev__h2_response_head(const struct axev__h2_fields *response, struct axev__buf *out,
			   axev_error *err);

#endif
