/* SPDX-License-Identifier: Apache-2.0 */
/* What the checks share. One subject is one container: a bundle, or a package alone or inside one. */
#ifndef AXEV_VERIFY_VERIFY_H
#define AXEV_VERIFY_VERIFY_H

#include "crypto/cades.h"
#include "crypto/tsp.h"
#include "package/container_read.h"
#include "package/layout.h"
#include "proof/note.h"
#include "verify/policy.h"
#include "verify/report.h"

struct axev__verify {
	const axev_env *env;
	const axev_policy *policy;
	int64_t at_ns;
	axev_report *report;
};

struct axev__verified_signature {
	struct axev__buf p7s;
	struct axev__cades cades; /* lends from p7s */
	struct axev__token token;
	bool is_whole;            /* form and value hold */
	bool has_token;           /* in the p7s or as a side-car, form and imprint hold */
};

/* The checkpoint, and the time-stamp over it, that the manifest names as older than the capture. */
struct axev__verified_anchor {
	struct axev__buf note;
	uint8_t note_sha256[32];
	struct axev__checkpoint checkpoint; /* lends from note */
	struct axev__token token;
	bool has_note;  /* it is the one named */
	bool has_token; /* it is the one named, form and imprint hold */
};

struct axev__subject {
	struct axev__container *container;
	axev__json *manifest;
	uint8_t id[32];
	bool is_whole;       /* structure, hashes and lists hold: contents may be parsed */
	bool is_bundle;
	bool is_newer;
	bool is_original;    /* of a disclosure: its lists and signatures are objects of the disclosure's container, which is lent */
	unsigned depth;
	unsigned signature_count;
	struct axev__verified_signature signatures[AXEV__MAX_SIGNATURES];
	struct axev__verified_anchor anchor;
	struct axev__times times;
};
void axev__subject_free(struct axev__subject *subject);
#define AXEV__SUBJECT AXEV__CLEANUP(axev__subject_free) struct axev__subject

/* The whole order of checks for @source; *ret_report carries the verdict. Environment failures only. */
int axev__verify_source(const struct axev__source *source, const char *name,
			const axev_policy *policy, const axev_verify_opts *opts,
			axev_report **ret_report, axev_error *err);

/* AXEV_OK when the verdict is valid. */
int axev__verdict_status(const axev_report *report, axev_error *err);

/* Each fills the report below @parent and returns only the environment's failures. */
int axev__check_subject(const struct axev__verify *verify, struct axev__check *parent,
			const struct axev__source *source, struct axev__subject *subject,
			axev_error *err);
int axev__check_container(const struct axev__verify *verify, struct axev__check *parent,
			  const struct axev__source *source, struct axev__subject *subject,
			  axev_error *err);
int axev__check_signatures(const struct axev__verify *verify, struct axev__check *parent,
			   struct axev__subject *subject, axev_error *err);
/* Where its list and its signature @number stand. */
void axev__meta_names(const struct axev__subject *subject, unsigned number, char ret_list[AXEV__META_NAME_SIZE],
		      char ret_signature[AXEV__META_NAME_SIZE]);
int axev__check_expected(const struct axev__verify *verify, struct axev__check *parent,
			 struct axev__subject *subject, axev_error *err);
int axev__check_manifest(const struct axev__verify *verify, struct axev__check *parent,
			 struct axev__subject *subject, axev_error *err);
/* The connections that say what source.tls of the manifest says, for prints. */
struct axev__tls_of_source {
	size_t connections, proven;
	const struct axev__check *shown; /* the first that is proven, else the first; lent of the tree; NULL: none */
	bool has_validity;               /* of the server's certificate */
	int64_t not_before_ns, not_after_ns;
};
/* What a web capture holds, once its objects are the ones listed; nothing for other kinds. */
int axev__check_web(const struct axev__verify *verify, struct axev__check *parent,
		    const struct axev__subject *subject, axev_error *err);
/* One object of role "wire": WebSockets are read again, the list of requests is held against the WARC. */
int axev__check_requests(struct axev__check *parent, const struct axev__subject *subject, const char *name,
			 axev_error *err);
int axev__check_websocket(struct axev__check *parent, const struct axev__subject *subject, const char *name,
			  axev_error *err);
/* data/subject.json: its marks are found again in the document trees. Nothing for other objects. */
int axev__check_subject_found(struct axev__check *parent, const struct axev__subject *subject, const char *name,
			      axev_error *err);
/* data/reach.json and what belongs to an earlier capture; nothing when there is none of it. */
int axev__check_reach(struct axev__check *parent, const struct axev__subject *subject, axev_error *err);
/* The earlier package, when the bundle has it as well: what is stated of it. */
int axev__check_recheck_listed(struct axev__check *parent, const struct axev__subject *bundle,
			       const struct axev__subject *package, axev_error *err);
/* The TLS handshakes of a web capture. */
int axev__check_tls(const struct axev__verify *verify, struct axev__check *parent,
		    const struct axev__subject *subject, struct axev__tls_of_source *of_source, axev_error *err);
/* Cleanliness checks that a capture recorded. */
int axev__check_clean(struct axev__check *parent, const struct axev__subject *subject, axev_error *err);
/* Record sets that the manifest lists, and their rows together. */
int axev__check_records(const struct axev__verify *verify, struct axev__check *parent,
			const struct axev__subject *subject, axev_error *err);
/* The disclosures that a disclosure of @original names as those that it was made from; nothing when it names none. */
int axev__check_derived(const struct axev__verify *verify, struct axev__check *node, const struct axev__subject *subject,
			const uint8_t original[32], axev_error *err);
/* In a bundle that holds such a disclosure as well: what is said of it, and that it shows all that is shown here. */
int axev__check_derived_listed(const struct axev__verify *verify, struct axev__check *parent, const struct axev__subject *bundle,
			       const struct axev__subject *package, axev_error *err);
/* What a disclosure shows, and that it is of the package it names; nothing for other kinds. */
int axev__check_disclosure(const struct axev__verify *verify, struct axev__check *parent,
			   const struct axev__subject *subject, axev_error *err);
/* The time that the anchor gives, without the report's times. */
int axev__check_not_before(const struct axev__verify *verify, struct axev__check *parent,
			   struct axev__subject *subject, axev_error *err);
/* Time and signer of each signature, without the report's times. */
int axev__check_signers(const struct axev__verify *verify, struct axev__check *parent,
			struct axev__subject *subject, axev_error *err);
/* Is the note signed by a ledger that the policy names? */
int axev__check_note_chosen(const struct axev__verify *verify, struct axev__check *parent, const char *name,
			    const struct axev__note *note, axev_error *err);
int axev__check_trust(const struct axev__verify *verify, struct axev__check *parent,
		      struct axev__subject *subject, axev_error *err);
int axev__check_bundle(const struct axev__verify *verify, struct axev__check *parent,
		       struct axev__subject *bundle, axev_error *err);
int axev__check_ledger(const struct axev__verify *verify, struct axev__check *parent,
		       struct axev__subject *bundle, axev_error *err);
/* The anchors of a package: are they the ones that its manifest names? */
int axev__check_anchor(struct axev__check *parent, struct axev__subject *subject, axev_error *err);
/* Proofs of one package: @listed is its line in the bundle's manifest. */
int axev__check_proofs(const struct axev__verify *verify, struct axev__check *parent,
		       struct axev__subject *bundle, struct axev__subject *package,
		       const axev__json *listed, const struct axev__entry *entry, axev_error *err);

/* The ledger's key that stands in the bundle: to be compared with the policy's, never trust. */
int axev__enclosed_key(const struct axev__subject *bundle, struct axev__note_key *ret_key,
		       axev_error *err);

/*
 * A token that no verdict needs: from an authority that the policy trusts, or whole and not relied on. Broken ones fail.
 * The check's remark says which; *ret_trusted is whether its time may be used.
 */
int axev__check_witness(const struct axev__verify *verify, struct axev__check *check,
			const struct axev__token *token, bool *ret_trusted, bool *ret_embedded,
			axev_error *err);

/* Token over @imprint: form, signature, imprint. */
int axev__check_token(struct axev__check *parent, const char *name, struct axev__span der,
		      const uint8_t imprint[32], struct axev__token *ret_token, bool *ret_holds,
		      axev_error *err);

/* Content of a required entry; AXEV_E_FORMAT when it is not there. */
int axev__subject_read(const struct axev__subject *subject, const char *name, struct axev__buf *out,
		       axev_error *err);

#endif
