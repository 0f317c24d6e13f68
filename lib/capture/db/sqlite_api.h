/* SPDX-License-Identifier: Apache-2.0 */
/* SQLite's own library, loaded when a SQLite database is captured: nothing else of this library needs it. */
#ifndef AXEV_CAPTURE_DB_SQLITE_API_H
#define AXEV_CAPTURE_DB_SQLITE_API_H

#include <sqlite3.h>

#include "base/error.h"

#define AXEV__SQLITE_CALLS(X) \
	X(libversion) X(sourceid) X(open_v2) X(close) X(errmsg) X(prepare_v2) X(step) X(finalize) \
	X(stmt_readonly) X(set_authorizer) X(bind_text) X(bind_parameter_count) X(column_count) X(column_name) \
	X(column_decltype) X(column_type) X(column_int64) X(column_double) X(column_blob) X(column_bytes) \
	X(column_text) X(db_config) X(blob_open) X(blob_bytes) X(blob_read) X(blob_close) X(limit) X(reset) X(bind_int64)

struct axev__sqlite {
	void *library;
#define AXEV__SQLITE_MEMBER(name) __typeof__(&sqlite3_##name) name;
	AXEV__SQLITE_CALLS(AXEV__SQLITE_MEMBER)
#undef AXEV__SQLITE_MEMBER
};
/* The library stays loaded until axev__sqlite_unload. */
int axev__sqlite_load(struct axev__sqlite *ret_api, axev_error *err);
void axev__sqlite_unload(struct axev__sqlite *api);

#endif
