/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the files of the engine for SQLite. */
#ifndef AXEV_CAPTURE_DB_SQLITE_H
#define AXEV_CAPTURE_DB_SQLITE_H

#include "capture/db/db_engine.h"
#include "capture/db/db_set.h"
#include "capture/db/sqlite_api.h"

struct axev__sqlite_reader {
	struct axev__sqlite api;
	sqlite3 *db;
	struct axev__db_capture *capture;
	enum { AXEV__SQLITE_UTF8, AXEV__SQLITE_UTF16LE, AXEV__SQLITE_UTF16BE } encoding; /* of its text */
	bool is_users_statement; /* only what a SELECT does is authorised */
};

/* Of the copy, with nothing in it run but what is asked here. */
int axev__sqlite_open(struct axev__sqlite_reader *reader, axev_error *err);
void axev__sqlite_close(struct axev__sqlite_reader *reader);
int axev__sqlite_fail(const struct axev__sqlite_reader *reader, const char *doing, axev_error *err);

/* ---- statements ---- */

struct axev__sqlite_statement {
	const struct axev__sqlite_reader *reader;
	sqlite3_stmt *stmt;
};
void axev__sqlite_statement_free(struct axev__sqlite_statement *statement);
#define AXEV__SQLITE_STATEMENT AXEV__CLEANUP(axev__sqlite_statement_free) struct axev__sqlite_statement

/* *ret_tail, when it is not NULL: what stands behind the statement. */
int axev__sqlite_prepare(const struct axev__sqlite_reader *reader, const char *sql,
			 struct axev__sqlite_statement *ret_statement, const char **ret_tail, axev_error *err);
/* @bound: its one parameter; NULL: it has none. */
int axev__sqlite_prepare_about(const struct axev__sqlite_reader *reader, const char *sql, const char *bound,
			       struct axev__sqlite_statement *ret_statement, axev_error *err);
/* 1: a row, 0: the end. */
int axev__sqlite_step(const struct axev__sqlite_statement *statement, axev_error *err);
/* The same, or AXEV__SQLITE_TOO_LONG: a value, or a row that has to be sorted, is longer than the limit; nothing of it was loaded. */
#define AXEV__SQLITE_TOO_LONG 2
int axev__sqlite_step_within(const struct axev__sqlite_statement *statement, axev_error *err);
/* From its beginning, with @number as its one parameter. */
int axev__sqlite_again(const struct axev__sqlite_statement *statement, int64_t number, axev_error *err);
/* How many bytes a value may have; AXEV__MAX_SQLITE_VALUE when nobody says otherwise. */
void axev__sqlite_limit(const struct axev__sqlite_reader *reader, size_t bytes);
/* The first value of the first row of a statement; -1: there is no row. */
int axev__sqlite_number(const struct axev__sqlite_reader *reader, const char *sql, const char *bound, int64_t *ret_value,
			axev_error *err);
int axev__sqlite_quote(const char *name, struct axev__buf *out, axev_error *err);
/* Lent until the next step; never NULL. */
const char *axev__sqlite_text(const struct axev__sqlite_statement *statement, int column);

/* ---- tables ---- */

struct axev__sqlite_table {
	const char *name; /* lent */
	bool is_view, is_virtual;
	bool has_generated;              /* or columns whose names are not UTF-8 */
	struct axev__buf columns, order; /* as SQL has them, with commas between */
	axev__json *names;               /* of the columns */
	axev__json *key;  /* its columns */
	bool has_key;     /* one that is an order */
};
/* NOTFOUND when there is no table or view of this name. */
int axev__sqlite_table(const struct axev__sqlite_reader *reader, const char *name, struct axev__sqlite_table *ret_table,
		       axev_error *err);
void axev__sqlite_table_free(struct axev__sqlite_table *table);
#define AXEV__SQLITE_TABLE AXEV__CLEANUP(axev__sqlite_table_free) struct axev__sqlite_table

/* The SELECT of all its rows, by its key where it has one. */
int axev__sqlite_table_select(const struct axev__sqlite_table *table, struct axev__buf *sql, axev_error *err);
/* A virtual table is whatever its module says, and SQLite's library may not have that module: then it is told to be missing. */
int axev__sqlite_table_check_virtual(const struct axev__sqlite_reader *reader, const char *name, bool *ret_can_read,
				     axev_error *err);
/* STATE unless SQLite counts as many rows as were read. */
int axev__sqlite_table_count(const struct axev__sqlite_reader *reader, const char *name, uint64_t rows, axev_error *err);

/* ---- rows ---- */

struct axev__sqlite_long;

/* The rows of a statement into the package, each value whole. */
int axev__sqlite_rows(const struct axev__sqlite_statement *statement, const struct axev__db_rows *rows, axev_error *err);
/* The same, if no value is long; false in *ret_are_short: one is, and it is as if nothing had been read. */
int axev__sqlite_rows_if_short(const struct axev__sqlite_statement *statement, const struct axev__db_rows *rows, bool *ret_are_short,
			       axev_error *err);
/* Rows as @found gives them, with the fields of @statement. */
int axev__sqlite_rows_with_long(const struct axev__sqlite_statement *statement, const struct axev__db_rows *rows,
				struct axev__sqlite_long *found, axev_error *err);

#endif
