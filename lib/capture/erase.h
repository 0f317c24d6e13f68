/* SPDX-License-Identifier: Apache-2.0 */
/* What the steps of erasing share: disclosures looked at, then files removed. */
#ifndef AXEV_CAPTURE_ERASE_H
#define AXEV_CAPTURE_ERASE_H

#include <ax_evidence/erase.h>

#include "ledger/erased.h"

struct axev__erasing {
	axev_ledger *ledger;
	const axev_erase_opts *opts;
	struct axev__history history; /* of the original */
	struct axev__erased erased;   /* the entry, as it is put together */
	axev__json *original;         /* its manifest, out of the first disclosure */
	axev_erase_set *sets;         /* one for each of its record sets; names are owned */
	bool *disclosed;
	size_t set_count;
	axev_id *others;              /* disclosures that were not given */
	size_t other_count;
};
void axev__erasing_free(struct axev__erasing *erasing);
#define AXEV__ERASING AXEV__CLEANUP(axev__erasing_free) struct axev__erasing

/* Each of the disclosures given holds, is of the original, and was sealed in this ledger; fills erased, original and sets. */
int axev__erase_check_disclosures(struct axev__erasing *erasing, axev_error *err);
/* Those that the ledger knows of beside. */
int axev__erase_find_others(struct axev__erasing *erasing, axev_error *err);

/*
 * Drafts and other containers of the package, then its file, which goes last: while it is here the check of the ledger says that
 * the work is not finished.
 */
int axev__erase_files(axev_ledger *ledger, const struct axev__history *history, axev_erase_result *result, axev_error *err);

#endif
