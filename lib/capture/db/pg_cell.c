/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/db/pg_cell.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/digits.h"
#include "base/text.h"
#include "capture/db/pg_large.h"

#define DAY_US INT64_C(86400000000)
#define EPOCH_DAYS 10957 /* from 1970 to 2000, where PostgreSQL counts from */
#define EPOCH_US (EPOCH_DAYS * DAY_US)

enum axev__pg_kind axev__pg_kind_of(uint32_t type_oid)
{
	/* Numbers of built-in types never change: src/include/catalog/pg_type.dat. */
	switch (type_oid) {
	case 16:
		return AXEV__PG_BOOLEAN;
	case 17:
		return AXEV__PG_BYTEA;
	case 20:
		return AXEV__PG_INT8;
	case 21:
		return AXEV__PG_INT2;
	case 23:
		return AXEV__PG_INT4;
	case 26:
		return AXEV__PG_OID;
	case 700:
		return AXEV__PG_FLOAT4;
	case 701:
		return AXEV__PG_FLOAT8;
	case 1082:
		return AXEV__PG_DATE;
	case 1083:
		return AXEV__PG_TIME;
	case 1114:
		return AXEV__PG_TIMESTAMP;
	case 1184:
		return AXEV__PG_TIMESTAMPTZ;
	case 1700:
		return AXEV__PG_NUMERIC;
	case 19:   /* name */
	case 25:   /* text */
	case 1042: /* character(n) */
	case 1043: /* character varying */
		return AXEV__PG_TEXT;
	default:
		return AXEV__PG_OTHER;
	}
}

static int bad_value(const char *type, axev_error *err)
{
	return axev__fail(err, AXEV_E_FORMAT, "PostgreSQL: a value is not what the type %s sends", type);
}

static bool get_integer(struct axev__span value, size_t size, int64_t *ret_value)
{
	if (value.size != size)
		return false;
	*ret_value = size == 2 ? (int16_t)axev__get_u16be(value.data) :
		     size == 4 ? (int32_t)axev__get_u32be(value.data) :
				 (int64_t)axev__get_u64be(value.data);
	return true;
}

static int put_integer(struct axev__span value, size_t size, struct axev__buf *out, axev_error *err)
{
	int64_t number;

	if (!get_integer(value, size, &number))
		return bad_value("integer", err);
	return axev__cell_integer(number, out, err);
}

static int put_oid(struct axev__span value, struct axev__buf *out, axev_error *err)
{
	if (value.size != 4)
		return bad_value("oid", err);
	return axev__cell_integer(axev__get_u32be(value.data), out, err);
}

static int put_real(struct axev__span value, size_t size, struct axev__buf *out, axev_error *err)
{
	uint64_t wide_bits;
	uint32_t bits;
	double wide;
	float narrow;

	if (value.size != size)
		return bad_value("double precision", err);
	if (size == 4) {
		bits = axev__get_u32be(value.data);
		memcpy(&narrow, &bits, sizeof(narrow));
		return axev__cell_real32(narrow, out, err);
	}
	wide_bits = axev__get_u64be(value.data);
	memcpy(&wide, &wide_bits, sizeof(wide));
	return axev__cell_real64(wide, out, err);
}

/* ---- numeric ---- */

#define NUMERIC_HEAD 8
#define NUMERIC_NEGATIVE 0x4000
#define NUMERIC_MAX_SCALE 0x3fff

/* The group of four digits at place @at before the point (0: the last one before it, -1: the first one behind it). */
static unsigned numeric_group(struct axev__span value, int weight, int at)
{
	int index = weight - at;

	if (index < 0 || index >= (int)axev__get_u16be(value.data))
		return 0;
	return axev__get_u16be(value.data + NUMERIC_HEAD + 2 * index);
}

static bool is_numeric(struct axev__span value)
{
	unsigned sign;
	size_t i, digits;

	if (value.size < NUMERIC_HEAD)
		return false;
	digits = axev__get_u16be(value.data);
	sign = axev__get_u16be(value.data + 4);
	if (value.size != NUMERIC_HEAD + 2 * digits || (sign != 0 && sign != NUMERIC_NEGATIVE) ||
	    axev__get_u16be(value.data + 6) > NUMERIC_MAX_SCALE)
		return false;
	for (i = 0; i < digits; i++)
		if (axev__get_u16be(value.data + NUMERIC_HEAD + 2 * i) > 9999)
			return false;
	return true;
}

static char *put_whole(char *at, struct axev__span value, int weight)
{
	bool is_begun = false;
	unsigned group;
	int place;

	for (place = weight; place >= 0; place--) {
		group = numeric_group(value, weight, place);
		if (is_begun || group > 0)
			at = axev__digits(at, group, is_begun ? 4 : axev__digit_count(group));
		is_begun = is_begun || group > 0;
	}
	if (!is_begun)
		*at++ = '0';
	return at;
}

/* Up to three digits more than the scale are written; the caller leaves them out. */
static char *put_fraction(char *at, struct axev__span value, int weight, unsigned scale)
{
	unsigned done;

	for (done = 0; done < scale; done += 4)
		at = axev__digits(at, numeric_group(value, weight, -1 - (int)(done / 4)), 4);
	return at;
}

/* Digits that stand behind the scale would be lost. */
static bool has_more(struct axev__span value, int weight, unsigned scale)
{
	static const unsigned tail[4] = { 10000, 1000, 100, 10 };
	int groups = axev__get_u16be(value.data), i;

	for (i = 0; i < groups; i++) {
		int behind = i - weight - 1; /* groups behind the point before this one */
		unsigned digits = axev__get_u16be(value.data + NUMERIC_HEAD + 2 * i);

		if (behind < 0 || 4 * (unsigned)behind + 4 <= scale)
			continue;
		if (4 * (unsigned)behind >= scale ? digits > 0 : digits % tail[scale % 4] > 0)
			return true;
	}
	return false;
}

static int put_digits(struct axev__span value, int weight, unsigned scale, char *text, struct axev__buf *out,
		      axev_error *err)
{
	char *at = text;

	if (axev__get_u16be(value.data + 4) == NUMERIC_NEGATIVE)
		*at++ = '-';
	at = put_whole(at, value, weight);
	if (scale > 0) {
		*at++ = '.';
		put_fraction(at, value, weight, scale);
		at += scale;
	}
	return axev__cell_decimal(axev__span(text, (size_t)(at - text)), out, err);
}

static int put_numeric(struct axev__span value, struct axev__buf *out, axev_error *err)
{
	unsigned scale, sign = value.size == NUMERIC_HEAD ? axev__get_u16be(value.data + 4) : 0;
	AXEV__FREE char *large = NULL;
	char text[128];
	size_t size;
	int weight;

	if (sign == 0xc000 || sign == 0xd000 || sign == 0xf000)
		return axev__cell_decimal(axev__span_str(sign == 0xc000 ? "NaN" : sign == 0xd000 ? "Infinity" : "-Infinity"),
					  out, err);
	if (!is_numeric(value))
		return bad_value("numeric", err);
	weight = (int16_t)axev__get_u16be(value.data + 2);
	scale = axev__get_u16be(value.data + 6);
	if (has_more(value, weight, scale))
		return bad_value("numeric", err);
	size = 4 * (size_t)(weight < 0 ? 0 : weight + 1) + scale + 8; /* sign, zero, point, a group begun */
	if (size > sizeof(text)) {
		large = malloc(size);
		if (!large)
			return axev__nomem(err);
	}
	return put_digits(value, weight, scale, large ? large : text, out, err);
}

/* ---- dates and times ---- */

/* Proleptic Gregorian, as PostgreSQL has it; @days from 1970. Howard Hinnant, "chrono-compatible low-level date algorithms". */
static void civil(int64_t days, int64_t *ret_year, uint32_t *ret_month, uint32_t *ret_day)
{
	int64_t shifted = days + 719468, era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
	unsigned of_era = (unsigned)(shifted - era * 146097);
	unsigned year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	unsigned of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	unsigned month = (5 * of_year + 2) / 153;

	*ret_day = of_year - (153 * month + 2) / 5 + 1;
	*ret_month = month < 10 ? month + 3 : month - 9;
	*ret_year = (int64_t)year_of_era + era * 400 + (*ret_month <= 2);
}

static void set_date(struct axev__moment *moment, int64_t days)
{
	int64_t year;

	civil(days, &year, &moment->month, &moment->day);
	moment->has_date = true;
	moment->is_bc = year <= 0; /* there was no year 0 */
	moment->year = (uint32_t)(year <= 0 ? 1 - year : year);
}

static void set_time(struct axev__moment *moment, int64_t us)
{
	moment->has_time = true;
	moment->hour = (uint32_t)(us / 3600000000);
	moment->minute = (uint32_t)(us / 60000000 % 60);
	moment->second = (uint32_t)(us / 1000000 % 60);
	moment->microsecond = (uint32_t)(us % 1000000);
}

static int put_infinity(bool is_late, struct axev__buf *out, axev_error *err)
{
	return axev__cell_calendar(axev__span_str(is_late ? "infinity" : "-infinity"), out, err);
}

static int put_date(struct axev__span value, struct axev__buf *out, axev_error *err)
{
	struct axev__moment moment = { 0 };
	int64_t days;

	if (!get_integer(value, 4, &days))
		return bad_value("date", err);
	if (days == INT32_MAX || days == INT32_MIN)
		return put_infinity(days > 0, out, err);
	set_date(&moment, days + EPOCH_DAYS);
	return axev__cell_moment(&moment, out, err);
}

static int put_time(struct axev__span value, struct axev__buf *out, axev_error *err)
{
	struct axev__moment moment = { 0 };
	int64_t us;

	if (!get_integer(value, 8, &us) || us < 0 || us > DAY_US) /* 24:00:00 is one */
		return bad_value("time", err);
	set_time(&moment, us);
	return axev__cell_moment(&moment, out, err);
}

static int put_timestamp(struct axev__span value, struct axev__buf *out, axev_error *err)
{
	struct axev__moment moment = { 0 };
	int64_t us, days;

	if (!get_integer(value, 8, &us))
		return bad_value("timestamp", err);
	if (us == INT64_MAX || us == INT64_MIN)
		return put_infinity(us > 0, out, err);
	days = us / DAY_US - (us % DAY_US < 0);
	set_date(&moment, days + EPOCH_DAYS);
	set_time(&moment, us - days * DAY_US);
	return axev__cell_moment(&moment, out, err);
}

static int put_instant(struct axev__span value, struct axev__buf *out, axev_error *err)
{
	int64_t us;

	if (!get_integer(value, 8, &us))
		return bad_value("timestamp with time zone", err);
	if (us == INT64_MAX || us == INT64_MIN)
		return axev__cell_instant(us, out, err);
	if (us > INT64_MAX - 1 - EPOCH_US)
		return axev__fail(err, AXEV_E_LIMIT, "PostgreSQL: a point in time behind the year 294246");
	return axev__cell_instant(us + EPOCH_US, out, err);
}

/* ---- any ---- */

static int put_boolean(struct axev__span value, struct axev__buf *out, axev_error *err)
{
	if (value.size != 1 || value.data[0] > 1)
		return bad_value("boolean", err);
	return axev__cell_boolean(value.data[0], out, err);
}

/* A database in SQL_ASCII holds any bytes. */
static int put_text(struct axev__span value, struct axev__db_set *set, axev_error *err)
{
	return axev__db_set_content(set, AXEV__CELL_TEXT, value, err);
}

static int put_other(const struct axev__pg_column *column, struct axev__span value, struct axev__db_set *set,
		     axev_error *err)
{
	if (value.size > AXEV__MAX_INLINE_CELL - 256) /* the header names the type of the column */
		return put_text(value, set, err);
	return axev__cell_other(axev__span_str(column->type), value, &set->cells, err);
}

int axev__pg_cell(const struct axev__pg_column *column, struct axev__span value, struct axev__db_set *set,
		  axev_error *err)
{
	struct axev__buf *out = &set->cells;

	switch (column->kind) {
	case AXEV__PG_BOOLEAN:
		return put_boolean(value, out, err);
	case AXEV__PG_INT2:
		return put_integer(value, 2, out, err);
	case AXEV__PG_INT4:
		return put_integer(value, 4, out, err);
	case AXEV__PG_INT8:
		return put_integer(value, 8, out, err);
	case AXEV__PG_OID:
		return put_oid(value, out, err);
	case AXEV__PG_FLOAT4:
		return put_real(value, 4, out, err);
	case AXEV__PG_FLOAT8:
		return put_real(value, 8, out, err);
	case AXEV__PG_NUMERIC:
		return put_numeric(value, out, err);
	case AXEV__PG_TEXT:
		return put_text(value, set, err);
	case AXEV__PG_BYTEA:
		return axev__db_set_content(set, AXEV__CELL_BYTES, value, err);
	case AXEV__PG_DATE:
		return put_date(value, out, err);
	case AXEV__PG_TIME:
		return put_time(value, out, err);
	case AXEV__PG_TIMESTAMP:
		return put_timestamp(value, out, err);
	case AXEV__PG_TIMESTAMPTZ:
		return put_instant(value, out, err);
	default:
		return put_other(column, value, set, err);
	}
}

/* ---- COPY ---- */

static int bad_copy(axev_error *err)
{
	return axev__fail(err, AXEV_E_FORMAT, "PostgreSQL: what COPY sends is not its binary format");
}

/* PostgreSQL 15, COPY, "Binary Format": signature, flags (bit 16: object ids), size of an extension, which may be skipped. */
static int take_head(struct axev__span *rest, axev_error *err)
{
	static const uint8_t signature[11] = { 'P', 'G', 'C', 'O', 'P', 'Y', '\n', 0xff, '\r', '\n', 0 };
	size_t extension;

	if (rest->size < 19 || memcmp(rest->data, signature, sizeof(signature)) != 0 ||
	    axev__get_u32be(rest->data + 11) != 0)
		return bad_copy(err);
	extension = axev__get_u32be(rest->data + 15);
	if (extension > rest->size - 19)
		return bad_copy(err);
	*rest = axev__span(rest->data + 19 + extension, rest->size - 19 - extension);
	return AXEV_OK;
}

static int next_field(struct axev__span *rest, struct axev__span *ret_value, bool *ret_null, axev_error *err)
{
	uint32_t size;

	if (rest->size < 4)
		return bad_copy(err);
	size = axev__get_u32be(rest->data);
	*rest = axev__span(rest->data + 4, rest->size - 4);
	*ret_null = size == UINT32_MAX;
	if (*ret_null)
		size = 0;
	if (size > rest->size)
		return bad_copy(err);
	*ret_value = axev__span(rest->data, size);
	*rest = axev__span(rest->data + size, rest->size - size);
	return AXEV_OK;
}

/* The long values of a row whose place is @place are in the package already. */
static int take_null(struct axev__pg_large *large, struct axev__span place, size_t column, struct axev__db_set *set,
		     axev_error *err)
{
	bool is_taken = false;

	if (place.size > 0)
		TRY(axev__pg_large_take(large, place, column, set, &is_taken, err));
	return is_taken ? AXEV_OK : axev__cell_null(&set->cells, err);
}

static int take_row(const struct axev__pg_column *columns, size_t count, struct axev__span *rest,
		    struct axev__pg_large *large, struct axev__db_set *set, axev_error *err)
{
	struct axev__span place = { 0 }, value;
	bool is_null;
	size_t i;

	if (axev__get_u16be(rest->data) != count + (large ? 1 : 0))
		return bad_copy(err);
	*rest = axev__span(rest->data + 2, rest->size - 2);
	if (large)
		TRY(next_field(rest, &place, &is_null, err));
	for (i = 0; i < count; i++) {
		TRY(next_field(rest, &value, &is_null, err));
		TRY(is_null ? take_null(large, place, i, set, err) : axev__pg_cell(&columns[i], value, set, err));
	}
	return axev__db_set_row(set, err);
}

int axev__pg_copy_message(const struct axev__pg_column *columns, size_t count, struct axev__span message,
			  int *state, struct axev__pg_large *large, struct axev__db_set *set, axev_error *err)
{
	if (*state == 0) {
		TRY(take_head(&message, err));
		*state = 1;
	}
	while (message.size > 0) {
		if (*state != 1 || message.size < 2)
			return bad_copy(err);
		if (axev__get_u16be(message.data) == UINT16_MAX) {
			*state = 2;
			message = axev__span(message.data + 2, message.size - 2);
			continue;
		}
		TRY(take_row(columns, count, &message, large, set, err));
	}
	return AXEV_OK;
}
