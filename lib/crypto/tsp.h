/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 3161 time-stamps: requests, answers, tokens; and an authority of one's own. */
#ifndef AXEV_CRYPTO_TSP_H
#define AXEV_CRYPTO_TSP_H

#include "crypto/key.h"

/* TimeStampReq over a SHA-256 imprint; the nonce is always sent, certReq is true. */
int axev__tsp_request(const uint8_t imprint[32], uint64_t nonce, struct axev__buf *ret_der,
		      axev_error *err);

/* The token inside a TimeStampResp; a refusal is AXEV_E_PEER with its status text, escaped. */
int axev__tsp_response_token(struct axev__span response, struct axev__span *ret_token,
			     axev_error *err);

struct axev__token {
	uint8_t imprint[32];
	int64_t gen_time_ns;
	int64_t accuracy_ns; /* -1: not stated */
	bool has_nonce;
	uint64_t nonce;
	char policy_oid[128];
	char serial_hex[130];
	bool is_embedded;          /* policy OID is AXEV__EMBEDDED_TSA_POLICY: the maker's own clock */
	struct axev__certs path;   /* signing certificate first, in issuing order as far as present */
};
void axev__token_free(struct axev__token *token);
#define AXEV__TOKEN AXEV__CLEANUP(axev__token_free) struct axev__token

/* The authority that ships with the library says so in every token (an OID below a UUID, X.667). */
#define AXEV__EMBEDDED_TSA_POLICY "2.25.204317392214560973340137722841150263681.1"

/*
 * Any DER token as authorities make them: one SignerInfo, ESSCertIDv2 or SHA-1 ESSCertID refused, digest
 * SHA-256/384/512, RSA PKCS#1 or ECDSA. Checks the signature with the embedded certificate, ESS,
 * eContent, EKU. AXEV_E_FORMAT or AXEV_E_INVALID. Trust is axev__chain_check at gen_time_ns.
 */
int axev__token_read(struct axev__span der, struct axev__token *ret_token, axev_error *err);

/* The same, and the token must be in the canonical form that axev__token_normalise makes. */
int axev__token_read_canonical(struct axev__span der, struct axev__token *ret_token,
			       axev_error *err);

/*
 * Re-encode the unsigned outside of a token canonically: certificates are exactly the path from the signing
 * certificate to a self-signed root (missing ones are taken from @known), no CRLs, no unsigned attributes.
 * The signed bytes stay as they are. AXEV_E_NOTFOUND when the path cannot be completed.
 */
int axev__token_normalise(struct axev__span der, const struct axev__certs *known,
			  struct axev__buf *ret_der, axev_error *err);

/* ---- the embedded authority ---- */

/* Answer @request (DER) with a granted TimeStampResp. Serial must never repeat: the caller persists it. */
struct axev__tsa {
	const axev_signer *signer; /* certificate with EKU timeStamping; chain to its root */
	uint64_t serial;
	int64_t now_ns;
	int64_t accuracy_ns;
};
int axev__tsa_respond(const struct axev__tsa *tsa, struct axev__span request,
		      struct axev__buf *ret_response, axev_error *err);
/* A TimeStampResp that refuses (PKIStatus rejection with a PKIFailureInfo bit). */
int axev__tsa_refuse(unsigned failure_bit, const char *text, struct axev__buf *ret_response,
		     axev_error *err);

#endif
