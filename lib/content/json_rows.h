/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows out of a file of JSON of any size: an array of objects, or JSON Lines, one object a line. Members are columns, found by name, in
 * the order in which they first appear.
 */
#ifndef AXEV_CONTENT_JSON_ROWS_H
#define AXEV_CONTENT_JSON_ROWS_H

#include "content/json_scan.h"
#include "content/text_reader.h"

#define AXEV__JSON_SLOTS 16384 /* a power of two, several times as many as columns */

struct axev__json_column {
	size_t name, name_size;   /* in names */
	uint64_t row;             /* the last one that has it, from 1 */
	enum axev__json_kind kind;
	size_t offset, size;      /* of its value, in values */
};

struct axev__json_rows {
	struct axev__text_reader *text; /* lent */
	bool is_lines;
	bool is_learning;    /* names that are not known become columns */
	bool is_begun, is_over;
	uint64_t line, column; /* of the first byte of the text that is not used, from 1 */
	uint64_t row;        /* that was read, from 1 */
	struct axev__json_scan scan;
	struct axev__buf names, values;
	struct axev__json_column *columns; /* AXEV__MAX_RECORD_FIELDS of them */
	size_t count;
	uint16_t slots[AXEV__JSON_SLOTS];
};
int axev__json_rows_init(struct axev__json_rows *rows, struct axev__text_reader *text, bool is_lines, axev_error *err);
void axev__json_rows_free(struct axev__json_rows *rows);
/* From the beginning of @text again, which was opened anew, with the columns that are known. */
void axev__json_rows_again(struct axev__json_rows *rows, struct axev__text_reader *text);

/* The next row; AXEV_E_FORMAT names line and column. */
int axev__json_rows_next(struct axev__json_rows *rows, bool *ret_more, axev_error *err);

static inline struct axev__span axev__json_rows_name(const struct axev__json_rows *rows, size_t column)
{
	return axev__span(rows->names.data + rows->columns[column].name, rows->columns[column].name_size);
}
/* Value of a column in that row, as axev__json_scan_value() gives it; false: it has none. */
static inline bool axev__json_rows_value(const struct axev__json_rows *rows, size_t column, enum axev__json_kind *ret_kind,
					 struct axev__span *ret_value)
{
	const struct axev__json_column *one = &rows->columns[column];

	*ret_kind = one->kind;
	*ret_value = axev__span(rows->values.data + one->offset, one->size);
	return one->row == rows->row;
}

#endif
