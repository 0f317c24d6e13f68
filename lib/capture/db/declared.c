/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/db/declared.h"

#include <inttypes.h>
#include <stdio.h>
#include <strings.h>

#include "package/row_c14n.h"

#define MAX_SCALE 15   /* digits that survive the way through a double: DBL_DIG */
#define MAX_DIGITS 15

/* "(10,2)", with blanks where SQL allows them; false: anything else. */
static bool read_scale(const char *text, unsigned *ret_scale)
{
	unsigned precision = 0;
	int used = 0;

	*ret_scale = 0;
	if (strpbrk(text, "+-")) /* which sscanf reads, for unsigned numbers too */
		return false;
	if (sscanf(text, " ( %3u ) %n", &precision, &used) == 1 && used > 0 && text[used] == '\0')
		return precision > 0;
	used = 0;
	return sscanf(text, " ( %3u , %3u ) %n", &precision, ret_scale, &used) == 2 && used > 0 && text[used] == '\0' &&
	       *ret_scale <= precision && *ret_scale <= MAX_SCALE;
}

struct axev__declared axev__declared_type(const char *type)
{
	static const struct {
		const char *name;
		struct axev__declared is;
	} known[] = {
		{ "BOOLEAN", { .kind = AXEV__DECLARED_BOOLEAN } },
		{ "BOOL", { .kind = AXEV__DECLARED_BOOLEAN } },
		{ "DATE", { .kind = AXEV__DECLARED_MOMENT, .has_date = true } },
		{ "TIME", { .kind = AXEV__DECLARED_MOMENT, .has_time = true } },
		{ "DATETIME", { .kind = AXEV__DECLARED_MOMENT, .has_date = true, .has_time = true } },
		{ "TIMESTAMP", { .kind = AXEV__DECLARED_MOMENT, .has_date = true, .has_time = true } },
	};
	struct axev__declared declared = { .kind = AXEV__DECLARED_NOTHING };
	size_t i;

	for (i = 0; type && i < AXEV__COUNT(known); i++)
		if (strcasecmp(type, known[i].name) == 0)
			return known[i].is;
	if (type && (strncasecmp(type, "NUMERIC", 7) == 0 || strncasecmp(type, "DECIMAL", 7) == 0) &&
	    read_scale(type + 7, &declared.scale))
		declared.kind = AXEV__DECLARED_DECIMAL;
	return declared;
}

int axev__declared_integer(const struct axev__declared *declared, int64_t value, struct axev__buf *out, bool *ret_taken,
			   axev_error *err)
{
	char text[48];
	int used;

	*ret_taken = declared->kind == AXEV__DECLARED_DECIMAL ||
		     (declared->kind == AXEV__DECLARED_BOOLEAN && (value == 0 || value == 1));
	if (!*ret_taken)
		return AXEV_OK;
	if (declared->kind == AXEV__DECLARED_BOOLEAN)
		return axev__cell_boolean(value == 1, out, err);
	used = snprintf(text, sizeof(text), "%" PRId64, value);
	if (declared->scale > 0)
		snprintf(text + used, sizeof(text) - (size_t)used, ".%0*d", (int)declared->scale, 0);
	return axev__cell_decimal(axev__span_str(text), out, err);
}

/* Of the digits of a decimal number those that count, and the point of whatever locale as a point. */
static size_t tidy(char *text)
{
	size_t digits = 0;

	for (; *text; text++) {
		if (*text >= '0' && *text <= '9')
			digits += digits > 0 || *text != '0';
		else if (*text != '-')
			*text = '.';
	}
	return digits;
}

/*
 * An integer whose quotient by 10^scale is the value: both are exact as doubles, and their quotient is rounded as strtod() rounds the decimal number. So what printf()
 * would write and strtod() would read again is known without either, which a table of millions of amounts would wait for.
 */
static bool is_scaled(double value, unsigned scale, int64_t *ret_scaled)
{
	static const double tens[MAX_SCALE + 1] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15 };
	double product = value * tens[scale];

	if (!(product < 9e15 && product > -9e15)) /* 2^53 */
		return false;
	*ret_scaled = (int64_t)(product < 0 ? product - 0.5 : product + 0.5);
	return (double)*ret_scaled / tens[scale] == value;
}

static void put_scaled(int64_t scaled, unsigned scale, char text[48])
{
	uint64_t rest = scaled < 0 ? -(uint64_t)scaled : (uint64_t)scaled;
	char digits[24];
	unsigned count = 0;

	for (; rest > 0 || count <= scale; rest /= 10)
		digits[count++] = (char)('0' + rest % 10);
	if (scaled < 0)
		*text++ = '-';
	while (count > 0) {
		*text++ = digits[--count];
		if (count == scale && scale > 0)
			*text++ = '.';
	}
	*text = '\0';
}

int axev__declared_real(const struct axev__declared *declared, double value, struct axev__buf *out, bool *ret_taken,
			axev_error *err)
{
	char text[48];
	int64_t scaled;

	*ret_taken = false;
	/* Also not infinite, not a NaN, and not -0, which no decimal number is. */
	if (declared->kind != AXEV__DECLARED_DECIMAL || !(value < 1e15 && value > -1e15) || value == 0)
		return AXEV_OK;
	if (is_scaled(value, declared->scale, &scaled)) {
		put_scaled(scaled, declared->scale, text);
		*ret_taken = tidy(text) <= MAX_DIGITS;
		return *ret_taken ? axev__cell_decimal(axev__span_str(text), out, err) : AXEV_OK;
	}
	snprintf(text, sizeof(text), "%.*f", (int)declared->scale, value);
	*ret_taken = strtod(text, NULL) == value; /* in the locale in which it was written */
	*ret_taken = tidy(text) <= MAX_DIGITS && *ret_taken;
	return *ret_taken ? axev__cell_decimal(axev__span_str(text), out, err) : AXEV_OK;
}

/* ---- dates ---- */

static bool take_number(struct axev__span *text, size_t digits, uint32_t *ret_number)
{
	size_t i;

	*ret_number = 0;
	for (i = 0; i < digits; i++) {
		if (i == text->size || text->data[i] < '0' || text->data[i] > '9')
			return false;
		*ret_number = *ret_number * 10 + (uint32_t)(text->data[i] - '0');
	}
	*text = axev__span(text->data + digits, text->size - digits);
	return true;
}

static bool take_mark(struct axev__span *text, uint8_t mark)
{
	if (text->size == 0 || text->data[0] != mark)
		return false;
	*text = axev__span(text->data + 1, text->size - 1);
	return true;
}

static bool take_date(struct axev__span *text, struct axev__moment *moment)
{
	static const uint8_t days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool is_leap;

	if (!take_number(text, 4, &moment->year) || !take_mark(text, '-') || !take_number(text, 2, &moment->month) ||
	    !take_mark(text, '-') || !take_number(text, 2, &moment->day))
		return false;
	is_leap = moment->year % 4 == 0 && (moment->year % 100 != 0 || moment->year % 400 == 0);
	return moment->year > 0 && moment->month >= 1 && moment->month <= 12 && moment->day >= 1 &&
	       moment->day <= days[moment->month - 1] && (moment->month != 2 || moment->day < 29 || is_leap);
}

/* Digits of a fraction as tag 09 has them: one to six, the last one not zero. */
static bool take_fraction(struct axev__span *text, struct axev__moment *moment)
{
	size_t digits = text->size, i;

	if (digits == 0 || digits > 6 || text->data[digits - 1] == '0' || !take_number(text, digits, &moment->microsecond))
		return false;
	for (i = digits; i < 6; i++)
		moment->microsecond *= 10;
	return true;
}

static bool take_time(struct axev__span *text, struct axev__moment *moment)
{
	if (!take_number(text, 2, &moment->hour) || !take_mark(text, ':') || !take_number(text, 2, &moment->minute) ||
	    !take_mark(text, ':') || !take_number(text, 2, &moment->second) || moment->hour > 23 || moment->minute > 59 ||
	    moment->second > 59)
		return false;
	return text->size == 0 || (take_mark(text, '.') && take_fraction(text, moment));
}

int axev__declared_text(const struct axev__declared *declared, struct axev__span value, struct axev__buf *out,
			bool *ret_taken, axev_error *err)
{
	struct axev__moment moment = { .has_date = declared->has_date, .has_time = declared->has_time };

	*ret_taken = declared->kind == AXEV__DECLARED_MOMENT && (!moment.has_date || take_date(&value, &moment)) &&
		     (!moment.has_date || !moment.has_time || take_mark(&value, ' ')) &&
		     (!moment.has_time || take_time(&value, &moment)) && value.size == 0;
	return *ret_taken ? axev__cell_moment(&moment, out, err) : AXEV_OK;
}
