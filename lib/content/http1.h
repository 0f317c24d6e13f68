/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP/1.x messages out of the bytes of a connection. Finds where each begins and ends (RFC 9112
 * section 6) and lends views; never rewrites a byte and never removes a content coding.
 */
#ifndef AXEV_CONTENT_HTTP1_H
#define AXEV_CONTENT_HTTP1_H

#include "base/buf.h"

#define AXEV__MAX_HTTP1_HEAD_BYTES ((size_t)256 * 1024)

struct axev__http1_message {
	struct axev__span head;   /* start line to the empty line, both included */
	struct axev__span framed; /* the body as sent, chunk framing included */
	struct axev__span method, target; /* of a request */
	uint32_t status;          /* of a response, else 0 */
	bool is_chunked;
	bool is_interim;          /* 1xx: another response to the same request follows */
	bool is_complete;         /* false: the bytes end before the message does */
	size_t size_bytes;        /* head and framed body together */
};

/*
 * Takes the body with its transfer coding removed and its content coding kept, piece by piece, as
 * views of the stream: a message of any size costs no memory.
 */
struct axev__http1_payload {
	int (*take)(void *context, struct axev__span piece, axev_error *err);
	void *context;
};

/*
 * The message at the start of @stream; its body goes into @payload (NULL: nowhere). A message cut
 * short is no error: is_complete tells.
 */
int axev__http1_request(struct axev__span stream, struct axev__http1_message *ret_message,
			const struct axev__http1_payload *payload, axev_error *err);

/*
 * @to_head: answers a HEAD request, or grants a CONNECT: no body, whatever the fields say. @is_closed: the
 * peer ended the connection behind @stream.
 */
int axev__http1_response(struct axev__span stream, bool to_head, bool is_closed,
			 struct axev__http1_message *ret_message,
			 const struct axev__http1_payload *payload, axev_error *err);

/* The head at the start of @stream, if its empty line is there. */
int axev__http1_head(struct axev__span stream, struct axev__span *ret_head, bool *ret_found,
		     axev_error *err);

/* First field of this name (ASCII case ignored), without white space around it. */
bool axev__http1_field(struct axev__span head, const char *name, struct axev__span *ret_value);

#endif
