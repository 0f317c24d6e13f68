/* SPDX-License-Identifier: Apache-2.0 */
/* What a policy holds. FORMAT.md section 6. */
#ifndef AXEV_VERIFY_POLICY_H
#define AXEV_VERIFY_POLICY_H

#include <ax_evidence/policy.h>

#include "base/json.h"
#include "crypto/x509.h"
#include "proof/note.h"

#define AXEV__POLICY_FORMAT "ax-policy/1"
#define AXEV__MAX_POLICY_NAME 256
#define AXEV__MAX_POLICY_CERTS 64 /* of one kind */
#define AXEV__MAX_POLICY_LEDGERS 64
#define AXEV__MAX_POLICY_CT_LOGS 128

struct axev__trusted_cert {
	char name[AXEV__MAX_POLICY_NAME]; /* UTF-8 as given; may be empty */
	uint8_t sha256[32];
	bool is_embedded; /* a time-stamp authority that ships with a ledger: the maker's own clock */
};

/* Certificates trusted for one purpose: DER and label side by side. */
struct axev__trusted {
	struct axev__certs certs;
	struct axev__trusted_cert labels[AXEV__MAX_POLICY_CERTS];
};

/* A log of Certificate Transparency. */
struct axev__policy_ct_log {
	char name[AXEV__MAX_POLICY_NAME];
	uint8_t sha256[32];   /* of the key: the log's id */
	struct axev__buf key; /* DER SubjectPublicKeyInfo */
};

struct axev_policy {
	char name[AXEV__MAX_POLICY_NAME];
	struct axev__trusted signers, timestamps, tls_roots;
	size_t ledger_count;
	struct {
		char name[AXEV__MAX_POLICY_NAME];
		struct axev__note_key key;
	} ledgers[AXEV__MAX_POLICY_LEDGERS];
	size_t ct_log_count;
	struct axev__policy_ct_log ct_logs[AXEV__MAX_POLICY_CT_LOGS];
	bool is_timestamp_required; /* no proven time: indeterminate */
	bool is_ledger_required;    /* no ledger entries: indeterminate */
};

/* Adding what is there already changes nothing. */
int axev__policy_add_ct_log(axev_policy *policy, struct axev__span key, struct axev__span name,
			    uint8_t ret_sha256[32], axev_error *err);

int axev__policy_read(struct axev__span bytes, axev_policy **ret_policy, axev_error *err);
int axev__policy_write(const axev_policy *policy, struct axev__buf *out, axev_error *err);

/* SHA-256 of the policy's canonical bytes: what two people compare to know that they hold the same. */
int axev__policy_fingerprint(const axev_policy *policy, uint8_t out[32], axev_error *err);

/* Say of a trusted authority that it is the maker's own. AXEV_E_NOTFOUND. */
int axev__policy_mark_embedded(axev_policy *policy, const axev_id *fingerprint, axev_error *err);

const struct axev__trusted_cert *axev__trusted_find(const struct axev__trusted *trusted,
						    const uint8_t sha256[32]);

static inline void axev__policy_freep(axev_policy **policy)
{
	axev_policy_free(*policy);
}
#define AXEV__POLICY AXEV__CLEANUP(axev__policy_freep) axev_policy

#endif
