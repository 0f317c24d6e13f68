/* SPDX-License-Identifier: Apache-2.0 */
/* Content of a long cell on its way into the package, piece by piece: an object of its own, never whole in memory. */
#ifndef AXEV_CAPTURE_DB_DB_LARGE_H
#define AXEV_CAPTURE_DB_DB_LARGE_H

#include "capture/db/db_set.h"

struct axev__db_large {
	struct axev__db_capture *capture;
	enum axev__cell_tag tag; /* TEXT becomes RAW_TEXT by the first byte that is not UTF-8 */
	uint64_t size_bytes;
	char path[40];
	struct {
		uint8_t bytes[4]; /* of a character that goes on in the next piece */
		size_t size;
	} rest;
	bool is_open;
};

/* What a row has of it. */
struct axev__db_large_cell {
	enum axev__cell_tag tag;
	uint64_t size_bytes;
	uint8_t sha256[32];
};

/* @size_bytes: all of it, more than AXEV__MAX_INLINE_CELL. */
int axev__db_large_begin(struct axev__db_capture *capture, enum axev__cell_tag tag, uint64_t size_bytes,
			 struct axev__db_large *ret_large, axev_error *err);
int axev__db_large_piece(struct axev__db_large *large, struct axev__span piece, axev_error *err);
/* AXEV_E_STATE when more or fewer bytes came than were announced. */
int axev__db_large_end(struct axev__db_large *large, struct axev__db_large_cell *ret_cell, axev_error *err);
/* What was begun and not ended is as if it had not been. */
void axev__db_large_drop(struct axev__db_large *large);
#define AXEV__DB_LARGE AXEV__CLEANUP(axev__db_large_drop) struct axev__db_large

#endif
