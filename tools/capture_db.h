/* SPDX-License-Identifier: Apache-2.0 */
/* Options of captures of databases and of files of data that were handed over. */
#ifndef AXEV_TOOLS_CAPTURE_DB_H
#define AXEV_TOOLS_CAPTURE_DB_H

#include <ax_evidence/ax_evidence.h>

#define MAX_TABLES 200

struct capture_db {
	axev_db_opts opts;
	axev_handover handover;
	const char *tables[MAX_TABLES], *parameters[MAX_TABLES], *keys[MAX_TABLES];
	int is_given; /* one of these options was */
};
#define CAPTURE_DB_INIT { .opts = AXEV_DB_OPTS_INIT, .handover = AXEV_HANDOVER_INIT }

enum {
	OPTION_TABLE = 400,
	OPTION_QUERY,
	OPTION_PARAM,
	OPTION_PASSWORD,
	OPTION_INCOMPLETE,
	OPTION_GIVER,
	OPTION_GIVER_ID,
	OPTION_RECEIVED,
	OPTION_MEDIUM,
	OPTION_ENCODING,
	OPTION_DELIMITER,
	OPTION_QUOTE,
	OPTION_NO_NAMES,
	OPTION_KEY_COLUMN
};

/* Not --key: that is the signer's. */
#define CAPTURE_DB_LONG_OPTIONS \
	{ "table", required_argument, NULL, OPTION_TABLE }, \
	{ "query", required_argument, NULL, OPTION_QUERY }, \
	{ "param", required_argument, NULL, OPTION_PARAM }, \
	{ "password-env", required_argument, NULL, OPTION_PASSWORD }, \
	{ "incomplete", no_argument, NULL, OPTION_INCOMPLETE }, \
	{ "giver", required_argument, NULL, OPTION_GIVER }, \
	{ "giver-id", required_argument, NULL, OPTION_GIVER_ID }, \
	{ "received", required_argument, NULL, OPTION_RECEIVED }, \
	{ "medium", required_argument, NULL, OPTION_MEDIUM }, \
	{ "encoding", required_argument, NULL, OPTION_ENCODING }, \
	{ "delimiter", required_argument, NULL, OPTION_DELIMITER }, \
	{ "quote", required_argument, NULL, OPTION_QUOTE }, \
	{ "no-names", no_argument, NULL, OPTION_NO_NAMES }, \
	{ "key-column", required_argument, NULL, OPTION_KEY_COLUMN }

#define CAPTURE_DB_USAGE \
	"db:\n" \
	"  --table NAME          a table or view; may be given again (default: all)\n" \
	"  --query SQL           the rows of one SELECT\n" \
	"  --param TEXT          for a placeholder of it, in order; may be given again\n" \
	"  --password-env NAME   the password of the account is in that variable\n" \
	"  --incomplete          when the server breaks off, keep the rows that had come;\n" \
	"                        the package says that they are not all\n" \
	"file of data that was handed over (csv:, json:, jsonl:, xlsx:):\n" \
	"  --giver NAME          who handed it over; --giver-id NUMBER, --medium TEXT,\n" \
	"  --received DATE       as 2026-11-29 or 2026-11-29T09:30\n" \
	"  --encoding NAME       utf-8 (default) or gb18030\n" \
	"  --delimiter CHAR      of CSV (default ,), or: tab\n" \
	"  --quote CHAR          of CSV (default \"), or: none\n" \
	"  --no-names            the first line is a row, not one of names\n" \
	"  --key-column COLUMN   tells rows apart, for compare; may be given again\n"

/* 1 when the option was one of these, 0 when not, -1 after an error line. */
int capture_db_option(struct capture_db *db, int option, char *argument);

#endif
