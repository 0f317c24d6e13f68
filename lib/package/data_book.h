/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A workbook that was handed over, sheet by sheet: rows as cells of row-c14n/2, and what a table of rows cannot say. The capture makes
 * its record sets with it, the verifier makes the same sets again out of the same bytes. FORMAT.md section 3.6.
 */
#ifndef AXEV_PACKAGE_DATA_BOOK_H
#define AXEV_PACKAGE_DATA_BOOK_H

#include "foreign/xlsx.h"
#include "package/data_rows.h"

#define AXEV__BOOK_FORMAT "xlsx"

/* What the header of a set says. */
struct axev__book_set {
	const char *name, *order;
	const axev__json *about, *fields; /* "about" has no "key": that is the operator's word */
};

struct axev__book_taker {
	/* A sheet that has cells, its rows, its end. */
	int (*begin)(void *payload, const struct axev__book_set *set, axev_error *err);
	int (*row)(void *payload, struct axev__span cells, axev_error *err);
	int (*end)(void *payload, axev_error *err);
	/* A record of the set "workbook", at any time. */
	int (*remark)(void *payload, struct axev__span cells, axev_error *err);
	axev__data_large large;
};

/* @path: of the object; @has_names: the first row with a cell of each sheet is one of names. */
int axev__book_read(const struct axev__xlsx *book, const char *path, bool has_names, const struct axev__book_taker *taker,
		    void *payload, axev_error *err);

/* The set "workbook": @about and @fields are filled, and lent to *ret_set. */
int axev__book_remarks(const char *path, axev__json *about, axev__json *fields, struct axev__book_set *ret_set,
		       axev_error *err);

#endif
