/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <sys/mman.h>

#include "content/warc_write.h"

#define ID "00000000-0000-4000-8000-000000000001"

START_TEST(warc_write__a_record_has_exactly_these_bytes)
{
	static const char expected[] =
		"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:" ID ">\r\n"
		"WARC-Date: 1970-01-01T00:00:00.000000001Z\r\nWARC-Target-URI: http://a/\r\n"
		"WARC-Protocol: h2\r\nWARC-Protocol: tls/1.3\r\nWARC-Block-Digest: sha256:"
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\r\n"
		"Content-Length: 3\r\n\r\nabc\r\n\r\n";
	const char *protocols[] = { "h2", "tls/1.3", NULL };
	struct axev__warc_record record = { .type = "response", .id = ID, .date_ns = 1,
		.target_uri = "http://a/", .protocols = protocols, .block = axev__span_str("abc") };
	struct axev__warc_writer writer = { .fd = memfd_create("warc", MFD_CLOEXEC) };
	struct axev__warc_place place;
	char found[1000] = "";
	axev_error err;

	assert_ok(axev__warc_write(&writer, &record, &place, &err));
	ck_assert_int_ge(pread(writer.fd, found, sizeof(found) - 1, 0), 1);
	ck_assert_str_eq(found, expected);
	ck_assert_uint_eq(place.length_bytes, strlen(expected));
	assert_ok(axev__warc_write(&writer, &record, &place, &err));
	ck_assert_uint_eq(place.offset_bytes, strlen(expected));
	record.target_uri = "http://a/\r\nWARC-Type: x";
	assert_fails(axev__warc_write(&writer, &record, &place, &err), AXEV_E_INVAL,
		     "expected WARC-Target-URI on one line, found a line break");
	close(writer.fd);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("warc_write");
	TCase *tcase = tcase_create("warc_write");

	tcase_add_test(tcase, warc_write__a_record_has_exactly_these_bytes);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
