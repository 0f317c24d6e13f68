/* SPDX-License-Identifier: Apache-2.0 */
/* From verified bytes to the forms of all packages in them. */
#ifndef AXEV_PRINT_JOB_H
#define AXEV_PRINT_JOB_H

#include <ax_evidence/print.h>

#include "print/printable.h"

/* What stands beside a package, in a bundle or a ledger. */
struct axev__print_beside {
	const axev__json *ledger;      /* as in print.h; NULL: not enclosed */
	struct axev__span late_token;  /* time-stamp of the first signature that came after the seal; or empty */
	const uint8_t *package_sha256; /* as the ledger names it; NULL: not known */
};

struct axev__print_job {
	struct axev__document *document;
	const char *form, *lang; /* as in axev_print_opts */
	uint8_t id[32];          /* of the container at hand, as verified */
	unsigned depth;
	size_t added;            /* packages with the form asked for */
};

/* A package, or a bundle with its packages: of several, their list first. */
int axev__print_container(struct axev__print_job *job, const struct axev__source *source,
			  const struct axev__print_beside *beside, axev_error *err);

/* Verify, then print what is in @source to @pdf_path. */
int axev__print_source(const struct axev__source *source, const char *path,
		       const struct axev__print_beside *beside, const char *pdf_path,
		       const axev_print_opts *opts, axev_error *err);

#endif
