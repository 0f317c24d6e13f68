/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Disclosure: a package derived from a sealed one, which shows some cells of record sets and holds digests of all others. What is
 * shown still verifies, back to the original's signatures and its entry in the ledger (FORMAT.md section 3.5).
 */
#ifndef AX_EVIDENCE_DISCLOSE_H
#define AX_EVIDENCE_DISCLOSE_H

#include <ax_evidence/capture.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Records in a row. */
typedef struct axev_record_range {
	uint64_t first; /**< from 0 */
	uint64_t count;
} axev_record_range;

/** Records that have this value, written as in the CSV file; without any of them it is an error. */
typedef struct axev_record_key {
	const char *column;
	const char *value;
} axev_record_key;

/** A record set, and what is shown of it. */
typedef struct axev_disclose_set {
	const char *set;
	const axev_record_range *ranges;
	size_t range_count;
	const axev_record_key *keys;
	size_t key_count;
	const char *const *columns;
	size_t column_count;
	const char *const *withheld_columns;
	size_t withheld_column_count;
} axev_disclose_set;

typedef struct axev_disclose_opts {
	size_t size;
	axev_capture_common common;          /**< signers, authorities; case facts, when the disclosure has its own */
	const char *set;                     /**< name or path of the record set; NULL = the only one */
	const axev_record_range *ranges;     /**< records of which cells are shown; no range and no key: all */
	size_t range_count;
	const axev_record_key *keys;
	size_t key_count;
	const char *const *columns;          /**< shown of them; none = all */
	size_t column_count;
	const char *const *withheld_columns; /**< not shown, whatever @c columns says */
	size_t withheld_column_count;
	const char *approver;                /**< who approved, as it is to be printed; required */
	const char *ground;                  /**< the legal ground for withholding; required */
	const axev_disclose_set *more_sets;  /**< further record sets of the same package, each with a choice of its own */
	size_t more_set_count;
} axev_disclose_opts;

#define AXEV_DISCLOSE_OPTS_INIT \
	{ sizeof(axev_disclose_opts), AXEV_CAPTURE_COMMON_INIT, NULL, NULL, 0, NULL, 0, NULL, 0, NULL, 0, NULL, NULL, NULL, 0 }

/**
 * Make a disclosure of a sealed package, as a draft; axev_seal() signs it, axev_export() hands it out. The ledger gets an entry
 * "disclosed" about the original. The draft holds the original's manifest, the lists that were signed, its signatures with
 * their time-stamps, and its entry with a proof, but none of its objects: of the set the cells that are shown, each with its
 * salt, digests of the other cells of these records, and hashes for all other records.
 *
 * The package may be a disclosure itself; its original need not be here any more. Then only records and cells can be shown that it
 * shows; their numbers are those of the original. The new one leads back to the original as the first one does, and names the first one
 * with its entry in the ledger, who approved it and why, as stated there; the entry "disclosed" names both.
 *
 * A package whose manifest lists a plain digest of records or of a view is refused: withheld cells could be guessed from it.
 *
 * @param[out] ret_draft  Given: free with axev_draft_free().
 * @return AXEV_OK; NOTFOUND (package, set, column, value), STATE (not sealed, or cells could be guessed), INVAL (also: records or
 *         cells that the disclosure withholds), INVALID (the stored
 *         package is damaged), LIMIT, IO...
 */
AXEV_API AXEV_MUST_USE int axev_disclose(axev_ledger *ledger, const axev_id *id, const axev_disclose_opts *opts,
					 axev_draft **ret_draft, axev_error *err);

#ifdef __cplusplus
}
#endif
#endif
