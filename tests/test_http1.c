/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include "content/http1.h"

static struct axev__http1_message message;
static struct axev__buf payload = AXEV__BUF_INIT(1000);
static axev_error err;

static int keep(void *context, struct axev__span piece, axev_error *error)
{
	return axev__buf_span(context, piece, error);
}
static const struct axev__http1_payload kept = { keep, &payload };

static int response(const char *text, bool to_head, bool is_closed)
{
	axev__buf_clear(&payload);
	return axev__http1_response(axev__span_str(text), to_head, is_closed, &message, &kept, &err);
}

START_TEST(http1__chunks_are_decoded_and_the_head_stays_exact)
{
	const char *text = "HTTP/1.1 200 OK\r\nX-Odd: caf\xE9\r\nTransfer-Encoding: chunked\r\n\r\n"
			   "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: 1\r\n\r\nHTTP/1.1 204 next";

	assert_ok(response(text, false, false));
	ck_assert(message.is_complete && message.is_chunked);
	ck_assert_uint_eq(message.status, 200);
	ck_assert_str_eq((char *)payload.data, "abcde");
	ck_assert(axev__span_ends(message.head, "chunked\r\n\r\n"));
	ck_assert(axev__span_ends(message.framed, "T: 1\r\n\r\n"));
	ck_assert_str_eq(text + message.size_bytes, "HTTP/1.1 204 next");
}
END_TEST

START_TEST(http1__answers_without_a_body_have_none)
{
	const char *text = "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nHTTP/";

	assert_ok(response(text, false, false));
	ck_assert(message.is_complete);
	ck_assert_uint_eq(message.size_bytes, strlen(text) - 5);
	assert_ok(response("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", true, false));
	ck_assert(message.is_complete);
	assert_ok(response("HTTP/1.1 103 Early Hints\r\n\r\n", false, false));
	ck_assert(message.is_complete && message.is_interim);
}
END_TEST

START_TEST(http1__a_message_cut_short_is_not_complete)
{
	assert_ok(response("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", false, true));
	ck_assert(!message.is_complete);
	assert_ok(response("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", false, true));
	ck_assert(!message.is_complete);
	assert_ok(response("HTTP/1.1 200 OK\r\n\r\nabc", false, true));
	ck_assert(message.is_complete);
	assert_ok(response("HTTP/1.1 200 OK\r\n", false, true));
	ck_assert(!message.is_complete && message.head.size == 0);
}
END_TEST

START_TEST(http1__framing_that_lies_is_refused)
{
	assert_fails(response("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", false, false),
		     AXEV_E_FORMAT, "expected a decimal content-length, found something else");
	ck_assert_int_eq(response("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", false,
				  false), AXEV_E_FORMAT);
	ck_assert_int_eq(response("SSH-2.0\r\n\r\n", false, false), AXEV_E_FORMAT);
}
END_TEST

START_TEST(http1__a_request_has_method_and_target)
{
	axev__buf_clear(&payload);
	assert_ok(axev__http1_request(
		axev__span_str("POST /a?b HTTP/1.1\r\ncontent-length: 2\r\n\r\nhiGET"), &message,
		&kept, &err));
	ck_assert(axev__span_is(message.method, "POST") && axev__span_is(message.target, "/a?b"));
	ck_assert_str_eq((char *)payload.data, "hi");
	ck_assert(message.is_complete);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("http1");
	TCase *tcase = tcase_create("http1");

	tcase_add_test(tcase, http1__chunks_are_decoded_and_the_head_stays_exact);
	tcase_add_test(tcase, http1__answers_without_a_body_have_none);
	tcase_add_test(tcase, http1__a_message_cut_short_is_not_complete);
	tcase_add_test(tcase, http1__framing_that_lies_is_refused);
	tcase_add_test(tcase, http1__a_request_has_method_and_target);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
