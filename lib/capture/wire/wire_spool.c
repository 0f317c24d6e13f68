/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/wire/wire_internal.h"

#include <errno.h>
#include <sys/mman.h>

#include "base/io.h"
#include "base/limits.h"

#define LET_GO_BYTES (4 * AXEV__MIB)

/* A stream with a hole in it would be another stream: once bytes are lost, so are those behind. */
static bool has_room(const struct axev__wire *wire, uint64_t bytes)
{
	return !wire->is_over_limit && bytes <= wire->max_spool_bytes &&
	       wire->spool_bytes <= wire->max_spool_bytes - bytes;
}

static int append(struct axev__wire *wire, struct axev__wire_stream *stream,
		  const struct axev__netlog_event *event, axev_error *err)
{
	struct axev__wire_extent *extent;

	axev__buf_clear(&wire->scratch);
	TRY(axev__netlog_bytes(event, &wire->scratch, err));
	TRY(axev__pwrite_full(wire->spool_fd, wire->scratch.data, wire->scratch.size,
			      wire->spool_bytes, err));
	TRY(AXEV__WIRE_ADD(wire, &stream->extents, err));
	extent = AXEV__WIRE_LAST(&stream->extents);
	extent->spool_offset = wire->spool_bytes;
	extent->stream_offset = stream->kept_bytes;
	extent->time_ns = event->time_ns;
	stream->kept_bytes += event->byte_count;
	wire->spool_bytes += event->byte_count;
	return AXEV_OK;
}

int axev__wire_spool(struct axev__wire *wire, struct axev__wire_stream *stream,
		     const struct axev__netlog_event *event, axev_error *err)
{
	int status;

	if (event->byte_count == 0)
		return AXEV_OK;
	if (stream->dropped_bytes == 0 && has_room(wire, event->byte_count)) {
		status = append(wire, stream, event, err);
		if (status == AXEV_OK)
			return AXEV_OK;
		stream->dropped_bytes = event->byte_count;
		return status;
	}
	if (stream->dropped_bytes == 0)
		wire->is_full = wire->is_over_limit = true;
	stream->dropped_bytes += event->byte_count;
	return AXEV_OK;
}

/* ---- once the log has ended ---- */

int axev__wire_put(struct axev__wire *wire, struct axev__span bytes, axev_error *err)
{
	TRY(axev__pwrite_full(wire->spool_fd, bytes.data, bytes.size, wire->spool_bytes, err));
	wire->spool_bytes += bytes.size;
	return AXEV_OK;
}

uint64_t axev__wire_order(const struct axev__wire_stream *stream, uint64_t offset)
{
	const struct axev__wire_extent *extent = axev__wire_extent_at(stream, offset);

	return extent ? extent->spool_offset + (offset - extent->stream_offset) : 0;
}

static uint64_t extent_end(const struct axev__wire_stream *stream, size_t index)
{
	return index + 1 < stream->extents.count ? stream->extents.items[index + 1].stream_offset :
						   stream->kept_bytes;
}

static bool is_in_one_piece(const struct axev__wire_stream *stream)
{
	const struct axev__wire_extent *first = stream->extents.items;
	size_t i;

	for (i = 1; i < stream->extents.count; i++)
		if (first[i].spool_offset - first->spool_offset != first[i].stream_offset)
			return false;
	return true;
}

static int copy(struct axev__wire *wire, uint64_t from, uint64_t bytes, axev_error *err)
{
	size_t part;

	while (bytes) {
		part = bytes < AXEV__COPY_CHUNK ? (size_t)bytes : AXEV__COPY_CHUNK;
		axev__buf_clear(&wire->scratch);
		TRY(axev__buf_reserve(&wire->scratch, part, err));
		TRY(axev__pread_full(wire->spool_fd, wire->scratch.data, part, from, err));
		TRY(axev__wire_put(wire, axev__span(wire->scratch.data, part), err));
		from += part;
		bytes -= part;
	}
	return AXEV_OK;
}

int axev__wire_assemble(struct axev__wire *wire, struct axev__wire_stream *stream, axev_error *err)
{
	const struct axev__wire_extent *extents = stream->extents.items;
	uint64_t begin = wire->spool_bytes;
	size_t i;

	if (stream->extents.count == 0)
		return AXEV_OK;
	if (is_in_one_piece(stream)) {
		stream->spool_offset = extents[0].spool_offset;
		return AXEV_OK;
	}
	for (i = 0; i < stream->extents.count; i++)
		TRY(copy(wire, extents[i].spool_offset,
			 extent_end(stream, i) - extents[i].stream_offset, err));
	stream->spool_offset = begin;
	return AXEV_OK;
}

const struct axev__wire_extent *axev__wire_extent_at(const struct axev__wire_stream *stream,
						     uint64_t offset)
{
	size_t low = 0, high = stream->extents.count, middle;

	while (high - low > 1) {
		middle = low + (high - low) / 2;
		if (stream->extents.items[middle].stream_offset <= offset)
			low = middle;
		else
			high = middle;
	}
	return stream->extents.count ? &stream->extents.items[low] : NULL;
}

int axev__wire_view(const struct axev__wire *wire, uint64_t spool_offset, uint64_t size,
		    struct axev__wire_view *ret_view, axev_error *err)
{
	uint64_t skew = spool_offset % (uint64_t)sysconf(_SC_PAGESIZE);
	struct axev__wire_view view = { .bytes = axev__span("", 0) };

	if (size) {
		view.mapped_bytes = (size_t)(size + skew);
		view.mapped = mmap(NULL, view.mapped_bytes, PROT_READ, MAP_SHARED, wire->spool_fd,
				   (off_t)(spool_offset - skew));
		if (view.mapped == MAP_FAILED)
			return axev__fail_errno(err, errno, "cannot map the scratch file");
		view.bytes = axev__span((uint8_t *)view.mapped + skew, (size_t)size);
	}
	*ret_view = view;
	return AXEV_OK;
}

/* A shared mapping of a file: dropping its pages loses nothing. */
void axev__wire_view_let_go(const struct axev__wire_view *view)
{
	if (view->mapped)
		madvise(view->mapped, view->mapped_bytes, MADV_DONTNEED);
}

void axev__wire_walked(void *payload, size_t bytes)
{
	struct axev__wire_walk *walk = payload;

	walk->walked_bytes += bytes;
	if (walk->walked_bytes < LET_GO_BYTES)
		return;
	walk->walked_bytes = 0;
	axev__wire_view_let_go(walk->views[0]);
	axev__wire_view_let_go(walk->views[1]);
}

void axev__wire_view_free(struct axev__wire_view *view)
{
	if (view->mapped)
		munmap(view->mapped, view->mapped_bytes);
	view->mapped = NULL;
}
