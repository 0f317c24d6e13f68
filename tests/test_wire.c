/* SPDX-License-Identifier: Apache-2.0 */
/* Exchanges: heads and bodies are the bytes that the servers below sent. */
#include "wire_log.h"

static const char page[] =
	"<title>wire</title><img src=/a.svg><iframe src=\"https://localhost:8821/tls\"></iframe><script>\n"
	"(async()=>{\n"
	" const q=async(u,o)=>{try{const r=await fetch(u,o);await r.arrayBuffer()}catch(e){}};\n"
	" await q('/head',{method:'HEAD'});\n"
	" await q('/post',{method:'POST',body:'p'.repeat(3000)});\n"
	" await q('/close');\n"
	" await q('/hints');\n"
	" await q('/short');\n"
	" await q('/lies');\n"
	" await q('/none');\n"
	" document.title='done';\n"
	"})()</script>";

/* ---- the page ---- */

START_TEST(wire__everything_in_a_real_log_is_found)
{
	AXEV__WIRE *wire = read_page();

	ck_assert_ptr_nonnull(wire);
	ck_assert(summary.is_closed && !summary.is_over_limit);
	ck_assert_uint_eq(summary.bad_lines, 0);
	ck_assert_uint_eq(summary.unreadable_bytes, 0);
	ck_assert_uint_eq(summary.connections, 11);
	ck_assert_uint_eq(summary.exchanges, 15);
	ck_assert_uint_eq(summary.requests, 15);
	ck_assert_uint_eq(summary.failed_requests, 3);
}
END_TEST

START_TEST(wire__heads_and_bodies_are_the_bytes_the_server_sent)
{
	AXEV__WIRE *wire = read_page();
	char framed[1024] = "";
	size_t i, length;

	collect_all(wire);
	assert_bytes(&at("http://site.test:8820/r")->response_head,
		     "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 5\r\n\r\n");
	assert_bytes(&at("http://site.test:8820/r")->response_body, "moved");
	assert_bytes(&at("http://site.test:8820/")->response_head,
		     "HTTP/1.1 200 OK\r\nContent-Type: Text/HTML; charset=utf-8\r\nX-Odd: caf\xE9\r\n"
		     "Transfer-Encoding: chunked\r\n\r\n");
	for (i = 0; i < strlen(page); i += 200) {
		length = strlen(page) - i < 200 ? strlen(page) - i : 200;
		sprintf(framed + strlen(framed), "%zx;n=1\r\n%.*s\r\n", length, (int)length, page + i);
	}
	strcat(framed, "0\r\nX-Trailer: t\r\n\r\n");
	assert_bytes(&at("http://site.test:8820/")->response_body, framed);
	assert_payload(at("http://site.test:8820/"), page);
	assert_bytes(&at("http://site.test:8820/a.svg")->response_body,
		     "<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>");
	assert_payload(at("http://site.test:8820/post"), "");
	ck_assert_uint_eq(at("http://site.test:8820/post")->request_body.size, 3000);
	ck_assert_uint_eq(strspn((char *)at("http://site.test:8820/post")->request_body.data, "p"),
			  3000);
}
END_TEST

START_TEST(wire__each_exchange_states_what_the_log_says)
{
	AXEV__WIRE *wire = read_page();
	const struct axev__wire_request *request;
	struct found *main_page, *secure;

	collect_all(wire);
	main_page = at("http://site.test:8820/");
	ck_assert_uint_eq(main_page->status, 200);
	ck_assert_str_eq(main_page->protocol, "http/1.1");
	ck_assert_str_eq(main_page->tls_version, "-");
	ck_assert_str_eq(main_page->ip_address, "127.0.0.1");
	ck_assert_str_eq(main_page->method, "GET");
	ck_assert_str_eq(main_page->media_type, "text/html");
	ck_assert_str_eq(main_page->truncated, "-");
	ck_assert(axev__span_starts(axev__buf_view(&main_page->request_head),
				    "GET / HTTP/1.1\r\nHost: site.test:8820\r\n"));
	ck_assert(main_page->request_ns > INT64_C(1795527000000000000));
	ck_assert(main_page->response_ns >= main_page->request_ns);
	request = axev__wire_request_at(wire, main_page->request);
	ck_assert_str_eq(request->url, "http://site.test:8820/");
	ck_assert_str_eq(request->type, "main frame");
	ck_assert(request->has_answer && !request->is_own && request->net_error == 0);
	secure = at("https://localhost:8821/inner?a=b");
	ck_assert_str_eq(secure->tls_version, "tls/1.3");
	ck_assert_str_eq(axev__wire_request_at(wire, secure->request)->url,
			 "https://localhost:8821/inner?a=b#c");
	ck_assert_ptr_null(axev__wire_request_at(wire, summary.requests));
}
END_TEST

START_TEST(wire__exchanges_come_in_the_order_of_their_requests)
{
	AXEV__WIRE *wire = read_page();
	size_t i;

	collect_all(wire);
	ck_assert_str_eq(list[0].url, "http://site.test:8820/r");
	ck_assert_str_eq(list[1].url, "http://site.test:8820/");
	ck_assert_str_eq(list[count - 1].url, "http://site.test:8820/favicon.ico");
	for (i = 1; i < count; i++)
		ck_assert(list[i].request_ns >= list[i - 1].request_ns);
}
END_TEST

/* ---- answers that are not plain ---- */

START_TEST(wire__an_answer_to_head_has_no_body_and_hints_are_passed_over)
{
	AXEV__WIRE *wire = read_page();

	collect_all(wire);
	assert_bytes(&at("http://site.test:8820/head")->response_head,
		     "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 77\r\n\r\n");
	assert_bytes(&at("http://site.test:8820/head")->response_body, "");
	ck_assert_str_eq(at("http://site.test:8820/head")->truncated, "-");
	assert_bytes(&at("http://site.test:8820/hints")->response_head,
		     "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\n");
	assert_bytes(&at("http://site.test:8820/hints")->response_body, "after");
}
END_TEST

START_TEST(wire__a_body_up_to_the_end_is_whole_only_when_the_peer_ended_it)
{
	AXEV__WIRE *wire = read_page();

	collect_all(wire);
	assert_bytes(&at("http://site.test:8820/close")->response_body, "until the end");
	ck_assert_str_eq(at("http://site.test:8820/close")->truncated, "-");
	ck_assert_str_eq(at("http://site.test:8820/close")->protocol, "http/1.0");
	ck_assert_str_eq(at("https://localhost:8821/close")->truncated, "-");
	/* TLS without close_notify: somebody in between may have cut it. */
	assert_bytes(&at("https://localhost:8821/rude")->response_body, "no farewell");
	ck_assert_str_eq(at("https://localhost:8821/rude")->truncated, "disconnect");
}
END_TEST

START_TEST(wire__broken_answers_keep_their_bytes_and_are_called_truncated)
{
	AXEV__WIRE *wire = read_page();
	struct found *found;

	collect_all(wire);
	found = at("http://site.test:8820/short");
	assert_bytes(&found->response_body, "only this");
	ck_assert_str_eq(found->truncated, "disconnect");
	ck_assert_int_eq(axev__wire_request_at(wire, found->request)->net_error, -354);
	found = at("http://site.test:8820/lies");
	assert_bytes(&found->response_body, "3\r\nabc\r\nzz\r\nxyz");
	assert_payload(found, "abc");
	ck_assert_str_eq(found->truncated, "unspecified");
	found = at("http://site.test:8820/none");
	assert_bytes(&found->response_head, "");
	ck_assert_uint_eq(found->status, 0);
	ck_assert_int_eq(found->response_ns, 0);
	ck_assert_str_eq(found->truncated, "disconnect");
	ck_assert(!axev__wire_request_at(wire, found->request)->has_answer);
}
END_TEST

/* ---- HTTP/2 ---- */

START_TEST(wire__http2_is_found_on_one_connection_and_rendered)
{
	AXEV__WIRE *wire = read_log(H2_LOG);
	struct found *found;
	size_t i;

	collect_all(wire);
	ck_assert(summary.is_closed && summary.bad_lines == 0 && summary.unreadable_bytes == 0);
	ck_assert_uint_eq(count, 9);
	for (i = 0; i < count; i++) {
		ck_assert_str_eq(list[i].protocol, "h2");
		ck_assert_str_eq(list[i].tls_version, "tls/1.3");
		ck_assert_uint_eq(list[i].connection, list[0].connection);
		ck_assert_str_eq(axev__wire_request_at(wire, list[i].request)->url, list[i].url);
	}
	found = at("https://localhost:8830/odd");
	assert_bytes(&found->response_head, "HTTP/1.1 200 \r\nset-cookie: a=1\r\nx-odd: caf\xE9\r\n"
					    "set-cookie: b=2\r\n\r\n");
	assert_bytes(&found->response_body, "odd");
	assert_payload(found, "odd");
	ck_assert(axev__span_starts(axev__buf_view(&found->request_head),
				    "GET /odd HTTP/1.1\r\nHost: localhost:8830\r\n"));
	found = at("https://localhost:8830/big");
	ck_assert_str_eq(found->media_type, "application/octet-stream");
	ck_assert_uint_eq(found->response_body.size, 3072);
	for (i = 0; i < 3072; i++)
		ck_assert_uint_eq(found->response_body.data[i], i % 256);
	found = at("https://localhost:8830/post");
	ck_assert_uint_eq(found->request_body.size, 3000);
	ck_assert_uint_eq(strspn((char *)found->request_body.data, "p"), 3000);
	ck_assert_uint_eq(found->status, 204);
}
END_TEST

START_TEST(wire__a_reset_stream_keeps_what_came)
{
	AXEV__WIRE *wire = read_log(H2_LOG);
	struct found *found;

	collect_all(wire);
	found = at("https://localhost:8830/reset");
	assert_bytes(&found->response_body, "half");
	ck_assert_str_eq(found->truncated, "disconnect");
	ck_assert_int_eq(axev__wire_request_at(wire, found->request)->net_error, -337);
	found = at("https://localhost:8830/hints");
	assert_bytes(&found->response_body, "after");
	ck_assert_str_eq(found->truncated, "-");
	found = at("https://localhost:8830/head");
	assert_bytes(&found->response_body, "");
	ck_assert_str_eq(found->truncated, "-");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("wire");
	TCase *tcase = tcase_create("wire");

	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, NULL, forget_all);
	tcase_add_test(tcase, wire__everything_in_a_real_log_is_found);
	tcase_add_test(tcase, wire__heads_and_bodies_are_the_bytes_the_server_sent);
	tcase_add_test(tcase, wire__each_exchange_states_what_the_log_says);
	tcase_add_test(tcase, wire__exchanges_come_in_the_order_of_their_requests);
	tcase_add_test(tcase, wire__an_answer_to_head_has_no_body_and_hints_are_passed_over);
	tcase_add_test(tcase, wire__a_body_up_to_the_end_is_whole_only_when_the_peer_ended_it);
	tcase_add_test(tcase, wire__broken_answers_keep_their_bytes_and_are_called_truncated);
	tcase_add_test(tcase, wire__http2_is_found_on_one_connection_and_rendered);
	tcase_add_test(tcase, wire__a_reset_stream_keeps_what_came);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
