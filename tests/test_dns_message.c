/* SPDX-License-Identifier: Apache-2.0 */
/* DNS queries and replies: the bytes of RFC 1035, and every way in which a reply is none. */
#include "support.h"

#include "content/dns_message.h"

static axev_error err;

/* id 0x1234, "a.example" A: CNAME b.example, then A 192.0.2.7; and an A of another owner */
#define QUESTION "\x01" "a\x07" "example\0\0\x01\0\x01"
#define QUERY "\x12\x34\x01\x20\0\x01\0\0\0\0\0\0" QUESTION
#define HEAD(flags, questions, answers) "\x12\x34" flags "\0" questions "\0" answers "\0\0\0\0"
#define TAIL_A "\0\x01\0\x01\0\0\0\x3c\0\x04"

#define BYTES(literal) axev__span(literal, sizeof(literal) - 1)

static struct axev__dns_reply reply;

static int read_reply(struct axev__span message)
{
	return axev__dns_reply(message, BYTES(QUERY), &reply, &err);
}

START_TEST(dns_message__a_query_is_the_bytes_of_rfc_1035)
{
	AXEV__BUF out = AXEV__BUF_INIT(512);

	assert_ok(axev__dns_query("a.example", AXEV__DNS_A, 0x1234, &out, &err));
	ck_assert(axev__span_equal(axev__buf_view(&out), BYTES(QUERY)));
	axev__buf_clear(&out);
	assert_ok(axev__dns_query("a.example.", AXEV__DNS_A, 0x1234, &out, &err));
	ck_assert(axev__span_equal(axev__buf_view(&out), BYTES(QUERY)));
}
END_TEST

START_TEST(dns_message__names_that_dns_cannot_hold_are_refused)
{
	AXEV__BUF out = AXEV__BUF_INIT(1024);
	char label[65 + 3], name[300];

	memset(label, 'x', 64);
	strcpy(label + 64, ".y");
	assert_fails(axev__dns_query("", AXEV__DNS_A, 1, &out, &err), AXEV_E_INVAL,
		     "expected a host name of 1 to 253 bytes");
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_fails(axev__dns_query(name, AXEV__DNS_A, 1, &out, &err), AXEV_E_INVAL,
		     "expected a host name of 1 to 253 bytes");
	assert_fails(axev__dns_query("a..b", AXEV__DNS_A, 1, &out, &err), AXEV_E_INVAL,
		     "expected labels of 1 to 63 bytes in the host name");
	assert_fails(axev__dns_query(label, AXEV__DNS_A, 1, &out, &err), AXEV_E_INVAL,
		     "expected labels of 1 to 63 bytes in the host name");
}
END_TEST

START_TEST(dns_message__addresses_of_the_name_and_its_aliases_count)
{
	static const uint8_t address[4] = { 192, 0, 2, 7 };

	assert_ok(read_reply(BYTES(HEAD("\x81\xA0", "\x01", "\x03") QUESTION
				   "\xC0\x0C\0\x05\0\x01\0\0\0\x3c\0\x04\x01" "b\xC0\x0E"
				   "\x01" "B\x07" "EXAMPLE\0" TAIL_A "\xC0\0\x02\x07"
				   "\x01" "z\xC0\x0E" TAIL_A "\xC6\x33\x64\x01")));
	ck_assert_uint_eq(reply.code, 0);
	ck_assert(reply.is_authentic && !reply.is_cut);
	ck_assert_uint_eq(reply.count, 1);
	ck_assert_mem_eq(reply.addresses[0], address, 4);
}
END_TEST

START_TEST(dns_message__codes_and_cut_messages_are_told)
{
	assert_ok(read_reply(BYTES(HEAD("\x81\x83", "\x01", "\0") QUESTION)));
	ck_assert_uint_eq(reply.code, 3);
	ck_assert_uint_eq(reply.count, 0);
	assert_ok(read_reply(BYTES(HEAD("\x83\x80", "\x01", "\x05") QUESTION)));
	ck_assert(reply.is_cut);
	ck_assert_uint_eq(reply.count, 0);
}
END_TEST

START_TEST(dns_message__what_does_not_answer_the_question_is_none)
{
	assert_fails(read_reply(BYTES("\x12\x34")), AXEV_E_FORMAT, "expected a DNS message, found 2 bytes");
	assert_fails(read_reply(BYTES("\x12\x35\x81\x80\0\x01\0\0\0\0\0\0" QUESTION)), AXEV_E_FORMAT,
		     "expected the id of the query");
	assert_fails(read_reply(BYTES(QUERY)), AXEV_E_FORMAT, "expected a response to a standard query");
	assert_fails(read_reply(BYTES(HEAD("\x81\x80", "\0", "\0"))), AXEV_E_FORMAT,
		     "expected the question of the query");
	assert_fails(read_reply(BYTES(HEAD("\x81\x80", "\x01", "\0") "\x01" "b\x07" "example\0\0\x01\0\x01")),
		     AXEV_E_FORMAT, "expected the question of the query");
	assert_fails(read_reply(BYTES(HEAD("\x81\x80", "\x01", "\0") "\x01" "a\x07" "example\0\0\x1c\0\x01")),
		     AXEV_E_FORMAT, "expected the question of the query");
}
END_TEST

START_TEST(dns_message__broken_records_are_refused)
{
	assert_fails(read_reply(BYTES(HEAD("\x81\x80", "\x01", "\x01") QUESTION)), AXEV_E_FORMAT,
		     "expected a whole DNS message, found its end");
	assert_fails(read_reply(BYTES(HEAD("\x81\x80", "\x01", "\x01") QUESTION "\xC0\x0C" TAIL_A "\xC0\0\x02")),
		     AXEV_E_FORMAT, "expected a whole DNS message, found its end");
	assert_fails(read_reply(BYTES(HEAD("\x81\x80", "\x01", "\x01") QUESTION "\xC0\x1B" TAIL_A "\xC0\0\x02\x07")),
		     AXEV_E_FORMAT, "expected a name that points backwards");
	assert_fails(read_reply(BYTES(HEAD("\x81\x80", "\x01", "\x01") QUESTION "\x80\x01" TAIL_A "\xC0\0\x02\x07")),
		     AXEV_E_FORMAT, "expected a label of at most 63 bytes");
	assert_fails(read_reply(BYTES(HEAD("\x81\x80", "\x01", "\x01") QUESTION
				      "\xC0\x0C\0\x01\0\x01\0\0\0\x3c\0\x05\xC0\0\x02\x07\x01")),
		     AXEV_E_FORMAT, "expected an address of its record's length, found 5 bytes");
	assert_fails(read_reply(BYTES(HEAD("\x81\x80", "\x01", "\x01") QUESTION
				      "\xC0\x0C\0\x05\0\x01\0\0\0\x3c\0\x05\x01" "b\xC0\x0E\0")),
		     AXEV_E_FORMAT, "expected a name as long as its record");
	assert_fails(read_reply(BYTES("\x12\x34\x81\x80\0\x01\xFF\xFF\0\0\0\0" QUESTION)), AXEV_E_LIMIT,
		     "expected at most 256 records, found 65535");
}
END_TEST

START_TEST(dns_message__too_many_addresses_are_refused)
{
	AXEV__BUF message = AXEV__BUF_INIT(4096);
	unsigned i;

	assert_ok(axev__buf_append(&message, HEAD("\x81\x80", "\x01", "\x41") QUESTION,
				   sizeof(HEAD("\x81\x80", "\x01", "\x41") QUESTION) - 1, &err));
	for (i = 0; i < 65; i++)
		assert_ok(axev__buf_append(&message, "\xC0\x0C" TAIL_A "\xC0\0\x02\x07", 16, &err));
	assert_fails(read_reply(axev__buf_view(&message)), AXEV_E_LIMIT, "expected at most 64 addresses");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("dns_message");
	TCase *tcase = tcase_create("dns_message");

	tcase_add_test(tcase, dns_message__a_query_is_the_bytes_of_rfc_1035);
	tcase_add_test(tcase, dns_message__names_that_dns_cannot_hold_are_refused);
	tcase_add_test(tcase, dns_message__addresses_of_the_name_and_its_aliases_count);
	tcase_add_test(tcase, dns_message__codes_and_cut_messages_are_told);
	tcase_add_test(tcase, dns_message__what_does_not_answer_the_question_is_none);
	tcase_add_test(tcase, dns_message__broken_records_are_refused);
	tcase_add_test(tcase, dns_message__too_many_addresses_are_refused);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
