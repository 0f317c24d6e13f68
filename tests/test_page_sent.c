/* SPDX-License-Identifier: Apache-2.0 */
/* What a page says it asked for, joined to what the network service was asked for. */
#include "support.h"

#include "base/limits.h"
#include "capture/web/page.h"

#define SECOND INT64_C(1000000000)

static struct axev__page page;
static axev_error err;

static void begin(void)
{
	memset(&page, 0, sizeof(page));
}

static void end(void)
{
	axev__page_sent_free(&page.sent);
}

static void tell(const char *method, const char *text)
{
	AXEV__JSON *params = NULL;

	assert_ok(axev__json_parse_foreign(axev__span_str(text), &params, &err));
	assert_ok(axev__page_note_sent(&page, "page", method, params, &err));
}

static void sent(const char *id, const char *method, const char *url, const char *seconds)
{
	char text[512];

	snprintf(text, sizeof(text),
		 "{\"requestId\":\"%s\",\"frameId\":\"F%s\",\"type\":\"Image\",\"documentURL\":\"https://a.example/\","
		 "\"wallTime\":%s,\"initiator\":{\"type\":\"script\",\"stack\":{\"callFrames\":[{\"url\":\"https://a.example/s.js\"}]}},"
		 "\"request\":{\"url\":\"%s\",\"method\":\"%s\"}}",
		 id, id, seconds, url, method);
	tell("requestWillBeSent", text);
}

static void expect(const char *method, const char *url, int64_t time_ns, const char *id, size_t same)
{
	size_t found = 0;
	const struct axev__page_sent *one = axev__page_join_sent(&page.sent, method, url, time_ns, &found);

	if (!id) {
		ck_assert_ptr_null(one);
		return;
	}
	ck_assert_ptr_nonnull(one);
	ck_assert_str_eq(one->id, id);
	ck_assert_uint_eq(found, same);
}

START_TEST(page_sent__what_was_told_is_kept)
{
	sent("1", "POST", "https://a.example/x", "1000.25");
	ck_assert_uint_eq(page.sent.count, 1);
	ck_assert_str_eq(page.sent.items[0].frame, "F1");
	ck_assert_str_eq(page.sent.items[0].type, "Image");
	ck_assert_str_eq(page.sent.items[0].initiator, "script");
	ck_assert_str_eq(page.sent.items[0].initiator_url, "https://a.example/s.js");
	ck_assert_str_eq(page.sent.items[0].document_url, "https://a.example/");
	ck_assert_str_eq(page.sent.items[0].told_by, "page");
	ck_assert_int_eq(page.sent.items[0].time_ns, 1000 * SECOND + SECOND / 4);
}
END_TEST

START_TEST(page_sent__address_and_method_join_fragment_and_user_do_not_matter)
{
	sent("1", "GET", "https://a.example/x#part", "1000");
	sent("2", "POST", "https://a.example/x", "1000");
	tell("webSocketCreated", "{\"requestId\":\"3\",\"url\":\"wss://a.example/socket\"}");
	page.sent.items[2].time_ns = 1000 * SECOND;
	assert_ok(axev__page_sent_group(&page.sent, &err));
	expect("GET", "http://a.example/x", 1001 * SECOND, NULL, 0); /* not secure */
	expect("GET", "https://a.example/X", 1001 * SECOND, NULL, 0);
	expect("PUT", "https://a.example/x", 1001 * SECOND, NULL, 0);
	expect("POST", "https://me@a.example/x", 1001 * SECOND, "2", 1);
	expect("GET", "https://a.example/x", 1001 * SECOND, "1", 1);
	expect("GET", "https://a.example/x", 1001 * SECOND, NULL, 0); /* only once */
	expect("GET", "https://a.example/socket", 1001 * SECOND, "3", 1);
}
END_TEST

START_TEST(page_sent__the_same_again_joins_in_order)
{
	sent("1", "GET", "https://a.example/x", "1000");
	sent("2", "GET", "https://a.example/x", "1005");
	sent("3", "GET", "https://a.example/x", "1009");
	assert_ok(axev__page_sent_group(&page.sent, &err));
	/* Not what was asked for later; a second is given for two clocks. */
	expect("GET", "https://a.example/x", 998 * SECOND, NULL, 0);
	/* Held back by the browser, the first two come late. */
	expect("GET", "https://a.example/x", 1006 * SECOND, "1", 3);
	expect("GET", "https://a.example/x", 1007 * SECOND, "2", 3);
	expect("GET", "https://a.example/x", 1007 * SECOND, NULL, 0);
	expect("GET", "https://a.example/x", 1008 * SECOND, "3", 3);
}
END_TEST

START_TEST(page_sent__what_came_from_elsewhere_is_not_joined)
{
	sent("1", "GET", "https://a.example/x", "1000");
	sent("2", "GET", "https://a.example/x", "1000");
	sent("3", "GET", "https://a.example/x", "1000");
	sent("4", "GET", "https://a.example/x", "1000");
	tell("requestServedFromCache", "{\"requestId\":\"1\"}");
	tell("responseReceived", "{\"requestId\":\"2\",\"response\":{\"fromServiceWorker\":true}}");
	tell("responseReceived", "{\"requestId\":\"3\",\"response\":{\"fromDiskCache\":true}}");
	tell("loadingFailed", "{\"requestId\":\"4\",\"errorText\":\"net::ERR_FAILED\",\"blockedReason\":\"csp\"}");
	ck_assert_str_eq(page.sent.items[0].from, "memory cache");
	ck_assert_str_eq(page.sent.items[1].from, "service worker");
	ck_assert_str_eq(page.sent.items[3].error, "csp");
	assert_ok(axev__page_sent_group(&page.sent, &err));
	expect("GET", "https://a.example/x", 1001 * SECOND, "3", 4); /* the log knows of the disk cache */
	expect("GET", "https://a.example/x", 1001 * SECOND, "4", 4);
	expect("GET", "https://a.example/x", 1001 * SECOND, NULL, 0);
}
END_TEST

START_TEST(page_sent__hops_are_rows_and_news_belongs_to_the_last)
{
	sent("1", "GET", "https://a.example/1", "1000");
	sent("1", "GET", "https://a.example/2", "1001");
	tell("loadingFailed", "{\"requestId\":\"1\",\"errorText\":\"net::ERR_FAILED\"}");
	ck_assert_uint_eq(page.sent.count, 2);
	ck_assert_str_eq(page.sent.items[0].error, "");
	ck_assert_str_eq(page.sent.items[1].error, "net::ERR_FAILED");
}
END_TEST

START_TEST(page_sent__what_goes_over_no_network_is_left_out)
{
	sent("1", "GET", "data:text/plain,x", "1000");
	sent("2", "GET", "blob:https://a.example/1", "1000");
	sent("3", "GET", "file:///etc/passwd", "1000");
	ck_assert_uint_eq(page.sent.count, 1);
	ck_assert_str_eq(page.sent.items[0].url, "file:///etc/passwd");
}
END_TEST

START_TEST(page_sent__beyond_the_limits_there_is_a_count)
{
	size_t i;

	for (i = 0; i < AXEV__MAX_PAGE_REQUESTS + 3; i++)
		sent("1", "GET", "https://a.example/x", "1000");
	ck_assert_uint_eq(page.sent.count, AXEV__MAX_PAGE_REQUESTS);
	ck_assert_uint_eq(page.sent.not_noted, 3);
	assert_ok(axev__page_sent_group(&page.sent, &err));
	for (i = 0; i < AXEV__MAX_PAGE_REQUESTS; i++)
		expect("GET", "https://a.example/x", 1000 * SECOND, "1", AXEV__MAX_PAGE_REQUESTS);
	expect("GET", "https://a.example/x", 1000 * SECOND, NULL, 0);
}
END_TEST

START_TEST(page_sent__a_long_address_that_is_only_shown_is_cut)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MIB);
	size_t i;

	assert_ok(axev__buf_str(&text, "{\"requestId\":\"1\",\"wallTime\":1,\"documentURL\":\"data:", &err));
	for (i = 0; i < AXEV__MAX_WEB_FACT_BYTES; i++)
		assert_ok(axev__buf_str(&text, "\xE4\xBA\xAE", &err));
	assert_ok(axev__buf_str(&text, "\",\"request\":{\"url\":\"https://a.example/\",\"method\":\"GET\"}}", &err));
	assert_ok(axev__buf_byte(&text, '\0', &err));
	tell("requestWillBeSent", (const char *)text.data);
	ck_assert_uint_eq(page.sent.count, 1);
	i = strlen(page.sent.items[0].document_url);
	ck_assert_uint_le(i, AXEV__MAX_WEB_FACT_BYTES + 100);
	/* Its own digest, by sha256sum: printf data:; yes 亮 | head -8192 | tr -d '\n' */
	ck_assert_ptr_nonnull(strstr(page.sent.items[0].document_url,
				     "\xE4\xBA\xAE... (24581 bytes, SHA-256 a3bc37c3123e1dc3e7ab2a9623af9888e5a73e8f47ee4da3d8a459dacb864332)"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("page_sent");
	TCase *tcase = tcase_create("page_sent");

	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, begin, end);
	tcase_add_test(tcase, page_sent__what_was_told_is_kept);
	tcase_add_test(tcase, page_sent__address_and_method_join_fragment_and_user_do_not_matter);
	tcase_add_test(tcase, page_sent__the_same_again_joins_in_order);
	tcase_add_test(tcase, page_sent__what_came_from_elsewhere_is_not_joined);
	tcase_add_test(tcase, page_sent__hops_are_rows_and_news_belongs_to_the_last);
	tcase_add_test(tcase, page_sent__what_goes_over_no_network_is_left_out);
	tcase_add_test(tcase, page_sent__beyond_the_limits_there_is_a_count);
	tcase_add_test(tcase, page_sent__a_long_address_that_is_only_shown_is_cut);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
