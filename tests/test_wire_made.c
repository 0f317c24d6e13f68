/* SPDX-License-Identifier: Apache-2.0 */
/* Logs made by hand, for what no well-behaved site does; the numbers of events come from a real log. */
#include "support.h"

#include <fcntl.h>
#include <sys/mman.h>

#include "base/io.h"
#include "base/text.h"
#include "base/spill.h"
#include "capture/wire/wire.h"

static axev_error err;
static struct axev__buf text = AXEV__BUF_INIT(1 << 24);
static axev__json *constants;
static struct axev__wire *wire;
static struct axev__wire_summary summary;

/* ---- making a log ---- */

static void begin(void)
{
	struct axev__buf log = AXEV__BUF_INIT(1 << 24);
	struct axev__span first;
	char path[4096];

	snprintf(path, sizeof(path), "%s/netlog/page.json", getenv("AXEV_TEST_DATA"));
	assert_ok(axev__read_file(AT_FDCWD, path, &log, &err));
	first = axev__span(log.data, (size_t)((uint8_t *)memchr(log.data, '\n', log.size) - log.data));
	axev__buf_clear(&text);
	assert_ok(axev__buf_span(&text, first, &err));
	text.data[text.size - 1] = '}';
	assert_ok(axev__json_parse_foreign(axev__buf_view(&text), &constants, &err));
	text.data[text.size - 1] = ',';
	assert_ok(axev__buf_str(&text, "\n\"events\": [\n", &err));
	axev__buf_free(&log);
}

static int64_t number(const char *list, const char *name)
{
	int64_t value = -1;

	ck_assert(axev__json_as_integer(
		axev__json_get(axev__json_get(axev__json_get(constants, "constants"), list), name),
		&value));
	return value;
}

static void event(const char *type, int phase, const char *source, int id, const char *params)
{
	static int time_ms;

	assert_ok(axev__buf_printf(&text, &err,
				   "{\"params\":%s,\"phase\":%d,\"source\":{\"id\":%d,\"start_time\":\"0\","
				   "\"type\":%d},\"time\":\"%d\",\"type\":%d},\n",
				   params, phase, id, (int)number("logSourceType", source), time_ms++,
				   (int)number("logEventTypes", type)));
}

static void bytes_of(const char *type, int id, const char *data, size_t size)
{
	AXEV__BUF params = AXEV__BUF_INIT(1 << 20);

	assert_ok(axev__buf_printf(&params, &err, "{\"byte_count\":%zu,\"bytes\":\"", size));
	assert_ok(axev__base64(&params, axev__span(data, size), &err));
	assert_ok(axev__buf_str(&params, "\"}", &err));
	event(type, 0, "SOCKET", id, (char *)params.data);
}

static void sent(int id, const char *data)
{
	bytes_of("SOCKET_BYTES_SENT", id, data, strlen(data));
}

static void received(int id, const char *data)
{
	bytes_of("SOCKET_BYTES_RECEIVED", id, data, strlen(data));
}

static void connected(int id, const char *address)
{
	char params[200];

	event("SOCKET_ALIVE", 1, "SOCKET", id, "{}");
	snprintf(params, sizeof(params), "{\"remote_address\":\"%s\"}", address);
	event("TCP_CONNECT", 2, "SOCKET", id, params);
}

/* A request of the browser that is given to socket @socket_id. */
static void given(int id, const char *method, const char *url, int socket_id)
{
	char params[400];

	snprintf(params, sizeof(params), "{\"method\":\"%s\",\"url\":\"%s\",\"initiator\":\"https://x\"}", method,
		 url);
	event("URL_REQUEST_START_JOB", 1, "URL_REQUEST", id, params);
	snprintf(params, sizeof(params), "{\"source_dependency\":{\"id\":%d,\"type\":10}}", socket_id);
	event("SOCKET_POOL_BOUND_TO_SOCKET", 0, "HTTP_STREAM_JOB", id + 1000, params);
	snprintf(params, sizeof(params), "{\"source_dependency\":{\"id\":%d,\"type\":17}}", id + 1000);
	event("HTTP_STREAM_REQUEST_BOUND_TO_JOB", 0, "URL_REQUEST", id, params);
}

static void finish(uint64_t max_spool_bytes)
{
	int log = memfd_create("log", MFD_CLOEXEC), spool = memfd_create("spool", MFD_CLOEXEC);

	assert_ok(axev__buf_str(&text, "],\n\"polledData\": [{}]\n}\n", &err));
	assert_ok(axev__write_full(log, text.data, text.size, &err));
	ck_assert_int_eq(lseek(log, 0, SEEK_SET), 0);
	assert_ok(axev__wire_start(log, spool, max_spool_bytes, &wire, &err));
	assert_ok(axev__wire_finish(wire, &summary, &err));
	ck_assert(summary.is_closed);
}

static void end(void)
{
	axev__wire_free(wire);
	wire = NULL;
	axev__json_free(constants);
	constants = NULL;
	axev__buf_free(&text);
}

/* ---- reading it ---- */

/* One line an exchange: method, URL, status, bodies, truncated, the browser's request. */
static int list(void *payload, const struct axev__exchange *exchange, axev_error *error)
{
	AXEV__BUF sent = AXEV__BUF_INIT(1 << 20), received = AXEV__BUF_INIT(1 << 20);

	TRY(axev__source_load(&exchange->request_body, &sent, error));
	TRY(axev__source_load(&exchange->response_body, &received, error));
	TRY(axev__buf_printf(payload, error, "%s %s %u [%.*s] [%.*s] %s %s %s\n", exchange->method,
			     exchange->url, exchange->status, (int)sent.size,
			     (const char *)sent.data,
			     (int)received.size,
			     (const char *)received.data,
			     exchange->truncated ? exchange->truncated : "-",
			     exchange->ip_address ? exchange->ip_address : "-",
			     exchange->request == SIZE_MAX ?
				     "-" :
				     axev__wire_request_at(wire, exchange->request)->url));
	return AXEV_OK;
}

static void assert_exchanges(const char *expected)
{
	AXEV__BUF found = AXEV__BUF_INIT(1 << 20);

	assert_ok(axev__wire_each(wire, list, &found, &err));
	ck_assert_str_eq(found.data ? (char *)found.data : "", expected);
}

/* Canonical form of member @key of connection @index. */
static void assert_member(size_t index, const char *key, const char *expected)
{
	AXEV__BUF found = AXEV__BUF_INIT(1 << 20);
	AXEV__JSON *json = NULL;
	const axev__json *value;

	assert_ok(axev__wire_connections_json(wire, false, &json, &err));
	value = axev__json_get(axev__json_at(axev__json_get(json, "connections"), index), key);
	if (value)
		assert_ok(axev__json_canonical(value, &found, &err));
	ck_assert_str_eq(found.data ? (char *)found.data : "none", expected);
}

START_TEST(wire_made__interleaved_connections_and_pipelined_requests_stay_apart)
{
	const char *one = "GET /1 HTTP/1.1\r\nHost: a.test:80\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a.test\r\n"
			  "Content-Length: 3\r\n\r\nabc";
	const char *other = "HEAD /3 HTTP/1.1\r\nHost: b.test:81\r\n\r\nGET /4 HTTP/1.1\r\nHost: b.test:81\r\n\r\n";
	const char *answers = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirstHTTP/1.1 100 Continue\r\n\r\n"
			      "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n";
	const char *others = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHTTP/1.1 404 No\r\nContent-Length: 1\r\n\r\nx";
	size_t i;

	connected(1, "192.0.2.1:80");
	connected(2, "[2001:db8::1]:81");
	for (i = 0; i < strlen(one) || i < strlen(other); i++) {
		if (i < strlen(one))
			bytes_of("SOCKET_BYTES_SENT", 1, one + i, 1);
		if (i < strlen(other))
			bytes_of("SOCKET_BYTES_SENT", 2, other + i, 1);
	}
	for (i = 0; i < strlen(answers) || i < strlen(others); i++) {
		if (i < strlen(answers))
			bytes_of("SOCKET_BYTES_RECEIVED", 1, answers + i, 1);
		if (i < strlen(others))
			bytes_of("SOCKET_BYTES_RECEIVED", 2, others + i, 1);
	}
	finish(UINT64_MAX);
	assert_exchanges("GET http://a.test/1 200 [] [first] - 192.0.2.1 -\n"
			 "HEAD http://b.test:81/3 200 [] [] - 2001:db8::1 -\n"
			 "POST http://a.test/2 201 [abc] [2\r\nok\r\n0\r\n\r\n] - 192.0.2.1 -\n"
			 "GET http://b.test:81/4 404 [] [x] - 2001:db8::1 -\n");
	ck_assert_uint_eq(summary.unreadable_bytes, 0);
	assert_member(0, "interim_answers", "1");
}
END_TEST

static char noted[256];

static int note_socket(void *payload, const struct axev__socket *socket, axev_error *error)
{
	const axev__json *messages = axev__json_get(socket->index, "messages");
	size_t i, at = (size_t)snprintf(noted, sizeof(noted), "%s %zu %zu", socket->url, socket->sent.size,
					socket->received.size);

	(void)payload;
	(void)error;
	for (i = 0; i < axev__json_count(messages); i++) {
		struct axev__span from, type, said;

		ck_assert(axev__json_as_string(axev__json_get(axev__json_at(messages, i), "from"), &from));
		ck_assert(axev__json_as_string(axev__json_get(axev__json_at(messages, i), "type"), &type));
		ck_assert(axev__json_as_string(axev__json_get(axev__json_at(messages, i), "text"), &said));
		at += (size_t)snprintf(noted + at, sizeof(noted) - at, " %.*s %.*s %.*s", (int)from.size,
				       (const char *)from.data, (int)type.size, (const char *)type.data,
				       (int)said.size, (const char *)said.data);
	}
	snprintf(noted + at, sizeof(noted) - at, "\n");
	return AXEV_OK;
}

START_TEST(wire_made__an_upgraded_connection_is_told_and_its_frames_are_kept)
{
	connected(1, "192.0.2.1:80");
	given(10, "GET", "ws://a.test/chat", 1);
	sent(1, "GET /chat HTTP/1.1\r\nHost: a.test\r\nUpgrade: websocket\r\n\r\n");
	received(1, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\x02hi");
	event("CANCELLED", 0, "URL_REQUEST", 10, "{\"net_error\":-173}");
	sent(1, "\x81\x83\x01\x02\x03\x04\x78\x67\x70"); /* "yes" */
	finish(UINT64_MAX);
	assert_exchanges("GET http://a.test/chat 101 [] [] - 192.0.2.1 ws://a.test/chat\n");
	ck_assert_uint_eq(summary.unreadable_bytes, 0);
	ck_assert_uint_eq(summary.failed_requests, 0);
	assert_ok(axev__wire_socket_each(wire, note_socket, NULL, &err));
	ck_assert_str_eq(noted, "http://a.test/chat 9 4 server text hi client text yes\n");
	assert_member(0, "upgraded_to", "\"websocket\"");
}
END_TEST

START_TEST(wire_made__a_tunnel_holds_another_connection)
{
	connected(1, "192.0.2.9:3128");
	sent(1, "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n");
	received(1, "HTTP/1.1 200 Connection established\r\n\r\n");
	event("SSL_CONNECT", 1, "SOCKET", 1, "{}");
	event("SSL_CONNECT", 2, "SOCKET", 1, "{\"version\":\"TLS 1.3\"}");
	given(10, "GET", "https://a.test/", 1);
	bytes_of("SSL_SOCKET_BYTES_SENT", 1, "GET / HTTP/1.1\r\nHost: a.test:443\r\n\r\n", 36);
	received(1, "ciphertext");
	bytes_of("SSL_SOCKET_BYTES_RECEIVED", 1, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", 40);
	event("SOCKET_ALIVE", 2, "SOCKET", 1, "{}");
	finish(UINT64_MAX);
	assert_exchanges("GET https://a.test/ 200 [] [hi] - - https://a.test/\n");
	ck_assert_uint_eq(summary.connections, 2);
	ck_assert_uint_eq(summary.unreadable_bytes, 0);
	assert_member(0, "tunnel", "\"a.test:443\"");
	assert_member(0, "tunnel_status", "200");
	assert_member(0, "tls", "none");
	assert_member(1, "through", "0");
	assert_member(1, "remote_address", "none");
}
END_TEST

START_TEST(wire_made__a_refused_tunnel_is_no_exchange_and_the_next_request_is_read)
{
	connected(1, "192.0.2.9:3128");
	sent(1, "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n");
	received(1, "HTTP/1.1 407 No\r\nContent-Length: 2\r\n\r\nno");
	sent(1, "GET http://A.test/x HTTP/1.1\r\nHost: a.test\r\n\r\n");
	received(1, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
	finish(UINT64_MAX);
	assert_exchanges("GET http://A.test/x 200 [] [] - 192.0.2.9 -\n");
	assert_member(0, "tunnel_status", "407");
	ck_assert_uint_eq(summary.unreadable_bytes, 0);
}
END_TEST

/* Which of the two layers bytes are of, the log does not say: none are kept. */
START_TEST(wire_made__tls_inside_of_tls_is_dropped_and_told)
{
	connected(1, "192.0.2.9:443");
	event("SSL_CONNECT", 1, "SOCKET", 1, "{}");
	bytes_of("SSL_SOCKET_BYTES_SENT", 1, "CONNECT a.test:443 HTTP/1.1\r\n\r\n", 31);
	bytes_of("SSL_SOCKET_BYTES_RECEIVED", 1, "HTTP/1.1 200 OK\r\n\r\n", 19);
	event("SSL_CONNECT", 1, "SOCKET", 1, "{}");
	bytes_of("SSL_SOCKET_BYTES_SENT", 1, "\x16\x03\x01", 3);
	bytes_of("SSL_SOCKET_BYTES_SENT", 1, "GET / HTTP/1.1\r\n\r\n", 18);
	finish(UINT64_MAX);
	assert_exchanges("");
	ck_assert_uint_eq(summary.connections, 2);
	assert_member(1, "sent", "{\"bytes\":\"0\",\"dropped_bytes\":\"21\",\"sha256\":\"e3b0c44298fc1c149afbf4c8996fb92427"
				 "ae41e4649b934ca495991b7852b855\",\"unread_bytes\":\"0\"}");
}
END_TEST

START_TEST(wire_made__bytes_that_are_no_http_are_counted)
{
	connected(1, "192.0.2.1:80");
	sent(1, "hello\r\n\r\n");
	received(1, "220 mail.test\r\n");
	connected(2, "192.0.2.1:80");
	sent(2, "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
	received(2, "220 mail.test\r\n\r\n");
	finish(UINT64_MAX);
	assert_exchanges("GET http://a.test/ 0 [] [] unspecified 192.0.2.1 -\n");
	ck_assert_uint_eq(summary.unreadable_bytes, 9 + 15 + 17);
	assert_member(0, "protocol", "\"unknown\"");
	assert_member(1, "protocol", "\"http/1\"");
}
END_TEST

/* A stream with a hole would be another stream: it ends where the hole begins. */
START_TEST(wire_made__bytes_that_cannot_be_decoded_end_their_stream)
{
	connected(1, "192.0.2.1:80");
	sent(1, "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
	received(1, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
	event("SOCKET_BYTES_RECEIVED", 0, "SOCKET", 1, "{\"byte_count\":3,\"bytes\":\"????\"}");
	received(1, "ghi");
	finish(UINT64_MAX);
	assert_exchanges("GET http://a.test/ 200 [] [abc] unspecified 192.0.2.1 -\n");
	ck_assert_uint_eq(summary.bad_lines, 1);
	ck_assert(!summary.is_over_limit);
	assert_member(0, "received",
		      "{\"bytes\":\"41\",\"dropped_bytes\":\"6\",\"sha256\":\"dd00787a12b8d408e55b987bfe6446b4"
		      "5af7c681b51a920e35f4addac5cf8d03\",\"unread_bytes\":\"0\"}");
}
END_TEST

START_TEST(wire_made__odd_bytes_in_a_url_are_escaped)
{
	connected(1, "192.0.2.1:80");
	sent(1, "GET /caf\xE9<b>\x01 HTTP/1.1\r\nHost: a.test\r\n\r\nGET * HTTP/1.0\r\n\r\n");
	received(1, "HTTP/1.1 204 No\r\n\r\nHTTP/1.1 204 No\r\n\r\n");
	finish(UINT64_MAX);
	assert_exchanges("GET http://a.test/caf%E9%3Cb%3E%01 204 [] [] - 192.0.2.1 -\n"
			 "GET http://192.0.2.1/* 204 [] [] - 192.0.2.1 -\n");
}
END_TEST

/* A request that was given two connections, because the first one broke, belongs to both exchanges. */
START_TEST(wire_made__a_request_sent_again_is_bound_twice)
{
	connected(1, "192.0.2.1:80");
	connected(2, "192.0.2.2:80");
	given(10, "GET", "http://u:p@a.test/x#part", 1);
	sent(1, "GET /x HTTP/1.1\r\nHost: a.test\r\n\r\n");
	event("SOCKET_POOL_BOUND_TO_SOCKET", 0, "HTTP_STREAM_JOB", 1011,
	      "{\"source_dependency\":{\"id\":2,\"type\":10}}");
	event("HTTP_STREAM_REQUEST_BOUND_TO_JOB", 0, "URL_REQUEST", 10,
	      "{\"source_dependency\":{\"id\":1011,\"type\":17}}");
	sent(2, "GET /x HTTP/1.1\r\nHost: a.test\r\n\r\nGET /x HTTP/1.1\r\nHost: a.test\r\n\r\n");
	received(2, "HTTP/1.1 204 No\r\n\r\nHTTP/1.1 204 No\r\n\r\n");
	finish(UINT64_MAX);
	assert_exchanges("GET http://a.test/x 0 [] [] unspecified 192.0.2.1 http://u:p@a.test/x#part\n"
			 "GET http://a.test/x 204 [] [] - 192.0.2.2 http://u:p@a.test/x#part\n"
			 "GET http://a.test/x 204 [] [] - 192.0.2.2 -\n");
}
END_TEST

START_TEST(wire_made__the_limit_is_exact_and_nothing_comes_behind_it)
{
	connected(1, "192.0.2.1:80");
	connected(2, "192.0.2.1:80");
	sent(1, "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
	received(1, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
	received(1, "def");
	received(1, "ghi");
	sent(2, "G");
	finish(32 + 41 + 3);
	assert_exchanges("GET http://a.test/ 200 [] [abcdef] length 192.0.2.1 -\n");
	ck_assert(summary.is_over_limit);
	assert_member(1, "protocol", "\"none\"");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("wire_made");
	TCase *tcase = tcase_create("wire_made");

	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, begin, end);
	tcase_add_test(tcase, wire_made__interleaved_connections_and_pipelined_requests_stay_apart);
	tcase_add_test(tcase, wire_made__an_upgraded_connection_is_told_and_its_frames_are_kept);
	tcase_add_test(tcase, wire_made__a_tunnel_holds_another_connection);
	tcase_add_test(tcase, wire_made__a_refused_tunnel_is_no_exchange_and_the_next_request_is_read);
	tcase_add_test(tcase, wire_made__tls_inside_of_tls_is_dropped_and_told);
	tcase_add_test(tcase, wire_made__bytes_that_are_no_http_are_counted);
	tcase_add_test(tcase, wire_made__bytes_that_cannot_be_decoded_end_their_stream);
	tcase_add_test(tcase, wire_made__odd_bytes_in_a_url_are_escaped);
	tcase_add_test(tcase, wire_made__a_request_sent_again_is_bound_twice);
	tcase_add_test(tcase, wire_made__the_limit_is_exact_and_nothing_comes_behind_it);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
