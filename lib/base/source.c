/* SPDX-License-Identifier: Apache-2.0 */
#include "base/source.h"

#include "base/io.h"

struct axev__source axev__source_memory(struct axev__span bytes)
{
	return (struct axev__source){ .fd = -1, .data = bytes.data, .size = bytes.size };
}

int axev__source_file(int fd, struct axev__source *ret_source, axev_error *err)
{
	uint64_t size_bytes;

	TRY(axev__file_size(fd, &size_bytes, err));
	*ret_source = (struct axev__source){ .fd = fd, .size = size_bytes };
	return AXEV_OK;
}

struct axev__source axev__source_window(const struct axev__source *source, uint64_t offset,
					uint64_t size)
{
	struct axev__source window = *source;

	if (offset > source->size)
		offset = source->size;
	window.size = size < source->size - offset ? size : source->size - offset;
	if (source->fd >= 0)
		window.base += offset;
	else if (source->data)
		window.data += offset;
	return window;
}

uint64_t axev__source_distance(const struct axev__source *source,
			       const struct axev__source *window)
{
	if (source->fd >= 0)
		return window->base - source->base;
	return window->data ? (uint64_t)(window->data - source->data) : 0;
}

int axev__source_read(const struct axev__source *source, uint64_t offset, void *out, size_t size,
		      axev_error *err)
{
	if (offset > source->size || size > source->size - offset)
		return axev__fail_at(err, AXEV_E_FORMAT, offset,
				     "expected %zu bytes here, the file ends at %llu", size,
				     (unsigned long long)source->size);
	if (size == 0)
		return AXEV_OK;
	if (source->fd >= 0)
		return axev__pread_full(source->fd, out, size, source->base + (source->moved ? *source->moved : 0) + offset, err);
	memcpy(out, source->data + offset, size);
	return AXEV_OK;
}
