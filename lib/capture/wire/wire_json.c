/* SPDX-License-Identifier: Apache-2.0 */
/* wire/connections.json and wire/dns.json, as doc/FORMAT.md says. */
#include "capture/wire/wire_internal.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "content/tls_transcript.h"
#include "crypto/x509.h"

#define EACH(list, item) \
	for (item = (list)->items; item && item < (list)->items + (list)->count; item++)

/* ---- small members ---- */

static int set_text(axev__json *object, const char *key, const char *text, axev_error *err)
{
	return text ? axev__json_set_str(object, key, text, err) : AXEV_OK;
}

static int set_time(axev__json *object, const char *key, int64_t unix_ns, axev_error *err)
{
	return unix_ns ? axev__json_set_time(object, key, unix_ns, err) : AXEV_OK;
}

static int set_decimal(axev__json *object, const char *key, uint64_t number, axev_error *err)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, number);
	return axev__json_set_str(object, key, text, err);
}

/* 0 is no error. Numbers that the log gives no name stay numbers. */
static int set_net_error(const struct axev__wire *wire, axev__json *object, int64_t net_error,
			 axev_error *err)
{
	const char *name = axev__netlog_error_name(wire->log, net_error);
	char text[24];

	if (net_error == 0)
		return AXEV_OK;
	snprintf(text, sizeof(text), "%" PRId64, net_error);
	return axev__json_set_str(object, "net_error", name ? name : text, err);
}

static int set_os_error(axev__json *object, int64_t os_error, axev_error *err)
{
	char text[24];

	if (os_error == 0)
		return AXEV_OK;
	snprintf(text, sizeof(text), "%" PRId64, os_error);
	return axev__json_set_str(object, "os_error", text, err);
}

/* ---- TLS registry names (IANA); what is not listed stays a number ---- */

static int set_registered(axev__json *object, const char *key, enum axev__tls_registry registry,
			  int64_t number, axev_error *err)
{
	const char *name = axev__tls_name(registry, number);
	char text[24];

	if (number == 0)
		return AXEV_OK;
	snprintf(text, sizeof(text), "0x%04" PRIx64, (uint64_t)number);
	return axev__json_set_str(object, key, name ? name : text, err);
}

/* ---- certificates ---- */

static int set_fingerprints(const struct axev__wire *wire, axev__json *object, const char *key,
			    const size_t *indexes, size_t count, axev_error *err)
{
	AXEV__JSON *list = axev__json_new_array();
	char hex[65];
	size_t i;

	for (i = 0; i < count; i++) {
		axev__hex(hex, wire->certificates.items[indexes[i]].sha256, 32);
		TRY(axev__json_append_str(list, hex, err));
	}
	return axev__json_set(object, key, axev__steal(list), err);
}

static struct axev__span der_of(const struct axev__wire *wire, size_t index)
{
	return axev__span(wire->certificates.items[index].der, wire->certificates.items[index].size);
}

static int set_certificates(const struct axev__wire *wire, axev__json *document, axev_error *err)
{
	AXEV__JSON *list = axev__json_new_array();
	struct axev__cert_info info;
	size_t i;

	for (i = 0; i < wire->certificates.count; i++) {
		AXEV__JSON *item = axev__json_new_object();
		AXEV__BUF der = AXEV__BUF_INIT(AXEV__MAX_PEM_BYTES * 2);

		TRY(axev__json_set_hex(item, "sha256", wire->certificates.items[i].sha256, 32, err));
		TRY(axev__base64(&der, der_of(wire, i), err));
		TRY(axev__json_set_string(item, "der", axev__buf_view(&der), err));
		if (axev__cert_info(der_of(wire, i), &info, NULL) == AXEV_OK) {
			TRY(axev__json_set_str(item, "subject", info.subject, err));
			TRY(axev__json_set_str(item, "issuer", info.issuer, err));
		}
		TRY(axev__json_append(list, axev__steal(item), err));
	}
	return axev__json_set(document, "certificates", axev__steal(list), err);
}

/* ---- verdict ---- */

static int put_result(const struct axev__wire *wire, const struct axev__wire_verification *job,
		      struct axev__buf *text, axev_error *err)
{
	const char *name = axev__netlog_error_name(wire->log, job->net_error), *flag;
	int bit = 0;

	if (job->net_error == 0)
		TRY(axev__buf_str(text, "ok", err));
	else if (name)
		TRY(axev__buf_str(text, name, err));
	else
		TRY(axev__buf_printf(text, err, "%" PRId64, job->net_error));
	while ((flag = axev__netlog_cert_status(wire->log, job->cert_status, &bit)))
		TRY(axev__buf_printf(text, err, ", %s", flag));
	if (job->net_error == 0 && !job->is_known_root)
		TRY(axev__buf_str(text, ", by a root that was added on this machine", err));
	return AXEV_OK;
}

static int set_verdict(const struct axev__wire *wire, const struct axev__wire_verification *job,
		       axev__json *object, axev_error *err)
{
	AXEV__BUF result = AXEV__BUF_INIT(4096);

	TRY(put_result(wire, job, &result, err));
	TRY(axev__json_set_bool(object, "verified", job->net_error == 0, err));
	return axev__json_set_string(object, "verify_result", axev__buf_view(&result), err);
}

static int set_verification(const struct axev__wire *wire,
			    const struct axev__wire_connection *connection, axev__json *tls,
			    axev_error *err)
{
	AXEV__JSON *object = axev__json_new_object();
	const struct axev__wire_verification *job;
	bool is_own;

	job = axev__wire_verdict(wire, connection, &is_own);
	if (!job)
		return AXEV_OK;
	TRY(set_verdict(wire, job, object, err));
	TRY(set_text(object, "host", job->host, err));
	TRY(set_time(object, "ended", job->ended_ns, err));
	TRY(axev__json_set_bool(object, "of_earlier_connection", !is_own, err));
	TRY(axev__json_set_bool(object, "known_root", job->is_known_root, err));
	TRY(set_fingerprints(wire, object, "path", job->path.items, job->path.count, err));
	return axev__json_set(tls, "verification", axev__steal(object), err);
}

/* ---- TLS of a connection ---- */

static int set_handshake(const struct axev__wire_tls *tls, axev__json *object, axev_error *err)
{
	AXEV__JSON *list = axev__json_new_array();
	const struct axev__wire_handshake *message;

	EACH(&tls->handshake, message) {
		AXEV__JSON *item = axev__json_new_object();

		TRY(axev__json_set_str(item, "from", message->is_sent ? "client" : "server", err));
		TRY(axev__json_set_u64(item, "type", message->type, err));
		TRY(axev__json_set_time(item, "time", message->time_ns, err));
		TRY(axev__json_set_str(item, "bytes", message->base64, err));
		TRY(axev__json_append(list, axev__steal(item), err));
	}
	return axev__json_set(object, "handshake", axev__steal(list), err);
}

static int set_tls(const struct axev__wire *wire, const struct axev__wire_connection *connection,
		   axev__json *object, axev_error *err)
{
	const struct axev__wire_tls *tls = connection->tls;
	AXEV__JSON *facts = axev__json_new_object();

	if (!tls)
		return AXEV_OK;
	TRY(set_time(facts, "began", tls->began_ns, err));
	TRY(set_time(facts, "ended", tls->ended_ns, err));
	TRY(set_net_error(wire, facts, tls->net_error, err));
	TRY(set_text(facts, "version", tls->version, err));
	TRY(set_registered(facts, "cipher", AXEV__TLS_CIPHER, tls->cipher, err));
	TRY(set_registered(facts, "group", AXEV__TLS_GROUP, tls->group, err));
	TRY(set_registered(facts, "signature", AXEV__TLS_SCHEME, tls->signature, err));
	TRY(set_text(facts, "alpn", tls->next_protocol, err));
	TRY(set_text(facts, "server_name", tls->server_name, err));
	TRY(axev__json_set_bool(facts, "resumed", tls->is_resumed, err));
	TRY(axev__json_set_bool(facts, "encrypted_client_hello", tls->is_hello_encrypted, err));
	TRY(set_fingerprints(wire, facts, "certificates", tls->certificates.items,
			     tls->certificates.count, err));
	TRY(set_verification(wire, connection, facts, err));
	TRY(set_handshake(tls, facts, err));
	return axev__json_set(object, "tls", axev__steal(facts), err);
}

/* ---- connections ---- */

static int set_attempts(const struct axev__wire_connection *connection, axev__json *object,
			axev_error *err)
{
	AXEV__JSON *list = axev__json_new_array();
	const struct axev__wire_attempt *attempt;

	EACH(&connection->attempts, attempt) {
		AXEV__JSON *item = axev__json_new_object();

		TRY(set_text(item, "address", attempt->address, err));
		TRY(set_time(item, "began", attempt->began_ns, err));
		TRY(set_time(item, "ended", attempt->ended_ns, err));
		TRY(set_os_error(item, attempt->os_error, err));
		TRY(axev__json_append(list, axev__steal(item), err));
	}
	return axev__json_set(object, "attempts", axev__steal(list), err);
}

static int set_stream(const struct axev__wire_stream *stream, axev__json *object, const char *key, bool has_digest,
		      axev_error *err)
{
	AXEV__JSON *facts = axev__json_new_object();

	TRY(set_decimal(facts, "bytes", stream->kept_bytes, err));
	if (has_digest)
		TRY(axev__json_set_hex(facts, "sha256", stream->sha256, sizeof(stream->sha256), err));
	TRY(set_decimal(facts, "dropped_bytes", stream->dropped_bytes, err));
	TRY(set_decimal(facts, "unread_bytes", stream->unread_bytes, err));
	TRY(set_text(facts, "unread_because", stream->why, err));
	TRY(set_time(facts, "ended_by_peer", stream->ended_ns, err));
	return axev__json_set(object, key, axev__steal(facts), err);
}

static int set_flaws(const struct axev__wire_connection *connection, axev__json *object,
		     axev_error *err)
{
	AXEV__JSON *list = axev__json_new_array();
	const struct axev__wire_flaw *flaw;

	if (connection->protocol != AXEV__WIRE_HTTP2)
		return AXEV_OK;
	EACH(&connection->flaws, flaw) {
		AXEV__JSON *item = axev__json_new_object();

		TRY(axev__json_set_u64(item, "stream", flaw->stream, err));
		TRY(axev__json_set_bool(item, "rendered", flaw->is_rendered, err));
		TRY(set_text(item, "flaw", flaw->text, err));
		TRY(axev__json_append(list, axev__steal(item), err));
	}
	return axev__json_set(object, "flaws", axev__steal(list), err);
}

static const char *protocol_name(const struct axev__wire_connection *connection)
{
	static const char *const names[] = {
		[AXEV__WIRE_SILENT] = "none",
		[AXEV__WIRE_HTTP1] = "http/1",
		[AXEV__WIRE_HTTP2] = "h2",
		[AXEV__WIRE_UNKNOWN] = "unknown",
	};

	return names[connection->protocol];
}

static int connection_json(const struct axev__wire *wire,
			   const struct axev__wire_connection *connection, bool has_secrets, axev__json *list,
			   axev_error *err)
{
	AXEV__JSON *object = axev__json_new_object();
	struct axev__wire_peer peer;

	TRY(set_time(object, "opened", connection->opened_ns, err));
	TRY(set_time(object, "closed", connection->closed_ns, err));
	TRY(set_text(object, "destination", connection->destination, err));
	TRY(set_text(object, "local_address", connection->local, err));
	TRY(set_text(object, "remote_address", connection->remote, err));
	axev__wire_peer(wire, (size_t)(connection - wire->connections.items), &peer);
	TRY(set_text(object, "address_space", axev__space_name(peer.space), err));
	TRY(set_net_error(wire, object, connection->net_error, err));
	TRY(set_attempts(connection, object, err));
	TRY(set_stream(&connection->streams[AXEV__WIRE_SENT], object, "sent", !has_secrets, err));
	TRY(set_stream(&connection->streams[AXEV__WIRE_RECEIVED], object, "received", true, err));
	TRY(axev__json_set_str(object, "protocol", protocol_name(connection), err));
	TRY(axev__json_set_u64(object, "exchanges", connection->exchanges, err));
	TRY(axev__json_set_u64(object, "interim_answers", connection->interim_answers, err));
	TRY(set_flaws(connection, object, err));
	if (connection->is_tunnelled)
		TRY(axev__json_set_u64(object, "through", connection->outer, err));
	TRY(set_text(object, "tunnel", connection->tunnel, err));
	if (connection->tunnel)
		TRY(axev__json_set_u64(object, "tunnel_status", connection->tunnel_status, err));
	TRY(set_text(object, "upgraded_to", connection->upgraded_to, err));
	TRY(set_tls(wire, connection, object, err));
	return axev__json_append(list, axev__steal(object), err);
}

static int require_finished(const struct axev__wire *wire, axev_error *err)
{
	if (!wire->is_finished)
		return axev__fail(err, AXEV_E_INVAL, "the network log is still being read");
	return AXEV_OK;
}

int axev__wire_connections_json(const struct axev__wire *wire, bool has_secrets, axev__json **ret_json, axev_error *err)
{
	AXEV__JSON *document = axev__json_new_object(), *list = axev__json_new_array();
	const struct axev__wire_connection *connection;

	TRY(require_finished(wire, err));
	TRY(axev__json_set_str(document, "format", "ax-wire-connections/1", err));
	TRY(axev__json_set_bool(document, "log_closed", axev__netlog_is_closed(wire->log), err));
	TRY(axev__json_set_bool(document, "over_limit", wire->is_over_limit, err));
	TRY(set_decimal(document, "bad_lines", wire->bad_lines, err));
	EACH(&wire->connections, connection)
		TRY(connection_json(wire, connection, has_secrets, list, err));
	TRY(axev__json_set(document, "connections", axev__steal(list), err));
	TRY(set_certificates(wire, document, err));
	*ret_json = axev__steal(document);
	return AXEV_OK;
}

static int set_leaf(const struct axev__wire *wire, const struct axev__wire_tls *tls,
		    axev__json *object, axev_error *err)
{
	struct axev__cert_info info;

	if (tls->certificates.count == 0)
		return AXEV_OK;
	TRY(set_fingerprints(wire, object, "certificates", tls->certificates.items,
			     tls->certificates.count, err));
	if (axev__cert_info(der_of(wire, tls->certificates.items[0]), &info, NULL) < 0)
		return AXEV_OK;
	TRY(axev__json_set_str(object, "subject", info.subject, err));
	return axev__json_set_str(object, "issuer", info.issuer, err);
}

int axev__wire_tls_json(const struct axev__wire *wire, size_t index, axev__json **ret_json,
			axev_error *err)
{
	AXEV__JSON *object = axev__json_new_object();
	const struct axev__wire_connection *connection;
	const struct axev__wire_verification *job;
	bool is_own;

	TRY(require_finished(wire, err));
	if (index >= wire->connections.count)
		return axev__fail(err, AXEV_E_INVAL, "connection %zu: there are %zu", index,
				  wire->connections.count);
	connection = &wire->connections.items[index];
	if (!connection->tls) {
		*ret_json = NULL;
		return AXEV_OK;
	}
	TRY(axev__json_set_str(object, "version",
			       connection->tls->version ? connection->tls->version :
							  "not established",
			       err));
	TRY(set_registered(object, "cipher", AXEV__TLS_CIPHER, connection->tls->cipher, err));
	TRY(set_text(object, "server_name", connection->tls->server_name, err));
	TRY(set_leaf(wire, connection->tls, object, err));
	job = axev__wire_verdict(wire, connection, &is_own);
	if (job)
		TRY(set_verdict(wire, job, object, err));
	*ret_json = axev__steal(object);
	return AXEV_OK;
}

/* ---- DNS ---- */

static int answer_json(const struct axev__wire_answer *answer, axev__json *list, axev_error *err)
{
	AXEV__JSON *object = axev__json_new_object();

	TRY(set_text(object, "name", answer->name, err));
	if (answer->type > 0)
		TRY(axev__json_set_u64(object, "type", (uint64_t)answer->type, err));
	TRY(set_time(object, "time", answer->time_ns, err));
	TRY(set_text(object, "server", answer->server, err));
	TRY(set_text(object, "message", answer->message, err));
	return axev__json_append(list, axev__steal(object), err);
}

/* Each under its lookup; those that the log binds to none under the document. */
static int set_answers(const struct axev__wire *wire, axev__json *lookups, axev__json *document,
		       axev_error *err)
{
	const struct axev__wire_answer *answer;
	axev__json *list;

	TRY(axev__json_set(document, "other_answers", axev__json_new_array(), err));
	EACH(&wire->answers, answer) {
		list = answer->lookup == AXEV__WIRE_NONE ?
			       axev__json_get(document, "other_answers") :
			       axev__json_get(axev__json_at(lookups, answer->lookup), "answers");
		TRY(answer_json(answer, list, err));
	}
	return AXEV_OK;
}

static int set_system(const struct axev__wire *wire, const struct axev__wire_lookup *lookup,
		      axev__json *object, axev_error *err)
{
	AXEV__JSON *facts = axev__json_new_object(), *list = axev__json_new_array();
	char *const *address;

	if (!lookup->has_system)
		return AXEV_OK;
	EACH(&lookup->addresses, address)
		TRY(axev__json_append_str(list, *address, err));
	TRY(axev__json_set(facts, "addresses", axev__steal(list), err));
	TRY(set_net_error(wire, facts, lookup->system_error, err));
	TRY(set_os_error(facts, lookup->system_os_error, err));
	return axev__json_set(object, "system", axev__steal(facts), err);
}

int axev__wire_dns_json(const struct axev__wire *wire, axev__json **ret_json, axev_error *err)
{
	AXEV__JSON *document = axev__json_new_object(), *list = axev__json_new_array();
	const struct axev__wire_lookup *lookup;

	TRY(require_finished(wire, err));
	EACH(&wire->lookups, lookup) {
		AXEV__JSON *object = axev__json_new_object();

		TRY(set_text(object, "host", lookup->host, err));
		TRY(set_time(object, "began", lookup->began_ns, err));
		TRY(set_time(object, "ended", lookup->ended_ns, err));
		TRY(set_net_error(wire, object, lookup->net_error, err));
		TRY(axev__json_set_bool(object, "secure", lookup->is_secure, err));
		TRY(axev__json_set(object, "answers", axev__json_new_array(), err));
		TRY(set_system(wire, lookup, object, err));
		TRY(axev__json_append(list, axev__steal(object), err));
	}
	TRY(axev__json_set_str(document, "format", "ax-wire-dns/1", err));
	TRY(set_answers(wire, list, document, err));
	TRY(axev__json_set(document, "lookups", axev__steal(list), err));
	*ret_json = axev__steal(document);
	return AXEV_OK;
}
