/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/db/db_large.h"

#include <stdio.h>

#include "base/text.h"
#include "capture/db/db_stream.h"

int axev__db_large_begin(struct axev__db_capture *capture, enum axev__cell_tag tag, uint64_t size_bytes,
			 struct axev__db_large *ret_large, axev_error *err)
{
	if (capture->large == AXEV__MAX_DB_LARGE_CELLS)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d cells of more than %zu bytes in one capture",
				  AXEV__MAX_DB_LARGE_CELLS, AXEV__MAX_INLINE_CELL);
	*ret_large = (struct axev__db_large){ .capture = capture, .tag = tag, .size_bytes = size_bytes };
	snprintf(ret_large->path, sizeof(ret_large->path), "data/cells/%06u.bin", capture->large + 1);
	TRY(axev__db_stream_aside(capture, err));
	TRY(axev__container_begin(capture->take->writer, ret_large->path, size_bytes, err));
	ret_large->is_open = true;
	return AXEV_OK;
}

/* How many bytes a character that begins so has; 0: none does. */
static size_t character_size(uint8_t first)
{
	return first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
}

/* Bytes at the end of @piece that begin a character and do not end it. */
static size_t begun_at_end(struct axev__span piece)
{
	size_t back;

	for (back = 1; back <= 3 && back <= piece.size; back++) {
		uint8_t byte = piece.data[piece.size - back];

		if ((byte & 0xc0) != 0x80)
			return character_size(byte) > back ? back : 0;
	}
	return 0;
}

static bool is_utf8_so_far(struct axev__db_large *large, struct axev__span piece)
{
	size_t begun;

	while (large->rest.size > 0 && piece.size > 0) {
		large->rest.bytes[large->rest.size++] = piece.data[0];
		piece = axev__span(piece.data + 1, piece.size - 1);
		if (large->rest.size < character_size(large->rest.bytes[0]))
			continue;
		if (!axev__is_utf8(axev__span(large->rest.bytes, large->rest.size)))
			return false;
		large->rest.size = 0;
	}
	begun = begun_at_end(piece);
	if (begun > 0) {
		memcpy(large->rest.bytes, piece.data + piece.size - begun, begun);
		large->rest.size = begun;
	}
	return axev__is_utf8(axev__span(piece.data, piece.size - begun));
}

int axev__db_large_piece(struct axev__db_large *large, struct axev__span piece, axev_error *err)
{
	if (large->tag == AXEV__CELL_TEXT && !is_utf8_so_far(large, piece))
		large->tag = AXEV__CELL_RAW_TEXT;
	return axev__container_write(large->capture->take->writer, piece.data, piece.size, err);
}

int axev__db_large_end(struct axev__db_large *large, struct axev__db_large_cell *ret_cell, axev_error *err)
{
	struct axev__object object = {
		.path = large->path,
		.name = axev__span_str(strrchr(large->path, '/') + 1),
		.media_type = "application/octet-stream",
		.role = "cell",
		.modified_ns = INT64_MIN,
		.mode = -1,
	};
	struct axev__digests digests;

	if (large->tag == AXEV__CELL_TEXT && large->rest.size > 0)
		large->tag = AXEV__CELL_RAW_TEXT;
	TRY(axev__container_end(large->capture->take->writer, &digests, err));
	large->is_open = false;
	large->capture->large++;
	ret_cell->tag = large->tag;
	ret_cell->size_bytes = large->size_bytes;
	memcpy(ret_cell->sha256, digests.sha256, sizeof(ret_cell->sha256));
	return axev__take_object(large->capture->take, &object, &digests, err);
}

void axev__db_large_drop(struct axev__db_large *large)
{
	if (large->is_open)
		(void)axev__container_rollback(large->capture->take->writer, NULL);
	large->is_open = false;
}
