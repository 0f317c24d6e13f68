/* SPDX-License-Identifier: Apache-2.0 */
/* wire/connections.json, read: its certificates by fingerprint, and the TLS of one connection after another. */
#ifndef AXEV_VERIFY_TLS_DOCUMENT_H
#define AXEV_VERIFY_TLS_DOCUMENT_H

#include "base/json.h"
#include "content/tls_transcript.h"
#include "crypto/x509.h"

struct axev__tls_listed {
	uint8_t sha256[32];
	struct axev__span der;
};

struct axev__tls_document {
	axev__json *json;
	struct axev__certs certs; /* as they stand in the document */
	struct axev__tls_listed *listed; /* the same, by fingerprint */
	const axev__json *connections; /* lent from json */
};
void axev__tls_document_free(struct axev__tls_document *document);
#define AXEV__TLS_DOCUMENT AXEV__CLEANUP(axev__tls_document_free) struct axev__tls_document

/*
 * Canonical JSON of the known format whose certificates have the fingerprints and names stated. AXEV_E_UNSUPPORTED for a
 * newer format.
 */
int axev__tls_document_read(struct axev__span bytes, struct axev__tls_document *ret_document,
			    axev_error *err);
/* By its fingerprint in hexadecimal digits; an empty span: not listed. */
struct axev__span axev__tls_document_find(const struct axev__tls_document *document, struct axev__span hex);

/* What one connection says of itself. Lends from the document. */
struct axev__tls_connection {
	struct axev__span destination, host, remote_address; /* empty: not stated; host without brackets */
	uint64_t exchanges;
	bool is_proxied;       /* the destination lies behind a proxy */
	const axev__json *tls; /* NULL: without TLS */
	int64_t at_ns;         /* end of the handshake, else its begin */
	bool is_established, is_resumed, is_hello_encrypted;
	bool has_verdict, is_accepted; /* the browser's own */
	struct axev__span verify_result; /* or why the handshake failed */
	struct axev__tls_message *messages;
	size_t message_count;
	struct axev__buf bytes; /* of the messages */
};
void axev__tls_connection_free(struct axev__tls_connection *connection);
#define AXEV__TLS_CONNECTION AXEV__CLEANUP(axev__tls_connection_free) struct axev__tls_connection

int axev__tls_connection_read(const axev__json *json, struct axev__tls_connection *ret_connection,
			      axev_error *err);

/* The leaf that stands in the Certificate message, or for a compressed one the first of those stated. Empty: none. */
struct axev__span axev__tls_leaf(const struct axev__tls_document *document,
				 const struct axev__tls_connection *connection,
				 const struct axev__tls_handshake *handshake);

/* Are the certificates and facts that the document states of the connection those in its messages? */
int axev__tls_compare(const struct axev__tls_connection *connection,
		      const struct axev__tls_handshake *handshake, axev_error *err);

/* The leaf, then all else that the server sent or the browser found for its chain. */
int axev__tls_path(const struct axev__tls_document *document,
		   const struct axev__tls_connection *connection, struct axev__span leaf,
		   struct axev__certs *path, axev_error *err);

#endif
