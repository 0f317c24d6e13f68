/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the files of the engine for MariaDB and MySQL. */
#ifndef AXEV_CAPTURE_DB_MARIADB_H
#define AXEV_CAPTURE_DB_MARIADB_H

#include "capture/db/db_engine.h"
#include "capture/db/mariadb_api.h"

struct axev__mariadb_reader {
	struct axev__mariadb api;
	MYSQL *link;
	struct axev__db_capture *capture;
	axev__json *schema; /* what SHOW CREATE says of each table that was captured */
};

int axev__mariadb_fail(const struct axev__mariadb_reader *reader, const char *doing, axev_error *err);

/* Connects, sets what the values depend on, and begins the snapshot. @where: behind "mariadb:", with or without "//". */
int axev__mariadb_connect(struct axev__mariadb_reader *reader, const axev_db_opts *opts, const char *where,
			  axev_error *err);
/* What the server says of itself and of the account, into "source". */
int axev__mariadb_describe(struct axev__mariadb_reader *reader, axev__json *source, axev_error *err);

/* A row of a small answer: texts, NULL where the value is. */
typedef int axev__mariadb_row(void *payload, char *const *values, axev_error *err);
int axev__mariadb_ask(const struct axev__mariadb_reader *reader, const char *sql, axev__mariadb_row *row, void *payload,
		      axev_error *err);

/* `name` */
int axev__mariadb_quote(const char *name, struct axev__buf *out, axev_error *err);
/* 'text' */
int axev__mariadb_literal(const char *text, struct axev__buf *out, axev_error *err);

/*
 * The rows of one statement into the package. @types: of its columns as they are declared, by position, NULL: as the
 * answer tells them. @found: its statement is run instead, and its long values must all be in the rows; NULL: there is none.
 */
struct axev__mariadb_long;
int axev__mariadb_rows(struct axev__mariadb_reader *reader, struct axev__db_rows *rows, const axev__json *types,
		       struct axev__mariadb_long *found, const char *const *parameters, size_t parameter_count,
		       axev_error *err);

#endif
