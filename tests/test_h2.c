/* SPDX-License-Identifier: Apache-2.0 */
#include "h2_peer.h"

#include "base/text.h"
#include "crypto/digest.h"

static axev_error err;
static struct peer client, server;
static struct axev__h2 *h2;

static fields_of get = {
	{ ":method", "GET" }, { ":scheme", "https" }, { ":authority", "shop.example" },
	{ ":path", "/" },     { "user-agent", "x" },  { NULL, NULL }
};
static fields_of ok = { { ":status", "200" }, { "content-type", "text/html" }, { NULL, NULL } };

static void set_up(void)
{
	peer_start(&client, PREFACE, 4096);
	peer_start(&server, "", 4096);
	put_settings(&client, 0);
	put_settings(&server, 0);
}

static void tear_down(void)
{
	axev__h2_free(h2);
	h2 = NULL;
	peer_stop(&client);
	peer_stop(&server);
}

static void read_both(void)
{
	axev__h2_free(h2);
	h2 = NULL;
	assert_ok(axev__h2_read(peer_view(&client), peer_view(&server), &h2, &err));
}

/* Both directions were read to the last byte, and nothing had to be put aside. */
static void read_whole(void)
{
	read_both();
	ck_assert_str_eq(axev__h2_sent(h2)->why, "");
	ck_assert_str_eq(axev__h2_received(h2)->why, "");
	ck_assert_int_eq(axev__h2_sent(h2)->status, AXEV_OK);
	ck_assert_int_eq(axev__h2_received(h2)->status, AXEV_OK);
	ck_assert_uint_eq(axev__h2_sent(h2)->offset, client.bytes.size);
	ck_assert_uint_eq(axev__h2_received(h2)->offset, server.bytes.size);
	ck_assert_uint_eq(axev__h2_sent(h2)->stray_frames + axev__h2_received(h2)->stray_frames, 0);
}

static void assert_stopped(const struct axev__h2_reading *reading, uint64_t offset, const char *why)
{
	ck_assert_str_eq(reading->why, why);
	ck_assert_int_eq(reading->status, AXEV_E_FORMAT);
	ck_assert_uint_eq(reading->offset, offset);
}

static int append_piece(void *payload, struct axev__span piece, axev_error *error)
{
	return axev__buf_span(payload, piece, error);
}

static void assert_body(const struct axev__h2_message *message, const char *text)
{
	AXEV__BUF body = AXEV__BUF_INIT(AXEV__MIB);
	uint8_t sha256[32], expected[32];

	assert_ok(axev__h2_body_each(h2, message, append_piece, &body, &err));
	ck_assert(axev__span_is(axev__buf_view(&body), text));
	ck_assert_uint_eq(message->body_bytes, strlen(text));
	assert_ok(axev__h2_body_sha256(h2, message, sha256, &err));
	assert_ok(axev__sha256(text, strlen(text), expected, &err));
	ck_assert_mem_eq(sha256, expected, 32);
}

static void assert_fields(const struct axev__h2_fields *fields, fields_of expected)
{
	size_t i;

	ck_assert_ptr_nonnull(fields);
	for (i = 0; expected[i][0]; i++) {
		ck_assert_uint_lt(i, fields->count);
		ck_assert(axev__span_is(fields->list[i].name, expected[i][0]));
		ck_assert(axev__span_is(fields->list[i].value, expected[i][1]));
	}
	ck_assert_uint_eq(fields->count, i);
}

START_TEST(h2__fields_keep_order_duplicates_and_bytes)
{
	static fields_of post = { { ":method", "POST" },  { ":authority", "a.example:8443" },
				  { ":scheme", "https" }, { ":path", "/buy?x=caf\xC3\xA9" },
				  { "cookie", "a=1" },	  { "cookie", "b=2" },
				  { NULL, NULL } };
	static fields_of odd = { { ":status", "201" },	 { "set-cookie", "a=1" },
				 { "x-odd", "caf\xE9" }, { "set-cookie", "a=1" },
				 { "x-blank", " \t" },	 { "x-empty", "" },
				 { NULL, NULL } };
	const struct axev__h2_exchange *exchange;
	uint64_t asked = put_headers(&client, 0, 1, post), answered;

	put_data(&client, 0, 1, "abc");
	put_data(&client, END, 1, "def");
	answered = put_headers(&server, 0, 1, odd);
	put_data(&server, 0, 1, "");
	put_data(&server, END, 1, "done");
	read_whole();
	ck_assert_uint_eq(axev__h2_count(h2), 1);
	exchange = axev__h2_at(h2, 0);
	ck_assert_ptr_null(axev__h2_at(h2, 1));
	ck_assert_int_eq(exchange->use, AXEV__H2_HTTP);
	ck_assert_ptr_null(exchange->flaw);
	ck_assert(axev__span_is(exchange->method, "POST"));
	ck_assert(axev__span_is(exchange->scheme, "https"));
	ck_assert(axev__span_is(exchange->authority, "a.example:8443"));
	ck_assert(axev__span_is(exchange->path, "/buy?x=caf\xC3\xA9"));
	ck_assert_uint_eq(exchange->status, 201);
	assert_fields(exchange->request.head, post);
	assert_fields(exchange->response.head, odd);
	assert_body(&exchange->request, "abcdef");
	assert_body(&exchange->response, "done");
	ck_assert(exchange->request.is_complete && exchange->response.is_complete);
	ck_assert_uint_eq(exchange->request.head->offset, asked);
	ck_assert_uint_eq(exchange->response.head->offset, answered);
	ck_assert_uint_eq(exchange->request.end_offset, client.bytes.size);
	ck_assert_uint_eq(exchange->request.piece_count, 2);
	ck_assert_uint_eq(exchange->response.piece_count, 1);
}
END_TEST

static void put_hex(struct peer *peer, unsigned flags, uint32_t stream, const char *hex)
{
	uint8_t block[256];

	ck_assert(axev__unhex(block, strlen(hex) / 2, axev__span_str(hex)));
	put_frame(peer, AXEV__H2_HEADERS, flags | AXEV__H2_FLAG_END_HEADERS, stream, block,
		  strlen(hex) / 2);
}

START_TEST(h2__examples_of_rfc7541_appendix_c_decode)
{
	static fields_of third = { { ":method", "GET" },
				   { ":scheme", "https" },
				   { ":path", "/index.html" },
				   { ":authority", "www.example.com" },
				   { "custom-key", "custom-value" },
				   { NULL, NULL } };
	static fields_of answer = { { ":status", "200" },
				    { "cache-control", "private" },
				    { "date", "Mon, 21 Oct 2013 20:13:22 GMT" },
				    { "location", "https://www.example.com" },
				    { "content-encoding", "gzip" },
				    { "set-cookie",
				      "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1" },
				    { NULL, NULL } };

	/* C.4: requests with Huffman coding */
	put_hex(&client, END, 1, "828684418cf1e3c2e5f23a6ba0ab90f4ff");
	put_hex(&client, END, 3, "828684be5886a8eb10649cbf");
	put_hex(&client, END, 5, "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf");
	/* C.6: answers with Huffman coding, in a table of 256 bytes (3fe101) that evicts */
	put_hex(&server, END, 1,
		"3fe101488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff"
		"6e919d29ad171863c78f0b97c8e9ae82ae43d3");
	put_hex(&server, END, 3, "4883640effc1c0bf");
	put_hex(&server, END, 5,
		"88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821d"
		"d7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b106"
		"3d5007");
	read_whole();
	ck_assert_uint_eq(axev__h2_count(h2), 3);
	assert_fields(axev__h2_at(h2, 2)->request.head, third);
	assert_fields(axev__h2_at(h2, 2)->response.head, answer);
	ck_assert_uint_eq(axev__h2_at(h2, 0)->status, 302);
	ck_assert_uint_eq(axev__h2_at(h2, 1)->status, 307);
}
END_TEST

START_TEST(h2__a_field_section_may_be_split_anywhere)
{
	uint8_t block[1024];
	size_t size, at;

	put_headers(&client, END, 1, get);
	for (at = 0;; at++) {
		peer_stop(&server);
		peer_start(&server, "", 4096);
		put_settings(&server, 0);
		size = deflate(&server, ok, block, sizeof(block));
		if (at > size)
			break;
		put_frame(&server, AXEV__H2_HEADERS, END, 1, block, at);
		put_frame(&server, AXEV__H2_CONTINUATION, 0, 1, block + at, 0);
		put_frame(&server, AXEV__H2_CONTINUATION, AXEV__H2_FLAG_END_HEADERS, 1, block + at,
			  size - at);
		read_whole();
		assert_fields(axev__h2_at(h2, 0)->response.head, ok);
		ck_assert(axev__h2_at(h2, 0)->response.is_complete);
		ck_assert_uint_eq(axev__h2_at(h2, 0)->response.head->end_offset, server.bytes.size);
	}
	ck_assert_uint_gt(at, 3);
}
END_TEST

START_TEST(h2__padding_and_priority_are_taken_off)
{
	static const uint8_t padded[] = "\x03"
					"abc"
					"\0\0\0",
			     all_padding[] = "\x02\0";
	uint8_t block[1024] = { 2 /* padding */, 0x80, 0, 0, 5, 255 /* depends on stream 5 */ };
	size_t size = deflate(&client, get, block + 6, sizeof(block) - 8);

	put_frame(&client, AXEV__H2_HEADERS,
		  AXEV__H2_FLAG_PADDED | AXEV__H2_FLAG_PRIORITY | AXEV__H2_FLAG_END_HEADERS, 1,
		  block, size + 8);
	put_frame(&client, AXEV__H2_DATA, AXEV__H2_FLAG_PADDED | END, 1, padded, 7);
	put_headers(&server, 0, 1, ok);
	put_frame(&server, AXEV__H2_DATA, AXEV__H2_FLAG_PADDED, 1, "\0xyz", 4);
	put_frame(&server, AXEV__H2_DATA, AXEV__H2_FLAG_PADDED | END, 1, all_padding, 3);
	read_whole();
	assert_fields(axev__h2_at(h2, 0)->request.head, get);
	assert_body(&axev__h2_at(h2, 0)->request, "abc");
	assert_body(&axev__h2_at(h2, 0)->response, "xyz");
}
END_TEST

START_TEST(h2__interleaved_streams_come_in_the_order_of_their_requests)
{
	put_headers(&client, 0, 1, get);
	put_headers(&client, 0, 3, get);
	put_data(&client, END, 3, "three");
	put_data(&client, END, 1, "one");
	put_headers(&server, 0, 3, ok);
	put_data(&server, 0, 3, "aa");
	put_headers(&server, 0, 1, ok);
	put_data(&server, 0, 1, "bb");
	put_data(&server, END, 3, "cc");
	put_data(&server, 0, 1, "dd");
	put_data(&server, END, 1, "");
	read_whole();
	ck_assert_uint_eq(axev__h2_at(h2, 0)->stream, 1);
	ck_assert_uint_eq(axev__h2_at(h2, 1)->stream, 3);
	assert_body(&axev__h2_at(h2, 0)->request, "one");
	assert_body(&axev__h2_at(h2, 1)->request, "three");
	assert_body(&axev__h2_at(h2, 0)->response, "bbdd");
	assert_body(&axev__h2_at(h2, 1)->response, "aacc");
}
END_TEST

START_TEST(h2__interim_heads_and_trailers_stand_apart)
{
	static fields_of hints = { { ":status", "103" }, { "link", "</a.css>" }, { NULL, NULL } };
	static fields_of trailer = { { "x-sum", "1" }, { "x-sum", "1" }, { NULL, NULL } };
	const struct axev__h2_exchange *exchange;

	put_headers(&client, 0, 1, get);
	put_headers(&client, END, 1, trailer);
	put_headers(&server, 0, 1, hints);
	put_headers(&server, 0, 1, hints);
	put_headers(&server, 0, 1, ok);
	put_data(&server, 0, 1, "x");
	put_headers(&server, END, 1, trailer);
	read_whole();
	exchange = axev__h2_at(h2, 0);
	ck_assert_uint_eq(exchange->interim_count, 2);
	assert_fields(exchange->interim[1], hints);
	assert_fields(exchange->response.head, ok);
	assert_fields(exchange->response.trailers, trailer);
	assert_fields(exchange->request.trailers, trailer);
	ck_assert_uint_eq(exchange->status, 200);
	ck_assert(exchange->request.is_complete && exchange->response.is_complete);
}
END_TEST

START_TEST(h2__resets_and_goaway_are_told)
{
	static const uint8_t goaway[] = { 0x80, 0, 0, 5, 0, 0, 0, 11, 'b', 'y', 'e' };
	const struct axev__h2_exchange *exchange;
	uint64_t reset, away;

	put_headers(&client, END, 1, get);
	put_headers(&client, END, 3, get);
	put_frame(&client, AXEV__H2_RST_STREAM, 0, 1, "\0\0\0\x08", 4);
	put_headers(&server, 0, 3, ok);
	put_data(&server, 0, 3, "par");
	reset = put_frame(&server, AXEV__H2_RST_STREAM, 0, 3, "\0\0\0\x02", 4);
	away = put_frame(&server, AXEV__H2_GOAWAY, 0, 0, goaway, sizeof(goaway));
	read_whole();
	exchange = axev__h2_at(h2, 0);
	ck_assert(exchange->request.is_complete && exchange->request.is_reset);
	ck_assert_uint_eq(exchange->request.reset_code, 8);
	ck_assert(!exchange->response.is_reset && !exchange->response.head);
	exchange = axev__h2_at(h2, 1);
	ck_assert(exchange->response.is_reset && !exchange->response.is_complete);
	ck_assert_uint_eq(exchange->response.reset_code, 2);
	ck_assert_uint_eq(exchange->response.reset_offset, reset);
	assert_body(&exchange->response, "par");
	ck_assert(axev__h2_received(h2)->is_goaway && !axev__h2_sent(h2)->is_goaway);
	ck_assert_uint_eq(axev__h2_received(h2)->goaway_last_stream, 5);
	ck_assert_uint_eq(axev__h2_received(h2)->goaway_code, 11);
	ck_assert_uint_eq(axev__h2_received(h2)->goaway_offset, away);
}
END_TEST

START_TEST(h2__a_pushed_answer_has_the_promised_request)
{
	uint8_t promise[1024] = { 0, 0, 0, 2 };
	size_t size;

	put_headers(&client, END, 1, get);
	put_frame(&client, AXEV__H2_RST_STREAM, 0, 2, "\0\0\0\x07", 4); /* refused, seen first */
	size = deflate(&server, get, promise + 4, sizeof(promise) - 4);
	put_frame(&server, AXEV__H2_PUSH_PROMISE, AXEV__H2_FLAG_END_HEADERS, 1, promise, size + 4);
	put_headers(&server, END, 1, ok);
	put_headers(&server, 0, 2, ok);
	put_data(&server, END, 2, "pushed");
	read_whole();
	ck_assert_uint_eq(axev__h2_count(h2), 2);
	ck_assert(!axev__h2_at(h2, 0)->is_pushed);
	ck_assert(axev__h2_at(h2, 1)->is_pushed && axev__h2_at(h2, 1)->request.is_reset);
	ck_assert_int_eq(axev__h2_at(h2, 1)->use, AXEV__H2_HTTP);
	assert_fields(axev__h2_at(h2, 1)->request.head, get);
	assert_body(&axev__h2_at(h2, 1)->response, "pushed");
}
END_TEST

START_TEST(h2__frames_of_unknown_type_are_read_over)
{
	put_frame(&client, 0x42, 0xFF, 77, "whatever", 8);
	put_headers(&client, END, 1, get);
	put_frame(&server, 0xA, 0, 0, "alt-svc", 7);
	put_frame(&server, AXEV__H2_PING, 0, 0, "12345678", 8);
	put_frame(&server, AXEV__H2_WINDOW_UPDATE, 0, 0, "\0\0\1\0", 4);
	put_frame(&server, AXEV__H2_PRIORITY, 0, 1, "\0\0\0\0\1", 5);
	put_headers(&server, END, 1, ok);
	read_whole();
	ck_assert_uint_eq(axev__h2_at(h2, 0)->status, 200);
}
END_TEST

START_TEST(h2__connect_is_no_http_exchange)
{
	static fields_of socket = { { ":method", "CONNECT" },	   { ":protocol", "websocket" },
				    { ":scheme", "https" },	   { ":path", "/chat" },
				    { ":authority", "a.example" }, { NULL, NULL } };
	AXEV__BUF head = AXEV__BUF_INIT(1000);

	put_headers(&client, 0, 1, socket);
	put_headers(&server, 0, 1, ok);
	read_whole();
	ck_assert_int_eq(axev__h2_at(h2, 0)->use, AXEV__H2_TUNNEL);
	ck_assert(axev__span_is(axev__h2_at(h2, 0)->protocol, "websocket"));
	assert_fails(axev__h2_request_head(axev__h2_at(h2, 0), &head, &err), AXEV_E_FORMAT,
		     "expected an HTTP request, found a tunnel");
}
END_TEST

START_TEST(h2__requests_without_their_pseudo_fields_are_malformed)
{
	static const struct {
		const char *fields[8][2];
		const char *flaw;
	} cases[] = {
		{ { { ":method", "GET" }, { ":scheme", "https" } },
		  "no :method, :scheme or :path" },
		{ { { ":method", "GET" }, { ":method", "PUT" } },
		  "a pseudo field twice in the request" },
		{ { { ":method", "GET" }, { ":odd", "x" } },
		  "an unknown pseudo field in the request" },
		{ { { ":method", "GET" },
		    { ":scheme", "https" },
		    { ":path", "/" },
		    { ":protocol", "x" } },
		  ":protocol without CONNECT" },
	};
	size_t i;

	for (i = 0; i < AXEV__COUNT(cases); i++)
		put_headers(&client, END, (uint32_t)i * 2 + 1, cases[i].fields);
	put_headers(&server, END, 101, ok);
	read_whole();
	for (i = 0; i < AXEV__COUNT(cases); i++) {
		ck_assert_int_eq(axev__h2_at(h2, i)->use, AXEV__H2_MALFORMED);
		ck_assert_str_eq(axev__h2_at(h2, i)->flaw, cases[i].flaw);
	}
	ck_assert_uint_eq(axev__h2_count(h2), i + 1);
	ck_assert_int_eq(axev__h2_at(h2, i)->use, AXEV__H2_MALFORMED);
	ck_assert_str_eq(axev__h2_at(h2, i)->flaw, "no request head");
}
END_TEST

START_TEST(h2__an_answer_without_status_is_told)
{
	static fields_of none = { { "x", "y" }, { NULL, NULL } },
			 odd = { { ":status", "2 0" }, { NULL, NULL } };

	put_headers(&client, END, 1, get);
	put_headers(&client, END, 3, get);
	put_headers(&server, END, 1, none);
	put_headers(&server, END, 3, odd);
	read_whole();
	ck_assert_str_eq(axev__h2_at(h2, 0)->flaw, "no :status of three digits");
	ck_assert_str_eq(axev__h2_at(h2, 1)->flaw, "no :status of three digits");
	ck_assert_uint_eq(axev__h2_at(h2, 1)->status, 0);
	ck_assert_int_eq(axev__h2_at(h2, 0)->use, AXEV__H2_HTTP);
}
END_TEST

START_TEST(h2__frames_behind_the_end_of_a_stream_are_put_aside_but_decoded)
{
	put_headers(&client, END, 1, get);
	put_headers(&client, END, 3, get);
	put_headers(&server, END, 1, ok);
	put_data(&server, 0, 1, "late");
	put_headers(&server, END, 1, get); /* enters the table, which the next needs */
	put_headers(&server, END, 3, get);
	read_both();
	ck_assert_uint_eq(axev__h2_received(h2)->stray_frames, 2);
	ck_assert_int_eq(axev__h2_received(h2)->status, AXEV_OK);
	assert_fields(axev__h2_at(h2, 0)->response.head, ok);
	assert_body(&axev__h2_at(h2, 0)->response, "");
	ck_assert_str_eq(axev__h2_at(h2, 0)->flaw, "frames where none may stand, put aside");
	assert_fields(axev__h2_at(h2, 1)->response.head, get);
}
END_TEST

/* --- the dynamic table's size --- */

START_TEST(h2__the_table_may_grow_to_what_the_client_announced)
{
	uint8_t big[] = { 0x3F, 0xE1, 0xFF, 0x03, 0x88 }; /* table size 65536, :status 200 */
	uint64_t offset;

	put_headers(&client, END, 1, get);
	offset = put_frame(&server, AXEV__H2_HEADERS, END | AXEV__H2_FLAG_END_HEADERS, 1, big,
			   sizeof(big));
	read_both();
	assert_stopped(axev__h2_received(h2), offset,
		       "expected a field section that HPACK decodes, found another");
	put_setting(&client, AXEV__H2_SETTING_TABLE_SIZE, 65536);
	read_whole();
	ck_assert_uint_eq(axev__h2_at(h2, 0)->status, 200);
}
END_TEST

START_TEST(h2__a_table_that_grew_holds_what_4096_bytes_do_not)
{
	char value[3000];
	const char *first[][2] = {
		{ ":status", "200" }, { "a", value }, { "b", value }, { NULL, NULL }
	};

	memset(value, 'v', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	peer_stop(&server);
	peer_start(&server, "", 65536);
	ck_assert_int_eq(nghttp2_hd_deflate_change_table_size(server.deflater, 65536), 0);
	put_settings(&server, 0);
	put_setting(&client, AXEV__H2_SETTING_TABLE_SIZE, 65536);
	put_headers(&client, END, 1, get);
	put_headers(&client, END, 3, get);
	put_settings(&server, AXEV__H2_FLAG_ACK);
	put_settings(&server, AXEV__H2_FLAG_ACK);
	put_headers(&server, END, 1, first);
	put_headers(&server, END, 3, first);
	ck_assert_uint_lt(server.bytes.size, 6000); /* the second time by index */
	read_whole();
	assert_fields(axev__h2_at(h2, 1)->response.head, first);
}
END_TEST

START_TEST(h2__a_smaller_table_counts_once_acknowledged)
{
	uint64_t offset;

	/* The set-up's SETTINGS is the first; the second forbids a table. */
	put_setting(&client, AXEV__H2_SETTING_TABLE_SIZE, 0);
	put_headers(&client, END, 1, get);
	put_headers(&client, END, 3, get);
	put_settings(&server, AXEV__H2_FLAG_ACK);
	put_headers(&server, END, 1, ok);
	put_settings(&server, AXEV__H2_FLAG_ACK);
	offset = put_headers(&server, END, 3, ok); /* still refers to the table */
	read_both();
	assert_fields(axev__h2_at(h2, 0)->response.head, ok);
	assert_stopped(axev__h2_received(h2), offset,
		       "expected a field section that HPACK decodes, found another");
	server.bytes.size = offset;
	ck_assert_int_eq(nghttp2_hd_deflate_change_table_size(server.deflater, 0), 0);
	put_headers(&server, END, 3, ok);
	read_whole();
	assert_fields(axev__h2_at(h2, 1)->response.head, ok);
}
END_TEST

/* --- what cannot be read --- */

START_TEST(h2__what_was_read_before_a_flaw_stays)
{
	static const struct {
		unsigned type, flags;
		uint32_t stream;
		const char *payload;
		size_t size;
		const char *why;
	} cases[] = {
		{ AXEV__H2_DATA, AXEV__H2_FLAG_PADDED, 1,
		  "\x04"
		  "abc",
		  4, "expected padding and fixed parts within 4 bytes, found 5" },
		{ AXEV__H2_DATA, AXEV__H2_FLAG_PADDED, 1, "", 0,
		  "expected padding and fixed parts within 0 bytes, found 1" },
		{ AXEV__H2_HEADERS, AXEV__H2_FLAG_PADDED | AXEV__H2_FLAG_PRIORITY, 3,
		  "\1\0\0\0\0\0", 6, "expected padding and fixed parts within 6 bytes, found 7" },
		{ AXEV__H2_HEADERS, AXEV__H2_FLAG_END_HEADERS, 3, "\xFF\xFF\x7F", 3,
		  "expected a field section that HPACK decodes, found another" },
		{ AXEV__H2_HEADERS, AXEV__H2_FLAG_END_HEADERS, 3, "\x80", 1,
		  "expected a field section that HPACK decodes, found another" },
		{ AXEV__H2_HEADERS, AXEV__H2_FLAG_END_HEADERS, 3,
		  "\x40\x0A"
		  "abc",
		  5, "expected a field section that HPACK decodes, found another" },
		{ AXEV__H2_CONTINUATION, AXEV__H2_FLAG_END_HEADERS, 1, "\x88", 1,
		  "expected CONTINUATION behind HEADERS, found it alone" },
		{ AXEV__H2_DATA, 0, 0, "x", 1, "expected DATA on a stream, found stream 0" },
		{ AXEV__H2_SETTINGS, 0, 1, "", 0, "expected SETTINGS on stream 0, found stream 1" },
		{ AXEV__H2_SETTINGS, 0, 0, "12345", 5,
		  "expected SETTINGS of whole settings, or empty with ACK, found 5 bytes" },
		{ AXEV__H2_SETTINGS, AXEV__H2_FLAG_ACK, 0, "123456", 6,
		  "expected SETTINGS of whole settings, or empty with ACK, found 6 bytes" },
		{ AXEV__H2_RST_STREAM, 0, 1, "123", 3, "expected RST_STREAM of 4 bytes, found 3" },
		{ AXEV__H2_PING, 0, 0, "1234", 4, "expected PING of 8 bytes, found 4" },
		{ AXEV__H2_GOAWAY, 0, 0, "1234567", 7,
		  "expected GOAWAY of 8 bytes or more, found 7" },
		{ AXEV__H2_PUSH_PROMISE, 0, 1, "\0\0\0\3", 4,
		  "expected a promised stream of even number, found 3" },
		{ AXEV__H2_PUSH_PROMISE, 0, 1, "\0\0\0", 3,
		  "expected padding and fixed parts within 3 bytes, found 4" },
	};
	uint64_t offset;
	size_t i;

	put_headers(&client, END, 1, get);
	put_headers(&server, 0, 1, ok);
	offset = put_data(&server, 0, 1, "kept");
	offset = server.bytes.size;
	for (i = 0; i < AXEV__COUNT(cases); i++) {
		server.bytes.size = offset;
		put_frame(&server, cases[i].type, cases[i].flags, cases[i].stream, cases[i].payload,
			  cases[i].size);
		put_data(&server, END, 1, "lost");
		read_both();
		assert_stopped(axev__h2_received(h2), offset, cases[i].why);
		ck_assert_int_eq(axev__h2_sent(h2)->status, AXEV_OK);
		assert_fields(axev__h2_at(h2, 0)->response.head, ok);
		assert_body(&axev__h2_at(h2, 0)->response, "kept");
		ck_assert(!axev__h2_at(h2, 0)->response.is_complete);
	}
}
END_TEST

START_TEST(h2__nothing_may_stand_inside_of_a_field_section)
{
	uint64_t offset = put_frame(&client, AXEV__H2_HEADERS, END, 1, "\x82", 1);

	put_frame(&client, 0x42, 0, 1, "", 0);
	read_both();
	assert_stopped(axev__h2_sent(h2), offset,
		       "expected CONTINUATION on stream 1, found type 66 on stream 1");
	client.bytes.size = offset;
	put_frame(&client, AXEV__H2_HEADERS, END, 1, "\x82", 1);
	put_frame(&client, AXEV__H2_CONTINUATION, AXEV__H2_FLAG_END_HEADERS, 3, "", 0);
	read_both();
	assert_stopped(axev__h2_sent(h2), offset,
		       "expected CONTINUATION on stream 1, found type 9 on stream 3");
}
END_TEST

START_TEST(h2__frames_may_be_as_large_as_their_receiver_announced)
{
	static uint8_t big[20000];
	uint64_t offset;

	put_headers(&client, END, 1, get);
	put_headers(&server, 0, 1, ok);
	offset = put_frame(&server, AXEV__H2_DATA, END, 1, big, sizeof(big));
	read_both();
	assert_stopped(axev__h2_received(h2), offset,
		       "expected a frame of at most 16384 bytes, found 20000");
	put_setting(&client, AXEV__H2_SETTING_MAX_FRAME_SIZE, 20000);
	read_whole();
	ck_assert_uint_eq(axev__h2_at(h2, 0)->response.body_bytes, sizeof(big));
}
END_TEST

START_TEST(h2__other_protocols_are_told_apart)
{
	put_headers(&client, END, 1, get);
	server.bytes.size = 0;
	assert_ok(axev__buf_str(&server.bytes, "HTTP/1.1 400 Bad Request\r\n\r\n", &err));
	read_both();
	assert_stopped(axev__h2_received(h2), 0,
		       "expected a frame of at most 16384 bytes, found 4740180");
	server.bytes.size = 0;
	put_headers(&server, END, 1, ok);
	read_both();
	assert_stopped(axev__h2_received(h2), 0,
		       "expected SETTINGS as the first frame, found type 1");
	ck_assert(axev__h2_is(peer_view(&client)) && !axev__h2_is(peer_view(&server)));
	client.bytes.data[3] = '_';
	read_both();
	assert_stopped(axev__h2_sent(h2), 0, "expected the HTTP/2 connection preface");
	client.bytes.size = 0;
	put_headers(&client, END, 1, get);
	read_both();
	assert_stopped(axev__h2_sent(h2), 0, "expected the HTTP/2 connection preface");
}
END_TEST

START_TEST(h2__a_client_does_not_push)
{
	uint64_t offset = put_frame(&client, AXEV__H2_PUSH_PROMISE, 0, 1, "\0\0\0\2", 4);

	read_both();
	assert_stopped(axev__h2_sent(h2), offset,
		       "expected no PUSH_PROMISE from a client, found one");
}
END_TEST

START_TEST(h2__bytes_may_end_anywhere)
{
	const struct axev__h2_exchange *exchange;
	uint64_t head, data, end;
	size_t size, whole;

	put_headers(&client, END, 1, get);
	head = put_headers(&server, 0, 1, ok);
	data = put_data(&server, END, 1, "0123456789");
	whole = server.bytes.size;
	for (size = 0; size < whole; size++) {
		server.bytes.size = size;
		read_both();
		ck_assert_int_eq(axev__h2_received(h2)->status, AXEV_OK);
		end = size < 9 ? 0 : size < data ? head : data;
		ck_assert_uint_eq(axev__h2_received(h2)->offset, end);
		exchange = axev__h2_at(h2, 0);
		ck_assert_int_eq(exchange->response.head != NULL, size >= data);
		ck_assert(!exchange->response.is_complete);
		ck_assert_uint_eq(exchange->response.body_bytes,
				  size > data + 9 ? size - data - 9 : 0);
	}
	server.bytes.size = whole;
	for (size = 0; size < client.bytes.size; size++) {
		AXEV__H2 *cut = NULL;

		assert_ok(axev__h2_read(axev__span(client.bytes.data, size), peer_view(&server),
					&cut, &err));
		ck_assert_int_eq(axev__h2_sent(cut)->status, AXEV_OK);
		ck_assert_uint_le(axev__h2_sent(cut)->offset, size);
		ck_assert_uint_eq(axev__h2_count(cut), 1); /* the answer alone */
		ck_assert_str_eq(axev__h2_at(cut, 0)->flaw, "no request head");
	}
	read_whole();
}
END_TEST

START_TEST(h2__a_section_cut_before_its_continuation_is_no_head)
{
	uint64_t offset = put_frame(&client, AXEV__H2_HEADERS, END, 1, "\x82\x87\x84", 3);

	read_both();
	ck_assert_uint_eq(axev__h2_count(h2), 0);
	ck_assert_uint_eq(axev__h2_sent(h2)->offset, offset);
	put_frame(&client, AXEV__H2_CONTINUATION, AXEV__H2_FLAG_END_HEADERS, 1, "\x41\1x", 3);
	client.bytes.size--;
	read_both();
	ck_assert_uint_eq(axev__h2_count(h2), 0);
	ck_assert_uint_eq(axev__h2_sent(h2)->offset, offset);
	client.bytes.size++;
	read_whole();
	ck_assert_uint_eq(axev__h2_count(h2), 1);
}
END_TEST

/* --- limits --- */

START_TEST(h2__a_list_over_the_limit_is_not_kept_and_harms_no_other)
{
	uint8_t bomb[16000];
	uint8_t block[8192] = { 0x88, 0x40, 1, 'a', 0x7F, 0xA1, 0x1E }; /* a: 4000 bytes of value */

	memset(block + 7, 'v', 4000);
	memset(bomb, 0xBE, sizeof(bomb)); /* the same field by index, 16000 times */
	put_headers(&client, END, 1, get);
	put_headers(&client, END, 3, get);
	put_headers(&client, END, 5, get);
	put_frame(&server, AXEV__H2_HEADERS, AXEV__H2_FLAG_END_HEADERS, 1, block, 4007);
	put_data(&server, END, 1, "small");
	put_frame(&server, AXEV__H2_HEADERS, 0, 3, "\x88", 1);
	put_frame(&server, AXEV__H2_CONTINUATION, AXEV__H2_FLAG_END_HEADERS, 3, bomb, sizeof(bomb));
	put_data(&server, END, 3, "body");
	put_frame(&server, AXEV__H2_HEADERS, END | AXEV__H2_FLAG_END_HEADERS, 5, "\x88\xBE", 2);
	read_whole();
	ck_assert_ptr_null(axev__h2_at(h2, 0)->flaw);
	ck_assert_ptr_null(axev__h2_at(h2, 1)->response.head);
	ck_assert(axev__h2_at(h2, 1)->response.is_over_limit);
	ck_assert_str_eq(axev__h2_at(h2, 1)->flaw, "fields over the limit, not kept");
	ck_assert_uint_eq(axev__h2_at(h2, 1)->status, 200);
	assert_body(&axev__h2_at(h2, 1)->response, "body");
	ck_assert_uint_eq(axev__h2_at(h2, 2)->response.head->count, 2);
	ck_assert_uint_eq(axev__h2_at(h2, 2)->response.head->list[1].value.size, 4000);
}
END_TEST

START_TEST(h2__interim_heads_beyond_the_limit_are_told)
{
	static fields_of hints = { { ":status", "103" }, { NULL, NULL } };
	int i;

	put_headers(&client, END, 1, get);
	for (i = 0; i < AXEV__MAX_H2_INTERIM + 1; i++)
		put_headers(&server, 0, 1, hints);
	put_headers(&server, END, 1, ok);
	read_whole();
	ck_assert_uint_eq(axev__h2_at(h2, 0)->interim_count, AXEV__MAX_H2_INTERIM);
	ck_assert_str_eq(axev__h2_at(h2, 0)->flaw, "fields over the limit, not kept");
	assert_fields(axev__h2_at(h2, 0)->response.head, ok);
}
END_TEST

START_TEST(h2__streams_beyond_the_limit_end_the_reading)
{
	uint64_t offset = 0;
	uint32_t i;

	for (i = 0; i <= AXEV__MAX_H2_STREAMS; i++)
		offset = put_frame(&client, AXEV__H2_HEADERS, END | AXEV__H2_FLAG_END_HEADERS,
				   2 * i + 1, "\x82\x87\x84", 3);
	read_both();
	ck_assert_uint_eq(axev__h2_count(h2), AXEV__MAX_H2_STREAMS);
	ck_assert_int_eq(axev__h2_sent(h2)->status, AXEV_E_LIMIT);
	ck_assert_str_eq(axev__h2_sent(h2)->why,
			 "expected at most 32768 streams on one connection, found more");
	ck_assert_uint_eq(axev__h2_sent(h2)->offset, offset);
}
END_TEST

START_TEST(h2__field_lists_of_a_connection_have_a_limit_together)
{
	uint8_t first[8192] = { 0x88, 0x40, 1, 'a', 0x7F, 0xA1, 0x1E }; /* a: 4000 bytes */
	uint8_t many[61];
	const struct axev__h2_exchange *exchange;
	size_t kept = 0, kept_bytes = 0;
	uint32_t i;

	memset(first + 7, 'v', 4000);
	memset(many, 0xBE, sizeof(many));
	many[0] = 0x88;
	for (i = 0; i < 300; i++) {
		put_headers(&client, END, 2 * i + 1, get);
		put_frame(&server, AXEV__H2_HEADERS, END | AXEV__H2_FLAG_END_HEADERS, 2 * i + 1,
			  i ? many : first, i ? sizeof(many) : 4007);
	}
	read_whole();
	for (i = 0; i < 300; i++) {
		exchange = axev__h2_at(h2, i);
		ck_assert_int_eq(exchange->response.head == NULL, exchange->response.is_over_limit);
		ck_assert_uint_eq(exchange->status, 200);
		kept += exchange->response.head != NULL;
		kept_bytes += exchange->response.head ? exchange->response.head->count * 4000 : 0;
	}
	ck_assert_uint_gt(kept, 250);
	ck_assert_uint_lt(kept, 300);
	ck_assert_uint_lt(kept_bytes, AXEV__MAX_H2_CONNECTION_FIELDS + AXEV__MAX_H2_SECTION_BYTES);
	ck_assert_str_eq(axev__h2_at(h2, 299)->flaw, "fields over the limit, not kept");
}
END_TEST

START_TEST(h2__data_frames_beyond_the_limit_end_the_reading)
{
	enum { FRAME_BYTES = 10, FRAMES = 1 << 12 };
	uint8_t *frames;
	uint64_t begin;
	size_t i;

	put_headers(&client, END, 1, get);
	put_headers(&server, 0, 1, ok);
	begin = server.bytes.size;
	for (i = 0; i < FRAMES; i++)
		put_data(&server, 0, 1, "x");
	frames = malloc(FRAMES * FRAME_BYTES);
	ck_assert_ptr_nonnull(frames);
	memcpy(frames, server.bytes.data + begin, FRAMES * FRAME_BYTES);
	for (i = 1; i < AXEV__MAX_H2_PIECES / FRAMES; i++)
		assert_ok(axev__buf_append(&server.bytes, frames, FRAMES * FRAME_BYTES, &err));
	free(frames);
	read_whole();
	put_data(&server, 0, 1, "x");
	read_both();
	ck_assert_int_eq(axev__h2_received(h2)->status, AXEV_E_LIMIT);
	ck_assert_str_eq(axev__h2_received(h2)->why,
			 "expected at most 4194304 DATA frames on one connection, found more");
	ck_assert_uint_eq(axev__h2_received(h2)->offset, server.bytes.size - FRAME_BYTES);
	ck_assert_uint_eq(axev__h2_at(h2, 0)->response.body_bytes, AXEV__MAX_H2_PIECES);
}
END_TEST

START_TEST(h2__settings_beyond_those_that_are_timed_still_count)
{
	static const uint8_t big[] = { 0x3F, 0xE1, 0xFF, 0x03, 0x88 }; /* table size 65536 */
	int i;

	for (i = 0; i < AXEV__MAX_H2_SETTINGS + 5; i++) {
		put_settings(&client, 0);
		put_settings(&server, AXEV__H2_FLAG_ACK);
	}
	put_setting(&client, AXEV__H2_SETTING_TABLE_SIZE, 65536);
	put_settings(&server, AXEV__H2_FLAG_ACK);
	put_headers(&client, END, 1, get);
	put_frame(&server, AXEV__H2_HEADERS, END | AXEV__H2_FLAG_END_HEADERS, 1, big, sizeof(big));
	read_whole();
	ck_assert_uint_eq(axev__h2_at(h2, 0)->status, 200);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("h2");
	TCase *tcase = tcase_create("h2");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, h2__fields_keep_order_duplicates_and_bytes);
	tcase_add_test(tcase, h2__examples_of_rfc7541_appendix_c_decode);
	tcase_add_test(tcase, h2__a_field_section_may_be_split_anywhere);
	tcase_add_test(tcase, h2__padding_and_priority_are_taken_off);
	tcase_add_test(tcase, h2__interleaved_streams_come_in_the_order_of_their_requests);
	tcase_add_test(tcase, h2__interim_heads_and_trailers_stand_apart);
	tcase_add_test(tcase, h2__resets_and_goaway_are_told);
	tcase_add_test(tcase, h2__a_pushed_answer_has_the_promised_request);
	tcase_add_test(tcase, h2__frames_of_unknown_type_are_read_over);
	tcase_add_test(tcase, h2__connect_is_no_http_exchange);
	tcase_add_test(tcase, h2__requests_without_their_pseudo_fields_are_malformed);
	tcase_add_test(tcase, h2__an_answer_without_status_is_told);
	tcase_add_test(tcase, h2__frames_behind_the_end_of_a_stream_are_put_aside_but_decoded);
	tcase_add_test(tcase, h2__the_table_may_grow_to_what_the_client_announced);
	tcase_add_test(tcase, h2__a_table_that_grew_holds_what_4096_bytes_do_not);
	tcase_add_test(tcase, h2__a_smaller_table_counts_once_acknowledged);
	tcase_add_test(tcase, h2__what_was_read_before_a_flaw_stays);
	tcase_add_test(tcase, h2__nothing_may_stand_inside_of_a_field_section);
	tcase_add_test(tcase, h2__frames_may_be_as_large_as_their_receiver_announced);
	tcase_add_test(tcase, h2__other_protocols_are_told_apart);
	tcase_add_test(tcase, h2__a_client_does_not_push);
	tcase_add_test(tcase, h2__bytes_may_end_anywhere);
	tcase_add_test(tcase, h2__a_section_cut_before_its_continuation_is_no_head);
	tcase_add_test(tcase, h2__a_list_over_the_limit_is_not_kept_and_harms_no_other);
	tcase_add_test(tcase, h2__interim_heads_beyond_the_limit_are_told);
	tcase_add_test(tcase, h2__streams_beyond_the_limit_end_the_reading);
	tcase_add_test(tcase, h2__field_lists_of_a_connection_have_a_limit_together);
	tcase_add_test(tcase, h2__data_frames_beyond_the_limit_end_the_reading);
	tcase_add_test(tcase, h2__settings_beyond_those_that_are_timed_still_count);
	tcase_set_timeout(tcase, 120);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
