/* SPDX-License-Identifier: Apache-2.0 */
/* Export: everything a third party needs to repeat every check offline, in one container. */
#ifndef AX_EVIDENCE_BUNDLE_H
#define AX_EVIDENCE_BUNDLE_H

#include <ax_evidence/capture.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct axev_export_opts {
	size_t size;
	const char *passphrase;        /**< of the ledger's operator key, or NULL */
	const char *const *print_paths; /**< PDFs to enclose under data/print/, or NULL */
	size_t print_count;
} axev_export_opts;

#define AXEV_EXPORT_OPTS_INIT { sizeof(axev_export_opts), NULL, NULL, 0 }

/**
 * Write a bundle with the packages, their ledger entries and proofs, tokens, trust material, and VERIFY.md.
 * The exporter's signature on it proves transport only.
 *
 * @return AXEV_OK; NOTFOUND, STATE (not sealed), EXISTS, IO, LIMIT, CORRUPT.
 */
AXEV_API AXEV_MUST_USE int axev_export(axev_ledger *ledger, const axev_id *ids, size_t id_count,
				       const char *path, const axev_export_opts *opts,
				       axev_error *err);

#ifdef __cplusplus
}
#endif
#endif
