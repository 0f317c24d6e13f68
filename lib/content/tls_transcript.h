/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The handshake messages of one TLS connection, as the client's log has them in clear, and what the server signed in them:
 * in TLS 1.3 the transcript up to its Certificate (RFC 8446 4.4.3), in TLS 1.2 the two random values and its key exchange
 * parameters (RFC 5246 7.4.3). Nothing is decrypted and no signature is checked here.
 */
#ifndef AXEV_CONTENT_TLS_TRANSCRIPT_H
#define AXEV_CONTENT_TLS_TRANSCRIPT_H

#include "base/buf.h"

struct axev__tls_message {
	bool is_sent; /* by the client */
	struct axev__span bytes; /* with its header */
};

enum axev__tls_outcome {
	AXEV__TLS_SIGNED,
	AXEV__TLS_CUT_OFF,  /* the messages end before the server's signature */
	AXEV__TLS_RESUMED,  /* a session of an earlier handshake: no certificate and no signature */
	AXEV__TLS_UNSIGNED, /* TLS 1.2 with RSA key transport: the server signs nothing */
	AXEV__TLS_OLDER     /* before TLS 1.2 */
};

#define AXEV__TLS_1_2 0x0303
#define AXEV__TLS_1_3 0x0304

enum axev__tls_compression { /* RFC 8879 7.3 */
	AXEV__TLS_COMPRESSED_NOT = 0,
	AXEV__TLS_COMPRESSED_ZLIB = 1,
	AXEV__TLS_COMPRESSED_BROTLI = 2
};

/* Lends from the messages. Members behind the one that a cut-off handshake ends at are empty. */
struct axev__tls_handshake {
	enum axev__tls_outcome outcome;
	bool is_retried; /* HelloRetryRequest: there are two ClientHellos */
	bool has_server_hello, has_certificates;
	uint16_t version, suite;
	uint16_t group; /* of the key exchange; 0: not known */
	struct axev__span client_random, server_random;
	struct axev__span server_name; /* SNI of the ClientHello, the outer one; empty: none */
	struct axev__span alpn;        /* the protocol that the server chose; empty: none */
	struct axev__span schemes;     /* signature_algorithms of the ClientHello */
	struct axev__span certificates; /* certificate_list; empty while it is compressed */
	uint16_t compression;          /* of the Certificate message */
	struct axev__span scts;        /* SignedCertificateTimestampList of an extension; empty: none */
	struct axev__span ocsp;        /* the leaf's stapled OCSPResponse; empty: none */
	uint16_t scheme;
	struct axev__span signature;
	struct axev__span params;      /* TLS 1.2: what of ServerKeyExchange is signed */
	size_t covered;                /* TLS 1.3: that many messages from the first on are signed */
};

/*
 * AXEV_E_FORMAT when a message cannot be read, AXEV_E_INVALID when one does not follow from those before it. Messages
 * behind the server's signature are not looked at.
 */
int axev__tls_read(const struct axev__tls_message *messages, size_t count,
		   struct axev__tls_handshake *ret_handshake, axev_error *err);

/* Leaf first: start with *rest = handshake.certificates; false at the end. */
bool axev__tls_next_certificate(const struct axev__tls_handshake *handshake, struct axev__span *rest,
				struct axev__span *ret_der);

/* The exact bytes that the server's signature is over. AXEV_E_UNSUPPORTED: a cipher suite whose hash is not known. */
int axev__tls_signed_bytes(const struct axev__tls_handshake *handshake,
			   const struct axev__tls_message *messages, struct axev__buf *out,
			   axev_error *err);

/* Is it the server's CertificateRequest? */
bool axev__tls_asks_client(const struct axev__tls_message *message);
/* The certificate that the client showed, when it is the client's Certificate message with one in it. */
bool axev__tls_shown_by_client(const struct axev__tls_message *message, struct axev__span *ret_der);

/* ---- names of IANA's registry ---- */

enum axev__tls_registry { AXEV__TLS_CIPHER, AXEV__TLS_GROUP, AXEV__TLS_SCHEME };
/* NULL: not listed. */
const char *axev__tls_name(enum axev__tls_registry registry, int64_t number);

#endif
