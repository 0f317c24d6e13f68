/* SPDX-License-Identifier: Apache-2.0 */
/* The files of a SQLite database: into the package as they are, and a copy of them to read from. */
#ifndef AXEV_CAPTURE_DB_SQLITE_COPY_H
#define AXEV_CAPTURE_DB_SQLITE_COPY_H

#include "capture/db/db_set.h"

#define AXEV__SQLITE_COPY "copy.sqlite" /* in the capture's folder */

/* AXEV_E_STATE when the files were written to while they were read, three times. */
int axev__sqlite_copy(struct axev__db_capture *capture, const char *path, axev_error *err);

#endif
