/* SPDX-License-Identifier: Apache-2.0 */
/* Signed certificate timestamps, RFC 6962 version 1: a log's promise to publish a certificate. */
#ifndef AXEV_CRYPTO_SCT_H
#define AXEV_CRYPTO_SCT_H

#include "crypto/x509.h"

struct axev__sct {
	struct axev__span log_id; /* SHA-256 of the log's key */
	int64_t time_ns;
	struct axev__span extensions;
	uint8_t hash, algorithm; /* RFC 5246 7.4.1.4.1 */
	struct axev__span signature;
};

/* The SignedCertificateTimestampList inside a certificate; nothing is appended when there is none. */
int axev__sct_embedded(struct axev__span leaf, struct axev__buf *out, axev_error *err);

/*
 * The same out of a stapled OCSPResponse (DER), of the answers for @leaf: by its serial number. The response's own signature is
 * not looked at, a timestamp has one.
 */
int axev__sct_stapled(struct axev__span response, struct axev__span leaf, struct axev__buf *out, axev_error *err);

/* RFC 6962 3.3. Entries of another version are passed over; *ret_found false: no further one. */
int axev__sct_begin(struct axev__span list, struct axev__span *ret_rest, axev_error *err);
int axev__sct_next(struct axev__span *rest, struct axev__sct *ret_sct, bool *ret_found, axev_error *err);

/*
 * Did the holder of @log_key (DER SubjectPublicKeyInfo) sign it for @leaf? @issuer is needed for an embedded one and issued
 * @leaf. AXEV_E_INVALID.
 */
int axev__sct_verify(const struct axev__sct *sct, struct axev__span leaf, struct axev__span issuer,
		     bool is_embedded, struct axev__span log_key, axev_error *err);

/* A public key as PEM or DER, canonical, of a kind that logs use; AXEV_E_FORMAT. */
int axev__public_key_read(struct axev__span pem_or_der, struct axev__buf *ret_der, axev_error *err);

/* Of @certs the one that issued @leaf; empty: none. */
struct axev__span axev__certs_issuer(const struct axev__certs *certs, struct axev__span leaf);

#endif
