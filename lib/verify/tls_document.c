/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/tls_document.h"

#include <stdio.h>

#include "base/text.h"
#include "crypto/digest.h"

void axev__tls_document_free(struct axev__tls_document *document)
{
	axev__json_free(document->json);
	axev__certs_free(&document->certs);
	free(document->listed);
	memset(document, 0, sizeof(*document));
}

/* ---- certificates ---- */

static int by_sha256(const void *one, const void *other)
{
	return memcmp(((const struct axev__tls_listed *)one)->sha256,
		      ((const struct axev__tls_listed *)other)->sha256, 32);
}

/* subject and issuer are for people, who believe them. */
static int compare_name(const axev__json *json, const char *key, const char *expected, axev_error *err)
{
	struct axev__shown shown;
	struct axev__span text;

	if (!axev__json_get(json, key))
		return AXEV_OK;
	TRY(axev__json_string(json, key, &text, err));
	if (!axev__span_is(text, expected))
		return axev__fail(err, AXEV_E_INVALID, "%s: the certificate does not say '%s'", key,
				  axev__show(&shown, text));
	return AXEV_OK;
}

static int compare_names(const axev__json *json, struct axev__span der, axev_error *err)
{
	struct axev__cert_info info;

	if (!axev__json_get(json, "subject") && !axev__json_get(json, "issuer"))
		return AXEV_OK;
	TRY(axev__cert_info(der, &info, err));
	TRY(compare_name(json, "subject", info.subject, err));
	return compare_name(json, "issuer", info.issuer, err);
}

static int read_certificate(struct axev__tls_document *document, const axev__json *json,
			    axev_error *err)
{
	AXEV__BUF der = AXEV__BUF_INIT(AXEV__MAX_DER_BYTES);
	struct axev__tls_listed *listed = &document->listed[document->certs.count];
	struct axev__span text;
	uint8_t sha256[32];

	TRY(axev__json_string(json, "der", &text, err));
	if (!axev__unbase64(&der, text))
		return axev__fail(err, AXEV_E_FORMAT, "member 'der': expected base64 of DER");
	TRY(axev__json_hex(json, "sha256", listed->sha256, 32, err));
	TRY(axev__sha256(der.data, der.size, sha256, err));
	if (memcmp(sha256, listed->sha256, 32) != 0)
		return axev__fail(err, AXEV_E_INVALID,
				  "member 'sha256': expected the SHA-256 of the certificate");
	TRY(compare_names(json, axev__buf_view(&der), err));
	TRY(axev__certs_add(&document->certs, axev__buf_view(&der), err));
	listed->der = axev__cert_at(&document->certs, document->certs.count - 1);
	return AXEV_OK;
}

static int read_certificates(struct axev__tls_document *document, axev_error *err)
{
	axev__json *list;
	size_t i;

	TRY(axev__json_array(document->json, "certificates", &list, err));
	document->listed = calloc(axev__json_count(list) + 1, sizeof(*document->listed));
	if (!document->listed)
		return axev__nomem(err);
	for (i = 0; i < axev__json_count(list); i++)
		TRY(axev__prefix(read_certificate(document, axev__json_at(list, i), err), err,
				 "certificates[%zu]", i));
	if (document->certs.count)
		qsort(document->listed, document->certs.count, sizeof(*document->listed), by_sha256);
	return AXEV_OK;
}

struct axev__span axev__tls_document_find(const struct axev__tls_document *document, struct axev__span hex)
{
	struct axev__tls_listed key, *found;

	if (hex.size != 64 || !axev__unhex(key.sha256, 32, hex) || document->certs.count == 0)
		return axev__span(NULL, 0);
	found = bsearch(&key, document->listed, document->certs.count, sizeof(key), by_sha256);
	return found ? found->der : axev__span(NULL, 0);
}

int axev__tls_document_read(struct axev__span bytes, struct axev__tls_document *ret_document,
			    axev_error *err)
{
	AXEV__TLS_DOCUMENT document = { 0 };
	struct axev__shown shown;
	struct axev__span format;
	axev__json *connections;

	TRY(axev__json_parse_canonical(bytes, &document.json, err));
	TRY(axev__json_string(document.json, "format", &format, err));
	if (!axev__span_is(format, "ax-wire-connections/1"))
		return axev__fail(err, AXEV_E_UNSUPPORTED, "newer format: expected ax-wire-connections/1, found %s",
				  axev__show(&shown, format));
	TRY(axev__json_array(document.json, "connections", &connections, err));
	TRY(read_certificates(&document, err));
	document.connections = connections;
	*ret_document = document;
	memset(&document, 0, sizeof(document));
	return AXEV_OK;
}

/* ---- connections ---- */

void axev__tls_connection_free(struct axev__tls_connection *connection)
{
	free(connection->messages);
	axev__buf_free(&connection->bytes);
	memset(connection, 0, sizeof(*connection));
}

static int optional_text(const axev__json *json, const char *key, struct axev__span *ret_text,
			 axev_error *err)
{
	*ret_text = axev__span(NULL, 0);
	return axev__json_get(json, key) ? axev__json_string(json, key, ret_text, err) : AXEV_OK;
}

/* "https://host:port", an IPv6 address in brackets */
static struct axev__span host_of(struct axev__span destination)
{
	struct axev__span rest = destination;
	const uint8_t *end;
	size_t i;

	for (i = 0; i + 3 <= rest.size; i++)
		if (memcmp(rest.data + i, "://", 3) == 0) {
			rest = axev__span(rest.data + i + 3, rest.size - i - 3);
			break;
		}
	if (rest.size && rest.data[0] == '[') {
		end = memchr(rest.data, ']', rest.size);
		return end ? axev__span(rest.data + 1, (size_t)(end - rest.data - 1)) : axev__span(NULL, 0);
	}
	for (i = 0; i < rest.size && rest.data[i] != ':' && rest.data[i] != '/'; i++)
		;
	return axev__span(rest.data, i);
}

/* Behind the server's signature nothing is kept: how many tickets follow is for the server to choose. */
static int read_message(const axev__json *json, struct axev__tls_connection *connection, bool is_kept,
			axev_error *err)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_TLS_MESSAGE_BYTES);
	struct axev__tls_message *message = &connection->messages[connection->message_count];
	struct axev__span from, text;
	uint64_t type;

	TRY(axev__json_string(json, "from", &from, err));
	TRY(axev__json_u64(json, "type", &type, err));
	TRY(axev__json_string(json, "bytes", &text, err));
	if (!axev__span_is(from, "client") && !axev__span_is(from, "server"))
		return axev__fail(err, AXEV_E_FORMAT, "member 'from': expected client or server");
	if (!axev__unbase64(&bytes, text))
		return axev__fail(err, AXEV_E_FORMAT, "member 'bytes': expected base64 of a handshake message");
	if (type != (bytes.size ? bytes.data[0] : 0))
		return axev__fail(err, AXEV_E_INVALID, "member 'type': expected that of the message");
	if (!is_kept)
		return AXEV_OK;
	message->is_sent = axev__span_is(from, "client");
	message->bytes = axev__span(NULL, bytes.size); /* placed when all are there */
	connection->message_count++;
	return axev__buf_span(&connection->bytes, axev__buf_view(&bytes), err);
}

static int read_messages(struct axev__tls_connection *connection, axev_error *err)
{
	size_t offset = 0, i;
	axev__json *list;

	TRY(axev__json_array(connection->tls, "handshake", &list, err));
	connection->messages = calloc(axev__json_count(list) + 1, sizeof(*connection->messages));
	if (!connection->messages)
		return axev__nomem(err);
	for (i = 0; i < axev__json_count(list); i++)
		TRY(axev__prefix(read_message(axev__json_at(list, i), connection,
					      i < AXEV__MAX_TLS_MESSAGES, err),
				 err, "handshake[%zu]", i));
	for (i = 0; i < connection->message_count; i++) {
		connection->messages[i].bytes.data = connection->bytes.data + offset;
		offset += connection->messages[i].bytes.size;
	}
	return AXEV_OK;
}

static int read_verdict(struct axev__tls_connection *connection, axev_error *err)
{
	axev__json *verdict;

	TRY(optional_text(connection->tls, "net_error", &connection->verify_result, err));
	if (!axev__json_get(connection->tls, "verification"))
		return AXEV_OK;
	TRY(axev__json_object(connection->tls, "verification", &verdict, err));
	connection->has_verdict = true;
	TRY(axev__json_boolean(verdict, "verified", &connection->is_accepted, err));
	return axev__json_string(verdict, "verify_result", &connection->verify_result, err);
}

static int read_tls(struct axev__tls_connection *connection, axev_error *err)
{
	const axev__json *tls = connection->tls;

	TRY(axev__json_time(tls, axev__json_get(tls, "ended") ? "ended" : "began", &connection->at_ns, err));
	TRY(axev__json_boolean(tls, "resumed", &connection->is_resumed, err));
	TRY(axev__json_boolean(tls, "encrypted_client_hello", &connection->is_hello_encrypted, err));
	connection->is_established = axev__json_get(tls, "version") != NULL;
	TRY(read_verdict(connection, err));
	return read_messages(connection, err);
}

int axev__tls_connection_read(const axev__json *json, struct axev__tls_connection *ret_connection,
			      axev_error *err)
{
	AXEV__TLS_CONNECTION connection = { .bytes = AXEV__BUF_INIT(AXEV__MAX_TLS_HANDSHAKE_BYTES) };
	axev__json *tls = NULL;

	TRY(optional_text(json, "destination", &connection.destination, err));
	TRY(optional_text(json, "remote_address", &connection.remote_address, err));
	TRY(axev__json_u64(json, "exchanges", &connection.exchanges, err));
	connection.host = host_of(connection.destination);
	connection.is_proxied = axev__json_get(json, "tunnel") || axev__json_get(json, "through");
	if (axev__json_get(json, "tls")) {
		TRY(axev__json_object(json, "tls", &tls, err));
		connection.tls = tls;
		TRY(axev__prefix(read_tls(&connection, err), err, "tls"));
	}
	*ret_connection = connection;
	memset(&connection, 0, sizeof(connection));
	return AXEV_OK;
}

/* ---- what is stated, against the messages ---- */

struct axev__span axev__tls_leaf(const struct axev__tls_document *document,
				 const struct axev__tls_connection *connection,
				 const struct axev__tls_handshake *handshake)
{
	struct axev__span rest = handshake->certificates, der, hex;

	if (axev__tls_next_certificate(handshake, &rest, &der))
		return der;
	if (!handshake->compression ||
	    !axev__json_as_string(axev__json_at(axev__json_get(connection->tls, "certificates"), 0), &hex))
		return axev__span(NULL, 0);
	return axev__tls_document_find(document, hex);
}

static int compare_certificates(const struct axev__tls_connection *connection,
				const struct axev__tls_handshake *handshake, axev_error *err)
{
	struct axev__span rest = handshake->certificates, der, stated;
	char hex[AXEV_ID_HEX_SIZE];
	uint8_t sha256[32];
	size_t count = 0;
	axev__json *list;

	TRY(axev__json_array(connection->tls, "certificates", &list, err));
	if (handshake->compression || handshake->outcome == AXEV__TLS_RESUMED)
		return AXEV_OK; /* the messages do not show them */
	while (axev__tls_next_certificate(handshake, &rest, &der)) {
		TRY(axev__sha256(der.data, der.size, sha256, err));
		axev__hex(hex, sha256, sizeof(sha256));
		if (!axev__json_as_string(axev__json_at(list, count++), &stated) ||
		    !axev__span_is(stated, hex))
			return axev__fail(err, AXEV_E_INVALID,
					  "certificate %zu in the handshake is %s, not the one stated", count,
					  hex);
	}
	if (count != axev__json_count(list))
		return axev__fail(err, AXEV_E_INVALID,
				  "the handshake shows %zu certificates, %zu are stated", count,
				  axev__json_count(list));
	return AXEV_OK;
}

static int compare_text(const axev__json *tls, const char *key, struct axev__span expected, axev_error *err)
{
	struct axev__shown shown, shown_other;
	struct axev__span stated;

	if (!axev__json_get(tls, key))
		return AXEV_OK;
	TRY(axev__json_string(tls, key, &stated, err));
	if (!axev__span_equal(stated, expected))
		return axev__fail(err, AXEV_E_INVALID, "%s: the handshake says '%s', stated is '%s'", key,
				  axev__show(&shown, expected), axev__show(&shown_other, stated));
	return AXEV_OK;
}

/* By its name or, from a version that knew none, as a number. */
static int compare_registered(const axev__json *tls, const char *key, enum axev__tls_registry registry,
			      uint16_t number, axev_error *err)
{
	const char *name = axev__tls_name(registry, number);
	struct axev__span stated;
	char text[8];

	snprintf(text, sizeof(text), "0x%04x", number);
	if (!number || (axev__json_as_string(axev__json_get(tls, key), &stated) && axev__span_is(stated, text)))
		return AXEV_OK;
	return compare_text(tls, key, axev__span_str(name ? name : text), err);
}

/* The outer ClientHello is the one that is shown; a name that could not be shown is not stated. */
static int compare_server_name(const struct axev__tls_connection *connection,
			       const struct axev__tls_handshake *handshake, axev_error *err)
{
	struct axev__span host = connection->host;
	struct axev__shown shown, shown_host;

	if (handshake->client_random.size == 0)
		return AXEV_OK;
	TRY(compare_text(connection->tls, "server_name", handshake->server_name, err));
	if (host.size && host.data[host.size - 1] == '.')
		host.size--; /* RFC 6066 3: without the root's dot */
	if (host.size == 0 || handshake->server_name.size == 0 || connection->is_proxied ||
	    connection->is_hello_encrypted || axev__span_equal(handshake->server_name, host))
		return AXEV_OK;
	return axev__fail(err, AXEV_E_INVALID, "the handshake asks for host '%s', the destination is '%s'",
			  axev__show(&shown, handshake->server_name), axev__show(&shown_host, host));
}

static int compare_established(const struct axev__tls_connection *connection,
			       const struct axev__tls_handshake *handshake, axev_error *err)
{
	const char *version = handshake->version == AXEV__TLS_1_3 ? "TLS 1.3" :
			      handshake->version == AXEV__TLS_1_2 ? "TLS 1.2" :
								    NULL;

	if (!connection->is_established)
		return AXEV_OK;
	if (handshake->outcome == AXEV__TLS_CUT_OFF)
		return axev__fail(err, AXEV_E_INVALID,
				  "the handshake is said to have succeeded, but its messages end before the "
				  "server's signature");
	if (version)
		TRY(compare_text(connection->tls, "version", axev__span_str(version), err));
	TRY(compare_registered(connection->tls, "cipher", AXEV__TLS_CIPHER, handshake->suite, err));
	TRY(compare_registered(connection->tls, "group", AXEV__TLS_GROUP, handshake->group, err));
	if (connection->is_resumed != (handshake->outcome == AXEV__TLS_RESUMED) && version)
		return axev__fail(err, AXEV_E_INVALID, "resumed: the handshake says otherwise");
	if (handshake->outcome != AXEV__TLS_SIGNED)
		return AXEV_OK;
	TRY(compare_registered(connection->tls, "signature", AXEV__TLS_SCHEME, handshake->scheme, err));
	return compare_text(connection->tls, "alpn",
			    handshake->alpn.size ? handshake->alpn : axev__span_str("unknown"), err);
}

int axev__tls_compare(const struct axev__tls_connection *connection,
		      const struct axev__tls_handshake *handshake, axev_error *err)
{
	TRY(compare_certificates(connection, handshake, err));
	TRY(compare_server_name(connection, handshake, err));
	return compare_established(connection, handshake, err);
}

/* ---- path ---- */

static int add_listed(const struct axev__tls_document *document, const axev__json *list,
		      struct axev__certs *path, axev_error *err)
{
	struct axev__span hex, der;
	size_t i;

	for (i = 0; i < axev__json_count(list) && path->count < AXEV__MAX_CMS_CERTS; i++) {
		if (!axev__json_as_string(axev__json_at(list, i), &hex))
			continue;
		der = axev__tls_document_find(document, hex);
		if (der.size)
			TRY(axev__certs_add(path, der, err));
	}
	return AXEV_OK;
}

int axev__tls_path(const struct axev__tls_document *document,
		   const struct axev__tls_connection *connection, struct axev__span leaf,
		   struct axev__certs *path, axev_error *err)
{
	TRY(axev__certs_add(path, leaf, err));
	TRY(add_listed(document, axev__json_get(connection->tls, "certificates"), path, err));
	return add_listed(document,
			  axev__json_get(axev__json_get(connection->tls, "verification"), "path"), path, err);
}
