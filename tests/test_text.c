/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include "base/text.h"

START_TEST(text__control_and_direction_characters_are_shown_inert)
{
	struct axev__shown shown;

	ck_assert_str_eq(axev__show_str(&shown, "a\nb\x1b[31m\xE2\x80\xAE" "c\\"),
			 "a\\nb\\u{1b}[31m\\u{202e}c\\\\");
	ck_assert_str_eq(axev__show_str(&shown, "\xFF\xC0\x80"), "\\xff\\xc0\\x80");
	ck_assert_str_eq(axev__show_str(&shown, "证据"), "证据");
}
END_TEST

START_TEST(text__long_text_is_clipped_at_a_character)
{
	struct axev__shown shown;
	char text[1000];

	memset(text, 'x', sizeof(text));
	axev__show(&shown, axev__span(text, sizeof(text)));
	ck_assert_uint_eq(strlen(shown.text), AXEV__MAX_SHOWN + 3);
}
END_TEST

START_TEST(text__base64_is_canonical_both_ways)
{
	struct axev__buf out = AXEV__BUF_INIT(100);

	ck_assert_int_eq(axev__base64(&out, axev__span_str("ab"), NULL), AXEV_OK);
	ck_assert_str_eq((char *)out.data, "YWI=");
	axev__buf_clear(&out);
	ck_assert(axev__unbase64(&out, axev__span_str("YWI=")));
	ck_assert_str_eq((char *)out.data, "ab");
	ck_assert(!axev__unbase64(&out, axev__span_str("YWJ="))); /* stray bits */
	ck_assert(!axev__unbase64(&out, axev__span_str("YW==YW==")));
	ck_assert(!axev__unbase64(&out, axev__span_str("YWI")));
	ck_assert(!axev__unbase64(&out, axev__span_str("YW I")));
	axev__buf_free(&out);
}
END_TEST

START_TEST(text__decimals_have_one_spelling)
{
	uint64_t value = 7;

	ck_assert(axev__parse_u64(axev__span_str("18446744073709551615"), UINT64_MAX, &value));
	ck_assert_uint_eq(value, UINT64_MAX);
	ck_assert(!axev__parse_u64(axev__span_str("18446744073709551616"), UINT64_MAX, &value));
	ck_assert(!axev__parse_u64(axev__span_str("01"), UINT64_MAX, &value));
	ck_assert(!axev__parse_u64(axev__span_str(""), UINT64_MAX, &value));
	ck_assert(!axev__parse_u64(axev__span_str("+1"), UINT64_MAX, &value));
	ck_assert(!axev__parse_u64(axev__span_str("11"), 10, &value));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("text");
	TCase *tcase = tcase_create("text");

	tcase_add_test(tcase, text__control_and_direction_characters_are_shown_inert);
	tcase_add_test(tcase, text__long_text_is_clipped_at_a_character);
	tcase_add_test(tcase, text__base64_is_canonical_both_ways);
	tcase_add_test(tcase, text__decimals_have_one_spelling);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
