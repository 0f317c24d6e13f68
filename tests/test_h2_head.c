/* SPDX-License-Identifier: Apache-2.0 */
#include "h2_peer.h"

static axev_error err;
static struct peer client, server;
static struct axev__h2 *h2;
static struct axev__buf head = AXEV__BUF_INIT(1000);

static void set_up(void)
{
	peer_start(&client, PREFACE, 4096);
	peer_start(&server, "", 4096);
	put_settings(&client, 0);
	put_settings(&server, 0);
	assert_ok(axev__buf_str(&head, "kept|", &err));
}

static void tear_down(void)
{
	axev__h2_free(h2);
	h2 = NULL;
	peer_stop(&client);
	peer_stop(&server);
	axev__buf_free(&head);
}

static const struct axev__h2_exchange *exchange_of(fields_of request, fields_of response)
{
	put_headers(&client, END, 1, request);
	put_headers(&server, END, 1, response);
	assert_ok(axev__h2_read(peer_view(&client), peer_view(&server), &h2, &err));
	ck_assert_uint_eq(axev__h2_count(h2), 1);
	return axev__h2_at(h2, 0);
}

static fields_of get = {
	{ ":method", "GET" }, { ":scheme", "https" }, { ":path", "/" }, { NULL, NULL }
};
static fields_of ok = { { ":status", "200" }, { NULL, NULL } };

static int request_head(fields_of request)
{
	return axev__h2_request_head(exchange_of(request, ok), &head, &err);
}

static int response_head(fields_of response)
{
	return axev__h2_response_head(exchange_of(get, response)->response.head, &head, &err);
}

/* doc/FORMAT.md, vector H1 */
START_TEST(h2_head__vector_h1_is_as_specified)
{
	static fields_of request = { { ":method", "GET" },   { ":authority", "shop.example:8443" },
				     { ":scheme", "https" }, { ":path", "/buy?x=1" },
				     { "cookie", "a=1" },    { "cookie", "b=2" },
				     { "accept", "*/*" },    { NULL, NULL } };
	static fields_of response = { { ":status", "200" },    { "set-cookie", "a=1" },
				      { "x-odd", "caf\xE9 " }, { "set-cookie", "a=1" },
				      { "x-empty", "" },       { NULL, NULL } };
	const struct axev__h2_exchange *exchange = exchange_of(request, response);

	assert_ok(axev__h2_request_head(exchange, &head, &err));
	ck_assert_str_eq((char *)head.data, "kept|GET /buy?x=1 HTTP/1.1\r\n"
					    "Host: shop.example:8443\r\n"
					    "cookie: a=1\r\n"
					    "cookie: b=2\r\n"
					    "accept: */*\r\n"
					    "\r\n");
	axev__buf_clear(&head);
	assert_ok(axev__h2_response_head(exchange->response.head, &head, &err));
	ck_assert_str_eq((char *)head.data, "HTTP/1.1 200 \r\n"
					    "set-cookie: a=1\r\n"
					    "x-odd: caf\xE9 \r\n"
					    "set-cookie: a=1\r\n"
					    "x-empty: \r\n"
					    "\r\n");
}
END_TEST

START_TEST(h2_head__without_authority_no_host_is_made_up)
{
	static fields_of request = { { ":method", "OPTIONS" },
				     { ":scheme", "https" },
				     { ":path", "*" },
				     { "host", "a.example" },
				     { NULL, NULL } };

	assert_ok(request_head(request));
	ck_assert_str_eq((char *)head.data, "kept|OPTIONS * HTTP/1.1\r\nhost: a.example\r\n\r\n");
}
END_TEST

/* A field that would forge a line, or another part of one. */
static const struct {
	const char *name, *value, *message;
} forged[] = {
	{ "a", "x\r\nset-cookie: y", "expected field \"a\" without CR, LF and NUL, found one" },
	{ "a", "x\ny", "expected field \"a\" without CR, LF and NUL, found one" },
	{ "a", "\r", "expected field \"a\" without CR, LF and NUL, found one" },
	{ "a: b", "x", "expected a field name in lower case, found \"a: b\"" },
	{ "a\r\nb", "x", "expected a field name in lower case, found \"a\\u{d}\\nb\"" },
	{ "Host", "x", "expected a field name in lower case, found \"Host\"" },
	{ "caf\xE9", "x", "expected a field name in lower case, found \"caf\\xe9\"" },
};

START_TEST(h2_head__forged_fields_are_refused)
{
	const char *request[][2] = { { ":method", "GET" },
				     { ":scheme", "https" },
				     { ":path", "/" },
				     { forged[_i].name, forged[_i].value },
				     { NULL, NULL } };
	const char *response[][2] = { { ":status", "200" },
				      { forged[_i].name, forged[_i].value },
				      { NULL, NULL } };
	const struct axev__h2_exchange *exchange = exchange_of(request, response);

	assert_fails(axev__h2_request_head(exchange, &head, &err), AXEV_E_FORMAT,
		     forged[_i].message);
	assert_fails(axev__h2_response_head(exchange->response.head, &head, &err), AXEV_E_FORMAT,
		     forged[_i].message);
	ck_assert_str_eq((char *)head.data, "kept|");
	/* What was refused is still there as it was sent. */
	ck_assert(axev__span_is(exchange->response.head->list[1].value, forged[_i].value));
}
END_TEST

static const struct {
	const char *method, *path, *authority, *message;
} lines[] = {
	{ "G T", "/", "a", "expected a method, found \"G T\"" },
	{ "GET\r\nX:", "/", "a", "expected a method, found \"GET\\u{d}\\nX:\"" },
	{ "GET", "/ HTTP/1.1", "a",
	  "expected :path without blanks and control characters, found \"/ HTTP/1.1\"" },
	{ "GET", "/\n", "a",
	  "expected :path without blanks and control characters, found \"/\\n\"" },
	{ "GET", "/", "a\rb",
	  "expected :authority without blanks and control characters, found \"a\\u{d}b\"" },
	{ "GET", "/", "", "expected :authority without blanks and control characters, found \"\"" },
};

START_TEST(h2_head__forged_request_lines_are_refused)
{
	const char *request[][2] = { { ":method", lines[_i].method },
				     { ":scheme", "https" },
				     { ":path", lines[_i].path },
				     { ":authority", lines[_i].authority },
				     { NULL, NULL } };

	assert_fails(request_head(request), AXEV_E_FORMAT, lines[_i].message);
	ck_assert_str_eq((char *)head.data, "kept|");
}
END_TEST

START_TEST(h2_head__nul_in_a_value_is_refused)
{
	static const uint8_t block[] = { 0x88, 0x00, 1, 'a', 3, 'x', 0, 'y' };

	put_headers(&client, END, 1, get);
	put_frame(&server, AXEV__H2_HEADERS, END | AXEV__H2_FLAG_END_HEADERS, 1, block,
		  sizeof(block));
	assert_ok(axev__h2_read(peer_view(&client), peer_view(&server), &h2, &err));
	assert_fails(axev__h2_response_head(axev__h2_at(h2, 0)->response.head, &head, &err),
		     AXEV_E_FORMAT, "expected field \"a\" without CR, LF and NUL, found one");
}
END_TEST

START_TEST(h2_head__an_answer_needs_a_status)
{
	static const char *const cases[][2][2] = { { { "x", "y" }, { NULL, NULL } },
						   { { ":status", "20" }, { NULL, NULL } },
						   { { ":status", "2000" }, { NULL, NULL } },
						   { { ":status", "099" }, { NULL, NULL } },
						   { { ":status", "20x" }, { NULL, NULL } } };

	assert_fails(response_head(cases[_i]), AXEV_E_FORMAT,
		     "expected :status of three digits, found none");
}
END_TEST

START_TEST(h2_head__a_head_that_does_not_fit_leaves_nothing_behind)
{
	const struct axev__h2_exchange *exchange = exchange_of(get, ok);
	size_t room;

	for (room = 0; room < strlen("HTTP/1.1 200 \r\n\r\n"); room++) {
		AXEV__BUF small = AXEV__BUF_INIT(room);

		assert_fails(axev__h2_response_head(exchange->response.head, &small, &err),
			     AXEV_E_LIMIT, err.message);
		ck_assert_uint_eq(small.size, 0);
	}
	assert_ok(axev__h2_response_head(exchange->response.head, &head, &err));
}
END_TEST

START_TEST(h2_head__a_request_without_head_has_none)
{
	put_headers(&server, END, 1, ok);
	assert_ok(axev__h2_read(peer_view(&client), peer_view(&server), &h2, &err));
	assert_fails(axev__h2_request_head(axev__h2_at(h2, 0), &head, &err), AXEV_E_FORMAT,
		     "expected an HTTP request, found none");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("h2_head");
	TCase *tcase = tcase_create("h2_head");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, h2_head__vector_h1_is_as_specified);
	tcase_add_test(tcase, h2_head__without_authority_no_host_is_made_up);
	tcase_add_loop_test(tcase, h2_head__forged_fields_are_refused, 0, AXEV__COUNT(forged));
	tcase_add_loop_test(tcase, h2_head__forged_request_lines_are_refused, 0,
			    AXEV__COUNT(lines));
	tcase_add_test(tcase, h2_head__nul_in_a_value_is_refused);
	tcase_add_loop_test(tcase, h2_head__an_answer_needs_a_status, 0, 5);
	tcase_add_test(tcase, h2_head__a_head_that_does_not_fit_leaves_nothing_behind);
	tcase_add_test(tcase, h2_head__a_request_without_head_has_none);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
