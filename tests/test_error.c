/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <errno.h>

#include "base/error.h"
#include "base/span.h"
#include "base/text.h"

START_TEST(error__the_first_message_wins_and_outer_layers_prefix)
{
	axev_error err = AXEV_ERROR_INIT;
	char text[1100];

	ck_assert_int_eq(axev__fail_at(&err, AXEV_E_FORMAT, 12, "expected %d", 1), AXEV_E_FORMAT);
	ck_assert_int_eq(axev__fail(&err, AXEV_E_IO, "later"), AXEV_E_IO);
	ck_assert_int_eq(axev__prefix(AXEV_E_FORMAT, &err, "entry %d", 7), AXEV_E_FORMAT);
	ck_assert_int_eq(axev__prefix(AXEV_E_FORMAT, &err, "file"), AXEV_E_FORMAT);
	ck_assert_uint_eq(axev_error_text(&err, text, sizeof(text)), strlen(text));
	ck_assert_str_eq(text, "file: entry 7: expected 1");
	ck_assert_int_eq(err.status, AXEV_E_FORMAT);
	ck_assert_int_eq(err.has_offset, 1);
	ck_assert_uint_eq(err.offset, 12);
}
END_TEST

START_TEST(error__success_is_not_prefixed)
{
	axev_error err = AXEV_ERROR_INIT;

	ck_assert_int_eq(axev__prefix(AXEV_OK, &err, "file"), AXEV_OK);
	ck_assert_str_eq(err.subject, "");
}
END_TEST

START_TEST(error__no_error_struct_is_no_problem)
{
	ck_assert_int_eq(axev__fail(NULL, AXEV_E_IO, "x"), AXEV_E_IO);
	ck_assert_int_eq(axev__prefix(AXEV_E_IO, NULL, "x"), AXEV_E_IO);
	ck_assert_int_eq(axev__fail_errno(NULL, ENOMEM, "x"), AXEV_E_NOMEM);
	axev_error_clear(NULL);
	ck_assert_uint_eq(axev_error_text(NULL, NULL, 0), 0);
}
END_TEST

START_TEST(error__system_errors_say_their_reason)
{
	axev_error err;

	assert_fails(axev__fail_errno(&err, EACCES, "cannot open"), AXEV_E_IO,
		     "cannot open: Permission denied");
	ck_assert_int_eq(err.sys_errno, EACCES);
}
END_TEST

START_TEST(error__long_messages_stay_utf8)
{
	axev_error err = AXEV_ERROR_INIT;
	char text[3000];
	size_t i;

	for (i = 0; i + 3 < sizeof(text); i += 3)
		memcpy(text + i, "\xE8\xAF\x81", 3);
	text[i] = '\0';
	axev__fail(&err, AXEV_E_FORMAT, "x%s", text);
	axev__prefix(AXEV_E_FORMAT, &err, "yy%s", text);
	ck_assert(axev__is_utf8(axev__span_str(err.message)));
	ck_assert(axev__is_utf8(axev__span_str(err.subject)));
	ck_assert_uint_gt(strlen(err.message), 700);
}
END_TEST

START_TEST(error__a_small_room_is_closed_by_a_nul)
{
	axev_error err = AXEV_ERROR_INIT;
	char text[4];

	axev__fail(&err, AXEV_E_IO, "abcdef");
	ck_assert_uint_eq(axev_error_text(&err, text, sizeof(text)), 3);
	ck_assert_str_eq(text, "abc");
}
END_TEST

START_TEST(error__every_status_has_a_name)
{
	int status;

	ck_assert_str_eq(axev_status_name(AXEV_OK), "ok");
	ck_assert_str_eq(axev_status_name(AXEV_E_FORMAT), "format");
	ck_assert_str_eq(axev_status_name(AXEV_E_INDETERMINATE), "indeterminate");
	for (status = AXEV_E_INDETERMINATE; status <= 0; status++)
		ck_assert_str_ne(axev_status_name(status), "unknown");
	ck_assert_str_eq(axev_status_name(1), "unknown");
	ck_assert_str_eq(axev_status_name(AXEV_E_INDETERMINATE - 1), "unknown");
	ck_assert_str_eq(axev_status_name(INT32_MIN), "unknown");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("error");
	TCase *tcase = tcase_create("error");

	tcase_add_test(tcase, error__the_first_message_wins_and_outer_layers_prefix);
	tcase_add_test(tcase, error__success_is_not_prefixed);
	tcase_add_test(tcase, error__no_error_struct_is_no_problem);
	tcase_add_test(tcase, error__system_errors_say_their_reason);
	tcase_add_test(tcase, error__long_messages_stay_utf8);
	tcase_add_test(tcase, error__a_small_room_is_closed_by_a_nul);
	tcase_add_test(tcase, error__every_status_has_a_name);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
