/* SPDX-License-Identifier: Apache-2.0 */
/* What is told beside the exchanges: connections, TLS, DNS, streams. */
#include "wire_log.h"

START_TEST(wire_facts__connections_are_told_with_tls_and_failed_attempts)
{
	AXEV__WIRE *wire = read_page();
	AXEV__JSON *json = NULL;
	const axev__json *refused, *secure, *tls;
	size_t i;

	collect_all(wire);
	i = at("https://localhost:8821/tls")->connection;
	assert_ok(axev__wire_connections_json(wire, false, &json, &err));
	assert_text(json, "format", "ax-wire-connections/1");
	refused = axev__json_at(member(json, "connections"), i - 1);
	assert_text(refused, "net_error", "ERR_CONNECTION_REFUSED");
	assert_text(axev__json_at(member(refused, "attempts"), 0), "address", "[::1]:8821");
	assert_text(axev__json_at(member(refused, "attempts"), 0), "os_error", "111");
	ck_assert_ptr_null(axev__json_get(refused, "tls"));
	secure = axev__json_at(member(json, "connections"), i);
	assert_text(secure, "destination", "https://localhost:8821");
	assert_text(secure, "remote_address", "127.0.0.1:8821");
	assert_text(secure, "protocol", "http/1");
	assert_text(member(secure, "received"), "bytes", "276");
	tls = member(secure, "tls");
	assert_text(tls, "version", "TLS 1.3");
	assert_text(tls, "cipher", "TLS_AES_256_GCM_SHA384");
	assert_text(tls, "group", "x25519");
	assert_text(tls, "server_name", "localhost");
	assert_text(member(tls, "verification"), "verify_result",
		    "ok, by a root that was added on this machine");
	ck_assert_uint_eq(axev__json_count(member(tls, "handshake")), 9);
}
END_TEST

START_TEST(wire_facts__tls_of_a_connection_is_told_as_the_manifest_wants_it)
{
	AXEV__WIRE *wire = read_page();
	AXEV__JSON *json = NULL, *none = NULL;
	bool verified = false;

	collect_all(wire);
	assert_ok(axev__wire_tls_json(wire, at("https://localhost:8821/tls")->connection, &json, &err));
	assert_text(json, "version", "TLS 1.3");
	assert_text(json, "subject", "CN=localhost");
	assert_text(json, "issuer", "CN=Exp CA");
	ck_assert_uint_eq(axev__json_count(member(json, "certificates")), 1);
	ck_assert(axev__json_as_bool(member(json, "verified"), &verified) && verified);
	assert_ok(axev__wire_tls_json(wire, at("http://site.test:8820/")->connection, &none, &err));
	ck_assert_ptr_null(none);
	assert_fails(axev__wire_tls_json(wire, 99, &none, &err), AXEV_E_INVAL,
		     "connection 99: there are 11");
}
END_TEST

START_TEST(wire_facts__a_certificate_that_the_browser_refuses_is_told)
{
	AXEV__WIRE *wire = read_log(REFUSED_LOG);
	AXEV__JSON *json = NULL, *tls = NULL;
	const axev__json *connection, *verification;
	bool verified = true, earlier = false;

	ck_assert_uint_eq(summary.exchanges, 0);
	ck_assert_int_eq(axev__wire_request_at(wire, 0)->net_error, -202);
	assert_ok(axev__wire_connections_json(wire, false, &json, &err));
	connection = axev__json_at(member(json, "connections"), 1);
	assert_text(member(connection, "tls"), "net_error", "ERR_CERT_AUTHORITY_INVALID");
	ck_assert_ptr_null(axev__json_get(member(connection, "tls"), "version"));
	verification = member(member(connection, "tls"), "verification");
	ck_assert(axev__json_as_bool(member(verification, "verified"), &verified) && !verified);
	assert_text(verification, "verify_result", "ERR_CERT_AUTHORITY_INVALID, AUTHORITY_INVALID");
	assert_text(verification, "host", "localhost");
	/* The browser remembers its verdict and logs no second job. */
	verification = member(member(axev__json_at(member(json, "connections"), 3), "tls"),
			      "verification");
	ck_assert(axev__json_as_bool(member(verification, "verified"), &verified) && !verified);
	ck_assert(axev__json_as_bool(member(verification, "of_earlier_connection"), &earlier) &&
		  earlier);
	assert_ok(axev__wire_tls_json(wire, 1, &tls, &err));
	assert_text(tls, "version", "not established");
	ck_assert(axev__json_as_bool(member(tls, "verified"), &verified) && !verified);
}
END_TEST

static int gather(void *payload, struct axev__span piece, axev_error *error)
{
	return axev__buf_span(payload, piece, error);
}

/* Requests and answers of HTTP/1, one after another, are the streams; their digests are told. */
START_TEST(wire_facts__streams_are_the_messages_one_after_another)
{
	AXEV__WIRE *wire = read_page();
	AXEV__JSON *json = NULL;
	AXEV__BUF stream = AXEV__BUF_INIT(1 << 20), messages = AXEV__BUF_INIT(1 << 20);
	uint8_t sha256[32], told[32];
	const axev__json *connection;
	size_t i, which;

	collect_all(wire);
	which = at("http://site.test:8820/")->connection;
	for (i = 0; i < count; i++)
		if (list[i].connection == which) {
			assert_ok(axev__buf_span(&messages, axev__buf_view(&list[i].response_head), &err));
			assert_ok(axev__buf_span(&messages, axev__buf_view(&list[i].response_body), &err));
		}
	assert_ok(axev__wire_stream_each(wire, which, true, gather, &stream, &err));
	ck_assert(axev__span_equal(axev__buf_view(&stream), axev__buf_view(&messages)));
	assert_ok(axev__sha256(stream.data, stream.size, sha256, &err));
	assert_ok(axev__wire_connections_json(wire, false, &json, &err));
	connection = axev__json_at(member(json, "connections"), which);
	assert_ok(axev__json_hex(member(connection, "received"), "sha256", told, 32, &err));
	ck_assert_mem_eq(told, sha256, 32);
	assert_fails(axev__wire_stream_each(wire, 11, true, gather, &stream, &err), AXEV_E_INVAL,
		     "there is no connection 11");
}
END_TEST

START_TEST(wire_facts__dns_answers_are_kept_as_they_came)
{
	AXEV__WIRE *wire = read_page();
	AXEV__JSON *json = NULL;
	const axev__json *lookup, *answer;

	assert_ok(axev__wire_dns_json(wire, &json, &err));
	assert_text(json, "format", "ax-wire-dns/1");
	lookup = axev__json_at(member(json, "lookups"), 0);
	assert_text(lookup, "host", "http://site.test:8820");
	ck_assert_uint_eq(axev__json_count(member(lookup, "answers")), 3);
	answer = axev__json_at(member(lookup, "answers"), 2);
	assert_text(answer, "name", "site.test");
	assert_text(answer, "server", "127.0.0.77:53");
	ck_assert(axev__json_count(member(json, "other_answers")) == 0);
}
END_TEST

/* Canonical form exists: nothing outside of the formats' value domain got in. */
START_TEST(wire_facts__both_documents_are_canonical_json)
{
	AXEV__WIRE *wire = read_page();
	AXEV__JSON *connections = NULL, *dns = NULL, *again = NULL;
	AXEV__BUF text = AXEV__BUF_INIT(1 << 22);

	assert_ok(axev__wire_connections_json(wire, false, &connections, &err));
	assert_ok(axev__json_canonical(connections, &text, &err));
	assert_ok(axev__json_parse_canonical(axev__buf_view(&text), &again, &err));
	axev__buf_clear(&text);
	axev__json_free(axev__steal(again));
	assert_ok(axev__wire_dns_json(wire, &dns, &err));
	assert_ok(axev__json_canonical(dns, &text, &err));
	assert_ok(axev__json_parse_canonical(axev__buf_view(&text), &again, &err));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("wire_facts");
	TCase *tcase = tcase_create("wire_facts");

	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, NULL, forget_all);
	tcase_add_test(tcase, wire_facts__a_certificate_that_the_browser_refuses_is_told);
	tcase_add_test(tcase, wire_facts__streams_are_the_messages_one_after_another);
	tcase_add_test(tcase, wire_facts__connections_are_told_with_tls_and_failed_attempts);
	tcase_add_test(tcase, wire_facts__tls_of_a_connection_is_told_as_the_manifest_wants_it);
	tcase_add_test(tcase, wire_facts__dns_answers_are_kept_as_they_came);
	tcase_add_test(tcase, wire_facts__both_documents_are_canonical_json);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
