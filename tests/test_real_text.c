/* SPDX-License-Identifier: Apache-2.0 */
/* The text of a binary64, held against the C library's printf and strtod. */
#include "support.h"

#include <math.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "package/real_text.h"

static unsigned long compared;

static void compare(double value)
{
	char expected[64], found[AXEV__REAL_TEXT + 1];
	size_t size = axev__real_text(value, found);
	int digits;

	if (size == 0)
		return;
	ck_assert_uint_le(size, AXEV__REAL_TEXT);
	found[size] = '\0';
	for (digits = 15; digits <= 17; digits++) {
		snprintf(expected, sizeof(expected), "%.*g", digits, value);
		if (strtod(expected, NULL) == value)
			break;
	}
	ck_assert_str_eq(found, expected);
	compared++;
}

static uint64_t state = UINT64_C(88172645463325252);

/* xorshift64: the same numbers in every run. */
static uint64_t next(uint64_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % below;
}

static void compare_with_neighbours(double value)
{
	compare(value);
	compare(-value);
	compare(nextafter(value, 0));
	compare(nextafter(value, INFINITY));
}

START_TEST(real_text__bits_at_random)
{
	int i;

	for (i = 0; i < 100000; i++) {
		uint64_t bits = (1000 + next(80)) << 52 | next(UINT64_C(1) << 52);
		double value;

		memcpy(&value, &bits, sizeof(value));
		compare(value);
		compare((double)next(2000000000) / 100);
		compare((double)next(UINT64_C(1) << 52) + 0.5);
	}
	ck_assert_uint_ge(compared, 250000);
}
END_TEST

/* Where the number of digits changes, where rounding carries, and where neighbours are not equally far away. */
START_TEST(real_text__edges)
{
	int i;

	for (i = -6; i <= 16; i++) {
		compare_with_neighbours(pow(10, i));
		compare_with_neighbours(5 * pow(10, i));
		compare_with_neighbours(9.9999999999999995 * pow(10, i));
	}
	for (i = -20; i <= 53; i++)
		compare_with_neighbours(ldexp(1, i));
	for (i = 0; i < 10000; i++)
		compare_with_neighbours(i / 1000.0);
}
END_TEST

START_TEST(real_text__others_are_left_to_printf)
{
	static const double others[] = { 0, -0.0, 1e-5 / 2, 4503599627370496.0, 1e300, INFINITY, -INFINITY, NAN };
	char out[AXEV__REAL_TEXT];
	size_t i;

	for (i = 0; i < AXEV__COUNT(others); i++)
		ck_assert_uint_eq(axev__real_text(others[i], out), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("real_text");
	TCase *tcase = tcase_create("real_text");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, real_text__bits_at_random);
	tcase_add_test(tcase, real_text__edges);
	tcase_add_test(tcase, real_text__others_are_left_to_printf);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
