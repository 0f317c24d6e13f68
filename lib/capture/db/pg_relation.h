/* SPDX-License-Identifier: Apache-2.0 */
/* Tables and views of PostgreSQL: found by name, locked, and read by which statement. */
#ifndef AXEV_CAPTURE_DB_PG_RELATION_H
#define AXEV_CAPTURE_DB_PG_RELATION_H

#include "capture/db/pg_link.h"

struct axev__pg_relation {
	char oid[12];
	char kind;          /* pg_class.relkind: r table, p partitioned, v view, m materialized view, f foreign table */
	bool has_children;  /* by inheritance: its key is then none */
	bool is_by_columns; /* the account may read columns of it, and not the table */
	char *name;         /* schema and name, quoted where SQL wants it */
};
struct axev__pg_relations {
	struct axev__pg_relation *list;
	size_t count;
};
void axev__pg_relations_free(struct axev__pg_relations *relations);
#define AXEV__PG_RELATIONS AXEV__CLEANUP(axev__pg_relations_free) struct axev__pg_relations

/* @name as in a statement of the account: capitals are in double quotes. */
int axev__pg_relation_find(const struct axev__pg *pg, const char *name, struct axev__pg_relations *relations,
			   axev_error *err);
/* Every table that is not the server's own. */
int axev__pg_relations_all(const struct axev__pg *pg, struct axev__pg_relations *relations, axev_error *err);

/* So that nobody changes or empties them meanwhile. Before the snapshot is taken. */
int axev__pg_relations_lock(const struct axev__pg *pg, const struct axev__pg_relations *relations, axev_error *err);
/* Behind it: they are still what was found. */
int axev__pg_relations_check(const struct axev__pg *pg, const struct axev__pg_relations *relations, axev_error *err);

/* SELECT of all columns, without an order. No columns: @ret_sql stays empty. */
int axev__pg_relation_select(const struct axev__pg *pg, const struct axev__pg_relation *relation,
			     struct axev__buf *ret_sql, axev_error *err);
/* What goes behind ORDER BY, and the columns that it names; empty: there is no key. */
int axev__pg_relation_order(const struct axev__pg *pg, const struct axev__pg_relation *relation,
			    struct axev__buf *ret_order, axev__json *ret_key, axev_error *err);

const char *axev__pg_relation_what(const struct axev__pg_relation *relation);

#endif
