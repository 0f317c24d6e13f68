/* SPDX-License-Identifier: Apache-2.0 */
/* What PostgreSQL says of itself, of the account, and of the tables that are captured. */
#ifndef AXEV_CAPTURE_DB_PG_CATALOG_H
#define AXEV_CAPTURE_DB_PG_CATALOG_H

#include "capture/db/pg_relation.h"

/* Outside of the transaction: what an account may not be allowed to ask is left out, and said to be. */
int axev__pg_describe_server(const struct axev__pg *pg, axev__json *catalog, axev_error *err);
/* First in the transaction: this takes the snapshot. */
int axev__pg_describe_snapshot(const struct axev__pg *pg, axev__json *catalog, axev_error *err);
int axev__pg_describe_relations(const struct axev__pg *pg, const struct axev__pg_relations *relations,
				axev__json *catalog, axev_error *err);
/* How the server means to get the rows of @statement, as text. */
int axev__pg_describe_plan(const struct axev__pg *pg, const char *statement, const char *const *parameters,
			   size_t count, axev__json *catalog, axev_error *err);

/* Members of source out of @catalog, as far as a manifest has them. */
int axev__pg_summarize(const struct axev__pg *pg, const axev__json *catalog, axev__json *source, axev_error *err);

#endif
