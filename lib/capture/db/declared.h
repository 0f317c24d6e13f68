/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQLite has no decimal numbers, dates or truth values: a column that is declared as one holds what other engines hold there
 * in another class. Where nothing is lost by it, such a value becomes the cell that they give. FORMAT.md section 3.2.
 */
#ifndef AXEV_CAPTURE_DB_DECLARED_H
#define AXEV_CAPTURE_DB_DECLARED_H

#include "base/buf.h"

struct axev__declared {
	enum { AXEV__DECLARED_NOTHING, AXEV__DECLARED_DECIMAL, AXEV__DECLARED_BOOLEAN, AXEV__DECLARED_MOMENT } kind;
	unsigned scale;          /* DECIMAL: digits behind the point */
	bool has_date, has_time; /* MOMENT */
};
/* @type as in CREATE TABLE; NULL is none. */
struct axev__declared axev__declared_type(const char *type);

/* false in *ret_taken: the value is not one of that type, and nothing was written. */
int axev__declared_integer(const struct axev__declared *declared, int64_t value, struct axev__buf *out, bool *ret_taken,
			   axev_error *err);
int axev__declared_real(const struct axev__declared *declared, double value, struct axev__buf *out, bool *ret_taken,
			axev_error *err);
int axev__declared_text(const struct axev__declared *declared, struct axev__span value, struct axev__buf *out,
			bool *ret_taken, axev_error *err);

#endif
