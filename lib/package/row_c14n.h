/* SPDX-License-Identifier: Apache-2.0 */
/*
 * row-c14n/2: one encoding for each value of a database, whatever engine or wire format it came through. FORMAT.md
 * section 3.2. A cell is tag(1) || length || content; that of NULL is its tag alone. A length below 255 is one byte, any
 * other is ff and a u32, big-endian.
 */
#ifndef AXEV_PACKAGE_ROW_C14N_H
#define AXEV_PACKAGE_ROW_C14N_H

#include "base/buf.h"
#include "base/limits.h"

enum axev__cell_tag {
	AXEV__CELL_NULL = 0x00,
	AXEV__CELL_INTEGER = 0x01,  /* two's complement in as few bytes as hold it, 1 to 8 */
	AXEV__CELL_BOOLEAN = 0x02,  /* 1 byte, 0 or 1 */
	AXEV__CELL_DECIMAL = 0x03,  /* ASCII as the scale has it, or NaN, Infinity, -Infinity */
	AXEV__CELL_REAL = 0x04,     /* IEEE 754 binary32 or binary64; one NaN */
	AXEV__CELL_TEXT = 0x05,     /* UTF-8 as stored */
	AXEV__CELL_BYTES = 0x06,
	AXEV__CELL_RAW_TEXT = 0x07, /* text that is not what its encoding allows */
	AXEV__CELL_INSTANT = 0x08,  /* microseconds since 1970 in UTC; the extremes are the infinities */
	AXEV__CELL_CALENDAR = 0x09, /* date, time or both without a zone, as ISO 8601 text */
	AXEV__CELL_LARGE = 0x0e,    /* tag of the content, its size (u64), its SHA-256 */
	AXEV__CELL_OTHER = 0x0f     /* u8 length and name of a type, the server's text */
};

#define AXEV__CELL_SHORT_HEAD 2
#define AXEV__CELL_LONG 0xff /* a u32 follows */
#define AXEV__CELL_MAX_HEAD 6
#define AXEV__CELL_LARGE_BYTES 41

int axev__cell_null(struct axev__buf *out, axev_error *err);
int axev__cell_integer(int64_t value, struct axev__buf *out, axev_error *err);
int axev__cell_boolean(bool value, struct axev__buf *out, axev_error *err);
int axev__cell_decimal(struct axev__span text, struct axev__buf *out, axev_error *err);
int axev__cell_real64(double value, struct axev__buf *out, axev_error *err);
int axev__cell_real32(float value, struct axev__buf *out, axev_error *err);
/* TEXT when it is UTF-8, else RAW_TEXT. */
int axev__cell_string(struct axev__span text, struct axev__buf *out, axev_error *err);
int axev__cell_raw_text(struct axev__span text, struct axev__buf *out, axev_error *err);
int axev__cell_bytes(struct axev__span bytes, struct axev__buf *out, axev_error *err);
int axev__cell_instant(int64_t unix_us, struct axev__buf *out, axev_error *err);
int axev__cell_calendar(struct axev__span text, struct axev__buf *out, axev_error *err);

/* CALENDAR in numbers, as binary protocols have it: one text for one value, however many digits its column shows. */
struct axev__moment {
	bool has_date, has_time;
	bool is_bc;       /* year 1 BC is 1 */
	bool is_negative; /* a span of time; no date */
	uint32_t year, month, day, hour, minute, second, microsecond;
};
int axev__cell_moment(const struct axev__moment *moment, struct axev__buf *out, axev_error *err);
int axev__cell_other(struct axev__span type, struct axev__span text, struct axev__buf *out,
		     axev_error *err);
/* For content of more than AXEV__MAX_INLINE_CELL, which is kept elsewhere. */
int axev__cell_large(enum axev__cell_tag tag, uint64_t size_bytes, const uint8_t sha256[32],
		     struct axev__buf *out, axev_error *err);

struct axev__cell {
	enum axev__cell_tag tag;
	struct axev__span whole;   /* as hashed */
	struct axev__span content;
};

/* Is this what the functions above write? Not for NULL, which has no content. */
bool axev__cell_is_good(enum axev__cell_tag tag, struct axev__span content);

/*
 * Take the first cell off @rest. Only what the functions above write is accepted: AXEV_E_FORMAT says what is wrong.
 */
int axev__cell_next(struct axev__span *rest, struct axev__cell *ret_cell, axev_error *err);

/* How long its tag with the length and its content are; false: they end too early, or the length is written longer than need be. */
static inline bool axev__cell_frame(struct axev__span rest, size_t *ret_head, size_t *ret_size)
{
	bool is_null = rest.size > 0 && rest.data[0] == AXEV__CELL_NULL, is_long;

	*ret_head = is_null ? 1 : AXEV__CELL_SHORT_HEAD;
	*ret_size = 0;
	if (is_null || rest.size < AXEV__CELL_SHORT_HEAD)
		return is_null;
	is_long = rest.data[1] == AXEV__CELL_LONG;
	*ret_head = is_long ? AXEV__CELL_MAX_HEAD : AXEV__CELL_SHORT_HEAD;
	if (rest.size < *ret_head)
		return false;
	*ret_size = is_long ? axev__get_u32be(rest.data + 2) : rest.data[1];
	return *ret_size <= rest.size - *ret_head && (!is_long || *ret_size >= AXEV__CELL_LONG);
}

/* As axev__cell_next(), where each cell of a table passes; false: that one says what is wrong. */
static inline bool axev__cell_take(struct axev__span *rest, struct axev__cell *ret_cell)
{
	const uint8_t *data = rest->data;
	size_t head, size;

	if (!axev__cell_frame(*rest, &head, &size))
		return false;
	if (data[0] != AXEV__CELL_NULL && !axev__cell_is_good(data[0], axev__span(data + head, size)))
		return false;
	*ret_cell = (struct axev__cell){ data[0], { data, head + size }, { data + head, size } };
	*rest = axev__span(data + head + size, rest->size - head - size);
	return true;
}

int64_t axev__cell_as_integer(const struct axev__cell *cell); /* INTEGER, INSTANT */
double axev__cell_as_real(const struct axev__cell *cell);     /* REAL of either size */

#endif
