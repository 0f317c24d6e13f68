/* SPDX-License-Identifier: Apache-2.0 */
/* What was asked for of a database: tables by name and one statement, or neither, which is all its tables. */
#ifndef AXEV_CAPTURE_DB_DB_WANTED_H
#define AXEV_CAPTURE_DB_DB_WANTED_H

#include "capture/db/db_set.h"

/* What an engine does with a database that is open; @reader is its own. */
struct axev__db_calls {
	int (*tables)(void *reader, axev__json *names, axev_error *err); /* all, views not among them, always in one order */
	int (*table)(void *reader, const char *name, axev_error *err);   /* or a view; the name is checked */
	int (*query)(void *reader, const axev_db_opts *opts, axev_error *err);
};
/*
 * NOTFOUND when all tables are asked for and there are none: a package without a row would look like an answer. With
 * @capture->is_cut behind it, what comes after the place where the server broke off is told to be missing (db_cut.h).
 */
int axev__db_wanted(const struct axev__db_calls *calls, void *reader, struct axev__db_capture *capture,
		    const axev_db_opts *opts, axev_error *err);

/* INVAL unless @name of a table is UTF-8 and no longer than a name may be. */
int axev__db_name_check(const char *name, axev_error *err);

/* The statement's parameters into @about, as text. */
int axev__db_parameters(const axev_db_opts *opts, axev__json *about, axev_error *err);

#endif
