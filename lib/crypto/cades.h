/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CAdES-B-T (ETSI EN 319 122-1) in the one canonical form of FORMAT.md section 1.
 *
 * One SignerInfo, detached, signed attributes contentType, signingTime, messageDigest and
 * signing-certificate-v2, an optional time-stamp token over the signature value. All of it is rebuilt by the reader
 * from its parts and compared byte for byte. What binds the parts: the signature covers the attributes, these name
 * the leaf; its issuers are bound by expected_signatures in the manifest and by nothing in the p7s.
 */
#ifndef AXEV_CRYPTO_CADES_H
#define AXEV_CRYPTO_CADES_H

#include "crypto/key.h"

/* Bytes to be signed: DER SET of the signed attributes for content with this SHA-256. */
int axev__cades_tbs(struct axev__span signer_cert, const uint8_t content_sha256[32],
		    int64_t claimed_time_ns, struct axev__buf *ret_signed_attributes,
		    axev_error *err);

/* Complete CMS. @certs leaf first; @token empty: level B. The caller has not to check the signature. */
int axev__cades_assemble(const struct axev__certs *certs, struct axev__span signed_attributes,
			 struct axev__span signature, struct axev__span token,
			 struct axev__buf *ret_der, axev_error *err);

/* What a p7s holds; all spans lend from the input. */
struct axev__cades {
	struct axev__span signed_attributes; /* as SET (tag 0x31): what was signed */
	uint8_t *signed_attributes_copy;     /* owned storage behind it */
	struct axev__span signature;
	struct axev__span token;             /* empty: none */
	struct axev__certs certs;            /* leaf first */
	uint8_t message_digest[32];
	int64_t claimed_time_ns;             /* signingTime: claimed, not proven */
};
void axev__cades_free(struct axev__cades *cades);
#define AXEV__CADES AXEV__CLEANUP(axev__cades_free) struct axev__cades

/* Strict: AXEV_E_FORMAT unless the bytes are exactly the canonical form. Nothing is verified yet. */
int axev__cades_parse(struct axev__span der, struct axev__cades *ret_cades, axev_error *err);

/*
 * messageDigest equals @content_sha256, signing-certificate-v2 names the leaf, the leaf's key made the
 * signature: AXEV_E_INVALID otherwise. The attributes are exactly those of axev__cades_tbs: AXEV_E_FORMAT.
 * No trust decision: that is axev__chain_check.
 */
int axev__cades_check(const struct axev__cades *cades, const uint8_t content_sha256[32],
		      axev_error *err);

#endif
