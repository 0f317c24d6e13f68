/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <sys/mman.h>

#include "base/io.h"
#include "content/cdxj.h"
#include "content/warc_read.h"
#include "package/container_read.h"
#include "package/layout.h"
#include "package/wacz_write.h"

#define ID "00000000-0000-4000-8000-00000000000"
#define TIME_NS INT64_C(1795507200123456789)
#define REQUEST "POST / HTTP/1.1\r\nContent-Type: application/json\r\n\r\n"
#define HEAD "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"

static axev_error err;

static int memory(void)
{
	int fd = memfd_create("wacz", MFD_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	return fd;
}

/* A response in two spans, its request, a screenshot, a list of fields. */
static int sample_warc(const char *url)
{
	static const uint8_t given[32] = { 0xab, 0xcd };
	struct axev__warc_writer writer = { .fd = memory() };
	struct axev__warc_place place;
	struct axev__warc_record records[] = {
		{ .type = "warcinfo", .id = ID "0", .date_ns = TIME_NS,
		  .content_type = "application/warc-fields", .block = axev__span_str("a: b\r\n") },
		{ .type = "response", .id = ID "1", .date_ns = TIME_NS, .target_uri = url,
		  .content_type = "application/http;msgtype=response",
		  .block = axev__span_str(HEAD), .block_rest = axev__source_memory(axev__span_str("hello")),
		  .payload_sha256 = given },
		{ .type = "request", .id = ID "2", .date_ns = TIME_NS, .target_uri = url,
		  .content_type = "application/http;msgtype=request", .concurrent_to = ID "1",
		  .block = axev__span_str(REQUEST), .block_rest = axev__source_memory(axev__span_str("{\"a\":1}")) },
		{ .type = "resource", .id = ID "3", .date_ns = TIME_NS,
		  .target_uri = "urn:view:http://a/", .content_type = "image/png",
		  .block = axev__span_str("PNG"), .payload = axev__span_str("PNG") },
	};
	size_t i;

	for (i = 0; i < AXEV__COUNT(records); i++)
		assert_ok(axev__warc_write(&writer, &records[i], &place, &err));
	return writer.fd;
}

START_TEST(wacz__the_index_has_these_lines)
{
	static const char expected[] =
		"com,example)/?__wb_method=post&a=1 20261124080000 {\"digest\":\"sha256:"
		"abcd000000000000000000000000000000000000000000000000000000000000\","
		"\"filename\":\"data.warc\",\"length\":506,\"method\":\"POST\",\"mime\":\"text/html\","
		"\"offset\":301,\"recordDigest\":\"sha256:"
		"4ec246a9bf8f69f6802ca0f791ca7713bfc5049b2e82f2219e7b504ec8b20361\","
		"\"requestBody\":\"a=1\",\"status\":200,\"url\":\"http://www.example.com/\"}\n"
		"urn:view:http://a/ 20261124080000 {\"digest\":\"sha256:"
		"796120837694d3f3f29259cfeb25091698c2a0aa87873658d840b4993ee889b3\","
		"\"filename\":\"data.warc\",\"length\":415,\"mime\":\"image/png\",\"offset\":1280,"
		"\"recordDigest\":\"sha256:"
		"a87a55f3d5254e28091362f66c4430ffcfa7c47888e6470bb8611967f06980da\","
		"\"url\":\"urn:view:http://a/\"}\n";
	AXEV__CLOSE int fd = sample_warc("http://www.example.com/");
	AXEV__BUF index = AXEV__BUF_INIT(10000);
	struct axev__source source;

	assert_ok(axev__source_file(fd, &source, &err));
	assert_ok(axev__cdxj_from_warc(&source, &index, &err));
	ck_assert_str_eq((char *)index.data, expected);
}
END_TEST

static void write_sample(int out, const char *url, int status, const char *message)
{
	AXEV__CLOSE int warc = sample_warc(url);
	struct axev__wacz_page page = { .id = "1", .url = url, .time_ns = TIME_NS, .title = "T\"",
					.text = "hello" };
	struct axev__wacz_about about = { .title = "C", .created_ns = TIME_NS, .pages = &page,
					  .page_count = 1 };

	if (status < 0)
		assert_fails(axev__wacz_write(out, warc, &about, NULL, &err), status, message);
	else
		assert_ok(axev__wacz_write(out, warc, &about, NULL, &err));
}

START_TEST(wacz__the_file_has_five_stored_entries_and_their_hashes)
{
	AXEV__CLOSE int out = memory();
	AXEV__CONTAINER_READER *wacz = NULL;
	AXEV__BUF text = AXEV__BUF_INIT(10000);
	struct axev__source source;

	write_sample(out, "http://www.example.com/", 0, NULL);
	assert_ok(axev__source_file(out, &source, &err));
	assert_ok(axev__wacz_open(&source, &wacz, &err));
	assert_ok(axev__container_hash(wacz, NULL, &err));
	ck_assert_uint_eq(axev__container_count(wacz), 5);
	assert_ok(axev__container_read(wacz, axev__container_find(wacz, AXEV__WACZ_PAGES), &text, &err));
	ck_assert_str_eq((char *)text.data,
			 "{\"format\":\"json-pages-1.0\",\"id\":\"pages\",\"title\":\"All Pages\"}\n"
			 "{\"id\":\"1\",\"text\":\"hello\",\"title\":\"T\\\"\",\"ts\":"
			 "\"2026-11-24T08:00:00Z\",\"url\":\"http://www.example.com/\"}\n");
	axev__buf_clear(&text);
	assert_ok(axev__container_read(wacz, axev__container_find(wacz, AXEV__WACZ_PACKAGE), &text,
				       &err));
	ck_assert_str_eq((char *)text.data,
			 "{\"created\":\"2026-11-24T08:00:00Z\",\"mainPageDate\":\"2026-11-24T08:00:00Z\","
			 "\"mainPageUrl\":\"http://www.example.com/\",\"profile\":\"data-package\","
			 "\"resources\":[{\"bytes\":1695,\"hash\":\"sha256:"
			 "3ba7443d8edf02401fedf4d9f5ae1e8c85658272ec6e07221971daa456b62bce\","
			 "\"name\":\"data.warc\",\"path\":\"archive/data.warc\"},"
			 "{\"bytes\":677,\"hash\":\"sha256:"
			 "f93a8dcbbff42c4a34bd383080f99f7efda0f0a386f03f6a70bd31a33ef02b3e\","
			 "\"name\":\"index.cdx\",\"path\":\"indexes/index.cdx\"},"
			 "{\"bytes\":161,\"hash\":\"sha256:"
			 "a5985d229eb884d6025fe8054a4f5562b21d2cb3c531436e3a2b0747a7671070\","
			 "\"name\":\"pages.jsonl\",\"path\":\"pages/pages.jsonl\"}],"
			 "\"software\":\"ax_evidence 0.1.0\",\"title\":\"C\",\"wacz_version\":\"1.1.1\"}");
	assert_fails(axev__container_check_lists(wacz, NULL, &err), AXEV_E_STATE, "a part has no lists");
}
END_TEST

START_TEST(wacz__a_target_uri_that_breaks_the_index_is_refused)
{
	AXEV__CLOSE int out = memory();

	write_sample(out, "urn:a b", AXEV_E_FORMAT,
		     "WACZ: index line of the record at 301: expected a target URI without blanks and "
		     "control characters");
}
END_TEST

START_TEST(wacz__a_page_is_needed_and_so_is_its_identifier)
{
	AXEV__CLOSE int out = memory(), warc = sample_warc("http://a/");
	struct axev__wacz_page page = { .url = "http://a/" };
	struct axev__wacz_about about = { .pages = &page };

	assert_fails(axev__wacz_write(out, warc, &about, NULL, &err), AXEV_E_INVAL,
		     "WACZ: expected 1 to 1000 pages, found 0");
	about.page_count = 1;
	assert_fails(axev__wacz_write(out, warc, &about, NULL, &err), AXEV_E_INVAL,
		     "WACZ: page 1: a page needs an identifier and a URL");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("wacz");
	TCase *tcase = tcase_create("wacz");

	tcase_add_test(tcase, wacz__the_index_has_these_lines);
	tcase_add_test(tcase, wacz__the_file_has_five_stored_entries_and_their_hashes);
	tcase_add_test(tcase, wacz__a_target_uri_that_breaks_the_index_is_refused);
	tcase_add_test(tcase, wacz__a_page_is_needed_and_so_is_its_identifier);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
