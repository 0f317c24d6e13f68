/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include "base/limits.h"
#include "print/dns_answer.h"

static axev_error err;
static struct axev__buf out;
static unsigned code;

/* Answer to "a.test" of class IN: code and number of records, then what follows the question. */
#define ANSWER(code, count) "\0\7\x81" code "\0\1\0" count "\0\0\0\0\1a\4test\0\0\1\0\1"
#define RECORD(type, size) "\xC0\x0C\0" type "\0\1\0\0\1\x2C\0" size
#define READ(text) axev__dns_answer(axev__span(text, sizeof(text) - 1), &out, &code, &err)

static void setup(void)
{
	out = (struct axev__buf)AXEV__BUF_INIT(AXEV__MIB);
	code = 99;
}

static void teardown(void)
{
	axev__buf_free(&out);
}

START_TEST(print_dns_answer__addresses_and_names_are_read)
{
	assert_ok(READ(ANSWER("\x80", "\4") RECORD("\5", "\7") "\4edge\xC0\x0E"
			RECORD("\1", "\4") "\xCB\0\x71\7"
			RECORD("\x1C", "\x10") "\x20\1\x0D\xB8\0\0\0\0\0\0\0\0\0\0\0\7"
			RECORD("\x10", "\2") "\1x"));
	ck_assert_str_eq((char *)out.data, "CNAME edge.test, 203.0.113.7, 2001:db8::7");
	ck_assert_uint_eq(code, 0);
}
END_TEST

START_TEST(print_dns_answer__a_refusal_gives_its_code)
{
	assert_ok(READ(ANSWER("\x83", "\0")));
	ck_assert_uint_eq(out.size, 0);
	ck_assert_uint_eq(code, 3);
}
END_TEST

START_TEST(print_dns_answer__names_are_shown_inert)
{
	assert_ok(READ(ANSWER("\x80", "\1") RECORD("\5", "\4") "\2\x1B[\0"));
	ck_assert_str_eq((char *)out.data, "CNAME \\u{1b}[");
}
END_TEST

START_TEST(print_dns_answer__what_is_no_whole_answer_is_refused)
{
	assert_fails(READ("\0\7\x81"), AXEV_E_FORMAT, "expected a whole DNS message, found its end");
	assert_fails(READ("\0\7\1\0\0\1\0\0\0\0\0\0"), AXEV_E_FORMAT, "expected an answer, found a query");
	assert_fails(READ("\0\7\x81\x80\0\1\1\1\0\0\0\0"), AXEV_E_LIMIT,
		     "expected at most 256 records, found 257");
	assert_fails(READ(ANSWER("\x80", "\1") RECORD("\1", "\4") "\1\2\3"), AXEV_E_FORMAT,
		     "expected a whole DNS message, found its end");
	assert_fails(READ(ANSWER("\x80", "\1") RECORD("\5", "\2") "\xC0\x24"), AXEV_E_FORMAT,
		     "expected a name that points backwards");
	assert_fails(READ(ANSWER("\x80", "\1") RECORD("\5", "\4") "\xC0\x0C\0\0"), AXEV_E_FORMAT,
		     "expected a name as long as its record");
	assert_fails(READ(ANSWER("\x80", "\1") "\x80"), AXEV_E_FORMAT, "expected a label of at most 63 bytes");
	ck_assert_uint_eq(out.size, 0);
	ck_assert_uint_eq(code, 99);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("print_dns_answer");
	TCase *tcase = tcase_create("print_dns_answer");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, print_dns_answer__addresses_and_names_are_read);
	tcase_add_test(tcase, print_dns_answer__a_refusal_gives_its_code);
	tcase_add_test(tcase, print_dns_answer__names_are_shown_inert);
	tcase_add_test(tcase, print_dns_answer__what_is_no_whole_answer_is_refused);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
