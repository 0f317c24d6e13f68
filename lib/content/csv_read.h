/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CSV as RFC 4180 has it, one row after another, in memory that a row needs. Strict: what could be read in two ways is an error
 * that names line and field. Beyond the RFC: LF alone ends a line too, and delimiter and quote are the caller's.
 */
#ifndef AXEV_CONTENT_CSV_READ_H
#define AXEV_CONTENT_CSV_READ_H

#include "base/limits.h"
#include "content/text_reader.h"

#define AXEV__CSV_NO_QUOTE 0

struct axev__csv_dialect {
	uint8_t delimiter; /* ASCII, neither CR, LF nor NUL */
	uint8_t quote;     /* the same, another one; AXEV__CSV_NO_QUOTE: quotes are text */
};
bool axev__csv_dialect_is_valid(const struct axev__csv_dialect *dialect);

struct axev__csv_field {
	size_t offset, size; /* from the beginning of the row */
	bool is_quoted;
	bool has_pairs;      /* of quotes inside */
};

struct axev__csv_reader {
	struct axev__text_reader *text; /* lent */
	struct axev__csv_dialect dialect;
	uint8_t kinds[256];
	uint64_t line;      /* at which the row that was read begins, from 1 */
	uint64_t next_line;
	size_t row_bytes;   /* of the row that was read, its line break with it */
	struct axev__csv_field fields[AXEV__MAX_RECORD_FIELDS];
	size_t count;
};
void axev__csv_init(struct axev__csv_reader *reader, struct axev__text_reader *text,
		    const struct axev__csv_dialect *dialect);

/* The next row; what was lent of the one before is gone. *ret_more is false at the end of the file. */
int axev__csv_next(struct axev__csv_reader *reader, bool *ret_more, axev_error *err);
/* Text of a field of that row, without quotes. */
struct axev__span axev__csv_text(const struct axev__csv_reader *reader, size_t field);

#endif
