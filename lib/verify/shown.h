/* SPDX-License-Identifier: Apache-2.0 */
/* The cells that a proof or a disclosure shows, for the report. FORMAT.md section 7. */
#ifndef AXEV_VERIFY_SHOWN_H
#define AXEV_VERIFY_SHOWN_H

#include "package/record_proof.h"
#include "verify/report.h"

struct axev__shown_counts {
	uint64_t records;  /* of which at least one cell is shown or withheld */
	uint64_t shown, withheld;
	uint64_t all_records; /* of the set */
};

/* A visitor for axev__record_proof_check; the first AXEV__MAX_SHOWN_CELLS become rows of the report. */
struct axev__showing {
	axev_report *report;
	struct axev__shown_counts counts;
};
int axev__show_proven(void *payload, const struct axev__proven *proven, axev_error *err);

/* Rows as lines for people; @limit of them. */
int axev__shown_text(const axev_report *report, size_t limit, bool is_zh, struct axev__buf *out, axev_error *err);

/* What a disclosure says it was made from, a line each; empty when none does. */
int axev__derived_text(const axev_report *report, bool is_zh, struct axev__buf *out, axev_error *err);

#endif
