/* SPDX-License-Identifier: Apache-2.0 */
/* What every unit test uses: one suite a file, TAP output, exact error texts. */
#ifndef AXEV_TESTS_SUPPORT_H
#define AXEV_TESTS_SUPPORT_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ax_evidence/error.h>

/* Status and complete text ("subject: message") of an expected failure. */
#define assert_fails(expression, expected_status, expected_text) \
	do { \
		char text_[1100]; \
		memset(&err, 0, sizeof(err)); \
		ck_assert_int_eq((expression), (expected_status)); \
		axev_error_text(&err, text_, sizeof(text_)); \
		ck_assert_str_eq(text_, (expected_text)); \
	} while (0)

/* Success; on failure the error text is what the report shows. `axev_error err` is in scope. */
#define assert_ok(expression) \
	do { \
		char text_[1100]; \
		int status_; \
		memset(&err, 0, sizeof(err)); \
		status_ = (expression); \
		axev_error_text(&err, text_, sizeof(text_)); \
		ck_assert_msg(status_ >= 0, "%s: status %d: %s", #expression, status_, text_); \
	} while (0)

/* Run @suite, print TAP on stdout. */
static inline int run_suite(Suite *suite)
{
	SRunner *runner = srunner_create(suite);

	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	srunner_free(runner);
	return 0; /* the TAP lines tell the outcome */
}

#endif
