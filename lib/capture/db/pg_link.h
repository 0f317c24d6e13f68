/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A connection to PostgreSQL with the session settings that decide how values and rows come, forced and recorded. No
 * password ever leaves this file: not into a manifest, not into an error.
 */
#ifndef AXEV_CAPTURE_DB_PG_LINK_H
#define AXEV_CAPTURE_DB_PG_LINK_H

#include "capture/db/db_set.h"
#include "capture/db/pg_api.h"

struct axev__pg {
	struct axev__pg_api api;
	PGconn *conn;
	struct axev__db_capture *capture;
	char *search_path; /* what the server gives this account: names in statements are found by it */
};
/* @where: behind "postgresql:", the rest of a URI, or keywords of libpq. */
int axev__pg_open(struct axev__db_capture *capture, const axev_db_opts *opts, const char *where,
		  struct axev__pg *ret_pg, axev_error *err);
void axev__pg_close(struct axev__pg *pg);
#define AXEV__PG AXEV__CLEANUP(axev__pg_close) struct axev__pg

struct axev__pg_result {
	const struct axev__pg *pg;
	PGresult *result;
};
void axev__pg_result_free(struct axev__pg_result *result);
#define AXEV__PG_RESULT AXEV__CLEANUP(axev__pg_result_free) struct axev__pg_result

/* One statement, text in, text out. @parameters may be NULL when there are none. */
int axev__pg_ask(const struct axev__pg *pg, const char *sql, const char *const *parameters, size_t count,
		 struct axev__pg_result *ret_result, axev_error *err);
int axev__pg_do(const struct axev__pg *pg, const char *sql, axev_error *err);
/* Lent; "" for NULL. */
const char *axev__pg_value(const struct axev__pg_result *result, int row, int column);
bool axev__pg_is_true(const struct axev__pg_result *result, int row, int column);

/* What the server said: of @result, or of the connection when that is NULL. */
int axev__pg_fail(const struct axev__pg *pg, const PGresult *result, const char *doing, axev_error *err);

/* Where names are looked for: by those who wrote the statement (true), or in pg_catalog alone. */
int axev__pg_search(const struct axev__pg *pg, bool is_users, axev_error *err);

/* Its certificate leads to a root that was given, and is for the name that was asked for. */
bool axev__pg_is_verified(const struct axev__pg *pg);

/* Name and value of each setting that is forced; a difference is AXEV_E_STATE. */
int axev__pg_check_settings(const struct axev__pg *pg, axev__json *ret_settings, axev_error *err);

#endif
