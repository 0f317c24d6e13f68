/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lower bound of a package's time: the ledger's newest checkpoint and a time-stamp over it, taken before anything is
 * captured. The manifest names both by their SHA-256, so it cannot be older than the token.
 */
#ifndef AXEV_CAPTURE_ANCHOR_H
#define AXEV_CAPTURE_ANCHOR_H

#include "capture/take.h"

struct axev__anchor_taken {
	struct axev__buf note;
	struct axev__buf token; /* empty: no authority answered */
	axev_error problem;     /* why, then */
};
#define AXEV__ANCHOR_TAKEN_INIT \
	{ AXEV__BUF_INIT(AXEV__MAX_NOTE_BYTES), AXEV__BUF_INIT(AXEV__MAX_DER_BYTES), AXEV_ERROR_INIT }
void axev__anchor_free(struct axev__anchor_taken *anchor);
#define AXEV__ANCHOR_TAKEN AXEV__CLEANUP(axev__anchor_free) struct axev__anchor_taken

/* Fill @anchor and the manifest's `anchors`. An authority that is away costs the bound, not the evidence. */
int axev__anchor_take(struct axev__take *take, const axev_capture_common *common,
		      struct axev__anchor_taken *anchor, axev_error *err);

/* data/anchor/ into the draft; when there is no token, a step says why. */
int axev__anchor_add(struct axev__take *take, const struct axev__anchor_taken *anchor,
		     axev_error *err);

#endif
