/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signers: a certificate chain and a way to make signatures with its key.
 *
 * The key may live in a PEM or PKCS#12 file, or anywhere else behind a callback (a token, a card, a
 * service). EC P-256 (default) and RSA of 3072 bits or more are accepted for evidence. The certificate's key usage, when
 * there is one, allows digitalSignature or nonRepudiation; its extended key usage, when there is one, has a purpose
 * besides TLS servers, code signing, OCSP and time-stamps.
 */
#ifndef AX_EVIDENCE_KEY_H
#define AX_EVIDENCE_KEY_H

#include <ax_evidence/error.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct axev_signer axev_signer;

/**
 * Make a signature over @tbs with SHA-256: ECDSA as DER, or RSA PKCS#1 v1.5.
 *
 * @param signature        room for *signature_bytes bytes; the callback sets the length used.
 */
typedef int (*axev_sign_callback)(void *payload, const uint8_t *tbs, size_t tbs_bytes,
				  uint8_t *signature, size_t *signature_bytes, axev_error *err);

/**
 * Open a signer from files.
 *
 * @param key_path    PEM private key, or a PKCS#12 file with key and certificates.
 * @param cert_path   PEM chain, leaf first; NULL when the PKCS#12 file or the key file holds it.
 * @param passphrase  NUL-terminated, or NULL; never kept.
 * @param[out] ret_signer  Given: free with axev_signer_free().
 * @return AXEV_OK; NOTFOUND, IO, FORMAT, PASSPHRASE (missing or wrong), CRYPTO (key and certificate differ,
 *         or the kind of key is not accepted), NOMEM.
 * @threads distinct signers in parallel; one signer from one thread at a time.
 */
AXEV_API AXEV_MUST_USE int axev_signer_open(const char *key_path, const char *cert_path,
					    const char *passphrase, axev_signer **ret_signer,
					    axev_error *err);

/**
 * A signer whose key is elsewhere.
 *
 * @param cert_pem  PEM chain, leaf first.
 * @param sign      called on the thread that seals.
 */
AXEV_API AXEV_MUST_USE int axev_signer_new_callback(const char *cert_pem, size_t cert_pem_bytes,
						    axev_sign_callback sign, void *payload,
						    axev_signer **ret_signer, axev_error *err);

/** SHA-256 of the leaf certificate, to compare with a letter. */
AXEV_API int axev_signer_fingerprint(const axev_signer *signer, axev_id *ret_fingerprint,
				     axev_error *err);

/** NULL-safe. */
AXEV_API void axev_signer_free(axev_signer *signer);

#ifdef __cplusplus
}
#endif
#endif
