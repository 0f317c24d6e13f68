/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of lib/crypto share about certificates and keys, in OpenSSL's types. */
#ifndef AXEV_CRYPTO_X509_INTERNAL_H
#define AXEV_CRYPTO_X509_INTERNAL_H

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "crypto/key.h"

static inline void axev__x509_freep(X509 **x509)
{
	X509_free(*x509);
}
#define AXEV__X509 AXEV__CLEANUP(axev__x509_freep) X509

static inline void axev__pkey_freep(EVP_PKEY **pkey)
{
	EVP_PKEY_free(*pkey);
}
#define AXEV__PKEY AXEV__CLEANUP(axev__pkey_freep) EVP_PKEY

/* Exactly one certificate in exactly DER, else AXEV_E_FORMAT. */
int axev__x509_parse(struct axev__span der, X509 **ret_x509, axev_error *err);
/* One parsed lately from just these bytes, the caller's to free; NULL when there is none. Any thread. */
X509 *axev__x509_known(struct axev__span der);
void axev__x509_remember(struct axev__span der, X509 *x509);

/* Issuer Name and serialNumber as they stand in the certificate: whole TLVs. */
int axev__cert_sid(struct axev__span der, struct axev__span *ret_issuer,
		   struct axev__span *ret_serial, axev_error *err);
/* content octets of the subjectKeyIdentifier; empty when there is none. */
int axev__cert_ski(struct axev__span der, struct axev__buf *ret_ski, axev_error *err);

enum axev__cert_key { AXEV__CERT_KEY_OTHER, AXEV__CERT_KEY_RSA, AXEV__CERT_KEY_EC };
enum axev__cert_key axev__x509_key(const X509 *x509);

/* Does @issuer carry the name and the key that signed @subject? */
bool axev__x509_issued(X509 *issuer, X509 *subject);

/*
 * The path from @leaf up to a self-signed certificate or as far as @pool and @more (may be NULL) reach.
 * *ret_is_complete tells which.
 */
int axev__certs_path(struct axev__span leaf, const struct axev__certs *pool,
		     const struct axev__certs *more, struct axev__certs *ret_path,
		     bool *ret_is_complete, axev_error *err);

/* Verify with the certificate's key; digest "SHA256" and so on. AXEV_E_INVALID. */
int axev__x509_verify(struct axev__span cert, const char *digest, struct axev__span tbs,
		      struct axev__span signature, axev_error *err);

/* Signers: EC P-256 as a named curve, or RSA of 3072 bits or more. */
bool axev__pkey_may_sign_evidence(const EVP_PKEY *pkey);

EVP_PKEY *axev__key_pkey(const struct axev__key *key); /* lent */
/* Takes @pkey over in every case; AXEV_E_CRYPTO when its kind is not known. */
int axev__key_wrap(EVP_PKEY *pkey, struct axev__key **ret_key, axev_error *err);

#endif
