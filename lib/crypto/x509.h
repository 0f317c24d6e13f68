/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates: reading, fingerprints, chains at a stated time against stated roots. */
#ifndef AXEV_CRYPTO_X509_H
#define AXEV_CRYPTO_X509_H

#include "base/buf.h"
#include "base/limits.h"

/* Certificates as DER, each owned; leaf first where order matters. */
struct axev__certs {
	size_t count, capacity;
	struct axev__cert_der {
		uint8_t *data;
		size_t size;
	} *items;
};
void axev__certs_free(struct axev__certs *certs);
#define AXEV__CERTS AXEV__CLEANUP(axev__certs_free) struct axev__certs
int axev__certs_add(struct axev__certs *certs, struct axev__span der, axev_error *err);
/* All of @from that are not in it yet. */
int axev__certs_collect(struct axev__certs *into, const struct axev__certs *from, axev_error *err);
static inline struct axev__span axev__cert_at(const struct axev__certs *certs, size_t index)
{
	return axev__span(certs->items[index].data, certs->items[index].size);
}
/* All certificates of a PEM text (other blocks are skipped), or one DER certificate. */
int axev__certs_read(struct axev__span pem_or_der, struct axev__certs *certs, axev_error *err);
int axev__certs_to_pem(const struct axev__certs *certs, struct axev__buf *out, axev_error *err);

struct axev__cert_info {
	char subject[256]; /* RFC 2253 UTF-8, escaped for showing */
	char issuer[256];
	char serial_hex[130];
	int64_t not_before_ns, not_after_ns;
	uint8_t sha256[32];
	bool is_self_signed; /* subject = issuer and its own key verifies it */
	bool is_ca;
	bool may_sign;        /* key usage absent, or digitalSignature or nonRepudiation */
	bool is_time_stamper; /* EKU timeStamping, critical and sole (RFC 3161 2.3) */
	bool is_for_others;   /* EKU names only TLS servers, code, OCSP and time-stamps: no signer of documents */
	char key[64];         /* "EC P-256", "RSA 3072" */
};
int axev__cert_info(struct axev__span der, struct axev__cert_info *ret_info, axev_error *err);

/* Is the certificate exactly DER, known key type and strength (dated allow-list at @at_ns)? */
int axev__cert_acceptable(struct axev__span der, int64_t at_ns, axev_error *err);

/* One certificate signs the next: each item is verified by its successor, the last by itself. */
int axev__path_links(const struct axev__certs *path, axev_error *err);

enum axev__chain_purpose { AXEV__CHAIN_SIGNER, AXEV__CHAIN_TIME_STAMP };

/*
 * Build and check the chain of path->items[0] to one of @roots at @at_ns (RFC 5280: signatures, validity,
 * basicConstraints, keyUsage, name constraints, critical extensions), no network. For time-stampers also
 * EKU. @crls_pem may be empty; when a CRL of an issuer is given it must cover and not revoke.
 * AXEV_E_INDETERMINATE when no chain to a root exists or it is outside its validity; AXEV_E_INVALID
 * when it is revoked, or was in doubt (invalidityDate), at @at_ns or before, or broken.
 * *ret_root_sha256 names the root used.
 */
int axev__chain_check(const struct axev__certs *path, const struct axev__certs *roots,
		      struct axev__span crls_pem, enum axev__chain_purpose purpose, int64_t at_ns,
		      uint8_t ret_root_sha256[32], axev_error *err);

/* Make a certificate: for init, tests and the embedded authority. */
struct axev__cert_request {
	const char *common_name; /* UTF-8 */
	const char *organisation; /* or NULL */
	int64_t not_before_ns, not_after_ns;
	bool is_ca;
	bool is_time_stamper; /* EKU timeStamping critical and sole, KU digitalSignature critical */
	uint8_t serial[16];
	const char *server_name; /* subjectAltName of a TLS server, as "IP:127.0.0.1"; NULL: it is none */
};
struct axev__key;
/* @issuer_der empty: self-signed. */
int axev__cert_issue(const struct axev__cert_request *request, const struct axev__key *subject_key,
		     struct axev__span issuer_der, const struct axev__key *issuer_key,
		     struct axev__buf *ret_der, axev_error *err);

#endif
