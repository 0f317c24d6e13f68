/* SPDX-License-Identifier: Apache-2.0 */
/* Which record sets of its original a disclosure shows, and which of its proofs are of which. FORMAT.md section 3.5. */
#ifndef AXEV_PACKAGE_DISCLOSED_SETS_H
#define AXEV_PACKAGE_DISCLOSED_SETS_H

#include "base/json.h"
#include "base/limits.h"
#include "package/container_read.h"

struct axev__disclosed_set {
	const axev__json *counts; /* has "records", "shown" and "withheld" of this set; lent by the source */
	const axev__json *row;    /* of record_sets[]; lent by the original's manifest */
	size_t position;          /* of the row, from 0 */
	struct axev__span path;   /* of the records in the original */
	uint8_t root[32];
	unsigned first, proofs;   /* number of the first proof, from 1, and how many */
};
struct axev__disclosed_sets {
	struct axev__disclosed_set list[AXEV__MAX_DISCLOSED_SETS];
	size_t count;
	unsigned proofs; /* that there are in the container */
};
/* AXEV_E_INVALID: a set that the original does not have, one that comes twice, other numbers of proofs than there are. */
int axev__disclosed_sets_read(const axev__json *source, const axev__json *original, const struct axev__container *container,
			      struct axev__disclosed_sets *ret_sets, axev_error *err);

#endif
