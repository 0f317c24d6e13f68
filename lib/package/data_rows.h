/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of a file that was handed over (CSV, JSON), as cells of row-c14n/2. The capture makes its record set with it, the verifier
 * makes the same set again out of the same bytes. FORMAT.md section 3.6.
 */
#ifndef AXEV_PACKAGE_DATA_ROWS_H
#define AXEV_PACKAGE_DATA_ROWS_H

#include "base/json.h"
#include "content/csv_read.h"
#include "package/row_c14n.h"

enum axev__data_format { AXEV__DATA_CSV, AXEV__DATA_JSON, AXEV__DATA_JSONL, AXEV__DATA_FORMATS };

/* Types of cells of tag 0f. */
#define AXEV__DATA_ABSENT "absent" /* the object has no such member */
#define AXEV__DATA_NUMBER "number" /* as JSON writes it, where a decimal cannot hold it */
#define AXEV__DATA_NESTED "json"   /* an object or array without the white space between tokens */

const char *axev__data_format_name(enum axev__data_format format);

/* How the file is to be read, all of it stated: members of "about" in the header of the set. */
struct axev__data_form {
	enum axev__data_format format;
	enum axev__text_encoding encoding;
	bool has_bom;                      /* the file begins with the signature of UTF-8 */
	struct axev__csv_dialect dialect;  /* of CSV */
	bool has_names;                    /* of CSV: the first line */
};
const char *axev__data_encoding_name(enum axev__text_encoding encoding);
int axev__data_form_set(const struct axev__data_form *form, axev__json *about, axev_error *err);
/* UNSUPPORTED for a format, an encoding or a member that is not known. */
int axev__data_form_read(const axev__json *about, struct axev__data_form *ret_form, axev_error *err);

/* Appends the cell of content of more than AXEV__MAX_INLINE_CELL, and keeps that content if it is to be kept. */
typedef int (*axev__data_large)(void *payload, enum axev__cell_tag tag, struct axev__span content,
				struct axev__buf *cells, axev_error *err);

/* One of them: of the content nothing is kept but its SHA-256. @payload is not used. */
int axev__data_hash_large(void *payload, enum axev__cell_tag tag, struct axev__span content, struct axev__buf *cells,
			  axev_error *err);

struct axev__data_reader;
/* @source is lent. Reads as far as is needed to know the fields. form->has_bom is not looked at. */
int axev__data_open(const struct axev__source *source, const struct axev__data_form *form, axev__data_large large,
		    void *payload, struct axev__data_reader **ret_reader, axev_error *err);
void axev__data_free(struct axev__data_reader *reader);
static inline void axev__data_freep(struct axev__data_reader **reader)
{
	axev__data_free(*reader);
}
#define AXEV__DATA_READER AXEV__CLEANUP(axev__data_freep) struct axev__data_reader

bool axev__data_has_bom(const struct axev__data_reader *reader);
/* Lent: "fields" of the header. */
const axev__json *axev__data_fields(const struct axev__data_reader *reader);
/* Appends the cells of the next row. AXEV_E_FORMAT names line and field. */
int axev__data_next(struct axev__data_reader *reader, struct axev__buf *cells, bool *ret_more, axev_error *err);

#endif
