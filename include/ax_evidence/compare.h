/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comparison: what two captures have in common and where they differ. Two networks, two days, the notary's machine and
 * the county's: each is a package of its own, and neither is changed.
 */
#ifndef AX_EVIDENCE_COMPARE_H
#define AX_EVIDENCE_COMPARE_H

#include <ax_evidence/error.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct axev_comparison axev_comparison;

typedef struct axev_compare_opts {
	size_t size; /**< sizeof(axev_compare_opts) */
	/**
	 * Columns that tell rows apart, for record sets that state no key which both sides have, or one that stands for several rows; the
	 * comparison says that they were named.
	 */
	const char *const *keys;
	size_t key_count;
} axev_compare_opts;
#define AXEV_COMPARE_OPTS_INIT { sizeof(axev_compare_opts), NULL, 0 }

/**
 * Compare two packages; a bundle stands for the one package in it. Both are verified first: what was changed is refused.
 * Whom to trust is not asked here: that is for axev_verify_file().
 *
 * Of web captures: the document's facts (address, status, title, peer, certificate), each resource by method and address (status
 * and SHA-256 of the payload; heads are not compared), the lines of the text shown, the pixels of the screenshot. Of databases and
 * files of data: columns, and rows by their key, in any order; without a key, or when it stands for several rows, whole rows are
 * counted. A key that was named in @p opts must tell the rows of both apart, in at least one record set. Values are equal when their bytes in row-c14n/2 are. Who handed a file over is not compared. Rows are sorted in a
 * temporary file (TMPDIR, else /tmp). Of other kinds: objects by name and SHA-256.
 *
 * @param opts  NULL: none.
 * @param[out] ret_comparison  Given: free with axev_comparison_free().
 * @return AXEV_OK, whether or not they differ; INVALID (changed, or of two kinds), INVAL (a bundle of several packages, a
 *         named key that is none), NOTFOUND, IO, NOMEM, LIMIT.
 * @threads in parallel.
 */
AXEV_API AXEV_MUST_USE int axev_compare_files(const char *path_a, const char *path_b,
					      const axev_compare_opts *opts, axev_comparison **ret_comparison,
					      axev_error *err);

/** 1 when nothing that was compared differs, and everything could be compared. */
AXEV_API int axev_comparison_is_same(const axev_comparison *comparison);

/**
 * The comparison for people.
 *
 * @param lang  "zh" or "en".
 * @param[out] ret_text  Given: free with axev_text_free().
 */
AXEV_API AXEV_MUST_USE int axev_comparison_text(const axev_comparison *comparison, const char *lang,
						char **ret_text, axev_error *err);

/** One JSON object, "ax-comparison/1" (doc/schema/comparison.schema.json); free with axev_text_free(). */
AXEV_API AXEV_MUST_USE int axev_comparison_json(const axev_comparison *comparison, char **ret_text,
						axev_error *err);

/** NULL-safe. */
AXEV_API void axev_comparison_free(axev_comparison *comparison);

#ifdef __cplusplus
}
#endif
#endif
