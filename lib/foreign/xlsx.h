/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Workbooks of ISO/IEC 29500 (XLSX): cells as they are written, nothing computed, nothing converted. Numbers keep their text, dates are the
 * serial numbers that they are, with their format; of a formula there are its text and the value that was stored with it.
 */
#ifndef AXEV_FOREIGN_XLSX_H
#define AXEV_FOREIGN_XLSX_H

#include "base/buf.h"
#include "foreign/unzip.h"

#define AXEV__XLSX_COLUMNS 16384   /* ISO/IEC 29500-1 18.3.1.4: up to XFD */
#define AXEV__XLSX_ROWS 1048576
#define AXEV__XLSX_FORMAT_BYTES 200 /* what is kept of the code of a format */

enum axev__xlsx_kind {
	AXEV__XLSX_TEXT,
	AXEV__XLSX_NUMBER,
	AXEV__XLSX_DATE,    /* a number, or ISO 8601, whose format is one of dates or times */
	AXEV__XLSX_BOOLEAN, /* "0" or "1" */
	AXEV__XLSX_ERROR    /* "#DIV/0!" */
};

struct axev__xlsx_cell {
	uint32_t row, column;       /* from 1 */
	enum axev__xlsx_kind kind;
	struct axev__span text;     /* UTF-8 */
	const char *format;         /* of a date, at most AXEV__XLSX_FORMAT_BYTES of it; never NULL */
};

/* What a sheet holds, in its order. All but @cell may be NULL. */
struct axev__xlsx_visitor {
	int (*cell)(void *payload, const struct axev__xlsx_cell *cell, axev_error *err);
	int (*row_end)(void *payload, uint32_t row, axev_error *err);
	/* @what: "formula", "merged cells", "hidden row", "hidden columns"; @where: as B2 or A1:C1. */
	int (*remark)(void *payload, const char *what, const char *where, struct axev__span text, axev_error *err);
};

struct axev__xlsx_sheet {
	char *name;   /* UTF-8 */
	char *id;     /* of its relation */
	char *path;   /* entry; NULL: it is no worksheet */
	bool is_hidden;
	bool is_found; /* there is its relation */
};

struct axev__xlsx {
	struct axev__unzip *unzip;
	struct axev__xlsx_sheet *sheets;
	size_t sheet_count;
	bool has_1904; /* days are counted from 1904-01-01 */
	struct axev__buf strings;   /* all shared ones, one behind another */
	size_t *string_ends;
	size_t string_count, string_capacity;
	char **formats;             /* by style: of a date, or NULL */
	size_t format_count;
};
int axev__xlsx_open(const struct axev__source *source, struct axev__xlsx *ret_book, axev_error *err);
void axev__xlsx_close(struct axev__xlsx *book);
#define AXEV__XLSX AXEV__CLEANUP(axev__xlsx_close) struct axev__xlsx

int axev__xlsx_read(const struct axev__xlsx *book, size_t sheet, const struct axev__xlsx_visitor *visitor, void *payload,
		    axev_error *err);

/* 1 is A, 28 is AB. */
void axev__xlsx_letters(uint32_t column, char out[8]);

#endif
