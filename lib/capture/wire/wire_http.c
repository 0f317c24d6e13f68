/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/wire/wire_internal.h"

#include <strings.h>

#include "base/io.h"
#include "base/limits.h"
#include "capture/wire/h2.h"
#include "content/http1.h"
#include "crypto/digest.h"

/* Both directions of one connection, and how far they are read. */
struct reading {
	struct axev__wire *wire;
	size_t index;
	struct axev__wire_connection *connection;
	struct axev__span sent, received; /* what is left */
	struct axev__hasher *hasher;
	struct axev__wire_walk *walk;
};

static int hash_piece(void *context, struct axev__span piece, axev_error *err)
{
	struct reading *reading = context;
	size_t part;

	for (; piece.size; piece = axev__span(piece.data + part, piece.size - part)) {
		part = piece.size < AXEV__COPY_CHUNK ? piece.size : AXEV__COPY_CHUNK;
		TRY(axev__hasher_update(reading->hasher, piece.data, part, err));
		axev__wire_walked(reading->walk, part);
	}
	return AXEV_OK;
}

static struct axev__span behind(struct axev__span stream, size_t bytes)
{
	return axev__span(stream.data + bytes, stream.size - bytes);
}

/* ---- URL ---- */

/* Scheme and authority, without the port that the scheme means anyway. */
static int put_origin(const struct axev__wire_connection *connection, struct axev__span head,
		      struct axev__buf *url, axev_error *err)
{
	struct axev__span host;
	const char *origin;

	if (!axev__http1_field(head, "host", &host)) {
		origin = connection->destination ? strstr(connection->destination, "://") : NULL;
		host = axev__span_str(origin	     ? origin + 3 :
				      connection->remote ? connection->remote :
							   "");
	}
	TRY(axev__buf_str(url, connection->tls ? "https://" : "http://", err));
	return axev__wire_put_url(url, axev__wire_without_port(host, connection->tls), err);
}

static bool is_absolute(struct axev__span target)
{
	return target.size > 8 && (strncasecmp((const char *)target.data, "http://", 7) == 0 ||
				   strncasecmp((const char *)target.data, "https://", 8) == 0);
}

/* RFC 9112 3.2: absolute-form (to a proxy) is the URL itself. */
static int make_url(struct reading *reading, const struct axev__http1_message *request,
		    char **ret_url, axev_error *err)
{
	AXEV__BUF url = AXEV__BUF_INIT(AXEV__MAX_WIRE_URL);

	if (!is_absolute(request->target)) {
		TRY(put_origin(reading->connection, request->head, &url, err));
		if (request->target.size == 0 || request->target.data[0] != '/')
			TRY(axev__buf_byte(&url, '/', err));
	}
	TRY(axev__wire_put_url(&url, request->target, err));
	return axev__wire_keep(reading->wire, axev__buf_view(&url), ret_url, err);
}

/* ---- one exchange ---- */

static uint64_t offset_of(const struct reading *reading, enum axev__wire_direction direction)
{
	const struct axev__wire_stream *stream = &reading->connection->streams[direction];

	return stream->kept_bytes -
	       (direction == AXEV__WIRE_SENT ? reading->sent.size : reading->received.size);
}

static void place(const struct reading *reading, enum axev__wire_direction direction,
		  const struct axev__http1_message *from, struct axev__wire_message *message)
{
	const struct axev__wire_stream *stream = &reading->connection->streams[direction];
	uint64_t offset = offset_of(reading, direction);
	const struct axev__wire_extent *extent = axev__wire_extent_at(stream, offset);

	message->spool_offset = stream->spool_offset + offset;
	message->head_bytes = from->head.size;
	message->body_bytes = from->framed.size;
	message->time_ns = extent && offset < stream->kept_bytes ? extent->time_ns : 0;
}

/* RFC 9110 8.3.1: type and subtype are tokens, compared without case. */
int axev__wire_keep_media_type(struct axev__wire *wire, struct axev__span content_type,
			       char **ret_type, axev_error *err)
{
	char type[128];
	size_t i;

	for (i = 0; i < content_type.size && i < sizeof(type); i++) {
		uint8_t c = content_type.data[i];

		if (c == ';' || c == ' ' || c == '\t' || c == ',')
			break;
		if (c < 0x21 || c > 0x7E)
			return axev__wire_keep(wire, axev__span("", 0), ret_type, err);
		type[i] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
	}
	return axev__wire_keep(wire, axev__span(type, i < sizeof(type) ? i : 0), ret_type, err);
}

static const char *version_of(struct axev__span head)
{
	return axev__span_starts(head, "HTTP/1.0") ? "http/1.0" : "http/1.1";
}

/* Times of the log are in milliseconds, and so is what its clock began with. */
#define CLOCK_SLACK_NS INT64_C(20000000)

static bool is_after_stop(const struct axev__wire *wire, int64_t time_ns)
{
	return wire->stopped_ns && (time_ns == 0 || time_ns >= wire->stopped_ns - CLOCK_SLACK_NS);
}

/* The connection failed under the request; a page or we ourselves would have given it up without such an error. */
static bool has_failed(const struct axev__wire *wire, size_t request)
{
	int net_error = request < wire->hops.count ? wire->hops.items[request].facts.net_error : 0;
	const char *name = net_error ? axev__netlog_error_name(wire->log, net_error) : NULL;

	return net_error && !(name && strcmp(name, "ERR_ABORTED") == 0);
}

/*
 * Who ended it? Bytes may have been lost here, because there were too many or because the log could not be read; the other
 * side may have ended the connection or reset the stream; we may have stopped. Else the page or the browser gave it up.
 */
const char *axev__wire_truncation(const struct axev__wire *wire,
				  const struct axev__wire_connection *connection, size_t request, bool is_reset)
{
	const struct axev__wire_stream *received = &connection->streams[AXEV__WIRE_RECEIVED];
	int64_t ended_ns = request < wire->hops.count ? wire->hops.items[request].ended_ns : connection->closed_ns;

	if (connection->streams[0].dropped_bytes || received->dropped_bytes)
		return wire->is_over_limit ? "length" : "unspecified";
	if (is_reset || (received->fin_ns && !is_after_stop(wire, received->fin_ns)) || has_failed(wire, request))
		return "disconnect";
	return is_after_stop(wire, ended_ns) ? wire->stop_reason : "unspecified";
}

/*
 * The final answer; those before it (1xx) are counted. A body whose framing lies is taken as far as
 * the connection goes. *ret_is_broken: what follows cannot be read.
 */
static int read_answer(struct reading *reading, bool to_head, struct axev__http1_message *ret_answer,
		       bool *ret_is_broken, axev_error *err)
{
	const struct axev__http1_payload payload = { hash_piece, reading };
	bool is_ended = reading->connection->streams[AXEV__WIRE_RECEIVED].ended_ns != 0;
	struct axev__http1_message answer;
	int status;

	for (;;) {
		memset(&answer, 0, sizeof(answer));
		if (reading->received.size == 0)
			break;
		status = axev__http1_response(reading->received, to_head, is_ended, &answer,
					      &payload, err);
		if (status == AXEV_E_NOMEM || status == AXEV_E_CRYPTO)
			return status;
		if (status < 0) {
			axev_error_clear(err);
			*ret_is_broken = true;
			if (axev__http1_response(reading->received, true, false, &answer, NULL,
						 NULL) == AXEV_OK)
				answer.framed = behind(reading->received, answer.head.size);
			else
				memset(&answer, 0, sizeof(answer));
			answer.is_complete = false;
			answer.size_bytes = answer.head.size + answer.framed.size;
			break;
		}
		if (answer.head.size == 0 || !answer.is_interim)
			break;
		reading->connection->interim_answers++;
		reading->received = behind(reading->received, answer.size_bytes);
	}
	*ret_answer = answer;
	return AXEV_OK;
}

static int digest(struct reading *reading, struct axev__wire_exchange *exchange, axev_error *err)
{
	struct axev__digests digests;

	TRY(axev__hasher_final(reading->hasher, &digests, err));
	memcpy(exchange->payload_sha256, digests.sha256, sizeof(exchange->payload_sha256));
	exchange->payload_bytes = digests.size_bytes;
	return AXEV_OK;
}

static int fill_request(struct reading *reading, const struct axev__http1_message *request,
			struct axev__wire_exchange *exchange, axev_error *err)
{
	struct axev__wire *wire = reading->wire;

	exchange->connection = reading->index;
	exchange->order = axev__wire_order(&reading->connection->streams[AXEV__WIRE_SENT],
				   offset_of(reading, AXEV__WIRE_SENT));
	place(reading, AXEV__WIRE_SENT, request, &exchange->sent);
	TRY(make_url(reading, request, &exchange->url, err));
	TRY(axev__wire_keep(wire, request->method, &exchange->method, err));
	exchange->request = axev__wire_hop_of(wire, reading->connection, exchange->method,
					      exchange->url);
	return AXEV_OK;
}

static int fill_answer(struct reading *reading, const struct axev__http1_message *request,
		       const struct axev__http1_message *answer, bool is_broken,
		       struct axev__wire_exchange *exchange, axev_error *err)
{
	struct axev__span type;

	exchange->status = answer->status;
	place(reading, AXEV__WIRE_RECEIVED, answer, &exchange->received);
	exchange->protocol = version_of(answer->head);
	if (!request->is_complete || !answer->is_complete || answer->head.size == 0)
		exchange->truncated = is_broken ? "unspecified" :
						  axev__wire_truncation(reading->wire, reading->connection,
									exchange->request, false);
	if (!axev__http1_field(answer->head, "content-type", &type))
		type = axev__span("", 0);
	TRY(axev__wire_keep_media_type(reading->wire, type, &exchange->media_type, err));
	return digest(reading, exchange, err);
}

/* What follows is kept beside the exchanges; as far as it is, it does not count as unread. */
static int keep_socket(struct reading *reading, const struct axev__wire_exchange *exchange,
		       const struct axev__http1_message *answer, axev_error *err)
{
	const uint64_t begins[2] = { offset_of(reading, AXEV__WIRE_SENT),
				     offset_of(reading, AXEV__WIRE_RECEIVED) };
	uint64_t kept[2];

	TRY(axev__wire_keep_socket(reading->wire, reading->index, exchange, answer->head, begins, kept, err));
	reading->sent = behind(reading->sent, kept[AXEV__WIRE_SENT]);
	reading->received = behind(reading->received, kept[AXEV__WIRE_RECEIVED]);
	return AXEV_OK;
}

/* After 101 the bytes are no HTTP. */
static int note_upgrade(struct reading *reading, const struct axev__wire_exchange *exchange,
			const struct axev__http1_message *answer, bool *ret_goes_on, axev_error *err)
{
	struct axev__span name;

	*ret_goes_on = answer->status != 101;
	if (answer->status != 101)
		return AXEV_OK;
	if (!axev__http1_field(answer->head, "upgrade", &name))
		name = axev__span("", 0);
	TRY(axev__wire_keep(reading->wire, name, &reading->connection->upgraded_to, err));
	/* RFC 6455 4.1: "an ASCII case-insensitive match". */
	if (strcasecmp(reading->connection->upgraded_to, "websocket") != 0)
		return AXEV_OK;
	return keep_socket(reading, exchange, answer, err);
}

/*
 * CONNECT asks a proxy for a tunnel and for nothing else: it is no exchange. RFC 9112 6.3 rule 2: what
 * follows a grant is not HTTP any more.
 */
static int read_tunnel(struct reading *reading, const struct axev__http1_message *request,
		       bool *ret_goes_on, axev_error *err)
{
	struct axev__wire_connection *connection = reading->connection;
	struct axev__http1_message answer = { 0 };
	struct axev__digests forgotten;
	bool is_broken = false;

	TRY(axev__wire_keep(reading->wire, request->target, &connection->tunnel, err));
	reading->sent = behind(reading->sent, request->size_bytes);
	if (reading->received.size &&
	    axev__http1_response(reading->received, true, false, &answer, NULL, NULL) == AXEV_OK &&
	    answer.status / 100 != 2)
		TRY(read_answer(reading, false, &answer, &is_broken, err));
	TRY(axev__hasher_final(reading->hasher, &forgotten, err));
	connection->tunnel_status = answer.status;
	reading->received = behind(reading->received, answer.size_bytes);
	*ret_goes_on = answer.status / 100 != 2 && !is_broken;
	return AXEV_OK;
}

static int read_exchange(struct reading *reading, const struct axev__http1_message *request,
			 bool *ret_goes_on, axev_error *err)
{
	struct axev__wire *wire = reading->wire;
	struct axev__http1_message answer;
	struct axev__wire_exchange *exchange;
	bool is_broken = false;

	TRY(AXEV__WIRE_ADD(wire, &wire->exchanges, err));
	exchange = AXEV__WIRE_LAST(&wire->exchanges);
	TRY(fill_request(reading, request, exchange, err));
	reading->sent = behind(reading->sent, request->size_bytes);
	TRY(read_answer(reading, axev__span_is(request->method, "HEAD"), &answer, &is_broken, err));
	TRY(fill_answer(reading, request, &answer, is_broken, exchange, err));
	if (answer.head.size)
		reading->received = behind(reading->received, answer.size_bytes);
	TRY(note_upgrade(reading, exchange, &answer, ret_goes_on, err));
	reading->connection->exchanges++;
	if (is_broken)
		*ret_goes_on = false;
	return AXEV_OK;
}

static int read_http1(struct reading *reading, axev_error *err)
{
	struct axev__http1_message request;
	bool goes_on = true;
	int status;

	while (goes_on && reading->sent.size) {
		status = axev__http1_request(reading->sent, &request, NULL, err);
		if (status == AXEV_E_NOMEM)
			return status;
		axev_error_clear(err);
		if (status < 0 || request.head.size == 0)
			break;
		if (axev__span_is(request.method, "CONNECT"))
			TRY(read_tunnel(reading, &request, &goes_on, err));
		else
			TRY(read_exchange(reading, &request, &goes_on, err));
	}
	return AXEV_OK;
}

/* ---- a connection ---- */

static enum axev__wire_protocol protocol_of(const struct axev__wire_connection *connection,
					    struct axev__span sent, struct axev__span received)
{
	const struct axev__wire_tls *tls = connection->tls;

	if (sent.size == 0 && received.size == 0)
		return AXEV__WIRE_SILENT;
	if ((tls && tls->next_protocol && strcmp(tls->next_protocol, "h2") == 0) ||
	    axev__h2_is(sent))
		return AXEV__WIRE_HTTP2;
	return AXEV__WIRE_HTTP1;
}

static int hash_stream(const struct axev__wire *wire, struct axev__wire_stream *stream, axev_error *err)
{
	AXEV__FREE uint8_t *piece = malloc(AXEV__COPY_CHUNK);
	AXEV__HASHER *hasher = NULL;
	struct axev__digests digests;
	uint64_t offset;
	size_t part;

	if (!piece)
		return axev__nomem(err);
	TRY(axev__hasher_new(AXEV__DIGEST_SHA256, &hasher, err));
	for (offset = 0; offset < stream->kept_bytes; offset += part) {
		part = stream->kept_bytes - offset < AXEV__COPY_CHUNK ? (size_t)(stream->kept_bytes - offset) : AXEV__COPY_CHUNK;
		TRY(axev__pread_full(wire->spool_fd, piece, part, stream->spool_offset + offset, err));
		TRY(axev__hasher_update(hasher, piece, part, err));
	}
	TRY(axev__hasher_final(hasher, &digests, err));
	memcpy(stream->sha256, digests.sha256, sizeof(stream->sha256));
	return AXEV_OK;
}

static int open_stream(struct axev__wire *wire, struct axev__wire_stream *stream,
		       struct axev__wire_view *ret_view, axev_error *err)
{
	TRY(axev__wire_assemble(wire, stream, err));
	TRY(hash_stream(wire, stream, err));
	return axev__wire_view(wire, stream->spool_offset, stream->kept_bytes, ret_view, err);
}

int axev__wire_index(struct axev__wire *wire, size_t index, axev_error *err)
{
	AXEV__WIRE_VIEW sent = { 0 }, received = { 0 };
	AXEV__HASHER *hasher = NULL;
	struct axev__wire_connection *connection = &wire->connections.items[index];
	struct axev__wire_walk walk = { { &sent, &received }, 0 };
	struct reading reading = { .wire = wire, .index = index, .connection = connection, .walk = &walk };

	TRY(open_stream(wire, &connection->streams[AXEV__WIRE_SENT], &sent, err));
	TRY(open_stream(wire, &connection->streams[AXEV__WIRE_RECEIVED], &received, err));
	TRY(axev__hasher_new(AXEV__DIGEST_SHA256, &hasher, err));
	reading.sent = sent.bytes;
	reading.received = received.bytes;
	reading.hasher = hasher;
	connection->protocol = protocol_of(connection, sent.bytes, received.bytes);
	if (connection->protocol == AXEV__WIRE_HTTP2)
		return axev__wire_read_h2(wire, index, sent.bytes, received.bytes, &walk, err);
	if (connection->protocol == AXEV__WIRE_HTTP1)
		TRY(read_http1(&reading, err));
	if (connection->protocol == AXEV__WIRE_HTTP1 && connection->exchanges == 0 &&
	    !connection->tunnel)
		connection->protocol = AXEV__WIRE_UNKNOWN;
	connection->streams[AXEV__WIRE_SENT].unread_bytes = reading.sent.size;
	connection->streams[AXEV__WIRE_RECEIVED].unread_bytes = reading.received.size;
	return AXEV_OK;
}
