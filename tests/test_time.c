/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include "base/time.h"

static int64_t parsed(const char *text)
{
	int64_t ns = -1;

	ck_assert_msg(axev__parse_rfc3339(axev__span_str(text), &ns), "%s", text);
	return ns;
}

START_TEST(time__rfc3339_with_nine_digits_survives_both_ways)
{
	static const char *const texts[] = {
		"1970-01-01T00:00:00.000000000Z", "2000-02-29T23:59:59.999999999Z",
		"2026-11-24T08:00:00.000000001Z", "2100-02-28T12:00:00.500000000Z",
		"2261-12-31T23:59:59.999999999Z",
	};
	char again[AXEV__RFC3339_SIZE];
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		axev__rfc3339(again, parsed(texts[i]));
		ck_assert_str_eq(again, texts[i]);
	}
	ck_assert_int_eq(parsed("1970-01-02T00:00:01.000000002Z"), INT64_C(86401000000002));
}
END_TEST

START_TEST(time__other_spellings_are_refused_in_our_formats)
{
	static const char *const texts[] = {
		"", "2026-11-24", "2026-11-24T08:00:00Z", "2026-11-24T08:00:00.0Z",
		"2026-11-24t08:00:00.000000000Z", "2026-11-24T08:00:00.000000000z",
		"2026-11-24 08:00:00.000000000Z", "2026-11-24T08:00:00,000000000Z",
		"2026-11-24T08:00:00.00000000 Z", "2026-11-24T08:00:00.000000000ZZ",
		"2026-13-24T08:00:00.000000000Z", "2026-00-24T08:00:00.000000000Z",
		"2026-11-31T08:00:00.000000000Z", "2026-11-00T08:00:00.000000000Z",
		"2025-02-29T08:00:00.000000000Z", "2100-02-29T08:00:00.000000000Z",
		"2026-11-24T24:00:00.000000000Z", "2026-11-24T08:60:00.000000000Z",
		"2026-11-24T23:59:60.000000000Z", "1969-12-31T23:59:59.999999999Z",
		"2262-01-01T00:00:00.000000000Z", "+026-11-24T08:00:00.000000000Z",
	};
	int64_t ns = 7;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		ck_assert_msg(!axev__parse_rfc3339(axev__span_str(texts[i]), &ns), "%s", texts[i]);
		ck_assert_int_eq(ns, 7);
	}
}
END_TEST

START_TEST(time__every_day_of_the_range_survives)
{
	struct axev__civil civil;
	int64_t day, ns, again;

	for (day = 0; day < 106650; day++) { /* 1970-01-01 to 2261-12-31 */
		ns = day * 86400 * AXEV__NS_PER_SECOND;
		civil = axev__civil_from_ns(ns);
		ck_assert(axev__civil_to_ns(&civil, &again));
		ck_assert_int_eq(again, ns);
	}
}
END_TEST

START_TEST(time__extreme_instants_are_shown_without_harm)
{
	char text[AXEV__RFC3339_SIZE];

	axev__rfc3339(text, INT64_MAX);
	ck_assert_str_eq(text, "2262-04-11T23:47:16.854775807Z");
	axev__rfc3339(text, -1);
	ck_assert_str_eq(text, "1969-12-31T23:59:59.999999999Z");
	axev__rfc3339(text, INT64_MIN);
	ck_assert_str_eq(text, "1677-09-21T00:12:43.145224192Z");
}
END_TEST

START_TEST(time__seconds_form_drops_the_fraction)
{
	char text[AXEV__RFC3339_S_SIZE];

	axev__rfc3339_seconds(text, parsed("2026-11-24T08:00:00.999999999Z"));
	ck_assert_str_eq(text, "2026-11-24T08:00:00Z");
}
END_TEST

START_TEST(time__people_may_write_dates_fractions_and_offsets)
{
	static const struct {
		const char *text, *utc;
	} cases[] = {
		{ "2026-11-24", "2026-11-24T00:00:00.000000000Z" },
		{ "2026-11-24T08:00:00Z", "2026-11-24T08:00:00.000000000Z" },
		{ "2026-11-24 08:00:00Z", "2026-11-24T08:00:00.000000000Z" },
		{ "2026-11-24T08:00:00.25Z", "2026-11-24T08:00:00.250000000Z" },
		{ "2026-11-24T08:00:00+08:00", "2026-11-24T00:00:00.000000000Z" },
		{ "2026-11-24T08:00:00-03:30", "2026-11-24T11:30:00.000000000Z" },
	};
	static const char *const refused[] = {
		"", "now", "2026-11", "2026-11-24T08:00Z", "2026-11-24T08:00:00",
		"2026-11-24T08:00:00.Z", "2026-11-24T08:00:00.1234567890Z",
		"2026-11-24T08:00:00+15:00", "2026-11-24T08:00:00+08:60",
		"2026-11-24T08:00:00+0800", "2026-11-24Z", "2026-11-24T08:00:00Z ",
	};
	int64_t ns = 7;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ck_assert_msg(axev__parse_time_argument(axev__span_str(cases[i].text), &ns), "%s",
			      cases[i].text);
		ck_assert_int_eq(ns, parsed(cases[i].utc));
	}
	ns = 7;
	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		ck_assert_msg(!axev__parse_time_argument(axev__span_str(refused[i]), &ns), "%s",
			      refused[i]);
		ck_assert_int_eq(ns, 7);
	}
}
END_TEST

START_TEST(time__an_offset_cannot_leave_the_range)
{
	int64_t ns = 7;

	ck_assert(!axev__parse_time_argument(axev__span_str("1970-01-01T00:00:00+08:00"), &ns));
	ck_assert(!axev__parse_time_argument(axev__span_str("2261-12-31T23:59:59-08:00"), &ns));
	ck_assert_int_eq(ns, 7);
}
END_TEST

START_TEST(time__generalized_time_is_der)
{
	static const char *const refused[] = {
		"", "20261124080000", "20261124080000.Z", "20261124080000.50Z", "20261124080000.0Z",
		"2026112408Z", "20261124080000+0800", "20261124080060Z", "20261324080000Z",
		"20261124080000.1234567891Z",
	};
	char text[AXEV__GENERALIZED_SIZE];
	int64_t ns = 7;
	size_t i;

	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		ck_assert_msg(!axev__parse_generalized_time(axev__span_str(refused[i]), &ns), "%s",
			      refused[i]);
	ck_assert_int_eq(ns, 7);
	ck_assert(axev__parse_generalized_time(axev__span_str("20261124080000.5Z"), &ns));
	ck_assert_int_eq(ns, parsed("2026-11-24T08:00:00.500000000Z"));
	axev__generalized_time(text, ns);
	ck_assert_str_eq(text, "20261124080000Z");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("time");
	TCase *tcase = tcase_create("time");

	tcase_add_test(tcase, time__rfc3339_with_nine_digits_survives_both_ways);
	tcase_add_test(tcase, time__other_spellings_are_refused_in_our_formats);
	tcase_add_test(tcase, time__every_day_of_the_range_survives);
	tcase_add_test(tcase, time__extreme_instants_are_shown_without_harm);
	tcase_add_test(tcase, time__seconds_form_drops_the_fraction);
	tcase_add_test(tcase, time__people_may_write_dates_fractions_and_offsets);
	tcase_add_test(tcase, time__an_offset_cannot_leave_the_range);
	tcase_add_test(tcase, time__generalized_time_is_der);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
