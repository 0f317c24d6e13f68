/* SPDX-License-Identifier: Apache-2.0 */
/* C2SP tlog-tiles: paths of tiles and entry bundles, and the bundle encoding. */
#ifndef AXEV_PROOF_TILE_H
#define AXEV_PROOF_TILE_H

#include "base/buf.h"

/* "tile/<L>/x001/234" or "tile/entries/..."; @level -1 = entry bundle; @width 256 = full, else ".p/<W>". */
int axev__tile_path(int level, uint64_t index, unsigned width, char *out, size_t out_size,
		    axev_error *err);
/* "x012/345" groups for an index, as tiles use them. */
int axev__tile_number(uint64_t index, char *out, size_t out_size, axev_error *err);
/* Entry bundle: u16 big-endian length, entry, repeated. */
int axev__entry_bundle_put(struct axev__buf *out, struct axev__span entry, axev_error *err);
int axev__entry_bundle_take(struct axev__span *bundle, struct axev__span *ret_entry,
			    axev_error *err);

#endif
