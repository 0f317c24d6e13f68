/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/db/sqlite_pieces.h"

#include "base/utf16.h"
#include "capture/db/db_large.h"

#define PIECE_BYTES ((int)AXEV__MIB) /* even: units of UTF-16 stay whole */

void axev__sqlite_pieces_close(struct axev__sqlite_pieces *value)
{
	if (value->handle)
		value->reader->api.blob_close(value->handle);
	value->handle = NULL;
}

/* ---- the pieces ---- */

struct walk {
	const struct axev__sqlite_pieces *value;
	bool to_utf8; /* from UTF-16 */
	bool is_good; /* so far: well-formed UTF-16 */
	int (*visit)(void *payload, struct axev__span piece, axev_error *err);
	void *payload;
};

/* How much of a piece that has more behind it does not end between the halves of a surrogate pair. */
static int whole_characters(const struct walk *walk, const uint8_t *piece, int size)
{
	const uint8_t *last = piece + size - 2;
	bool is_big_endian = walk->value->reader->encoding == AXEV__SQLITE_UTF16BE;

	return ((is_big_endian ? last[0] : last[1]) & 0xfc) == 0xd8 ? size - 2 : size;
}

static int visit_as_utf8(struct walk *walk, struct axev__span utf16, axev_error *err)
{
	AXEV__BUF utf8 = AXEV__BUF_INIT(2 * PIECE_BYTES);

	TRY(axev__utf16_to_utf8(utf16, walk->value->reader->encoding == AXEV__SQLITE_UTF16BE, &utf8, &walk->is_good, err));
	return walk->is_good ? walk->visit(walk->payload, axev__buf_view(&utf8), err) : AXEV_OK;
}

static int each_piece(struct walk *walk, axev_error *err)
{
	const struct axev__sqlite_reader *reader = walk->value->reader;
	AXEV__FREE uint8_t *piece = malloc((size_t)PIECE_BYTES);
	int total = reader->api.blob_bytes(walk->value->handle), at, size;

	if (!piece)
		return axev__nomem(err);
	walk->is_good = true;
	for (at = 0; at < total && walk->is_good; at += size) {
		size = total - at < PIECE_BYTES ? total - at : PIECE_BYTES;
		if (reader->api.blob_read(walk->value->handle, piece, size, at) != SQLITE_OK)
			return axev__sqlite_fail(reader, "reading a long value failed", err);
		if (walk->to_utf8 && at + size < total)
			size = whole_characters(walk, piece, size);
		TRY(walk->to_utf8 ? visit_as_utf8(walk, axev__span(piece, (size_t)size), err) :
				    walk->visit(walk->payload, axev__span(piece, (size_t)size), err));
	}
	return AXEV_OK;
}

/* ---- what becomes of them ---- */

static int count(void *payload, struct axev__span piece, axev_error *err)
{
	(void)err;
	*(uint64_t *)payload += piece.size;
	return AXEV_OK;
}

/* Size and kind are told before the bytes: text in UTF-16 is read twice. */
static int measure(const struct axev__sqlite_pieces *value, struct walk *ret_walk, enum axev__cell_tag *ret_tag,
		   uint64_t *ret_bytes, axev_error *err)
{
	uint64_t bytes = 0;

	*ret_walk = (struct walk){ .value = value, .visit = count, .payload = &bytes };
	ret_walk->to_utf8 = value->is_text && value->reader->encoding != AXEV__SQLITE_UTF8;
	*ret_tag = value->is_text ? AXEV__CELL_TEXT : AXEV__CELL_BYTES;
	*ret_bytes = (uint64_t)value->reader->api.blob_bytes(value->handle);
	if (!ret_walk->to_utf8)
		return AXEV_OK;
	TRY(each_piece(ret_walk, err));
	ret_walk->to_utf8 = ret_walk->is_good;
	if (ret_walk->is_good)
		*ret_bytes = bytes;
	else
		*ret_tag = AXEV__CELL_RAW_TEXT;
	return AXEV_OK;
}

static int append(void *payload, struct axev__span piece, axev_error *err)
{
	return axev__buf_span(payload, piece, err);
}

struct object {
	struct axev__db_large large;
	uint64_t done_bytes;
};

static void object_drop(struct object *object)
{
	axev__db_large_drop(&object->large);
}

static int put(void *payload, struct axev__span piece, axev_error *err)
{
	struct object *object = payload;
	struct axev__db_large *large = &object->large;

	TRY(axev__db_large_piece(large, piece, err));
	object->done_bytes += piece.size;
	return axev__progress(large->capture->take->env, "cells", large->path, object->done_bytes, large->size_bytes, err);
}

int axev__sqlite_pieces_take(const struct axev__sqlite_pieces *value, struct axev__db_set *set, axev_error *err)
{
	AXEV__BUF whole = AXEV__BUF_INIT(AXEV__MAX_INLINE_CELL);
	AXEV__CLEANUP(object_drop) struct object object = { 0 };
	struct axev__db_large_cell cell;
	enum axev__cell_tag tag;
	uint64_t bytes;
	struct walk walk;

	TRY(measure(value, &walk, &tag, &bytes, err));
	if (bytes <= AXEV__MAX_INLINE_CELL) {
		walk.visit = append;
		walk.payload = &whole;
		TRY(each_piece(&walk, err));
		return axev__db_set_content(set, tag, axev__buf_view(&whole), err);
	}
	TRY(axev__db_large_begin(set->capture, tag, bytes, &object.large, err));
	walk.visit = put;
	walk.payload = &object;
	TRY(each_piece(&walk, err));
	TRY(axev__db_large_end(&object.large, &cell, err));
	return axev__cell_large(cell.tag, cell.size_bytes, cell.sha256, &set->cells, err);
}
