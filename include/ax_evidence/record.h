/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Record sets: proofs that rows or single cells stand in the record set of a sealed package, for somebody who gets nothing
 * else of it (FORMAT.md sections 3.2 and 3.3).
 */
#ifndef AX_EVIDENCE_RECORD_H
#define AX_EVIDENCE_RECORD_H

#include <ax_evidence/error.h>
#include <ax_evidence/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a proof shows. All cells of a record that are not shown are in it as digests, which do not tell their values. */
typedef struct axev_record_choice {
	size_t size;
	const char *set;            /**< name or path of the record set; NULL = the only one of the package */
	uint64_t first;             /**< number of the first record shown, from 0 */
	uint64_t count;             /**< records in a row, 1 to 10,000 */
	const char *const *columns; /**< shown of each; none = all. The count of a multiset is always shown */
	size_t column_count;
} axev_record_choice;

#define AXEV_RECORD_CHOICE_INIT { sizeof(axev_record_choice), NULL, 0, 1, NULL, 0 }

/**
 * Make a proof, "ax-record-proof/1", out of a package, or of a bundle with one package. Reads the index and the records around
 * those shown, not the whole set. It is checked against the root in the manifest; the package itself is not verified.
 *
 * @param[out] ret_proof  Canonical JSON. Given: free with axev_text_free().
 * @return AXEV_OK; NOTFOUND (set, column), INVAL (several sets and no name, records that are not there), INVALID (the package is
 *         damaged), IO, NOMEM, LIMIT.
 * @threads in parallel.
 */
AXEV_API AXEV_MUST_USE int axev_record_proof_make(const char *package_path, const axev_record_choice *choice,
						  char **ret_proof, axev_error *err);

/** The root of the record set in the manifest, and the number of its records; @p set may be NULL as above. */
AXEV_API AXEV_MUST_USE int axev_record_set_root(const char *package_path, const char *set,
						uint8_t ret_root[AXEV_SHA256_BYTES], uint64_t *ret_records,
						axev_error *err);

/**
 * The first record whose cell in @p column reads as @p value, as in the CSV file beside the records; all records are read.
 *
 * @param from  records before this number are passed over.
 * @return AXEV_OK; NOTFOUND, IO, NOMEM, LIMIT, FORMAT.
 */
AXEV_API AXEV_MUST_USE int axev_record_find(const char *package_path, const char *set, const char *column,
					    const char *value, uint64_t from, uint64_t *ret_record,
					    axev_error *err);

/** One cell of a proof that holds. Everything is lent. */
typedef struct axev_record_cell {
	size_t size;
	uint64_t record;         /**< number in the set, from 0 */
	uint32_t field;          /**< number in the record, from 0 */
	const char *column;      /**< its name, "(count)" for the number of equal rows */
	int32_t is_withheld;     /**< 1: only the digest is there */
	int32_t is_null;         /**< 1: shown, and NULL */
	const char *text;        /**< as in the CSV file; empty when withheld. Untrusted: escape it. May hold NUL */
	size_t text_bytes;
	uint8_t leaf[AXEV_SHA256_BYTES]; /**< digest of a withheld cell */
} axev_record_cell;

/** Non-zero stops: positive ends the call with AXEV_OK. */
typedef int (*axev_record_cell_callback)(void *payload, const axev_record_cell *cell);

/**
 * Does the proof lead to this root? It says nothing of whose root that is: take it from a manifest that was verified.
 * No cell is visited unless all of the proof holds.
 *
 * @param visit  May be NULL.
 * @return AXEV_OK; INVALID (it leads elsewhere, or a salt serves two cells), FORMAT (no proof), NOMEM, LIMIT.
 * @threads in parallel.
 */
AXEV_API AXEV_MUST_USE int axev_record_proof_check(const char *proof, const uint8_t root[AXEV_SHA256_BYTES],
						   axev_record_cell_callback visit, void *payload,
						   axev_error *err);

#ifdef __cplusplus
}
#endif
#endif
