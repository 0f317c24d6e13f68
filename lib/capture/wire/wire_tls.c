/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/wire/wire_internal.h"

#include "crypto/digest.h"
#include "crypto/x509.h"

typedef AXEV__WIRE_LIST(size_t) index_list;

/* ---- certificates, each kept once ---- */

static int certificate_index(struct axev__wire *wire, struct axev__span der, size_t *ret_index,
			     axev_error *err)
{
	struct axev__wire_certificate *certificate;
	uint8_t sha256[AXEV__SHA256];
	char *copy = NULL;
	int64_t id;
	size_t index;

	TRY(axev__sha256(der.data, der.size, sha256, err));
	memcpy(&id, sha256, sizeof(id));
	index = axev__wire_find(wire, AXEV__WIRE_CERTIFICATE, id);
	if (index == AXEV__WIRE_NONE ||
	    memcmp(wire->certificates.items[index].sha256, sha256, sizeof(sha256)) != 0) {
		index = wire->certificates.count;
		TRY(axev__wire_bind(wire, AXEV__WIRE_CERTIFICATE, id, index, err));
		TRY(AXEV__WIRE_ADD(wire, &wire->certificates, err));
		certificate = AXEV__WIRE_LAST(&wire->certificates);
		memcpy(certificate->sha256, sha256, sizeof(sha256));
		TRY(axev__wire_keep(wire, der, &copy, err));
		certificate->der = (uint8_t *)copy;
		certificate->size = der.size;
	}
	*ret_index = index;
	return AXEV_OK;
}

/* A list of PEM texts, leaf first. */
static int keep_chain(struct axev__wire *wire, const axev__json *list, void *ret_list,
		      axev_error *err)
{
	index_list *indexes = ret_list;
	struct axev__span pem;
	size_t i, j;

	if (axev__json_type(list) != AXEV__JSON_ARRAY)
		return AXEV_OK;
	for (i = 0; i < axev__json_count(list); i++) {
		AXEV__CERTS certs = { 0 };

		if (!axev__json_as_string(axev__json_at(list, i), &pem))
			return axev__fail(err, AXEV_E_FORMAT, "expected certificates as PEM");
		TRY(axev__certs_read(pem, &certs, err));
		for (j = 0; j < certs.count; j++) {
			TRY(AXEV__WIRE_ADD(wire, indexes, err));
			TRY(certificate_index(wire, axev__cert_at(&certs, j),
					      AXEV__WIRE_LAST(indexes), err));
		}
	}
	return AXEV_OK;
}

/* ---- handshake ---- */

static bool skip(struct axev__span *rest, size_t count)
{
	if (count > rest->size)
		return false;
	*rest = axev__span(rest->data + count, rest->size - count);
	return true;
}

/* A vector with a length of @width bytes in front (RFC 8446 3.4). */
static bool vector(struct axev__span *rest, size_t width, struct axev__span *ret_vector)
{
	size_t length;

	if (rest->size < width)
		return false;
	length = width == 1 ? rest->data[0] : axev__get_u16be(rest->data);
	skip(rest, width);
	*ret_vector = axev__span(rest->data, length);
	return skip(rest, length);
}

/* RFC 8446 4.1.2 and RFC 6066 3: the host_name of a ClientHello. */
static bool server_name(struct axev__span hello, struct axev__span *ret_name)
{
	struct axev__span extensions, body, list;
	uint16_t type;

	/* header, version, random; session, suites, compression */
	if (!skip(&hello, 4 + 2 + 32) || !vector(&hello, 1, &body) || !vector(&hello, 2, &body) ||
	    !vector(&hello, 1, &body) || !vector(&hello, 2, &extensions))
		return false;
	while (extensions.size >= 2) {
		type = axev__get_u16be(extensions.data);
		skip(&extensions, 2);
		if (!vector(&extensions, 2, &body))
			return false;
		if (type == 0)
			return vector(&body, 2, &list) && list.size && list.data[0] == 0 &&
			       skip(&list, 1) && vector(&list, 2, ret_name);
	}
	return false;
}

static bool is_printable(struct axev__span text)
{
	size_t i;

	for (i = 0; i < text.size; i++)
		if (text.data[i] < 0x21 || text.data[i] > 0x7E)
			return false;
	return text.size > 0;
}

static int keep_message(struct axev__wire *wire, struct axev__wire_tls *tls,
			const struct axev__netlog_event *event, axev_error *err)
{
	struct axev__wire_handshake *message;
	struct axev__span name, bytes;
	char *base64 = NULL;
	int status;

	TRY(axev__wire_keep_base64(wire, event->params, "bytes", &base64, err));
	status = AXEV__WIRE_ADD(wire, &tls->handshake, err);
	if (status < 0) {
		free(base64);
		return status;
	}
	message = AXEV__WIRE_LAST(&tls->handshake);
	message->base64 = base64;
	message->is_sent = event->type == AXEV__NETLOG_SSL_HANDSHAKE_MESSAGE_SENT;
	message->time_ns = event->time_ns;
	bytes = axev__buf_view(&wire->scratch);
	message->type = bytes.size ? bytes.data[0] : 0;
	if (message->is_sent && message->type == 1 && server_name(bytes, &name) &&
	    is_printable(name))
		return axev__wire_keep(wire, name, &tls->server_name, err);
	return AXEV_OK;
}

static int end_handshake(struct axev__wire *wire, struct axev__wire_tls *tls,
			 const struct axev__netlog_event *event, axev_error *err)
{
	const axev__json *params = event->params;

	tls->ended_ns = event->time_ns;
	tls->net_error = axev__wire_number(params, "net_error");
	tls->cipher = axev__wire_number(params, "cipher_suite");
	tls->group = axev__wire_number(params, "key_exchange_group");
	tls->signature = axev__wire_number(params, "peer_signature_algorithm");
	tls->is_resumed = axev__wire_flag(params, "is_resumed");
	tls->is_hello_encrypted = axev__wire_flag(params, "encrypted_client_hello");
	TRY(axev__wire_keep_member(wire, params, "version", &tls->version, err));
	return axev__wire_keep_member(wire, params, "next_proto", &tls->next_protocol, err);
}

static int begin_handshake(struct axev__wire_connection *connection,
			   const struct axev__netlog_event *event, axev_error *err)
{
	if (connection->tls)
		return AXEV_OK;
	connection->tls = calloc(1, sizeof(*connection->tls));
	if (!connection->tls)
		return axev__nomem(err);
	connection->tls->began_ns = event->time_ns;
	connection->tls->verification = AXEV__WIRE_NONE;
	return AXEV_OK;
}

/* RFC 8446 6: level and description; close_notify is 0. */
static void note_alert(struct axev__wire_connection *connection,
		       const struct axev__netlog_event *event)
{
	struct axev__span base64;

	if (axev__json_as_string(axev__json_get(event->params, "bytes"), &base64) &&
	    (axev__span_is(base64, "AQA=") || axev__span_is(base64, "AgA=")))
		connection->streams[AXEV__WIRE_RECEIVED].ended_ns = event->time_ns;
}

int axev__wire_tls_event(struct axev__wire *wire, struct axev__wire_connection *connection,
			 const struct axev__netlog_event *event, axev_error *err)
{
	struct axev__wire_tls *tls = connection->tls;
	int64_t id;

	if (event->type == AXEV__NETLOG_SSL_CONNECT && event->phase == AXEV__NETLOG_BEGIN)
		return begin_handshake(connection, event, err);
	if (!tls)
		return AXEV_OK;
	switch (event->type) {
	case AXEV__NETLOG_SSL_CONNECT:
		return end_handshake(wire, tls, event, err);
	case AXEV__NETLOG_SSL_ALERT_RECEIVED:
		note_alert(connection, event);
		return AXEV_OK;
	case AXEV__NETLOG_SSL_CERTIFICATES_RECEIVED:
		return keep_chain(wire, axev__json_get(event->params, "certificates"),
				  &tls->certificates, err);
	case AXEV__NETLOG_SSL_HANDSHAKE_MESSAGE_SENT:
	case AXEV__NETLOG_SSL_HANDSHAKE_MESSAGE_RECEIVED:
		return keep_message(wire, tls, event, err);
	case AXEV__NETLOG_CERT_VERIFIER_REQUEST_BOUND_TO_JOB:
		if (axev__wire_dependency(event->params, &id))
			tls->verification = axev__wire_find(wire, AXEV__WIRE_VERIFICATION, id);
		return AXEV_OK;
	default:
		return AXEV_OK;
	}
}

/* ---- verdicts ---- */

int axev__wire_verify_event(struct axev__wire *wire, const struct axev__netlog_event *event,
			    axev_error *err)
{
	const axev__json *params = event->params;
	struct axev__wire_verification *job;
	size_t index;

	if (event->phase == AXEV__NETLOG_BEGIN) {
		TRY(AXEV__WIRE_ADD(wire, &wire->verifications, err));
		job = AXEV__WIRE_LAST(&wire->verifications);
		job->began_ns = event->time_ns;
		TRY(axev__wire_keep_member(wire, params, "host", &job->host, err));
		TRY(keep_chain(wire, axev__json_get(params, "certificates"), &job->presented, err));
		return axev__wire_bind(wire, AXEV__WIRE_VERIFICATION, event->id,
				       wire->verifications.count - 1, err);
	}
	index = axev__wire_find(wire, AXEV__WIRE_VERIFICATION, event->id);
	if (index == AXEV__WIRE_NONE || event->phase != AXEV__NETLOG_END)
		return AXEV_OK;
	job = &wire->verifications.items[index];
	job->ended_ns = event->time_ns;
	job->net_error = axev__wire_number(params, "net_error");
	job->cert_status = axev__wire_number(params, "cert_status");
	job->is_known_root = axev__wire_flag(params, "is_issued_by_known_root");
	return keep_chain(wire,
			  axev__json_get(axev__json_get(params, "verified_cert"), "certificates"),
			  &job->path, err);
}

struct axev__span axev__wire_host(const char *destination)
{
	const char *start = strstr(destination, "://"), *end;

	start = start ? start + 3 : destination;
	end = *start == '[' ? strchr(start, ']') : NULL;
	if (end)
		return axev__span(start + 1, (size_t)(end - start - 1));
	return axev__span(start, strcspn(start, ":/ "));
}

static bool covers(const struct axev__wire_verification *job,
		   const struct axev__wire_connection *connection, struct axev__span host)
{
	const struct axev__wire_tls *tls = connection->tls;

	return job->ended_ns && job->host && axev__span_is(host, job->host) &&
	       (tls->ended_ns == 0 || job->ended_ns <= tls->ended_ns) &&
	       job->presented.count == tls->certificates.count && tls->certificates.count &&
	       memcmp(job->presented.items, tls->certificates.items,
		      tls->certificates.count * sizeof(size_t)) == 0;
}

/* The browser remembers verdicts, and then logs no job for the connection. */
const struct axev__wire_verification *
axev__wire_verdict(const struct axev__wire *wire, const struct axev__wire_connection *connection,
		   bool *ret_is_own)
{
	const struct axev__wire_tls *tls = connection->tls;
	size_t i;

	*ret_is_own = false;
	if (!tls)
		return NULL;
	if (tls->verification != AXEV__WIRE_NONE) {
		*ret_is_own = true;
		return wire->verifications.items[tls->verification].ended_ns ?
			       &wire->verifications.items[tls->verification] : NULL;
	}
	if (!connection->destination)
		return NULL;
	for (i = wire->verifications.count; i > 0; i--)
		if (covers(&wire->verifications.items[i - 1], connection,
			   axev__wire_host(connection->destination)))
			return &wire->verifications.items[i - 1];
	return NULL;
}
