/* SPDX-License-Identifier: Apache-2.0 */
#include "base/spill.h"

#include <inttypes.h>

#include "base/io.h"
#include "base/limits.h"

int axev__spill_put(struct axev__spill *spill, struct axev__span bytes, axev_error *err)
{
	if (spill->fd < 0 || bytes.size > spill->max_bytes || spill->size_bytes > spill->max_bytes - bytes.size)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %" PRIu64 " bytes, found more",
				  spill->fd < 0 ? 0 : spill->max_bytes);
	TRY(axev__pwrite_full(spill->fd, bytes.data, bytes.size, spill->size_bytes, err));
	spill->size_bytes += bytes.size;
	return AXEV_OK;
}

int axev__spill_copy(struct axev__spill *spill, const struct axev__source *from, axev_error *err)
{
	AXEV__BUF piece = AXEV__BUF_INIT(AXEV__COPY_CHUNK);
	uint64_t offset;

	for (offset = 0; offset < from->size; offset += piece.size) {
		struct axev__source part = axev__source_window(from, offset, AXEV__COPY_CHUNK);

		axev__buf_clear(&piece);
		TRY(axev__source_load(&part, &piece, err));
		TRY(axev__spill_put(spill, axev__buf_view(&piece), err));
	}
	return AXEV_OK;
}

void axev__spill_cut(struct axev__spill *spill, uint64_t size_bytes)
{
	if (size_bytes < spill->size_bytes)
		spill->size_bytes = size_bytes;
}

struct axev__source axev__spill_source(const struct axev__spill *spill)
{
	return (struct axev__source){ .fd = spill->fd, .size = spill->size_bytes };
}

int axev__source_load(const struct axev__source *source, struct axev__buf *out, axev_error *err)
{
	if (source->size > out->max)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %zu bytes, found more", out->max);
	TRY(axev__buf_reserve(out, (size_t)source->size, err));
	TRY(axev__source_read(source, 0, out->data + out->size, (size_t)source->size, err));
	out->size += (size_t)source->size;
	out->data[out->size] = '\0';
	return AXEV_OK;
}
