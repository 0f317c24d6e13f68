/* SPDX-License-Identifier: Apache-2.0 */
/* The copy of a SQLite database, open; statements on it. */
#include "capture/db/sqlite.h"

#include <stdio.h>

#include "base/text.h"
#include "capture/db/sqlite_copy.h"

void axev__sqlite_close(struct axev__sqlite_reader *reader)
{
	if (reader->db)
		reader->api.close(reader->db);
	axev__sqlite_unload(&reader->api);
}

int axev__sqlite_fail(const struct axev__sqlite_reader *reader, const char *doing, axev_error *err)
{
	struct axev__shown shown;

	return axev__fail(err, AXEV_E_PEER, "SQLite: %s: %s", doing,
			  axev__show_str(&shown, reader->api.errmsg(reader->db)));
}

/* ---- statements ---- */

void axev__sqlite_statement_free(struct axev__sqlite_statement *statement)
{
	if (statement->stmt)
		statement->reader->api.finalize(statement->stmt);
}

int axev__sqlite_prepare(const struct axev__sqlite_reader *reader, const char *sql,
			 struct axev__sqlite_statement *ret_statement, const char **ret_tail, axev_error *err)
{
	sqlite3_stmt *stmt = NULL;

	if (reader->api.prepare_v2(reader->db, sql, -1, &stmt, ret_tail) != SQLITE_OK)
		return axev__sqlite_fail(reader, "the statement was refused", err);
	*ret_statement = (struct axev__sqlite_statement){ reader, stmt };
	return AXEV_OK;
}

int axev__sqlite_prepare_about(const struct axev__sqlite_reader *reader, const char *sql, const char *bound,
			       struct axev__sqlite_statement *ret_statement, axev_error *err)
{
	TRY(axev__sqlite_prepare(reader, sql, ret_statement, NULL, err));
	if (bound && reader->api.bind_text(ret_statement->stmt, 1, bound, -1, SQLITE_STATIC) != SQLITE_OK)
		return axev__sqlite_fail(reader, "cannot bind a name", err);
	return AXEV_OK;
}

int axev__sqlite_step_within(const struct axev__sqlite_statement *statement, axev_error *err)
{
	int code = statement->reader->api.step(statement->stmt);

	if (code == SQLITE_ROW || code == SQLITE_DONE)
		return code == SQLITE_ROW;
	return code == SQLITE_TOOBIG ? AXEV__SQLITE_TOO_LONG : axev__sqlite_fail(statement->reader, "reading failed", err);
}

int axev__sqlite_step(const struct axev__sqlite_statement *statement, axev_error *err)
{
	int more = axev__sqlite_step_within(statement, err);

	if (more != AXEV__SQLITE_TOO_LONG)
		return more;
	return axev__fail(err, AXEV_E_LIMIT,
			  "expected values, and rows that SQLite sorts, of at most %d bytes, found one that is longer: "
			  "read this one in parts, with a query of substr()",
			  statement->reader->api.limit(statement->reader->db, SQLITE_LIMIT_LENGTH, -1));
}

int axev__sqlite_again(const struct axev__sqlite_statement *statement, int64_t number, axev_error *err)
{
	const struct axev__sqlite *api = &statement->reader->api;

	api->reset(statement->stmt); /* its result is that of the step before */
	if (api->bind_int64(statement->stmt, 1, number) != SQLITE_OK)
		return axev__sqlite_fail(statement->reader, "cannot bind a number", err);
	return AXEV_OK;
}

void axev__sqlite_limit(const struct axev__sqlite_reader *reader, size_t bytes)
{
	reader->api.limit(reader->db, SQLITE_LIMIT_LENGTH, (int)bytes);
}

int axev__sqlite_number(const struct axev__sqlite_reader *reader, const char *sql, const char *bound, int64_t *ret_value,
			axev_error *err)
{
	AXEV__SQLITE_STATEMENT statement = { 0 };
	int more;

	TRY(axev__sqlite_prepare_about(reader, sql, bound, &statement, err));
	more = axev__sqlite_step(&statement, err);
	TRY(more);
	*ret_value = more ? reader->api.column_int64(statement.stmt, 0) : -1;
	return AXEV_OK;
}

int axev__sqlite_quote(const char *name, struct axev__buf *out, axev_error *err)
{
	TRY(axev__buf_byte(out, '"', err));
	for (; *name; name++) {
		if (*name == '"')
			TRY(axev__buf_byte(out, '"', err));
		TRY(axev__buf_byte(out, (uint8_t)*name, err));
	}
	return axev__buf_byte(out, '"', err);
}

const char *axev__sqlite_text(const struct axev__sqlite_statement *statement, int column)
{
	const char *text = (const char *)statement->reader->api.column_text(statement->stmt, column);

	return text ? text : "";
}

/* ---- only reading ---- */

static int authorize(void *payload, int action, const char *a, const char *b, const char *database,
		     const char *trigger)
{
	const struct axev__sqlite_reader *reader = payload;

	(void)a;
	(void)database;
	(void)trigger;
	if (!reader->is_users_statement)
		return SQLITE_OK;
	if (action == SQLITE_FUNCTION && b && strcmp(b, "load_extension") == 0)
		return SQLITE_DENY;
	return action == SQLITE_SELECT || action == SQLITE_READ || action == SQLITE_FUNCTION ||
			       action == SQLITE_RECURSIVE ?
		       SQLITE_OK :
		       SQLITE_DENY;
}

int axev__sqlite_open(struct axev__sqlite_reader *reader, axev_error *err)
{
	char path[256];
	AXEV__SQLITE_STATEMENT statement = { 0 };

	snprintf(path, sizeof(path), "/proc/self/fd/%d/%s/" AXEV__SQLITE_COPY, reader->capture->take->ledger->dirfd,
		 reader->capture->folder);
	/* Writable, so that a journal that was left is rolled back in the copy, as SQLite would do it. */
	if (reader->api.open_v2(path, &reader->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		return axev__sqlite_fail(reader, "cannot open the copy", err);
	axev__sqlite_limit(reader, AXEV__MAX_SQLITE_VALUE);
	/* A schema from elsewhere must not run what it names. */
	reader->api.db_config(reader->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	reader->api.db_config(reader->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	reader->api.set_authorizer(reader->db, authorize, reader);
	TRY(axev__sqlite_prepare(reader, "PRAGMA query_only=ON", &statement, NULL, err));
	return axev__sqlite_step(&statement, err);
}
