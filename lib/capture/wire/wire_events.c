/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/wire/wire_internal.h"

/* ---- connections ---- */

/* A source that the log opens, or that it speaks of without having opened it. */
static int connection_of(struct axev__wire *wire, const struct axev__netlog_event *event,
			 struct axev__wire_connection **ret_connection, axev_error *err)
{
	size_t index = axev__wire_find(wire, AXEV__WIRE_CONNECTION, event->id);

	if (index == AXEV__WIRE_NONE) {
		index = wire->connections.count;
		TRY(axev__wire_bind(wire, AXEV__WIRE_CONNECTION, event->id, index, err));
		TRY(AXEV__WIRE_ADD(wire, &wire->connections, err));
		wire->connections.items[index].id = event->id;
		wire->connections.items[index].opened_ns = event->time_ns;
	}
	*ret_connection = &wire->connections.items[index];
	return AXEV_OK;
}

/*
 * TLS that begins where bytes went before: behind a CONNECT. What follows is another connection, to
 * another peer, on the same socket; of its peer's address the log knows nothing.
 */
static int begin_tls(struct axev__wire *wire, struct axev__wire_connection *connection,
		     const struct axev__netlog_event *event, axev_error *err)
{
	struct axev__wire_connection *inner, *outer;
	size_t index = (size_t)(connection - wire->connections.items);

	if (!connection->streams[0].kept_bytes && !connection->streams[0].dropped_bytes &&
	    !connection->tls)
		return axev__wire_tls_event(wire, connection, event, err);
	TRY(AXEV__WIRE_ADD(wire, &wire->connections, err));
	inner = AXEV__WIRE_LAST(&wire->connections);
	outer = &wire->connections.items[index];
	inner->id = outer->id;
	inner->opened_ns = event->time_ns;
	inner->is_tunnelled = true;
	inner->outer = index;
	inner->is_nested = outer->tls != NULL;
	if (outer->destination)
		TRY(axev__wire_keep(wire, axev__span_str(outer->destination), &inner->destination,
				    err));
	TRY(axev__wire_bind(wire, AXEV__WIRE_CONNECTION, inner->id, wire->connections.count - 1,
			    err));
	return axev__wire_tls_event(wire, inner, event, err);
}

static int tcp_connect(struct axev__wire *wire, struct axev__wire_connection *connection,
		       const struct axev__netlog_event *event, axev_error *err)
{
	if (event->phase != AXEV__NETLOG_END)
		return AXEV_OK;
	connection->net_error = axev__wire_number(event->params, "net_error");
	TRY(axev__wire_keep_member(wire, event->params, "local_address", &connection->local, err));
	TRY(axev__wire_keep_member(wire, event->params, "remote_address", &connection->remote, err));
	if (!connection->remote)
		return AXEV_OK;
	return axev__wire_keep(wire, axev__wire_ip(axev__span_str(connection->remote)),
			       &connection->ip_address, err);
}

static int tcp_attempt(struct axev__wire *wire, struct axev__wire_connection *connection,
		       const struct axev__netlog_event *event, axev_error *err)
{
	struct axev__wire_attempt *attempt;

	if (event->phase == AXEV__NETLOG_BEGIN) {
		TRY(AXEV__WIRE_ADD(wire, &connection->attempts, err));
		attempt = AXEV__WIRE_LAST(&connection->attempts);
		attempt->began_ns = event->time_ns;
		return axev__wire_keep_member(wire, event->params, "address", &attempt->address,
					      err);
	}
	if (connection->attempts.count == 0)
		return AXEV_OK;
	attempt = AXEV__WIRE_LAST(&connection->attempts);
	attempt->ended_ns = event->time_ns;
	attempt->os_error = axev__wire_number(event->params, "os_error");
	return AXEV_OK;
}

static int alive(struct axev__wire *wire, struct axev__wire_connection *connection,
		 const struct axev__netlog_event *event, axev_error *err)
{
	size_t job;
	int64_t id;

	if (event->phase == AXEV__NETLOG_END) {
		connection->closed_ns = event->time_ns;
		while (connection->is_tunnelled) {
			connection = &wire->connections.items[connection->outer];
			connection->closed_ns = event->time_ns;
		}
		return AXEV_OK;
	}
	if (!axev__wire_dependency(event->params, &id))
		return AXEV_OK;
	job = axev__wire_find(wire, AXEV__WIRE_CONNECT_JOB, id);
	if (job == AXEV__WIRE_NONE)
		return AXEV_OK;
	return axev__wire_keep(wire, axev__span_str(wire->texts.items[job]),
			       &connection->destination, err);
}

static int bytes(struct axev__wire *wire, struct axev__wire_connection *connection,
		 const struct axev__netlog_event *event, axev_error *err)
{
	bool is_plain = event->type == AXEV__NETLOG_SOCKET_BYTES_SENT ||
			event->type == AXEV__NETLOG_SOCKET_BYTES_RECEIVED;
	bool is_received = event->type == AXEV__NETLOG_SOCKET_BYTES_RECEIVED ||
			   event->type == AXEV__NETLOG_SSL_SOCKET_BYTES_RECEIVED;
	struct axev__wire_stream *stream = &connection->streams[is_received];

	if (is_received && event->byte_count == 0)
		stream->fin_ns = event->time_ns;
	if (is_plain && connection->tls) /* ciphertext */
		return AXEV_OK;
	/* A FIN proves nothing about the stream inside TLS (RFC 8446 6.1): there the alert counts. */
	if (is_plain && is_received && event->byte_count == 0)
		stream->ended_ns = event->time_ns;
	if (connection->is_nested) {
		stream->dropped_bytes += event->byte_count;
		return AXEV_OK;
	}
	return axev__wire_spool(wire, stream, event, err);
}

static int socket_event(struct axev__wire *wire, const struct axev__netlog_event *event,
			axev_error *err)
{
	struct axev__wire_connection *connection;

	TRY(connection_of(wire, event, &connection, err));
	switch (event->type) {
	case AXEV__NETLOG_SOCKET_ALIVE:
		return alive(wire, connection, event, err);
	case AXEV__NETLOG_TCP_CONNECT:
		return tcp_connect(wire, connection, event, err);
	case AXEV__NETLOG_TCP_CONNECT_ATTEMPT:
		return tcp_attempt(wire, connection, event, err);
	case AXEV__NETLOG_SOCKET_BYTES_SENT:
	case AXEV__NETLOG_SOCKET_BYTES_RECEIVED:
	case AXEV__NETLOG_SSL_SOCKET_BYTES_SENT:
	case AXEV__NETLOG_SSL_SOCKET_BYTES_RECEIVED:
		return bytes(wire, connection, event, err);
	case AXEV__NETLOG_SSL_CONNECT:
		if (event->phase == AXEV__NETLOG_BEGIN)
			return begin_tls(wire, connection, event, err);
		return axev__wire_tls_event(wire, connection, event, err);
	default:
		return axev__wire_tls_event(wire, connection, event, err);
	}
}

/* ---- requests ---- */

/* A request that no origin initiated and that loads no frame is made by the browser itself. */
static bool is_own(const axev__json *params, const char *type)
{
	struct axev__span initiator;

	if (strcmp(type, "main frame") == 0 || strcmp(type, "subframe") == 0)
		return false;
	return !axev__json_as_string(axev__json_get(params, "initiator"), &initiator) ||
	       axev__span_is(initiator, "not an origin");
}

static struct axev__wire_hop *hop_of(const struct axev__wire *wire, int64_t id)
{
	size_t index = axev__wire_find(wire, AXEV__WIRE_REQUEST, id);

	return index == AXEV__WIRE_NONE ? NULL : &wire->hops.items[index];
}

static int start_hop(struct axev__wire *wire, const struct axev__netlog_event *event,
		     axev_error *err)
{
	struct axev__wire_hop *hop;
	char *url = NULL, *method = NULL, *type = NULL;
	int status;

	TRY(AXEV__WIRE_ADD(wire, &wire->hops, err));
	status = axev__wire_keep(wire, axev__span_str(""), &url, err);
	if (status == AXEV_OK)
		status = axev__wire_keep(wire, axev__span_str(""), &method, err);
	if (status == AXEV_OK)
		status = axev__wire_keep(wire, axev__span_str(""), &type, err);
	if (status == AXEV_OK)
		status = axev__wire_keep_member(wire, event->params, "url", &url, err);
	if (status == AXEV_OK)
		status = axev__wire_keep_member(wire, event->params, "method", &method, err);
	if (status == AXEV_OK)
		status = axev__wire_keep_member(wire, event->params, "request_type", &type, err);
	if (status == AXEV_OK)
		status = axev__wire_bind(wire, AXEV__WIRE_REQUEST, event->id, wire->hops.count - 1,
					 err);
	if (status < 0) {
		free(url);
		free(method);
		free(type);
		wire->hops.count--;
		return status;
	}
	hop = AXEV__WIRE_LAST(&wire->hops);
	hop->source = event->id;
	hop->facts.url = url;
	hop->facts.method = method;
	hop->facts.type = type;
	hop->facts.started_ns = event->time_ns;
	hop->facts.is_own = is_own(event->params, type);
	return AXEV_OK;
}

/* The browser ends the request of a WebSocket with an error of its own when it has become one. */
static void note_error(const struct axev__wire *wire, struct axev__wire_hop *hop,
		       const struct axev__netlog_event *event)
{
	int64_t net_error = axev__wire_number(event->params, "net_error");
	const char *name = axev__netlog_error_name(wire->log, net_error);

	if (net_error && hop->facts.net_error == 0 && !(name && strcmp(name, "ERR_WS_UPGRADE") == 0))
		hop->facts.net_error = (int)net_error;
}

/* The hop's stream job got a socket: the request goes over that connection. */
static int bind_hop(struct axev__wire *wire, const struct axev__netlog_event *event, axev_error *err)
{
	size_t hop = axev__wire_find(wire, AXEV__WIRE_REQUEST, event->id), index;
	struct axev__wire_connection *connection;
	int64_t job;

	if (hop == AXEV__WIRE_NONE || !axev__wire_dependency(event->params, &job))
		return AXEV_OK;
	index = axev__wire_find(wire, AXEV__WIRE_STREAM_JOB, job);
	if (index == AXEV__WIRE_NONE)
		return AXEV_OK;
	connection = &wire->connections.items[index];
	TRY(AXEV__WIRE_ADD(wire, &connection->requests, err));
	AXEV__WIRE_LAST(&connection->requests)->hop = hop;
	return AXEV_OK;
}

static int request_event(struct axev__wire *wire, const struct axev__netlog_event *event,
			 axev_error *err)
{
	struct axev__wire_hop *hop = hop_of(wire, event->id);

	if (event->type == AXEV__NETLOG_URL_REQUEST_START_JOB &&
	    event->phase == AXEV__NETLOG_BEGIN)
		return start_hop(wire, event, err);
	if (!hop)
		return AXEV_OK;
	switch (event->type) {
	case AXEV__NETLOG_REQUEST_ALIVE:
		if (event->phase == AXEV__NETLOG_END)
			hop->ended_ns = event->time_ns;
		note_error(wire, hop, event);
		break;
	case AXEV__NETLOG_URL_REQUEST_START_JOB:
	case AXEV__NETLOG_CANCELLED:
	case AXEV__NETLOG_FAILED:
		note_error(wire, hop, event);
		break;
	case AXEV__NETLOG_HTTP_TRANSACTION_READ_RESPONSE_HEADERS:
		hop->facts.has_answer = true;
		break;
	case AXEV__NETLOG_HTTP_STREAM_REQUEST_BOUND_TO_JOB:
		return bind_hop(wire, event, err);
	default:
		break;
	}
	return AXEV_OK;
}

/* ---- jobs ---- */

/* "pm/https://host:port <https://site same_site>": what stands before the site, without flags. */
static struct axev__span destination_of(struct axev__span group)
{
	const uint8_t *blank = group.size ? memchr(group.data, ' ', group.size) : NULL;
	size_t i;

	if (blank)
		group.size = (size_t)(blank - group.data);
	for (i = 0; i + 3 < group.size && memcmp(group.data + i, "://", 3) != 0; i++)
		;
	while (i > 0 && group.data[i - 1] != '/')
		i--;
	return axev__span(group.data + i, group.size - i);
}

static int connect_job(struct axev__wire *wire, const struct axev__netlog_event *event, axev_error *err)
{
	struct axev__span group;

	if (!axev__json_as_string(axev__json_get(event->params, "group_id"), &group))
		return AXEV_OK;
	TRY(AXEV__WIRE_ADD(wire, &wire->texts, err));
	TRY(axev__wire_keep(wire, destination_of(group), AXEV__WIRE_LAST(&wire->texts), err));
	return axev__wire_bind(wire, AXEV__WIRE_CONNECT_JOB, event->id, wire->texts.count - 1, err);
}

/* @event binds its source, of @kind, to what is known as @from: a connection, or a session on one. */
static int bind_to(struct axev__wire *wire, const struct axev__netlog_event *event,
		   enum axev__wire_kind from, enum axev__wire_kind kind, axev_error *err)
{
	size_t index;
	int64_t id;

	if (!axev__wire_dependency(event->params, &id))
		return AXEV_OK;
	index = axev__wire_find(wire, from, id);
	if (index == AXEV__WIRE_NONE)
		return AXEV_OK;
	return axev__wire_bind(wire, kind, event->id, index, err);
}

int axev__wire_event(struct axev__wire *wire, const struct axev__netlog_event *event,
		     axev_error *err)
{
	switch (event->type) {
	case AXEV__NETLOG_NONE:
		return AXEV_OK;
	case AXEV__NETLOG_SOCKET_POOL_CONNECT_JOB_CREATED:
		return connect_job(wire, event, err);
	case AXEV__NETLOG_SOCKET_POOL_BOUND_TO_SOCKET:
		return bind_to(wire, event, AXEV__WIRE_CONNECTION, AXEV__WIRE_STREAM_JOB, err);
	case AXEV__NETLOG_HTTP2_SESSION_INITIALIZED:
		return bind_to(wire, event, AXEV__WIRE_CONNECTION, AXEV__WIRE_SESSION, err);
	case AXEV__NETLOG_HTTP2_SESSION_POOL_FOUND_EXISTING_SESSION:
	case AXEV__NETLOG_HTTP2_SESSION_POOL_FOUND_EXISTING_SESSION_FROM_IP_POOL:
	case AXEV__NETLOG_HTTP2_SESSION_POOL_IMPORTED_SESSION_FROM_SOCKET:
	case AXEV__NETLOG_HTTP_STREAM_JOB_HTTP2_SESSION_AVAILABLE:
		return bind_to(wire, event, AXEV__WIRE_SESSION, AXEV__WIRE_STREAM_JOB, err);
	case AXEV__NETLOG_CERT_VERIFIER_JOB:
		return axev__wire_verify_event(wire, event, err);
	default:
		break;
	}
	switch (event->source) {
	case AXEV__NETLOG_FROM_SOCKET:
		return socket_event(wire, event, err);
	case AXEV__NETLOG_FROM_URL_REQUEST:
		return request_event(wire, event, err);
	default:
		return axev__wire_dns_event(wire, event, err);
	}
}
