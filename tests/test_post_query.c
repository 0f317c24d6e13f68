/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include "base/limits.h"
#include "content/post_query.h"

#define FORM "application/x-www-form-urlencoded"
#define JSON "application/json"
#define PARTS "multipart/form-data; boundary=--B"

static const struct {
	const char *type, *body, *query;
} cases[] = {
	{ FORM, "a=1&b=%20", "a=1&b=%20" },
	{ FORM, "\xef\xbb\xbf" "a=\xff\xe4\xbd.", "a=\xef\xbf\xbd\xef\xbf\xbd." },
	{ JSON, "{\"b\":[1,2.50,-0,1e21],\"a\":{\"c\":null,\"d\":\"x y\"}}",
	  "b=1&b.2_=2.5&b.3_=0&b.4_=1e%2B21&c=null&d=x+y" },
	{ JSON, "{\"q\":1,\"10\":2,\"9\":3,\"q\":true}", "9=3&10=2&q=true" },
	{ JSON, "\"\\ud83d\\ude00\\ud83d\"", "=%F0%9F%98%80%EF%BF%BD" },
	{ JSON, "{\"a\":1,}", "" },
	{ JSON, "", "" },
	{ "text/plain;charset=UTF-8", "[0.1,1e-7,123456789012345678901]",
	  "=0.1&.2_=1e-7&.3_=123456789012345680000" },
	{ "text/plain", "hello", "" },
	{ PARTS, "----B\r\nX; name=\"a\"\r\n\r\n1\r\n----B\r\nX; name=\"f\"; filename=\"n\"\r\n"
	  "Content-Type: x\r\n\r\n2\r\n----B\r\nX; name=\"a\"\r\n\r\n3 \r\n----B--\r\n", "a=3" },
	{ "image/png", "ab", "__wb_post_data=YWI=" },
	{ "", "", "__wb_post_data=" },
};

START_TEST(post_query__bodies_become_the_text_that_readers_compute)
{
	AXEV__BUF query = AXEV__BUF_INIT(10000);
	axev_error err;

	assert_ok(axev__post_query(axev__span_str(cases[_i].type), axev__span_str(cases[_i].body),
				   &query, &err));
	ck_assert_str_eq(query.data ? (char *)query.data : "", cases[_i].query);
}
END_TEST

START_TEST(post_query__text_is_cut_at_4096_units)
{
	AXEV__BUF body = AXEV__BUF_INIT(20000);
	AXEV__BUF query = AXEV__BUF_INIT(20000);
	axev_error err;
	int i;

	for (i = 0; i < 4095; i++)
		assert_ok(axev__buf_str(&body, "\xc3\xa9", &err));
	assert_ok(axev__buf_str(&body, "\xf0\x9f\x98\x80", &err)); /* two units: does not fit */
	assert_ok(axev__post_query(axev__span_str(FORM), axev__buf_view(&body), &query, &err));
	ck_assert_uint_eq(query.size, 2 * 4095);
	axev__buf_clear(&query);
	body.size = 2 * 4095;
	assert_ok(axev__buf_str(&body, "xy", &err));
	assert_ok(axev__post_query(axev__span_str(FORM), axev__buf_view(&body), &query, &err));
	ck_assert_uint_eq(query.size, 2 * 4095 + 1);
}
END_TEST

START_TEST(post_query__a_body_that_is_too_large_or_too_deep_gives_no_text)
{
	AXEV__BUF body = AXEV__BUF_INIT(2 * AXEV__MIB);
	AXEV__BUF query = AXEV__BUF_INIT(20000);
	axev_error err;
	size_t i;

	for (i = 0; i < 65; i++)
		assert_ok(axev__buf_byte(&body, '[', &err));
	for (i = 0; i < 65; i++)
		assert_ok(axev__buf_byte(&body, ']', &err));
	assert_ok(axev__post_query(axev__span_str(JSON), axev__buf_view(&body), &query, &err));
	ck_assert_uint_eq(query.size, 0);
	axev__buf_clear(&body);
	assert_ok(axev__buf_reserve(&body, AXEV__MAX_POST_QUERY_BYTES + 1, &err));
	memset(body.data, 'a', AXEV__MAX_POST_QUERY_BYTES + 1);
	body.size = AXEV__MAX_POST_QUERY_BYTES + 1;
	assert_ok(axev__post_query(axev__span_str(FORM), axev__buf_view(&body), &query, &err));
	ck_assert_uint_eq(query.size, 0);
}
END_TEST

static const struct {
	const char *url, *query, *full;
} urls[] = {
	{ "http://a/", "x=%E4%BD%A0&y=%2F%3f", "http://a/?__wb_method=POST&x=\xe4\xbd\xa0&y=%2F%3f" },
	{ "http://a/?b", "c", "http://a/?b&__wb_method=POST&c" },
	{ "http://a/", "%E4%BD", "http://a/?__wb_method=POST&" },
	{ "http://a/", "x=%", "http://a/?__wb_method=POST&" },
};

START_TEST(post_query__the_key_has_the_text_decoded)
{
	AXEV__BUF full = AXEV__BUF_INIT(1000);
	axev_error err;

	assert_ok(axev__post_url(axev__span_str(urls[_i].url), axev__span_str("POST"),
				 axev__span_str(urls[_i].query), &full, &err));
	ck_assert_str_eq((char *)full.data, urls[_i].full);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("post_query");
	TCase *tcase = tcase_create("post_query");

	tcase_add_loop_test(tcase, post_query__bodies_become_the_text_that_readers_compute, 0,
			    (int)AXEV__COUNT(cases));
	tcase_add_test(tcase, post_query__text_is_cut_at_4096_units);
	tcase_add_test(tcase, post_query__a_body_that_is_too_large_or_too_deep_gives_no_text);
	tcase_add_loop_test(tcase, post_query__the_key_has_the_text_decoded, 0,
			    (int)AXEV__COUNT(urls));
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
