/* SPDX-License-Identifier: Apache-2.0 */
/* Cells: one form of each value, its bits kept, and what is none. */
#include "support.h"

#include <math.h>

#include "base/text.h"
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

START_TEST(row_c14n__cells_have_one_form)
{
	static const struct {
		const char *hex;
		int status;
	} cases[] = {
		{ "00", AXEV_OK }, { "010101", AXEV_OK }, { "0100", AXEV_E_FORMAT },
		{ "01020001", AXEV_E_FORMAT }, { "01020080", AXEV_OK }, /* 1 in two bytes, 128 */
		{ "0102ff80", AXEV_E_FORMAT }, { "0102ff7f", AXEV_OK }, /* -128 in two bytes, -129 */
		{ "01088000000000000000", AXEV_OK }, { "0109008000000000000000", AXEV_E_FORMAT },
		{ "0807ffffffffffffff", AXEV_E_FORMAT }, { "0808ffffffffffffffff", AXEV_OK },
		{ "020101", AXEV_OK }, { "020102", AXEV_E_FORMAT },
		{ "0304312e3130", AXEV_OK },   /* 1.10 */
		{ "030330312e", AXEV_E_FORMAT }, /* 01. */
		{ "03022d30", AXEV_E_FORMAT }, /* -0 */
		{ "0303316534", AXEV_E_FORMAT }, /* 1e4 */
		{ "03034e614e", AXEV_OK },     /* NaN */
		{ "04087ff8000000000000", AXEV_OK }, /* the NaN */
		{ "04087ff8000000000001", AXEV_E_FORMAT },
		{ "04088000000000000000", AXEV_OK }, /* -0 */
		{ "04047fc00000", AXEV_OK }, { "0404ffc00000", AXEV_E_FORMAT },
		{ "0501ff", AXEV_E_FORMAT }, { "0701ff", AXEV_OK }, { "0600", AXEV_OK },
		{ "0909303034342d30332d31", AXEV_OK }, { "09056c61746572", AXEV_E_FORMAT },
		{ "0a00", AXEV_E_FORMAT }, { "0f00", AXEV_E_FORMAT }, { "0f020170", AXEV_OK },
		{ "05", AXEV_E_FORMAT }, { "0502ff", AXEV_E_FORMAT }, { "", AXEV_E_FORMAT },
		{ "05ff", AXEV_E_FORMAT }, { "05ff00000000", AXEV_E_FORMAT }, { "05ffffffffff", AXEV_E_FORMAT },
	};
	uint8_t bytes[64];
	size_t i;

	for (i = 0; i < AXEV__COUNT(cases); i++) {
		size_t size = strlen(cases[i].hex) / 2;
		struct axev__span rest = axev__span(bytes, size);
		struct axev__cell cell;

		ck_assert(axev__unhex(bytes, size, axev__span_str(cases[i].hex)));
		ck_assert_msg(axev__cell_next(&rest, &cell, NULL) == cases[i].status, "%s", cases[i].hex);
	}
}
END_TEST

START_TEST(row_c14n__integers_have_as_few_bytes_as_hold_them)
{
	static const struct {
		int64_t value;
		size_t size;
	} cases[] = {
		{ 0, 1 }, { -1, 1 }, { 127, 1 }, { -128, 1 }, { 128, 2 }, { -129, 2 }, { 32767, 2 }, { -32768, 2 }, { 32768, 3 },
		{ INT64_C(1) << 39, 6 }, { -(INT64_C(1) << 39), 5 }, { (INT64_C(1) << 55) - 1, 7 }, { INT64_C(1) << 55, 8 },
		{ INT64_MAX, 8 }, { INT64_MIN, 8 },
	};
	size_t i;

	for (i = 0; i < AXEV__COUNT(cases); i++) {
		AXEV__BUF out = AXEV__BUF_INIT(100);
		struct axev__span rest;
		struct axev__cell cell;

		assert_ok(axev__cell_integer(cases[i].value, &out, &err));
		rest = axev__buf_view(&out);
		assert_ok(axev__cell_next(&rest, &cell, &err));
		ck_assert_uint_eq(rest.size, 0);
		ck_assert_uint_eq(cell.content.size, cases[i].size);
		ck_assert_int_eq(axev__cell_as_integer(&cell), cases[i].value);
	}
}
END_TEST

START_TEST(row_c14n__lengths_have_one_form)
{
	static const size_t sizes[] = { 0, 1, 254, 255, 256, 70000, AXEV__MAX_INLINE_CELL };
	AXEV__FREE uint8_t *content = calloc(1, AXEV__MAX_INLINE_CELL);
	size_t i, cut;

	for (i = 0; i < AXEV__COUNT(sizes); i++) {
		AXEV__BUF out = AXEV__BUF_INIT(2 * AXEV__MIB);
		struct axev__span rest;
		struct axev__cell cell;

		assert_ok(axev__cell_bytes(axev__span(content, sizes[i]), &out, &err));
		ck_assert_uint_eq(out.size, sizes[i] + (sizes[i] < 255 ? 2 : 6));
		rest = axev__buf_view(&out);
		assert_ok(axev__cell_next(&rest, &cell, &err));
		ck_assert_uint_eq(cell.whole.size, out.size);
		ck_assert_uint_eq(cell.content.size, sizes[i]);
		for (cut = 0; cut < out.size && cut < 8; cut++)
			ck_assert(!axev__cell_take(&(struct axev__span){ out.data, cut }, &cell));
	}
	content[0] = AXEV__CELL_BYTES;
	content[1] = 0xff;
	content[5] = 254;
	assert_fails(axev__cell_next(&(struct axev__span){ content, 300 }, &(struct axev__cell){ 0 }, &err), AXEV_E_FORMAT,
		     "the length 254 of a cell is written longer than need be");
	content[5] = 255;
	assert_ok(axev__cell_next(&(struct axev__span){ content, 300 }, &(struct axev__cell){ 0 }, &err));
}
END_TEST

START_TEST(row_c14n__numbers_keep_their_bits)
{
	AXEV__BUF cells = AXEV__BUF_INIT(1000);
	struct axev__span rest;
	struct axev__cell cell;

	assert_ok(axev__cell_real64(-0.0, &cells, &err));
	assert_ok(axev__cell_real64(-(double)NAN, &cells, &err));
	assert_ok(axev__cell_integer(INT64_MIN, &cells, &err));
	assert_ok(axev__cell_real32(0.1f, &cells, &err));
	rest = axev__buf_view(&cells);
	assert_ok(axev__cell_next(&rest, &cell, &err));
	ck_assert(signbit(axev__cell_as_real(&cell)));
	assert_ok(axev__cell_next(&rest, &cell, &err));
	ck_assert_mem_eq(cell.content.data, "\x7f\xf8\0\0\0\0\0\0", 8);
	assert_ok(axev__cell_next(&rest, &cell, &err));
	ck_assert_int_eq(axev__cell_as_integer(&cell), INT64_MIN);
	assert_ok(axev__cell_next(&rest, &cell, &err));
	ck_assert(axev__cell_as_real(&cell) == (double)0.1f);
}
END_TEST

START_TEST(row_c14n__what_cannot_be_a_cell_is_refused)
{
	AXEV__BUF out = AXEV__BUF_INIT(AXEV__GIB);
	AXEV__FREE char *large = calloc(1, AXEV__MAX_INLINE_CELL + 1);
	uint8_t digest[32] = { 0 };

	assert_fails(axev__cell_bytes(axev__span(large, AXEV__MAX_INLINE_CELL + 1), &out, &err), AXEV_E_LIMIT,
		     "expected at most 1048576 bytes in a cell, found 1048577");
	assert_fails(axev__cell_large(AXEV__CELL_BYTES, AXEV__MAX_INLINE_CELL, digest, &out, &err), AXEV_E_INVAL,
		     "expected text or bytes of more than 1048576 bytes");
	assert_fails(axev__cell_decimal(axev__span_str("1e5"), &out, &err), AXEV_E_FORMAT,
		     "expected a decimal number, found '1e5'");
	assert_fails(axev__cell_calendar(axev__span_str("tomorrow"), &out, &err), AXEV_E_FORMAT,
		     "expected a date or a time, found 'tomorrow'");
	assert_fails(axev__cell_other(axev__span_str(""), axev__span_str("x"), &out, &err), AXEV_E_INVAL,
		     "expected the name of a type of 1 to 255 bytes");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("row_c14n");
	TCase *tcase = tcase_create("row_c14n");

	tcase_add_test(tcase, row_c14n__one_moment_has_one_text);
	tcase_add_test(tcase, row_c14n__cells_have_one_form);
	tcase_add_test(tcase, row_c14n__integers_have_as_few_bytes_as_hold_them);
	tcase_add_test(tcase, row_c14n__lengths_have_one_form);
	tcase_add_test(tcase, row_c14n__numbers_keep_their_bits);
	tcase_add_test(tcase, row_c14n__what_cannot_be_a_cell_is_refused);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
