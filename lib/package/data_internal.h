/* SPDX-License-Identifier: Apache-2.0 */
/* What the readers of the single formats share. */
#ifndef AXEV_PACKAGE_DATA_INTERNAL_H
#define AXEV_PACKAGE_DATA_INTERNAL_H

#include "content/json_rows.h"
#include "package/data_rows.h"

struct axev__data_reader {
	struct axev__data_form form;
	struct axev__text_reader text;
	axev__json *fields;
	axev__data_large large;
	void *payload;
	struct axev__csv_reader csv;
	struct axev__json_rows json;
	bool has_row; /* the first row of a CSV file without names was read, to know how many fields there are */
};

/* A field of the header; @name in UTF-8. */
int axev__data_add_field(struct axev__data_reader *reader, struct axev__span name, const char *type, axev_error *err);
/* The cell of text, which is UTF-8. */
int axev__data_text(struct axev__data_reader *reader, struct axev__span text, struct axev__buf *cells,
		    axev_error *err);

int axev__data_csv_open(struct axev__data_reader *reader, axev_error *err);
int axev__data_json_open(struct axev__data_reader *reader, axev_error *err);
int axev__data_json_next(struct axev__data_reader *reader, struct axev__buf *cells, bool *ret_more, axev_error *err);
int axev__data_csv_next(struct axev__data_reader *reader, struct axev__buf *cells, bool *ret_more, axev_error *err);

#endif
