/* SPDX-License-Identifier: Apache-2.0 */
/* Prints: deterministic PDF forms made from a package, a verification report or a comparison. */
#ifndef AX_EVIDENCE_PRINT_H
#define AX_EVIDENCE_PRINT_H

#include <ax_evidence/compare.h>
#include <ax_evidence/ledger.h>
#include <ax_evidence/verify.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct axev_print_opts {
	size_t size;
	const char *form; /**< "all" (NULL), "extraction", "list", "web", "clean", "disclosure" */
	const char *lang; /**< "zh" (NULL) or "en" */
} axev_print_opts;

#define AXEV_PRINT_OPTS_INIT { sizeof(axev_print_opts), NULL, NULL }

/**
 * Print the forms of a sealed package, or of all packages of a bundle in one PDF. It is verified first: what was changed is
 * refused. The same file gives the same bytes.
 *
 * @return AXEV_OK; INVALID, INVAL (a form that no package in it has), NOTFOUND (fonts), IO, NOMEM, LIMIT.
 */
AXEV_API AXEV_MUST_USE int axev_print_package(const char *package_path, const char *pdf_path,
					      const axev_print_opts *opts, axev_error *err);

/**
 * The same for a sealed package of a ledger, with the ledger's entries about it: started, captured, sealed, and a
 * time-stamp that came later. A bundle of just this package gives the same bytes.
 */
AXEV_API AXEV_MUST_USE int axev_print_ledger_package(axev_ledger *ledger, const axev_id *id,
						     const char *pdf_path,
						     const axev_print_opts *opts,
						     axev_error *err);

/** Print a verification report. */
AXEV_API AXEV_MUST_USE int axev_print_report(const axev_report *report, const char *pdf_path,
					     const axev_print_opts *opts, axev_error *err);

/** Print a comparison of two packages. The same comparison gives the same bytes. */
AXEV_API AXEV_MUST_USE int axev_print_comparison(const axev_comparison *comparison,
						 const char *pdf_path, const axev_print_opts *opts,
						 axev_error *err);

#ifdef __cplusplus
}
#endif
#endif
