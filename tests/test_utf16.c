/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <iconv.h>

#include "base/limits.h"
#include "base/utf16.h"

static axev_error err;

/* What the C library's converter makes of the same bytes. */
static size_t peer(const char *to, const char *from, const void *bytes, size_t size, char *out, size_t room)
{
	iconv_t converter = iconv_open(to, from);
	char *in = (char *)(uintptr_t)bytes, *at = out;
	size_t left = room;
	bool is_good = iconv(converter, &in, &size, &at, &left) != (size_t)-1;

	iconv_close(converter);
	return is_good ? room - left : SIZE_MAX;
}

START_TEST(utf16__every_code_point_goes_there_and_back)
{
	AXEV__BUF utf8 = AXEV__BUF_INIT(16 * AXEV__MIB), utf16 = AXEV__BUF_INIT(16 * AXEV__MIB),
		  back = AXEV__BUF_INIT(16 * AXEV__MIB);
	static uint32_t points[0x110000 - 0x800];
	char *want = malloc(8 * AXEV__MIB);
	size_t i, size;
	bool is_good = false;

	for (i = 0; i < AXEV__COUNT(points); i++)
		points[i] = (uint32_t)(i < 0xd800 ? i : i + 0x800);
	size = peer("UTF-8", "UCS-4LE", points, sizeof(points), want, 8 * AXEV__MIB);
	assert_ok(axev__buf_append(&utf8, want, size, &err));
	assert_ok(axev__utf16_from_utf8(axev__buf_view(&utf8), &utf16, &err));
	size = peer("UTF-16LE", "UTF-8", utf8.data, utf8.size, want, 8 * AXEV__MIB);
	ck_assert_uint_eq(utf16.size, size);
	ck_assert_mem_eq(utf16.data, want, size);
	assert_ok(axev__utf16_to_utf8(axev__buf_view(&utf16), false, &back, &is_good, &err));
	ck_assert(is_good);
	ck_assert_uint_eq(back.size, utf8.size);
	ck_assert_mem_eq(back.data, utf8.data, utf8.size);
	free(want);
}
END_TEST

START_TEST(utf16__what_is_not_well_formed_is_said)
{
	static const uint8_t cases[][4] = { { 0xd8, 0, 0, 'a' }, { 0xdc, 0, 0xd8, 0 }, { 0, 'a', 0xd8, 0 }, { 0xd8, 0, 0xd8, 0 } };
	AXEV__BUF out = AXEV__BUF_INIT(64);
	bool is_good = true;
	size_t i;

	for (i = 0; i < AXEV__COUNT(cases); i++) {
		assert_ok(axev__utf16_to_utf8(axev__span(cases[i], 4), true, &out, &is_good, &err));
		ck_assert_msg(!is_good, "case %zu", i);
	}
	assert_ok(axev__utf16_to_utf8(axev__span("abc", 3), true, &out, &is_good, &err));
	ck_assert(!is_good);
	assert_fails(axev__utf16_from_utf8(axev__span_str("\xed\xa0\x80"), &out, &err), AXEV_E_INVAL,
		     "expected text in UTF-8");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("utf16");
	TCase *tcase = tcase_create("utf16");

	tcase_add_test(tcase, utf16__every_code_point_goes_there_and_back);
	tcase_add_test(tcase, utf16__what_is_not_well_formed_is_said);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
