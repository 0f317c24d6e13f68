/* SPDX-License-Identifier: Apache-2.0 */
/* What could be reached: hosts and requests, heads, documents that do not say what their facts give, comparisons. */
#include "reach_sample.h"

static axev_error err;

/* ---- hosts ---- */

static const struct {
	const char *url, *host;
	unsigned port;
	enum axev__reach_host kind;
	const char *request;
} targets[] = {
	{ "http://Shop.Example", "shop.example", 80, AXEV__REACH_NAME, "GET / HTTP/1.1\r\nHost: shop.example\r\n" },
	{ "HTTPS://shop.example.:8443/a?b=/c#d", "shop.example.", 8443, AXEV__REACH_NAME,
	  "GET /a?b=/c HTTP/1.1\r\nHost: shop.example.:8443\r\n" },
	{ "https://shop.example:443?q", "shop.example", 443, AXEV__REACH_NAME, "GET /?q HTTP/1.1\r\nHost: shop.example\r\n" },
	{ "http://192.0.2.7:80/\xE8\x8C\xB6", "192.0.2.7", 80, AXEV__REACH_ADDRESS,
	  "GET /%E8%8C%B6 HTTP/1.1\r\nHost: 192.0.2.7\r\n" },
	{ "http://[2001:DB8::1]:8080/", "2001:db8::1", 8080, AXEV__REACH_ADDRESS,
	  "GET / HTTP/1.1\r\nHost: [2001:db8::1]:8080\r\n" },
	{ "http://localhost/", "localhost", 80, AXEV__REACH_OWN, "GET / HTTP/1.1\r\nHost: localhost\r\n" },
	{ "http://a.localhost/", "a.localhost", 80, AXEV__REACH_OWN, "GET / HTTP/1.1\r\nHost: a.localhost\r\n" },
	{ "http://xn--fiq.example/a b", "xn--fiq.example", 80, AXEV__REACH_NAME, "GET /a%20b HTTP/1.1\r\n" },
	{ "http://7up.example/", "7up.example", 80, AXEV__REACH_NAME, "GET / HTTP/1.1\r\n" },
};

START_TEST(reach__addresses_lead_to_hosts_and_requests)
{
	AXEV__BUF request = AXEV__BUF_INIT(4096);
	struct axev__reach_target target;

	assert_ok(axev__reach_target(axev__span_str(targets[_i].url), &target, &err));
	ck_assert_str_eq(target.host, targets[_i].host);
	ck_assert_uint_eq(target.port, targets[_i].port);
	ck_assert_int_eq(target.kind, targets[_i].kind);
	assert_ok(axev__reach_request(axev__span_str(targets[_i].url), &request, &err));
	ck_assert_msg(axev__span_starts(axev__buf_view(&request), targets[_i].request), "%s", (char *)request.data);
	ck_assert(axev__span_ends(axev__buf_view(&request), "\r\nConnection: close\r\n\r\n"));
}
END_TEST

START_TEST(reach__hosts_that_cannot_be_asked_for_are_refused)
{
	static const struct {
		const char *url, *why;
	} refused[] = {
		{ "ftp://a/", "expected an address of http or https" },
		{ "http://", "expected a host of 1 to 253 bytes" },
		{ "http://u@a/", "expected a host, perhaps with a port, and no user" },
		{ "http://[::1/", "expected a host, perhaps with a port, and no user" },
		{ "http://[::1]x/", "expected a host, perhaps with a port, and no user" },
		{ "http://[a]/", "expected an IPv6 address in the brackets" },
		{ "http://a:0/", "expected a port from 1 to 65535" },
		{ "http://a:65536/", "expected a port from 1 to 65535" },
		{ "http://a:+1/", "expected a port from 1 to 65535" },
		{ "http://a..b/", "expected a host in ASCII letters (xn--...), or an address in its usual form" },
		{ "http://a%62/", "expected a host in ASCII letters (xn--...), or an address in its usual form" },
		{ "http://127.1/", "expected a host in ASCII letters (xn--...), or an address in its usual form" },
		{ "http://0x7f.0.0.1/", "expected a host in ASCII letters (xn--...), or an address in its usual form" },
		{ "http://a.0x/", "expected a host in ASCII letters (xn--...), or an address in its usual form" },
		{ "http://2130706433./", "expected a host in ASCII letters (xn--...), or an address in its usual form" },
	};
	struct axev__reach_target target;
	char text[256];
	size_t i;

	for (i = 0; i < AXEV__COUNT(refused); i++) {
		snprintf(text, sizeof(text), "%s: %s", refused[i].url, refused[i].why);
		assert_fails(axev__reach_target(axev__span_str(refused[i].url), &target, &err), AXEV_E_INVAL, text);
	}
}
END_TEST

/* ---- heads ---- */

START_TEST(reach__a_head_ends_where_the_final_answer_s_does)
{
	static const struct {
		const char *received;
		size_t size; /* 0: not yet, or never */
	} heads[] = {
		{ "HTTP/1.1 200 OK\r\n\r\nbody", 19 },
		{ "HTTP/1.0 404\n\n", 14 },
		{ "HTTP/1.1 103 Early\r\nA: b\r\n\r\nHTTP/1.1 204 \r\n\r\n", 45 },
		{ "HTTP/1.1 100 Continue\r\n\r\n", 0 },
		{ "HTTP/1.1 200 OK\r\nA: b\r\n", 0 },
		{ "HTTP/1.1 20 OK\r\n\r\n", 0 },
		{ "HTTP/1.1 2000\r\n\r\n", 0 },
		{ "HTTP/1.1 099 x\r\n\r\n", 0 },
		{ "HTTP/2 200\r\n\r\n", 0 },
		{ "SSH-2.0-x\r\n\r\n", 0 },
		{ "", 0 },
	};
	size_t i, size;

	for (i = 0; i < AXEV__COUNT(heads); i++) {
		bool found = axev__reach_head(axev__span_str(heads[i].received), &size);

		ck_assert_msg(found == (heads[i].size > 0), "%s", heads[i].received);
		ck_assert(!found || size == heads[i].size);
	}
}
END_TEST

/* ---- documents ---- */

static int read_text(const char *text)
{
	return axev__reach_read(axev__span_str(text), AXEV__REACH_ALONE, NULL, NULL, &err);
}

static const struct reach_sample there = { .answer = "192.0.2.7",
					    .received = "HTTP/1.1 200 OK\r\nLocation: /x\r\n\r\n" };
static const struct reach_sample gone = { .answer = "192.0.2.7", .tcp = "refused" };
static const struct reach_sample denied = { .code = 3 };
static const struct reach_sample silent = { .is_silent = true };

START_TEST(reach__a_document_reads_back_as_it_was_made)
{
	static const struct reach_sample *const samples[] = { &there, &gone, &denied, &silent };
	size_t i;

	for (i = 0; i < AXEV__COUNT(samples); i++) {
		AXEV__JSON *document = reach_document(samples[i], NULL);
		AXEV__FREE char *text = reach_text(document);

		assert_ok(read_text(text));
	}
}
END_TEST

static const struct {
	const struct reach_sample *sample;
	const char *from, *to;
	int status;
	const char *said;
} lies[] = {
	/* what a message says */
	{ &there, "\"addresses\":[\"192.0.2.7\"]", "\"addresses\":[\"192.0.2.8\"]", AXEV_E_INVALID,
	  "resolvers[0]: is not what its own facts give" },
	{ &denied, "\"code\":\"NXDOMAIN\"", "\"code\":\"NOERROR\"", AXEV_E_INVALID, "resolvers[0]: is not what its own facts give" },
	{ &there, "\"says_authentic\":false", "\"says_authentic\":true", AXEV_E_INVALID,
	  "resolvers[0]: is not what its own facts give" },
	{ &there, "\"query\":\"EjQ", "\"query\":\"EjU", AXEV_E_FORMAT,
	  "resolvers[0]: questions[0]: expected the id of the query" },
	{ &there, "\"query\":\"EjQB", "\"query\":\"EjQA", AXEV_E_INVALID,
	  "resolvers[0]: questions[0]: is not the question for this host and type" },
	{ &there, "\"message\":\"EjSB", "\"message\":\"EjQB", AXEV_E_FORMAT,
	  "resolvers[0]: questions[0]: expected a response to a standard query" },
	/* addresses that nobody named, or that are not there */
	{ &there, "\"address\":\"192.0.2.7\"", "\"address\":\"192.0.2.8\"", AXEV_E_INVALID,
	  "address 0 is not the one that follows from what is stated" },
	{ &denied, "\"addresses\":[],\"addresses_not_tried\"",
	  "\"addresses\":[{\"address\":\"192.0.2.7\",\"address_space\":\"public\",\"named_by\":[],\"reached\":\"nothing\",\"tcp\":{"
	  "\"began\":\"2026-11-29T08:00:03.000000000Z\",\"ended\":\"2026-11-29T08:00:04.000000000Z\",\"outcome\":\"timed_out\"}}],"
	  "\"addresses_not_tried\"",
	  AXEV_E_INVALID, "expected 0 addresses from what is stated, found 1" },
	{ &there, "\"named_by\":[0]", "\"named_by\":[1]", AXEV_E_INVALID, "addresses[0]: is not what its own facts give" },
	{ &there, "\"address_space\":\"public\",\"http\"", "\"address_space\":\"private\",\"http\"", AXEV_E_INVALID,
	  "addresses[0]: is not what its own facts give" },
	/* what was answered */
	{ &there, "\"status\":200", "\"status\":503", AXEV_E_INVALID, "addresses[0]: is not what its own facts give" },
	{ &there, "\"location\":\"/x\"", "\"location\":\"/y\"", AXEV_E_INVALID, "addresses[0]: is not what its own facts give" },
	{ &there, "\"ended_by\":\"head\"", "\"ended_by\":\"closed\"", AXEV_E_INVALID,
	  "addresses[0]: http: what was received does not end as is stated" },
	{ &there, "\"outcome\":\"connected\"", "\"outcome\":\"timed_out\"", AXEV_E_INVALID,
	  "addresses[0]: expected just the steps that follow from one another" },
	{ &gone, "\"reached\":\"nothing\"", "\"reached\":\"answer\"", AXEV_E_INVALID, "addresses[0]: is not what its own facts give" },
	{ &gone, "\"errno\":\"ECONNREFUSED\",\"outcome\":\"refused\"", "\"outcome\":\"refused\"", AXEV_E_INVALID,
	  "addresses[0]: expected members that fit the outcome" },
	{ &gone, "\"outcome\":\"refused\"", "\"outcome\":\"unreachable\"", AXEV_E_INVALID,
	  "addresses[0]: expected members that fit the outcome" },
	{ &silent, "\"no_answer\":\"timed_out\"", "\"no_answer\":\"refused\"", AXEV_E_INVALID,
	  "resolvers[0]: expected an answer, or why there is none" },
	/* the whole */
	{ &there, "\"connected\":1", "\"connected\":2", AXEV_E_INVALID, "member 'summary' is not what the facts give" },
	{ &there, "\"host\":\"shop.example\"", "\"host\":\"shop.exampl\"", AXEV_E_INVALID, "member 'host' is not what the facts give" },
	{ &there, "\"port\":80", "\"port\":81", AXEV_E_INVALID, "member 'port' is not what the facts give" },
	{ &there, "GET / HTTP", "GET /a HTTP", AXEV_E_INVALID, "member 'request' is not what the facts give" },
	{ &there, "\"url\":\"http://shop.example/\"", "\"url\":\"http://shop.test/\"", AXEV_E_INVALID,
	  "resolvers[0]: questions[0]: is not the question for this host and type" },
	{ &there, "\"url\":\"http://shop.example/\"", "\"url\":\"http://192.0.2.7/\"", AXEV_E_INVALID,
	  "expected no resolvers for a host that is not looked up" },
	{ &there, "\"finished\":\"" REACH_AT(9), "\"finished\":\"" REACH_AT(3), AXEV_E_INVALID,
	  "addresses[0]: tcp: member 'ended': expected a time from started to finished" },
	{ &there, "\"format\":\"ax-reach/1\"", "\"format\":\"ax-reach/2\"", AXEV_E_FORMAT, "expected the format ax-reach/1" },
	{ &there, "\"chosen\":\"system\"", "\"chosen\":\"somehow\"", AXEV_E_FORMAT,
	  "resolvers[0]: member 'chosen': expected one of its words" },
	{ &there, "\"addresses_not_tried\":0", "\"addresses_not_tried\":0,\"closed\":true", AXEV_E_FORMAT, "unknown member 'closed'" },
	{ &there, "\"server\":\"192.0.2.53:53\"", "\"server\":\"resolver:53\"", AXEV_E_FORMAT,
	  "resolvers[0]: expected an IP address" },
	{ &there, "\"aliases\":[]", "\"aliases\":[0]", AXEV_E_FORMAT,
	  "resolvers[0]: questions[0]: member 'aliases': expected a list of texts" },
};

START_TEST(reach__what_the_facts_do_not_give_is_refused)
{
	AXEV__JSON *document = reach_document(lies[_i].sample, NULL);
	AXEV__FREE char *text = reach_text(document), *lie = reach_changed(text, lies[_i].from, lies[_i].to);

	assert_fails(read_text(lie), lies[_i].status, lies[_i].said);
}
END_TEST

START_TEST(reach__more_than_may_be_is_refused)
{
	AXEV__JSON *document = reach_document(&silent, NULL);
	axev__json *resolvers = axev__json_get(document, "resolvers");
	AXEV__FREE char *text = NULL;

	while (axev__json_count(resolvers) <= AXEV__MAX_RESOLVERS)
		assert_ok(axev__json_append(resolvers, axev__json_copy(axev__json_at(resolvers, 0)), &err));
	text = reach_text(document);
	assert_fails(read_text(text), AXEV_E_LIMIT, "expected at most 19 resolvers and 32 addresses");
}
END_TEST

START_TEST(reach__addresses_of_an_earlier_document_need_that_document)
{
	AXEV__JSON *earlier = reach_document(&there, NULL), *later = reach_document(&denied, earlier);
	AXEV__JSON *other = reach_document(&denied, NULL);
	AXEV__FREE char *text = reach_text(later);

	assert_ok(axev__reach_read(axev__span_str(text), AXEV__REACH_AGAIN, earlier, NULL, &err));
	assert_ok(axev__reach_read(axev__span_str(text), AXEV__REACH_UNKNOWN, NULL, NULL, &err));
	assert_fails(read_text(text), AXEV_E_INVALID, "expected 0 addresses from what is stated, found 1");
	assert_fails(axev__reach_read(axev__span_str(text), AXEV__REACH_AGAIN, other, NULL, &err), AXEV_E_INVALID,
		     "expected 0 addresses from what is stated, found 1");
}
END_TEST

/* ---- comparison ---- */

START_TEST(reach__then_and_now_are_compared_address_by_address)
{
	AXEV__JSON *earlier = reach_document(&there, NULL), *later = reach_document(&gone, earlier), *comparison = NULL;
	AXEV__FREE char *text = NULL;

	assert_ok(axev__reach_compare(earlier, later, &comparison, &err));
	text = reach_text(comparison);
	ck_assert_ptr_nonnull(strstr(text, "\"addresses\":[{\"address\":\"192.0.2.7\",\"earlier\":{\"http\":\"answered\",\"reached\":"
					   "\"answer\",\"status\":200,\"tcp\":\"connected\"},\"later\":{\"reached\":\"nothing\",\"tcp\":"
					   "\"refused\"},\"outcome\":\"different\"}]"));
	ck_assert_ptr_nonnull(strstr(text, "\"counts\":{\"different\":1,\"only_earlier\":0,\"only_later\":0,\"same\":0}"));
	ck_assert_ptr_nonnull(strstr(text, "\"outcome\":\"same\",\"server\":\"192.0.2.53:53\""));
}
END_TEST

START_TEST(reach__a_new_address_and_another_answer_are_told)
{
	static const struct reach_sample moved = { .answer = "192.0.2.8", .received = "HTTP/1.1 200 OK\r\n\r\n" };
	AXEV__JSON *earlier = reach_document(&there, NULL), *later = reach_document(&moved, earlier), *comparison = NULL;
	AXEV__FREE char *text = NULL;

	assert_ok(axev__reach_compare(earlier, later, &comparison, &err));
	text = reach_text(comparison);
	ck_assert_ptr_nonnull(strstr(text, "\"counts\":{\"different\":0,\"only_earlier\":0,\"only_later\":1,\"same\":1}"));
	ck_assert_ptr_nonnull(strstr(text, "\"later\":{\"A\":\"NOERROR\",\"AAAA\":\"NOERROR\",\"addresses\":[\"192.0.2.8\"]},\"outcome\":"
					   "\"different\""));
}
END_TEST

START_TEST(reach__two_addresses_are_not_compared)
{
	static const struct reach_sample other = { .url = "http://shop.example/x", .answer = "192.0.2.7" };
	AXEV__JSON *earlier = reach_document(&there, NULL), *later = reach_document(&other, NULL), *comparison = NULL;

	assert_fails(axev__reach_compare(earlier, later, &comparison, &err), AXEV_E_INVALID,
		     "expected the address of the earlier capture");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("reach");
	TCase *tcase = tcase_create("reach");

	tcase_add_loop_test(tcase, reach__addresses_lead_to_hosts_and_requests, 0, (int)AXEV__COUNT(targets));
	tcase_add_test(tcase, reach__hosts_that_cannot_be_asked_for_are_refused);
	tcase_add_test(tcase, reach__a_head_ends_where_the_final_answer_s_does);
	tcase_add_test(tcase, reach__a_document_reads_back_as_it_was_made);
	tcase_add_loop_test(tcase, reach__what_the_facts_do_not_give_is_refused, 0, (int)AXEV__COUNT(lies));
	tcase_add_test(tcase, reach__more_than_may_be_is_refused);
	tcase_add_test(tcase, reach__addresses_of_an_earlier_document_need_that_document);
	tcase_add_test(tcase, reach__then_and_now_are_compared_address_by_address);
	tcase_add_test(tcase, reach__a_new_address_and_another_answer_are_told);
	tcase_add_test(tcase, reach__two_addresses_are_not_compared);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
