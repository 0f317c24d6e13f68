/* SPDX-License-Identifier: Apache-2.0 */
#include "wacz_sample.h"

#include "package/wacz_read.h"

#define WARC AXEV__WACZ_WARC
#define INDEX AXEV__WACZ_INDEX
#define PAGES AXEV__WACZ_PAGES
#define PACKAGE AXEV__WACZ_PACKAGE
#define DIGEST AXEV__WACZ_DIGEST

static axev_error err;

/* All three checks; *ret_text is the first failure's, empty when there is none. */
static int check(const struct wacz_change *change, char text[1100])
{
	AXEV__CLOSE int fd = changed_wacz(change);
	AXEV__CONTAINER_READER *wacz = NULL;
	struct axev__source source;
	struct axev__wacz_counts counts = { 0 };
	int status;

	axev_error_clear(&err);
	assert_ok(axev__source_file(fd, &source, &err));
	assert_ok(axev__wacz_open(&source, &wacz, &err));
	assert_ok(axev__container_hash(wacz, NULL, &err));
	status = axev__wacz_check_package(wacz, &err);
	if (status >= 0)
		status = axev__wacz_check_records(wacz, NULL, &counts, &err);
	if (status >= 0)
		status = axev__wacz_check_index(wacz, &err);
	axev_error_text(&err, text, 1100);
	if (status >= 0) {
		ck_assert_uint_eq(counts.records, 4);
		ck_assert_uint_eq(counts.payloads, 3);
		ck_assert_uint_eq(counts.pages, 1);
	}
	return status;
}

START_TEST(wacz_read__what_was_written_is_right)
{
	const struct wacz_change none = { 0 };
	char text[1100];

	ck_assert_msg(check(&none, text) == AXEV_OK, "%s", text);
}
END_TEST

static const struct {
	struct wacz_change change;
	int status;
	const char *message;
} lies[] = {
	{ { WARC, "hello", "jello", false }, AXEV_E_INVALID,
	  "datapackage.json: resources[0]: entry 'archive/data.warc': its SHA-256 is not the one listed" },
	{ { WARC, "hello", "hello!", false }, AXEV_E_INVALID,
	  "datapackage.json: resources[0]: entry 'archive/data.warc': expected 1960 bytes, found 1961" },
	{ { WARC, "\r\nhello\r\n", "\r\njello\r\n", true }, AXEV_E_INVALID,
	  "archive/data.warc: WARC record 1: its block does not have the digest that it states" },
	{ { WARC, "Host: www.example.com", "Host: www.example.net", true }, AXEV_E_INVALID,
	  "archive/data.warc: WARC record 2: its block does not have the digest that it states" },
	{ { WARC, "WARC-Payload-Digest: sha256:2c", "WARC-Payload-Digest: sha256:2d", true }, AXEV_E_INVALID,
	  "archive/data.warc: WARC record 1: its payload does not have the digest that it states" },
	{ { WARC, "WARC-Protocol: h2\r\n", "WARC-Protocol: http/1.1\r\n", true }, AXEV_E_INVALID,
	  "archive/data.warc: WARC record 3: its payload does not have the digest that it states" },
	{ { WARC, "WARC-Target-URI: https://www.example.com/a", "WARC-Target-URI: https://www.example.com/b",
	    true }, AXEV_E_INVALID, "indexes/index.cdx: line 1 is not what the WARC gives" },
	{ { INDEX, "\"status\":200,\"url\":\"https://www.example.com/p\"",
	    "\"status\":404,\"url\":\"https://www.example.com/p\"", true }, AXEV_E_INVALID,
	  "indexes/index.cdx: line 2 is not what the WARC gives" },
	{ { INDEX, "urn:view:https://www.example.com/p 2026", "urn:view:https://www.example.com/q 2026", true },
	  AXEV_E_INVALID, "indexes/index.cdx: line 3 is not what the WARC gives" },
	{ { PAGES, "\"url\":\"https://www.example.com/p\"", "\"url\":\"https://www.example.com/q\"", true },
	  AXEV_E_INVALID,
	  "pages/pages.jsonl: page 1: no record has its URL 'https://www.example.com/q' and time" },
	{ { PAGES, "08:00:00Z", "08:00:01Z", true }, AXEV_E_INVALID,
	  "pages/pages.jsonl: page 1: no record has its URL 'https://www.example.com/p' and time" },
	{ { PAGES, "08:00:00Z", "08:00:00.1Z", true }, AXEV_E_FORMAT,
	  "pages/pages.jsonl: page 1: member 'ts': expected a time in whole seconds with Z" },
	{ { PAGES, "\"title\":\"Sample\"", "\"titel\":\"Sample\"", true }, AXEV_E_FORMAT,
	  "pages/pages.jsonl: page 1: unknown member 'titel'" },
	{ { PAGES, "json-pages-1.0", "json-pages-1.1", true }, AXEV_E_FORMAT,
	  "pages/pages.jsonl: expected the header line first" },
	{ { PAGES, "example.com/p\"}\n", "example.com/p\"}", true }, AXEV_E_FORMAT,
	  "pages/pages.jsonl: expected a line break at the end" },
	{ { PAGES, "All Pages\"}\n{", "All Pages\"}\n{ ", true }, AXEV_E_FORMAT,
	  "pages/pages.jsonl: page 1: expected canonical JSON (RFC 8785)" },
	{ { PACKAGE, "\"title\":\"Sample\"", "\"title\":\"sample\"", false }, AXEV_E_INVALID,
	  "datapackage-digest.json: entry 'datapackage.json': its SHA-256 is not the one listed" },
	{ { PACKAGE, "\"1.1.1\"", "\"1.2.0\"", true }, AXEV_E_FORMAT,
	  "datapackage.json: member 'wacz_version': expected '1.1.1', found '1.2.0'" },
	{ { PACKAGE, "\"created\":\"2026-11-24T08:00:00Z\"", "\"created\":\"2026-11-24T08:00:00.5Z\"", true },
	  AXEV_E_FORMAT, "datapackage.json: member 'created': expected a time in whole seconds with Z" },
	{ { PACKAGE, "\"name\":\"index.cdx\"", "\"name\":\"Index.cdx\"", true }, AXEV_E_FORMAT,
	  "datapackage.json: resources[1]: member 'name': expected 'index.cdx', found 'Index.cdx'" },
	{ { PACKAGE, "\"path\":\"indexes/index.cdx\"", "\"path\":\"archive/data.warc\"", true }, AXEV_E_FORMAT,
	  "datapackage.json: resources[1]: member 'path': expected 'indexes/index.cdx', found "
	  "'archive/data.warc'" },
	{ { DIGEST, "\"path\":\"datapackage.json\"", "\"path\":\"pages/pages.jsonl\"", true }, AXEV_E_FORMAT,
	  "datapackage-digest.json: member 'path': expected 'datapackage.json', found 'pages/pages.jsonl'" },
	{ { DIGEST, "}", ",\"signedData\":{}}", true }, AXEV_E_FORMAT,
	  "datapackage-digest.json: unknown member 'signedData'" },
	{ { DIGEST, "sha256:", "sha512:", true }, AXEV_E_FORMAT,
	  "datapackage-digest.json: member 'hash': expected sha256: and 64 digits" },
};

START_TEST(wacz_read__each_lie_is_found)
{
	char text[1100];
	int status = check(&lies[_i].change, text);

	ck_assert_str_eq(text, lies[_i].message);
	ck_assert_int_eq(status, lies[_i].status);
}
END_TEST

/* Entries left out, in another order, more of them, of other names. */
static const struct {
	const char *names[7];
	const char *message;
} layouts[] = {
	{ { WARC, INDEX, PAGES, PACKAGE }, "expected datapackage-digest.json before the end" },
	{ { WARC, PAGES }, "entry 'pages/pages.jsonl': expected indexes/index.cdx here" },
	{ { "data/1.txt" }, "entry 'data/1.txt': expected archive/data.warc here" },
	{ { WARC, INDEX, PAGES, PACKAGE, DIGEST, "logs/a.log" },
	  "entry 'logs/a.log': expected nothing behind datapackage-digest.json" },
};

START_TEST(wacz_read__a_file_has_five_entries_in_their_order)
{
	AXEV__CLOSE int fd = memfd_create("wacz", MFD_CLOEXEC);
	AXEV__CONTAINER *writer = NULL;
	char text[1100];
	int status = AXEV_OK;
	size_t i;

	assert_ok(axev__wacz_new(fd, &writer, &err));
	axev_error_clear(&err);
	for (i = 0; status >= 0 && layouts[_i].names[i]; i++)
		status = axev__container_add(writer, layouts[_i].names[i], axev__span_str("x"), NULL, &err);
	if (status >= 0)
		status = axev__part_finish(writer, &err);
	axev_error_text(&err, text, sizeof(text));
	ck_assert_str_eq(text, layouts[_i].message);
	ck_assert_int_eq(status, AXEV_E_FORMAT);
}
END_TEST

START_TEST(wacz_read__a_container_is_no_wacz_and_a_wacz_no_container)
{
	AXEV__BUF bytes = AXEV__BUF_INIT(SAMPLE_MAX);
	AXEV__CONTAINER_READER *reader = NULL;
	AXEV__CONTAINER *writer = NULL;
	AXEV__CLOSE int fd = memfd_create("container", MFD_CLOEXEC);
	struct axev__source source;

	sample_wacz(&bytes);
	source = axev__source_memory(axev__buf_view(&bytes));
	assert_fails(axev__container_open(&source, &reader, &err), AXEV_E_FORMAT,
		     "entry 'archive/data.warc': expected a name as data/[a-z0-9._/-] or one of the fixed "
		     "names in their order");
	assert_ok(axev__part_new(fd, &writer, &err));
	assert_ok(axev__container_add(writer, "data/1.txt", axev__span_str("x"), NULL, &err));
	assert_ok(axev__part_finish(writer, &err));
	assert_ok(axev__source_file(fd, &source, &err));
	assert_fails(axev__wacz_open(&source, &reader, &err), AXEV_E_FORMAT,
		     "entry 'data/1.txt': expected archive/data.warc here");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("wacz_read");
	TCase *tcase = tcase_create("wacz_read");

	tcase_add_test(tcase, wacz_read__what_was_written_is_right);
	tcase_add_loop_test(tcase, wacz_read__each_lie_is_found, 0, (int)AXEV__COUNT(lies));
	tcase_add_loop_test(tcase, wacz_read__a_file_has_five_entries_in_their_order, 0,
			    (int)AXEV__COUNT(layouts));
	tcase_add_test(tcase, wacz_read__a_container_is_no_wacz_and_a_wacz_no_container);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
