/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ledger: an append-only transparency log in a git repository, and the packages it names.
 */
#ifndef AX_EVIDENCE_LEDGER_H
#define AX_EVIDENCE_LEDGER_H

#include <ax_evidence/env.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct axev_ledger axev_ledger;

typedef struct axev_init_opts {
	size_t size;
	const axev_env *env;
	const char *origin;       /**< name in checkpoints, no spaces or '+'; NULL = made from host name */
	const char *operator_name; /**< common name of the operator's certificate; NULL = "operator" */
	const char *passphrase;   /**< protects the operator's key; NULL = none */
} axev_init_opts;

#define AXEV_INIT_OPTS_INIT { sizeof(axev_init_opts), NULL, NULL, NULL, NULL }

/**
 * Make a ledger directory: repository, four separate keys (log, git, operator, embedded time-stamp
 * authority), and policy.json, the demo policy that trusts just these.
 *
 * @return AXEV_OK; EXISTS, IO, INVAL, CRYPTO, NOMEM.
 */
AXEV_API AXEV_MUST_USE int axev_ledger_init(const char *path, const axev_init_opts *opts,
					    axev_error *err);

/**
 * Open a ledger; what a crash left behind is repaired, unless another process is writing or the medium is read-only.
 *
 * @param env  NULL for the system's; must live as long as the ledger.
 * @return AXEV_OK; NOTFOUND, IO, CORRUPT, UNSUPPORTED (repository extensions), NOMEM.
 * @threads one handle from one thread at a time; several processes may open one ledger.
 */
AXEV_API AXEV_MUST_USE int axev_ledger_open(const char *path, const axev_env *env,
					    axev_ledger **ret_ledger, axev_error *err);

AXEV_API void axev_ledger_close(axev_ledger *ledger);

/** Number of entries. */
AXEV_API uint64_t axev_ledger_size(const axev_ledger *ledger);

/** The newest checkpoint, exact bytes, as text. Given: free with axev_text_free(). */
AXEV_API AXEV_MUST_USE int axev_ledger_checkpoint(axev_ledger *ledger, char **ret_note,
						  axev_error *err);

/** One package as the ledger knows it. Sizes first, so that the struct may grow. */
typedef struct axev_ledger_package {
	size_t size;
	axev_id id;
	uint64_t captured_index;  /**< UINT64_MAX: none */
	uint64_t sealed_index;    /**< UINT64_MAX: not sealed yet */
	int64_t captured_unix_ns; /**< as the ledger's entry claims */
	uint64_t package_bytes;   /**< 0 until sealed */
	uint8_t package_sha256[AXEV_SHA256_BYTES];
	int32_t is_abandoned;
	int32_t is_time_pending;  /**< sealed without a time-stamp, no token came later */
	uint64_t erased_index;    /**< entry that erased it, see axev_erase(); UINT64_MAX: none */
} axev_ledger_package;

/** Non-zero stops the listing. @package is lent. */
typedef int (*axev_ledger_package_callback)(void *payload, const axev_ledger_package *package);

/** Every package in the order of capture. */
AXEV_API AXEV_MUST_USE int axev_ledger_list(axev_ledger *ledger,
					    axev_ledger_package_callback callback, void *payload,
					    axev_error *err);

/**
 * Find one package by its id in hexadecimal, or by a start of it of at least 8 digits that fits one only.
 *
 * @return AXEV_OK; NOTFOUND; INVAL when several fit.
 */
AXEV_API AXEV_MUST_USE int axev_ledger_find(axev_ledger *ledger, const char *id_hex,
					    axev_ledger_package *ret_package, axev_error *err);

/** Path of the sealed package's file inside the ledger; STATE when it was erased. Given: free with axev_text_free(). */
AXEV_API AXEV_MUST_USE int axev_ledger_package_path(axev_ledger *ledger, const axev_id *id,
						    char **ret_path, axev_error *err);

/** The C2SP tlog-proof of one entry against the newest checkpoint. Given: axev_text_free(). */
AXEV_API AXEV_MUST_USE int axev_ledger_prove(axev_ledger *ledger, uint64_t index, char **ret_proof,
					     axev_error *err);

/** Outcome of a full check. */
typedef struct axev_ledger_check_result {
	size_t size;
	uint64_t entries;
	uint64_t packages;
	uint64_t packages_missing; /**< named in the ledger, bytes not here: nothing is said of them */
	uint64_t commits;
	uint64_t first_missing_index; /**< entry of the first missing package; UINT64_MAX: none */
	uint64_t packages_erased;  /**< by an entry that names what stands in their place: neither checked nor missing */
	uint64_t erased_here;      /**< of these, whose bytes are here all the same: removing was not finished, or they came back */
	uint64_t first_erased_here_index; /**< entry that erased the first of them; UINT64_MAX: none */
} axev_ledger_check_result;

/**
 * Re-compute everything: entries, tiles, roots, note signatures, the chain of commits and their signatures, every
 * late token and every package's digest. Packages whose bytes are not here are counted, not checked. An entry that erases one
 * must name disclosures of that very package, sealed before it, which stand in its place.
 *
 * @param ret_result  its size is set by the caller.
 * @return AXEV_OK; CORRUPT with what is wrong and where, the first such place.
 */
AXEV_API AXEV_MUST_USE int axev_ledger_check(axev_ledger *ledger, axev_ledger_check_result *ret_result,
					     axev_error *err);

/**
 * Assign a case number to packages taken before the case was opened. Only a salted commitment is logged; number and
 * salt are kept in LEDGER/cases/, mode 0600, durable before the entry is.
 *
 * @param ids       1 to 40 packages.
 * @param case_number  1 to 200 bytes of UTF-8, no control characters.
 * @param ret_opening_json  canonical JSON: case_number, commitment, salt, entry, entry_json (exact bytes),
 *                  tlog_proof: all that somebody else needs to check the assignment. Given: axev_text_free().
 * @return AXEV_OK; INVAL, NOTFOUND, IO, LOCKED, NOMEM.
 */
AXEV_API AXEV_MUST_USE int axev_ledger_assign_case(axev_ledger *ledger, const axev_id *ids,
						   size_t id_count, const char *case_number,
						   char **ret_opening_json, axev_error *err);

/**
 * The newest case number assigned to a package, with the same opening. Both given: axev_text_free().
 *
 * @return AXEV_OK; NOTFOUND when none was assigned; STATE when its number is not kept here; CORRUPT when what is kept
 *         does not open the commitment.
 */
AXEV_API AXEV_MUST_USE int axev_ledger_case(axev_ledger *ledger, const axev_id *id,
					    char **ret_case_number, char **ret_opening_json,
					    axev_error *err);

#ifdef __cplusplus
}
#endif
#endif
