/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP/2 exchanges: the head written in the shape of HTTP/1.1 ("h2-head/1", doc/FORMAT.md) and the DATA
 * joined behind it go into the scratch file, so that each message lies there in one piece.
 */
#include "capture/wire/h2.h"
#include "capture/wire/wire_internal.h"
#include "crypto/digest.h"

struct reading {
	struct axev__wire *wire;
	size_t index;
	struct axev__wire_connection *connection;
	const struct axev__h2 *h2;
	const uint8_t *begins[2]; /* of the bytes of both directions */
	struct axev__wire_walk *walk;
	struct axev__hasher *hasher;
};

static int put_piece(void *of, struct axev__span piece, axev_error *err)
{
	const struct reading *reading = of;

	TRY(axev__hasher_update(reading->hasher, piece.data, piece.size, err));
	TRY(axev__wire_put(reading->wire, piece, err));
	axev__wire_walked(reading->walk, piece.size);
	return AXEV_OK;
}

/* The digest is over the body. */
static int put_message(struct reading *reading, const struct axev__buf *head, const struct axev__h2_message *from,
		       struct axev__wire_message *message, uint8_t ret_sha256[32], axev_error *err)
{
	struct axev__digests digests;

	message->spool_offset = reading->wire->spool_bytes;
	message->head_bytes = head->size;
	message->body_bytes = from->body_bytes;
	TRY(axev__wire_put(reading->wire, axev__buf_view(head), err));
	TRY(axev__h2_body_each(reading->h2, from, put_piece, reading, err));
	TRY(axev__hasher_final(reading->hasher, &digests, err));
	memcpy(ret_sha256, digests.sha256, sizeof(digests.sha256));
	return AXEV_OK;
}

static int64_t time_at(const struct axev__wire_stream *stream, const struct axev__h2_fields *head)
{
	return head ? axev__wire_extent_at(stream, head->offset)->time_ns : 0;
}

static int note(const struct reading *reading, const struct axev__h2_exchange *from,
		bool is_rendered, const char *text, axev_error *err)
{
	struct axev__wire_flaw *flaw;

	TRY(AXEV__WIRE_ADD(reading->wire, &reading->connection->flaws, err));
	flaw = AXEV__WIRE_LAST(&reading->connection->flaws);
	flaw->stream = from->stream;
	flaw->is_rendered = is_rendered;
	return axev__wire_keep(reading->wire, axev__span_str(text), &flaw->text, err);
}

static int make_url(const struct reading *reading, const struct axev__h2_exchange *from,
		    char **ret_url, axev_error *err)
{
	AXEV__BUF url = AXEV__BUF_INIT(AXEV__MAX_WIRE_URL);

	TRY(axev__wire_put_url(&url, from->scheme, err));
	TRY(axev__buf_str(&url, "://", err));
	TRY(axev__wire_put_url(&url,
			       axev__wire_without_port(from->authority,
						       axev__span_is(from->scheme, "https")),
			       err));
	TRY(axev__wire_put_url(&url, from->path, err));
	return axev__wire_keep(reading->wire, axev__buf_view(&url), ret_url, err);
}

static int fill(const struct reading *reading, const struct axev__h2_exchange *from,
		struct axev__wire_exchange *exchange, axev_error *err)
{
	struct axev__wire *wire = reading->wire;
	struct axev__wire_stream *streams = reading->connection->streams;
	struct axev__span type = axev__span("", 0);

	exchange->connection = reading->index;
	exchange->protocol = "h2";
	exchange->order = axev__wire_order(&streams[AXEV__WIRE_SENT], from->request.head->offset);
	exchange->sent.time_ns = time_at(&streams[AXEV__WIRE_SENT], from->request.head);
	exchange->received.time_ns = time_at(&streams[AXEV__WIRE_RECEIVED], from->response.head);
	exchange->status = from->status;
	exchange->payload_bytes = from->response.body_bytes;
	TRY(make_url(reading, from, &exchange->url, err));
	TRY(axev__wire_keep(wire, from->method, &exchange->method, err));
	exchange->request = axev__wire_hop_of(wire, reading->connection, exchange->method,
					      exchange->url);
	if (!from->request.is_complete || !from->response.is_complete || !from->response.head)
		exchange->truncated = axev__wire_truncation(wire, reading->connection, exchange->request,
							    from->response.is_reset);
	if (from->response.head)
		axev__h2_field(from->response.head, "content-type", &type);
	return axev__wire_keep_media_type(wire, type, &exchange->media_type, err);
}

/* A tunnel, a push, or what the format has no line for: told, and not among the exchanges. */
static int leave_out(const struct reading *reading, const struct axev__h2_exchange *from,
		     const char *why, axev_error *err)
{
	struct axev__wire_stream *streams = reading->connection->streams;

	streams[AXEV__WIRE_SENT].unread_bytes += from->request.body_bytes;
	streams[AXEV__WIRE_RECEIVED].unread_bytes += from->response.body_bytes;
	return note(reading, from, false, why, err);
}

static const char *reason_to_leave_out(const struct axev__h2_exchange *from)
{
	if (from->use == AXEV__H2_TUNNEL)
		return "a tunnel";
	if (from->is_pushed)
		return "pushed by the server";
	if (from->use == AXEV__H2_MALFORMED || !from->request.head)
		return from->flaw ? from->flaw : "the request has no head";
	return NULL;
}

/* AXEV_E_FORMAT: there is no rendering. */
static int render(const struct axev__h2_exchange *from, struct axev__buf *request,
		  struct axev__buf *response, axev_error *err)
{
	TRY(axev__h2_request_head(from, request, err));
	return from->response.head ? axev__h2_response_head(from->response.head, response, err) :
				     AXEV_OK;
}

static int add_exchange(struct reading *reading, const struct axev__h2_exchange *from,
			const struct axev__buf *request, const struct axev__buf *response,
			axev_error *err)
{
	struct axev__wire_exchange *exchange;
	uint8_t sent_sha256[32];

	TRY(AXEV__WIRE_ADD(reading->wire, &reading->wire->exchanges, err));
	exchange = AXEV__WIRE_LAST(&reading->wire->exchanges);
	TRY(put_message(reading, request, &from->request, &exchange->sent, sent_sha256, err));
	TRY(put_message(reading, response, &from->response, &exchange->received, exchange->payload_sha256, err));
	TRY(fill(reading, from, exchange, err));
	reading->connection->exchanges++;
	reading->connection->interim_answers += from->interim_count;
	if (from->flaw)
		TRY(note(reading, from, true, from->flaw, err));
	if (from->request.trailers || from->response.trailers)
		TRY(note(reading, from, true, "its trailers are not in the rendering", err));
	return AXEV_OK;
}

static int read_exchange(struct reading *reading, const struct axev__h2_exchange *from,
			 axev_error *err)
{
	AXEV__BUF request = AXEV__BUF_INIT(AXEV__MAX_WIRE_H2_HEAD);
	AXEV__BUF response = AXEV__BUF_INIT(AXEV__MAX_WIRE_H2_HEAD);
	const char *why = reason_to_leave_out(from);
	axev_error reason = AXEV_ERROR_INIT;
	bool is_kept = false;
	int status;

	if (from->use == AXEV__H2_TUNNEL)
		TRY(axev__wire_keep_tunnel(reading->wire, reading->index, reading->h2, from, reading->begins,
					   &is_kept, err));
	if (is_kept)
		return note(reading, from, false, "a web socket, which is kept beside", err);
	if (why)
		return leave_out(reading, from, why, err);
	status = render(from, &request, &response, &reason);
	if (status == AXEV_E_NOMEM)
		return axev__nomem(err);
	if (status < 0)
		return leave_out(reading, from, reason.message, err);
	return add_exchange(reading, from, &request, &response, err);
}

static int note_reading(struct axev__wire *wire, struct axev__wire_stream *stream,
			const struct axev__h2_reading *reading, axev_error *err)
{
	stream->unread_bytes += stream->kept_bytes - reading->offset;
	if (reading->status == AXEV_OK)
		return AXEV_OK;
	return axev__wire_keep(wire, axev__span_str(reading->why), &stream->why, err);
}

int axev__wire_read_h2(struct axev__wire *wire, size_t index, struct axev__span sent,
		       struct axev__span received, struct axev__wire_walk *walk, axev_error *err)
{
	struct axev__wire_connection *connection = &wire->connections.items[index];
	const struct axev__h2_walk steps = { axev__wire_walked, walk };
	struct reading reading = { .wire = wire,
				   .index = index,
				   .connection = connection,
				   .begins = { sent.data, received.data },
				   .walk = walk };
	AXEV__HASHER *hasher = NULL;
	AXEV__H2 *h2 = NULL;
	size_t i;

	TRY(axev__hasher_new(AXEV__DIGEST_SHA256, &hasher, err));
	TRY(axev__h2_read_mapped(sent, received, &steps, &h2, err));
	reading.h2 = h2;
	reading.hasher = hasher;
	TRY(note_reading(wire, &connection->streams[AXEV__WIRE_SENT], axev__h2_sent(h2), err));
	TRY(note_reading(wire, &connection->streams[AXEV__WIRE_RECEIVED], axev__h2_received(h2),
			 err));
	for (i = 0; i < axev__h2_count(h2); i++)
		TRY(read_exchange(&reading, axev__h2_at(h2, i), err));
	return AXEV_OK;
}
