/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates and tokens for tests, honest ones and such as no honest authority makes. */
#ifndef AXEV_TESTS_SUPPORT_PKI_H
#define AXEV_TESTS_SUPPORT_PKI_H

#include "support.h"

#include "crypto/cades.h"
#include "crypto/cms.h"
#include "crypto/token.h"

#define PKI_NOW INT64_C(1790000000000000000) /* 2026-09-21T14:13:20Z; certificates last from 2026 to 2035 */

/* tests/data/keys/TEST-NAME.pem, also of kinds that the library refuses; and as the library's key. */
EVP_PKEY *pki_pkey(const char *name);
struct axev__key *pki_key(const char *name);
/* tests/data/NAME, whole. */
void pki_read(const char *name, struct axev__buf *out);

/* Extensions in OpenSSL's text form; NULL: without. */
struct pki_cert {
	const char *name;
	const char *basic, *usage, *extended;
	const char *names;           /* subjectAltName */
	const char *other;           /* value of an extension 1.2.3.4, with "critical," or not */
	const char *digest;          /* NULL: SHA256 */
	const char *from, *until;    /* YYYYMMDDHHMMSSZ; NULL: 2026 and 2035 */
	long serial;                 /* 0: 1 when self-signed, else 2 */
};
extern const struct pki_cert pki_root, pki_signer, pki_authority;

/* Issued by @issuer with its key; @issuer empty: self-signed. */
void pki_issue(const struct pki_cert *want, EVP_PKEY *key, struct axev__span issuer,
	       EVP_PKEY *issuer_key, struct axev__buf *ret_der);

/* Make the EC key of a certificate one of a kind that does not exist. */
void pki_unknown_key(struct axev__buf *der);

/* One authority: a root, and a key with a certificate under it. NULL: pki_authority, p256. */
struct pki_tsa {
	EVP_PKEY *root_key, *key;
	struct axev__certs certs; /* leaf, root */
	struct axev__certs roots;
};
void pki_tsa_new(const struct pki_cert *want, const char *key, struct pki_tsa *ret_tsa);
void pki_tsa_free(struct pki_tsa *tsa);
#define PKI_TSA AXEV__CLEANUP(pki_tsa_free) struct pki_tsa

/* A token; what is NULL or 0 is as an honest authority writes it. */
struct pki_token {
	const struct pki_tsa *tsa;
	uint8_t imprint[32];
	uint64_t nonce;              /* 0: none */
	const char *gen_time;        /* NULL: that of PKI_NOW */
	int version;                 /* 0: 1 */
	const char *imprint_algorithm; /* hexadecimal TLV; NULL: SHA-256 */
	const char *accuracy, *extensions; /* hexadecimal TLV */
	const char *ess_oid;         /* hexadecimal TLV of the attribute's OID; NULL: v2 */
	bool ess_of_root;            /* names the root instead */
	bool ess_sha1;               /* SigningCertificate of RFC 2634: SHA-1, without algorithm */
	const char *more_attribute;  /* hexadecimal TLV */
	/* AlgorithmIdentifiers written into the SignerInfo: hexadecimal, the second with tag a1. */
	const char *protected_digest, *protected_signature;
	size_t digest_bytes;         /* 0: 32, the digest of the CMS */
	bool without_certs;
	const struct axev__certs *certs; /* NULL: the authority's */
};
void pki_token(const struct pki_token *want, struct axev__buf *ret_der);

/* TimeStampResp with this status around @token, which may be empty. */
void pki_response(unsigned status, struct axev__span token, struct axev__buf *ret_der);

void pki_unhex(const char *hex, struct axev__buf *out);

#endif
