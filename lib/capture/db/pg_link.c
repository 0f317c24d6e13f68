/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/db/pg_link.h"

#include <stdio.h>

#include "base/text.h"

/* What decides how a value is written, which rows are seen, and that nothing is. */
static const struct setting {
	const char *name, *value;
} forced[] = {
	{ "client_encoding", NULL },
	{ "TimeZone", "UTC" },
	{ "DateStyle", "ISO, YMD" },
	{ "IntervalStyle", "iso_8601" },
	{ "extra_float_digits", "3" },
	{ "bytea_output", "hex" },
	{ "lc_monetary", "C" },
	{ "row_security", "off" }, /* policies that hide rows become errors */
	{ "default_transaction_read_only", "on" },
	{ "standard_conforming_strings", "on" },
	{ "transform_null_equals", "off" },
	{ "xmlbinary", "base64" },
	{ "synchronize_seqscans", "off" }, /* rows come as they lie, from the first on */
	{ "statement_timeout", "0" },
	{ "lock_timeout", "30s" },
	{ "idle_in_transaction_session_timeout", "0" },
};

/* A database without an encoding gives its bytes only to a client without one. */
static const char *value_of(const struct axev__pg *pg, const struct setting *setting)
{
	const char *encoding = pg->api.parameterStatus(pg->conn, "server_encoding");

	if (setting->value)
		return setting->value;
	return encoding && strcmp(encoding, "SQL_ASCII") == 0 ? "SQL_ASCII" : "UTF8";
}

/* ---- the name of the database ---- */

/* A '@' or '/' in a password would make a host, a port or a database of the rest, which then is shown. */
static bool is_torn(const char *authority)
{
	const char *at = strchr(authority, '@');

	return at && ((size_t)(at - authority) > strcspn(authority, "/?") || strchr(at + 1, '@'));
}

struct options {
	const struct axev__pg_api *api;
	PQconninfoOption *list;
};

static void options_free(struct options *options)
{
	if (options->list)
		options->api->conninfoFree(options->list);
}

static bool has_secret(const PQconninfoOption *option)
{
	for (; option->keyword; option++)
		if (option->val && (option->dispchar[0] == '*' || strstr(option->keyword, "password")))
			return true;
	return false;
}

static int parse(const struct axev__pg_api *api, const char *where, struct options *ret_options, axev_error *err)
{
	AXEV__BUF uri = AXEV__BUF_INIT(AXEV__MAX_DB_STATEMENT);
	char *message = NULL;
	bool is_uri = where[0] == '/' && where[1] == '/';

	if (is_uri && is_torn(where + 2))
		return axev__fail(err, AXEV_E_INVAL, "a '@' stands where it tears the URI");
	TRY(axev__buf_printf(&uri, err, "%s%s", is_uri ? "postgresql:" : "", where));
	*ret_options = (struct options){ api, api->conninfoParse((const char *)uri.data, &message) };
	/* libpq's message quotes what it could not read, and that may be a part of a password. */
	if (message)
		api->freemem(message);
	if (!ret_options->list)
		return axev__fail(err, AXEV_E_INVAL,
				  "expected postgresql://USER@HOST/DATABASE, or postgres: and keywords of libpq");
	if (has_secret(ret_options->list))
		return axev__fail(err, AXEV_E_INVAL,
				  "a password in the address would be kept in the package: give it apart (--password-env)");
	return AXEV_OK;
}

/* ---- connecting ---- */

static void ignore_notice(void *payload, const char *message)
{
	(void)payload;
	(void)message;
}

struct keywords {
	const char *names[128], *values[128];
	size_t count;
};

static void add(struct keywords *keywords, const char *name, const char *value)
{
	if (keywords->count < AXEV__COUNT(keywords->names) - 1) {
		keywords->names[keywords->count] = name;
		keywords->values[keywords->count++] = value;
	}
}

/* Ours in front and behind: libpq takes the last of each. */
static int connect_with(struct axev__pg *pg, const PQconninfoOption *list, const axev_db_opts *opts, axev_error *err)
{
	struct keywords keywords = { .count = 0 };

	add(&keywords, "connect_timeout", "15");
	add(&keywords, "fallback_application_name", "axev");
	/* A server that is gone without a word is missed after two minutes; by default after two hours. */
	add(&keywords, "keepalives_idle", "60");
	add(&keywords, "keepalives_interval", "15");
	add(&keywords, "keepalives_count", "4");
	for (; list->keyword; list++)
		if (list->val)
			add(&keywords, list->keyword, list->val);
	if (opts->password)
		add(&keywords, "password", opts->password);
	if (opts->ca_file) {
		add(&keywords, "sslmode", "verify-full");
		add(&keywords, "sslrootcert", opts->ca_file);
	}
	pg->conn = pg->api.connectdbParams(keywords.names, keywords.values, 0);
	if (!pg->conn)
		return axev__nomem(err);
	pg->api.setNoticeProcessor(pg->conn, ignore_notice, NULL);
	if (pg->api.status(pg->conn) != CONNECTION_OK)
		return axev__pg_fail(pg, NULL, "cannot connect", err);
	if (opts->ca_file && !pg->api.sslInUse(pg->conn)) /* sslmode is not for sockets of the machine */
		return axev__fail(err, AXEV_E_INVAL, "PostgreSQL: TLS was asked for, and a Unix socket has none");
	if (pg->api.serverVersion(pg->conn) < 100000)
		return axev__fail(err, AXEV_E_UNSUPPORTED, "PostgreSQL: expected version 10 or later, found %d",
				  pg->api.serverVersion(pg->conn));
	return AXEV_OK;
}

static int force(const struct axev__pg *pg, const struct setting *setting, axev_error *err)
{
	const char *parameters[] = { setting->name, value_of(pg, setting) };
	AXEV__PG_RESULT result = { 0 };

	return axev__pg_ask(pg, "SELECT pg_catalog.set_config($1, $2, false)", parameters, 2, &result, err);
}

static int set_up(struct axev__pg *pg, axev_error *err)
{
	AXEV__PG_RESULT path = { 0 };
	size_t i;

	for (i = 0; i < AXEV__COUNT(forced); i++)
		TRY(axev__prefix(force(pg, &forced[i], err), err, "%s", forced[i].name));
	TRY(axev__pg_ask(pg, "SELECT pg_catalog.current_setting('search_path')", NULL, 0, &path, err));
	pg->search_path = strdup(axev__pg_value(&path, 0, 0));
	if (!pg->search_path)
		return axev__nomem(err);
	return axev__pg_search(pg, false, err);
}

static int open_link(struct axev__pg *pg, const axev_db_opts *opts, const char *where, axev_error *err)
{
	AXEV__CLEANUP(options_free) struct options options = { 0 };

	TRY(axev__pg_load(&pg->api, err));
	TRY(parse(&pg->api, where, &options, err));
	TRY(connect_with(pg, options.list, opts, err));
	return set_up(pg, err);
}

int axev__pg_open(struct axev__db_capture *capture, const axev_db_opts *opts, const char *where,
		  struct axev__pg *ret_pg, axev_error *err)
{
	*ret_pg = (struct axev__pg){ .capture = capture };
	return open_link(ret_pg, opts, where, err);
}

/* A server may not see for long that nobody waits for its rows any more, and would hold locks and snapshot until then. */
static void stop_statement(struct axev__pg *pg)
{
	PGcancel *cancel;
	char message[256];

	if (pg->api.transactionStatus(pg->conn) != PQTRANS_ACTIVE)
		return;
	cancel = pg->api.getCancel(pg->conn);
	if (!cancel)
		return;
	(void)pg->api.cancel(cancel, message, sizeof(message));
	pg->api.freeCancel(cancel);
}

void axev__pg_close(struct axev__pg *pg)
{
	if (pg->conn) {
		stop_statement(pg);
		pg->api.finish(pg->conn);
	}
	pg->conn = NULL;
	free(pg->search_path);
	pg->search_path = NULL;
	axev__pg_unload(&pg->api);
}

/* ---- statements ---- */

void axev__pg_result_free(struct axev__pg_result *result)
{
	if (result->result)
		result->pg->api.clear(result->result);
	result->result = NULL;
}

/* 54000, program_limit_exceeded: it says "out of memory" of a row that it has no room to send. */
static const char *advice(const char *code)
{
	return strcmp(code, "54000") == 0 ? "; the server sends no row of 1 GiB or more: ask for fewer columns, or for parts of values "
					    "(substr), with --query" :
					    "";
}

int axev__pg_fail(const struct axev__pg *pg, const PGresult *result, const char *doing, axev_error *err)
{
	const char *said = result ? pg->api.resultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	const char *code = result ? pg->api.resultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
	struct axev__span text = axev__span_str(said ? said : pg->api.errorMessage(pg->conn));
	struct axev__shown shown;

	while (text.size > 0 && text.data[text.size - 1] == '\n')
		text.size--;
	if (code)
		return axev__fail(err, AXEV_E_PEER, "PostgreSQL: %s: %s (%.5s)%s", doing, axev__show(&shown, text), code, advice(code));
	return axev__fail(err, AXEV_E_PEER, "PostgreSQL: %s: %s", doing, axev__show(&shown, text));
}

int axev__pg_ask(const struct axev__pg *pg, const char *sql, const char *const *parameters, size_t count,
		 struct axev__pg_result *ret_result, axev_error *err)
{
	AXEV__PG_RESULT result = { pg, pg->api.execParams(pg->conn, sql, (int)count, NULL, parameters, NULL, NULL, 0) };
	ExecStatusType status = pg->api.resultStatus(result.result);

	if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
		return axev__pg_fail(pg, result.result, "a statement was refused", err);
	*ret_result = result;
	result.result = NULL;
	return AXEV_OK;
}

int axev__pg_do(const struct axev__pg *pg, const char *sql, axev_error *err)
{
	AXEV__PG_RESULT result = { 0 };

	return axev__pg_ask(pg, sql, NULL, 0, &result, err);
}

const char *axev__pg_value(const struct axev__pg_result *result, int row, int column)
{
	return result->pg->api.getvalue(result->result, row, column);
}

bool axev__pg_is_true(const struct axev__pg_result *result, int row, int column)
{
	return strcmp(axev__pg_value(result, row, column), "t") == 0;
}

int axev__pg_search(const struct axev__pg *pg, bool is_users, axev_error *err)
{
	const struct setting setting = { "search_path", is_users ? pg->search_path : "" };

	return force(pg, &setting, err);
}

int axev__pg_check_settings(const struct axev__pg *pg, axev__json *ret_settings, axev_error *err)
{
	size_t i;

	for (i = 0; i < AXEV__COUNT(forced); i++) {
		const char *value = value_of(pg, &forced[i]);
		AXEV__PG_RESULT result = { 0 };
		struct axev__shown shown;

		TRY(axev__pg_ask(pg, "SELECT pg_catalog.current_setting($1)", &forced[i].name, 1, &result, err));
		if (strcmp(axev__pg_value(&result, 0, 0), value) != 0)
			return axev__fail(err, AXEV_E_STATE, "PostgreSQL: expected %s to be %s, found '%s'", forced[i].name,
					  value, axev__show_str(&shown, axev__pg_value(&result, 0, 0)));
		TRY(axev__json_set_str(ret_settings, forced[i].name, value, err));
	}
	return AXEV_OK;
}

bool axev__pg_is_verified(const struct axev__pg *pg)
{
	AXEV__CLEANUP(options_free) struct options options = { &pg->api, pg->api.conninfo(pg->conn) };
	const PQconninfoOption *option;

	for (option = options.list; option && option->keyword; option++)
		if (strcmp(option->keyword, "sslmode") == 0)
			return option->val && strcmp(option->val, "verify-full") == 0;
	return false;
}
