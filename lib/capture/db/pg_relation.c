/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/db/pg_relation.h"

#include <stdio.h>

#include "base/text.h"
#include "capture/db/db_wanted.h"

#define COLUMNS \
	"SELECT c.oid, c.relkind, c.relkind = 'r' AND EXISTS " \
	"(SELECT 1 FROM pg_catalog.pg_inherits i WHERE i.inhparent = c.oid), " \
	"pg_catalog.format('%I.%I', n.nspname, c.relname), c.relpersistence = 't', " \
	"pg_catalog.has_any_column_privilege(c.oid, 'SELECT') AND NOT pg_catalog.has_table_privilege(c.oid, 'SELECT') " \
	"FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "

void axev__pg_relations_free(struct axev__pg_relations *relations)
{
	size_t i;

	for (i = 0; i < relations->count; i++)
		free(relations->list[i].name);
	free(relations->list);
	*relations = (struct axev__pg_relations){ 0 };
}

static int take(const struct axev__pg_result *found, int row, struct axev__pg_relations *relations, axev_error *err)
{
	struct axev__pg_relation relation = { .kind = axev__pg_value(found, row, 1)[0],
					      .has_children = axev__pg_is_true(found, row, 2),
					      .is_by_columns = axev__pg_is_true(found, row, 5) };
	const char *name = axev__pg_value(found, row, 3);
	struct axev__pg_relation *list;
	struct axev__shown shown;

	if (!strchr("rpvmf", relation.kind))
		return axev__fail(err, AXEV_E_INVAL, "'%s' is neither a table nor a view", axev__show_str(&shown, name));
	if (axev__pg_is_true(found, row, 4))
		return axev__fail(err, AXEV_E_INVAL, "'%s' is a temporary table of another session, which only that can read",
				  axev__show_str(&shown, name));
	if (relations->count == AXEV__MAX_RECORD_SETS)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %d tables and queries in one capture",
				  AXEV__MAX_RECORD_SETS);
	list = realloc(relations->list, (relations->count + 1) * sizeof(*list));
	if (!list)
		return axev__nomem(err);
	relations->list = list;
	snprintf(relation.oid, sizeof(relation.oid), "%s", axev__pg_value(found, row, 0));
	relation.name = strdup(name);
	if (!relation.name)
		return axev__nomem(err);
	list[relations->count++] = relation;
	return AXEV_OK;
}

/* By the account's own path, and without any operator that somebody could have put into it. */
static int look_up(const struct axev__pg *pg, const char *name, struct axev__pg_result *ret_oid, axev_error *err)
{
	int status;

	TRY(axev__pg_search(pg, true, err));
	status = axev__pg_ask(pg, "SELECT pg_catalog.to_regclass($1)::pg_catalog.oid", &name, 1, ret_oid, err);
	TRY(axev__pg_search(pg, false, NULL));
	return status;
}

int axev__pg_relation_find(const struct axev__pg *pg, const char *name, struct axev__pg_relations *relations,
			   axev_error *err)
{
	AXEV__PG_RESULT oid = { 0 }, found = { 0 };
	struct axev__shown shown;
	const char *number;

	TRY(axev__db_name_check(name, err));
	TRY(axev__prefix(look_up(pg, name, &oid, err), err, "table '%s'", axev__show_str(&shown, name)));
	number = axev__pg_value(&oid, 0, 0);
	if (number[0] == '\0')
		return axev__fail(err, AXEV_E_NOTFOUND, "the database has no table or view '%s'",
				  axev__show_str(&shown, name));
	TRY(axev__pg_ask(pg, COLUMNS "WHERE c.oid = $1::pg_catalog.oid", &number, 1, &found, err));
	return take(&found, 0, relations, err);
}

int axev__pg_relations_all(const struct axev__pg *pg, struct axev__pg_relations *relations, axev_error *err)
{
	AXEV__PG_RESULT found = { 0 };
	int i, count;

	TRY(axev__pg_ask(pg,
			 COLUMNS "WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't' "
				 "AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' "
				 "ORDER BY n.nspname COLLATE \"C\", c.relname COLLATE \"C\"",
			 NULL, 0, &found, err));
	count = pg->api.ntuples(found.result);
	for (i = 0; i < count; i++)
		TRY(take(&found, i, relations, err));
	if (count == 0)
		return axev__fail(err, AXEV_E_NOTFOUND, "the database has no tables");
	return AXEV_OK;
}

/* ---- while they are read ---- */

/* A lock is for those who may read the whole table; without one it could be emptied or changed between the snapshot and its rows. */
static int refuse_columns(const struct axev__pg_relation *relation, const axev_error *problem, axev_error *err)
{
	return axev__fail(err, AXEV_E_PEER,
			  "%.200s: the account may read columns of it, not the table, which then cannot be locked against changes: "
			  "GRANT SELECT ON %.200s, or name the columns in a query (--query): %s",
			  relation->name, relation->name, problem->message);
}

static int lock(const struct axev__pg *pg, const struct axev__pg_relation *relation, axev_error *err)
{
	AXEV__BUF sql = AXEV__BUF_INIT(AXEV__MAX_DB_STATEMENT);
	axev_error problem = AXEV_ERROR_INIT;
	int status;

	if (relation->kind == 'm' || relation->kind == 'f')
		return AXEV_OK; /* LOCK TABLE does not take them; reading them does */
	TRY(axev__buf_printf(&sql, err, "LOCK TABLE %s IN ACCESS SHARE MODE", relation->name));
	status = axev__pg_do(pg, (const char *)sql.data, &problem);
	if (status >= 0)
		return AXEV_OK;
	if (relation->is_by_columns)
		return refuse_columns(relation, &problem, err);
	if (err && err->status == AXEV_OK)
		*err = problem;
	return axev__prefix(status, err, "%.200s", relation->name);
}

int axev__pg_relations_lock(const struct axev__pg *pg, const struct axev__pg_relations *relations, axev_error *err)
{
	size_t i;

	for (i = 0; i < relations->count; i++)
		TRY(lock(pg, &relations->list[i], err));
	return AXEV_OK;
}

int axev__pg_relations_check(const struct axev__pg *pg, const struct axev__pg_relations *relations, axev_error *err)
{
	size_t i;

	for (i = 0; i < relations->count; i++) {
		const struct axev__pg_relation *relation = &relations->list[i];
		const char *parameters[] = { relation->oid, relation->name };
		AXEV__PG_RESULT found = { 0 };

		TRY(axev__pg_ask(pg,
				 COLUMNS "WHERE c.oid = $1::pg_catalog.oid AND pg_catalog.format('%I.%I', n.nspname, c.relname) = $2",
				 parameters, 2, &found, err));
		if (pg->api.ntuples(found.result) != 1 || axev__pg_value(&found, 0, 1)[0] != relation->kind ||
		    axev__pg_is_true(&found, 0, 2) != relation->has_children)
			return axev__fail(err, AXEV_E_STATE, "%.200s was made anew, renamed or removed meanwhile",
					  relation->name);
	}
	return AXEV_OK;
}

/* ---- how they are read ---- */

int axev__pg_relation_select(const struct axev__pg *pg, const struct axev__pg_relation *relation,
			     struct axev__buf *ret_sql, axev_error *err)
{
	const char *oid = relation->oid;
	AXEV__PG_RESULT columns = { 0 };
	int i, count;

	TRY(axev__pg_ask(pg,
			 "SELECT pg_catalog.quote_ident(attname) FROM pg_catalog.pg_attribute "
			 "WHERE attrelid = $1::pg_catalog.oid AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
			 &oid, 1, &columns, err));
	count = pg->api.ntuples(columns.result);
	for (i = 0; i < count; i++)
		TRY(axev__buf_printf(ret_sql, err, "%s%s", i == 0 ? "SELECT " : ", ", axev__pg_value(&columns, i, 0)));
	return count == 0 ? AXEV_OK : axev__buf_printf(ret_sql, err, " FROM %s", relation->name);
}

int axev__pg_relation_order(const struct axev__pg *pg, const struct axev__pg_relation *relation,
			    struct axev__buf *ret_order, axev__json *ret_key, axev_error *err)
{
	const char *oid = relation->oid;
	AXEV__PG_RESULT keys = { 0 };
	int i, count;

	if (relation->has_children)
		return AXEV_OK;
	TRY(axev__pg_ask(pg,
			 "SELECT pg_catalog.quote_ident(a.attname), a.attcollation <> 0, a.attname "
			 "FROM pg_catalog.pg_index i, pg_catalog.generate_series(1, i.indnkeyatts) k, pg_catalog.pg_attribute a "
			 "WHERE i.indrelid = $1::pg_catalog.oid AND i.indisprimary AND i.indisvalid "
			 "AND a.attrelid = i.indrelid AND a.attnum = i.indkey[k - 1] ORDER BY k",
			 &oid, 1, &keys, err));
	count = pg->api.ntuples(keys.result);
	for (i = 0; i < count; i++) {
		TRY(axev__json_append_str(ret_key, axev__pg_value(&keys, i, 2), err));
		TRY(axev__buf_printf(ret_order, err, "%s%s%s", i == 0 ? "" : ", ", axev__pg_value(&keys, i, 0),
				     axev__pg_is_true(&keys, i, 1) ? " COLLATE \"C\"" : ""));
	}
	return AXEV_OK;
}

const char *axev__pg_relation_what(const struct axev__pg_relation *relation)
{
	return relation->kind == 'v' ? "view" :
	       relation->kind == 'm' ? "materialized view" :
	       relation->kind == 'f' ? "foreign table" :
				       "table";
}
