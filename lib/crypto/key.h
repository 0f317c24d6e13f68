/* SPDX-License-Identifier: Apache-2.0 */
/* Private keys: EC P-256, RSA, Ed25519; PEM and PKCS#12; and the signer that CMS works with. */
#ifndef AXEV_CRYPTO_KEY_H
#define AXEV_CRYPTO_KEY_H

#include <ax_evidence/key.h>

#include "base/env.h"
#include "crypto/x509.h"

struct axev__key;
void axev__key_free(struct axev__key *key);
static inline void axev__key_freep(struct axev__key **key)
{
	axev__key_free(*key);
}
#define AXEV__KEY AXEV__CLEANUP(axev__key_freep) struct axev__key

enum axev__key_type { AXEV__KEY_EC_P256, AXEV__KEY_RSA, AXEV__KEY_ED25519 };

/* @rsa_bits is for AXEV__KEY_RSA. */
int axev__key_generate(enum axev__key_type type, int rsa_bits, struct axev__key **ret_key,
		       axev_error *err);
enum axev__key_type axev__key_type(const struct axev__key *key);
/* PKCS#8 PEM; @passphrase NULL = unencrypted, else AES-256-CBC with PBKDF2. */
int axev__key_to_pem(const struct axev__key *key, const char *passphrase, struct axev__buf *out,
		     axev_error *err);
/* AXEV_E_PASSPHRASE when one is needed or it is wrong. @passphrase may be NULL. */
int axev__key_from_pem(struct axev__span pem, const char *passphrase, struct axev__key **ret_key,
		       axev_error *err);
/* Key and certificates (leaf first) of a PKCS#12 file. */
int axev__key_from_pkcs12(struct axev__span der, const char *passphrase, struct axev__key **ret_key,
			  struct axev__certs *ret_certs, axev_error *err);
/* Is @cert_der for this key? */
bool axev__key_matches(const struct axev__key *key, struct axev__span cert_der);

/* Sign: ECDSA (DER) or RSA PKCS#1 v1.5 over SHA-256 of @tbs; Ed25519 over @tbs itself. */
int axev__key_sign(const struct axev__key *key, struct axev__span tbs, struct axev__buf *ret_signature,
		   axev_error *err);

/* Ed25519, raw: 32-byte public keys, 64-byte signatures. */
int axev__ed25519_public(const struct axev__key *key, uint8_t out[32], axev_error *err);
int axev__ed25519_verify(const uint8_t public_key[32], struct axev__span message,
			 const uint8_t signature[64], axev_error *err); /* AXEV_E_INVALID */

/* The signer behind the public handle; leaf certificate first. */
const struct axev__certs *axev__signer_certs(const axev_signer *signer);
int axev__signer_sign(const axev_signer *signer, struct axev__span tbs,
		      struct axev__buf *ret_signature, axev_error *err);
/* Takes @key over in every case; checks that it fits certs->items[0], which it copies. */
int axev__signer_new(struct axev__key *key, const struct axev__certs *certs, axev_signer **ret_signer,
		     axev_error *err);
static inline void axev__signer_freep(axev_signer **signer)
{
	axev_signer_free(*signer);
}
#define AXEV__SIGNER AXEV__CLEANUP(axev__signer_freep) axev_signer

#endif
