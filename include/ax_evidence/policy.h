/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Policies: what a verifier trusts. Trust comes only from here, never from the thing verified.
 *
 * A policy is one JSON file ("ax-policy/1", doc/FORMAT.md section 6): certificates of signers and of
 * time-stamp authorities, ledger keys, and which checks are required.
 */
#ifndef AX_EVIDENCE_POLICY_H
#define AX_EVIDENCE_POLICY_H

#include <ax_evidence/error.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct axev_policy axev_policy;

/** What a certificate or key is trusted for. */
enum {
	AXEV_TRUST_SIGNER = 1,    /**< root (or the certificate itself) of people and devices that seal */
	AXEV_TRUST_TIMESTAMP = 2, /**< root of a time-stamp authority */
	AXEV_TRUST_LEDGER = 3,    /**< note verifier key of a ledger */
	AXEV_TRUST_TLS_ROOT = 4,  /**< root of web servers: only names who they are */
	AXEV_TRUST_CT_LOG = 5     /**< public key (PEM or DER) of a Certificate Transparency log */
};

/** An empty policy: integrity can be verified, every identity stays "not chosen yet". */
AXEV_API AXEV_MUST_USE int axev_policy_new(axev_policy **ret_policy, axev_error *err);

/** @return AXEV_OK; NOTFOUND, IO, FORMAT, LIMIT, UNSUPPORTED (newer format), NOMEM. */
AXEV_API AXEV_MUST_USE int axev_policy_open(const char *path, axev_policy **ret_policy,
					    axev_error *err);

/** Write the policy so that after a crash the file is the old or the new one. */
AXEV_API AXEV_MUST_USE int axev_policy_save(const axev_policy *policy, const char *path,
					    axev_error *err);

/**
 * Trust a certificate (PEM or DER), a ledger key (one vkey line) or the public key of a log (PEM or DER).
 *
 * @param trust  AXEV_TRUST_*.
 * @param name   label for people, UTF-8, or NULL.
 * @param[out] ret_fingerprint  SHA-256 of the certificate or of the vkey line; may be NULL.
 */
AXEV_API AXEV_MUST_USE int axev_policy_add(axev_policy *policy, int trust, const void *data,
					   size_t data_bytes, const char *name,
					   axev_id *ret_fingerprint, axev_error *err);

/** NULL-safe. */
AXEV_API void axev_policy_free(axev_policy *policy);

#ifdef __cplusplus
}
#endif
#endif
