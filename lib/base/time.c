/* SPDX-License-Identifier: Apache-2.0 */
#include "base/time.h"

#include <stdio.h>
#include <time.h>

#define SECONDS_PER_DAY 86400

/* Days since 1970-01-01 of a Gregorian date, by counting years from 1 March. */
static int64_t days_from_civil(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = y / 400;
	int64_t year_of_era = y - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * 146097 + day_of_era - 719468;
}

static void civil_from_days(int64_t days, struct axev__civil *civil)
{
	int64_t shifted = days + 719468;
	int64_t era = shifted / 146097;
	int64_t day_of_era = shifted - era * 146097;
	int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
			       day_of_era / 146096) / 365;
	int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t month = (5 * day_of_year + 2) / 153;

	civil->day = (int)(day_of_year - (153 * month + 2) / 5 + 1);
	civil->month = (int)(month < 10 ? month + 3 : month - 9);
	civil->year = (int)(year_of_era + era * 400 + (civil->month <= 2));
}

struct axev__civil axev__civil_from_ns(int64_t unix_ns)
{
	struct axev__civil civil;
	int64_t seconds = unix_ns / AXEV__NS_PER_SECOND, rest = unix_ns % AXEV__NS_PER_SECOND;
	int64_t days, second_of_day;

	if (rest < 0) {
		rest += AXEV__NS_PER_SECOND;
		seconds--;
	}
	days = seconds / SECONDS_PER_DAY;
	second_of_day = seconds % SECONDS_PER_DAY;
	if (second_of_day < 0) {
		second_of_day += SECONDS_PER_DAY;
		days--;
	}
	civil_from_days(days, &civil);
	civil.hour = (int)(second_of_day / 3600);
	civil.minute = (int)(second_of_day / 60 % 60);
	civil.second = (int)(second_of_day % 60);
	civil.nanosecond = (int)rest;
	return civil;
}

static int days_in_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
		return 29;
	return days[month - 1];
}

bool axev__civil_to_ns(const struct axev__civil *civil, int64_t *ret_unix_ns)
{
	int64_t seconds;

	if (civil->year < 1970 || civil->year > 2261 || civil->month < 1 || civil->month > 12 ||
	    civil->day < 1 || civil->day > days_in_month(civil->year, civil->month) ||
	    civil->hour < 0 || civil->hour > 23 || civil->minute < 0 || civil->minute > 59 ||
	    civil->second < 0 || civil->second > 59 || civil->nanosecond < 0 ||
	    civil->nanosecond >= AXEV__NS_PER_SECOND)
		return false;
	seconds = days_from_civil(civil->year, civil->month, civil->day) * SECONDS_PER_DAY +
		  civil->hour * 3600 + civil->minute * 60 + civil->second;
	*ret_unix_ns = seconds * AXEV__NS_PER_SECOND + civil->nanosecond;
	return true;
}

void axev__rfc3339(char out[AXEV__RFC3339_SIZE], int64_t unix_ns)
{
	struct axev__civil c = axev__civil_from_ns(unix_ns);

	snprintf(out, AXEV__RFC3339_SIZE, "%04u-%02u-%02uT%02u:%02u:%02u.%09uZ",
		 (unsigned)c.year % 10000, (unsigned)c.month % 100, (unsigned)c.day % 100,
		 (unsigned)c.hour % 100, (unsigned)c.minute % 100, (unsigned)c.second % 100,
		 (unsigned)c.nanosecond % 1000000000);
}

void axev__rfc3339_seconds(char out[AXEV__RFC3339_S_SIZE], int64_t unix_ns)
{
	char full[AXEV__RFC3339_SIZE];

	axev__rfc3339(full, unix_ns);
	memcpy(out, full, 19);
	out[19] = 'Z';
	out[20] = '\0';
}

struct cursor {
	struct axev__span rest;
	bool good;
};

static int take_digits(struct cursor *in, size_t count)
{
	int value = 0;
	size_t i;

	if (in->rest.size < count)
		in->good = false;
	for (i = 0; in->good && i < count; i++) {
		if (in->rest.data[i] < '0' || in->rest.data[i] > '9')
			in->good = false;
		else
			value = value * 10 + (in->rest.data[i] - '0');
	}
	if (in->good)
		in->rest = axev__span(in->rest.data + count, in->rest.size - count);
	return value;
}

static bool take_char(struct cursor *in, char c)
{
	if (!in->good || in->rest.size == 0 || in->rest.data[0] != (uint8_t)c)
		return false;
	in->rest = axev__span(in->rest.data + 1, in->rest.size - 1);
	return true;
}

static void expect_char(struct cursor *in, char c)
{
	if (!take_char(in, c))
		in->good = false;
}

/* Digits after the point, up to nine, as nanoseconds. *ret_last is the last digit seen. */
static int take_fraction(struct cursor *in, int *ret_last)
{
	int value = 0, scale = 9;

	*ret_last = -1;
	while (in->good && in->rest.size && in->rest.data[0] >= '0' && in->rest.data[0] <= '9') {
		if (scale == 0) {
			in->good = false;
			return 0;
		}
		*ret_last = take_digits(in, 1);
		value = value * 10 + *ret_last;
		scale--;
	}
	if (*ret_last < 0)
		in->good = false;
	while (scale-- > 0)
		value *= 10;
	return value;
}

static void take_date(struct cursor *in, struct axev__civil *civil)
{
	civil->year = take_digits(in, 4);
	expect_char(in, '-');
	civil->month = take_digits(in, 2);
	expect_char(in, '-');
	civil->day = take_digits(in, 2);
}

static void take_clock(struct cursor *in, struct axev__civil *civil)
{
	civil->hour = take_digits(in, 2);
	expect_char(in, ':');
	civil->minute = take_digits(in, 2);
	expect_char(in, ':');
	civil->second = take_digits(in, 2);
}

bool axev__parse_rfc3339(struct axev__span text, int64_t *ret_unix_ns)
{
	struct cursor in = { text, text.size == AXEV__RFC3339_SIZE - 1 };
	struct axev__civil civil = { 0 };

	take_date(&in, &civil);
	expect_char(&in, 'T');
	take_clock(&in, &civil);
	expect_char(&in, '.');
	civil.nanosecond = take_digits(&in, 9);
	expect_char(&in, 'Z');
	return in.good && in.rest.size == 0 && axev__civil_to_ns(&civil, ret_unix_ns);
}

/* Z, or an offset as +08:00; seconds to subtract. */
static int64_t take_zone(struct cursor *in)
{
	int sign, hours, minutes;

	if (take_char(in, 'Z'))
		return 0;
	sign = take_char(in, '+') ? 1 : -1;
	if (sign < 0)
		expect_char(in, '-');
	hours = take_digits(in, 2);
	expect_char(in, ':');
	minutes = take_digits(in, 2);
	if (hours > 14 || minutes > 59)
		in->good = false;
	return sign * (hours * 3600 + minutes * 60);
}

bool axev__parse_time_argument(struct axev__span text, int64_t *ret_unix_ns)
{
	struct cursor in = { text, true };
	struct axev__civil civil = { 0 };
	int64_t zone_seconds = 0, local_ns;
	int last;

	take_date(&in, &civil);
	if (in.good && in.rest.size) {
		if (!take_char(&in, 'T'))
			expect_char(&in, ' ');
		take_clock(&in, &civil);
		if (take_char(&in, '.'))
			civil.nanosecond = take_fraction(&in, &last);
		zone_seconds = take_zone(&in);
	}
	if (!in.good || in.rest.size || !axev__civil_to_ns(&civil, &local_ns))
		return false;
	/* An offset must not lead out of the years that can be written. */
	local_ns -= zone_seconds * AXEV__NS_PER_SECOND;
	civil = axev__civil_from_ns(local_ns);
	return axev__civil_to_ns(&civil, ret_unix_ns);
}

void axev__generalized_time(char out[AXEV__GENERALIZED_SIZE], int64_t unix_ns)
{
	struct axev__civil c = axev__civil_from_ns(unix_ns);

	snprintf(out, AXEV__GENERALIZED_SIZE, "%04u%02u%02u%02u%02u%02uZ", (unsigned)c.year % 10000,
		 (unsigned)c.month % 100, (unsigned)c.day % 100, (unsigned)c.hour % 100,
		 (unsigned)c.minute % 100, (unsigned)c.second % 100);
}

bool axev__parse_generalized_time(struct axev__span text, int64_t *ret_unix_ns)
{
	struct cursor in = { text, true };
	struct axev__civil civil = { 0 };
	int last = -1;

	civil.year = take_digits(&in, 4);
	civil.month = take_digits(&in, 2);
	civil.day = take_digits(&in, 2);
	civil.hour = take_digits(&in, 2);
	civil.minute = take_digits(&in, 2);
	civil.second = take_digits(&in, 2);
	if (take_char(&in, '.')) {
		civil.nanosecond = take_fraction(&in, &last);
		/* X.690 11.7.3: trailing zeros of the fraction shall be omitted. */
		if (last == 0)
			in.good = false;
	}
	expect_char(&in, 'Z');
	return in.good && in.rest.size == 0 && axev__civil_to_ns(&civil, ret_unix_ns);
}

int64_t axev__mono_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * AXEV__NS_PER_SECOND + now.tv_nsec;
}
