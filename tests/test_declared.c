/* SPDX-License-Identifier: Apache-2.0 */
/* Values of SQLite in columns of a declared type; what counts as a day, a time or a decimal is asked of sqlite3 itself. */
#include "support.h"

#include <math.h>

#include "capture/db/declared.h"
#include "package/row_c14n.h"

static axev_error err;

/* ---- types ---- */

START_TEST(declared__types_are_these_and_no_others)
{
	static const struct {
		const char *type;
		struct axev__declared want;
	} cases[] = {
		{ "NUMERIC(10,2)", { .kind = AXEV__DECLARED_DECIMAL, .scale = 2 } },
		{ "numeric ( 10 , 2 )", { .kind = AXEV__DECLARED_DECIMAL, .scale = 2 } },
		{ "Decimal(5)", { .kind = AXEV__DECLARED_DECIMAL } },
		{ "DECIMAL(15,15)", { .kind = AXEV__DECLARED_DECIMAL, .scale = 15 } },
		{ "DECIMAL(999,0)", { .kind = AXEV__DECLARED_DECIMAL } },
		{ "bool", { .kind = AXEV__DECLARED_BOOLEAN } },
		{ "BOOLEAN", { .kind = AXEV__DECLARED_BOOLEAN } },
		{ "date", { .kind = AXEV__DECLARED_MOMENT, .has_date = true } },
		{ "Time", { .kind = AXEV__DECLARED_MOMENT, .has_time = true } },
		{ "DATETIME", { .kind = AXEV__DECLARED_MOMENT, .has_date = true, .has_time = true } },
		{ "timestamp", { .kind = AXEV__DECLARED_MOMENT, .has_date = true, .has_time = true } },
		{ NULL, { 0 } },
		{ "", { 0 } },
		{ "NUMERIC", { 0 } },
		{ "NUMERIC()", { 0 } },
		{ "NUMERIC(0)", { 0 } },
		{ "NUMERIC(-5)", { 0 } },
		{ "NUMERIC(+5)", { 0 } },
		{ "NUMERIC(5,-2)", { 0 } },
		{ "NUMERIC(2,3)", { 0 } },
		{ "NUMERIC(20,16)", { 0 } },
		{ "NUMERIC(1000)", { 0 } },
		{ "NUMERIC(10,2", { 0 } },
		{ "NUMERIC(10,2) NOT", { 0 } },
		{ "NUMERIC(10,2,1)", { 0 } },
		{ "NUMERICAL(10,2)", { 0 } },
		{ " NUMERIC(10,2)", { 0 } },
		{ "DATE(3)", { 0 } },
		{ "DATE ", { 0 } },
		{ "DATETIME2", { 0 } },
		{ "TIMESTAMP WITH TIME ZONE", { 0 } },
		{ "INTEGER", { 0 } },
		{ "REAL", { 0 } },
	};
	size_t i;

	for (i = 0; i < AXEV__COUNT(cases); i++) {
		struct axev__declared found = axev__declared_type(cases[i].type);

		ck_assert_msg(found.kind == cases[i].want.kind && found.has_date == cases[i].want.has_date &&
				      found.has_time == cases[i].want.has_time &&
				      (found.kind != AXEV__DECLARED_DECIMAL || found.scale == cases[i].want.scale),
			      "type '%s': found kind %d, scale %u", cases[i].type ? cases[i].type : "(none)",
			      (int)found.kind, found.scale);
	}
}
END_TEST

/* ---- values ---- */

/* The one cell in @out has @tag and, unless it is NULL, the content @want; NULL and not taken: nothing was written. */
static void assert_cell(const struct axev__buf *out, bool is_taken, int tag, const char *want, const char *what)
{
	struct axev__span rest = axev__buf_view(out);
	struct axev__cell cell;

	ck_assert_msg(is_taken == (want != NULL), "%s: expected %s, found the %s", what, want ? want : "none",
		      is_taken ? "value taken" : "value not taken");
	if (!want) {
		ck_assert_uint_eq(out->size, 0);
		return;
	}
	assert_ok(axev__cell_next(&rest, &cell, &err));
	ck_assert_uint_eq(rest.size, 0);
	ck_assert_int_eq((int)cell.tag, tag);
	ck_assert_msg(axev__span_is(cell.content, want), "%s: expected %s, found %.*s", what, want, (int)cell.content.size,
		      (const char *)cell.content.data);
}

static void assert_integer(const char *type, int64_t value, const char *want)
{
	const struct axev__declared declared = axev__declared_type(type);
	AXEV__BUF out = AXEV__BUF_INIT(1024);
	bool is_taken;

	assert_ok(axev__declared_integer(&declared, value, &out, &is_taken, &err));
	assert_cell(&out, is_taken, AXEV__CELL_DECIMAL, want, type);
}

static void assert_boolean(int64_t value)
{
	const struct axev__declared declared = axev__declared_type("BOOLEAN");
	AXEV__BUF out = AXEV__BUF_INIT(1024);
	struct axev__span rest;
	struct axev__cell cell;
	bool is_taken;

	assert_ok(axev__declared_integer(&declared, value, &out, &is_taken, &err));
	ck_assert(is_taken);
	rest = axev__buf_view(&out);
	assert_ok(axev__cell_next(&rest, &cell, &err));
	ck_assert_int_eq((int)cell.tag, AXEV__CELL_BOOLEAN);
	ck_assert_uint_eq(cell.content.size, 1);
	ck_assert_int_eq(cell.content.data[0], value);
}

static void assert_real(const char *type, double value, const char *want)
{
	const struct axev__declared declared = axev__declared_type(type);
	AXEV__BUF out = AXEV__BUF_INIT(1024);
	char what[64];
	bool is_taken;

	snprintf(what, sizeof(what), "%s, %.17g", type, value);
	assert_ok(axev__declared_real(&declared, value, &out, &is_taken, &err));
	assert_cell(&out, is_taken, AXEV__CELL_DECIMAL, want, what);
}

static void assert_text(const char *type, const char *value, const char *want)
{
	const struct axev__declared declared = axev__declared_type(type);
	AXEV__BUF out = AXEV__BUF_INIT(1024);
	bool is_taken;

	assert_ok(axev__declared_text(&declared, axev__span_str(value), &out, &is_taken, &err));
	assert_cell(&out, is_taken, AXEV__CELL_CALENDAR, want, value);
}

START_TEST(declared__integers_are_decimals_or_truth_values)
{
	assert_integer("NUMERIC(10,2)", 5, "5.00");
	assert_integer("NUMERIC(10,2)", 0, "0.00");
	assert_integer("NUMERIC(4)", -7, "-7");
	assert_integer("NUMERIC(20,1)", INT64_C(9007199254740993), "9007199254740993.0");
	assert_integer("DECIMAL(15,15)", INT64_MIN, "-9223372036854775808.000000000000000");
	assert_integer("DECIMAL(15,15)", INT64_MAX, "9223372036854775807.000000000000000");
	assert_integer("DATE", 20210228, NULL);
	assert_integer("INTEGER", 1, NULL);
	assert_integer("BOOLEAN", 2, NULL);
	assert_integer("BOOLEAN", -1, NULL);
	assert_boolean(0);
	assert_boolean(1);
}
END_TEST

/* The shortest way to the text must be the way of printf() and strtod(), for values that are such decimals, are not, and just miss it. */
static void assert_as_printf(unsigned scale, double value)
{
	const struct axev__declared declared = { .kind = AXEV__DECLARED_DECIMAL, .scale = scale };
	AXEV__BUF out = AXEV__BUF_INIT(1000);
	char text[400];
	bool is_taken;
	size_t digits, i;

	snprintf(text, sizeof(text), "%.*f", (int)scale, value);
	for (i = digits = 0; text[i]; i++)
		digits += text[i] >= '0' && text[i] <= '9' && (digits > 0 || text[i] != '0');
	assert_ok(axev__declared_real(&declared, value, &out, &is_taken, &err));
	ck_assert_msg(is_taken == (value != 0 && value < 1e15 && value > -1e15 && digits <= 15 && strtod(text, NULL) == value), "%.17g, %u", value, scale);
	if (is_taken)
		ck_assert_msg(out.size == AXEV__CELL_SHORT_HEAD + strlen(text) && memcmp(out.data + AXEV__CELL_SHORT_HEAD, text, strlen(text)) == 0, "%.17g, %u", value, scale);
}

START_TEST(declared__reals_are_written_as_printf_writes_them)
{
	uint64_t random = 88172645463325252;
	double value;
	unsigned i;

	for (i = 0; i < 200000; i++) {
		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		value = (double)(int64_t)(random >> (random % 48)) / pow(10, (double)(random % 16)) * (i % 2 ? 1 : -1);
		assert_as_printf(i % 16, value);
		assert_as_printf(i % 16, nextafter(value, 0));
		assert_as_printf((unsigned)(random % 16), value);
	}
}
END_TEST

START_TEST(declared__reals_are_decimals_where_nothing_is_lost)
{
	assert_real("NUMERIC(10,2)", 0.1, "0.10");
	assert_real("NUMERIC(10,2)", -1.5, "-1.50");
	assert_real("NUMERIC(10,3)", 2.675, "2.675");
	assert_real("NUMERIC(10,2)", 2.675, NULL);
	assert_real("NUMERIC(10,1)", 0.1 + 0.2, NULL);
	assert_real("NUMERIC(15,15)", 1e-15, "0.000000000000001");
	assert_real("NUMERIC(15,15)", 1e-16, NULL);
	assert_real("NUMERIC(15)", 999999999999999.0, "999999999999999");
	assert_real("NUMERIC(15,1)", 99999999999999.9, "99999999999999.9");
	assert_real("NUMERIC(16,1)", 999999999999999.0, NULL); /* with its ".0" 16 digits */
	assert_real("NUMERIC(16)", 1e15, NULL);
	assert_real("NUMERIC(20)", 9007199254740992.0, NULL);
	assert_real("NUMERIC(20)", 1e308, NULL);
	assert_real("NUMERIC(20)", -1e308, NULL);
	assert_real("NUMERIC(20)", (double)INFINITY, NULL);
	assert_real("NUMERIC(20)", (double)NAN, NULL);
	assert_real("NUMERIC(20,2)", 0.0, NULL);
	assert_real("NUMERIC(20,2)", -0.0, NULL);
	assert_real("NUMERIC(15,15)", 5e-324, NULL);
	assert_real("BOOLEAN", 1.0, NULL);
	assert_real("REAL", 1.0, NULL);
}
END_TEST

START_TEST(declared__texts_are_days_and_times)
{
	assert_text("DATE", "2021-02-28", "2021-02-28");
	assert_text("DATE", "2021-02-29", NULL);
	assert_text("DATE", "0001-01-01", "0001-01-01");
	assert_text("DATE", "9999-12-31", "9999-12-31");
	assert_text("DATE", "0000-01-01", NULL);
	assert_text("DATE", "10000-01-01", NULL);
	assert_text("DATE", "-001-01-01", NULL);
	assert_text("DATE", "2021-2-03", NULL);
	assert_text("DATE", "2021-02-03 ", NULL);
	assert_text("DATE", " 2021-02-03", NULL);
	assert_text("DATE", "2021-02-03 00:00:00", NULL);
	assert_text("DATE", "", NULL);
	assert_text("TIME", "23:59:59.999999", "23:59:59.999999");
	assert_text("TIME", "00:00:00", "00:00:00");
	assert_text("TIME", "24:00:00", NULL);
	assert_text("TIME", "12:00", NULL);
	assert_text("TIME", "12:00:60", NULL);
	assert_text("TIME", "12:00:00.5", "12:00:00.5");
	assert_text("TIME", "12:00:00.50", NULL);
	assert_text("TIME", "12:00:00.", NULL);
	assert_text("TIME", "12:00:00.0", NULL);
	assert_text("TIME", "12:00:00.1234567", NULL);
	assert_text("TIME", "12:00:00Z", NULL);
	assert_text("TIME", "12:00:00+08:00", NULL);
	assert_text("DATETIME", "2024-02-29 12:30:45.000001", "2024-02-29T12:30:45.000001");
	assert_text("DATETIME", "2024-02-29T12:30:45", NULL);
	assert_text("DATETIME", "2024-02-29  12:30:45", NULL);
	assert_text("DATETIME", "2024-02-29", NULL);
	assert_text("NUMERIC(3)", "123", NULL);
	assert_text("BOOLEAN", "true", NULL);
}
END_TEST

/* ---- against sqlite3 ---- */

typedef void see_line(char *line);

static void ask_sqlite(const char *sql, size_t want, see_line *see)
{
	char command[2000], line[200];
	size_t count = 0;
	FILE *out;

	snprintf(command, sizeof(command), "sqlite3 -batch -list :memory: \"%s\"", sql);
	out = popen(command, "r");
	ck_assert_ptr_nonnull(out);
	for (; fgets(line, sizeof(line), out); count++) {
		line[strcspn(line, "\n")] = '\0';
		see(line);
	}
	ck_assert_int_eq(pclose(out), 0);
	ck_assert_uint_eq(count, want);
}

#define NUMBERS(name, from, to) \
	name "(n) AS (SELECT " #from " UNION ALL SELECT n+1 FROM " name " WHERE n<" #to ")"

/* "text|1" when SQLite, made to count, gives the text back as it is. */
static void see_day(char *line)
{
	char *answer = strchr(line, '|');

	ck_assert_ptr_nonnull(answer);
	*answer++ = '\0';
	assert_text("DATE", line, *answer == '1' ? line : NULL);
}

static void see_time(char *line)
{
	char *answer = strchr(line, '|');

	ck_assert_ptr_nonnull(answer);
	*answer++ = '\0';
	assert_text("TIME", line, *answer == '1' ? line : NULL);
}

START_TEST(declared__days_and_times_are_those_of_sqlite)
{
	ask_sqlite("WITH RECURSIVE y(n) AS (VALUES(1),(4),(100),(400),(1900),(2000),(2021),(2024),(2100),(9999)), "
		   NUMBERS("m", 0, 13) ", " NUMBERS("d", 0, 32) ", "
		   "t(x) AS (SELECT printf('%04d-%02d-%02d', y.n, m.n, d.n) FROM y, m, d) SELECT x, date(x, '+0 days') IS x FROM t",
		   10 * 14 * 33, see_day);
	ask_sqlite("WITH RECURSIVE " NUMBERS("h", 0, 25) ", " NUMBERS("m", 57, 61) ", " NUMBERS("s", 57, 61) ", "
		   "t(x) AS (SELECT printf('%02d:%02d:%02d', h.n, m.n, s.n) FROM h, m, s) SELECT x, time(x, '+0 days') IS x FROM t",
		   26 * 5 * 5, see_time);
}
END_TEST

static size_t counting_digits(const char *number)
{
	size_t count = 0;

	for (number += strspn(number, "-0."); *number; number++)
		count += *number != '.';
	return count;
}

/* "numerator|denominator|the shortest text that SQLite reads as that number again" */
static void see_fraction(char *line)
{
	char *denominator = strchr(line, '|'), *text, *point, type[32], want[64];
	double value;
	size_t scale, behind;

	ck_assert_ptr_nonnull(denominator);
	*denominator++ = '\0';
	text = strchr(denominator, '|');
	ck_assert_ptr_nonnull(text);
	*text++ = '\0';
	value = strtod(line, NULL) / strtod(denominator, NULL);
	point = strchr(text, '.');
	ck_assert_ptr_nonnull(point);
	behind = strcmp(point, ".0") == 0 ? 0 : strlen(point + 1);
	for (scale = 0; scale <= 6; scale++) {
		snprintf(type, sizeof(type), "NUMERIC(15,%zu)", scale);
		snprintf(want, sizeof(want), "%.*s%s%.*s%.*s", (int)(point - text), text, scale ? "." : "", (int)behind,
			 point + 1, behind <= scale ? (int)(scale - behind) : 0, "000000");
		assert_real(type, value, !strchr(text, 'e') && behind <= scale && counting_digits(want) <= 15 ? want : NULL);
	}
}

START_TEST(declared__decimals_are_what_sqlite_prints)
{
	ask_sqlite("WITH RECURSIVE a(n) AS (VALUES(1),(-7),(15),(33),(99),(12345),(-100001),(4503599627370497),"
		   "(123456789012345),(99999999999999),(-314159265358)), "
		   "b(n) AS (VALUES(1),(2),(3),(7),(8),(10),(100),(1000),(1024)) "
		   "SELECT a.n, b.n, quote(a.n / (b.n + 0.0)) FROM a, b WHERE abs(a.n / (b.n + 0.0)) BETWEEN 0.001 AND 999999999999999",
		   95, see_fraction);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("declared");
	TCase *tcase = tcase_create("declared");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, declared__types_are_these_and_no_others);
	tcase_add_test(tcase, declared__integers_are_decimals_or_truth_values);
	tcase_add_test(tcase, declared__reals_are_written_as_printf_writes_them);
	tcase_add_test(tcase, declared__reals_are_decimals_where_nothing_is_lost);
	tcase_add_test(tcase, declared__texts_are_days_and_times);
	tcase_add_test(tcase, declared__days_and_times_are_those_of_sqlite);
	tcase_add_test(tcase, declared__decimals_are_what_sqlite_prints);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
