/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/db/pg_catalog.h"

#include <stdio.h>

#include "base/text.h"

/* A row as an object: names of columns and texts; NULL is no member. */
static int add_row(const struct axev__pg_result *result, int row, axev__json *object, axev_error *err)
{
	const struct axev__pg_api *api = &result->pg->api;
	int i;

	for (i = 0; i < api->nfields(result->result); i++)
		if (!api->getisnull(result->result, row, i))
			TRY(axev__db_text(object, api->fname(result->result, i), axev__pg_value(result, row, i), err));
	return AXEV_OK;
}

static int add_list(const struct axev__pg *pg, axev__json *catalog, const char *member, const char *sql,
		    const char *parameter, axev_error *err)
{
	AXEV__PG_RESULT result = { 0 };
	axev__json *list = axev__json_new_array();
	int i;

	TRY(axev__json_set(catalog, member, list, err));
	TRY(axev__prefix(axev__pg_ask(pg, sql, &parameter, parameter ? 1 : 0, &result, err), err, "%s", member));
	for (i = 0; i < pg->api.ntuples(result.result); i++) {
		AXEV__JSON *object = axev__json_new_object();

		TRY(add_row(&result, i, object, err));
		TRY(axev__json_append(list, axev__steal(object), err));
	}
	return AXEV_OK;
}

/* ---- the server and the account ---- */

static const char *const server_facts[] = {
	"SELECT pg_catalog.version() AS version, pg_catalog.current_database() AS database, "
	"pg_catalog.current_setting('server_version_num') AS version_number, "
	"pg_catalog.current_setting('server_encoding') AS encoding, "
	"pg_catalog.pg_postmaster_start_time() AS started, pg_catalog.inet_server_addr() AS address, "
	"pg_catalog.inet_server_port() AS port, pg_catalog.inet_client_addr() AS client_address, "
	"pg_catalog.pg_backend_pid() AS process",
	"SELECT datcollate AS collate, datctype AS ctype, oid AS database_oid, "
	"pg_catalog.pg_get_userbyid(datdba) AS database_owner "
	"FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()",
	"SELECT system_identifier FROM pg_catalog.pg_control_system()",
	"SELECT timeline_id AS timeline, checkpoint_lsn, full_page_writes FROM pg_catalog.pg_control_checkpoint()",
	"SELECT pg_catalog.current_setting('data_checksums') AS data_checksums, "
	"pg_catalog.current_setting('wal_level') AS wal_level, "
	"pg_catalog.current_setting('track_commit_timestamp') AS track_commit_timestamp",
	"SELECT rolname AS account, rolsuper AS is_superuser, rolbypassrls AS passes_row_security, "
	"rolcreaterole AS may_create_roles, rolreplication AS may_replicate, session_user AS session_account, "
	"pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE') AS may_create_schemas, "
	"pg_catalog.has_database_privilege(pg_catalog.current_database(), 'TEMP') AS may_create_temporary_tables "
	"FROM pg_catalog.pg_roles WHERE rolname = current_user",
	("SELECT pg_catalog.string_agg(pg_catalog.quote_ident(r.rolname), ', ' ORDER BY r.rolname COLLATE \"C\") AS member_of "
	 "FROM pg_catalog.pg_roles r WHERE pg_catalog.pg_has_role(current_user, r.oid, 'MEMBER') AND r.rolname <> current_user"),
};

static int add_connection(const struct axev__pg *pg, axev__json *server, axev_error *err)
{
	const struct axev__pg_api *api = &pg->api;
	char version[24], tls[160];
	int number = api->libVersion();

	snprintf(version, sizeof(version), "libpq %d.%d", number / 10000, number % 10000);
	TRY(axev__json_set_str(server, "driver", version, err));
	TRY(axev__db_text(server, "host", api->host(pg->conn), err));
	TRY(axev__db_text(server, "host_port", api->port(pg->conn), err));
	TRY(axev__db_text(server, "search_path", pg->search_path, err));
	if (!api->sslInUse(pg->conn))
		return axev__json_set_str(server, "tls", "none", err);
	snprintf(tls, sizeof(tls), "%.40s %.60s, %s", api->sslAttribute(pg->conn, "protocol"),
		 api->sslAttribute(pg->conn, "cipher"),
		 axev__pg_is_verified(pg) ? "certificate verified" : "certificate not verified");
	return axev__json_set_str(server, "tls", tls, err);
}

int axev__pg_describe_server(const struct axev__pg *pg, axev__json *catalog, axev_error *err)
{
	axev__json *server = axev__json_new_object(), *refused = axev__json_new_array(), *settings;
	size_t i;

	TRY(axev__json_set(catalog, "server", server, err));
	TRY(axev__json_set(catalog, "not_told", refused, err));
	for (i = 0; i < AXEV__COUNT(server_facts); i++) {
		AXEV__PG_RESULT result = { 0 };
		axev_error problem = AXEV_ERROR_INIT;

		if (axev__pg_ask(pg, server_facts[i], NULL, 0, &result, &problem) < 0)
			TRY(axev__json_append_str(refused, problem.message, err));
		else if (pg->api.ntuples(result.result) == 1)
			TRY(add_row(&result, 0, server, err));
	}
	TRY(add_connection(pg, server, err));
	settings = axev__json_new_object();
	TRY(axev__json_set(catalog, "session", settings, err));
	TRY(axev__pg_check_settings(pg, settings, err));
	return add_list(pg, catalog, "settings",
			"SELECT name, setting, unit, source FROM pg_catalog.pg_settings WHERE source <> 'default' "
			"ORDER BY name COLLATE \"C\"",
			NULL, err);
}

int axev__pg_describe_snapshot(const struct axev__pg *pg, axev__json *catalog, axev_error *err)
{
	AXEV__PG_RESULT result = { 0 };
	axev__json *snapshot = axev__json_new_object();
	bool is_named = pg->api.serverVersion(pg->conn) >= 130000;
	char sql[1024];

	/* The log's position is read behind the snapshot: what the snapshot sees was written before it. */
	snprintf(sql, sizeof(sql),
		 "SELECT pg_catalog.%s() AS snapshot, pg_catalog.pg_is_in_recovery() AS in_recovery, "
		 "CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn() "
		 "ELSE pg_catalog.pg_current_wal_lsn() END AS lsn, pg_catalog.now() AS transaction_time, "
		 "pg_catalog.clock_timestamp() AS clock, pg_catalog.current_setting('transaction_isolation') AS isolation, "
		 "pg_catalog.current_setting('transaction_read_only') AS read_only, "
		 "pg_catalog.pg_last_xact_replay_timestamp() AS last_replayed",
		 is_named ? "pg_current_snapshot" : "txid_current_snapshot");
	TRY(axev__json_set(catalog, "snapshot", snapshot, err));
	TRY(axev__pg_ask(pg, sql, NULL, 0, &result, err));
	return add_row(&result, 0, snapshot, err);
}

/* ---- tables ---- */

static const struct {
	const char *member, *sql;
} lists[] = {
	{ "relations",
	  "SELECT c.oid::pg_catalog.regclass AS name, c.oid, c.relkind AS kind, pg_catalog.pg_get_userbyid(c.relowner) AS owner, "
	  "c.relpersistence AS persistence, c.reltuples AS estimated_rows, c.relpages AS estimated_pages, "
	  "c.relrowsecurity AS row_security, c.relforcerowsecurity AS row_security_of_owner, c.relacl AS rights, "
	  "c.reloptions AS options, CASE WHEN c.relkind IN ('v', 'm') THEN pg_catalog.pg_get_viewdef(c.oid) END AS definition, "
	  "CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END AS partition_key, "
	  "pg_catalog.pg_get_expr(c.relpartbound, c.oid) AS partition_bound, "
	  "pg_catalog.obj_description(c.oid, 'pg_class') AS comment, "
	  "pg_catalog.has_table_privilege(c.oid, 'INSERT') AS may_insert, "
	  "pg_catalog.has_table_privilege(c.oid, 'UPDATE') AS may_update, "
	  "pg_catalog.has_table_privilege(c.oid, 'DELETE') AS may_delete, "
	  "pg_catalog.has_table_privilege(c.oid, 'TRUNCATE') AS may_truncate "
	  "FROM pg_catalog.pg_class c WHERE c.oid = ANY($1::pg_catalog.oid[]) ORDER BY c.oid" },
	{ "columns",
	  "SELECT a.attrelid::pg_catalog.regclass AS relation, a.attnum AS position, a.attname AS name, "
	  "pg_catalog.format_type(a.atttypid, a.atttypmod) AS type, a.atttypid AS type_oid, a.atttypmod AS type_modifier, "
	  "a.attnotnull AS not_null, a.attidentity AS identity, to_jsonb(a) ->> 'attgenerated' AS generated, "
	  "pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS expression, "
	  "CASE WHEN a.attcollation <> 0 THEN a.attcollation::pg_catalog.regcollation END AS collation, "
	  "a.attacl AS rights, pg_catalog.col_description(a.attrelid, a.attnum) AS comment "
	  "FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum "
	  "WHERE a.attrelid = ANY($1::pg_catalog.oid[]) AND a.attnum > 0 AND NOT a.attisdropped "
	  "ORDER BY a.attrelid, a.attnum" },
	{ "constraints",
	  "SELECT conrelid::pg_catalog.regclass AS relation, conname AS name, contype AS type, convalidated AS validated, "
	  "pg_catalog.pg_get_constraintdef(oid) AS definition FROM pg_catalog.pg_constraint "
	  "WHERE conrelid = ANY($1::pg_catalog.oid[]) ORDER BY conrelid, conname COLLATE \"C\"" },
	{ "indexes",
	  "SELECT indrelid::pg_catalog.regclass AS relation, indisvalid AS valid, pg_catalog.pg_get_indexdef(indexrelid) AS definition "
	  "FROM pg_catalog.pg_index WHERE indrelid = ANY($1::pg_catalog.oid[]) ORDER BY indrelid, indexrelid" },
	{ "triggers",
	  "SELECT tgrelid::pg_catalog.regclass AS relation, tgenabled AS enabled, pg_catalog.pg_get_triggerdef(oid) AS definition "
	  "FROM pg_catalog.pg_trigger WHERE tgrelid = ANY($1::pg_catalog.oid[]) AND NOT tgisinternal ORDER BY tgrelid, oid" },
	{ "policies",
	  "SELECT polrelid::pg_catalog.regclass AS relation, polname AS name, polcmd AS command, polpermissive AS permissive, "
	  "pg_catalog.pg_get_expr(polqual, polrelid) AS visible, pg_catalog.pg_get_expr(polwithcheck, polrelid) AS allowed, "
	  "polroles::pg_catalog.regrole[] AS roles FROM pg_catalog.pg_policy WHERE polrelid = ANY($1::pg_catalog.oid[]) "
	  "ORDER BY polrelid, polname COLLATE \"C\"" },
	{ "rules",
	  "SELECT ev_class::pg_catalog.regclass AS relation, rulename AS name, pg_catalog.pg_get_ruledef(oid) AS definition "
	  "FROM pg_catalog.pg_rewrite WHERE ev_class = ANY($1::pg_catalog.oid[]) AND rulename <> '_RETURN' ORDER BY ev_class, oid" },
	{ "parents",
	  "SELECT inhrelid::pg_catalog.regclass AS relation, inhparent::pg_catalog.regclass AS parent "
	  "FROM pg_catalog.pg_inherits WHERE inhrelid = ANY($1::pg_catalog.oid[]) ORDER BY inhrelid, inhseqno" },
	{ "types",
	  "SELECT t.oid::pg_catalog.regtype AS name, t.typtype AS kind, "
	  "CASE WHEN t.typtype = 'd' THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) END AS base_type, "
	  "(SELECT pg_catalog.json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid) "
	  "AS labels, (SELECT pg_catalog.string_agg(pg_catalog.pg_get_constraintdef(k.oid), ' ' ORDER BY k.oid) "
	  "FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid) AS constraints FROM pg_catalog.pg_type t "
	  "WHERE t.typtype <> 'b' AND t.oid IN (SELECT a.atttypid FROM pg_catalog.pg_attribute a "
	  "WHERE a.attrelid = ANY($1::pg_catalog.oid[])) ORDER BY t.oid" },
};

/* These, what views among them stand on, and what inherits from them. */
#define CLOSURE \
	"WITH RECURSIVE r(oid) AS (SELECT pg_catalog.unnest($1::pg_catalog.oid[]) UNION SELECT x.oid FROM r, LATERAL (" \
	"SELECT d.refobjid AS oid FROM pg_catalog.pg_rewrite w JOIN pg_catalog.pg_depend d " \
	"ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid = w.oid " \
	"AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid <> w.ev_class WHERE w.ev_class = r.oid " \
	"UNION ALL SELECT i.inhrelid FROM pg_catalog.pg_inherits i WHERE i.inhparent = r.oid) x) " \
	"SELECT pg_catalog.array_agg(DISTINCT oid) FROM r"

int axev__pg_describe_relations(const struct axev__pg *pg, const struct axev__pg_relations *relations,
				axev__json *catalog, axev_error *err)
{
	AXEV__BUF oids = AXEV__BUF_INIT(16 * AXEV__KIB);
	AXEV__PG_RESULT all = { 0 };
	const char *parameter;
	size_t i;

	TRY(axev__buf_byte(&oids, '{', err));
	for (i = 0; i < relations->count; i++)
		TRY(axev__buf_printf(&oids, err, "%s%s", i == 0 ? "" : ",", relations->list[i].oid));
	TRY(axev__buf_byte(&oids, '}', err));
	parameter = (const char *)oids.data;
	TRY(axev__pg_ask(pg, CLOSURE, &parameter, 1, &all, err));
	parameter = axev__pg_value(&all, 0, 0)[0] ? axev__pg_value(&all, 0, 0) : "{}";
	for (i = 0; i < AXEV__COUNT(lists); i++)
		TRY(add_list(pg, catalog, lists[i].member, lists[i].sql, parameter, err));
	return AXEV_OK;
}

int axev__pg_describe_plan(const struct axev__pg *pg, const char *statement, const char *const *parameters,
			   size_t count, axev__json *catalog, axev_error *err)
{
	AXEV__BUF sql = AXEV__BUF_INIT(2 * AXEV__MAX_RECORD_HEADER_BYTES);
	AXEV__PG_RESULT plan = { 0 };
	AXEV__JSON *object = axev__json_new_object(), *lines = axev__json_new_array();
	axev__json *plans = axev__json_get(catalog, "plans");
	int i;

	TRY(axev__buf_printf(&sql, err, "EXPLAIN (VERBOSE) %s", statement));
	TRY(axev__pg_ask(pg, (const char *)sql.data, parameters, count, &plan, err));
	for (i = 0; i < pg->api.ntuples(plan.result); i++) {
		AXEV__BUF line = AXEV__BUF_INIT(AXEV__MAX_RECORD_HEADER_BYTES);

		TRY(axev__escape(&line, axev__span_str(axev__pg_value(&plan, i, 0)), err));
		TRY(axev__json_append(lines, axev__json_new_string(axev__buf_view(&line)), err));
	}
	TRY(axev__db_text(object, "statement", statement, err));
	TRY(axev__json_set(object, "plan", axev__steal(lines), err));
	if (!plans) {
		plans = axev__json_new_array();
		TRY(axev__json_set(catalog, "plans", plans, err));
	}
	return axev__json_append(plans, axev__steal(object), err);
}

/* ---- in the manifest ---- */

static int copy_members(const axev__json *from, const char *const *members, axev__json *to, axev_error *err)
{
	struct axev__span text;

	for (; *members; members++)
		if (axev__json_as_string(axev__json_get(from, *members), &text))
			TRY(axev__json_set_string(to, *members, text, err));
	return AXEV_OK;
}

static bool is_true(const axev__json *object, const char *member)
{
	struct axev__span text;

	return axev__json_as_string(axev__json_get(object, member), &text) && axev__span_is(text, "t");
}

static bool can_write(const axev__json *catalog)
{
	const axev__json *relations = axev__json_get(catalog, "relations");
	const axev__json *server = axev__json_get(catalog, "server");
	size_t i;

	if (is_true(server, "is_superuser") || is_true(server, "may_create_schemas"))
		return true;
	for (i = 0; i < axev__json_count(relations); i++) {
		const axev__json *relation = axev__json_at(relations, i);

		if (is_true(relation, "may_insert") || is_true(relation, "may_update") ||
		    is_true(relation, "may_delete") || is_true(relation, "may_truncate"))
			return true;
	}
	return false;
}

static int add_snapshot(const axev__json *snapshot, axev__json *source, axev_error *err)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__KIB);
	struct axev__span id = { 0 }, lsn = axev__span_str("not known"), time = { 0 };

	TRY(axev__json_string(snapshot, "snapshot", &id, err));
	TRY(axev__json_string(snapshot, "transaction_time", &time, err));
	axev__json_as_string(axev__json_get(snapshot, "lsn"), &lsn);
	TRY(axev__buf_printf(&text, err, "REPEATABLE READ, READ ONLY: %.*s, log %.*s, server's clock %.*s", (int)id.size,
			     id.data, (int)lsn.size, lsn.data, (int)time.size, time.data));
	return axev__json_set_string(source, "snapshot", axev__buf_view(&text), err);
}

int axev__pg_summarize(const struct axev__pg *pg, const axev__json *catalog, axev__json *source, axev_error *err)
{
	static const char *const of_server[] = { "driver", "system_identifier", "timeline", "database", "encoding",
						 "collate", "host", "host_port", "address", "tls", "is_superuser",
						 "passes_row_security", "search_path", NULL };
	static const char *const of_snapshot[] = { "in_recovery", "lsn", "isolation", "read_only", NULL };
	const axev__json *server = axev__json_get(catalog, "server"), *session = axev__json_get(catalog, "session");
	axev__json *options = axev__json_new_object(), *value;
	struct axev__span text;
	const char *name;
	void *iterator = NULL;

	TRY(axev__json_set(source, "options", options, err));
	TRY(copy_members(server, of_server, options, err));
	TRY(copy_members(axev__json_get(catalog, "snapshot"), of_snapshot, options, err));
	while (axev__json_next(session, &iterator, &name, &value))
		if (axev__json_as_string(value, &text))
			TRY(axev__json_set_string(options, name, text, err));
	TRY(axev__json_set_bool(options, "account_can_write", can_write(catalog), err));
	TRY(axev__json_set_str(source, "system", "PostgreSQL", err));
	TRY(axev__json_string(server, "version", &text, err));
	TRY(axev__json_set_string(source, "version", text, err));
	TRY(axev__db_text(source, "account", pg->api.user(pg->conn), err));
	if (can_write(catalog))
		TRY(axev__take_step(pg->capture->take, "rights of the account",
				    "it may write; an account that can only read is better evidence", err));
	return add_snapshot(axev__json_get(catalog, "snapshot"), source, err);
}
