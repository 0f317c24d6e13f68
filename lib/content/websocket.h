/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages of a WebSocket (RFC 6455) out of the bytes that one side sent behind the handshake. Strict: where the bytes
 * are not what the RFC lets a side send, reading ends with the offset and the reason, and what was read before stays.
 */
#ifndef AXEV_CONTENT_WEBSOCKET_H
#define AXEV_CONTENT_WEBSOCKET_H

#include "base/buf.h"

enum axev__websocket_side {
	AXEV__WEBSOCKET_CLIENT, /* its frames are masked, those of the server are not (5.1) */
	AXEV__WEBSOCKET_SERVER
};

enum axev__websocket_opcode {
	AXEV__WEBSOCKET_CONTINUATION = 0x0,
	AXEV__WEBSOCKET_TEXT = 0x1,
	AXEV__WEBSOCKET_BINARY = 0x2,
	AXEV__WEBSOCKET_CLOSE = 0x8,
	AXEV__WEBSOCKET_PING = 0x9,
	AXEV__WEBSOCKET_PONG = 0xA
};

/* What both sides agreed on: permessage-deflate (RFC 7692) or nothing. */
struct axev__websocket_terms {
	bool is_deflate;
	bool has_no_takeover[2]; /* by side: each message is compressed on its own */
	int window_bits[2];
};

/* @extensions: value of Sec-WebSocket-Extensions in the server's answer; empty: none were agreed on. */
int axev__websocket_terms(struct axev__span extensions, struct axev__websocket_terms *ret_terms,
			  axev_error *err);

/* A message or a control frame. Everything is lent until the next call. */
struct axev__websocket_message {
	enum axev__websocket_opcode opcode; /* of its first frame */
	uint64_t offset, end_offset;        /* of its first frame; behind its last */
	uint32_t frames;
	bool is_unfinished;         /* the bytes end, and its last frame is not there */
	bool is_compressed;
	struct axev__span payload;  /* of all its frames, unmasked */
	struct axev__span content;  /* the same, inflated; the payload when it is not compressed or cannot be */
	const char *flaw;           /* NULL: none. The frames are right, what they carry is not */
};

struct axev__websocket;

/* @bytes must outlive the reader. */
int axev__websocket_new(struct axev__span bytes, enum axev__websocket_side side,
			const struct axev__websocket_terms *terms, struct axev__websocket **ret_reader,
			axev_error *err);
void axev__websocket_free(struct axev__websocket *reader);
static inline void axev__websocket_freep(struct axev__websocket **reader)
{
	axev__websocket_free(*reader);
}
#define AXEV__WEBSOCKET AXEV__CLEANUP(axev__websocket_freep) struct axev__websocket

/*
 * The next message, in the order in which they end. *ret_found false: no more whole frame is there. AXEV_E_FORMAT: what
 * follows cannot be read.
 */
int axev__websocket_next(struct axev__websocket *reader, struct axev__websocket_message *ret_message,
			 bool *ret_found, axev_error *err);

/* Behind the last whole frame that was read. */
uint64_t axev__websocket_offset(const struct axev__websocket *reader);

#endif
