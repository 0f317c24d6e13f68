/* SPDX-License-Identifier: Apache-2.0 */
/*
 * WebSockets: what went over a connection behind an answer 101 (RFC 6455), or in the tunnel of an extended CONNECT
 * (RFC 8441). The bytes are kept as they are, and the messages are read out of them.
 */
#include "base/limits.h"
#include "base/text.h"
#include "capture/wire/h2.h"
#include "capture/wire/wire_internal.h"
#include "content/http1.h"
#include "content/websocket_index.h"

static int add(struct axev__wire *wire, size_t connection, struct axev__wire_socket **ret_socket, axev_error *err)
{
	TRY(AXEV__WIRE_ADD(wire, &wire->sockets, err));
	*ret_socket = AXEV__WIRE_LAST(&wire->sockets);
	(*ret_socket)->connection = connection;
	(*ret_socket)->request = AXEV__WIRE_NONE;
	return AXEV_OK;
}

/* Byte @offset of what is kept came at this time, and at this place among all bytes of the log. */
static int mark(struct axev__wire *wire, struct axev__wire_socket_side *side, uint64_t offset,
		const struct axev__wire_stream *stream, uint64_t stream_offset, axev_error *err)
{
	struct axev__wire_mark *mark;

	TRY(AXEV__WIRE_ADD(wire, &side->marks, err));
	mark = AXEV__WIRE_LAST(&side->marks);
	mark->offset = offset;
	mark->order = axev__wire_order(stream, stream_offset);
	mark->time_ns = axev__wire_extent_at(stream, stream_offset)->time_ns;
	return AXEV_OK;
}

static int keep_field(struct axev__wire *wire, struct axev__span value, char **ret_text, axev_error *err)
{
	AXEV__BUF shown = AXEV__BUF_INIT(AXEV__MAX_WIRE_H2_HEAD * 8);

	/* What is no UTF-8 is no extension and no protocol that anybody knows: shown, never used as it is. */
	if (axev__is_utf8(value))
		return axev__wire_keep(wire, value, ret_text, err);
	TRY(axev__escape(&shown, value, err));
	return axev__wire_keep(wire, axev__buf_view(&shown), ret_text, err);
}

/* ---- HTTP/1.1 ---- */

/* All of @stream from @begin on, as far as it is kept; the rest is called unread there. */
static int keep_rest(struct axev__wire *wire, const struct axev__wire_stream *stream, uint64_t begin,
		     struct axev__wire_socket_side *side, axev_error *err)
{
	uint64_t left = stream->kept_bytes - begin;
	size_t i;

	side->spool_offset = stream->spool_offset + begin;
	side->bytes = left < AXEV__MAX_WEBSOCKET_BYTES ? left : AXEV__MAX_WEBSOCKET_BYTES;
	side->dropped_bytes = stream->dropped_bytes + (left - side->bytes);
	if (side->bytes == 0)
		return AXEV_OK;
	TRY(mark(wire, side, 0, stream, begin, err));
	for (i = 0; i < stream->extents.count; i++) {
		uint64_t at = stream->extents.items[i].stream_offset;

		if (at > begin && at - begin < side->bytes)
			TRY(mark(wire, side, at - begin, stream, at, err));
	}
	return AXEV_OK;
}

int axev__wire_keep_socket(struct axev__wire *wire, size_t index, const struct axev__wire_exchange *exchange,
			   struct axev__span head, const uint64_t begins[2], uint64_t ret_kept[2],
			   axev_error *err)
{
	const struct axev__wire_stream *streams = wire->connections.items[index].streams;
	struct axev__span extensions = axev__span("", 0), protocol;
	struct axev__wire_socket *socket;
	unsigned i;

	ret_kept[0] = ret_kept[1] = 0;
	if (wire->sockets.count == AXEV__MAX_WEBSOCKETS)
		return AXEV_OK;
	TRY(add(wire, index, &socket, err));
	TRY(axev__wire_keep(wire, axev__span_str(exchange->url), &socket->url, err));
	axev__http1_field(head, "sec-websocket-extensions", &extensions);
	TRY(keep_field(wire, extensions, &socket->extensions, err));
	if (axev__http1_field(head, "sec-websocket-protocol", &protocol))
		TRY(keep_field(wire, protocol, &socket->subprotocol, err));
	for (i = 0; i < 2; i++) {
		TRY(keep_rest(wire, &streams[i], begins[i], &socket->sides[i], err));
		ret_kept[i] = socket->sides[i].bytes;
	}
	socket->request = exchange->request;
	return AXEV_OK;
}

/* ---- HTTP/2 ---- */

struct tunnel {
	struct axev__wire *wire;
	const struct axev__wire_stream *stream;
	const uint8_t *begin; /* of the stream's bytes */
	struct axev__wire_socket_side *side;
};

static int take_piece(void *payload, struct axev__span piece, axev_error *err)
{
	struct tunnel *tunnel = payload;
	struct axev__wire_socket_side *side = tunnel->side;

	if (side->dropped_bytes || piece.size > AXEV__MAX_WEBSOCKET_BYTES - side->bytes) {
		side->dropped_bytes += piece.size;
		return AXEV_OK;
	}
	TRY(mark(tunnel->wire, side, side->bytes, tunnel->stream, (uint64_t)(piece.data - tunnel->begin), err));
	TRY(axev__wire_put(tunnel->wire, piece, err));
	side->bytes += piece.size;
	return AXEV_OK;
}

static int keep_fields(struct axev__wire *wire, const struct axev__h2_fields *fields, char **ret_lines,
		       axev_error *err)
{
	AXEV__BUF lines = AXEV__BUF_INIT(8 * AXEV__MAX_H2_SECTION_BYTES);
	size_t i;

	for (i = 0; i < fields->count; i++) {
		TRY(axev__escape(&lines, fields->list[i].name, err));
		TRY(axev__buf_str(&lines, ": ", err));
		TRY(axev__escape(&lines, fields->list[i].value, err));
		TRY(axev__buf_byte(&lines, '\n', err));
	}
	return axev__wire_keep(wire, axev__buf_view(&lines), ret_lines, err);
}

static int describe_tunnel(struct axev__wire *wire, const struct axev__h2_exchange *from,
			   struct axev__wire_socket *socket, axev_error *err)
{
	AXEV__BUF url = AXEV__BUF_INIT(AXEV__MAX_WIRE_URL);
	struct axev__span extensions = axev__span("", 0), protocol;

	socket->stream = from->stream;
	TRY(axev__wire_put_url(&url, from->scheme, err));
	TRY(axev__buf_str(&url, "://", err));
	TRY(axev__wire_put_url(&url, axev__wire_without_port(from->authority, axev__span_is(from->scheme, "https")),
			       err));
	TRY(axev__wire_put_url(&url, from->path, err));
	TRY(axev__wire_keep(wire, axev__buf_view(&url), &socket->url, err));
	axev__h2_field(from->response.head, "sec-websocket-extensions", &extensions);
	TRY(keep_field(wire, extensions, &socket->extensions, err));
	if (axev__h2_field(from->response.head, "sec-websocket-protocol", &protocol))
		TRY(keep_field(wire, protocol, &socket->subprotocol, err));
	TRY(keep_fields(wire, from->request.head, &socket->fields[AXEV__WIRE_SENT], err));
	return keep_fields(wire, from->response.head, &socket->fields[AXEV__WIRE_RECEIVED], err);
}

int axev__wire_keep_tunnel(struct axev__wire *wire, size_t index, const struct axev__h2 *h2,
			   const struct axev__h2_exchange *from, const uint8_t *const begins[2],
			   bool *ret_is_kept, axev_error *err)
{
	struct axev__wire_connection *connection = &wire->connections.items[index];
	const struct axev__h2_message *messages[2] = { &from->request, &from->response };
	struct axev__wire_socket *socket;
	unsigned i;

	*ret_is_kept = false;
	if (!axev__span_is(from->protocol, "websocket") || !from->response.head || from->status != 200 ||
	    wire->sockets.count == AXEV__MAX_WEBSOCKETS)
		return AXEV_OK;
	TRY(add(wire, index, &socket, err));
	TRY(describe_tunnel(wire, from, socket, err));
	for (i = 0; i < 2; i++) {
		struct tunnel tunnel = { wire, &connection->streams[i], begins[i], &socket->sides[i] };

		socket->sides[i].spool_offset = wire->spool_bytes;
		TRY(axev__h2_body_each(h2, messages[i], take_piece, &tunnel, err));
		connection->streams[i].unread_bytes += socket->sides[i].dropped_bytes;
		/* Of what was lost behind, some may have been this stream's. */
		socket->sides[i].dropped_bytes += connection->streams[i].dropped_bytes;
	}
	socket->request = axev__wire_hop_of(wire, connection, "GET", socket->url);
	*ret_is_kept = true;
	return AXEV_OK;
}

/* ---- the index of its messages ---- */

static const struct axev__wire_mark *mark_at(const struct axev__wire_socket_side *side, uint64_t offset)
{
	size_t low = 0, high = side->marks.count, middle;

	while (high - low > 1) {
		middle = low + (high - low) / 2;
		if (side->marks.items[middle].offset <= offset)
			low = middle;
		else
			high = middle;
	}
	return &side->marks.items[low];
}

/* Place of its last byte in the log. */
static uint64_t order_of(const struct axev__wire_socket_side *side, const struct axev__websocket_message *message)
{
	uint64_t last = message->end_offset - 1;
	const struct axev__wire_mark *found = mark_at(side, last);

	return found->order + (last - found->offset);
}

static int take_next(struct axev__websocket_index *index, const struct axev__wire_socket *socket,
		     bool *ret_goes_on, axev_error *err)
{
	const struct axev__websocket_message *next[2] = { axev__websocket_index_next(index, 0),
							  axev__websocket_index_next(index, 1) };
	unsigned side = !next[0] || (next[1] && order_of(&socket->sides[1], next[1]) <
							order_of(&socket->sides[0], next[0]));
	const struct axev__wire_socket_side *bytes = &socket->sides[side];

	*ret_goes_on = next[side] != NULL;
	if (!next[side])
		return AXEV_OK;
	return axev__websocket_index_take(index, side, mark_at(bytes, next[side]->offset)->time_ns,
					  mark_at(bytes, next[side]->end_offset - 1)->time_ns, err);
}

static int set_lines(axev__json *head, const char *key, const char *lines, axev_error *err)
{
	AXEV__JSON *list = axev__json_new_array();
	const char *end;

	for (; (end = strchr(lines, '\n')); lines = end + 1)
		TRY(axev__json_append(list, axev__json_new_string(axev__span(lines, (size_t)(end - lines))), err));
	return axev__json_set(head, key, axev__steal(list), err);
}

static int make_head(const struct axev__wire_socket *socket, axev__json *head, axev_error *err)
{
	TRY(axev__json_set_u64(head, "connection", socket->connection, err));
	TRY(axev__json_set_str(head, "url", socket->url, err));
	TRY(axev__json_set_str(head, "extensions", socket->extensions, err));
	if (socket->subprotocol)
		TRY(axev__json_set_str(head, "subprotocol", socket->subprotocol, err));
	if (!socket->stream)
		return AXEV_OK;
	TRY(axev__json_set_u64(head, "stream", socket->stream, err));
	TRY(set_lines(head, "request", socket->fields[AXEV__WIRE_SENT], err));
	return set_lines(head, "response", socket->fields[AXEV__WIRE_RECEIVED], err);
}

static int show(const struct axev__wire *wire, const struct axev__wire_socket *socket, axev__socket_fn each,
		void *payload, axev_error *err)
{
	AXEV__WIRE_VIEW sent = { 0 }, received = { 0 };
	AXEV__WEBSOCKET_INDEX *index = NULL;
	AXEV__JSON *head = axev__json_new_object(), *document = NULL;
	const uint64_t dropped_bytes[2] = { socket->sides[0].dropped_bytes, socket->sides[1].dropped_bytes };
	struct axev__socket found = { .request = socket->request, .url = socket->url, .stream = socket->stream };
	bool goes_on = true;

	TRY(axev__wire_view(wire, socket->sides[0].spool_offset, socket->sides[0].bytes, &sent, err));
	TRY(axev__wire_view(wire, socket->sides[1].spool_offset, socket->sides[1].bytes, &received, err));
	TRY(make_head(socket, head, err));
	TRY(axev__websocket_index_new(sent.bytes, received.bytes, axev__span_str(socket->extensions), &index, err));
	while (goes_on)
		TRY(take_next(index, socket, &goes_on, err));
	TRY(axev__websocket_index_end(index, head, dropped_bytes, &document, err));
	found.sent = sent.bytes;
	found.received = received.bytes;
	found.index = document;
	return each(payload, &found, err);
}

int axev__wire_socket_each(const struct axev__wire *wire, axev__socket_fn each, void *payload, axev_error *err)
{
	size_t i;

	if (!wire->is_finished)
		return axev__fail(err, AXEV_E_INVAL, "the network log is still being read");
	for (i = 0; i < wire->sockets.count; i++)
		TRY(show(wire, &wire->sockets.items[i], each, payload, err));
	return AXEV_OK;
}
