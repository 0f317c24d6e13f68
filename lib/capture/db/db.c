/* SPDX-License-Identifier: Apache-2.0 */
/* Capture of rows out of databases: common to all engines. */
#include <inttypes.h>
#include <stdio.h>

#include "base/io.h"
#include "base/text.h"
#include "capture/db/handed.h"

#define NO_FILE (-1)

static const struct engine {
	const char *prefix;
	int (*run)(struct axev__db_capture *capture, const axev_db_opts *opts, const char *where,
		   axev__json *source, axev_error *err);
	int format; /* of a file that was handed over; NO_FILE: a database */
} engines[] = {
	{ "sqlite:", axev__db_sqlite, NO_FILE },
	{ "mariadb:", axev__db_mariadb, NO_FILE },
	{ "mysql:", axev__db_mariadb, NO_FILE },
	{ "postgresql:", axev__db_postgresql, NO_FILE },
	{ "postgres:", axev__db_postgresql, NO_FILE },
	{ "odbc:", axev__db_odbc, NO_FILE },
	{ "csv:", axev__handed_csv, AXEV__DATA_CSV },
	{ "json:", axev__handed_json, AXEV__DATA_JSON },
	{ "jsonl:", axev__handed_jsonl, AXEV__DATA_JSONL },
	{ "xlsx:", axev__handed_xlsx, AXEV__HANDED_XLSX },
};

static const struct engine *find_engine(const char *dsn)
{
	size_t i;

	for (i = 0; i < AXEV__COUNT(engines); i++)
		if (strncmp(dsn, engines[i].prefix, strlen(engines[i].prefix)) == 0)
			return &engines[i];
	return NULL;
}

/* What the ledger's "started" commits to: the database, tables and statement as the user gave them. */
static int describe_target(const axev_db_opts *opts, struct axev__buf *target, axev_error *err)
{
	size_t i;

	TRY(axev__buf_str(target, "db\n", err));
	TRY(axev__escape(target, axev__span_str(opts->dsn), err));
	for (i = 0; i < opts->table_count; i++) {
		TRY(axev__buf_str(target, "\ntable ", err));
		TRY(axev__escape(target, axev__span_str(opts->tables[i]), err));
	}
	if (opts->query) {
		TRY(axev__buf_str(target, "\nquery ", err));
		TRY(axev__escape(target, axev__span_str(opts->query), err));
	}
	return AXEV_OK;
}

int axev__db_object(struct axev__db_capture *capture, const char *path, const char *role,
		    struct axev__span content, axev_error *err)
{
	return axev__take_bytes(capture->take, path, content, "application/json", role, err);
}

static int set_source(struct axev__db_capture *capture, const axev_db_opts *opts, axev__json *source,
		      axev_error *err)
{
	AXEV__BUF dsn = AXEV__BUF_INIT(16 * AXEV__MAX_PATH);
	AXEV__JSON *owned = source;
	char number[24];

	TRY(axev__escape(&dsn, axev__span_str(opts->dsn), err));
	TRY(axev__json_set_string(owned, "dsn", axev__buf_view(&dsn), err));
	snprintf(number, sizeof(number), "%" PRIu64, capture->rows);
	TRY(axev__json_set_str(owned, "rows", number, err));
	TRY(axev__json_set(owned, "queries", axev__json_copy(capture->queries), err));
	TRY(axev__json_set(owned, "tables", axev__json_copy(capture->tables), err));
	return axev__take_set(capture->take, "source", axev__steal(owned), err);
}

static int run(struct axev__db_capture *capture, const axev_db_opts *opts, const struct engine *engine,
	       axev_error *err)
{
	AXEV__JSON *source = axev__json_new_object();
	int dirfd = capture->take->ledger->dirfd;

	snprintf(capture->folder, sizeof(capture->folder), "%s/db", capture->take->directory);
	TRY(axev__make_dirs_durable(dirfd, capture->folder, 0700, err));
	TRY(axev__take_part_begin(capture->take, err));
	TRY(engine->run(capture, opts, opts->dsn + strlen(engine->prefix), source, err));
	TRY(axev__take_part_end(capture->take, err));
	TRY(axev__remove_tree(dirfd, capture->folder, err));
	return set_source(capture, opts, axev__steal(source), err);
}

/* The address goes into the package and the ledger: a password in it would go there too. */
static bool has_password(const char *dsn)
{
	const char *authority = strstr(dsn, "://"), *at, *colon;
	size_t length;

	if (strcasestr(dsn, "password=") || strcasestr(dsn, "pwd="))
		return true;
	if (!authority)
		return false;
	length = strcspn(authority + 3, "/?#");
	at = memchr(authority + 3, '@', length);
	colon = memchr(authority + 3, ':', length);
	return at && colon && colon < at;
}

static int check_opts(const axev_ledger *ledger, const axev_db_opts *opts, const struct engine **ret_engine,
		      axev_error *err)
{
	struct axev__shown shown;

	if (!ledger || !opts || opts->size < sizeof(*opts) || !opts->dsn)
		return axev__fail(err, AXEV_E_INVAL, "expected a ledger and a database");
	if (has_password(opts->dsn))
		return axev__fail(err, AXEV_E_INVAL,
				  "a password in the address would be kept in the package: give it apart (--password-env)");
	*ret_engine = find_engine(opts->dsn);
	if (!*ret_engine)
		return axev__fail(err, AXEV_E_INVAL,
				  "expected a database as sqlite:PATH, mariadb://USER@HOST/NAME, postgresql://USER@HOST/NAME "
				  "or odbc:STRING, or a file as csv:PATH, json:PATH, jsonl:PATH or xlsx:PATH, found '%s'",
				  axev__show_str(&shown, opts->dsn));
	if (opts->query && strlen(opts->query) > AXEV__MAX_DB_STATEMENT)
		return axev__fail(err, AXEV_E_LIMIT, "expected a statement of at most %zu bytes",
				  AXEV__MAX_DB_STATEMENT);
	if (opts->query && !axev__is_utf8(axev__span_str(opts->query)))
		return axev__fail(err, AXEV_E_INVAL, "expected a statement in UTF-8");
	if (opts->parameter_count > 0 && !opts->query)
		return axev__fail(err, AXEV_E_INVAL, "parameters belong to a statement, and there is none");
	if (opts->keep_incomplete && ((*ret_engine)->format != NO_FILE || (*ret_engine)->run == axev__db_sqlite))
		return axev__fail(err, AXEV_E_INVAL, "rows of a file do not end half-way: only those of a server can be incomplete");
	if ((*ret_engine)->format != NO_FILE)
		return axev__handed_check(opts, (enum axev__data_format)(*ret_engine)->format, err);
	if (opts->handover)
		return axev__fail(err, AXEV_E_INVAL, "a giver, an encoding and the like belong to a file that was handed over");
	return AXEV_OK;
}

int axev_capture_db(axev_ledger *ledger, const axev_db_opts *opts, axev_draft **ret_draft, axev_error *err)
{
	AXEV__TAKE take = { .fd = -1 };
	AXEV__BUF target = AXEV__BUF_INIT(AXEV__MIB);
	AXEV__JSON *queries = axev__json_new_array(), *tables = axev__json_new_array();
	struct axev__db_capture capture = { .take = &take, .queries = queries, .tables = tables };
	const struct engine *engine = NULL;

	TRY(check_opts(ledger, opts, &engine, err));
	capture.keeps_incomplete = opts->keep_incomplete != 0;
	TRY(describe_target(opts, &target, err));
	TRY(axev__take_begin(ledger, &opts->common, "db",
			     engine->format != NO_FILE ? "file that was handed over, kept byte for byte; its rows read out of it" :
					       "rows read value by value",
			     axev__buf_view(&target),
			     &take, err));
	TRY(run(&capture, opts, engine, err));
	return axev__take_finish(&take, ret_draft, err);
}
