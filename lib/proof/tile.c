/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/tile.h"

#include <stdio.h>

#include "base/limits.h"

/* tlog-tiles: "three-digit zero-padded decimal, all but the last prefixed with x". */
int axev__tile_number(uint64_t index, char *out, size_t out_size, axev_error *err)
{
	unsigned groups[7];
	size_t count = 0, at = 0;

	do {
		groups[count++] = (unsigned)(index % 1000);
		index /= 1000;
	} while (index);
	if (out_size < count * 5)
		return axev__fail(err, AXEV_E_LIMIT, "no room for the tile's number");
	while (count-- > 0)
		at += (size_t)snprintf(out + at, out_size - at, count ? "x%03u/" : "%03u", groups[count]);
	return AXEV_OK;
}

int axev__tile_path(int level, uint64_t index, unsigned width, char *out, size_t out_size,
		    axev_error *err)
{
	char number[40], kind[8], partial[8] = "";

	if (level < -1 || level > 7 || width < 1 || width > AXEV__TILE_WIDTH)
		return axev__fail(err, AXEV_E_INVAL, "no such tile");
	TRY(axev__tile_number(index, number, sizeof(number), err));
	snprintf(kind, sizeof(kind), level < 0 ? "entries" : "%d", level);
	if (width < AXEV__TILE_WIDTH)
		snprintf(partial, sizeof(partial), ".p/%u", width);
	if (snprintf(out, out_size, "tile/%s/%s%s", kind, number, partial) >= (int)out_size)
		return axev__fail(err, AXEV_E_LIMIT, "no room for the tile's path");
	return AXEV_OK;
}

int axev__entry_bundle_put(struct axev__buf *out, struct axev__span entry, axev_error *err)
{
	uint8_t length[2];

	if (entry.size > UINT16_MAX)
		return axev__fail(err, AXEV_E_LIMIT, "an entry has at most 65535 bytes");
	axev__put_u16be(length, (uint16_t)entry.size);
	TRY(axev__buf_append(out, length, sizeof(length), err));
	return axev__buf_span(out, entry, err);
}

int axev__entry_bundle_take(struct axev__span *bundle, struct axev__span *ret_entry,
			    axev_error *err)
{
	size_t size;

	if (bundle->size < 2)
		return axev__fail(err, AXEV_E_FORMAT, "entry bundle ends early");
	size = axev__get_u16be(bundle->data);
	if (bundle->size - 2 < size)
		return axev__fail(err, AXEV_E_FORMAT, "entry bundle: expected %zu more bytes, found %zu",
				  size, bundle->size - 2);
	*ret_entry = axev__span(bundle->data + 2, size);
	*bundle = axev__span(bundle->data + 2 + size, bundle->size - 2 - size);
	return AXEV_OK;
}
