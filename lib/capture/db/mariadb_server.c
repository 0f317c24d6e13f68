/* SPDX-License-Identifier: Apache-2.0 */
/* The connection to a MariaDB or MySQL server: what is set so that values are exact, and what it says of itself. */
#include <stdio.h>

#include "base/text.h"
#include "capture/db/db_address.h"
#include "capture/db/mariadb.h"

int axev__mariadb_fail(const struct axev__mariadb_reader *reader, const char *doing, axev_error *err)
{
	struct axev__shown shown;

	return axev__fail(err, AXEV_E_PEER, "MariaDB: %s: %s", doing,
			  axev__show_str(&shown, reader->api.error(reader->link)));
}

int axev__mariadb_ask(const struct axev__mariadb_reader *reader, const char *sql, axev__mariadb_row *row, void *payload,
		      axev_error *err)
{
	const struct axev__mariadb *api = &reader->api;
	MYSQL_RES *answer;
	char **values;
	int status = AXEV_OK;

	if (api->real_query(reader->link, sql, strlen(sql)) != 0)
		return axev__mariadb_fail(reader, "a statement of ours failed", err);
	answer = api->store_result(reader->link);
	if (!answer)
		return row ? axev__mariadb_fail(reader, "no answer", err) : AXEV_OK;
	while (status >= 0 && row && (values = api->fetch_row(answer)))
		status = row(payload, values, err);
	api->free_result(answer);
	return status;
}

static int quote(const char *text, char mark, struct axev__buf *out, axev_error *err)
{
	TRY(axev__buf_byte(out, (uint8_t)mark, err));
	for (; *text; text++) {
		if (*text == mark)
			TRY(axev__buf_byte(out, (uint8_t)mark, err));
		TRY(axev__buf_byte(out, (uint8_t)*text, err));
	}
	return axev__buf_byte(out, (uint8_t)mark, err);
}

int axev__mariadb_quote(const char *name, struct axev__buf *out, axev_error *err)
{
	return quote(name, '`', out, err);
}

int axev__mariadb_literal(const char *text, struct axev__buf *out, axev_error *err)
{
	return quote(text, '\'', out, err); /* NO_BACKSLASH_ESCAPES is set */
}

/* ---- connect ---- */

#define CONNECT_S 30u
#define ANSWER_S 3600u /* a server sorts large tables before it sends the first row */
#define MAX_PACKET (1024ul * 1024 * 1024)

static int set_options(struct axev__mariadb_reader *reader, const axev_db_opts *opts, axev_error *err)
{
	const struct axev__mariadb *api = &reader->api;
	const unsigned connect_s = CONNECT_S, answer_s = ANSWER_S, no = 0;
	const unsigned long packet = MAX_PACKET;
	const my_bool yes = 1;
	int failed = 0;

	failed |= api->optionsv(reader->link, MYSQL_OPT_CONNECT_TIMEOUT, &connect_s);
	failed |= api->optionsv(reader->link, MYSQL_OPT_READ_TIMEOUT, &answer_s);
	failed |= api->optionsv(reader->link, MYSQL_OPT_WRITE_TIMEOUT, &answer_s);
	failed |= api->optionsv(reader->link, MYSQL_OPT_MAX_ALLOWED_PACKET, &packet);
	/* A server may ask a client for its files, and for the password in clear: neither is given. */
	failed |= api->optionsv(reader->link, MYSQL_OPT_LOCAL_INFILE, &no);
	failed |= api->optionsv(reader->link, MARIADB_OPT_RESTRICTED_AUTH,
				"mysql_native_password,client_ed25519,caching_sha2_password,sha256_password");
	failed |= api->optionsv(reader->link, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	if (opts->ca_file) {
		failed |= api->optionsv(reader->link, MYSQL_OPT_SSL_CA, opts->ca_file);
		failed |= api->optionsv(reader->link, MYSQL_OPT_SSL_ENFORCE, &yes);
		failed |= api->optionsv(reader->link, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &yes);
	}
	return failed ? axev__fail(err, AXEV_E_UNSUPPORTED, "MariaDB's client library does not know an option") : AXEV_OK;
}

/*
 * Values must not depend on what the account or the server prefers: zone and character set of results, no limit on the
 * rows, quoting. Then one snapshot, in which nothing can be written.
 */
static const char *const settings[] = {
	"SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES,NO_ENGINE_SUBSTITUTION'",
	"SET SESSION time_zone = '+00:00'",
	"SET SESSION sql_select_limit = DEFAULT",
	"SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
	"START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
};

int axev__mariadb_connect(struct axev__mariadb_reader *reader, const axev_db_opts *opts, const char *where,
			  axev_error *err)
{
	struct axev__db_address address;
	size_t i;

	TRY(axev__db_address_parse(strncmp(where, "//", 2) == 0 ? where + 2 : where, &address, err));
	reader->link = reader->api.init(NULL);
	if (!reader->link)
		return axev__nomem(err);
	TRY(set_options(reader, opts, err));
	if (!reader->api.real_connect(reader->link, address.host[0] ? address.host : NULL,
				      address.user[0] ? address.user : NULL, opts->password, address.database, address.port,
				      address.socket[0] ? address.socket : NULL, 0))
		return axev__mariadb_fail(reader, "cannot connect", err);
	for (i = 0; i < AXEV__COUNT(settings); i++)
		TRY(axev__mariadb_ask(reader, settings[i], NULL, NULL, err));
	return AXEV_OK;
}

/* ---- describe ---- */

static int add_option(void *payload, char *const *values, axev_error *err)
{
	return axev__db_text(payload, values[0], values[1], err);
}

struct rights {
	struct axev__buf *list; /* "A, B" */
	bool can_write;
};

static int add_right(void *payload, char *const *values, axev_error *err)
{
	static const char *const writing[] = { "INSERT", "UPDATE", "DELETE", "DROP", "ALTER", "CREATE", "SUPER" };
	struct rights *rights = payload;
	size_t i;

	for (i = 0; i < AXEV__COUNT(writing); i++)
		rights->can_write = rights->can_write || strcmp(values[0], writing[i]) == 0;
	return axev__buf_printf(rights->list, err, "%s%s", rights->list->size ? ", " : "", values[0]);
}

/* Of a MySQL server some of these do not exist: then they are not told. */
#define VARIABLES \
	"SHOW VARIABLES WHERE Variable_name IN ('version','version_comment','hostname','port','server_id','server_uid'," \
	"'server_uuid','read_only','gtid_binlog_pos','gtid_executed','time_zone','system_time_zone','sql_mode'," \
	"'character_set_server','collation_server','character_set_database','collation_database','character_set_client'," \
	"'character_set_results','collation_connection','tx_isolation','transaction_isolation','lower_case_table_names'," \
	"'ft_min_word_len','innodb_version')"
#define SNAPSHOT "SHOW STATUS LIKE 'binlog_snapshot%'"
#define ACCOUNT \
	"SELECT 'database', DATABASE() UNION ALL SELECT 'account', CURRENT_USER() UNION ALL SELECT 'session', USER() " \
	"UNION ALL SELECT 'server_time', UTC_TIMESTAMP(6)"
/* From the tables of rights: SHOW GRANTS also tells digests of passwords. */
#define RIGHTS \
	"SELECT DISTINCT PRIVILEGE_TYPE FROM (SELECT PRIVILEGE_TYPE FROM information_schema.USER_PRIVILEGES UNION ALL " \
	"SELECT PRIVILEGE_TYPE FROM information_schema.SCHEMA_PRIVILEGES WHERE TABLE_SCHEMA = DATABASE() UNION ALL " \
	"SELECT PRIVILEGE_TYPE FROM information_schema.TABLE_PRIVILEGES WHERE TABLE_SCHEMA = DATABASE()) AS r " \
	"ORDER BY PRIVILEGE_TYPE"

static int tell_rights(struct axev__mariadb_reader *reader, axev__json *options, axev_error *err)
{
	AXEV__BUF list = AXEV__BUF_INIT(64 * AXEV__KIB);
	struct rights rights = { &list, false };

	TRY(axev__mariadb_ask(reader, RIGHTS, add_right, &rights, err));
	TRY(axev__json_set_string(options, "rights", axev__buf_view(&list), err));
	TRY(axev__json_set_bool(options, "account_can_write", rights.can_write, err));
	return rights.can_write ? axev__take_step(reader->capture->take, "rights of the account",
						  "it may write; an account that can only read is better evidence", err) :
				  AXEV_OK;
}

int axev__mariadb_describe(struct axev__mariadb_reader *reader, axev__json *source, axev_error *err)
{
	axev__json *options = axev__json_new_object();
	const char *cipher = reader->api.get_ssl_cipher(reader->link);
	struct axev__span version, comment;

	TRY(axev__json_set(source, "options", options, err));
	TRY(axev__mariadb_ask(reader, VARIABLES, add_option, options, err));
	TRY(axev__mariadb_ask(reader, SNAPSHOT, add_option, options, err));
	TRY(axev__mariadb_ask(reader, ACCOUNT, add_option, options, err));
	TRY(tell_rights(reader, options, err));
	TRY(axev__json_set_str(options, "tls", cipher ? cipher : "none", err));
	TRY(axev__json_set_str(options, "driver", reader->api.get_client_info(), err));
	TRY(axev__json_string(options, "version", &version, err));
	TRY(axev__json_string(options, "version_comment", &comment, err));
	TRY(axev__json_set_str(source, "system",
			       strstr((const char *)version.data, "MariaDB") || strstr((const char *)comment.data, "MariaDB") ?
				       "MariaDB" :
				       "MySQL",
			       err));
	TRY(axev__json_set_string(source, "version", version, err));
	return axev__json_set_str(source, "snapshot", "REPEATABLE READ, READ ONLY, WITH CONSISTENT SNAPSHOT", err);
}
