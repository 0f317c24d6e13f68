/* SPDX-License-Identifier: Apache-2.0 */
/* Connection and statements through ODBC (ISO/IEC 9075-3, Microsoft ODBC 3.x), always in UTF-16. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/io.h"
#include "base/text.h"
#include "base/utf16.h"
#include "capture/db/odbc.h"
#include "capture/machine.h"

#define IS_BIG_ENDIAN (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)

int axev__odbc_fail(const struct axev__odbc_reader *reader, SQLSMALLINT type, SQLHANDLE handle, const char *doing,
		    axev_error *err)
{
	AXEV__BUF utf8 = AXEV__BUF_INIT(8 * AXEV__KIB);
	SQLWCHAR state[6] = { 0 }, text[1024] = { 0 };
	struct axev__shown shown;
	SQLSMALLINT length = 0;
	SQLINTEGER native = 0;
	bool is_good = false;

	if (axev__odbc_is_good(reader->api.GetDiagRecW(type, handle, 1, state, &native, text, AXEV__COUNT(text), &length))) {
		size_t units = length < 0 ? 0 : (size_t)length < AXEV__COUNT(text) ? (size_t)length : AXEV__COUNT(text) - 1;

		TRY(axev__utf16_to_utf8(axev__span(text, units * sizeof(text[0])), IS_BIG_ENDIAN, &utf8, &is_good, err));
	}
	return axev__fail(err, AXEV_E_PEER, "ODBC: %s: %s", doing,
			  is_good && utf8.size ? axev__show(&shown, axev__buf_view(&utf8)) : "the driver does not say why");
}

/* ---- connect ---- */

static int append_password(const char *password, struct axev__buf *string, axev_error *err)
{
	TRY(axev__buf_str(string, ";PWD={", err));
	for (; *password; password++) {
		if (*password == '}')
			TRY(axev__buf_byte(string, '}', err));
		TRY(axev__buf_byte(string, (uint8_t)*password, err));
	}
	return axev__buf_byte(string, '}', err);
}

static int open_link(struct axev__odbc_reader *reader, const axev_db_opts *opts, const char *string, axev_error *err)
{
	AXEV__BUF utf8 = AXEV__BUF_INIT(64 * AXEV__KIB), utf16 = AXEV__BUF_INIT(128 * AXEV__KIB);
	SQLWCHAR out[1024];
	SQLSMALLINT out_length = 0;
	SQLRETURN code;

	TRY(axev__buf_str(&utf8, string, err));
	if (opts->password)
		TRY(append_password(opts->password, &utf8, err));
	TRY(axev__utf16_from_utf8(axev__buf_view(&utf8), &utf16, err));
	TRY(axev__buf_append(&utf16, "\0", 2, err));
	if (utf16.size / 2 > INT16_MAX)
		return axev__fail(err, AXEV_E_LIMIT, "expected a shorter connection string");
	code = reader->api.DriverConnectW(reader->link, NULL, (SQLWCHAR *)utf16.data, SQL_NTS, out, AXEV__COUNT(out),
					  &out_length, SQL_DRIVER_NOPROMPT);
	explicit_bzero(utf8.data, utf8.size);
	explicit_bzero(utf16.data, utf16.size);
	explicit_bzero(out, sizeof(out));
	return axev__odbc_is_good(code) ? AXEV_OK : axev__odbc_fail(reader, SQL_HANDLE_DBC, reader->link, "cannot connect", err);
}

static int info(const struct axev__odbc_reader *reader, SQLUSMALLINT what, struct axev__buf *out, axev_error *err)
{
	SQLWCHAR text[512] = { 0 };
	SQLSMALLINT bytes = 0;
	bool is_good = false;
	SQLRETURN code = reader->api.GetInfoW(reader->link, what, text, sizeof(text), &bytes);

	axev__buf_clear(out);
	if (axev__odbc_is_good(code) && bytes >= 0 && (size_t)bytes < sizeof(text))
		TRY(axev__utf16_to_utf8(axev__span(text, (size_t)bytes), IS_BIG_ENDIAN, out, &is_good, err));
	if (!is_good)
		axev__buf_clear(out);
	return axev__buf_byte(out, '\0', err);
}

static const struct isolation {
	SQLUINTEGER bit;
	const char *name;
} isolations[] = {
	{ SQL_TXN_SERIALIZABLE, "SERIALIZABLE" },
	{ SQL_TXN_REPEATABLE_READ, "REPEATABLE READ" },
	{ SQL_TXN_READ_COMMITTED, "READ COMMITTED" },
};

static const struct isolation *offered(const struct axev__odbc_reader *reader)
{
	SQLUINTEGER options = 0;
	SQLSMALLINT bytes = 0;
	size_t i;

	if (!axev__odbc_is_good(reader->api.GetInfoW(reader->link, SQL_TXN_ISOLATION_OPTION, &options, sizeof(options), &bytes)))
		return NULL;
	for (i = 0; i < AXEV__COUNT(isolations); i++)
		if (options & isolations[i].bit)
			return &isolations[i];
	return NULL;
}

/* SQLSetConnectAttr has numbers where its declaration has a pointer. */
static bool set_attribute(const struct axev__odbc_reader *reader, SQLINTEGER attribute, SQLULEN value)
{
	return axev__odbc_is_good(reader->api.SetConnectAttr(reader->link, attribute, (SQLPOINTER)value, SQL_IS_UINTEGER));
}

int axev__odbc_connect(struct axev__odbc_reader *reader, const axev_db_opts *opts, const char *string, axev_error *err)
{
	const struct axev__odbc *api = &reader->api;
	AXEV__BUF quote = AXEV__BUF_INIT(2 * AXEV__KIB);
	const struct isolation *isolation;

	if (opts->ca_file)
		return axev__fail(err, AXEV_E_INVAL, "whether ODBC uses TLS is said in its connection string, not by --ca");
	if (!axev__odbc_is_good(api->AllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &reader->environment)) ||
	    !axev__odbc_is_good(api->SetEnvAttr(reader->environment, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC3, 0)) ||
	    !axev__odbc_is_good(api->AllocHandle(SQL_HANDLE_DBC, reader->environment, &reader->link)))
		return axev__nomem(err);
	set_attribute(reader, SQL_ATTR_LOGIN_TIMEOUT, 30);
	set_attribute(reader, SQL_ATTR_ACCESS_MODE, SQL_MODE_READ_ONLY); /* a hint: drivers may do nothing about it */
	TRY(open_link(reader, opts, string, err));
	reader->is_connected = true;
	isolation = offered(reader);
	if (isolation)
		set_attribute(reader, SQL_ATTR_TXN_ISOLATION, isolation->bit);
	if (!set_attribute(reader, SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF))
		return axev__odbc_fail(reader, SQL_HANDLE_DBC, reader->link, "cannot read in one transaction", err);
	TRY(info(reader, SQL_IDENTIFIER_QUOTE_CHAR, &quote, err));
	if (quote.size <= sizeof(reader->quote) && quote.data[0] != ' ')
		memcpy(reader->quote, quote.data, quote.size);
	return AXEV_OK;
}

void axev__odbc_disconnect(struct axev__odbc_reader *reader)
{
	if (reader->is_connected) {
		reader->api.EndTran(SQL_HANDLE_DBC, reader->link, SQL_ROLLBACK);
		reader->api.Disconnect(reader->link);
	}
	if (reader->link)
		reader->api.FreeHandle(SQL_HANDLE_DBC, reader->link);
	if (reader->environment)
		reader->api.FreeHandle(SQL_HANDLE_ENV, reader->environment);
	axev__odbc_unload(&reader->api);
}

/* ---- describe ---- */

/* The file of a library that this process has loaded. Drivers tell it as "psqlodbcw.so", or without what stands around it. */
static int loaded_file(const char *name, char *out, size_t out_size, bool *ret_found, axev_error *err)
{
	AXEV__BUF maps = AXEV__BUF_INIT(16 * AXEV__MIB);
	char stem[256], *line, *next = NULL;

	snprintf(stem, sizeof(stem), "%s", name);
	stem[strcspn(stem, ".")] = '\0';

	TRY(axev__read_file(AT_FDCWD, "/proc/self/maps", &maps, err));
	TRY(axev__buf_byte(&maps, '\0', err));
	*ret_found = false;
	for (line = strtok_r((char *)maps.data, "\n", &next); line && !*ret_found; line = strtok_r(NULL, "\n", &next)) {
		const char *path = strchr(line, '/'), *last = path ? strrchr(path, '/') + 1 : NULL;

		*ret_found = stem[0] && last && strstr(last, stem) && strlen(path) < out_size;
		if (*ret_found)
			memcpy(out, path, strlen(path) + 1);
	}
	return AXEV_OK;
}

static int describe_driver(const struct axev__odbc_reader *reader, axev__json *options, axev_error *err)
{
	AXEV__BUF name = AXEV__BUF_INIT(2 * AXEV__KIB);
	char path[AXEV__MAX_PATH];
	uint8_t sha256[32];
	bool is_found;

	TRY(info(reader, SQL_DRIVER_NAME, &name, err));
	TRY(axev__db_text(options, "driver_name", (const char *)name.data, err));
	TRY(loaded_file((const char *)name.data, path, sizeof(path), &is_found, err));
	if (!is_found)
		return axev__json_set_str(options, "driver_file", "not found", err);
	TRY(axev__machine_file_sha256(path, sha256, err));
	TRY(axev__db_text(options, "driver_file", path, err));
	return axev__json_set_hex(options, "driver_sha256", sha256, sizeof(sha256), err);
}

int axev__odbc_describe(struct axev__odbc_reader *reader, axev__json *source, axev_error *err)
{
	static const struct {
		SQLUSMALLINT what;
		const char *name;
	} items[] = {
		{ SQL_DRIVER_VER, "driver_version" },	      { SQL_DRIVER_ODBC_VER, "driver_odbc_version" },
		{ SQL_ODBC_VER, "manager_odbc_version" },     { SQL_SERVER_NAME, "server" },
		{ SQL_DATABASE_NAME, "database" },	      { SQL_USER_NAME, "account" },
		{ SQL_DATA_SOURCE_READ_ONLY, "read_only" },   { SQL_DATA_SOURCE_NAME, "data_source" },
	};
	AXEV__BUF text = AXEV__BUF_INIT(2 * AXEV__KIB), snapshot = AXEV__BUF_INIT(AXEV__KIB);
	const struct isolation *isolation = offered(reader);
	axev__json *options = axev__json_new_object();
	size_t i;

	TRY(axev__json_set(source, "options", options, err));
	for (i = 0; i < AXEV__COUNT(items); i++) {
		TRY(info(reader, items[i].what, &text, err));
		TRY(axev__db_text(options, items[i].name, (const char *)text.data, err));
	}
	TRY(describe_driver(reader, options, err));
	TRY(info(reader, SQL_DBMS_NAME, &text, err));
	TRY(axev__db_text(source, "system", (const char *)text.data, err));
	TRY(info(reader, SQL_DBMS_VER, &text, err));
	TRY(axev__db_text(source, "version", (const char *)text.data, err));
	TRY(axev__buf_printf(&snapshot, err, "one transaction, isolation %s, rolled back at the end",
			     isolation ? isolation->name : "not known"));
	return axev__json_set_string(source, "snapshot", axev__buf_view(&snapshot), err);
}

/* ---- statements ---- */

void axev__odbc_statement_free(struct axev__odbc_statement *statement)
{
	if (statement->handle)
		statement->reader->api.FreeHandle(SQL_HANDLE_STMT, statement->handle);
	statement->handle = NULL;
}

int axev__odbc_statement_new(const struct axev__odbc_reader *reader, struct axev__odbc_statement *ret_statement,
			     axev_error *err)
{
	struct axev__odbc_statement statement = { .reader = reader };

	if (!axev__odbc_is_good(reader->api.AllocHandle(SQL_HANDLE_STMT, reader->link, &statement.handle)))
		return axev__odbc_fail(reader, SQL_HANDLE_DBC, reader->link, "cannot make a statement", err);
	*ret_statement = statement;
	return AXEV_OK;
}

static int fail(const struct axev__odbc_statement *statement, const char *doing, axev_error *err)
{
	return axev__odbc_fail(statement->reader, SQL_HANDLE_STMT, statement->handle, doing, err);
}

/* A parameter in UTF-16 must live until the statement has run. */
static int bind(struct axev__odbc_statement *statement, const char *const *texts, size_t count, struct axev__buf *room,
		SQLLEN *lengths, axev_error *err)
{
	size_t i;

	for (i = 0; i < count; i++) {
		SQLULEN units;

		TRY(axev__utf16_from_utf8(axev__span_str(texts[i]), &room[i], err));
		TRY(axev__buf_append(&room[i], "\0", 2, err));
		lengths[i] = (SQLLEN)room[i].size - 2;
		units = (SQLULEN)lengths[i] / 2;
		if (!axev__odbc_is_good(statement->reader->api.BindParameter(
			    statement->handle, (SQLUSMALLINT)(i + 1), SQL_PARAM_INPUT, SQL_C_WCHAR, SQL_WVARCHAR, units ? units : 1, 0,
			    room[i].data, (SQLLEN)room[i].size, &lengths[i])))
			return fail(statement, "a parameter was refused", err);
	}
	return AXEV_OK;
}

static int run_bound(struct axev__odbc_statement *statement, const char *const *parameters, size_t count,
		     struct axev__buf *room, SQLLEN *lengths, axev_error *err)
{
	SQLRETURN code;

	TRY(bind(statement, parameters, count, room, lengths, err));
	code = statement->reader->api.Execute(statement->handle);
	if (!axev__odbc_is_good(code) && code != SQL_NO_DATA)
		return fail(statement, "the statement failed", err);
	return AXEV_OK;
}

int axev__odbc_run(struct axev__odbc_statement *statement, const char *sql, const char *const *parameters,
		   size_t parameter_count, axev_error *err)
{
	const struct axev__odbc *api = &statement->reader->api;
	AXEV__BUF utf16 = AXEV__BUF_INIT(16 * AXEV__MAX_DB_STATEMENT);
	AXEV__FREE struct axev__buf *room = calloc(parameter_count + 1, sizeof(*room));
	AXEV__FREE SQLLEN *lengths = calloc(parameter_count + 1, sizeof(*lengths));
	SQLSMALLINT want = 0;
	size_t i;
	int status;

	if (!room || !lengths)
		return axev__nomem(err);
	TRY(axev__utf16_from_utf8(axev__span_str(sql), &utf16, err));
	if (!axev__odbc_is_good(
		    api->PrepareW(statement->handle, (SQLWCHAR *)utf16.data, (SQLINTEGER)(utf16.size / sizeof(SQLWCHAR)))))
		return fail(statement, "the statement was refused", err);
	if (axev__odbc_is_good(api->NumParams(statement->handle, &want)) && (size_t)want != parameter_count)
		return axev__fail(err, AXEV_E_INVAL, "the statement has %d parameters, %zu were given", want, parameter_count);
	for (i = 0; i < parameter_count; i++)
		room[i].max = AXEV__MIB;
	status = run_bound(statement, parameters, parameter_count, room, lengths, err);
	for (i = 0; i < parameter_count; i++)
		axev__buf_free(&room[i]);
	TRY(status);
	if (!axev__odbc_is_good(api->NumResultCols(statement->handle, &statement->columns)) || statement->columns <= 0)
		return axev__fail(err, AXEV_E_INVAL, "only a SELECT is run: this statement gives no rows");
	return AXEV_OK;
}

int axev__odbc_fetch(const struct axev__odbc_statement *statement, axev_error *err)
{
	SQLRETURN code = statement->reader->api.Fetch(statement->handle);

	if (code == SQL_NO_DATA)
		return 0;
	return axev__odbc_is_good(code) ? 1 : fail(statement, "reading failed", err);
}
