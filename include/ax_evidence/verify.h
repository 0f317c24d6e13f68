/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verification, offline: a package or bundle in, a report out.
 *
 * The report is a tree of checks. Each says what it looked at, expected and found, and which stock command
 * repeats it. The verdict is one of three (EN 319 102-1): valid, invalid, indeterminate. Content and
 * identity are told apart: whole content with an identity nobody has chosen to trust is indeterminate, and
 * changed content is always invalid.
 */
#ifndef AX_EVIDENCE_VERIFY_H
#define AX_EVIDENCE_VERIFY_H

#include <ax_evidence/env.h>
#include <ax_evidence/policy.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct axev_report axev_report;

/** Verdicts and statuses of single checks. */
enum {
	AXEV_VERDICT_VALID = 0,
	AXEV_VERDICT_INVALID = 1,
	AXEV_VERDICT_INDETERMINATE = 2
};

typedef struct axev_verify_opts {
	size_t size; /**< AXEV_VERIFY_OPTS_INIT sets it */
	const axev_env *env;
	/** Verification time, nanoseconds UTC; 0 = now. Certificates are judged at the proven time. */
	int64_t at_unix_ns;
} axev_verify_opts;

#define AXEV_VERIFY_OPTS_INIT { sizeof(axev_verify_opts), NULL, 0 }

/**
 * Verify a package or bundle file. Nothing is read from the network.
 *
 * @param policy  NULL: an empty policy.
 * @param opts    NULL for defaults.
 * @param[out] ret_report  Given, for OK, INVALID and INDETERMINATE alike: free with axev_report_free().
 * @return AXEV_OK only when the verdict is valid; INVALID; INDETERMINATE; or, with no report, the
 *         environment's failure: NOTFOUND, IO, NOMEM, CANCELLED, INVAL.
 * @threads in parallel; a policy may be shared when nobody changes it.
 */
AXEV_API AXEV_MUST_USE int axev_verify_file(const char *path, const axev_policy *policy,
					    const axev_verify_opts *opts, axev_report **ret_report,
					    axev_error *err);

/** The same for bytes in memory. */
AXEV_API AXEV_MUST_USE int axev_verify_memory(const void *data, size_t data_bytes,
					      const axev_policy *policy,
					      const axev_verify_opts *opts,
					      axev_report **ret_report, axev_error *err);

/**
 * Verify a proof out of a record set (axev_record_proof_make()) against a package, which is verified with it, or against a root
 * alone. With a root alone the verdict is never better than INDETERMINATE: nothing says whose root it is.
 *
 * @param package_path  A package, or a bundle of one; NULL when @p root is given.
 * @param root          32 bytes; NULL when @p package_path is given.
 * @param[out] ret_report  As above. It lists the cells that the proof shows and those it withholds.
 */
AXEV_API AXEV_MUST_USE int axev_verify_record_proof(const char *proof_path, const char *package_path,
						    const uint8_t *root, const axev_policy *policy,
						    const axev_verify_opts *opts,
						    axev_report **ret_report, axev_error *err);

/** AXEV_VERDICT_*. */
AXEV_API int axev_report_verdict(const axev_report *report);

/**
 * The report for people.
 *
 * @param lang  "zh" or "en".
 * @param is_full  0: two lines of verdict, then what is not in order; 1: every check with its command.
 * @param[out] ret_text  Given: free with axev_text_free().
 */
AXEV_API AXEV_MUST_USE int axev_report_text(const axev_report *report, const char *lang,
					    int is_full, char **ret_text, axev_error *err);

/** The report as one JSON object, schema "ax-report/1" (doc/schema/report.schema.json). */
AXEV_API AXEV_MUST_USE int axev_report_json(const axev_report *report, char **ret_text,
					    axev_error *err);

AXEV_API void axev_text_free(char *text);

/** NULL-safe. */
AXEV_API void axev_report_free(axev_report *report);

#ifdef __cplusplus
}
#endif
#endif
