/* SPDX-License-Identifier: Apache-2.0 */
/* Decimal digits, held against the C library's printf. */
#include "support.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/digits.h"

static void compare(uint64_t number)
{
	AXEV__BUF buf = AXEV__BUF_INIT(64);
	int64_t value = (int64_t)number;
	char expected[32], found[32];
	axev_error err;
	int count;

	snprintf(expected, sizeof(expected), "%" PRIu64, number);
	ck_assert_int_eq(axev__digit_count(number), (int)strlen(expected));
	for (count = (int)strlen(expected); count <= 24; count++) {
		snprintf(expected, sizeof(expected), "%0*" PRIu64, count, number);
		*axev__digits(found, number, count) = '\0';
		ck_assert_str_eq(found, expected);
	}
	snprintf(expected, sizeof(expected), "%" PRId64, value);
	assert_ok(axev__buf_i64(&buf, value, &err));
	ck_assert_str_eq((const char *)buf.data, expected);
}

START_TEST(digits__around_powers_of_ten_and_of_two)
{
	int i;

	for (i = 0; i < AXEV__TENS; i++) {
		compare(axev__tens[i] - 1);
		compare(axev__tens[i]);
		compare(-axev__tens[i]);
	}
	for (i = 0; i < 64; i++) {
		compare((UINT64_C(1) << i) - 1);
		compare(UINT64_C(1) << i);
	}
	compare(UINT64_MAX);
}
END_TEST

START_TEST(digits__all_of_four_places)
{
	uint64_t i;

	for (i = 0; i < 10000; i++)
		compare(i);
}
END_TEST

START_TEST(digits__only_the_last_when_there_are_more)
{
	char found[8];

	*axev__digits(found, 123456, 3) = '\0';
	ck_assert_str_eq(found, "456");
	*axev__digits(found, 123456, 2) = '\0';
	ck_assert_str_eq(found, "56");
	ck_assert_ptr_eq(axev__digits(found, 7, 0), found);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("digits");
	TCase *tcase = tcase_create("digits");

	tcase_add_test(tcase, digits__around_powers_of_ten_and_of_two);
	tcase_add_test(tcase, digits__all_of_four_places);
	tcase_add_test(tcase, digits__only_the_last_when_there_are_more);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
