/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Erasing: the bytes of a sealed package leave the ledger's store, disclosures stand in their place, and the ledger says so. What
 * stays can still be verified: the disclosures lead to the original's manifest, signatures and entry (FORMAT.md section 4.5).
 */
#ifndef AX_EVIDENCE_ERASE_H
#define AX_EVIDENCE_ERASE_H

#include <ax_evidence/ledger.h>
#include <ax_evidence/policy.h>

#ifdef __cplusplus
extern "C" {
#endif

/** One record set of the original. */
typedef struct axev_erase_set {
	const char *name;      /**< its path when it has no name; escaped, to be shown */
	uint64_t records;      /**< as the original's manifest states */
	size_t disclosures;    /**< of those given, how many show this set; 0: it goes wholly */
	uint64_t shown_records, shown_cells; /**< as these state, added up: one cell may be shown by several */
} axev_erase_set;

/** What is about to be erased. Lent for the call. */
typedef struct axev_erase_plan {
	size_t size;
	axev_id id;
	uint64_t package_bytes;
	uint64_t sealed_index;
	const axev_erase_set *sets;
	size_t set_count;
	const axev_id *other_disclosures; /**< of the same original, that were not given: they stay, and show what they show */
	size_t other_count;
	int32_t has_late_time;   /**< a time-stamp that came after the seal: it stays in the ledger, no disclosure has it */
	int32_t is_time_pending; /**< sealed without a time-stamp, none came: none can be had afterwards */
} axev_erase_plan;

/** Called when everything was found to be in order, before anything is written. 0: erase; anything else: nothing is done. */
typedef int (*axev_erase_confirm_callback)(void *payload, const axev_erase_plan *plan);

typedef struct axev_erase_opts {
	size_t size;
	const axev_id *disclosures; /**< 1 to 24 sealed disclosures of the package, in this ledger */
	size_t disclosure_count;
	const char *const *without_sets; /**< names or paths of record sets that no disclosure shows: they go wholly */
	size_t without_set_count;
	const char *approver;       /**< who approved it; required; the ledger gets a commitment only */
	const char *ground;         /**< the legal ground; required; likewise */
	const axev_policy *policy;  /**< under which the disclosures must be valid; NULL: they must be unchanged */
	axev_erase_confirm_callback confirm; /**< required */
	void *confirm_payload;
} axev_erase_opts;

#define AXEV_ERASE_OPTS_INIT { sizeof(axev_erase_opts), NULL, 0, NULL, 0, NULL, NULL, NULL, NULL, NULL }

typedef struct axev_erase_result {
	size_t size;
	uint64_t erased_index;  /**< the entry */
	int32_t was_erased;     /**< the entry was there already */
	uint64_t files_removed; /**< now */
	uint64_t other_links;   /**< names that a removed file has elsewhere (hard links): they keep its bytes */
} axev_erase_result;

/**
 * Erase a sealed package, whose bytes are then gone from this ledger's store. Cannot be undone.
 *
 * Each record set of the original must be shown by one of the disclosures, or be named as one that goes wholly. Each disclosure is
 * verified, and must be of this very package and signed into this very ledger. Then who and why are kept in LEDGER/erasures/, the
 * entry `erased` is appended, and the package's file, a draft of it and other containers of the same capture are removed.
 *
 * Files are unlinked and their folder is made durable; they are not overwritten, and what medium and file system keep is not reached. Nor
 * are bundles that were handed out, mirrors, pushed stores, backups.
 *
 * When the ledger has the entry already, what a crash left or somebody brought back is removed, and @p opts is not looked at.
 *
 * @param opts  may be NULL for a package that was erased already.
 * @return AXEV_OK; INVAL, NOTFOUND, STATE (not sealed), INVALID (a disclosure does not hold, is of something else, or a record set is
 *         left out), CANCELLED (not confirmed), IO, LOCKED, NOMEM.
 */
AXEV_API AXEV_MUST_USE int axev_erase(axev_ledger *ledger, const axev_id *id, const axev_erase_opts *opts,
				      axev_erase_result *ret_result, axev_error *err);

/**
 * What is known of an erasure: canonical JSON with disclosures, without, commitment, entry, entry_json (exact bytes), tlog_proof, and,
 * when it is kept here, its opening: approver, ground, salt. Given: axev_text_free().
 *
 * @return AXEV_OK; NOTFOUND when the package was not erased; CORRUPT when what is kept does not open the commitment.
 */
AXEV_API AXEV_MUST_USE int axev_erasure(axev_ledger *ledger, const axev_id *id, char **ret_json, axev_error *err);

#ifdef __cplusplus
}
#endif
#endif
