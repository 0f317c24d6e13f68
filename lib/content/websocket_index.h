/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "ax-wire-websocket/1" (doc/FORMAT.md 9.3): the messages of a WebSocket out of the bytes of both sides. What the bytes
 * cannot tell is given: when each message went over the connection, and in which order those of the two sides.
 */
#ifndef AXEV_CONTENT_WEBSOCKET_INDEX_H
#define AXEV_CONTENT_WEBSOCKET_INDEX_H

#include "base/json.h"
#include "content/websocket.h"

struct axev__websocket_index;

/* The bytes must outlive the index. */
int axev__websocket_index_new(struct axev__span client, struct axev__span server,
			      struct axev__span extensions, struct axev__websocket_index **ret_index,
			      axev_error *err);
void axev__websocket_index_free(struct axev__websocket_index *index);
static inline void axev__websocket_index_freep(struct axev__websocket_index **index)
{
	axev__websocket_index_free(*index);
}
#define AXEV__WEBSOCKET_INDEX AXEV__CLEANUP(axev__websocket_index_freep) struct axev__websocket_index

/* The next message of @side; NULL: there is none. Lent until it is taken. */
const struct axev__websocket_message *axev__websocket_index_next(const struct axev__websocket_index *index,
								 enum axev__websocket_side side);

/* It is the next one of both. Afterwards the next of @side is read. */
int axev__websocket_index_take(struct axev__websocket_index *index, enum axev__websocket_side side,
			       int64_t began_ns, int64_t ended_ns, axev_error *err);

/*
 * The document. @head: its members that are not out of the bytes, as `connection` and `url`; @dropped_bytes: those of
 * each side that were not kept.
 */
int axev__websocket_index_end(struct axev__websocket_index *index, const axev__json *head,
			      const uint64_t dropped_bytes[2], axev__json **ret_document, axev_error *err);

/*
 * Is @document what these bytes give, with the order, the times and the given members that it states itself? A
 * difference is AXEV_E_INVALID.
 */
int axev__websocket_index_check(struct axev__span document, struct axev__span client,
				struct axev__span server, uint64_t *ret_messages, axev_error *err);

#endif
