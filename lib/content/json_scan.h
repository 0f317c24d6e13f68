/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON of others, token by token and exactly as it is written (RFC 8259): numbers stay text, nothing goes through floating point. Strict:
 * no name twice in one object (4: "SHOULD be unique"), no half of a surrogate pair (8.2: "unpredictable").
 */
#ifndef AXEV_CONTENT_JSON_SCAN_H
#define AXEV_CONTENT_JSON_SCAN_H

#include "base/buf.h"
#include "base/limits.h"

enum axev__json_kind {
	AXEV__JSON_IS_STRING,
	AXEV__JSON_IS_NUMBER,
	AXEV__JSON_IS_TRUE,
	AXEV__JSON_IS_FALSE,
	AXEV__JSON_IS_NULL,
	AXEV__JSON_IS_NESTED
};

struct axev__json_name {
	size_t offset, size; /* in names */
};

/* @text is UTF-8. When a call fails, @at is where. */
struct axev__json_scan {
	struct axev__span text;
	size_t at;
	unsigned depth;
	struct axev__buf names;        /* of the objects that are open, decoded */
	struct axev__json_name *stack; /* as many as there are names */
	size_t count, capacity;
};
void axev__json_scan_init(struct axev__json_scan *scan);
void axev__json_scan_free(struct axev__json_scan *scan);

void axev__json_scan_blanks(struct axev__json_scan *scan);
/* The byte that must stand here; "expected ..., found ..." otherwise. */
int axev__json_scan_sign(struct axev__json_scan *scan, char sign, axev_error *err);
/* A string, appended to @out without quotes and escapes. */
int axev__json_scan_string(struct axev__json_scan *scan, struct axev__buf *out, axev_error *err);
/*
 * A value, appended to @out: a string decoded, a number, true, false and null as written, an object or array without the white
 * space between its tokens and otherwise as written.
 */
int axev__json_scan_value(struct axev__json_scan *scan, struct axev__buf *out, enum axev__json_kind *ret_kind,
			  axev_error *err);

#endif
