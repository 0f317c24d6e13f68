/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <sys/mman.h>

#include "content/warc_payload.h"
#include "crypto/digest.h"

#define ID "00000000-0000-4000-8000-000000000001"
#define DIGEST "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define START "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:" ID ">\r\n"
#define DATE "WARC-Date: 1970-01-01T00:00:00.000000001Z\r\n"
#define END "WARC-Block-Digest: " DIGEST "\r\nContent-Length: 3\r\n\r\nabc\r\n\r\n"

static axev_error err;

START_TEST(warc_read__what_was_written_is_read)
{
	const char *protocols[] = { "h2", "tls/1.3", NULL };
	struct axev__warc_record record = { .type = "response", .id = ID, .date_ns = 1,
		.target_uri = "http://a/", .ip_address = "::1", .concurrent_to = ID,
		.truncated = "length", .content_type = "text/plain", .protocols = protocols,
		.block = axev__span_str("ab"), .block_rest = axev__source_memory(axev__span_str("c")),
		.payload = axev__span_str("c") };
	struct axev__warc_writer writer = { .fd = memfd_create("warc", MFD_CLOEXEC) };
	struct axev__warc_place first, second;
	AXEV__WARC_READER reader;
	struct axev__warc_view view;
	struct axev__source source;
	uint8_t digest[32];
	bool found;

	assert_ok(axev__warc_write(&writer, &record, &first, &err));
	record.payload.data = NULL;
	record.payload_sha256 = first.sha256;
	record.type = "request";
	record.is_masked = true;
	assert_ok(axev__warc_write(&writer, &record, &second, &err));
	assert_ok(axev__source_file(writer.fd, &source, &err));
	axev__warc_reader_init(&reader, &source);
	assert_ok(axev__warc_next(&reader, &view, &found, &err));
	ck_assert(found);
	ck_assert_str_eq(view.record.type, "response");
	ck_assert(!view.record.is_masked);
	ck_assert_str_eq(view.record.id, ID);
	ck_assert_str_eq(view.record.concurrent_to, ID);
	ck_assert_str_eq(view.record.protocols[1], "tls/1.3");
	ck_assert_ptr_null(view.record.protocols[2]);
	ck_assert_uint_eq(view.length_bytes, first.length_bytes);
	ck_assert_uint_eq(view.block_bytes, 3);
	assert_ok(axev__warc_hash(&source, view.block_offset, 3, digest, &err));
	ck_assert_mem_eq(digest, view.block_sha256, 32);
	assert_ok(axev__warc_hash(&source, 0, view.length_bytes, digest, &err));
	ck_assert_mem_eq(digest, first.sha256, 32);
	assert_ok(axev__warc_next(&reader, &view, &found, &err));
	ck_assert_uint_eq(view.offset_bytes, second.offset_bytes);
	ck_assert(view.record.is_masked);
	ck_assert_mem_eq(view.record.payload_sha256, first.sha256, 32);
	assert_ok(axev__warc_next(&reader, &view, &found, &err));
	ck_assert(!found);
	close(writer.fd);
}
END_TEST

static const struct {
	const char *bytes, *message;
} refused[] = {
	{ "WARC/1.0\r\n\r\n", "WARC record 1: expected WARC/1.1 and a line break, found something else" },
	{ "WARC/1.1\r\nx: y\r\n\r\n",
	  "WARC record 1: field 'x': unknown, or its value is not one that is written" },
	{ "WARC/1.1\r\nx\r\n\r\n", "WARC record 1: expected a field, found 'x'" },
	{ "WARC/1.1\r\nWARC-Type: response\r\n\r\n",
	  "WARC record 1: expected a type, an identifier, a block digest and a length" },
	{ START DATE END "x", "WARC record 2: expected the fields of a record to end within 1048576 bytes" },
	{ DATE, "WARC record 1: expected the fields of a record to end within 1048576 bytes" },
	{ START END, "WARC record 1: the fields are not written, or not ordered, as the writer does" },
	{ START "warc-date: 1970-01-01T00:00:00.000000001Z\r\n" END,
	  "WARC record 1: field 'warc-date': unknown, or its value is not one that is written" },
	{ START DATE DATE END,
	  "WARC record 1: the fields are not written, or not ordered, as the writer does" },
	{ START DATE "Content-Type: x\r\nWARC-Target-URI: http://a/\r\n" END,
	  "WARC record 1: the fields are not written, or not ordered, as the writer does" },
	{ START DATE "AX-Head-Mask: head-mask/1\r\n" END, "WARC record 1: only the head of a request can be masked" },
	{ START DATE "AX-Head-Mask: head-mask/2\r\n" END,
	  "WARC record 1: field 'AX-Head-Mask': unknown, or its value is not one that is written" },
	{ START "WARC-Date: 1970-01-01T00:00:00Z\r\n" END,
	  "WARC record 1: field 'WARC-Date': unknown, or its value is not one that is written" },
	{ START DATE "WARC-Concurrent-To: <urn:uuid:1>\r\n" END,
	  "WARC record 1: field 'WARC-Concurrent-To': unknown, or its value is not one that is written" },
	{ START DATE "WARC-Block-Digest: " DIGEST "\r\nContent-Length: 2\r\n\r\nabc\r\n\r\n",
	  "WARC record 1: expected two line breaks behind the block, found something else" },
	{ START DATE "WARC-Block-Digest: " DIGEST "\r\nContent-Length: 4\r\n\r\nabc\r\n\r\n",
	  "WARC record 1: expected a block of 4 bytes and its end, the file ends before" },
	{ START DATE "WARC-Block-Digest: " DIGEST "\r\nContent-Length: 18446744073709551615\r\n\r\nabc",
	  "WARC record 1: expected a block of 18446744073709551615 bytes and its end, the file ends "
	  "before" },
	{ START DATE "WARC-Block-Digest: " DIGEST "\r\nContent-Length: 03\r\n\r\nabc\r\n\r\n",
	  "WARC record 1: field 'Content-Length': unknown, or its value is not one that is written" },
	{ START DATE "WARC-Block-Digest: sha1:x\r\nContent-Length: 3\r\n\r\nabc\r\n\r\n",
	  "WARC record 1: field 'WARC-Block-Digest': unknown, or its value is not one that is written" },
};

START_TEST(warc_read__what_the_writer_would_not_write_is_refused)
{
	struct axev__source source = axev__source_memory(axev__span_str(refused[_i].bytes));
	char text[1100];
	AXEV__WARC_READER reader;
	struct axev__warc_view view;
	bool found = true;
	int status;

	memset(&err, 0, sizeof(err));
	axev__warc_reader_init(&reader, &source);
	while ((status = axev__warc_next(&reader, &view, &found, &err)) == AXEV_OK && found)
		;
	axev_error_text(&err, text, sizeof(text));
	ck_assert_str_eq(text, refused[_i].message);
	ck_assert_int_eq(status, AXEV_E_FORMAT);
}
END_TEST

#define CHUNKED "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n"

static const struct {
	const char *type, *protocol, *block;
	const char *payload; /* NULL: refused */
	const char *message;
} payloads[] = {
	{ "resource", NULL, "PNG", "PNG", NULL },
	{ "metadata", NULL, "", "", NULL },
	{ "request", NULL, "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc", "abc", NULL },
	{ "response", NULL, "HTTP/1.1 200 OK\r\n\r\nabc", "abc", NULL },
	{ "response", NULL, "HTTP/1.1 204 No Content\r\n\r\n", "", NULL },
	{ "response", "http/1.1", CHUNKED "3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nX: y\r\n\r\n",
	  "abc0123456789", NULL },
	{ "response", "h2", CHUNKED "3\r\nabc", "3\r\nabc", NULL },
	{ "response", "h3", CHUNKED "x", "x", NULL },
	/* Cut short: what there is. */
	{ "response", NULL, CHUNKED "3\r\nab", "ab", NULL },
	{ "response", NULL, CHUNKED "3\r\nabc\r\n4", "abc", NULL },
	{ "response", NULL, CHUNKED "3\r\nabc\r\n?", "abc", NULL },
	{ "response", NULL, CHUNKED "3\r\nabc\r", "abc", NULL },
	{ "response", NULL, CHUNKED "", "", NULL },
	{ "response", NULL, CHUNKED "x\r\nabc", NULL, "expected a chunk size, found something else" },
	{ "response", NULL, CHUNKED "3\rx\nabc", NULL, "expected a chunk size, found something else" },
	{ "response", NULL, CHUNKED "3\r\nabcd\r\n", NULL,
	  "expected the end of a chunk, found more data" },
	{ "response", NULL, CHUNKED "1ffffffffffffffff\r\n", NULL, "chunk size is out of range" },
	{ "response", NULL, "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", NULL,
	  "expected transfer-encoding chunked, found another" },
	{ "response", NULL, "HTTP/1.1 200 OK\r\n", NULL, "expected an HTTP head in the block" },
};

START_TEST(warc_read__payloads_are_without_transfer_coding)
{
	const char *const protocols[] = { payloads[_i].protocol, NULL };
	struct axev__source source = axev__source_memory(axev__span_str(payloads[_i].block));
	struct axev__warc_view view = { .record.type = payloads[_i].type,
		.record.protocols = payloads[_i].protocol ? protocols : NULL,
		.block_bytes = strlen(payloads[_i].block) };
	uint8_t found[32], expected[32];
	char text[1100];

	if (payloads[_i].payload) {
		assert_ok(axev__warc_payload_sha256(&source, &view, found, &err));
		assert_ok(axev__sha256(payloads[_i].payload, strlen(payloads[_i].payload), expected, &err));
		ck_assert_mem_eq(found, expected, 32);
		return;
	}
	memset(&err, 0, sizeof(err));
	ck_assert_int_lt(axev__warc_payload_sha256(&source, &view, found, &err), 0);
	axev_error_text(&err, text, sizeof(text));
	ck_assert_str_eq(text, payloads[_i].message);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("warc_read");
	TCase *tcase = tcase_create("warc_read");

	tcase_add_test(tcase, warc_read__what_was_written_is_read);
	tcase_add_loop_test(tcase, warc_read__what_the_writer_would_not_write_is_refused, 0,
			    (int)AXEV__COUNT(refused));
	tcase_add_loop_test(tcase, warc_read__payloads_are_without_transfer_coding, 0,
			    (int)AXEV__COUNT(payloads));
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
