/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/data/netlog/ is what Chromium 156 wrote about pages of local servers that send
 * the bytes below; events that nobody reads and the browser's own requests were taken out.
 */
#include "support.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/io.h"
#include "base/text.h"
#include "base/spill.h"
#include "capture/wire/wire.h"
#include "crypto/digest.h"

#define PAGE_LOG "netlog/page.json"
#define H2_LOG "netlog/h2.json"
#define REFUSED_LOG "netlog/badcert.json"

static axev_error err;
static struct axev__wire_summary summary;

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

static char *data_path(const char *name)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s/%s", getenv("AXEV_TEST_DATA"), name);
	return path;
}

static struct axev__buf log_text(const char *name)
{
	struct axev__buf text = AXEV__BUF_INIT(1 << 22);

	assert_ok(axev__read_file(AT_FDCWD, data_path(name), &text, &err));
	return text;
}

static int scratch(const void *data, size_t size)
{
	int fd = memfd_create("scratch", MFD_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	assert_ok(axev__write_full(fd, data, size, &err));
	ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

/* The scratch file of the bytes is closed by nobody: tests end soon. */
static struct axev__wire *read_text(const struct axev__buf *text, uint64_t max_spool_bytes)
{
	struct axev__wire *wire = NULL;

	assert_ok(axev__wire_start(scratch(text->data, text->size), scratch("", 0), max_spool_bytes,
				   &wire, &err));
	assert_ok(axev__wire_finish(wire, &summary, &err));
	return wire;
}

static struct axev__wire *read_log(const char *name)
{
	AXEV__BUF text = log_text(name);

	return read_text(&text, UINT64_MAX);
}

static struct axev__wire *read_page(void)
{
	return read_log(PAGE_LOG);
}

/* Copy of an exchange, with its bytes. */
struct found {
	size_t connection, request;
	char url[256], protocol[16], tls_version[16], ip_address[64], method[16], media_type[64];
	char truncated[16];
	uint32_t status;
	int64_t request_ns, response_ns;
	struct axev__buf request_head, request_body, response_head, response_body;
	uint8_t payload_sha256[32];
	uint64_t payload_bytes;
};
static struct found list[64];
static size_t count;

static void copy_text(char *out, size_t size, const char *text)
{
	ck_assert_int_lt(snprintf(out, size, "%s", text ? text : "-"), (int)size);
}

static struct axev__buf copy_span(struct axev__span span)
{
	struct axev__buf copy = AXEV__BUF_INIT(1 << 20);

	assert_ok(axev__buf_span(&copy, span, &err));
	return copy;
}

static struct axev__buf copy_source(struct axev__source source)
{
	struct axev__buf copy = AXEV__BUF_INIT(1 << 20);

	assert_ok(axev__source_load(&source, &copy, &err));
	return copy;
}

static int collect(void *payload, const struct axev__exchange *exchange, axev_error *error)
{
	struct found *found = &list[count++];

	(void)payload;
	(void)error;
	ck_assert_uint_le(count, AXEV__COUNT(list));
	found->connection = exchange->connection;
	found->request = exchange->request;
	copy_text(found->url, sizeof(found->url), exchange->url);
	copy_text(found->protocol, sizeof(found->protocol), exchange->protocol);
	copy_text(found->tls_version, sizeof(found->tls_version), exchange->tls_version);
	copy_text(found->ip_address, sizeof(found->ip_address), exchange->ip_address);
	copy_text(found->method, sizeof(found->method), exchange->method);
	copy_text(found->media_type, sizeof(found->media_type), exchange->media_type);
	copy_text(found->truncated, sizeof(found->truncated), exchange->truncated);
	found->status = exchange->status;
	found->request_ns = exchange->request_ns;
	found->response_ns = exchange->response_ns;
	found->request_head = copy_span(exchange->request_head);
	found->request_body = copy_source(exchange->request_body);
	found->response_head = copy_span(exchange->response_head);
	found->response_body = copy_source(exchange->response_body);
	memcpy(found->payload_sha256, exchange->payload_sha256, 32);
	found->payload_bytes = exchange->payload_bytes;
	return AXEV_OK;
}

static void forget_all(void)
{
	while (count > 0) {
		axev__buf_free(&list[--count].request_head);
		axev__buf_free(&list[count].request_body);
		axev__buf_free(&list[count].response_head);
		axev__buf_free(&list[count].response_body);
	}
}

static void collect_all(struct axev__wire *wire)
{
	forget_all();
	assert_ok(axev__wire_each(wire, collect, NULL, &err));
}

static struct found *at(const char *url)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(list[i].url, url) == 0)
			return &list[i];
	ck_abort_msg("no exchange of %s", url);
	return NULL;
}

static void assert_bytes(const struct axev__buf *found, const char *expected)
{
	ck_assert_str_eq(found->data ? (char *)found->data : "", expected);
	ck_assert_uint_eq(found->size, strlen(expected));
}

static void assert_payload(const struct found *found, const char *expected)
{
	uint8_t sha256[32];

	assert_ok(axev__sha256(expected, strlen(expected), sha256, &err));
	ck_assert_mem_eq(found->payload_sha256, sha256, sizeof(sha256));
	ck_assert_uint_eq(found->payload_bytes, strlen(expected));
}

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

/* ---- facts beside the exchanges ---- */

static const axev__json *member(const axev__json *object, const char *key)
{
	const axev__json *value = axev__json_get(object, key);

	ck_assert_msg(value != NULL, "member '%s' is missing", key);
	return value;
}

static void assert_text(const axev__json *object, const char *key, const char *expected)
{
	struct axev__span text;

	ck_assert(axev__json_as_string(member(object, key), &text));
	ck_assert_str_eq((const char *)text.data, expected);
}

START_TEST(wire__connections_are_told_with_tls_and_failed_attempts)
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

START_TEST(wire__tls_of_a_connection_is_told_as_the_manifest_wants_it)
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

START_TEST(wire__a_certificate_that_the_browser_refuses_is_told)
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
START_TEST(wire__streams_are_the_messages_one_after_another)
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

START_TEST(wire__dns_answers_are_kept_as_they_came)
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
START_TEST(wire__both_documents_are_canonical_json)
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

/* ---- limits, cuts, rubbish ---- */

START_TEST(wire__bytes_over_the_limit_are_dropped_and_told)
{
	AXEV__BUF text = log_text(PAGE_LOG);
	AXEV__WIRE *wire = read_text(&text, 1500);
	AXEV__JSON *json = NULL;
	bool over = false;

	collect_all(wire);
	ck_assert(summary.is_over_limit && summary.is_closed);
	ck_assert_uint_eq(count, 2);
	ck_assert_str_eq(list[0].truncated, "-");
	ck_assert_str_eq(list[1].url, "http://site.test:8820/");
	ck_assert_str_eq(list[1].truncated, "length");
	assert_ok(axev__wire_connections_json(wire, false, &json, &err));
	ck_assert(axev__json_as_bool(member(json, "over_limit"), &over) && over);
}
END_TEST

START_TEST(wire__a_log_cut_off_gives_what_came_before)
{
	AXEV__BUF text = log_text(PAGE_LOG);
	AXEV__WIRE *wire = NULL;

	text.size = 60000;
	wire = read_text(&text, UINT64_MAX);
	collect_all(wire);
	ck_assert(!summary.is_closed);
	ck_assert_uint_eq(summary.bad_lines, 1);
	ck_assert_uint_ge(count, 3);
	assert_bytes(&at("http://site.test:8820/r")->response_body, "moved");
	/* Each cut, also inside of constants: no crash, and never called closed. */
	while (text.size > 0) {
		AXEV__WIRE *shorter = NULL;

		text.size -= text.size < 977 ? text.size : 977;
		shorter = read_text(&text, UINT64_MAX);
		ck_assert(!summary.is_closed);
		collect_all(shorter);
	}
	ck_assert_uint_eq(count, 0);
}
END_TEST

START_TEST(wire__rubbish_between_events_is_counted_and_passed_over)
{
	AXEV__BUF text = log_text(PAGE_LOG), broken = AXEV__BUF_INIT(1 << 22);
	static const char rubbish[] = "\n{\"params\":{},\n\xFF\xFE\nnull,\n{},\n";
	const uint8_t *line = memmem(text.data, text.size, "\n{\"params\"", 10);
	AXEV__WIRE *wire = NULL;

	assert_ok(axev__buf_append(&broken, text.data, (size_t)(line - text.data), &err));
	assert_ok(axev__buf_str(&broken, rubbish, &err));
	assert_ok(axev__buf_append(&broken, line + 1, text.size - (size_t)(line + 1 - text.data), &err));
	wire = read_text(&broken, UINT64_MAX);
	ck_assert_uint_eq(summary.bad_lines, 4);
	ck_assert_uint_eq(summary.exchanges, 15);
	ck_assert(summary.is_closed);
}
END_TEST

START_TEST(wire__a_log_without_anything_is_no_error)
{
	struct axev__buf nothing = AXEV__BUF_INIT(1);
	AXEV__WIRE *wire = read_text(&nothing, UINT64_MAX);

	ck_assert(!summary.is_closed);
	ck_assert_uint_eq(summary.connections, 0);
	ck_assert_ptr_null(axev__wire_client_info(wire));
}
END_TEST

START_TEST(wire__the_browser_is_named_as_it_names_itself)
{
	AXEV__WIRE *wire = read_page();

	assert_text(axev__wire_client_info(wire), "name", "Chromium");
	assert_text(axev__wire_client_info(wire), "version", "156.0.8078.79");
}
END_TEST

/* Pieces of all sizes out of a pipe, as a browser writes it. */
START_TEST(wire__a_pipe_in_small_pieces_gives_the_same)
{
	AXEV__BUF text = log_text(PAGE_LOG);
	AXEV__WIRE *wire = NULL;
	int ends[2], status;
	size_t done, piece;
	pid_t child;

	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		for (done = 0, piece = 1; done < text.size; done += piece, piece = piece % 4096 + 37) {
			if (piece > text.size - done)
				piece = text.size - done;
			if (write(ends[1], text.data + done, piece) != (ssize_t)piece)
				_exit(1);
		}
		_exit(0);
	}
	close(ends[1]);
	assert_ok(axev__wire_start(ends[0], scratch("", 0), UINT64_MAX, &wire, &err));
	assert_ok(axev__wire_finish(wire, &summary, &err));
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	ck_assert_uint_eq(summary.exchanges, 15);
	ck_assert_uint_eq(summary.bad_lines, 0);
	ck_assert(summary.is_closed);
}
END_TEST

/* A pipe whose writer never comes must not keep anybody waiting. */
START_TEST(wire__giving_up_ends_the_reading)
{
	char directory[] = "/tmp/axev-wire-XXXXXX", path[64];
	struct axev__wire *wire = NULL;
	int fd;

	ck_assert_ptr_nonnull(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/log", directory);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_ok(axev__wire_start(fd, scratch("", 0), UINT64_MAX, &wire, &err));
	axev__wire_free(wire);
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_ok(axev__wire_start(fd, scratch("", 0), UINT64_MAX, &wire, &err));
	assert_ok(axev__wire_finish(wire, &summary, &err));
	ck_assert(!summary.is_closed);
	axev__wire_free(wire);
	unlink(path);
	rmdir(directory);
}
END_TEST

START_TEST(wire__a_browser_without_a_needed_event_is_refused)
{
	AXEV__BUF text = log_text(PAGE_LOG);
	uint8_t *name = memmem(text.data, text.size, "\"SSL_CONNECT\"", 13);
	struct axev__wire *wire = NULL;

	name[1] = 'X';
	assert_ok(axev__wire_start(scratch(text.data, text.size), scratch("", 0), UINT64_MAX, &wire,
				   &err));
	assert_fails(axev__wire_finish(wire, &summary, &err), AXEV_E_UNSUPPORTED,
		     "the browser's log knows no event SSL_CONNECT, which is needed; use a version of "
		     "the browser that this library was tested with");
	axev__wire_free(wire);
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
	tcase_add_test(tcase, wire__a_certificate_that_the_browser_refuses_is_told);
	tcase_add_test(tcase, wire__streams_are_the_messages_one_after_another);
	tcase_add_test(tcase, wire__connections_are_told_with_tls_and_failed_attempts);
	tcase_add_test(tcase, wire__tls_of_a_connection_is_told_as_the_manifest_wants_it);
	tcase_add_test(tcase, wire__dns_answers_are_kept_as_they_came);
	tcase_add_test(tcase, wire__both_documents_are_canonical_json);
	tcase_add_test(tcase, wire__bytes_over_the_limit_are_dropped_and_told);
	tcase_add_test(tcase, wire__a_log_cut_off_gives_what_came_before);
	tcase_add_test(tcase, wire__rubbish_between_events_is_counted_and_passed_over);
	tcase_add_test(tcase, wire__a_log_without_anything_is_no_error);
	tcase_add_test(tcase, wire__the_browser_is_named_as_it_names_itself);
	tcase_add_test(tcase, wire__a_pipe_in_small_pieces_gives_the_same);
	tcase_add_test(tcase, wire__giving_up_ends_the_reading);
	tcase_add_test(tcase, wire__a_browser_without_a_needed_event_is_refused);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
