/* SPDX-License-Identifier: Apache-2.0 */
/* A long value of SQLite, piece by piece into the package: what it becomes is what it would become if it came whole. */
#ifndef AXEV_CAPTURE_DB_SQLITE_PIECES_H
#define AXEV_CAPTURE_DB_SQLITE_PIECES_H

#include "capture/db/sqlite.h"

struct axev__sqlite_pieces {
	const struct axev__sqlite_reader *reader;
	sqlite3_blob *handle;
	bool is_text; /* in the database's encoding */
};
void axev__sqlite_pieces_close(struct axev__sqlite_pieces *value);
#define AXEV__SQLITE_PIECES AXEV__CLEANUP(axev__sqlite_pieces_close) struct axev__sqlite_pieces

int axev__sqlite_pieces_take(const struct axev__sqlite_pieces *value, struct axev__db_set *set, axev_error *err);

#endif
