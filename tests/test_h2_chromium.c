/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A connection of Chromium to tests/web/truth_server.py, both directions as its NetLog has them,
 * and what the server logged about it (tests/data/h2/chromium.*).
 */
#include "h2_peer.h"

#include <inttypes.h>

#include "base/text.h"
#include "crypto/digest.h"

static axev_error err;

static void load(struct axev__buf *out, const char *name)
{
	char path[4096];
	uint8_t block[4096];
	size_t size;
	FILE *file;

	snprintf(path, sizeof(path), "%s/h2/%s", getenv("AXEV_TEST_DATA"), name);
	file = fopen(path, "rb");
	ck_assert_ptr_nonnull(file);
	while ((size = fread(block, 1, sizeof(block), file)) > 0)
		assert_ok(axev__buf_append(out, block, size, &err));
	fclose(file);
}

/* SHA-256 over each name and value with a newline behind. */
static void put_fields_digest(struct axev__buf *out, const struct axev__h2_fields *fields)
{
	AXEV__BUF text = AXEV__BUF_INIT(AXEV__MIB);
	uint8_t sha256[32];
	char hex[65];
	size_t i;

	ck_assert_ptr_nonnull(fields);
	for (i = 0; i < fields->count; i++) {
		assert_ok(axev__buf_span(&text, fields->list[i].name, &err));
		assert_ok(axev__buf_byte(&text, '\n', &err));
		assert_ok(axev__buf_span(&text, fields->list[i].value, &err));
		assert_ok(axev__buf_byte(&text, '\n', &err));
	}
	assert_ok(axev__sha256(text.data, text.size, sha256, &err));
	axev__hex(hex, sha256, sizeof(sha256));
	assert_ok(axev__buf_str(out, hex, &err));
}

static void put_exchange(struct axev__buf *out, const struct axev__h2 *h2,
			 const struct axev__h2_exchange *exchange)
{
	const struct axev__h2_message *response = &exchange->response;
	uint8_t sha256[32];
	char hex[65];

	ck_assert_int_eq(exchange->use, AXEV__H2_HTTP);
	ck_assert_ptr_null(exchange->flaw);
	ck_assert(exchange->request.is_complete && response->is_complete);
	assert_ok(axev__h2_body_sha256(h2, response, sha256, &err));
	axev__hex(hex, sha256, sizeof(sha256));
	assert_ok(axev__buf_printf(out, &err, "%u %.*s %.*s ", exchange->stream,
				   (int)exchange->method.size, exchange->method.data,
				   (int)exchange->path.size, exchange->path.data));
	put_fields_digest(out, exchange->request.head);
	assert_ok(
		axev__buf_printf(out, &err, " %u %zu ", exchange->status, exchange->interim_count));
	put_fields_digest(out, response->head);
	assert_ok(axev__buf_printf(out, &err, " %" PRIu64 " %s %zu\n", response->body_bytes, hex,
				   response->trailers ? response->trailers->count : 0));
}

START_TEST(h2_chromium__a_real_connection_is_what_its_server_logged)
{
	AXEV__BUF sent = AXEV__BUF_INIT(AXEV__MIB);
	AXEV__BUF received = AXEV__BUF_INIT(AXEV__MIB);
	AXEV__BUF expected = AXEV__BUF_INIT(AXEV__MIB);
	AXEV__BUF found = AXEV__BUF_INIT(AXEV__MIB);
	AXEV__H2 *h2 = NULL;
	size_t i;

	load(&sent, "chromium.sent");
	load(&received, "chromium.received");
	load(&expected, "chromium.expected");
	assert_ok(axev__h2_read(axev__buf_view(&sent), axev__buf_view(&received), &h2, &err));
	ck_assert_str_eq(axev__h2_sent(h2)->why, "");
	ck_assert_str_eq(axev__h2_received(h2)->why, "");
	ck_assert_uint_eq(axev__h2_sent(h2)->offset, sent.size);
	ck_assert_uint_eq(axev__h2_received(h2)->offset, received.size);
	for (i = 0; i < axev__h2_count(h2); i++)
		put_exchange(&found, h2, axev__h2_at(h2, i));
	ck_assert_str_eq((char *)found.data, (char *)expected.data);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("h2_chromium");
	TCase *tcase = tcase_create("h2_chromium");

	tcase_add_test(tcase, h2_chromium__a_real_connection_is_what_its_server_logged);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
