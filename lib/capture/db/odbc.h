/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the files of the engine for whatever has an ODBC driver. */
#ifndef AXEV_CAPTURE_DB_ODBC_H
#define AXEV_CAPTURE_DB_ODBC_H

#include "capture/db/db_engine.h"
#include "capture/db/odbc_api.h"

struct axev__odbc_reader {
	struct axev__odbc api;
	SQLHANDLE environment, link;
	bool is_connected;
	char quote[8]; /* around names; empty: the driver has none */
	struct axev__db_capture *capture;
};

/* @type: of the handle. What the driver says is in the message. */
int axev__odbc_fail(const struct axev__odbc_reader *reader, SQLSMALLINT type, SQLHANDLE handle, const char *doing,
		    axev_error *err);
/* May bytes be behind what this call returned? */
static inline bool axev__odbc_is_good(SQLRETURN code)
{
	return code == SQL_SUCCESS || code == SQL_SUCCESS_WITH_INFO;
}

/* Connects with the string, autocommit off and the strictest isolation that the driver offers. */
int axev__odbc_connect(struct axev__odbc_reader *reader, const axev_db_opts *opts, const char *string, axev_error *err);
/* What driver and database say of themselves, into "source"; the driver's file and its digest. */
int axev__odbc_describe(struct axev__odbc_reader *reader, axev__json *source, axev_error *err);
/* Nothing of it is kept. */
void axev__odbc_disconnect(struct axev__odbc_reader *reader);

/* ---- statements ---- */

struct axev__odbc_statement {
	const struct axev__odbc_reader *reader;
	SQLHANDLE handle;
	SQLSMALLINT columns;
};
void axev__odbc_statement_free(struct axev__odbc_statement *statement);
#define AXEV__ODBC_STATEMENT AXEV__CLEANUP(axev__odbc_statement_free) struct axev__odbc_statement

int axev__odbc_statement_new(const struct axev__odbc_reader *reader, struct axev__odbc_statement *ret_statement,
			     axev_error *err);
int axev__odbc_run(struct axev__odbc_statement *statement, const char *sql, const char *const *parameters,
		   size_t parameter_count, axev_error *err);
/* 1: a row, 0: the end. */
int axev__odbc_fetch(const struct axev__odbc_statement *statement, axev_error *err);

struct axev__odbc_text {
	struct axev__buf bytes; /* UTF-8; of what is not well-formed the UTF-16 as it came */
	bool is_null, is_good;
	struct axev__db_capture *capture; /* where a file for a long value may be; NULL: it stays in memory */
	int fd;                 /* with all of a long value as it came, instead of @bytes; -1: there is none */
	uint64_t size_bytes;    /* as it came */
};
#define AXEV__ODBC_TEXT_INIT(max_bytes) { .bytes = AXEV__BUF_INIT(max_bytes), .fd = -1 }
void axev__odbc_text_free(struct axev__odbc_text *text);
#define AXEV__ODBC_TEXT AXEV__CLEANUP(axev__odbc_text_free) struct axev__odbc_text

/* All of a value as text, however long it is and however the driver hands it over. @column from 1. */
int axev__odbc_text(const struct axev__odbc_statement *statement, SQLUSMALLINT column, struct axev__odbc_text *text,
		    axev_error *err);
/* Of binary columns. */
int axev__odbc_bytes(const struct axev__odbc_statement *statement, SQLUSMALLINT column, struct axev__odbc_text *bytes,
		     axev_error *err);

/* The long value in @text->fd becomes an object of the capture, and a cell of the row. *ret_units as below. */
int axev__odbc_take_long(const struct axev__odbc_text *text, bool is_binary, struct axev__db_set *set, uint64_t *ret_units,
			 axev_error *err);

/* Characters read so far of each column that is text, in UTF-16 units; bytes of each that is binary. -1: another type. */
struct axev__odbc_lengths {
	char *name; /* owned */
	int64_t units;
};

/* The rows of one statement into the package. *ret_lengths: one for each column; free with free(), and its names. */
int axev__odbc_rows(struct axev__odbc_reader *reader, struct axev__db_rows *rows, const char *const *parameters,
		    size_t parameter_count, struct axev__odbc_lengths **ret_lengths, size_t *ret_count, axev_error *err);

#endif
