/* SPDX-License-Identifier: Apache-2.0 */
/* What an engine does for a capture of a database. Its driver is loaded when it is used, never before. */
#ifndef AXEV_CAPTURE_DB_DB_ENGINE_H
#define AXEV_CAPTURE_DB_DB_ENGINE_H

#include "capture/db/db_set.h"

/* @where: what stands behind the engine's name and colon. Sets "source" but its rows, queries and tables. */
int axev__db_sqlite(struct axev__db_capture *capture, const axev_db_opts *opts, const char *where,
		    axev__json *source, axev_error *err);
int axev__db_postgresql(struct axev__db_capture *capture, const axev_db_opts *opts, const char *where,
			axev__json *source, axev_error *err);

int axev__db_mariadb(struct axev__db_capture *capture, const axev_db_opts *opts, const char *where,
		     axev__json *source, axev_error *err);

int axev__db_odbc(struct axev__db_capture *capture, const axev_db_opts *opts, const char *where,
		  axev__json *source, axev_error *err);

/* An object of the capture, from memory. */
int axev__db_object(struct axev__db_capture *capture, const char *path, const char *role,
		    struct axev__span content, axev_error *err);

#endif
