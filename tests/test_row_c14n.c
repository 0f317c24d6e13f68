/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include "package/row_c14n.h"

static axev_error err;

START_TEST(row_c14n__one_moment_has_one_text)
{
	static const struct {
		struct axev__moment moment;
		const char *want;
	} cases[] = {
		{ { .has_date = true, .year = 2026, .month = 11, .day = 9 }, "2026-11-09" },
		{ { .has_time = true, .hour = 24 }, "24:00:00" },
		{ { .has_time = true, .is_negative = true, .hour = 838, .minute = 59, .second = 59, .microsecond = 100000 },
		  "-838:59:59.1" },
		{ { .has_date = true, .has_time = true, .year = 1, .month = 2, .day = 3, .microsecond = 1 },
		  "0001-02-03T00:00:00.000001" },
		{ { .has_date = true, .has_time = true, .year = 44, .month = 3, .day = 15, .is_bc = true, .microsecond = 0 },
		  "0044-03-15T00:00:00 BC" },
		{ { .has_date = true, .year = 294276, .month = 12, .day = 31 }, "294276-12-31" },
		{ { .has_date = true, .has_time = true }, "0000-00-00T00:00:00" },
	};
	size_t i;

	for (i = 0; i < AXEV__COUNT(cases); i++) {
		AXEV__BUF out = AXEV__BUF_INIT(1024);
		struct axev__span rest;
		struct axev__cell cell;

		assert_ok(axev__cell_moment(&cases[i].moment, &out, &err));
		rest = axev__buf_view(&out);
		assert_ok(axev__cell_next(&rest, &cell, &err));
		ck_assert_int_eq(cell.tag, AXEV__CELL_CALENDAR);
		ck_assert_msg(axev__span_is(cell.content, cases[i].want), "expected %s, found %.*s", cases[i].want,
			      (int)cell.content.size, (const char *)cell.content.data);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("row_c14n");
	TCase *tcase = tcase_create("row_c14n");

	tcase_add_test(tcase, row_c14n__one_moment_has_one_text);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
