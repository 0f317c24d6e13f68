/* SPDX-License-Identifier: Apache-2.0 */
#include "package/row_c14n.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/digits.h"
#include "base/text.h"

#define NAN64 UINT64_C(0x7ff8000000000000)
#define NAN32 UINT32_C(0x7fc00000)

/* ---- writing ---- */

static size_t put_head(enum axev__cell_tag tag, size_t size, uint8_t head[AXEV__CELL_MAX_HEAD])
{
	head[0] = (uint8_t)tag;
	head[1] = AXEV__CELL_LONG;
	if (size >= AXEV__CELL_LONG) {
		axev__put_u32be(head + 2, (uint32_t)size);
		return AXEV__CELL_MAX_HEAD;
	}
	head[1] = (uint8_t)size;
	return AXEV__CELL_SHORT_HEAD;
}

static int put(enum axev__cell_tag tag, struct axev__span content, struct axev__buf *out, axev_error *err)
{
	size_t head = content.size < AXEV__CELL_LONG ? AXEV__CELL_SHORT_HEAD : AXEV__CELL_MAX_HEAD;
	uint8_t *cell;

	if (content.size > AXEV__MAX_INLINE_CELL)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %zu bytes in a cell, found %zu",
				  AXEV__MAX_INLINE_CELL, content.size);
	TRY(axev__buf_room(out, head + content.size, &cell, err));
	put_head(tag, content.size, cell);
	if (content.size)
		memcpy(cell + head, content.data, content.size);
	return AXEV_OK;
}

int axev__cell_null(struct axev__buf *out, axev_error *err)
{
	return axev__buf_byte(out, AXEV__CELL_NULL, err);
}

/* The last @size bytes of @value; room is taken for eight. */
static int put_number(enum axev__cell_tag tag, uint64_t value, size_t size, struct axev__buf *out, axev_error *err)
{
	uint8_t *cell;

	TRY(axev__buf_room(out, AXEV__CELL_SHORT_HEAD + 8, &cell, err));
	cell[0] = (uint8_t)tag;
	cell[1] = (uint8_t)size;
	axev__put_u64be(cell + AXEV__CELL_SHORT_HEAD, value << (64 - 8 * size));
	out->size -= 8 - size;
	return AXEV_OK;
}

int axev__cell_integer(int64_t value, struct axev__buf *out, axev_error *err)
{
	uint64_t magnitude = (uint64_t)(value < 0 ? ~value : value);
	size_t bits = 64 - (size_t)__builtin_clzll(magnitude << 1 | 1); /* with that of the sign */

	return put_number(AXEV__CELL_INTEGER, (uint64_t)value, (bits + 7) / 8, out, err);
}

int axev__cell_boolean(bool value, struct axev__buf *out, axev_error *err)
{
	uint8_t byte = value;

	return put(AXEV__CELL_BOOLEAN, axev__span(&byte, 1), out, err);
}

int axev__cell_real64(double value, struct axev__buf *out, axev_error *err)
{
	uint64_t bits = NAN64;

	if (!isnan(value))
		memcpy(&bits, &value, sizeof(bits));
	return put_number(AXEV__CELL_REAL, bits, 8, out, err);
}

int axev__cell_real32(float value, struct axev__buf *out, axev_error *err)
{
	uint32_t bits = NAN32;
	uint8_t bytes[4];

	if (!isnan(value))
		memcpy(&bits, &value, sizeof(bits));
	axev__put_u32be(bytes, bits);
	return put(AXEV__CELL_REAL, axev__span(bytes, sizeof(bytes)), out, err);
}

int axev__cell_string(struct axev__span text, struct axev__buf *out, axev_error *err)
{
	return put(axev__is_utf8(text) ? AXEV__CELL_TEXT : AXEV__CELL_RAW_TEXT, text, out, err);
}

int axev__cell_raw_text(struct axev__span text, struct axev__buf *out, axev_error *err)
{
	return put(AXEV__CELL_RAW_TEXT, text, out, err);
}

int axev__cell_bytes(struct axev__span bytes, struct axev__buf *out, axev_error *err)
{
	return put(AXEV__CELL_BYTES, bytes, out, err);
}

int axev__cell_instant(int64_t unix_us, struct axev__buf *out, axev_error *err)
{
	return put_number(AXEV__CELL_INSTANT, (uint64_t)unix_us, 8, out, err);
}

/* ---- what content may be ---- */

/* -?digits(.digits)?; no sign before zero alone, no zero before other digits. */
static bool is_decimal(struct axev__span text)
{
	size_t i = 0, digits = 0;
	bool is_zero = true, is_negative = text.size && text.data[0] == '-';

	if (axev__span_is(text, "NaN") || axev__span_is(text, "Infinity") ||
	    axev__span_is(text, "-Infinity"))
		return true;
	for (i = is_negative; i < text.size && text.data[i] >= '0' && text.data[i] <= '9'; i++, digits++)
		is_zero = is_zero && text.data[i] == '0';
	if (digits == 0 || (digits > 1 && text.data[is_negative] == '0'))
		return false;
	if (i < text.size) {
		if (text.data[i++] != '.' || i == text.size)
			return false;
		for (; i < text.size && text.data[i] >= '0' && text.data[i] <= '9'; i++)
			is_zero = is_zero && text.data[i] == '0';
	}
	return i == text.size && !(is_zero && is_negative);
}

static const bool is_of_calendar[UINT8_MAX + 1] = {
	['0'] = true, ['1'] = true, ['2'] = true, ['3'] = true, ['4'] = true, ['5'] = true, ['6'] = true, ['7'] = true, ['8'] = true,
	['9'] = true, ['-'] = true, [':'] = true, ['.'] = true, ['T'] = true, [' '] = true, ['B'] = true, ['C'] = true,
};

static bool is_calendar(struct axev__span text)
{
	size_t i;

	for (i = 0; i < text.size; i++)
		if (!is_of_calendar[text.data[i]])
			return axev__span_is(text, "infinity") || axev__span_is(text, "-infinity");
	return text.size >= 5 && text.size <= 64;
}

static bool is_real(struct axev__span bytes)
{
	if (bytes.size == 4) {
		uint32_t bits = axev__get_u32be(bytes.data);

		return (bits & 0x7fffffff) <= 0x7f800000 || bits == NAN32;
	}
	if (bytes.size == 8) {
		uint64_t bits = axev__get_u64be(bytes.data);

		return (bits & (UINT64_MAX >> 1)) <= UINT64_C(0x7ff0000000000000) || bits == NAN64;
	}
	return false;
}

/* X.690 8.3.2: the first nine bits are not all alike. */
static bool is_integer(struct axev__span bytes)
{
	if (bytes.size < 1 || bytes.size > 8)
		return false;
	return bytes.size == 1 || bytes.data[0] != (bytes.data[1] & 0x80 ? 0xff : 0x00);
}

static bool is_large(struct axev__span bytes)
{
	return bytes.size == AXEV__CELL_LARGE_BYTES &&
	       (bytes.data[0] == AXEV__CELL_TEXT || bytes.data[0] == AXEV__CELL_BYTES ||
		bytes.data[0] == AXEV__CELL_RAW_TEXT) &&
	       axev__get_u64be(bytes.data + 1) > AXEV__MAX_INLINE_CELL;
}

static bool is_other(struct axev__span bytes)
{
	size_t name_size = bytes.size ? bytes.data[0] : 0;

	return name_size > 0 && bytes.size > name_size && axev__is_utf8(axev__span(bytes.data + 1, name_size));
}

static bool is_content(enum axev__cell_tag tag, struct axev__span content)
{
	switch (tag) {
	case AXEV__CELL_INTEGER:
		return is_integer(content);
	case AXEV__CELL_INSTANT:
		return content.size == 8;
	case AXEV__CELL_BOOLEAN:
		return content.size == 1 && content.data[0] <= 1;
	case AXEV__CELL_DECIMAL:
		return is_decimal(content);
	case AXEV__CELL_REAL:
		return is_real(content);
	case AXEV__CELL_TEXT:
		return axev__is_utf8(content);
	case AXEV__CELL_BYTES:
	case AXEV__CELL_RAW_TEXT:
		return true;
	case AXEV__CELL_CALENDAR:
		return is_calendar(content);
	case AXEV__CELL_LARGE:
		return is_large(content);
	case AXEV__CELL_OTHER:
		return is_other(content);
	default:
		return false;
	}
}

int axev__cell_decimal(struct axev__span text, struct axev__buf *out, axev_error *err)
{
	struct axev__shown shown;

	if (!is_decimal(text))
		return axev__fail(err, AXEV_E_FORMAT, "expected a decimal number, found '%s'",
				  axev__show(&shown, text));
	return put(AXEV__CELL_DECIMAL, text, out, err);
}

int axev__cell_calendar(struct axev__span text, struct axev__buf *out, axev_error *err)
{
	struct axev__shown shown;

	if (!is_calendar(text))
		return axev__fail(err, AXEV_E_FORMAT, "expected a date or a time, found '%s'",
				  axev__show(&shown, text));
	return put(AXEV__CELL_CALENDAR, text, out, err);
}

/* At least @digits of them, zeros in front. */
static char *put_digits(char *at, uint32_t number, int digits)
{
	return axev__digits(at, number, number < axev__tens[digits] ? digits : axev__digit_count(number));
}

/* ".5" of 500,000 microseconds, nothing of none. */
static char *put_fraction(char *at, uint32_t microsecond)
{
	if (microsecond == 0)
		return at;
	*at++ = '.';
	at = put_digits(at, microsecond % 1000000, 6);
	while (at[-1] == '0')
		at--;
	return at;
}

static char *put_clock(char *at, const struct axev__moment *moment)
{
	if (moment->has_date)
		*at++ = 'T';
	else if (moment->is_negative)
		*at++ = '-';
	at = put_digits(at, moment->hour, 2);
	*at++ = ':';
	at = put_digits(at, moment->minute, 2);
	*at++ = ':';
	at = put_digits(at, moment->second, 2);
	return put_fraction(at, moment->microsecond);
}

int axev__cell_moment(const struct axev__moment *moment, struct axev__buf *out, axev_error *err)
{
	char text[96], *at = text;

	if (moment->has_date) {
		at = put_digits(at, moment->year, 4);
		*at++ = '-';
		at = put_digits(at, moment->month, 2);
		*at++ = '-';
		at = put_digits(at, moment->day, 2);
	}
	if (moment->has_time)
		at = put_clock(at, moment);
	if (moment->is_bc) {
		memcpy(at, " BC", 3);
		at += 3;
	}
	return put(AXEV__CELL_CALENDAR, axev__span(text, (size_t)(at - text)), out, err);
}

int axev__cell_other(struct axev__span type, struct axev__span text, struct axev__buf *out,
		     axev_error *err)
{
	uint8_t head[AXEV__CELL_MAX_HEAD];

	if (type.size == 0 || type.size > UINT8_MAX || !axev__is_utf8(type))
		return axev__fail(err, AXEV_E_INVAL, "expected the name of a type of 1 to 255 bytes");
	if (text.size > AXEV__MAX_INLINE_CELL - 256)
		return axev__fail(err, AXEV_E_LIMIT, "expected at most %zu bytes in a cell, found %zu",
				  AXEV__MAX_INLINE_CELL - 256, text.size);
	TRY(axev__buf_append(out, head, put_head(AXEV__CELL_OTHER, 1 + type.size + text.size, head), err));
	TRY(axev__buf_byte(out, (uint8_t)type.size, err));
	TRY(axev__buf_span(out, type, err));
	return axev__buf_span(out, text, err);
}

int axev__cell_large(enum axev__cell_tag tag, uint64_t size_bytes, const uint8_t sha256[32],
		     struct axev__buf *out, axev_error *err)
{
	uint8_t content[AXEV__CELL_LARGE_BYTES] = { (uint8_t)tag };

	axev__put_u64be(content + 1, size_bytes);
	memcpy(content + 9, sha256, 32);
	if (!is_large(axev__span(content, sizeof(content))))
		return axev__fail(err, AXEV_E_INVAL, "expected text or bytes of more than %zu bytes",
				  AXEV__MAX_INLINE_CELL);
	return put(AXEV__CELL_LARGE, axev__span(content, sizeof(content)), out, err);
}

/* ---- reading ---- */

bool axev__cell_is_good(enum axev__cell_tag tag, struct axev__span content)
{
	return content.size <= AXEV__MAX_INLINE_CELL && is_content(tag, content);
}

int axev__cell_next(struct axev__span *rest, struct axev__cell *ret_cell, axev_error *err)
{
	size_t head, size;
	bool is_framed;

	if (axev__cell_take(rest, ret_cell))
		return AXEV_OK;
	is_framed = axev__cell_frame(*rest, &head, &size);
	if (rest->size < head)
		return axev__fail(err, AXEV_E_FORMAT, "expected a cell, found the end");
	if (size > AXEV__MAX_INLINE_CELL || size > rest->size - head)
		return axev__fail(err, AXEV_E_FORMAT, "a cell of %zu bytes is longer than it may be", size);
	if (!is_framed)
		return axev__fail(err, AXEV_E_FORMAT, "the length %zu of a cell is written longer than need be", size);
	return axev__fail(err, AXEV_E_FORMAT, "a cell of tag %02x is not what row-c14n/2 writes", rest->data[0]);
}

int64_t axev__cell_as_integer(const struct axev__cell *cell)
{
	uint64_t value = (uint64_t)(int8_t)cell->content.data[0];
	size_t i;

	for (i = 1; i < cell->content.size; i++)
		value = value << 8 | cell->content.data[i];
	return (int64_t)value;
}

double axev__cell_as_real(const struct axev__cell *cell)
{
	double wide;
	float narrow;
	uint64_t bits64;
	uint32_t bits32;

	if (cell->content.size == 4) {
		bits32 = axev__get_u32be(cell->content.data);
		memcpy(&narrow, &bits32, sizeof(narrow));
		return narrow;
	}
	bits64 = axev__get_u64be(cell->content.data);
	memcpy(&wide, &bits64, sizeof(wide));
	return wide;
}
