/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include "base/buf.h"

START_TEST(buf__content_is_always_followed_by_a_nul)
{
	AXEV__BUF buf = AXEV__BUF_INIT(100);
	axev_error err;

	assert_ok(axev__buf_str(&buf, "abc", &err));
	ck_assert_str_eq((char *)buf.data, "abc");
	assert_ok(axev__buf_byte(&buf, 'd', &err));
	assert_ok(axev__buf_printf(&buf, &err, "%d-%s", 7, "x"));
	ck_assert_str_eq((char *)buf.data, "abcd7-x");
	axev__buf_consume(&buf, 4);
	ck_assert_str_eq((char *)buf.data, "7-x");
	axev__buf_consume(&buf, 400);
	ck_assert_str_eq((char *)buf.data, "");
	ck_assert_uint_eq(buf.size, 0);
}
END_TEST

START_TEST(buf__the_maximum_is_reached_and_not_passed)
{
	AXEV__BUF buf = AXEV__BUF_INIT(4);
	axev_error err;

	assert_ok(axev__buf_str(&buf, "abcd", &err));
	assert_fails(axev__buf_byte(&buf, 'e', &err), AXEV_E_LIMIT,
		     "expected at most 4 bytes, found more");
	assert_fails(axev__buf_printf(&buf, &err, "%d", 1), AXEV_E_LIMIT,
		     "expected at most 4 bytes, found more");
	ck_assert_str_eq((char *)buf.data, "abcd");
	assert_fails(axev__buf_reserve(&buf, SIZE_MAX, &err), AXEV_E_LIMIT,
		     "expected at most 4 bytes, found more");
}
END_TEST

START_TEST(buf__a_maximum_of_all_memory_does_not_wrap)
{
	AXEV__BUF buf = AXEV__BUF_INIT(SIZE_MAX);
	axev_error err;

	assert_ok(axev__buf_str(&buf, "abc", &err));
	assert_ok(axev__buf_str(&buf, "def", &err));
	ck_assert_str_eq((char *)buf.data, "abcdef");
	ck_assert_int_lt(axev__buf_reserve(&buf, SIZE_MAX - 6, NULL), 0);
	ck_assert_int_lt(axev__buf_reserve(&buf, SIZE_MAX - 7, NULL), 0);
}
END_TEST

START_TEST(buf__many_small_pieces_keep_their_order)
{
	AXEV__BUF buf = AXEV__BUF_INIT(20000);
	axev_error err;
	size_t i;

	for (i = 0; i < 20000; i++)
		assert_ok(axev__buf_byte(&buf, (uint8_t)i, &err));
	for (i = 0; i < 20000; i++)
		ck_assert_uint_eq(buf.data[i], (uint8_t)i);
}
END_TEST

START_TEST(buf__a_stolen_string_is_owned_by_the_taker)
{
	AXEV__BUF buf = AXEV__BUF_INIT(10);
	char *text = axev__buf_steal_str(&buf);

	ck_assert_str_eq(text, "");
	free(text);
	ck_assert_int_eq(axev__buf_str(&buf, "x", NULL), AXEV_OK);
	text = axev__buf_steal_str(&buf);
	ck_assert_str_eq(text, "x");
	ck_assert_ptr_null(buf.data);
	ck_assert_uint_eq(buf.max, 10);
	free(text);
}
END_TEST

START_TEST(buf__spans_compare_by_bytes)
{
	ck_assert_int_lt(axev__span_compare(axev__span_str("a"), axev__span_str("ab")), 0);
	ck_assert_int_gt(axev__span_compare(axev__span_str("b"), axev__span_str("ab")), 0);
	ck_assert_int_gt(axev__span_compare(axev__span_str("\xFF"), axev__span_str("a")), 0);
	ck_assert_int_eq(axev__span_compare(axev__span(NULL, 0), axev__span_str("")), 0);
	ck_assert(axev__span_equal(axev__span(NULL, 0), axev__span_str("")));
	ck_assert(axev__span_starts(axev__span_str("abc"), "ab"));
	ck_assert(!axev__span_starts(axev__span_str("a"), "ab"));
	ck_assert(axev__span_ends(axev__span_str("abc"), "bc"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("buf");
	TCase *tcase = tcase_create("buf");

	tcase_add_test(tcase, buf__content_is_always_followed_by_a_nul);
	tcase_add_test(tcase, buf__the_maximum_is_reached_and_not_passed);
	tcase_add_test(tcase, buf__a_maximum_of_all_memory_does_not_wrap);
	tcase_add_test(tcase, buf__many_small_pieces_keep_their_order);
	tcase_add_test(tcase, buf__a_stolen_string_is_owned_by_the_taker);
	tcase_add_test(tcase, buf__spans_compare_by_bytes);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
